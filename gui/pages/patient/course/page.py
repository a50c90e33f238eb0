"""The Course tab: the whole course of a patient on one axis, as plots or as tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QFocusEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QStackedWidget, QWidget

from gui.pages.patient.course.comparison import COMPARED, Comparison
from gui.pages.patient.course.due_card import DueCard
from gui.pages.patient.course.readiness_card import ReadinessCard
from gui.pages.patient.course.review import ReviewPane
from gui.pages.patient.course.side_column import SideColumn
from gui.pages.patient.course.tables import CourseTables
from gui.pages.patient.course.tools import CourseTools
from gui.pages.patient.tab import GAP, MARGINS, Tab
from gui.session.background import Background
from gui.session.open_patient import OpenPatient
from gui.session.preferences import USUAL_ANALYTES, chosen_analytes, remember_analytes
from gui.session.session import Session
from gui.widgets.card import Card
from gui.widgets.layout import label, row
from gui.widgets.one_line import OneLine
from model.course.course import Course, build_course
from model.course.grades import GradeBand, grade_bands
from model.course.other_patients import Alignment
from model.language import _, ngettext
from model.records.patient_records import PatientRecords
from model.store.settings import SYNTHETIC
from model.store.step import Change

if TYPE_CHECKING:
    from gui.plots.course.background_lines import BackgroundLines
    from gui.plots.course.course_plot import CoursePlot
    from gui.plots.course.overlay_plot import OverlayPlot

SIDE_COLUMN_MIN_WIDTH = 880
"""From this width in pixels the side column is always visible; below it, only on demand."""


class CoursePage(Tab):
    """The course of one patient, and next to it what to review, readiness, and what is due.

    The page itself listens to the casebook only for changes of other patients it compares with.
    """

    listens_to = frozenset(
        (
            *("patient", "identity", "cycle", "administration", "lab_result", "toxicity"),
            *("laboratory_limit", "end_of_treatment"),
            *("dismissal", "assessment", "follow_up", "therapy", "setting"),
        )
    )

    def __init__(
        self,
        session: Session,
        patient: OpenPatient,
        background: Background,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(session, parent)
        self.patient = patient
        self._course: Course | None = None
        self._others_changed = False
        self._analytes = chosen_analytes(session.casebook.path)
        self._comparison = Comparison(session, background, self)
        self.plot: CoursePlot | None = None
        self.overlay: OverlayPlot | None = None
        self.card = Card(_("Course"))
        self.tools = CourseTools(self.card, session.casebook.path, session.today)
        self.tools.offer_pictures(self, self._current_plot, self._picture_names)
        self.note = OneLine()
        self.empty = label(kind="empty", wrap=True)
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.tables = CourseTables()
        self._stack = QStackedWidget()
        self._stack.addWidget(self.empty)
        self._stack.addWidget(self.tables)
        self.card.add(self._stack, 1)
        self.card.add(self.note)
        self.review = ReviewPane(session, patient, self)
        self.readiness = ReadinessCard(session)
        self.due = DueCard(session.today)
        self.side_column = SideColumn(self.review, self.readiness, self.due)
        row((self.card, 1), self.side_column, spacing=GAP, margins=MARGINS, of=self)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._connect_signals()
        self._offer_review()
        self._show_course()

    def show_patient(self, records: PatientRecords | None) -> None:
        """Show the course of a patient, or none."""
        if records is None or self.records is None or records.id != self.records.id:
            self.tools.dismissed.setChecked(False)
        super().show_patient(records)
        self._course = build_course(records) if records else None
        self.readiness.show_patient(records)
        self.due.show_patient(records)
        self._show_course()

    def showEvent(self, event: QShowEvent) -> None:
        """Update the comparison if other patients have changed while the tab was hidden."""
        super().showEvent(event)
        if self._others_changed:
            self._compare_again()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Show the side column where there is room for it, or if it was opened."""
        super().resizeEvent(event)
        self._place_side_column()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Pass the keyboard to the course, because a stray letter on a card would be a decision."""
        super().focusInEvent(event)
        self._enter_course()

    def start_review(self) -> None:
        """Move the keyboard to the first proposal, or to the course if there is none."""
        if self.patient.proposals:
            self.tools.side_button.setChecked(True)
        if not self.review.focus_first():
            self._enter_course()

    def _connect_signals(self) -> None:
        tools = self.tools
        self.review.finished.connect(self._enter_course)
        self.patient.reviewed.connect(self._offer_review)
        self.session.changed.connect(self._on_change)
        self._comparison.curves_ready.connect(self._show_background)
        tools.dismissed.toggled.connect(self._show_dismissed)
        tools.side_button.toggled.connect(self._place_side_column)
        tools.table.toggled.connect(self._show_course)
        tools.aligned.toggled.connect(self._show_course)
        tools.analytes.chosen_changed.connect(self._choose)
        tools.view.axes_changed.connect(self._show_axes)
        tools.view.comparison_changed.connect(self._compare)

    def _enter_course(self) -> None:
        """Move the keyboard into the plot or the tables."""
        current = self._stack.currentWidget()
        if current is not None and current is not self.empty:
            current.setFocus(Qt.FocusReason.OtherFocusReason)

    def _place_side_column(self) -> None:
        """Show the side column, or its button where there is no room for both."""
        is_narrow = self.width() < SIDE_COLUMN_MIN_WIDTH
        is_open = not is_narrow or self.tools.side_button.isChecked()
        if not is_open:
            self.side_column.hide()
        self.tools.side_button.setVisible(is_narrow)
        self.tools.make_room(is_narrow and is_open)
        if is_open:
            # Otherwise the buttons that were just hidden would still widen the window.
            self.tools.update_layout()
            self.side_column.show()

    def _show_dismissed(self, is_on: bool) -> None:
        if is_on:
            self.tools.side_button.setChecked(True)
        self.review.show_dismissed(is_on)

    def _offer_review(self) -> None:
        """Show how much there is to review; offer the dismissed proposals if the pane is hidden."""
        pending, dismissed = len(self.patient.proposals), len(self.patient.dismissed)
        to_review = _("To r&eview {n}").format(n=pending)
        self.tools.side_button.setText(to_review if pending else _("N&ext"))
        self.tools.dismissed.setText(
            ngettext("{n} dismissed", "{n} dismissed", dismissed).format(n=dismissed)
        )
        self.tools.dismissed.setVisible(bool(dismissed) and not pending)

    # The course

    def _on_change(self, change: Change) -> None:
        is_own = change.concerns(self.records.id if self.records else None)
        if not is_own and change.tables & COMPARED:
            self._compare_again()

    def _show_course(self) -> None:
        course = self._course
        has_course = course is not None and course.span is not None
        self.tools.show(has_course, self.tools.aligned.isChecked(), self.tools.table.isChecked())
        self.note.setVisible(False)
        if course is None or course.span is None:
            self.empty.setText(self._missing_text(course))
            self._stack.setCurrentWidget(self.empty)
            self._comparison.stop()
            return
        self._offer_analytes(course)
        self._show_note(course)
        if self.tools.table.isChecked():
            self.tables.show_course(course, self._analytes)
            self._stack.setCurrentWidget(self.tables)
            self._comparison.stop()
            return
        if self.tools.aligned.isChecked():
            overlay = self._overlay_plot()
            self._show_axes()
            overlay.show_course(course, self._analytes, self._bands(course))
        else:
            plot = self._course_plot()
            self._show_axes()
            plot.show_course(course, self._analytes, self._bands(course))
            self.tools.range.offer(course, plot.shown_days)
        self._stack.setCurrentWidget(self._current_plot() or self.empty)
        self._compare()

    def _show_axes(self) -> None:
        view = self.tools.view
        if self.plot is not None:
            self.plot.set_axes(is_log=view.log.isChecked(), is_broken=view.broken.isChecked())
        if self.overlay is not None:
            self.overlay.set_log(view.log.isChecked())

    def _compare(self) -> None:
        aligned = Alignment.EACH_CYCLE if self.tools.aligned.isChecked() else Alignment.FIRST_CYCLE
        if self._course is not None:
            self._comparison.show(self._course, self._analytes, self.tools.view.compared, aligned)

    def _compare_again(self) -> None:
        """Compute the other patients' curves again, now or when the tab becomes visible."""
        self._others_changed = not self.isVisible()
        if self.isVisible():
            self._comparison.refresh()

    def _show_background(self, lines: dict[str, BackgroundLines]) -> None:
        if (plot := self._current_plot()) is not None:
            plot.show_background(lines)

    def _current_plot(self) -> CoursePlot | OverlayPlot | None:
        """Return the plot of the chosen view, if it exists."""
        return self.overlay if self.tools.aligned.isChecked() else self.plot

    def _bands(self, course: Course) -> dict[str, tuple[GradeBand, ...]]:
        """Return the grade bands of each chosen analyte, in the CTCAE version of the patient."""
        return {key: grade_bands(course.trend(key), course.version) for key in self._analytes}

    def _course_plot(self) -> CoursePlot:
        if self.plot is None:
            # pyqtgraph takes most of a second to import: wait until there is something to draw.
            from gui.plots.course.course_plot import CoursePlot

            self.plot = CoursePlot()
            self._stack.addWidget(self.plot)
            self.tools.range.treatment_chosen.connect(self.plot.show_first)
            self.tools.range.all_chosen.connect(self.plot.show_all)
            self.tools.range.days_chosen.connect(self.plot.show_days)
        return self.plot

    def _overlay_plot(self) -> OverlayPlot:
        if self.overlay is None:
            from gui.plots.course.overlay_plot import OverlayPlot

            self.overlay = OverlayPlot()
            self._stack.addWidget(self.overlay)
        return self.overlay

    def _missing_text(self, course: Course | None) -> str:
        if course is None:
            return _("Choose a patient to see the course.")
        text = _(
            "Nothing with a date has been recorded yet.\n"
            "Add a cycle or laboratory results to see the course here."
        )
        undated = [*course.undated_therapies, *course.undated_toxicities]
        if not undated:
            return text
        names = _("Recorded without dates: {names}.").format(names=", ".join(undated))
        return f"{text}\n\n{names}"

    def _show_note(self, course: Course) -> None:
        """Show what is unknown in the course, or hide the note."""
        unknowns = " ".join(course.unknowns(self.session.today(), self._analytes))
        self.note.show_text(unknowns)
        self.note.setVisible(bool(unknowns))

    def _offer_analytes(self, course: Course) -> None:
        keys = {*USUAL_ANALYTES, *self._analytes, *course.trends}
        self.tools.offer_analytes(keys, self._analytes, course.trends.keys())

    def _choose(self, keys: tuple[str, ...]) -> None:
        self._analytes = keys
        remember_analytes(self.session.casebook.path, keys)
        self._show_course()

    def _picture_names(self) -> tuple[str, ...]:
        """Return the words that name a picture: the patient's code, and `synthetic` in the demo."""
        if self.records is None:
            return ()
        is_synthetic = self.records.settings.get(SYNTHETIC) == "yes"
        return (self.records.patient.code, *(("synthetic",) if is_synthetic else ()))

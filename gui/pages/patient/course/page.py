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
from model.course.behind import Aligned
from model.course.course import Course, course
from model.course.grades import GradeBand, grade_bands
from model.language import _, ngettext
from model.records.patient_records import PatientRecords
from model.store.settings import SYNTHETIC
from model.store.step import Change

if TYPE_CHECKING:
    from gui.plots.course.behind import Behind
    from gui.plots.course.course_plot import CoursePlot
    from gui.plots.course.overlay_plot import OverlayPlot

BESIDE = 880
"""Pixels of width from which the column next to the plot is always visible, not only on demand."""


class CoursePage(Tab):
    """Draws the course of one patient; next to it is what to review, readiness, and what is due.

    It listens to the casebook itself only for changes of the other patients it compares with.
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
        self._chosen = chosen_analytes(session.casebook.path)
        self._comparison = Comparison(session, background, self)
        self.plot: CoursePlot | None = None
        self.overlay: OverlayPlot | None = None
        self.card = Card(_("Course"))
        self.tools = CourseTools(self.card, session.casebook.path, session.today)
        self.tools.offer_pictures(self, self._drawn, self._picture_names)
        self.note = OneLine()
        self.nothing = label(kind="empty", wrap=True)
        self.nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.tables = CourseTables()
        self._stack = QStackedWidget()
        self._stack.addWidget(self.nothing)
        self._stack.addWidget(self.tables)
        self.card.add(self._stack, 1)
        self.card.add(self.note)
        self.review = ReviewPane(session, patient, self)
        self.readiness = ReadinessCard(session)
        self.due = DueCard(session.today)
        self.side_column = SideColumn(self.review, self.readiness, self.due)
        row((self.card, 1), self.side_column, spacing=GAP, margins=MARGINS, of=self)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._listen()
        self._offer_review()
        self._show_course()

    def show_patient(self, records: PatientRecords | None) -> None:
        """Show the course of a patient, or none."""
        if records is None or self.records is None or records.id != self.records.id:
            self.tools.dismissed.setChecked(False)
        super().show_patient(records)
        self._course = course(records) if records else None
        self.readiness.show_patient(records)
        self.due.show_patient(records)
        self._show_course()

    def showEvent(self, event: QShowEvent) -> None:
        """Compare again if other patients have changed while the tab was hidden."""
        super().showEvent(event)
        if self._others_changed:
            self._compare_again()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Keep the side column only where there is room, or where it was opened."""
        super().resizeEvent(event)
        self._place_side_column()

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Pass the keyboard to the course: on a card, a stray letter would be a decision."""
        super().focusInEvent(event)
        self._enter_course()

    def start_review(self) -> None:
        """Bring the keyboard to the first proposal, or to the course when there is none."""
        if self.patient.proposals:
            self.tools.side_button.setChecked(True)
        if not self.review.start():
            self._enter_course()

    def _listen(self) -> None:
        tools = self.tools
        self.review.finished.connect(self._enter_course)
        self.patient.reviewed.connect(self._offer_review)
        self.session.changed.connect(self._follow_others)
        self._comparison.found.connect(self._show_behind)
        tools.dismissed.toggled.connect(self._show_dismissed)
        tools.side_button.toggled.connect(self._place_side_column)
        tools.table.toggled.connect(self._show_course)
        tools.aligned.toggled.connect(self._show_course)
        tools.analytes.chosen_changed.connect(self._choose)
        tools.view.axes_changed.connect(self._show_axes)
        tools.view.comparison_changed.connect(self._compare)

    def _enter_course(self) -> None:
        """Bring the keyboard into the picture or the tables."""
        shown = self._stack.currentWidget()
        if shown is not None and shown is not self.nothing:
            shown.setFocus(Qt.FocusReason.OtherFocusReason)

    def _place_side_column(self) -> None:
        """Show the side column, or its button where there is no room for both."""
        is_narrow = self.width() < BESIDE
        is_open = not is_narrow or self.tools.side_button.isChecked()
        if not is_open:
            self.side_column.hide()
        self.tools.side_button.setVisible(is_narrow)
        self.tools.make_room(is_narrow and is_open)
        if is_open:
            # The buttons that were just hidden must not push the window wider.
            self.tools.measure()
            self.side_column.show()

    def _show_dismissed(self, wanted: bool) -> None:
        if wanted:
            self.tools.side_button.setChecked(True)
        self.review.show_dismissed(wanted)

    def _offer_review(self) -> None:
        """Show how much there is to review; offer what was dismissed where no list shows it."""
        waiting, dismissed = len(self.patient.proposals), len(self.patient.dismissed)
        to_review = _("To r&eview {n}").format(n=waiting)
        self.tools.side_button.setText(to_review if waiting else _("N&ext"))
        self.tools.dismissed.setText(
            ngettext("{n} dismissed", "{n} dismissed", dismissed).format(n=dismissed)
        )
        self.tools.dismissed.setVisible(bool(dismissed) and not waiting)

    # The course

    def _follow_others(self, change: Change) -> None:
        is_own = change.concerns(self.records.id if self.records else None)
        if not is_own and change.tables & COMPARED:
            self._compare_again()

    def _show_course(self) -> None:
        course = self._course
        drawn = course is not None and course.span is not None
        self.tools.show(drawn, self.tools.aligned.isChecked(), self.tools.table.isChecked())
        self.note.setVisible(False)
        if course is None or course.span is None:
            self.nothing.setText(self._missing_text(course))
            self._stack.setCurrentWidget(self.nothing)
            self._comparison.stop()
            return
        self._offer_analytes(course)
        self._show_note(course)
        if self.tools.table.isChecked():
            self.tables.show_course(course, self._chosen)
            self._stack.setCurrentWidget(self.tables)
            self._comparison.stop()
            return
        if self.tools.aligned.isChecked():
            overlay = self._overlay_plot()
            self._show_axes()
            overlay.show_course(course, self._chosen, self._bands(course))
        else:
            plot = self._course_plot()
            self._show_axes()
            plot.show_course(course, self._chosen, self._bands(course))
            self.tools.range.offer(course, plot.shown_days)
        self._stack.setCurrentWidget(self._drawn() or self.nothing)
        self._compare()

    def _show_axes(self) -> None:
        view = self.tools.view
        if self.plot is not None:
            self.plot.set_axes(is_log=view.log.isChecked(), is_broken=view.broken.isChecked())
        if self.overlay is not None:
            self.overlay.set_log(view.log.isChecked())

    def _compare(self) -> None:
        aligned = Aligned.EACH_CYCLE if self.tools.aligned.isChecked() else Aligned.FIRST_CYCLE
        if self._course is not None:
            self._comparison.show(self._course, self._chosen, self.tools.view.compared, aligned)

    def _compare_again(self) -> None:
        """Fetch the other patients' lines again, now or when the tab becomes visible."""
        self._others_changed = not self.isVisible()
        if self.isVisible():
            self._comparison.ask_again()

    def _show_behind(self, behind: dict[str, Behind]) -> None:
        if (plot := self._drawn()) is not None:
            plot.show_behind(behind)

    def _drawn(self) -> CoursePlot | OverlayPlot | None:
        """Return the chosen plot, if it exists."""
        return self.overlay if self.tools.aligned.isChecked() else self.plot

    def _bands(self, course: Course) -> dict[str, tuple[GradeBand, ...]]:
        """Return the bands of each chosen analyte, in the version the patient is graded in."""
        return {key: grade_bands(course.trend(key), course.version) for key in self._chosen}

    def _course_plot(self) -> CoursePlot:
        if self.plot is None:
            # pyqtgraph takes most of a second to import: not before there is something to draw.
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
        """Show what is unknown."""
        unknowns = " ".join(course.unknowns(self.session.today(), self._chosen))
        self.note.show_text(unknowns)
        self.note.setVisible(bool(unknowns))

    def _offer_analytes(self, course: Course) -> None:
        keys = {*USUAL_ANALYTES, *self._chosen, *course.trends}
        self.tools.offer_analytes(keys, self._chosen, course.trends.keys())

    def _choose(self, keys: tuple[str, ...]) -> None:
        self._chosen = keys
        remember_analytes(self.session.casebook.path, keys)
        self._show_course()

    def _picture_names(self) -> tuple[str, ...]:
        """Return the patient's code, and whether the data are invented, to name a picture."""
        if self.records is None:
            return ()
        is_synthetic = self.records.settings.get(SYNTHETIC) == "yes"
        return (self.records.patient.code, *(("synthetic",) if is_synthetic else ()))

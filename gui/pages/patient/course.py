"""The Course tab: the whole course of a patient on one axis, as a picture or as tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QFocusEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import QBoxLayout, QLabel, QMenu, QStackedWidget, QWidget

from gui import theme
from gui.card import Card, button
from gui.pages.patient.analytes_menu import AnalytesButton
from gui.pages.patient.chosen_analytes import DEFAULT, chosen_for, remember
from gui.pages.patient.course_tables import CourseTables
from gui.pages.patient.review import ReviewPane
from gui.review import Review
from gui.session import Session
from gui.words import count_text
from model import labs, proposals
from model.course import Course, of_patient
from model.grade_bands import GradeBand, grade_bands
from model.step import Change

if TYPE_CHECKING:
    from gui.plots.course_plot import CoursePlot

BESIDE = 880
"""Pixels from which on there is room for a column beside the plot."""


class CoursePage(QWidget):
    """Draws the course of one patient, with what is to be reviewed beside it or over it.

    It is drawn anew when the patient's records change. Nothing is asked for while the tab is out
    of sight; it catches up when it is shown.
    """

    def __init__(self, session: Session, review: Review, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._session = session
        self._review = review
        self._patient_id: int | None = None
        self._course: Course | None = None
        self._version = ""
        self._is_due = False
        self._chosen = chosen_for(session.casebook.path)
        self.plot: CoursePlot | None = None
        self.card = Card(self.tr("Course"))
        self.analytes_button = AnalytesButton()
        self.range_button = button(self.tr("&Range"), "quiet")
        self.table_button = button(self.tr("Ta&ble"), "quiet")
        self.table_button.setCheckable(True)
        self.table_button.setToolTip(self.tr("The same as tables"))
        self.dismissed_button = button("", "quiet")
        self.dismissed_button.setCheckable(True)
        self.dismissed_button.setToolTip(self.tr("Proposed grades that were dismissed"))
        for made in (
            self.dismissed_button,
            self.analytes_button,
            self.range_button,
            self.table_button,
        ):
            self.card.add_action(made)
        self.note = QLabel()
        self.note.setWordWrap(True)
        theme.set_kind(self.note, "hint")
        self.nothing = QLabel()
        self.nothing.setWordWrap(True)
        self.nothing.setAlignment(Qt.AlignmentFlag.AlignCenter)
        theme.set_kind(self.nothing, "empty")
        self.tables = CourseTables()
        self._stack = QStackedWidget()
        self._stack.addWidget(self.nothing)
        self._stack.addWidget(self.tables)
        self.card.add(self._stack, 1)
        self.card.add(self.note)
        self.review = ReviewPane(session, review, self)
        self._layout = QBoxLayout(QBoxLayout.Direction.LeftToRight, self)
        self._layout.setContentsMargins(14, 14, 14, 14)
        self._layout.setSpacing(12)
        self._layout.addWidget(self.card, 1)
        self._layout.addWidget(self.review)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._offer_ranges()
        self.review.asked_to_leave.connect(self._enter_course)
        self.dismissed_button.toggled.connect(self.review.show_dismissed)
        review.changed.connect(self._offer_dismissed)
        self._offer_dismissed()
        self.analytes_button.chosen_changed.connect(self._choose)
        self.table_button.toggled.connect(self._show_course)
        session.changed.connect(self._changed)
        self._show_course()

    def show_patient(self, patient_id: int | None) -> None:
        """Show the course of a patient, or none, at once or when the tab comes into sight."""
        if patient_id != self._patient_id:
            self.dismissed_button.setChecked(False)
            self.review.close_row()
        self._patient_id = patient_id
        self._refresh()

    def showEvent(self, event: QShowEvent) -> None:
        """Draw what has changed while the tab was out of sight."""
        super().showEvent(event)
        if self._is_due:
            self._ask()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Put what is to be reviewed beside the course, or over it where it is narrow."""
        super().resizeEvent(event)
        narrow = event.size().width() < BESIDE
        direction = QBoxLayout.Direction
        wanted = direction.BottomToTop if narrow else direction.LeftToRight
        if self._layout.direction() != wanted:
            self._layout.setDirection(wanted)
            self.review.lay_out(narrow=narrow)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Hand the keyboard on to the course: on a card, a stray letter would be a decision."""
        super().focusInEvent(event)
        self._enter_course()

    def start_review(self) -> None:
        """Bring the keyboard to the first proposal, or to the course when there is none."""
        if not self.review.start():
            self._enter_course()

    def _enter_course(self) -> None:
        """Bring the keyboard into the picture or the tables."""
        shown = self._stack.currentWidget()
        if shown is not None and shown is not self.nothing:
            shown.setFocus(Qt.FocusReason.OtherFocusReason)

    def _offer_dismissed(self) -> None:
        """Offer what was dismissed where no list of proposals shows it."""
        count = len(self._review.dismissed)
        self.dismissed_button.setText(count_text(count, "dismissed", "dismissed"))
        self.dismissed_button.setVisible(bool(count) and not self._review.proposals)

    def _changed(self, change: Change) -> None:
        # An import names no patients: it may concern all.
        if not change.patients or self._patient_id in change.patients:
            self._refresh()

    def _refresh(self) -> None:
        self._is_due = True
        if self.isVisible():
            self._ask()

    def _ask(self) -> None:
        self._is_due = False
        if self._patient_id is None:
            self._course = None
        else:
            self._course = of_patient(self._session.casebook, self._patient_id)
            self._version = proposals.version_of(self._session.casebook, self._patient_id)
        self._show_course()

    def _show_course(self) -> None:
        course = self._course
        drawn = course is not None and course.span is not None
        for made in (self.analytes_button, self.range_button, self.table_button):
            made.setVisible(drawn)
        self.note.setVisible(False)
        if course is None or course.span is None:
            self.nothing.setText(self._what_is_missing(course))
            self._stack.setCurrentWidget(self.nothing)
            return
        self._offer_analytes(course)
        self._show_note(course)
        if self.table_button.isChecked():
            self.tables.show_course(course, self._chosen)
            self._stack.setCurrentWidget(self.tables)
            return
        plot = self._made_plot()
        plot.show_course(course, self._chosen, self._bands(course))
        self._stack.setCurrentWidget(plot)

    def _bands(self, course: Course) -> dict[str, tuple[GradeBand, ...]]:
        """The bands of each chosen analyte, in the version that the patient is graded in."""
        first = course.cycles[0].on if course.cycles else None
        return {key: grade_bands(course.trend(key), self._version, first) for key in self._chosen}

    def _made_plot(self) -> CoursePlot:
        if self.plot is None:
            # pyqtgraph takes most of a second to import: not before there is something to draw.
            from gui.plots.course_plot import CoursePlot

            self.plot = CoursePlot()
            self._stack.addWidget(self.plot)
        return self.plot

    def _what_is_missing(self, course: Course | None) -> str:
        if course is None:
            return self.tr("Choose a patient to see the course.")
        said = self.tr(
            "Nothing with a date is recorded yet.\n"
            "Add a cycle or laboratory results: the course then draws itself here."
        )
        undated = [*course.undated_therapies, *course.undated_toxicities]
        if undated:
            said += "\n\n" + self.tr("Recorded without dates: %s.") % ", ".join(undated)
        return said

    def _show_note(self, course: Course) -> None:
        """Say what the plots cannot draw."""
        parts = []
        for key in self._chosen:
            trend = course.trend(key)
            if trend.not_drawn:
                results = count_text(trend.not_drawn, "result", "results")
                are = "is" if trend.not_drawn == 1 else "are"
                parts.append(f"{trend.name}: {results} in an unknown unit {are} not drawn.")
            if trend.assumed:
                parts.append(f"{trend.name}: limits assumed, as none are recorded.")
        self.note.setText(" ".join(parts))
        self.note.setVisible(bool(parts))

    def _offer_analytes(self, course: Course) -> None:
        others = sorted({*self._chosen, *course.trends} - {*DEFAULT}, key=labs.label)
        keys = (*DEFAULT, *others)
        self.analytes_button.offer({key: labs.label(key) for key in keys}, self._chosen)

    def _choose(self, keys: tuple[str, ...]) -> None:
        self._chosen = keys
        remember(self._session.casebook.path, keys)
        course = self._course
        if course is None:
            return
        self._show_note(course)
        if self.table_button.isChecked():
            self.tables.show_course(course, keys)
        elif self.plot is not None:
            self.plot.show_course(course, keys, self._bands(course))

    def _offer_ranges(self) -> None:
        menu = QMenu(self.range_button)
        menu.addAction(self.tr("Since the first cycle"), self._show_home)
        menu.addAction(self.tr("All that is recorded"), self._show_all)
        self.range_button.setMenu(menu)

    def _show_home(self) -> None:
        if self.plot is not None:
            self.plot.show_home()

    def _show_all(self) -> None:
        if self.plot is not None:
            self.plot.show_all()

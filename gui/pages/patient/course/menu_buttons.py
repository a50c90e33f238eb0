"""The menu buttons above the course, which choose the days to show and how to draw them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtGui import QAction, QActionGroup
from PySide6.QtWidgets import QMenu, QPushButton, QWidget

from gui.forms.date_range import DateRangeForm
from gui.session.preferences import CourseOption, is_on, turn
from gui.style import theme
from model.course.course import Course
from model.language import _

_RECENT = ((_("Last 90 days"), 90), (_("Last 6 months"), 183), (_("Last year"), 365))


class RangeButton(QPushButton):
    """A menu of ranges of days: the usual ones, one from each cycle, and any two dates."""

    treatment_chosen = Signal()
    all_chosen = Signal()
    days_chosen = Signal(float, float)
    """Emits the first and the last day as ordinals (`date.toordinal`)."""

    def __init__(self, today: Callable[[], date], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setText(_("&Range"))
        self.setToolTip(_("Choose which days are shown"))
        self.setAutoDefault(False)
        theme.set_kind(self, "quiet")
        self._today = today
        self._course: Course | None = None
        self._shown_days: Callable[[], tuple[float, float]] | None = None
        self.setMenu(QMenu(self))
        self.menu().aboutToShow.connect(self._fill)

    def offer(self, course: Course, shown_days: Callable[[], tuple[float, float]]) -> None:
        """Offer the ranges of a course; `shown_days` returns the first and last day now visible."""
        self._course, self._shown_days = course, shown_days
        self._fill()

    def ask(self) -> None:
        """Ask for two dates and show the days between them."""
        if self._course is None or self._shown_days is None:
            return
        first, last = (date.fromordinal(int(day)) for day in self._shown_days())
        cycles = [cycle.on for cycle in self._course.cycles]
        chosen = DateRangeForm.ask(self, first, last, self._today(), cycles)
        if chosen is not None:
            self._choose_days(*chosen)

    def _fill(self) -> None:
        menu = self.menu()
        menu.clear()
        course = self._course
        if course is None or course.span is None:
            return
        if course.cycles:
            menu.addAction(_("Treatment"), self.treatment_chosen.emit)
        menu.addAction(_("Everything recorded"), self.all_chosen.emit)
        menu.addSeparator()
        # Ranges end at the last record, which may be long before today.
        last = max(min(self._today(), course.span.whole_last), course.span.whole_first)
        for name, days in _RECENT:
            self._add_range(menu, name, last - timedelta(days=days), last)
        menu.addSeparator()
        for cycle in course.cycles:
            first = cycle.on - timedelta(days=7)
            name = _("From C{number}").format(number=cycle.number)
            self._add_range(menu, name, first, course.span.whole_last)
        menu.addSeparator()
        menu.addAction(_("From … to …"), self.ask)

    def _add_range(self, menu: QMenu, name: str, first: date, last: date) -> None:
        menu.addAction(name).triggered.connect(lambda: self._choose_days(first, last))

    def _choose_days(self, first: date, last: date) -> None:
        self.days_chosen.emit(first.toordinal(), last.toordinal())


NOTHING = ""
PATIENTS = "patients"
"""Choices of what to compare with; any other is the key of an analyte."""


class ViewButton(QPushButton):
    """A menu of axis options, remembered for each casebook, and of what to compare with."""

    axes_changed = Signal()
    comparison_changed = Signal()

    def __init__(self, casebook: Path, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setText(_("&View"))
        self.setToolTip(_("Choose how values and days are drawn, and what they are compared with"))
        self.setAutoDefault(False)
        theme.set_kind(self, "quiet")
        self._casebook = casebook
        self.compared = NOTHING
        menu = QMenu(self)
        self.log = self._add_toggle(menu, _("&Logarithmic values"), CourseOption.LOG)
        self.broken = self._add_toggle(
            menu, _("Leave out &pauses of more than 180 days"), CourseOption.BROKEN
        )
        menu.addSeparator()
        self.compare = menu.addMenu(_("&Compare"))
        self.setMenu(menu)
        self._choices = QActionGroup(self)
        self.offer({})

    def offer(self, names: Mapping[str, str]) -> None:
        """Offer analytes to compare with, by key; keep the current choice if it is among them."""
        if self.compared not in (NOTHING, PATIENTS, *names):
            self.compared = NOTHING
        self.compare.clear()
        self._choices.deleteLater()
        self._choices = QActionGroup(self)
        self._add_choice(_("With &nothing"), NOTHING)
        self._add_choice(_("With the &other patients"), PATIENTS)
        if names:
            self.compare.addSeparator()
        for key, name in names.items():
            self._add_choice(_("With {analyte}").format(analyte=name.replace("&", "&&")), key)

    def _add_choice(self, text: str, choice: str) -> None:
        action = self.compare.addAction(text)
        action.setCheckable(True)
        action.setChecked(choice == self.compared)
        action.setData(choice)
        self._choices.addAction(action)

        def compare() -> None:
            self.compared = choice
            self.comparison_changed.emit()

        action.triggered.connect(compare)

    def _add_toggle(self, menu: QMenu, text: str, option: CourseOption) -> QAction:
        action = menu.addAction(text)
        action.setCheckable(True)
        action.setChecked(is_on(self._casebook, option))
        action.toggled.connect(lambda on: turn(self._casebook, option, on))
        action.toggled.connect(self.axes_changed)
        return action

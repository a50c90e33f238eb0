"""The buttons over the course whose menus choose the days shown, and how they are drawn."""

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

_PAST = ((_("Last 90 days"), 90), (_("Last 6 months"), 183), (_("Last year"), 365))


class RangeButton(QPushButton):
    """Offers the usual ranges, one from each cycle, and any two dates."""

    treatment_chosen = Signal()
    all_chosen = Signal()
    days_chosen = Signal(float, float)
    """First and last day, as `date.toordinal` counts them."""

    def __init__(self, today: Callable[[], date], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setText(_("&Range"))
        self.setToolTip(_("Choose which days are shown"))
        self.setAutoDefault(False)
        theme.set_kind(self, "quiet")
        self._today = today
        self._course: Course | None = None
        self._shown: Callable[[], tuple[float, float]] | None = None
        self.setMenu(QMenu(self))
        self.menu().aboutToShow.connect(self._fill)

    def offer(self, course: Course, shown: Callable[[], tuple[float, float]]) -> None:
        """Offer the ranges of a course; `shown` returns the days shown now."""
        self._course, self._shown = course, shown
        self._fill()

    def ask(self) -> None:
        """Ask for two dates and show the days between them."""
        if self._course is None or self._shown is None:
            return
        first, last = (date.fromordinal(int(day)) for day in self._shown())
        cycles = [cycle.on for cycle in self._course.cycles]
        chosen = DateRangeForm.ask(self, first, last, self._today(), cycles)
        if chosen is not None:
            self._show(*chosen)

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
        # For a patient not seen for long: the last days with records.
        last = max(min(self._today(), course.span.whole_last), course.span.whole_first)
        for name, days in _PAST:
            self._add(menu, name, last - timedelta(days=days), last)
        menu.addSeparator()
        for cycle in course.cycles:
            since = cycle.on - timedelta(days=7)
            name = _("From C{number}").format(number=cycle.number)
            self._add(menu, name, since, course.span.whole_last)
        menu.addSeparator()
        menu.addAction(_("From … to …"), self.ask)

    def _add(self, menu: QMenu, name: str, first: date, last: date) -> None:
        menu.addAction(name).triggered.connect(lambda: self._show(first, last))

    def _show(self, first: date, last: date) -> None:
        self.days_chosen.emit(first.toordinal(), last.toordinal())


NOTHING = ""
PATIENTS = "patients"
"""What to compare with, where it is not an analyte's key."""


class ViewButton(QPushButton):
    """Options of the axes, remembered for each casebook, and one thing to compare with."""

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
        self.log = self._toggle(menu, _("&Logarithmic values"), CourseOption.LOG)
        self.broken = self._toggle(
            menu, _("Leave out &pauses of more than 180 days"), CourseOption.BROKEN
        )
        menu.addSeparator()
        self.compare = menu.addMenu(_("&Compare"))
        self.setMenu(menu)
        self._choices = QActionGroup(self)
        self.offer({})

    def offer(self, names: Mapping[str, str]) -> None:
        """Offer analytes to compare with, by key; the choice stays if it is still offered."""
        if self.compared not in (NOTHING, PATIENTS, *names):
            self.compared = NOTHING
        self.compare.clear()
        self._choices.deleteLater()
        self._choices = QActionGroup(self)
        self._choose(_("With &nothing"), NOTHING)
        self._choose(_("With the &other patients"), PATIENTS)
        if names:
            self.compare.addSeparator()
        for key, name in names.items():
            self._choose(_("With {analyte}").format(analyte=name.replace("&", "&&")), key)

    def _choose(self, text: str, choice: str) -> None:
        action = self.compare.addAction(text)
        action.setCheckable(True)
        action.setChecked(choice == self.compared)
        action.setData(choice)
        self._choices.addAction(action)

        def compare() -> None:
            self.compared = choice
            self.comparison_changed.emit()

        action.triggered.connect(compare)

    def _toggle(self, menu: QMenu, text: str, option: CourseOption) -> QAction:
        action = menu.addAction(text)
        action.setCheckable(True)
        action.setChecked(is_on(self._casebook, option))
        action.toggled.connect(lambda on: turn(self._casebook, option, on))
        action.toggled.connect(self.axes_changed)
        return action

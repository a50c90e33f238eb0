"""The button whose menu chooses the days that the course shows."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QMenu, QPushButton, QWidget

from gui.forms.date_range import DateRangeForm
from gui.style import theme
from model.course.course import Course
from model.language import _

_PAST = (("Last 90 days", 90), ("Last 6 months", 183), ("Last year", 365))


class RangeButton(QPushButton):
    """Offers the usual ranges, one from each cycle on, and any two dates."""

    home_chosen = Signal()
    all_chosen = Signal()
    days_chosen = Signal(float, float)
    """First and last day, as `date.toordinal` counts them."""

    def __init__(self, today: Callable[[], date], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setText(_("&Range"))
        self.setToolTip(_("Choose the days that are shown"))
        self.setAutoDefault(False)
        theme.set_kind(self, "quiet")
        self._today = today
        self._course: Course | None = None
        self._shown: Callable[[], tuple[float, float]] | None = None
        self.setMenu(QMenu(self))
        self.menu().aboutToShow.connect(self._fill)

    def offer(self, course: Course, shown: Callable[[], tuple[float, float]]) -> None:
        """Offer the ranges of a course; `shown` gives the days that are shown now."""
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
        menu.addAction(_("Since the first cycle"), self.home_chosen.emit)
        menu.addAction(_("All that is recorded"), self.all_chosen.emit)
        menu.addSeparator()
        # Of a patient not seen for long, the last days of which something is known.
        last = max(min(self._today(), course.span.whole_last), course.span.whole_first)
        for name, days in _PAST:
            self._add(menu, _(name), last - timedelta(days=days), last)
        menu.addSeparator()
        for cycle in course.cycles:
            since = cycle.on - timedelta(days=7)
            self._add(menu, _("From C%s") % cycle.number, since, course.span.whole_last)
        menu.addSeparator()
        menu.addAction(_("From … to …"), self.ask)

    def _add(self, menu: QMenu, name: str, first: date, last: date) -> None:
        menu.addAction(name).triggered.connect(lambda: self._show(first, last))

    def _show(self, first: date, last: date) -> None:
        self.days_chosen.emit(first.toordinal(), last.toordinal())

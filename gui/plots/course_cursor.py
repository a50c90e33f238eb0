"""The one cursor through all panels: where it stands, and what it reads out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import pyqtgraph as pg
from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QColor, QPen
from PySide6.QtWidgets import QGraphicsLineItem

from gui import theme
from gui.plots.pictures import SCREEN_ONLY
from gui.plots.time_axis import TimeAxis
from gui.plots.time_scale import TimeScale
from gui.plots.trend_panel import TrendPanel
from gui.plots.visits import Visits
from model.course import Course
from model.dates import shown

_NEAR = 14.0  # pixels within which it goes to a visit


class CourseCursor(QObject):
    """A line at a day, with its date on the axis and the value of each panel beside its result."""

    read = Signal(str)
    """What it stands on, in words; empty when there is no cursor."""

    def __init__(self, view: pg.GraphicsView, axis: TimeAxis) -> None:
        super().__init__(view)
        self._view = view
        self._axis = axis
        self._course: Course | None = None
        self._panels: Sequence[TrendPanel] = ()
        self._scale = TimeScale(0, 1, 0, 1)
        self._bottom = 0.0
        self._said = ""
        self.visits = Visits()
        self.day: int | None = None
        self._line = QGraphicsLineItem()
        self._line.setZValue(10)
        self._line.setData(SCREEN_ONLY, True)
        self._line.hide()
        view.addItem(self._line)
        self.recolour()

    def show_course(self, course: Course, panels: Sequence[TrendPanel]) -> None:
        """Go over to a course in these panels; there is no cursor until it is put somewhere."""
        self.put(None)
        self._course, self._panels = course, panels
        self.visits = Visits(panel.trend.days for panel in panels if panel.trend)

    def follow(self, scale: TimeScale, bottom: float) -> None:
        """Stay on the day while other days are shown, or the panels reach elsewhere."""
        self._scale, self._bottom = scale, bottom
        if self.day is not None:
            self.put(self.day)

    def put(self, day: int | None) -> None:
        """Put the cursor on a day, as `date.toordinal` counts; take it away with None."""
        self.day = day
        x = self._scale.x(day) if day is not None else -1.0
        visible = day is not None and self._scale.left <= x <= self._scale.right
        self._line.setVisible(visible)
        if day is None or not visible or self._course is None:
            for panel in self._panels:
                panel.mark(None)
            self._say(x, "", [])
            return
        self._line.setLine(x, 0, x, self._bottom)
        values = [panel.mark(day) for panel in self._panels]
        on = date.fromordinal(day)
        words = (shown(on), str(self._course.since_cycle(on)))
        self._say(x, " · ".join(filter(None, words)), values)

    def go_near(self, x: float) -> None:
        """Go to the visit near a pixel, or else to its own day."""
        day = self._scale.day(x)
        within = self._scale.day(x + _NEAR) - day
        near = self.visits.near(day, within)
        near = int(day) if near is None else near
        if near != self.day:
            self.put(near)

    def next(self, visits: int) -> int | None:
        """The day so many visits further on; None when there is none."""
        return self.visits.next(self.day, visits, self._scale.first, self._scale.last)

    def recolour(self) -> None:
        """Take the colours of the theme."""
        self._line.setPen(QPen(QColor(theme.current().ink_soft), 1))

    def _say(self, x: float, text: str, values: Sequence[str]) -> None:
        self._axis.show_cursor(x, text)
        said = "; ".join(filter(None, (text, *values)))
        if said != self._said:
            self._said = said
            self._view.setAccessibleDescription(said)
            self.read.emit(said)

"""The one cursor through all panels, and the days with results that it goes to."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Protocol

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QColor, QPen
from PySide6.QtWidgets import QGraphicsLineItem

from gui.plots.pictures import SCREEN_ONLY
from gui.plots.time_axis import TimeAxis
from gui.plots.time_scale import TimeScale
from gui.style import theme

_NEAR = 14.0  # pixels within which it goes to a visit


class Visits:
    """Days on which something was measured, as `date.toordinal` counts them."""

    def __init__(self, days: Iterable[NDArray[np.float64]] = ()) -> None:
        """The days of several series, with fractions for the time of day."""
        whole = [np.unique(np.floor(series)) for series in days]
        self._days = np.unique(np.concatenate(whole)) if whole else np.empty(0)

    def near(self, day: float, within: float) -> int | None:
        """Return the visit nearest to a day, at most so many days off."""
        place = int(np.searchsorted(self._days, day))
        around = self._days[max(place - 1, 0) : place + 1]
        nearest = min(around, key=lambda visit: abs(visit - day), default=None)
        return None if nearest is None or abs(nearest - day) > within else int(nearest)

    def next(self, day: int | None, step: int, first: float, last: float) -> int | None:
        """Return the visit after a day, or before it for a negative step; None at the end.

        Without a day: the first or the last visit in sight, from `first` to `last`, if any.
        """
        days = self._days
        if day is None:
            in_sight = days[(days >= first) & (days <= last)]
            candidates = in_sight if in_sight.size else days
        else:
            candidates = days[days > day] if step > 0 else days[days < day]
        if candidates.size == 0:
            return None
        return int(candidates[0] if step > 0 else candidates[-1])


class Markable(Protocol):
    """A panel as the cursor sees it."""

    def mark(self, day: int | None, /) -> str:
        """Mark the results at a day and return them in words; mark nothing for None."""


class Cursor(QObject):
    """A line at a day, with the day on the axis and the result of each panel next to its mark."""

    read = Signal(str)
    """What is at the cursor, in words; empty when there is no cursor."""

    def __init__(
        self,
        view: pg.GraphicsView,
        axis: TimeAxis,
        words: Callable[[int], str],
        whole: Callable[[float], int],
    ) -> None:
        """A cursor; `words` names a day, `whole` turns a place between two visits into one."""
        super().__init__(view)
        self._view = view
        self._axis = axis
        self._words = words
        self._whole = whole
        self._panels: Sequence[Markable] = ()
        self._visits = Visits()
        self._scale = TimeScale(0, 1, 0, 1)
        self._top = self._bottom = 0.0
        self._text = ""
        self.day: int | None = None
        self._line = QGraphicsLineItem()
        self._line.setZValue(10)
        self._line.setData(SCREEN_ONLY, True)
        self._line.hide()
        view.addItem(self._line)
        self.recolour()

    def show_panels(self, panels: Sequence[Markable], visits: Visits) -> None:
        """Use other panels, and the days on which they have results."""
        self._panels, self._visits = panels, visits

    def follow(self, scale: TimeScale, top: float, bottom: float) -> None:
        """Stay on the day while other days are shown, or the panels move."""
        self._scale, self._top, self._bottom = scale, top, bottom
        if self.day is not None:
            self.put(self.day)

    def put(self, day: int | None) -> None:
        """Put the cursor on a day, as the scale counts; remove it for None."""
        self.day = day
        x = self._scale.x(day) if day is not None else -1.0
        visible = day is not None and self._scale.left <= x <= self._scale.right
        self._line.setVisible(visible)
        if day is None or not visible:
            for panel in self._panels:
                panel.mark(None)
            self._announce(x, "", [])
            return
        self._line.setLine(x, self._top, x, self._bottom)
        values = [panel.mark(day) for panel in self._panels]
        self._announce(x, self._words(day), values)

    def go_near(self, x: float) -> None:
        """Go to the visit near a pixel, or else to the day at the pixel."""
        day = self._scale.day(x)
        near = self._visits.near(day, self._scale.day(x + _NEAR) - day)
        near = self._whole(day) if near is None else near
        if near != self.day:
            self.put(near)

    def next(self, visits: int) -> int | None:
        """Return the day so many visits ahead; None when there is none."""
        return self._visits.next(self.day, visits, self._scale.first, self._scale.last)

    def recolour(self) -> None:
        """Take the colours of the theme."""
        self._line.setPen(QPen(QColor(theme.current().ink_soft), 1))

    def _announce(self, x: float, text: str, values: Sequence[str]) -> None:
        self._axis.show_cursor(x, text)
        whole = "; ".join(filter(None, (text, *values)))
        if whole != self._text:
            self._text = whole
            self._view.setAccessibleDescription(whole)
            self.read.emit(whole)

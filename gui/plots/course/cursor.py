"""The cursor through all panels, and the days with results at which it stops."""

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

_NEAR = 14.0  # pixels between the pointer and a visit to which the cursor snaps


class Visits:
    """Days on which something was measured, as `date.toordinal` counts them."""

    def __init__(self, days: Iterable[NDArray[np.float64]] = ()) -> None:
        """Collect the days of several series, which may have fractions for the time of day."""
        whole_days = [np.unique(np.floor(series)) for series in days]
        self._days = np.unique(np.concatenate(whole_days)) if whole_days else np.empty(0)

    def near(self, day: float, within: float) -> int | None:
        """Return the visit nearest to a day, or None if it is more than so many days away."""
        index = int(np.searchsorted(self._days, day))
        neighbours = self._days[max(index - 1, 0) : index + 1]
        nearest = min(neighbours, key=lambda visit: abs(visit - day), default=None)
        return None if nearest is None or abs(nearest - day) > within else int(nearest)

    def next(self, day: int | None, direction: int, first: float, last: float) -> int | None:
        """Return the visit after a day, or before it for −1; None at the end.

        If `day` is None, return the first or the last visit from `first` to `last`, or of all
        visits if there is none.
        """
        days = self._days
        if day is None:
            in_sight = days[(days >= first) & (days <= last)]
            candidates = in_sight if in_sight.size else days
        else:
            candidates = days[days > day] if direction > 0 else days[days < day]
        if candidates.size == 0:
            return None
        return int(candidates[0] if direction > 0 else candidates[-1])


class Markable(Protocol):
    """A panel whose results the cursor marks."""

    def mark(self, day: int | None, /) -> str:
        """Mark the results at a day and return a text on them; mark nothing for None."""


class Cursor(QObject):
    """A line at a day. It marks the day on the axis and the results of each panel."""

    text_changed = Signal(str)
    """A text on what is at the cursor; empty when there is no cursor."""

    def __init__(
        self,
        view: pg.GraphicsView,
        axis: TimeAxis,
        day_text: Callable[[int], str],
        to_day: Callable[[float], int],
    ) -> None:
        """Make a hidden cursor.

        `day_text` returns the text of a day; `to_day` turns a position on the axis into a day.
        """
        super().__init__(view)
        self._view = view
        self._axis = axis
        self._day_text = day_text
        self._to_day = to_day
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
        """Use these panels, and the days on which they have results."""
        self._panels, self._visits = panels, visits

    def follow(self, scale: TimeScale, top: float, bottom: float) -> None:
        """Keep the cursor on its day after the scale or the panels have changed."""
        self._scale, self._top, self._bottom = scale, top, bottom
        if self.day is not None:
            self.move_to(self.day)

    def move_to(self, day: int | None) -> None:
        """Move the cursor to a day, as the scale counts it, or remove it for None."""
        self.day = day
        x = self._scale.x(day) if day is not None else -1.0
        is_visible = day is not None and self._scale.left <= x <= self._scale.right
        self._line.setVisible(is_visible)
        if day is None or not is_visible:
            for panel in self._panels:
                panel.mark(None)
            self._announce(x, "", [])
            return
        self._line.setLine(x, self._top, x, self._bottom)
        values = [panel.mark(day) for panel in self._panels]
        self._announce(x, self._day_text(day), values)

    def snap_to(self, x: float) -> None:
        """Move to the visit near a pixel, or else to the day at the pixel."""
        day = self._scale.day(x)
        visit = self._visits.near(day, self._scale.day(x + _NEAR) - day)
        new_day = self._to_day(day) if visit is None else visit
        if new_day != self.day:
            self.move_to(new_day)

    def day_after(self, direction: int) -> int | None:
        """Return the day of the next visit, or for −1 of the one before; None if there is none."""
        return self._visits.next(self.day, direction, self._scale.first, self._scale.last)

    def recolour(self) -> None:
        """Take the colours of the theme."""
        self._line.setPen(QPen(QColor(theme.current().ink_soft), 1))

    def _announce(self, x: float, text: str, values: Sequence[str]) -> None:
        self._axis.show_cursor(x, text)
        whole = "; ".join(filter(None, (text, *values)))
        if whole != self._text:
            self._text = whole
            self._view.setAccessibleDescription(whole)
            self.text_changed.emit(whole)

"""Axes of pyqtgraph with round values or dates, in the colours of the theme."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pyqtgraph as pg
from PySide6.QtCore import QRectF
from PySide6.QtGui import QFont, QPainter
from PySide6.QtWidgets import QGraphicsItem

from gui.plots import ticks
from gui.plots.pictures import pen
from gui.plots.time_scale import TimeScale
from gui.style import theme
from model.course.trends import number_text

_DAY_ROOM = 38.0  # pixels that a tick needs for a number of days


class Axis(pg.AxisItem):  # type: ignore[misc]
    """An axis next to a view, without a line; with `grid` its ticks are lines across the view."""

    def __init__(
        self, side: str, box: pg.ViewBox, parent: QGraphicsItem | None = None, *, grid: bool = False
    ) -> None:
        super().__init__(side, linkView=box, parent=parent, maxTickLength=0)
        self.setStyle(tickTextOffset=6, hideOverlappingLabels=False, tickAlpha=255)
        self.setGrid(255 if grid else False)
        # Otherwise pyqtgraph makes a label with an SI prefix again for each range.
        self.enableAutoSIPrefix(False)
        self.setZValue(-200)  # below the view, across which it may draw a grid
        self.recolour()

    def boundingRect(self) -> QRectF:
        """Return the axis with room for labels at its ends; pyqtgraph drops labels beyond it."""
        rect: QRectF = super().boundingRect()
        return rect.adjusted(-30, -10, 30, 10)

    def drawPicture(
        self, painter: QPainter, line: Any, ticks: Sequence[Any], texts: Sequence[Any]
    ) -> None:
        """Draw the labels, and the ticks if they are a grid.

        Without a grid ticks have no length and no colour, but Qt would still draw a dot for each.
        """
        super().drawPicture(painter, line, ticks if self.grid else (), texts)

    def use_font(self, font: QFont) -> None:
        """Write the labels in another font."""
        self.setStyle(tickFont=font)

    def recolour(self) -> None:
        """Take the colours of the theme."""
        colours = theme.current()
        self.setPen(pg.mkPen(None))
        self.setTickPen(pen(colours.line) if self.grid else pg.mkPen(None))
        self.setTextPen(colours.ink_soft)


class ValueAxis(Axis):
    """An axis of round values, far enough apart for their labels."""

    def tickValues(self, low: float, high: float, size: float) -> list[tuple[float, list[float]]]:
        """Return one level of ticks; `size` is the length of the axis in pixels."""
        return [(1.0, ticks.round_values(low, high, size))]

    def tickStrings(self, values: Sequence[float], *_scales: float) -> list[str]:
        """Return the labels of ticks."""
        return [number_text(value) for value in values]


class DayAxis(Axis):
    """An axis of days since an event; its last `free` pixels have no tick."""

    free = 0.0

    def tickValues(self, first: float, last: float, size: float) -> list[tuple[float, list[int]]]:
        """Return one level of ticks on round days."""
        scale = TimeScale(first, last, 0, size)
        days = scale.multiples(_DAY_ROOM, ticks.DAY_STEPS)
        return [(1.0, [day for day in days if scale.x(day) <= size - self.free])]

    def tickStrings(self, days: Sequence[int], *_scales: float) -> list[str]:
        """Return the labels of ticks."""
        return [ticks.day_text(day) for day in days]


class DateAxis(Axis):
    """An axis of dates, whose values are the days of `date.toordinal`."""

    def tickValues(self, first: float, last: float, size: float) -> list[tuple[int, list[int]]]:
        """Return one level of ticks on round dates, with the number of months between them."""
        min_days = (last - first) / max(size, 1) * ticks.DATE_ROOM
        days, months = ticks.round_dates(first, last, min_days)
        return [(months, days)]

    def tickStrings(self, days: Sequence[int], _scale: float, months: int) -> list[str]:
        """Return the labels of ticks."""
        return [tick.label for tick in ticks.date_ticks(days, months)]

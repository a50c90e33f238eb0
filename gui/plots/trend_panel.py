"""One small multiple: the results of one analyte over time, with limits and cycle lines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor, QFont, QPen
from PySide6.QtWidgets import QGraphicsEllipseItem, QGraphicsScene

from gui import theme
from gui.plots.panel_frame import PanelFrame, VerticalLine
from gui.plots.time_scale import TimeScale
from gui.plots.value_tag import ValueTag
from model.grade_bands import GradeBand
from model.trends import Point, Trend

MOST_POINTS = 2000
"""With more results than this only their line is drawn, which is solid by then anyway."""

_RING = 5.0


@dataclass(frozen=True, slots=True)
class Heights:
    """The lowest and the highest value that a panel shows."""

    low: float
    high: float


def heights(trend: Trend, bands: Sequence[GradeBand] = ()) -> Heights:
    """The range of values that shows all results and limits, from zero where they come near it.

    Bands only widen it up to the nearest edge of one: they are a background, not data.
    """
    values = [point.value for point in trend.points]
    values += [
        limit for step in trend.limits for limit in (step.lower, step.upper) if limit is not None
    ]
    if not values:
        return Heights(0.0, 1.0)
    low, high = min(values), max(values)
    edges = [edge for band in bands for edge in (band.low, band.high) if edge is not None]
    low = max((edge for edge in edges if edge <= low), default=low)
    if 0 <= low < 0.45 * high:
        low = 0.0
    room = (high - low) * 0.1 or abs(high) * 0.2 or 1.0
    return Heights(-room / 3 if low == 0 else low - room, high + room)


class TrendPanel:
    """Draws one trend into a scene; made once and shown another trend for the next patient."""

    def __init__(self, scene: QGraphicsScene, ratio: float = 1.0) -> None:
        """A panel of a scene on a screen of `ratio` pixels to one of Qt's."""
        self.frame = PanelFrame()
        self.box = pg.ViewBox(enableMouse=False, enableMenu=False)
        self.box.disableAutoRange()
        self._line = pg.PlotDataItem(antialias=True)
        self._dots = pg.ScatterPlotItem(size=7.5, antialias=True)
        self._ring = QGraphicsEllipseItem(-_RING, -_RING, 2 * _RING, 2 * _RING)
        self._tag = ValueTag()
        scene.addItem(self.frame)
        scene.addItem(self.box)
        # A curve can only clip itself to a view that it already is in.
        for item in (self._line, self._dots):
            self.box.addItem(item, ignoreBounds=True)
        self._line.setClipToView(True)
        self._line.setDownsampling(auto=True, method="peak")
        for mark, height in ((self._ring, 20.0), (self._tag, 21.0)):
            mark.setZValue(height)
            mark.hide()
            scene.addItem(mark)
        self._scene = scene
        self._rect = QRectF()
        self._heights = Heights(0.0, 1.0)
        self._bands: tuple[GradeBand, ...] = ()
        self.trend: Trend | None = None
        self.recolour(ratio)

    def show_trend(
        self,
        trend: Trend,
        lines: Sequence[VerticalLine],
        bands: Sequence[GradeBand],
        font: QFont,
    ) -> None:
        """Show a trend over the bands of grades, with lines at the days of cycles and of death."""
        bands = tuple(bands)
        if trend is self.trend and lines == self.frame.lines and bands == self._bands:
            return
        self.trend, self._bands = trend, bands
        self._heights = heights(trend, bands)
        self.frame.show_trend(trend, lines, bands, font)
        days = np.array([point.day for point in trend.points], dtype=float)
        values = np.array([point.value for point in trend.points], dtype=float)
        self._line.setData(days, values)
        self._show_dots(days, values)
        self.box.setYRange(self._heights.low, self._heights.high, padding=0)
        self.mark(None)

    def place(self, rect: QRectF) -> None:
        """Put the panel's plot into a rectangle of the scene; its names stand left of it."""
        self._rect = rect
        self.box.setGeometry(rect)
        self.frame.place(rect, self._heights.low, self._heights.high)

    def show_scale(self, scale: TimeScale) -> None:
        """Show other days."""
        self.box.setXRange(scale.first, scale.last, padding=0)
        self.frame.show_scale(scale)

    def point_at(self, day: int) -> Point | None:
        """The last result of a day, if there is one."""
        points = self.trend.points if self.trend else ()
        return next((point for point in reversed(points) if point.on.toordinal() == day), None)

    def mark(self, day: int | None, scale: TimeScale | None = None) -> str:
        """Ring the result of a day and write its value beside it; gives back what was written."""
        point = self.point_at(day) if day is not None else None
        shown = point is not None and scale is not None and self.trend is not None
        self._ring.setVisible(shown)
        self._tag.setVisible(shown)
        if point is None or scale is None or self.trend is None:
            return ""
        x, y = scale.x(point.day), self.y(point.value)
        text = self.trend.value_text(point)
        self._ring.setPos(x, y)
        self._tag.show_text(text, x, y, self._rect)
        return f"{self.trend.name} {text}"

    def y(self, value: float) -> float:
        """The pixel of a value in the scene."""
        share = (value - self._heights.low) / (self._heights.high - self._heights.low)
        return self._rect.bottom() - share * self._rect.height()

    def recolour(self, ratio: float = 1.0) -> None:
        """Take the colours of the theme; `ratio` are the pixels of the screen to one of Qt's.

        pyqtgraph's pens are cosmetic, whose width Qt takes in pixels of the screen.
        """
        colours = theme.current()
        self._line.setPen(pg.mkPen(colours.ink, width=1.6 * ratio))
        self._dots.setPen(pg.mkPen(colours.ink, width=1.4))
        self._dots.setBrush(pg.mkBrush(colours.card))
        self._ring.setPen(QPen(QColor(colours.accent), 2))
        self.frame.update()
        self._tag.update()

    def remove(self) -> None:
        """Take the panel out of its scene for good."""
        for item in (self.frame, self.box, self._ring, self._tag):
            self._scene.removeItem(item)

    def _show_dots(self, days: np.ndarray, values: np.ndarray) -> None:
        """Draw a circle for each result; triangles that point where `<` and `>` say."""
        points = self.trend.points if self.trend else ()
        if len(points) > MOST_POINTS:
            self._dots.clear()
            return
        comparators = [point.comparator for point in points]
        plain = not any(comparators)
        symbols = "o" if plain else [_SYMBOLS[comparator] for comparator in comparators]
        self._dots.setData(x=days, y=values, symbol=symbols)


# pyqtgraph's `t` points down, its `t1` up.
_SYMBOLS = {None: "o", "<": "t", ">": "t1"}

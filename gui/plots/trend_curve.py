"""The results of a trend as a line with a mark for each, drawn in pixels of the scene.

Drawn by one item of our own: with pyqtgraph's a patient's panels take half as long again.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QPolygonF
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from gui import theme
from gui.plots.polyline import Array, polyline
from gui.plots.time_scale import TimeScale
from gui.plots.value_scale import ValueScale

MOST_MARKS = 2000
"""With more results than this only their line is drawn, which is solid by then anyway."""

RADIUS = 3.75
_NONE: Array = np.empty(0)


class TrendCurve(QGraphicsItem):
    """Draws the part of a trend that is in sight, and keeps it until days or heights change."""

    def __init__(self) -> None:
        super().__init__()
        self._days, self._values = _NONE, _NONE
        self._comparators: Sequence[str | None] = ()
        self._scale = TimeScale(0, 1, 0, 1)
        self._heights = ValueScale(0, 1)
        self._rect = QRectF()
        self._drawn: tuple[QPainterPath, bool] | None = None

    def show_values(
        self, days: Array, values: Array, comparators: Sequence[str | None] = ()
    ) -> None:
        """Show other results, oldest first; `comparators` has one for each where there are any."""
        self._days, self._values, self._comparators = days, values, comparators
        self._draw_anew()

    def place(self, rect: QRectF, heights: ValueScale) -> None:
        """Draw within a rectangle of the scene."""
        self.prepareGeometryChange()
        self._rect, self._heights = rect, heights
        self._draw_anew()

    def show_scale(self, scale: TimeScale) -> None:
        """Show other days."""
        self._scale = scale
        self._draw_anew()

    def marks(self) -> tuple[Array, Array]:
        """The pixels of all results in sight, for what is to stand clear of them."""
        first, last = self._in_sight()
        xs = self._scale.xs(self._days[first:last])
        ys = self._heights.ys(self._values[first:last])
        return xs, np.where(np.isnan(ys), self._rect.bottom(), ys)

    def boundingRect(self) -> QRectF:
        """The plot of the panel."""
        return self._rect

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionGraphicsItem,  # noqa: ARG002
        widget: QWidget | None = None,  # noqa: ARG002
    ) -> None:
        """Draw the line, and over it the marks."""
        colours = theme.current()
        path, is_dense = self._path()
        painter.setClipRect(self._rect)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        # A solid line gains nothing from smooth edges, which would take most of the time.
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, not is_dense)
        painter.setPen(QPen(QColor(colours.ink), 1 if is_dense else 1.6))
        painter.drawPath(path)
        if self._days.size <= MOST_MARKS and not is_dense:
            self._draw_marks(painter)

    def _draw_marks(self, painter: QPainter) -> None:
        colours = theme.current()
        painter.setPen(QPen(QColor(colours.ink), 1.4))
        painter.setBrush(QColor(colours.card))
        first, last = self._in_sight()
        xs, ys = self.marks()
        values = self._values[first:last]
        comparators = self._comparators[first:last] or [None] * xs.size
        foot = self._rect.bottom() - RADIUS - 1
        for x, y, value, comparator in zip(
            xs.tolist(), ys.tolist(), values.tolist(), comparators, strict=True
        ):
            if self._heights.log and value <= 0:
                painter.drawPolygon(_triangle(x, foot, down=True))
            elif comparator:
                painter.drawPolygon(_triangle(x, y, down=comparator.startswith("<")))
            else:
                painter.drawEllipse(QPointF(x, y), RADIUS, RADIUS)

    def _in_sight(self) -> tuple[int, int]:
        """The results in sight, or just out of it with a part of their mark."""
        scale = self._scale
        ends = scale.days(np.array([scale.left - RADIUS, scale.right + RADIUS]))
        first, last = np.searchsorted(self._days, ends)
        return int(first), int(last)

    def _path(self) -> tuple[QPainterPath, bool]:
        if self._drawn is None:
            line = polyline(self._days, self._values, self._scale, self._heights)
            path = pg.arrayToQPath(line.xs, line.ys, connect="finite")
            self._drawn = path, line.is_dense
        return self._drawn

    def _draw_anew(self) -> None:
        self._drawn = None
        self.update()


def _triangle(x: float, y: float, *, down: bool) -> QPolygonF:
    """A mark that points to where the value really lies."""
    tip, base = (RADIUS + 0.5, -RADIUS) if down else (-RADIUS - 0.5, RADIUS)
    side = RADIUS + 0.75
    return QPolygonF(
        [QPointF(x - side, y + base), QPointF(x + side, y + base), QPointF(x, y + tip)]
    )

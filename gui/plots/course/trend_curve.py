"""The results of a trend as a line with a mark for each, drawn in pixels of the scene.

It is a single item of our own for speed. With curves and lines of pyqtgraph, 25 panels would take
1.8 times as long to show and three times as long to move; with its views and axes alone they would
take a fifth longer.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from gui.plots.course.panel_item import PanelItem
from gui.plots.line_shape import Array, LineShape, visible_polyline
from gui.plots.marks import points_down, triangle
from gui.style import theme

MAX_MARKS = 2000
"""With more results than this only their line is drawn, as marks would be one solid band."""

RADIUS = 3.75
"""Pixels of radius of a mark, which is smaller if marks are close to one another."""

_MIN_RADIUS, _MIN_TRIANGLE = 1.5, 2.5
_OUTLINE = 1.4  # the width of the outline of a mark
_NONE: Array = np.empty(0)


class TrendCurve(PanelItem):
    """Draws the part of a trend in sight, whose shapes are kept until a scale changes."""

    def __init__(self) -> None:
        super().__init__()
        self._days, self._values = _NONE, _NONE
        self._comparators: Sequence[str | None] = ()
        self._cached_line: tuple[LineShape, bool] | None = None
        self._cached_pixels: tuple[Array, Array] | None = None
        self._radius: float | None = None

    def show_values(
        self, days: Array, values: Array, comparators: Sequence[str | None] = ()
    ) -> None:
        """Show other results, oldest first; `comparators` is empty or has one for each result."""
        self._days, self._values, self._comparators = days, values, comparators
        self.lay_out()
        self.update()

    def lay_out(self) -> None:
        """Forget the shapes, which the next painting makes again."""
        self._cached_line = self._cached_pixels = self._radius = None

    def mark_pixels(self) -> tuple[Array, Array]:
        """Return the pixels of all results in sight."""
        if self._cached_pixels is None:
            self._cached_pixels = self._pixels(*self._in_sight())
        return self._cached_pixels

    def radius(self) -> float:
        """Return the radius of the marks in sight, or 0 if most of them would touch one another.

        Marks that are close to one another are smaller.
        """
        if self._radius is None:
            self._radius = self._fitting_radius()
        return self._radius

    def _fitting_radius(self) -> float:
        if self._days.size > MAX_MARKS:
            return 0.0
        xs, ys = self.mark_pixels()
        if xs.size < 2:
            return RADIUS
        distances = np.sort(np.hypot(np.diff(xs), np.diff(ys)))
        radius = min((float(distances[distances.size // 2]) - _OUTLINE - 1) / 2, RADIUS)
        return radius if radius >= _MIN_RADIUS else 0.0

    def line_pixels(self) -> tuple[Array, Array]:
        """Return the pixels of the points of the line in sight, which labels keep clear of.

        They include one result before and one after those in sight.
        """
        first, last = self._in_sight()
        return self._pixels(max(first - 1, 0), last + 1)

    def _pixels(self, first: int, last: int) -> tuple[Array, Array]:
        xs = self._scale.xs(self._days[first:last])
        ys = self._heights.ys(self._values[first:last])
        return xs, np.where(np.isnan(ys), self._heights.foot, ys)

    def paint(self, painter: QPainter, *_options: object) -> None:
        """Draw the line, and over it the marks."""
        colours = theme.current()
        line, is_dense = self._line()
        painter.setClipRect(self._rect)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        # Smooth edges of a dense line cannot be seen, and would take most of the time.
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, not is_dense)
        painter.setPen(QPen(QColor(colours.ink), 1 if is_dense else 1.6))
        line.draw(painter, self._rect)
        if self._days.size <= MAX_MARKS and not is_dense:
            self._draw_marks(painter)

    def _draw_marks(self, painter: QPainter) -> None:
        """Draw a ring for each exact result, and a triangle for one with a comparator.

        Triangles are drawn even if rings have no room.
        """
        colours, radius = theme.current(), self.radius()
        painter.setPen(QPen(QColor(colours.ink), _OUTLINE))
        painter.setBrush(QColor(colours.card))
        first, last = self._in_sight()
        xs, ys = self.mark_pixels()
        values = self._values[first:last]
        comparators = self._comparators[first:last] or [None] * xs.size
        for x, y, value, comparator in zip(
            xs.tolist(), ys.tolist(), values.tolist(), comparators, strict=True
        ):
            centre, down = QPointF(x, y), points_down(value, comparator, self._heights)
            if down is not None:
                painter.drawPolygon(triangle(centre, max(radius, _MIN_TRIANGLE), down=down))
            elif radius:
                painter.drawEllipse(centre, radius, radius)

    def _in_sight(self) -> tuple[int, int]:
        """Return the slice of results whose marks are at least partly in sight."""
        scale = self._scale
        ends = scale.days(np.array([scale.left - RADIUS, scale.right + RADIUS]))
        first, last = np.searchsorted(self._days, ends)
        return int(first), int(last)

    def _line(self) -> tuple[LineShape, bool]:
        if self._cached_line is None:
            line = visible_polyline(self._days, self._values, self._scale, self._heights)
            self._cached_line = LineShape(line.xs, line.ys), line.is_dense
        return self._cached_line

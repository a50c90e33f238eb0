"""The results of a trend as a line with a mark for each, drawn in pixels of the scene.

One item of our own: with the curves and lines of pyqtgraph 25 panels take 1.8 times as long to
show and three times as long to move, and with its views and axes alone a fifth longer.
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

MOST_MARKS = 2000
"""With more results than this only their line is drawn, which is solid by then."""

RADIUS = 3.75
"""The radius of a mark; smaller where marks are close to one another."""

_LEAST_RADIUS, _LEAST_TRIANGLE = 1.5, 2.5
_RIM = 1.4  # the width of its outline
_NONE: Array = np.empty(0)


class TrendCurve(PanelItem):
    """Draws the part of a trend in sight, and keeps it until days or heights change."""

    def __init__(self) -> None:
        super().__init__()
        self._days, self._values = _NONE, _NONE
        self._comparators: Sequence[str | None] = ()
        self._drawn: tuple[LineShape, bool] | None = None
        self._marks: tuple[Array, Array] | None = None
        self._radius: float | None = None

    def show_values(
        self, days: Array, values: Array, comparators: Sequence[str | None] = ()
    ) -> None:
        """Show other results, oldest first; `comparators` has one for each, if there are any."""
        self._days, self._values, self._comparators = days, values, comparators
        self.lay_out()
        self.update()

    def lay_out(self) -> None:
        """Forget line and marks, which the next painting finds again."""
        self._drawn = self._marks = self._radius = None

    def marks(self) -> tuple[Array, Array]:
        """Return the pixels of all results in sight."""
        if self._marks is None:
            self._marks = self._places(*self._in_sight())
        return self._marks

    def radius(self) -> float:
        """Return the radius of the marks in sight; 0 where they would be one band.

        They get smaller before most of them touch one another.
        """
        if self._radius is None:
            self._radius = self._fitting_radius()
        return self._radius

    def _fitting_radius(self) -> float:
        if self._days.size > MOST_MARKS:
            return 0.0
        xs, ys = self.marks()
        if xs.size < 2:
            return RADIUS
        apart = np.sort(np.hypot(np.diff(xs), np.diff(ys)))
        radius = min((float(apart[apart.size // 2]) - _RIM - 1) / 2, RADIUS)
        return radius if radius >= _LEAST_RADIUS else 0.0

    def run(self) -> tuple[Array, Array]:
        """Return the pixels that the line in sight runs through, which labels keep clear of.

        They include one result before and one after those in sight.
        """
        first, last = self._in_sight()
        return self._places(max(first - 1, 0), last + 1)

    def _places(self, first: int, last: int) -> tuple[Array, Array]:
        xs = self._scale.xs(self._days[first:last])
        ys = self._heights.ys(self._values[first:last])
        return xs, np.where(np.isnan(ys), self._heights.foot, ys)

    def paint(self, painter: QPainter, *_options: object) -> None:
        """Draw the line, and over it the marks."""
        colours = theme.current()
        line, is_dense = self._line()
        painter.setClipRect(self._rect)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        # A dense line gains nothing from smooth edges, which would take most of the time.
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, not is_dense)
        painter.setPen(QPen(QColor(colours.ink), 1 if is_dense else 1.6))
        line.draw(painter, self._rect)
        if self._days.size <= MOST_MARKS and not is_dense:
            self._draw_marks(painter)

    def _draw_marks(self, painter: QPainter) -> None:
        """Draw a ring for each result, and a triangle for one that says only on which side it is.

        Triangles are drawn even where rings have no room.
        """
        colours, radius = theme.current(), self.radius()
        painter.setPen(QPen(QColor(colours.ink), _RIM))
        painter.setBrush(QColor(colours.card))
        first, last = self._in_sight()
        xs, ys = self.marks()
        values = self._values[first:last]
        comparators = self._comparators[first:last] or [None] * xs.size
        for x, y, value, comparator in zip(
            xs.tolist(), ys.tolist(), values.tolist(), comparators, strict=True
        ):
            where, down = QPointF(x, y), points_down(value, comparator, self._heights)
            if down is not None:
                painter.drawPolygon(triangle(where, max(radius, _LEAST_TRIANGLE), down=down))
            elif radius:
                painter.drawEllipse(where, radius, radius)

    def _in_sight(self) -> tuple[int, int]:
        """Return the first and last result in sight, or just outside with a part of their mark."""
        scale = self._scale
        ends = scale.days(np.array([scale.left - RADIUS, scale.right + RADIUS]))
        first, last = np.searchsorted(self._days, ends)
        return int(first), int(last)

    def _line(self) -> tuple[LineShape, bool]:
        if self._drawn is None:
            line = visible_polyline(self._days, self._values, self._scale, self._heights)
            self._drawn = LineShape(line.xs, line.ys), line.is_dense
        return self._drawn

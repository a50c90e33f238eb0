"""One analyte on paper: its results over time, with grades, limits, cycles and nadirs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QPainter, QPen

from gui.plots.label_rects import points_along
from gui.plots.label_room import LabelRoom
from gui.plots.line_shape import visible_polyline
from gui.plots.time_scale import TimeScale
from gui.plots.value_scale import ValueScale
from gui.reports.text_writer import BOLD, TextWriter
from gui.style.theme import LIGHT
from model.cohort import numbers
from model.course.grades import GradeBand
from model.course.trends import Trend, number_text
from model.language import _

NAME_WIDTH = 86.0
"""The width in points left of the plot, for names and values."""

LIMIT_WIDTH = 42.0
"""The width in points right of the plot, for the limits of normal."""

_RIGHT = Qt.AlignmentFlag.AlignRight
_SMALL_POINTS = 7.0
_NAME_POINTS = 8.0
_LINE_HEIGHT = 8.5
_LABEL_HEIGHT = 8.0
_VALUE_WIDTH = 26.0
_DOT = 1.7
_MAX_DOTS = 400
_LABEL_BACKGROUND = QColor(255, 255, 255, 205)  # over lines that would cross the text


@dataclass(frozen=True, slots=True)
class AnalytePanel:
    """The panel of one analyte, positioned by `draw`. Days are ordinals (`date.toordinal`)."""

    trend: Trend
    bands: Sequence[GradeBand]
    heights: ValueScale
    cycles: tuple[int, ...]
    died: int | None

    def draw(self, writer: TextWriter, plot: QRectF, scale: TimeScale, grid: Sequence[int]) -> None:
        """Draw the panel; `plot` is as wide as `scale`, and text goes left and right of it."""
        painter = writer.painter
        heights = replace(self.heights, top=plot.top(), height=plot.height())
        painter.save()
        painter.setClipRect(plot)
        self._draw_bands(painter, plot, heights)
        self._draw_days(painter, plot, scale, grid)
        self._draw_limit_lines(painter, plot, scale, heights)
        painter.restore()
        painter.setPen(QPen(QColor(LIGHT.edge), 0.5))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(plot)
        painter.save()
        painter.setClipRect(plot.adjusted(-_DOT, -_DOT, _DOT, _DOT))
        self._draw_results(painter, scale, heights)
        painter.restore()
        self._draw_nadirs(writer, plot, scale, heights)
        self._write_names(writer, plot, heights)
        self._write_limits(writer, plot, heights)

    def _draw_bands(self, painter: QPainter, plot: QRectF, heights: ValueScale) -> None:
        for band in self.bands:
            high = heights.high if band.high is None else min(band.high, heights.high)
            low = heights.low if band.low is None else max(band.low, heights.low)
            if low < high:
                top, bottom = heights.y(high), heights.y(low)
                area = QRectF(plot.left(), top, plot.width(), bottom - top)
                painter.fillRect(area, QColor(LIGHT.bands[band.grade - 1]))

    def _draw_days(
        self, painter: QPainter, plot: QRectF, scale: TimeScale, grid: Sequence[int]
    ) -> None:
        dashes = QPen(QColor(LIGHT.ac225), 0.6, Qt.PenStyle.CustomDashLine)
        dashes.setDashPattern([4, 3])
        died = () if self.died is None else (self.died,)
        for pen, days in (
            (QPen(QColor(LIGHT.line), 0.4), grid),
            (dashes, self.cycles),
            (QPen(QColor(LIGHT.ink_soft), 1), died),
        ):
            painter.setPen(pen)
            for day in days:
                x = scale.x(day)
                painter.drawLine(QLineF(x, plot.top(), x, plot.bottom()))

    def _draw_limit_lines(
        self, painter: QPainter, plot: QRectF, scale: TimeScale, heights: ValueScale
    ) -> None:
        """Draw each limit as a dotted line up to the next one; the first starts at the left."""
        dots = QPen(QColor(LIGHT.ink_soft), 0.6, Qt.PenStyle.CustomDashLine)
        dots.setDashPattern([2, 3])
        painter.setPen(dots)
        limits = self.trend.limits
        starts = [plot.left(), *(scale.x(step.on.toordinal()) for step in limits[1:])]
        ends = [*starts[1:], plot.right()]
        for step, start, end in zip(limits, starts, ends, strict=False):
            for value in (step.lower, step.upper):
                if value is not None:
                    painter.drawLine(QLineF(start, heights.y(value), end, heights.y(value)))

    def _draw_results(self, painter: QPainter, scale: TimeScale, heights: ValueScale) -> None:
        """Draw a line through the results, and each as a ring, or as a triangle for `<` and `>`."""
        line = visible_polyline(self.trend.days, self.trend.values, scale, heights)
        has_value = ~np.isnan(line.ys)
        xys = zip(line.xs[has_value], line.ys[has_value], strict=True)
        painter.setPen(QPen(QColor(LIGHT.ink), 0.9))
        painter.drawPolyline([QPointF(x, y) for x, y in xys])
        if len(self.trend.points) > _MAX_DOTS:
            return
        painter.setBrush(QColor(LIGHT.card))
        painter.setPen(QPen(QColor(LIGHT.ink), 0.7))
        for point in self.trend.points:
            position = QPointF(scale.x(point.day), heights.y(point.value))
            if point.comparator:
                tip = _DOT if point.comparator == "<" else -_DOT
                corners = (QPointF(-_DOT, -tip), QPointF(_DOT, -tip), QPointF(0, 1.4 * tip))
                painter.drawPolygon([position + corner for corner in corners])
            else:
                painter.drawEllipse(position, _DOT, _DOT)

    def _draw_nadirs(
        self, writer: TextWriter, plot: QRectF, scale: TimeScale, heights: ValueScale
    ) -> None:
        """Mark each nadir that differs from the baseline, with its value if there is room.

        A label overlaps no result, limit or other label; the highest grades are labelled first.
        """
        trend, base = self.trend, self.trend.baseline
        nadirs = [
            (nadir, QPointF(scale.x(nadir.point.day), heights.y(nadir.point.value)))
            for nadir in sorted(trend.nadirs, key=lambda nadir: -(nadir.grade or 0))
            if not (base and nadir.point.value == base.value)
        ]
        xs, ys = scale.xs(trend.days), heights.ys(trend.values)
        limits = {limit for step in trend.limits for limit in step[1:] if limit is not None}
        levels = [heights.y(limit) for limit in limits]
        room = LabelRoom(plot, (xs, ys), _DOT + 0.4, points_along(xs, ys), levels, 2 * _DOT)
        painter = writer.painter
        for nadir, mark in nadirs:
            if not plot.left() <= mark.x() <= plot.right():
                continue
            colour = LIGHT.alert if nadir.grade else LIGHT.ink
            text = numbers.estimate(nadir.point.value, trend.unit)
            placement = room.place_label(
                mark,
                [QSizeF(writer.width(text, _SMALL_POINTS, BOLD), _LABEL_HEIGHT)],
                is_high=nadir.is_peak,
            )
            if placement:
                rect = placement[1]
                painter.fillRect(rect.adjusted(-1, 0, 1, 0), _LABEL_BACKGROUND)
                writer.write(rect, text, _SMALL_POINTS, weight=BOLD, colour=colour)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(QColor(colour))
            painter.drawEllipse(mark, _DOT + 0.4, _DOT + 0.4)

    def _write_names(self, writer: TextWriter, plot: QRectF, heights: ValueScale) -> None:
        """Write the analyte, its unit, and the values of the horizontal lines."""
        width = NAME_WIDTH - _VALUE_WIDTH - 4
        left = plot.left() - NAME_WIDTH
        top = plot.top() - 1.5
        for line in writer.wrap(self.trend.name, width, _NAME_POINTS, 2):
            writer.write(QRectF(left, top, width, 10), line, _NAME_POINTS, weight=BOLD)
            top += 9.5
        writer.write(
            QRectF(left, top, width, 9.5), self.trend.unit, _SMALL_POINTS, colour=LIGHT.ink_soft
        )
        for value in heights.grid_values():
            y = min(heights.y(value), plot.bottom() - 2)
            if plot.top() + 2 <= y:
                rect = QRectF(plot.left() - _VALUE_WIDTH, y - 5, _VALUE_WIDTH - 3, 10)
                writer.write(
                    rect, number_text(value), _SMALL_POINTS, colour=LIGHT.ink_soft, align=_RIGHT
                )

    def _write_limits(self, writer: TextWriter, plot: QRectF, heights: ValueScale) -> None:
        """Write the latest limits at the right without overlap, and their source."""
        if not self.trend.limits:
            return
        latest = self.trend.limits[-1]
        limits = [(_("ULN"), latest.upper), (_("LLN"), latest.lower)]
        rows = [
            (f"{name} {number_text(limit)}", heights.y(limit))
            for name, limit in limits
            if limit is not None
        ]
        if len(rows) == 2 and rows[1][1] - rows[0][1] < _LINE_HEIGHT:
            middle = (rows[0][1] + rows[1][1]) / 2
            rows = [
                (rows[0][0], middle - _LINE_HEIGHT / 2),
                (rows[1][0], middle + _LINE_HEIGHT / 2),
            ]
        if mark := self.trend.mark(latest):
            rows.append((mark, rows[-1][1] + _LINE_HEIGHT))
            # Below the last panel is the axis, which the text must not cover.
            overlap = max(rows[-1][1] + _LINE_HEIGHT / 2 - plot.bottom() - 1, 0.0)
            rows = [(text, y - overlap * (y > plot.center().y())) for text, y in rows]
        for text, y in rows:
            rect = QRectF(plot.right() + 4, y - _LINE_HEIGHT / 2, LIMIT_WIDTH - 4, _LINE_HEIGHT)
            writer.write(rect, text, _SMALL_POINTS, colour=LIGHT.ink_soft)

"""What stands behind and beside a trend: its frame, grid, cycle lines, name, unit and limits."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from gui import theme
from gui.plots.time_scale import TimeScale
from model.grade_bands import GradeBand
from model.trends import LimitsFrom, Trend, number_text

VALUES = 38.0
"""Pixels left of the plot for the values of the horizontal lines."""

_LINE = 14.0
_ROOM_FOR_VALUE = 22.0


@dataclass(frozen=True, slots=True)
class VerticalLine:
    """A day that is marked through all panels: a cycle, or the death of the patient."""

    day: int
    is_cycle: bool = True


def round_values(low: float, high: float, height: float) -> list[float]:
    """Round values within a range for horizontal lines, far enough apart to be labelled."""
    span = high - low
    if span <= 0 or height < _ROOM_FOR_VALUE:
        return []
    least = span / (height / _ROOM_FOR_VALUE)
    power = 10.0 ** math.floor(math.log10(least))
    step = next(power * factor for factor in (1, 2, 2.5, 5, 10) if power * factor >= least)
    first = math.ceil(low / step)
    return [number * step for number in range(first, math.floor(high / step) + 1)]


class PanelFrame(QGraphicsItem):
    """Paints all that is not data of one panel, in pixels of the scene."""

    def __init__(self) -> None:
        super().__init__()
        self.setZValue(-200)
        self.lines: tuple[VerticalLine, ...] = ()
        self._trend: Trend | None = None
        self.bands: tuple[GradeBand, ...] = ()
        self.days = TimeScale(0, 1, 0, 1)
        self._rect = QRectF()
        self._low, self._high = 0.0, 1.0
        self._font = QFont()

    def show_trend(
        self,
        trend: Trend,
        lines: Sequence[VerticalLine],
        bands: Sequence[GradeBand],
        font: QFont,
    ) -> None:
        """Frame another trend, with the areas of grades behind it."""
        self._trend, self.lines, self.bands = trend, tuple(lines), tuple(bands)
        self._font = font
        self.update()

    def place(self, rect: QRectF, low: float, high: float) -> None:
        """Frame a rectangle of the scene, in which values from `low` to `high` are drawn."""
        self.prepareGeometryChange()
        self._rect, self._low, self._high = rect, low, high
        self.update()

    def show_scale(self, scale: TimeScale) -> None:
        """Draw the vertical lines for other days."""
        self.days = scale
        self.update()

    def boundingRect(self) -> QRectF:
        """The whole width, from the name to the limits."""
        return QRectF(0, self._rect.top() - 1, self._rect.right() + 200, self._rect.height() + 2)

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionGraphicsItem,  # noqa: ARG002
        widget: QWidget | None = None,  # noqa: ARG002
    ) -> None:
        """Draw the frame and what is written around it."""
        if self._trend is None:
            return
        painter.save()
        painter.setClipRect(self._rect)
        self._draw_bands(painter)
        self._draw_grid(painter)
        self._draw_lines(painter)
        self._draw_limit_lines(painter, self._trend.limits)
        painter.restore()
        # Upright lines need no antialiasing, which makes a large outline slow.
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setPen(QPen(QColor(theme.current().line), 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(self._rect)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._draw_name(painter, self._trend)
        self._draw_limits(painter, self._trend)
        if not self._trend.points:
            painter.setFont(theme.sized(self._font, 12))
            painter.setPen(QColor(theme.current().ink_soft))
            said = f"No results of {self._trend.name}"
            if self._trend.not_drawn:
                said = f"{said} in a known unit"
            painter.drawText(self._rect, Qt.AlignmentFlag.AlignCenter, said)

    def _y(self, value: float) -> float:
        """The pixel of a value."""
        share = (value - self._low) / (self._high - self._low)
        return self._rect.bottom() - share * self._rect.height()

    def _draw_bands(self, painter: QPainter) -> None:
        colours = theme.current().bands
        for band in self.bands:
            high = self._high if band.high is None else min(band.high, self._high)
            low = self._low if band.low is None else max(band.low, self._low)
            if low < high:
                top, bottom = self._y(high), self._y(low)
                place = QRectF(self._rect.left(), top, self._rect.width(), bottom - top)
                painter.fillRect(place, QColor(colours[band.grade - 1]))

    def _draw_grid(self, painter: QPainter) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        faint = QColor(theme.current().line)
        faint.setAlphaF(0.65)
        painter.setPen(QPen(faint, 1))
        for tick in self.days.ticks():
            x = self.days.x(tick.day)
            painter.drawLine(QLineF(x, self._rect.top(), x, self._rect.bottom()))
        for value in self._values():
            y = self._y(value)
            painter.drawLine(QLineF(self._rect.left(), y, self._rect.right(), y))

    def _draw_lines(self, painter: QPainter) -> None:
        colours = theme.current()
        dashes = QPen(QColor(colours.ac225), 1, Qt.PenStyle.CustomDashLine)
        dashes.setDashPattern([3, 3])
        solid = QPen(QColor(colours.ink_soft), 1.5)
        for line in self.lines:
            x = self.days.x(line.day)
            painter.setPen(dashes if line.is_cycle else solid)
            painter.drawLine(QLineF(x, self._rect.top(), x, self._rect.bottom()))

    def _draw_limit_lines(self, painter: QPainter, limits: Sequence[LimitsFrom]) -> None:
        """Draw each limit as a dotted line, with a step where others were recorded.

        The first limits hold before their day too, the last ones until the end.
        """
        dots = QPen(QColor(theme.current().ink_soft), 1, Qt.PenStyle.CustomDashLine)
        dots.setDashPattern([1.5, 3])
        dots.setCapStyle(Qt.PenCapStyle.FlatCap)
        painter.setPen(dots)
        starts = [self._rect.left(), *(self.days.x(step.on.toordinal()) for step in limits[1:])]
        ends = [*starts[1:], self._rect.right()]
        for side in ("lower", "upper"):
            before: float | None = None
            for step, start, end in zip(limits, starts, ends, strict=False):
                value = getattr(step, side)
                y = None if value is None else round(self._y(value)) + 0.5
                if y is not None and before is not None:
                    painter.drawLine(QLineF(start, before, start, y))
                if y is not None:
                    painter.drawLine(QLineF(start, y, end, y))
                before = y

    def _draw_name(self, painter: QPainter, trend: Trend) -> None:
        colours = theme.current()
        room = QRectF(0, self._rect.top(), self._rect.left() - VALUES - 4, self._rect.height())
        flags = int(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft) | int(
            Qt.TextFlag.TextWordWrap
        )
        painter.setFont(theme.sized(self._font, 12, QFont.Weight.DemiBold))
        painter.setPen(QColor(colours.ink))
        taken = painter.drawText(room, flags, trend.name)
        painter.setFont(theme.sized(self._font, 11))
        painter.setPen(QColor(colours.ink_soft))
        below = room.adjusted(0, taken.height() + 1, 0, 0)
        painter.drawText(below, flags, trend.unit)
        if not trend.points:
            return
        painter.setFont(theme.figures(theme.sized(self._font, 10)))
        for value in self._values():
            y = self._y(value)
            if self._rect.top() + 5 <= y <= self._rect.bottom() - 1:
                y = min(y, self._rect.bottom() - 4)
                place = QRectF(self._rect.left() - VALUES, y - 7, VALUES - 6, _LINE)
                side = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
                painter.drawText(place, side, number_text(value))

    def _draw_limits(self, painter: QPainter, trend: Trend) -> None:
        """Name the limits that hold at the right end of what is shown, clear of one another."""
        limits = _holding(trend.limits, self.days.last)
        if limits is None:
            return
        names = [("ULN", limits.upper), ("LLN", limits.lower)]
        rows = [
            (f"{name} {number_text(value)}", self._y(value))
            for name, value in names
            if value is not None
        ]
        if len(rows) == 2 and rows[1][1] - rows[0][1] < _LINE:
            middle = (rows[0][1] + rows[1][1]) / 2
            rows = [(rows[0][0], middle - _LINE / 2), (rows[1][0], middle + _LINE / 2)]
        if trend.assumed:
            lowest = rows[-1][1]
            above = lowest + 1.5 * _LINE > self._rect.bottom() and len(rows) == 1
            rows.append(("assumed", lowest - _LINE if above else lowest + _LINE))
        painter.setFont(theme.figures(theme.sized(self._font, 11)))
        painter.setPen(QColor(theme.current().ink_soft))
        left = self._rect.right() + 6
        for text, y in rows:
            painter.drawText(QPointF(left, y + 4), text)

    def _values(self) -> list[float]:
        return round_values(self._low, self._high, self._rect.height())


def _holding(limits: Sequence[LimitsFrom], day: float) -> LimitsFrom | None:
    """The limits that hold on a day: the last recorded before it, or else the first."""
    before = [step for step in limits if step.on.toordinal() <= day]
    return before[-1] if before else next(iter(limits), None)


def limits_width(font: QFont) -> float:
    """The pixels that the names of limits take right of a panel."""
    metrics = QFontMetricsF(theme.figures(theme.sized(font, 11)))
    return metrics.horizontalAdvance("ULN 8888") + 10

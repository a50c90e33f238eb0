"""The frame of a trend: grid, bands of grades, lines of cycles, name, unit and limits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen

from gui.plots.breaks import draw_break
from gui.plots.course.outside_count import (
    OutsideCount,
    draw_outside_count,
    earlier_text,
    later_text,
)
from gui.plots.course.panel_item import PanelItem
from gui.plots.line_shape import Array
from gui.plots.texts import bold_label_font
from gui.plots.value_scale import can_be_log
from gui.style import theme
from model.course.course import Course
from model.course.grades import GradeBand
from model.course.trends import LimitsFrom, Trend, number_text
from model.dates import date_text
from model.language import _, ngettext

VALUE_WIDTH = 38.0
"""Pixels left of the plot for the values of the grid lines."""

_LINE_HEIGHT = 14.0


@dataclass(frozen=True, slots=True)
class VerticalLine:
    """A day that is marked in all panels: that of a cycle, or of the death of the patient."""

    day: int
    is_cycle: bool = True


def vertical_lines(course: Course) -> tuple[VerticalLine, ...]:
    """Return the days of a course to be marked: those of its cycles, and of the death."""
    cycles = [VerticalLine(cycle.on.toordinal()) for cycle in course.cycles]
    death = [VerticalLine(course.died_on.toordinal(), is_cycle=False)] if course.died_on else []
    return (*cycles, *death)


class PanelFrame(PanelItem):
    """Paints everything in a panel except the data, in pixels of the scene."""

    def __init__(self) -> None:
        super().__init__()
        self.lines: tuple[VerticalLine, ...] = ()
        self._trend: Trend | None = None
        self.bands: tuple[GradeBand, ...] = ()
        self._font = QFont()
        self.log = False
        self._background_caption = ""
        self.days: Array = np.empty(0)
        """The days of the results, of which those out of sight are counted; may be empty."""
        self.outside_counts: list[OutsideCount] = []

    def show_trend(
        self,
        trend: Trend,
        lines: Sequence[VerticalLine],
        bands: Sequence[GradeBand],
        font: QFont,
        *,
        log: bool = False,
    ) -> None:
        """Show the frame of another trend; `log` is whether the user chose a logarithmic scale."""
        self._trend, self.lines, self.bands = trend, tuple(lines), tuple(bands)
        self._font, self.log = font, log
        self.update()

    def show_background_caption(self, caption: str) -> None:
        """Show below the name what the background lines are."""
        self._background_caption = caption
        self.update()

    def boundingRect(self) -> QRectF:
        """Return the whole width, from the name to the limits."""
        return QRectF(0, self._rect.top() - 1, self._rect.right() + 200, self._rect.height() + 2)

    def paint(self, painter: QPainter, *_options: object) -> None:
        """Draw the frame and the texts around it."""
        if self._trend is None:
            return
        painter.save()
        painter.setClipRect(self._rect)
        self._draw_bands(painter)
        self._draw_grid(painter)
        self._draw_lines(painter)
        self._draw_limit_lines(painter, self._trend.limits)
        painter.restore()
        # Antialiasing makes a large outline slow, and vertical and horizontal lines need none.
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setPen(QPen(QColor(theme.current().line), 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(self._rect)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        for x in self._scale.break_xs():
            draw_break(painter, x, self._rect.top(), self._rect.bottom())
        name_bottom = self._draw_name(painter, self._trend)
        limit_ys = self._draw_limits(painter, self._trend)
        self._draw_outside_counts(painter, name_bottom, limit_ys)
        if not self._trend.points:
            painter.setFont(theme.sized(self._font, 12))
            painter.setPen(QColor(theme.current().ink_soft))
            text = (
                _("No results of {analyte} in a known unit")
                if self._trend.not_drawn
                else _("No results of {analyte}")
            )
            text = text.format(analyte=self._trend.name)
            painter.drawText(self._rect, Qt.AlignmentFlag.AlignCenter, text)

    def _draw_bands(self, painter: QPainter) -> None:
        colours = theme.current().bands
        for band in self.bands:
            heights = self._heights
            high = heights.high if band.high is None else min(band.high, heights.high)
            low = heights.low if band.low is None else max(band.low, heights.low)
            if low < high:
                top, bottom = self._heights.y(high), self._heights.y(low)
                rect = QRectF(self._rect.left(), top, self._rect.width(), bottom - top)
                painter.fillRect(rect, QColor(colours[band.grade - 1]))

    def _draw_grid(self, painter: QPainter) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        faint = QColor(theme.current().line)
        faint.setAlphaF(0.65)
        painter.setPen(QPen(faint, 1))
        for tick in self._scale.ticks():
            x = self._scale.x(tick.day)
            painter.drawLine(QLineF(x, self._rect.top(), x, self._rect.bottom()))
        for value in self._heights.grid_values():
            y = self._heights.y(value)
            painter.drawLine(QLineF(self._rect.left(), y, self._rect.right(), y))

    def _draw_lines(self, painter: QPainter) -> None:
        colours = theme.current()
        dashes = QPen(QColor(colours.ac225), 1, Qt.PenStyle.CustomDashLine)
        dashes.setDashPattern([3, 3])
        solid = QPen(QColor(colours.ink_soft), 1.5)
        for line in self.lines:
            x = self._scale.x(line.day)
            if not self._rect.left() <= x <= self._rect.right():
                continue
            painter.setPen(dashes if line.is_cycle else solid)
            painter.drawLine(QLineF(x, self._rect.top(), x, self._rect.bottom()))

    def _draw_limit_lines(self, painter: QPainter, limits: Sequence[LimitsFrom]) -> None:
        """Draw each limit as a dotted line, with a step where it changes.

        The first limits apply before their day as well, the last ones until the end.
        """
        dots = QPen(QColor(theme.current().ink_soft), 1, Qt.PenStyle.CustomDashLine)
        dots.setDashPattern([1.5, 3])
        dots.setCapStyle(Qt.PenCapStyle.FlatCap)
        painter.setPen(dots)
        left, right = self._rect.left(), self._rect.right()
        steps = [min(max(self._scale.x(step.on.toordinal()), left), right) for step in limits[1:]]
        starts, ends = [left, *steps], [*steps, right]
        for name in ("lower", "upper"):
            y_before: float | None = None
            for step, start, end in zip(limits, starts, ends, strict=False):
                value = self._drawable(getattr(step, name))
                y = None if value is None else round(self._heights.y(value)) + 0.5
                if y is not None and y_before is not None and left < start < right:
                    painter.drawLine(QLineF(start, y_before, start, y))
                if y is not None and start < end:
                    painter.drawLine(QLineF(start, y, end, y))
                y_before = y

    def _draw_name(self, painter: QPainter, trend: Trend) -> float:
        """Draw name, unit and values left of the plot; return the pixel below name and unit."""
        colours = theme.current()
        room = QRectF(0, self._rect.top(), self._rect.left() - VALUE_WIDTH - 4, self._rect.height())
        flags = int(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft) | int(
            Qt.TextFlag.TextWordWrap
        )
        painter.setFont(theme.sized(self._font, 12, QFont.Weight.DemiBold))
        painter.setPen(QColor(colours.ink))
        used = painter.drawText(room, flags, trend.name)
        painter.setFont(theme.sized(self._font, 11))
        painter.setPen(QColor(colours.ink_soft))
        below = room.adjusted(0, used.height() + 1, 0, 0)
        for text in (trend.unit, self._axis_note(trend), self._background_caption):
            if text:
                used = painter.drawText(below, flags, text)
                below = below.adjusted(0, used.height() + 1, 0, 0)
        painter.setFont(theme.figures(theme.sized(self._font, 10)))
        for value in self._heights.grid_values() if trend.points else ():
            y = self._heights.y(value)
            if self._rect.top() + 5 <= y <= self._rect.bottom() - 1:
                y = min(y, self._rect.bottom() - 4)
                rect = QRectF(self._rect.left() - VALUE_WIDTH, y - 7, VALUE_WIDTH - 6, _LINE_HEIGHT)
                alignment = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
                painter.drawText(rect, alignment, number_text(value))
        return below.top()

    def _draw_limits(self, painter: QPainter, trend: Trend) -> list[float]:
        """Draw the limits that apply at the right end of the axis, clear of one another.

        Return the y positions of the texts.
        """
        limits = _limits_on(trend.limits, self._scale.last)
        if limits is None:
            return []
        names = [(_("ULN"), limits.upper), (_("LLN"), limits.lower)]
        rows = [
            (f"{name} {number_text(value)}", self._heights.y(value))
            for name, value in names
            if self._drawable(value) is not None and value is not None
        ]
        if len(rows) == 2 and rows[1][1] - rows[0][1] < _LINE_HEIGHT:
            middle = (rows[0][1] + rows[1][1]) / 2
            rows = [
                (rows[0][0], middle - _LINE_HEIGHT / 2),
                (rows[1][0], middle + _LINE_HEIGHT / 2),
            ]
        if (source := trend.mark(limits)) and rows:
            rows = _with_source(rows, source, self._rect.bottom())
        painter.setFont(theme.figures(theme.sized(self._font, 11)))
        painter.setPen(QColor(theme.current().ink_soft))
        left = self._rect.right() + 6
        for text, y in rows:
            painter.drawText(QPointF(left, y + 4), text)
        return [y for _text, y in rows]

    def _draw_outside_counts(
        self, painter: QPainter, name_bottom: float, limit_ys: Sequence[float]
    ) -> None:
        """Draw how many results are out of sight: below the name, and between the limits."""
        self.outside_counts = []
        days, rect = self.days, self._rect
        first = int(np.searchsorted(days, self._scale.first))
        last = int(np.searchsorted(days, self._scale.last, side="right"))
        painter.setFont(bold_label_font(self._font))
        if first and name_bottom + _LINE_HEIGHT <= rect.bottom() + 1:
            count_rect = draw_outside_count(
                painter, earlier_text(first), 0, name_bottom, _LINE_HEIGHT
            )
            self.outside_counts.append(_outside_count(days[:first], count_rect))
        if last < days.size:
            half = _LINE_HEIGHT / 2
            middles = (rect.bottom() - half, rect.top() + half, rect.center().y())
            free = [
                middle
                for middle in middles
                if all(abs(middle - y) >= _LINE_HEIGHT for y in limit_ys)
            ]
            if free:
                text, top = later_text(days.size - last), free[0] - half
                count_rect = draw_outside_count(painter, text, rect.right() + 6, top, _LINE_HEIGHT)
                self.outside_counts.append(_outside_count(days[last:], count_rect))

    def _axis_note(self, trend: Trend) -> str:
        """Return a note that the scale is logarithmic, or why it is not although it was chosen."""
        if not self.log or not trend.points:
            return ""
        if not can_be_log(trend):
            return _("not log: values ≤ 0")
        zeros = int((trend.values <= 0).sum())
        return _("log, {n} of 0 at foot").format(n=zeros) if zeros else _("log")

    def _drawable(self, limit: float | None) -> float | None:
        """Return a limit if the scale can show it, which a logarithmic one cannot for zero."""
        return None if limit is None or (self._heights.log and limit <= 0) else limit


def _outside_count(days: Array, rect: QRectF) -> OutsideCount:
    """Return the count of results on these days, which is drawn in a rectangle."""
    first, last = int(days[0]), int(days[-1])

    def tip() -> str:
        text = ngettext("{n} result, {first}", "{n} results, {first} to {last}", days.size)
        ends = [date_text(date.fromordinal(day)) for day in (first, last)]
        return text.format(n=days.size, first=ends[0], last=ends[1])

    return OutsideCount(rect, first, last, tip)


def _limits_on(limits: Sequence[LimitsFrom], day: float) -> LimitsFrom | None:
    """Return the limits that apply on a day: the last ones recorded by then, or else the first."""
    before = [step for step in limits if step.on.toordinal() <= day]
    return before[-1] if before else next(iter(limits), None)


def _with_source(
    rows: list[tuple[str, float]], source: str, bottom: float
) -> list[tuple[str, float]]:
    """Add the source of the limits below the lowest row, or above it if there is no room below."""
    lowest = rows[-1][1]
    if lowest + 1.5 * _LINE_HEIGHT <= bottom:
        return [*rows, (source, lowest + _LINE_HEIGHT)]
    if len(rows) == 1 or lowest - rows[-2][1] >= 2 * _LINE_HEIGHT:
        return [*rows, (source, lowest - _LINE_HEIGHT)]
    return [*((text, y - _LINE_HEIGHT) for text, y in rows), (source, lowest)]


def limits_width(font: QFont) -> float:
    """Return the pixels that limits with their names take right of a panel."""
    metrics = QFontMetricsF(theme.figures(theme.sized(font, 11)))
    return metrics.horizontalAdvance("ULN 88.88") + 10

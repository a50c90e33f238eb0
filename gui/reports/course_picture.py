"""The course on paper: lanes as in the window, above panels of analytes on the same time axis."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace

from PySide6.QtCore import QLineF, QRectF
from PySide6.QtGui import QColor, QPen

from gui.plots.bar_shape import bar_shape
from gui.plots.course import lane_bars, lane_marks
from gui.plots.texts import ROW_HEIGHT
from gui.plots.ticks import Tick
from gui.plots.time_scale import TimeScale
from gui.plots.value_scale import value_scale
from gui.reports.analyte_panel import LIMIT_WIDTH, NAME_WIDTH, AnalytePanel
from gui.reports.text_writer import BOLD, COMMA, PLAIN, TextWriter
from gui.style.theme import LIGHT
from model.course.marks import Bar
from model.documents.summary import Calendar, Summary
from model.language import _

AXIS = 13.0
MIN_PANEL_HEIGHT, MAX_PANEL_HEIGHT = 42.0, 78.0
"""Limits of the height of a panel in points."""

_LANE_SCALE = 0.7
"""Points per pixel in the lanes, so that their smallest text of 10 pixels has 7 points."""

_LANE_GAP = 2.0
_GAP = 5.0
_TEXT_POINTS = 7.5
_LINE = 9.5
_ROW = ROW_HEIGHT * _LANE_SCALE
_MAX_LINES = 2
_THERAPY_ROWS, _TOXICITY_ROWS = 3, 5
_STEPS = (1, 7, 14, 28, 50, 100, 200, 500, 1000, 2000, 5000)
_TICK_DISTANCE = 52.0


@dataclass(frozen=True, slots=True)
class _BarLane:
    """A lane of bars: the bars to draw, the row of each, and the lines of text below them."""

    bars: tuple[Bar, ...]
    rows: tuple[int, ...]
    lines: tuple[str, ...]
    left_out: int
    title: str = ""

    def with_title(self, title: str, empty_text: str) -> _BarLane:
        """Return the lane with a title, and with `empty_text` as its text if it is empty."""
        is_empty = not (self.bars or self.left_out or self.lines)
        return replace(self, title=title, lines=(empty_text,) if is_empty else self.lines)

    @property
    def bars_height(self) -> float:
        """The height of the bars in points."""
        return (max(self.rows, default=-1) + 1) * _ROW

    @property
    def height(self) -> float:
        """The height of the lane in points."""
        text_height = _ROW + (len(self.lines) - 1) * _LINE if self.lines else 0.0
        return max(self.bars_height + text_height, _ROW)


class CoursePicture:
    """The picture of a course for a width, which is laid out when it is created."""

    def __init__(self, writer: TextWriter, summary: Summary, width: float) -> None:
        self._writer = writer
        self._summary = summary
        course = summary.course
        self._course = course if not summary.calendar.origin else replace(course, died_on=None)
        span = course.span
        # An axis on paper cannot be moved, so it shows everything but earlier therapies, which are
        # listed as text.
        first, last = (
            (span.observed_first.toordinal(), span.observed_last.toordinal()) if span else (0, 1)
        )
        plot = width - NAME_WIDTH - LIMIT_WIDTH
        self._scale = TimeScale(first, last, NAME_WIDTH, plot)
        self._pixels = TimeScale(first, last, 0, plot / _LANE_SCALE)
        therapies = self._lay_out_lane(course.therapies, course.undated_therapies, _THERAPY_ROWS)
        toxicities = self._lay_out_lane(
            course.toxicities, course.undated_toxicities, _TOXICITY_ROWS
        )
        self._therapies = therapies.with_title(_("Therapy"), _("No therapies recorded"))
        self._toxicities = toxicities.with_title(_("Toxicity"), _("No toxicities recorded"))
        self.panels = self._panels() if span else ()

    @property
    def is_empty(self) -> bool:
        """Whether there is nothing to draw because nothing with a date is recorded."""
        return self._summary.course.span is None

    def height(self, panel_height: float = MIN_PANEL_HEIGHT, panels: int | None = None) -> float:
        """Return the height in points with panels of a height; zero if the picture is empty."""
        if self.is_empty:
            return 0.0
        count = len(self.panels) if panels is None else min(panels, len(self.panels))
        left_out = len(self._left_out_lines(count))
        return self._lanes_height() + count * (panel_height + _GAP) + AXIS + left_out * _LINE

    def draw(self, rect: QRectF) -> None:
        """Draw lanes, as many panels as fit into the rectangle, and the axis."""
        count = len(self.panels)
        while count and self.height(MIN_PANEL_HEIGHT, count) > rect.height() + 0.1:
            count -= 1
        panels, lines = self.panels[:count], self._left_out_lines(count)
        room = rect.height() - self._lanes_height() - AXIS - len(lines) * _LINE
        ticks = self._ticks()
        painter = self._writer.painter
        painter.save()
        painter.translate(rect.left(), rect.top())
        y = self._draw_lanes()
        height = min(room / len(panels) - _GAP, MAX_PANEL_HEIGHT) if panels else 0.0
        for panel in panels:
            plot = QRectF(NAME_WIDTH, y, self._scale.width, height)
            panel.draw(self._writer, plot, self._scale, [tick.day for tick in ticks])
            y += height + _GAP
        self._draw_axis(y - _GAP, ticks)
        for number, line in enumerate(lines):
            top = y - _GAP + AXIS + number * _LINE
            line_rect = QRectF(NAME_WIDTH, top, self._scale.width, _LINE)
            self._writer.write(line_rect, line, 7, colour=LIGHT.ink_soft)
        painter.restore()

    def _left_out_lines(self, count: int) -> list[str]:
        """Return lines that name the panels that do not fit, and the analytes without results."""
        beyond = [panel.trend.name for panel in self.panels[count:]]
        course = self._summary.course
        trends = [course.trend(key) for key in self._summary.bands]
        without = [trend.name for trend in trends if not trend.points]
        lines = []
        if beyond:
            lines.append(_("Not shown (no room): {analytes}").format(analytes=", ".join(beyond)))
        if without:
            lines.append(_("No results of {analytes}").format(analytes=", ".join(without)))
        return [self._writer.elide(line, self._scale.width, 7) for line in lines]

    def _panels(self) -> tuple[AnalytePanel, ...]:
        course = self._summary.course
        cycles = tuple(cycle.on.toordinal() for cycle in course.cycles)
        died = course.died_on.toordinal() if course.died_on else None
        panels = []
        for key, bands in self._summary.bands.items():
            trend = course.trend(key)
            if trend.points:
                panels.append(AnalytePanel(trend, bands, value_scale(trend, bands), cycles, died))
        return tuple(panels)

    # Lanes

    def _lay_out_lane(self, bars: Sequence[Bar], undated: Sequence[str], max_rows: int) -> _BarLane:
        """Lay out the bars within the axis; list earlier ones and those without dates as text.

        If the bars need more than `max_rows` rows, those of the lowest grades that end first are
        left out and counted.
        """
        scale, font = self._pixels, self._writer.base
        shapes = [(bar, bar_shape(bar, scale)) for bar in bars]
        inside = [bar for bar, shape in shapes if shape.right >= 0 and shape.left <= scale.width]
        earlier = [bar.label for bar, shape in shapes if shape.right < 0]
        lines: list[str] = []
        for names, text in (
            (earlier, _("Earlier: {first}")),
            (list(undated), _("Without dates: {first}")),
        ):
            if names:
                first, *others = names
                texts = [text.format(first=first), *others]
                lines += self._writer.wrap_names(
                    texts, COMMA, self._scale.width, _TEXT_POINTS, _MAX_LINES
                )
        drawn = list(inside)
        while (rows := lane_bars.lay_out_bars(drawn, scale, font)) and max(rows) >= max_rows:
            drawn.remove(min(drawn, key=lambda bar: (bar.grade or 0, bar_shape(bar, scale).right)))
        return _BarLane(tuple(drawn), rows, tuple(lines), len(inside) - len(drawn))

    def _lanes_height(self) -> float:
        return self._therapies.height + self._toxicities.height + 2 * _ROW + 4 * _LANE_GAP + 2

    def _draw_lanes(self) -> float:
        """Draw the four lanes; return the top of the panels."""
        row = _ROW
        y = self._draw_bars(self._therapies, 0.0)
        self._write_title(_("Cycles"), y)
        self._write_title(_("Imaging"), y + row + _LANE_GAP)
        course, font, painter = self._course, self._writer.base, self._writer.painter
        with self._in_pixels(y, row):
            lane_marks.draw_cycles(painter, self._pixels, course, 0, font)
        if not course.cycles:
            self._write(_("No cycles yet"), y)
        y += row + _LANE_GAP
        with self._in_pixels(y, row):
            lane_marks.draw_images(painter, self._pixels, course, 0, font)
        if not course.images:
            self._write(_("No imaging yet"), y)
        return self._draw_bars(self._toxicities, y + row + _LANE_GAP) + 2

    def _draw_bars(self, lane: _BarLane, y: float) -> float:
        self._write_title(lane.title, y)
        if lane.left_out:
            more = _("and {n} more").format(n=lane.left_out)
            self._write_title(more, y + 9, LIGHT.ink_soft)
        with self._in_pixels(y, lane.height):
            lane_bars.draw_bars(
                self._writer.painter, self._pixels, lane.bars, lane.rows, 0, self._writer.base
            )
        for number, line in enumerate(lane.lines):
            self._write(line, y + lane.bars_height + number * _LINE)
        return y + lane.height + _LANE_GAP

    def _write_title(self, text: str, y: float, colour: str = LIGHT.ink) -> None:
        weight = BOLD if colour == LIGHT.ink else PLAIN
        rect = QRectF(0, y, NAME_WIDTH - 6, _ROW)
        self._writer.write(rect, text, _TEXT_POINTS, weight=weight, colour=colour)

    def _write(self, text: str, y: float) -> None:
        rect = QRectF(NAME_WIDTH, y, self._scale.width, _ROW)
        self._writer.write(rect, text, _TEXT_POINTS, colour=LIGHT.ink_soft)

    @contextmanager
    def _in_pixels(self, y: float, height: float) -> Iterator[None]:
        """Scale the painter to pixels of the lanes, move its origin to `y`, and clip it."""
        painter = self._writer.painter
        painter.save()
        painter.translate(NAME_WIDTH, y)
        painter.scale(_LANE_SCALE, _LANE_SCALE)
        painter.setClipRect(QRectF(-1, 0, self._pixels.width + 2, height / _LANE_SCALE))
        yield
        painter.restore()

    # The axis

    def _ticks(self) -> list[Tick]:
        calendar = self._summary.calendar
        return self._scale.ticks() if calendar.origin is None else self._day_ticks(calendar)

    def _day_ticks(self, calendar: Calendar) -> list[Tick]:
        """Return ticks at round numbers of days since the origin."""
        origin = calendar.origin.toordinal() if calendar.origin else 0
        scale = self._scale
        room = scale.length / scale.width * _TICK_DISTANCE
        step = next((step for step in _STEPS if step >= room), _STEPS[-1])
        first = math.ceil((scale.first - origin) / step)
        last = math.floor((scale.last - origin) / step)
        days = [origin + number * step for number in range(first, last + 1)]
        return [Tick(day, calendar.day_number(day - origin)) for day in days]

    def _draw_axis(self, y: float, ticks: Sequence[Tick]) -> None:
        writer, scale = self._writer, self._scale
        writer.painter.setPen(QPen(QColor(LIGHT.edge), 0.5))
        for tick in ticks:
            x = scale.x(tick.day)
            writer.painter.drawLine(QLineF(x, y, x, y + 2.5))
            width = writer.width(tick.label, 7)
            left = min(max(x - width / 2, NAME_WIDTH), scale.right + LIMIT_WIDTH - width)
            writer.write(QRectF(left, y + 3, width, 9), tick.label, 7, colour=LIGHT.ink_soft)
            writer.painter.setPen(QPen(QColor(LIGHT.edge), 0.5))
        if name := self._summary.calendar.name:
            writer.write(QRectF(0, y + 3, NAME_WIDTH - 4, 9), name, 7, colour=LIGHT.ink_soft)

"""The course on paper: the lanes of the window above panels of analytes, on one time axis."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace

from PySide6.QtCore import QLineF, QRectF
from PySide6.QtGui import QColor, QPen

from gui.plots.bar_shape import bar_shape
from gui.plots.course import lane_bars, lane_marks
from gui.plots.texts import ROW
from gui.plots.ticks import Tick
from gui.plots.time_scale import TimeScale
from gui.plots.value_scale import value_scale
from gui.reports.analyte_panel import LIMITS, NAMES, AnalytePanel
from gui.reports.ink import BOLD, COMMA, PLAIN, Ink
from gui.style.theme import LIGHT
from model.course.marks import Bar
from model.documents.summary import Calendar, Summary
from model.language import _

AXIS = 13.0
LOWEST, HIGHEST = 42.0, 78.0
"""The height of a panel in points."""

_LANE = 0.7
"""Points to a pixel of the lanes: their smallest text, of ten pixels, has seven points."""

_BETWEEN = 2.0
_GAP = 5.0
_WORDS = 7.5
_LINE = 9.5
_ROW = ROW * _LANE
_MOST_LINES = 2
_THERAPY_ROWS, _TOXICITY_ROWS = 3, 5
_STEPS = (1, 7, 14, 28, 50, 100, 200, 500, 1000, 2000, 5000)
_DATE_ROOM = 52.0


@dataclass(frozen=True, slots=True)
class _BarLane:
    """A lane of bars: those drawn, the row of each, and the lines of text below them."""

    bars: tuple[Bar, ...]
    of_bars: tuple[int, ...]
    lines: tuple[str, ...]
    left_out: int
    title: str = ""

    def titled(self, title: str, nothing: str) -> _BarLane:
        """Return the lane with its title, and with `nothing` as its text if it is empty."""
        is_empty = not (self.bars or self.left_out or self.lines)
        return replace(self, title=title, lines=(nothing,) if is_empty else self.lines)

    @property
    def bars_height(self) -> float:
        """The height of the bars in points."""
        return (max(self.of_bars, default=-1) + 1) * _ROW

    @property
    def height(self) -> float:
        """The height of the lane in points."""
        words = _ROW + (len(self.lines) - 1) * _LINE if self.lines else 0.0
        return max(self.bars_height + words, _ROW)


class CoursePicture:
    """The picture of one report for one width, laid out when it is created."""

    def __init__(self, ink: Ink, report: Summary, width: float) -> None:
        self._ink = ink
        self._report = report
        course = report.course
        self._course = course if not report.calendar.origin else replace(course, died_on=None)
        span = course.span
        # On paper nobody can move the axis: it has everything but the earlier therapies, which are
        # listed.
        first, last = (
            (span.observed_first.toordinal(), span.observed_last.toordinal()) if span else (0, 1)
        )
        plot = width - NAMES - LIMITS
        self._scale = TimeScale(first, last, NAMES, plot)
        self._pixels = TimeScale(first, last, 0, plot / _LANE)
        therapies = self._lane(course.therapies, course.undated_therapies, _THERAPY_ROWS)
        toxicities = self._lane(course.toxicities, course.undated_toxicities, _TOXICITY_ROWS)
        self._therapies = therapies.titled(_("Therapy"), _("No therapies recorded"))
        self._toxicities = toxicities.titled(_("Toxicity"), _("No toxicities recorded"))
        self.panels = self._panels() if span else ()

    @property
    def is_empty(self) -> bool:
        """Whether nothing dated is recorded: then there is nothing to draw."""
        return self._report.course.span is None

    def height(self, panel: float = LOWEST, panels: int | None = None) -> float:
        """Return its height in points with panels of this height; zero if it is empty."""
        if self.is_empty:
            return 0.0
        count = len(self.panels) if panels is None else min(panels, len(self.panels))
        left_out = len(self._not_drawn(count))
        return self._lanes_height() + count * (panel + _GAP) + AXIS + left_out * _LINE

    def draw(self, place: QRectF) -> None:
        """Draw lanes, as many panels as fit, and the axis, filling the height of a place."""
        count = len(self.panels)
        while count and self.height(LOWEST, count) > place.height() + 0.1:
            count -= 1
        shown, words = self.panels[:count], self._not_drawn(count)
        room = place.height() - self._lanes_height() - AXIS - len(words) * _LINE
        ticks = self._ticks()
        painter = self._ink.painter
        painter.save()
        painter.translate(place.left(), place.top())
        y = self._draw_lanes()
        high = min(room / len(shown) - _GAP, HIGHEST) if shown else 0.0
        for panel in shown:
            plot = QRectF(NAMES, y, self._scale.width, high)
            panel.draw(self._ink, plot, self._scale, [tick.day for tick in ticks])
            y += high + _GAP
        self._draw_axis(y - _GAP, ticks)
        for number, line in enumerate(words):
            top = y - _GAP + AXIS + number * _LINE
            where = QRectF(NAMES, top, self._scale.width, _LINE)
            self._ink.write(where, line, 7, colour=LIGHT.ink_soft)
        painter.restore()

    def _not_drawn(self, count: int) -> list[str]:
        """Return lines that name the panels that do not fit, and the analytes without results."""
        beyond = [panel.trend.name for panel in self.panels[count:]]
        course = self._report.course
        trends = [course.trend(key) for key in self._report.bands]
        without = [trend.name for trend in trends if not trend.points]
        lines = []
        if beyond:
            lines.append(_("Not shown (no room): {analytes}").format(analytes=", ".join(beyond)))
        if without:
            lines.append(_("No results of {analytes}").format(analytes=", ".join(without)))
        return [self._ink.short(line, self._scale.width, 7) for line in lines]

    def _panels(self) -> tuple[AnalytePanel, ...]:
        course = self._report.course
        cycles = tuple(cycle.on.toordinal() for cycle in course.cycles)
        died = course.died_on.toordinal() if course.died_on else None
        panels = []
        for key, bands in self._report.bands.items():
            trend = course.trend(key)
            if trend.points:
                panels.append(AnalytePanel(trend, bands, value_scale(trend, bands), cycles, died))
        return tuple(panels)

    # Lanes

    def _lane(self, bars: Sequence[Bar], undated: Sequence[str], most_rows: int) -> _BarLane:
        """Lay out the visible bars; name those before the axis and those without dates.

        If they take too many rows, the lowest grades and the shortest are left out and counted.
        """
        scale, font = self._pixels, self._ink.base
        shapes = [(bar, bar_shape(bar, scale)) for bar in bars]
        inside = [bar for bar, shape in shapes if shape.right >= 0 and shape.left <= scale.width]
        earlier = [bar.label for bar, shape in shapes if shape.right < 0]
        lines: list[str] = []
        for names, words in (
            (earlier, _("Earlier: {first}")),
            (list(undated), _("Without dates: {first}")),
        ):
            if names:
                first, *others = names
                listed = [words.format(first=first), *others]
                lines += self._ink.listed(listed, COMMA, self._scale.width, _WORDS, _MOST_LINES)
        shown = list(inside)
        while (rows := lane_bars.layout(shown, scale, font)) and max(rows) >= most_rows:
            shown.remove(min(shown, key=lambda bar: (bar.grade or 0, bar_shape(bar, scale).right)))
        return _BarLane(tuple(shown), rows, tuple(lines), len(inside) - len(shown))

    def _lanes_height(self) -> float:
        return self._therapies.height + self._toxicities.height + 2 * _ROW + 4 * _BETWEEN + 2

    def _draw_lanes(self) -> float:
        """Draw the four lanes; return the top of the panels."""
        row = _ROW
        y = self._draw_bars(self._therapies, 0.0)
        self._title(_("Cycles"), y)
        self._title(_("Imaging"), y + row + _BETWEEN)
        course, font, painter = self._course, self._ink.base, self._ink.painter
        with self._in_pixels(y, row):
            lane_marks.draw_cycles(painter, self._pixels, course, 0, font)
        if not course.cycles:
            self._write(_("No cycles yet"), y)
        y += row + _BETWEEN
        with self._in_pixels(y, row):
            lane_marks.draw_images(painter, self._pixels, course, 0, font)
        if not course.images:
            self._write(_("No imaging yet"), y)
        return self._draw_bars(self._toxicities, y + row + _BETWEEN) + 2

    def _draw_bars(self, lane: _BarLane, y: float) -> float:
        self._title(lane.title, y)
        if lane.left_out:
            more = _("and {n} more").format(n=lane.left_out)
            self._title(more, y + 9, LIGHT.ink_soft)
        with self._in_pixels(y, lane.height):
            lane_bars.draw(
                self._ink.painter, self._pixels, lane.bars, lane.of_bars, 0, self._ink.base
            )
        for number, line in enumerate(lane.lines):
            self._write(line, y + lane.bars_height + number * _LINE)
        return y + lane.height + _BETWEEN

    def _title(self, text: str, y: float, colour: str = LIGHT.ink) -> None:
        weight = BOLD if colour == LIGHT.ink else PLAIN
        place = QRectF(0, y, NAMES - 6, _ROW)
        self._ink.write(place, text, _WORDS, weight=weight, colour=colour)

    def _write(self, text: str, y: float) -> None:
        place = QRectF(NAMES, y, self._scale.width, _ROW)
        self._ink.write(place, text, _WORDS, colour=LIGHT.ink_soft)

    @contextmanager
    def _in_pixels(self, y: float, height: float) -> Iterator[None]:
        """Let the painter count in pixels of the lanes from a height on, clipped to the lane."""
        painter = self._ink.painter
        painter.save()
        painter.translate(NAMES, y)
        painter.scale(_LANE, _LANE)
        painter.setClipRect(QRectF(-1, 0, self._pixels.width + 2, height / _LANE))
        yield
        painter.restore()

    # The axis

    def _ticks(self) -> list[Tick]:
        calendar = self._report.calendar
        return self._scale.ticks() if calendar.origin is None else self._days(calendar)

    def _days(self, calendar: Calendar) -> list[Tick]:
        """Return ticks on round numbers of days since the origin."""
        origin = calendar.origin.toordinal() if calendar.origin else 0
        scale = self._scale
        room = scale.length / scale.width * _DATE_ROOM
        step = next((step for step in _STEPS if step >= room), _STEPS[-1])
        first = math.ceil((scale.first - origin) / step)
        last = math.floor((scale.last - origin) / step)
        days = [origin + number * step for number in range(first, last + 1)]
        return [Tick(day, calendar.written(day - origin)) for day in days]

    def _draw_axis(self, y: float, ticks: Sequence[Tick]) -> None:
        ink, scale = self._ink, self._scale
        ink.painter.setPen(QPen(QColor(LIGHT.edge), 0.5))
        for tick in ticks:
            x = scale.x(tick.day)
            ink.painter.drawLine(QLineF(x, y, x, y + 2.5))
            width = ink.width(tick.label, 7)
            left = min(max(x - width / 2, NAMES), scale.right + LIMITS - width)
            ink.write(QRectF(left, y + 3, width, 9), tick.label, 7, colour=LIGHT.ink_soft)
            ink.painter.setPen(QPen(QColor(LIGHT.edge), 0.5))
        if name := self._report.calendar.name:
            ink.write(QRectF(0, y + 3, NAMES - 4, 9), name, 7, colour=LIGHT.ink_soft)

"""The course on paper: the lanes of the window over panels of analytes, on one axis."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace

from PySide6.QtCore import QLineF, QRectF
from PySide6.QtGui import QColor, QPen

from gui.plots.bar_shape import bar_shape
from gui.plots.course import lane_bars, lane_marks
from gui.plots.lane_text import ROW
from gui.plots.ticks import Tick
from gui.plots.time_scale import TimeScale
from gui.plots.value_scale import value_scale
from gui.reports.analyte_panel import LIMITS, NAMES, AnalytePanel
from gui.reports.ink import BOLD, COMMA, PLAIN, Ink
from gui.style.theme import LIGHT
from model.course.marks import Bar
from model.documents.summary import Calendar, Report

AXIS = 13.0
LOWEST, HIGHEST = 42.0, 78.0
"""Points that a panel is high."""

_LANE = 0.7
"""Points to a pixel of the lanes: their smallest letters, of ten pixels, have seven points."""

_BETWEEN = 2.0
_GAP = 5.0
_WORDS = 7.5
_LINE = 9.5
_ROW = ROW * _LANE
_MOST_LINES = 2
_MOST_ROWS = {"Therapy": 3, "Toxicity": 5}
_STEPS = (1, 7, 14, 28, 50, 100, 200, 500, 1000, 2000, 5000)
_DATE_ROOM = 52.0


@dataclass(frozen=True, slots=True)
class _BarLane:
    """A lane of bars: those that are drawn, the row of each, and what is said in words."""

    title: str
    bars: tuple[Bar, ...]
    of_bars: tuple[int, ...]
    said: tuple[str, ...]
    left_out: int

    @property
    def bars_height(self) -> float:
        """The points that its bars take."""
        return (max(self.of_bars, default=-1) + 1) * _ROW

    @property
    def height(self) -> float:
        """The points that it takes."""
        words = _ROW + (len(self.said) - 1) * _LINE if self.said else 0.0
        return max(self.bars_height + words, _ROW)


class CoursePicture:
    """The picture of one report for one width: laid out when made, drawn where it is put."""

    def __init__(self, ink: Ink, report: Report, width: float) -> None:
        self._ink = ink
        self._report = report
        course = report.course
        self._course = course if not report.calendar.origin else replace(course, died_on=None)
        span = course.span
        first, last = (span.first.toordinal(), span.last.toordinal()) if span else (0, 1)
        plot = width - NAMES - LIMITS
        self._scale = TimeScale(first, last, NAMES, plot)
        self._pixels = TimeScale(first, last, 0, plot / _LANE)
        self._given = self._lane(
            "Therapy", course.therapies, course.undated_therapies, "No therapies recorded"
        )
        self._events = self._lane(
            "Toxicity", course.toxicities, course.undated_toxicities, "No toxicities recorded"
        )
        self.panels = self._panels() if span else ()

    @property
    def is_empty(self) -> bool:
        """Whether nothing with a date is recorded: then there is nothing to draw."""
        return self._report.course.span is None

    def height(self, panel: float = LOWEST, panels: int | None = None) -> float:
        """The points that it takes with panels of this height; none when it is empty."""
        if self.is_empty:
            return 0.0
        count = len(self.panels) if panels is None else min(panels, len(self.panels))
        left_out = len(self._not_drawn(count))
        return self._lanes_height() + count * (panel + _GAP) + AXIS + left_out * _LINE

    def draw(self, place: QRectF) -> None:
        """Draw lanes, as many panels as have room, and the axis, filling a place's height."""
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
        """Name in lines the panels beyond so many, and the analytes without results."""
        beyond = [panel.trend.name for panel in self.panels[count:]]
        course = self._report.course
        trends = [course.trend(key) for key in self._report.bands]
        without = [trend.name for trend in trends if not trend.points]
        said = []
        if beyond:
            said.append(f"Not drawn, for want of room: {', '.join(beyond)}")
        if without:
            said.append(f"No results of {', '.join(without)}")
        return [self._ink.short(line, self._scale.width, 7) for line in said]

    def _panels(self) -> tuple[AnalytePanel, ...]:
        course = self._report.course
        cycles = tuple(cycle.on.toordinal() for cycle in course.cycles)
        died = course.died_on.toordinal() if course.died_on else None
        found = []
        for key, bands in self._report.bands.items():
            trend = course.trend(key)
            if trend.points:
                found.append(AnalytePanel(trend, bands, value_scale(trend, bands), cycles, died))
        return tuple(found)

    # Lanes

    def _lane(
        self, title: str, bars: Sequence[Bar], undated: Sequence[str], nothing: str
    ) -> _BarLane:
        """Lay out the bars in sight; name in words those before the axis and those without dates.

        Of more than there is room for, the lower grades and the shorter are left out and counted.
        """
        scale, font = self._pixels, self._ink.base
        shapes = [(bar, bar_shape(bar, scale)) for bar in bars]
        inside = [bar for bar, shape in shapes if shape.right >= 0 and shape.left <= scale.width]
        earlier = [bar.label for bar, shape in shapes if shape.right < 0]
        said: list[str] = []
        for what, names in (("Earlier:", earlier), ("Without dates:", undated)):
            if names:
                first, *others = names
                named = [f"{what} {first}", *others]
                said += self._ink.listed(named, COMMA, self._scale.width, _WORDS, _MOST_LINES)
        if not (said or inside):
            said = [nothing]
        kept = list(inside)
        while (rows := lane_bars.layout(kept, scale, font)) and max(rows) >= _MOST_ROWS[title]:
            lowest = min(kept, key=lambda bar: (bar.grade or 0, bar_shape(bar, scale).right))
            kept.remove(lowest)
        return _BarLane(title, tuple(kept), rows, tuple(said), len(inside) - len(kept))

    def _lanes_height(self) -> float:
        return self._given.height + self._events.height + 2 * _ROW + 4 * _BETWEEN + 2

    def _draw_lanes(self) -> float:
        """Draw the four lanes; gives back where the panels begin."""
        row = _ROW
        y = self._draw_bars(self._given, 0.0)
        self._title("Cycles", y)
        self._title("Imaging", y + row + _BETWEEN)
        course, font, painter = self._course, self._ink.base, self._ink.painter
        with self._in_pixels(y, row):
            lane_marks.draw_cycles(painter, self._pixels, course, 0, font)
        if not course.cycles:
            self._say("No cycles yet", y)
        y += row + _BETWEEN
        with self._in_pixels(y, row):
            lane_marks.draw_images(painter, self._pixels, course, 0, font)
        if not course.images:
            self._say("No imaging yet", y)
        return self._draw_bars(self._events, y + row + _BETWEEN) + 2

    def _draw_bars(self, lane: _BarLane, y: float) -> float:
        self._title(lane.title, y)
        if lane.left_out:
            self._title(f"and {lane.left_out} more", y + 9, LIGHT.ink_soft)
        with self._in_pixels(y, lane.height):
            lane_bars.draw(
                self._ink.painter, self._pixels, lane.bars, lane.of_bars, 0, self._ink.base
            )
        for number, line in enumerate(lane.said):
            self._say(line, y + lane.bars_height + number * _LINE)
        return y + lane.height + _BETWEEN

    def _title(self, text: str, y: float, colour: str = LIGHT.ink) -> None:
        weight = BOLD if colour == LIGHT.ink else PLAIN
        place = QRectF(0, y, NAMES - 6, _ROW)
        self._ink.write(place, text, _WORDS, weight=weight, colour=colour)

    def _say(self, text: str, y: float) -> None:
        place = QRectF(NAMES, y, self._scale.width, _ROW)
        self._ink.write(place, text, _WORDS, colour=LIGHT.ink_soft)

    @contextmanager
    def _in_pixels(self, y: float, height: float) -> Iterator[None]:
        """Inside it the painter counts pixels of the lanes, from a height on, and stays within."""
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
        """Ticks on round days since the origin."""
        origin = calendar.origin.toordinal() if calendar.origin else 0
        scale = self._scale
        room = scale.length / scale.width * _DATE_ROOM
        step = next((step for step in _STEPS if step >= room), _STEPS[-1])
        first = math.ceil((scale.first - origin) / step)
        last = math.floor((scale.last - origin) / step)
        found = [origin + number * step for number in range(first, last + 1)]
        return [Tick(day, calendar.written(day - origin)) for day in found]

    def _draw_axis(self, y: float, ticks: Sequence[Tick]) -> None:
        ink, scale = self._ink, self._scale
        ink.painter.setPen(QPen(QColor(LIGHT.edge), 0.5))
        for tick in ticks:
            x = scale.x(tick.day)
            ink.painter.drawLine(QLineF(x, y, x, y + 2.5))
            wide = ink.width(tick.label, 7)
            left = min(max(x - wide / 2, NAMES), scale.right + LIMITS - wide)
            ink.write(QRectF(left, y + 3, wide, 9), tick.label, 7, colour=LIGHT.ink_soft)
            ink.painter.setPen(QPen(QColor(LIGHT.edge), 0.5))
        if name := self._report.calendar.name:
            ink.write(QRectF(0, y + 3, NAMES - 4, 9), name, 7, colour=LIGHT.ink_soft)

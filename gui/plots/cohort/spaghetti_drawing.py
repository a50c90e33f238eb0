"""How all courses of an analyte are drawn: one line of many, its median, the limits of normal."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pyqtgraph as pg
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPainterPath, QPen, QTransform

from gui.plots.cohort.drawing import SIDE, Drawing, Mark
from gui.plots.cohort.texts import LINE, Entry, write
from gui.plots.line_shape import Array
from gui.plots.ticks import DAY_STEPS
from gui.plots.time_scale import TimeScale
from gui.plots.value_scale import ValueScale
from gui.style import theme
from gui.words import grouped, number_text
from model.cohort.spaghetti import WINDOW, Spaghetti, Strand
from model.course.overlay import AFTER, BEFORE
from model.language import ngettext

_TOP = 22.0  # with the unit over the values
_UNDER = 9.0
_TICKS = 38.0
_INK, _PALEST = 40.0, 0.1
"""Courses are as pale as there are many, so that where most run is seen: 40 of them at full ink."""

_PART = 20_000  # places of a path, up to the end of the course that they end in
_NEAR = 12.0  # pixels within which a result is pointed at
_FEW = 4000
"""Results up to which lines have smooth edges and marks are worth their time."""


@dataclass(frozen=True, slots=True)
class ResultMark(Mark):
    """A result by its place in the joined arrays."""

    place: int = 0


class SpaghettiDrawing(Drawing):
    """One line through the courses of all patients, open between them, on days since the cycle."""

    axis_height = 24.0

    def __init__(self) -> None:
        super().__init__()
        self.told: Spaghetti | None = None
        self.across = TimeScale(-BEFORE, AFTER)
        self.heights = ValueScale(0, 1)
        self.frame = QRectF()
        self._paths: list[QPainterPath] | None = None
        self._starts = np.empty(0, dtype=np.int64)
        self._patients = 0

    # What is shown

    def show_courses(self, told: Spaghetti) -> None:
        """Draw these courses when it is placed next, over the days that they have."""
        self.told, self._paths = told, None
        self._patients = len({strand.patient_id for strand in told.strands})
        self._starts = np.array([strand.start for strand in told.strands], dtype=np.int64)
        self.show_days(*self.home())

    def home(self) -> tuple[float, float]:
        """The first and last day that have a result, with a little room."""
        days = self.told.days if self.told else np.empty(0)
        last = float(np.nanmax(days)) if days.size else AFTER
        return -float(BEFORE) - 1, max(last, 28.0) + 2

    def show_days(self, first: float, last: float) -> None:
        """Show these days."""
        self.across = replace(self.across, first=first, last=last)
        if self.told is None or self.told.days.size <= _FEW:
            self._paths = None
        self.update()

    def arrange(self) -> None:
        """Give values and limits their place."""
        if self.told is None:
            return
        ends = [end for end in (self.told.low, self.told.high) if end is not None]
        if self.told.values.size:
            ends += [float(np.nanmin(self.told.values)), float(np.nanmax(self.told.values))]
        low, high = min(ends, default=0.0), max(ends, default=1.0)
        low = 0.0 if 0 <= low < 0.45 * high else low
        room = (high - low) * 0.06 or abs(high) * 0.2 or 1.0
        height = max(self.rect.height() - _TOP - _UNDER, 20.0)
        self.heights = ValueScale(low - (0 if low == 0 else room), high + room, _TOP, height)
        values = max(
            self.metrics.horizontalAdvance(number_text(value)) for value in (*self._lines(), 0.0)
        )
        left = SIDE + values + 8
        beside = [self.metrics.horizontalAdvance(text) + 8 for _, text in self._limits()]
        right = max(beside, default=8.0)
        width = max(self.rect.width() - left - right - SIDE, 30.0)
        self.frame = QRectF(left, _TOP, width, height)
        self.across = replace(self.across, left=left, width=width)
        self._paths = None

    def legend(self) -> list[Entry]:
        """What the strong line is, where there is one."""
        if self.told is None or not self.told.median_days.size:
            return []
        return [Entry(_median_sample, f"median of each {WINDOW} days")]

    def notes(self) -> list[str]:
        """How many courses there are, and whose limits are drawn."""
        if self.told is None:
            return []
        n_patients, n_courses = self._patients, len(self.told.strands)
        patients = ngettext("{n} patient", "{n} patients", n_patients).format(n=grouped(n_patients))
        courses = ngettext("{n} cycle", "{n} cycles", n_courses).format(n=grouped(n_courses))
        limits = ". Limits of normal: those that most results bring" if self._limits() else ""
        median = ". Median where at least half have a result" if self.told.median_days.size else ""
        return [f"{patients}, {courses}{median}{limits}."]

    # What is painted

    def draw(self, painter: QPainter) -> None:
        """Draw the grid, the courses, the limits, and over all the median."""
        if self.told is None:
            return
        colours = theme.current()
        self._draw_grid(painter)
        painter.save()
        painter.setClipRect(self.frame)
        self._draw_courses(painter)
        self._draw_median(painter)
        painter.restore()
        for limit, text in self._limits():
            y = self.heights.y(limit)
            painter.setPen(QPen(QColor(colours.ink_soft), 1, Qt.PenStyle.DashLine))
            painter.drawLine(QLineF(self.frame.left(), y, self.frame.right(), y))
            place = QRectF(self.frame.right() + 6, y - LINE / 2, 10, LINE)
            write(painter, place, text, colours.ink_soft)

    def draw_axis(self, painter: QPainter, width: float) -> None:
        """Draw the days since the cycle."""
        colours = theme.current()
        title = "Days since cycle"
        edge = width - self.metrics.horizontalAdvance(title) - SIDE
        for tick in self.across.multiples(_TICKS, DAY_STEPS):
            x = self.across.x(tick)
            text = f"−{-tick}" if tick < 0 else f"{tick}"
            if x + self.metrics.horizontalAdvance(text) / 2 + 8 <= edge:
                write(painter, QRectF(x - 20, 4, 40, LINE), text, colours.ink_soft, "centre")
        write(painter, QRectF(edge, 4, 10, LINE), title, colours.ink_soft)

    def draw_chosen(self, painter: QPainter, mark: Mark) -> None:
        """Let the course of the result stand out."""
        if self.told is None or not isinstance(mark, ResultMark):
            return
        strand = self._strand(mark.place)
        part = slice(strand.start, strand.end)
        xs = self.across.xs(self.told.days[part]).tolist()
        ys = self.heights.ys(self.told.values[part]).tolist()
        points = [QPointF(x, y) for x, y in zip(xs, ys, strict=True)]
        painter.save()
        painter.setClipRect(self.frame)
        painter.setPen(QPen(QColor(theme.current().ink), 1.8))
        painter.drawPolyline(points)
        painter.setBrush(QColor(theme.current().card))
        for point in points:
            painter.drawEllipse(point, 3, 3)
        painter.restore()

    def _draw_grid(self, painter: QPainter) -> None:
        assert self.told is not None
        colours = theme.current()
        unit = f"{self.told.name}, {self.told.unit}" if self.told.unit else self.told.name
        write(painter, QRectF(SIDE, 0, 10, LINE + 2), unit, colours.ink_soft)
        for value in self._lines():
            y = self.heights.y(value)
            painter.setPen(QPen(QColor(colours.line), 1))
            painter.drawLine(QLineF(self.frame.left(), y, self.frame.right(), y))
            place = QRectF(0, y - LINE / 2, self.frame.left() - 6, LINE)
            write(painter, place, number_text(value), colours.ink_soft, "right")
        x = self.across.x(0)
        if self.frame.left() <= x <= self.frame.right():
            painter.setPen(QPen(QColor(colours.ac225), 1, Qt.PenStyle.DashLine))
            painter.drawLine(QLineF(x, self.frame.top(), x, self.frame.bottom()))

    def _draw_courses(self, painter: QPainter) -> None:
        """Draw the one line; of very many courses in days and values, which the painter scales.

        So nothing is reckoned anew while days are moved. Smooth edges would take most of the time.
        """
        assert self.told is not None
        is_dense = self.told.days.size > _FEW
        soft = QColor(theme.current().ink_soft)
        soft.setAlphaF(min(max(_INK / max(len(self.told.strands), 1), _PALEST), 0.5))
        pen = QPen(soft, 1)
        pen.setCosmetic(is_dense)
        painter.save()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, not is_dense)
        painter.setPen(pen)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if is_dense:
            painter.setTransform(self._to_pixels(), combine=True)
        if self._paths is None:
            xs = self.told.days if is_dense else self.across.xs(self.told.days)
            ys = self.told.values if is_dense else self.heights.ys(self.told.values)
            self._paths = _paths(xs, ys, self._starts)
        for path in self._paths:
            painter.drawPath(path)
        painter.restore()

    def _to_pixels(self) -> QTransform:
        """From days and values to the pixels of the view."""
        across = self.across.width / (self.across.last - self.across.first)
        up = -self.heights.height / (self.heights.high - self.heights.low)
        return QTransform(across, 0, 0, up, self.across.x(0), self.heights.y(0))

    def _draw_median(self, painter: QPainter) -> None:
        assert self.told is not None
        xs = self.across.xs(self.told.median_days).tolist()
        ys = self.heights.ys(self.told.median_values).tolist()
        points = [QPointF(x, y) for x, y in zip(xs, ys, strict=True)]
        # A rim in the colour of the ground lets it stand out from the many.
        for colour, wide in ((theme.current().card, 5.0), (theme.current().accent, 2.8)):
            painter.setPen(QPen(QColor(colour), wide))
            painter.drawPolyline(points)
        painter.setBrush(QColor(theme.current().accent))
        for point in points:
            painter.drawEllipse(point, 2, 2)

    def _lines(self) -> list[float]:
        return self.heights.lines()

    def _limits(self) -> list[tuple[float, str]]:
        if self.told is None:
            return []
        limits = ((self.told.low, "LLN"), (self.told.high, "ULN"))
        return [(at, f"{name} {at:g}") for at, name in limits if at is not None]

    # The results under pointer and keyboard

    def mark_at(self, where: QPointF) -> Mark | None:
        """The result nearest to a place, if it is near."""
        if self.told is None or not self.told.days.size or not self.frame.contains(where):
            return None
        away = np.hypot(
            self.across.xs(self.told.days) - where.x(),
            self.heights.ys(self.told.values) - where.y(),
        )
        place = int(np.nanargmin(away))
        return self._mark(place) if away[place] <= _NEAR else None

    def next_mark(self, mark: Mark | None, right: int, down: int) -> Mark | None:
        """Along the course to the right and left; up and down to the next value near that day."""
        if self.told is None or not self.told.strands:
            return None
        if not isinstance(mark, ResultMark):
            return self._mark(self.told.strands[0].start)
        if right:
            strand, place = self._strand(mark.place), mark.place + right
            return self._mark(place) if strand.start <= place < strand.end else mark
        days, values = self.told.days, self.told.values
        here = values[mark.place]
        way = (here - values) * down
        others = np.flatnonzero((np.abs(days - days[mark.place]) <= WINDOW / 2) & (way > 0))
        if not others.size:
            return mark
        return self._mark(int(others[np.argmin(way[others])]))

    def _strand(self, place: int) -> Strand:
        assert self.told is not None
        return self.told.strands[int(np.searchsorted(self._starts, place, side="right")) - 1]

    def _mark(self, place: int) -> ResultMark:
        assert self.told is not None
        strand = self._strand(place)
        day, value = float(self.told.days[place]), float(self.told.values[place])
        x, y = self.across.x(day), self.heights.y(value)
        when = f"day {day:.0f}".replace("-", "−")
        result = f"{self.told.comparators[place]}{value:g} {self.told.unit}".strip()
        tip = f"{strand.code}, cycle {strand.cycle}\n{self.told.name} {result}, {when}"
        return ResultMark(QRectF(x - 5, y - 5, 10, 10), (strand.patient_id,), tip, place)


def _paths(xs: Array, ys: Array, starts: npt.NDArray[np.int64]) -> list[QPainterPath]:
    """The one line, open between courses, in parts that every reader of SVG takes.

    Qt's own reads no path of more than 32,767 places.
    """
    if not starts.size:
        return []
    firsts = [0, *(starts[np.searchsorted(starts, at)] for at in range(_PART, starts[-1], _PART))]
    ends = [*firsts[1:], xs.size]
    return [
        pg.arrayToQPath(xs[first:end], ys[first:end], connect="finite")
        for first, end in zip(firsts, ends, strict=True)
    ]


def _median_sample(painter: QPainter, at: QPointF) -> None:
    painter.setPen(QPen(QColor(theme.current().accent), 2.4))
    painter.drawLine(at - QPointF(7, 0), at + QPointF(7, 0))

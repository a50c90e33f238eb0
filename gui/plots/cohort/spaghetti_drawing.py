"""The drawing of a spaghetti plot: the courses of an analyte, their median, and the limits."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

import numpy as np
import numpy.typing as npt
import pyqtgraph as pg
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF

from gui.plots.axes import Axis, DayAxis, ValueAxis
from gui.plots.cohort.drawing import MARGIN, Drawing, Mark
from gui.plots.label_rects import square_around
from gui.plots.pictures import pen
from gui.plots.texts import LINE_HEIGHT, LegendEntry, draw_line_sample, draw_text
from gui.plots.ticks import round_values
from gui.style import theme
from model.cohort.figures.spaghetti import WINDOW_DAYS, Spaghetti, Strand
from model.course.overlay import DAYS_AFTER, DAYS_BEFORE
from model.course.trends import plain_text
from model.language import _, ngettext
from model.rounding import group_thousands

MIN_DAYS = 14.0
"""The least number of days in sight."""

_TOP = 22.0  # pixels above the view, for name and unit
_BOTTOM = 33.0  # pixels below the view, for the days
_EXTRA_DAYS = 4.0  # that can be shown before and after those of a course
_OPACITY_SUM, _MIN_OPACITY, _MAX_OPACITY = 40.0, 0.1, 0.5
"""Lines share a sum of opacity: with many courses each is pale, and only crowds are dark."""

_CURVE_POINTS = 20_000
"""Results of one curve, which then goes on to the end of the last course."""

_NEAR = 12.0  # pixels between the pointer and a result that it chooses
_MAX_SMOOTH = 4000
"""The most results whose lines have smooth edges."""


@dataclass(frozen=True, slots=True)
class ResultMark(Mark):
    """The mark of a result; `index` is that of the result in the joined arrays."""

    index: int = 0


class SpaghettiDrawing(Drawing):
    """The lines of all courses with their median, on an axis of days since the cycle."""

    def __init__(self) -> None:
        super().__init__()
        self.courses: Spaghetti | None = None
        self.box = pg.ViewBox(self, enableMenu=False, enableMouse=False)
        self.box.setLimits(
            xMin=-DAYS_BEFORE - _EXTRA_DAYS, xMax=DAYS_AFTER + _EXTRA_DAYS, minXRange=MIN_DAYS
        )
        self.days = DayAxis("bottom", self.box, self)
        self.values = ValueAxis("left", self.box, self, grid=True)
        self.limits = Axis("right", self.box, self)
        self.days.setStyle(tickTextOffset=12)
        self._axes = (self.days, self.values, self.limits)
        self._curves: list[pg.PlotCurveItem] = []
        self._cycle = pg.InfiniteLine(0, angle=90)
        self._limit_lines = [pg.InfiniteLine(angle=0) for _limit in ("lower", "upper")]
        # A rim in the colour of the background sets the median apart from the other lines.
        self._rim = pg.PlotCurveItem(antialias=True)
        # Without the cache, pyqtgraph draws dots as shapes, which stay shapes in a picture.
        self._median = pg.PlotDataItem(
            symbol="o", symbolSize=6.5, symbolPen=None, antialias=True, useCache=False
        )
        for item in (self._cycle, self._rim, self._median, *self._limit_lines):
            self.box.addItem(item, ignoreBounds=True)
        for item in (self._rim, self._median, *self._limit_lines):
            item.setZValue(10)
        self._limit_names: list[tuple[float, str]] = []
        self._starts = np.empty(0, dtype=np.int64)
        self._patients = 0

    # Content

    def show_courses(self, data: Spaghetti) -> None:
        """Draw these courses, with all their days in sight."""
        self.courses = data
        self._patients = len({strand.patient_id for strand in data.strands})
        self._starts = np.array([strand.start for strand in data.strands], dtype=np.int64)
        for curve in self._curves:
            self.box.removeItem(curve)
        is_smooth = data.days.size <= _MAX_SMOOTH
        self._curves = [
            pg.PlotCurveItem(
                data.days[part], data.values[part], connect="finite", antialias=is_smooth
            )
            for part in _curve_slices(self._starts, data.days.size)
        ]
        for curve in self._curves:
            self.box.addItem(curve, ignoreBounds=True)
        self._rim.setData(data.median_days, data.median_values)
        self._median.setData(data.median_days, data.median_values)
        limits = [(data.low, _("LLN")), (data.high, _("ULN"))]
        for line, (limit, _name) in zip(self._limit_lines, limits, strict=True):
            line.setVisible(limit is not None)
            line.setPos(limit or 0.0)
        self._limit_names = [
            (limit, f"{name} {plain_text(limit)}") for limit, name in limits if limit is not None
        ]
        self.limits.setTicks([self._limit_names])
        ends = [limit for limit, _name in self._limit_names]
        if data.values.size:
            ends += [float(np.nanmin(data.values)), float(np.nanmax(data.values))]
        low, high = min(ends, default=0.0), max(ends, default=1.0)
        low = 0.0 if 0 <= low < 0.45 * high else low
        padding = (high - low) * 0.06 or abs(high) * 0.2 or 1.0
        self.box.setYRange(low - (0 if low == 0 else padding), high + padding, padding=0)
        self.show_home()
        self.recolour()

    def show_home(self) -> None:
        """Show all days that have a result, with a margin."""
        days = self.courses.days if self.courses else np.empty(0)
        last = float(np.nanmax(days)) if days.size else DAYS_AFTER
        self.box.setXRange(-float(DAYS_BEFORE) - 1, max(last, 28.0) + 2, padding=0)

    def arrange(self) -> None:
        """Place the view between its axes."""
        if self.courses is None:
            return
        for axis in self._axes:
            axis.use_font(self.font)
        advance = self.metrics.horizontalAdvance
        height = max(self.rect.height() - _TOP - _BOTTOM, 20.0)
        low, high = self.box.viewRange()[1]
        values = [*round_values(low, high, height), 0.0]
        left = MARGIN + max(advance(text) for text in self.values.tickStrings(values)) + 8
        right = max((advance(text) + 8 for _limit, text in self._limit_names), default=8.0)
        width = max(self.rect.width() - left - right - MARGIN, 30.0)
        self.box.setGeometry(QRectF(left, _TOP, width, height))
        self.values.setGeometry(QRectF(0, _TOP, left, height))
        self.limits.setGeometry(QRectF(left + width, _TOP, right, height))
        self.days.setGeometry(QRectF(left, _TOP + height, width, _BOTTOM))
        self.days.free = max(advance(_days_title()) + 28 - right, 0.0)

    def legend(self) -> list[LegendEntry]:
        """Return an entry for the median, if there is one."""
        if self.courses is None or not self.courses.median_days.size:
            return []
        sample = partial(draw_line_sample, tone="accent", width=2.4, style=Qt.PenStyle.SolidLine)
        return [LegendEntry(sample, _("median of each {n} days").format(n=WINDOW_DAYS))]

    def notes(self) -> list[str]:
        """Return how many courses there are, and what median and limits are."""
        if self.courses is None:
            return []
        patients = self._patients
        cycles = len(self.courses.strands)
        sentences = [
            _("{patients}, {cycles}.").format(
                patients=ngettext("{n} patient", "{n} patients", patients).format(
                    n=group_thousands(patients)
                ),
                cycles=ngettext("{n} cycle", "{n} cycles", cycles).format(
                    n=group_thousands(cycles)
                ),
            )
        ]
        if self.courses.median_days.size:
            sentences.append(_("Median where at least half have a result."))
        if self.courses.low is not None or self.courses.high is not None:
            sentences.append(_("Limits of normal: those that most results bring."))
        return [" ".join(sentences)]

    # Painting

    def recolour(self) -> None:
        """Take the colours of the theme."""
        colours = theme.current()
        soft = QColor(colours.ink_soft)
        count = len(self.courses.strands) if self.courses else 0
        soft.setAlphaF(min(max(_OPACITY_SUM / max(count, 1), _MIN_OPACITY), _MAX_OPACITY))
        for curve in self._curves:
            curve.setPen(pen(soft))
        for axis in self._axes:
            axis.recolour()
        dashes = Qt.PenStyle.DashLine
        self._cycle.setPen(pen(colours.ac225, style=dashes))
        for line in self._limit_lines:
            line.setPen(pen(colours.ink_soft, style=dashes))
        self._rim.setPen(pen(colours.card, 5))
        self._median.setPen(pen(colours.accent, 2.8))
        self._median.setSymbolBrush(colours.accent)
        super().recolour()

    def draw(self, painter: QPainter) -> None:
        """Draw the titles of the axes; the view and its axes draw all the rest."""
        if self.courses is None:
            return
        soft = theme.current().ink_soft
        title = ", ".join(filter(None, (self.courses.name, self.courses.unit)))
        draw_text(painter, QRectF(MARGIN, 0, 10, LINE_HEIGHT + 2), title, soft)
        title = _days_title()
        left = self.rect.width() - self.metrics.horizontalAdvance(title) - MARGIN
        top = self.box.geometry().bottom() + 10
        draw_text(painter, QRectF(left, top, 10, LINE_HEIGHT), title, soft)

    def draw_highlight(self, painter: QPainter, mark: Mark) -> None:
        """Emphasise the course of the result."""
        if self.courses is None or not isinstance(mark, ResultMark):
            return
        strand = self._strand(self.courses, mark.index)
        part = slice(strand.start, strand.end)
        pairs = zip(
            self.courses.days[part].tolist(), self.courses.values[part].tolist(), strict=True
        )
        points = [self.position_of(day, value) for day, value in pairs]
        painter.save()
        painter.setClipRect(self.box.geometry())
        painter.setPen(QPen(QColor(theme.current().ink), 1.8))
        painter.drawPolyline(QPolygonF(points))
        painter.setBrush(QColor(theme.current().card))
        for point in points:
            painter.drawEllipse(point, 3, 3)
        painter.restore()

    # Marks

    def position_of(self, day: float, value: float) -> QPointF:
        """Return the pixel of a day and a value."""
        position: QPointF = self.box.mapFromViewToItem(self, QPointF(day, value))
        return position

    def mark_at(self, point: QPointF) -> Mark | None:
        """Return the mark of the result nearest to a point, or None if none is near."""
        if (
            self.courses is None
            or not self.courses.days.size
            or not self.box.geometry().contains(point)
        ):
            return None
        centre = self.box.mapFromItemToView(self, point)
        width, height = self.box.viewPixelSize()
        distances = np.hypot(
            (self.courses.days - centre.x()) / width, (self.courses.values - centre.y()) / height
        )
        nearest = int(np.nanargmin(distances))
        return self._mark(self.courses, nearest) if distances[nearest] <= _NEAR else None

    def next_mark(self, mark: Mark | None, right: int, down: int) -> Mark | None:
        """Return the neighbour in the course, or the next higher or lower value nearby."""
        data = self.courses
        if data is None or not data.strands:
            return None
        if not isinstance(mark, ResultMark):
            return self._mark(data, data.strands[0].start)
        if right:
            strand, index = self._strand(data, mark.index), mark.index + right
            return self._mark(data, index) if strand.start <= index < strand.end else mark
        steps = (data.values[mark.index] - data.values) * down
        is_near = np.abs(data.days - data.days[mark.index]) <= WINDOW_DAYS / 2
        others = np.flatnonzero(is_near & (steps > 0))
        return self._mark(data, int(others[np.argmin(steps[others])])) if others.size else mark

    def _strand(self, data: Spaghetti, index: int) -> Strand:
        return data.strands[int(np.searchsorted(self._starts, index, side="right")) - 1]

    def _mark(self, data: Spaghetti, index: int) -> ResultMark:
        strand = self._strand(data, index)
        day, value = float(data.days[index]), float(data.values[index])
        tip = _("{code}, cycle {cycle}\n{analyte} {result}, day {day}").format(
            code=strand.code,
            cycle=strand.cycle,
            analyte=data.name,
            result=f"{data.comparators[index]}{plain_text(value)} {data.unit}".strip(),
            day=f"{day:.0f}".replace("-", "−"),
        )
        return ResultMark(
            square_around(self.position_of(day, value), 5), (strand.patient_id,), tip, index
        )


def _curve_slices(starts: npt.NDArray[np.int64], count: int) -> Iterator[slice]:
    """Yield slices of results that end with a course, one for each curve.

    Qt's reader of SVG accepts no path with more than 32,767 points.
    """
    if not starts.size:
        return
    firsts = [
        0,
        *(
            int(starts[np.searchsorted(starts, index)])
            for index in range(_CURVE_POINTS, starts[-1], _CURVE_POINTS)
        ),
    ]
    for first, end in zip(firsts, [*firsts[1:], count], strict=True):
        yield slice(first, end)


def _days_title() -> str:
    return _("Days since cycle")

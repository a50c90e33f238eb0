"""The figure of Ki-67 at diagnosis and before treatment: two joined dots per patient."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from functools import partial
from itertools import pairwise
from statistics import median

import pyqtgraph as pg
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QGraphicsItem, QWidget

from gui.plots.axes import Axis
from gui.plots.cohort.drawing import MARGIN, Drawing, Mark
from gui.plots.cohort.figure import Figure
from gui.plots.label_rects import square_around
from gui.plots.pictures import pen
from gui.plots.texts import LINE_HEIGHT, LegendEntry, draw_line_sample, draw_text, elide, list_codes
from gui.plots.ticks import round_values
from gui.style import theme
from model.cohort import numbers
from model.cohort.figures.ki67 import DEFINITION, BiopsyResult, Ki67, Pair
from model.cohort.figures.table import FigureTable
from model.language import _, ngettext
from model.reference.proliferation import KI67_CUT_OFFS
from model.rounding import group_thousands

_RADIUS = 4.0
_MIN_DISTANCE = 1.5 * _RADIUS  # vertical pixels between dots above one another
_TOP = 8.0
_BOTTOM = 3 * LINE_HEIGHT + 6
_MAX_SMOOTH = 500  # patients whose lines have smooth edges
_COLUMNS = (_("At diagnosis"), _("Before treatment"))
_GRADES = ("G1", "G2", "G3")
_COLUMN_XS = (0.22, 0.78)
"""Positions of the two columns on the horizontal axis, from 0 to 1."""

Ends = tuple[QPointF, QPointF]
"""The two dots of a patient."""


class Ki67Drawing(Drawing):
    """Two columns of dots; those of a patient with one biopsy are hollow, with a dotted line."""

    def __init__(self) -> None:
        super().__init__()
        self.ki67 = Ki67()
        self.box = pg.ViewBox(self, enableMenu=False, enableMouse=False)
        self.box.setXRange(0, 1, padding=0)
        self.values = Axis("left", self.box, self, grid=True)
        self.grades = Axis("right", self.box, self)
        self._cut_offs = [pg.InfiniteLine(cut_off, angle=0) for cut_off in KI67_CUT_OFFS]
        for line in self._cut_offs:
            self.box.addItem(line, ignoreBounds=True)
        # The drawing paints the dots over these child items.
        for item in (self.box, self.values, self.grades):
            item.setFlag(QGraphicsItem.GraphicsItemFlag.ItemStacksBehindParent)
        for axis in (self.values, self.grades):
            axis.use_font(self.font)
        self._cached_dots: list[Ends] | None = None
        self.recolour()

    @property
    def frame(self) -> QRectF:
        """The rectangle of the view, in pixels."""
        frame: QRectF = self.box.geometry()
        return frame

    def arrange(self) -> None:
        """Lay out the columns; their dots follow when they are drawn."""
        left = MARGIN + self.metrics.horizontalAdvance("100 %") + 8
        right = self.metrics.horizontalAdvance("G3") + 10
        width = max(self.rect.width() - left - right - MARGIN, 60.0)
        height = max(self.rect.height() - _TOP - _BOTTOM, 30.0)
        self.box.setGeometry(QRectF(left, _TOP, width, height))
        self.values.setGeometry(QRectF(MARGIN, _TOP, left - MARGIN, height))
        self.grades.setGeometry(QRectF(left + width, _TOP, right, height))
        percents = [
            biopsy.ki67 or 0.0 for pair in self.ki67.pairs for biopsy in (pair.first, pair.last)
        ]
        highest = min(max([30.0, *percents]) * 1.12, 104.0)
        self.box.setYRange(-0.03 * highest, highest, padding=0)
        values = round_values(0, highest, height)
        self.values.setTicks([[(value, f"{value:g} %") for value in values]])
        middles = [(low + high) / 2 for low, high in pairwise((0.0, *KI67_CUT_OFFS, highest))]
        self.grades.setTicks([list(zip(middles, _GRADES, strict=True))])
        self._cached_dots = None

    def recolour(self) -> None:
        """Take the colours of the theme."""
        for axis in (self.values, self.grades):
            axis.recolour()
        for line in self._cut_offs:
            line.setPen(pen(theme.current().ink_soft, style=Qt.PenStyle.DashLine))
        super().recolour()

    @property
    def _dots(self) -> list[Ends]:
        """The two dots of each patient; dots at the same height are side by side."""
        if self._cached_dots is None:
            firsts = self._column([pair.first for pair in self.ki67.pairs], _COLUMN_XS[0])
            lasts = self._column([pair.last for pair in self.ki67.pairs], _COLUMN_XS[1])
            self._cached_dots = list(zip(firsts, lasts, strict=True))
        return self._cached_dots

    def make_marks(self) -> Iterator[Mark]:
        """Yield a mark for each of the two dots of a patient."""
        for pair, dots in zip(self.ki67.pairs, self._dots, strict=True):
            for dot in dots:
                yield Mark(square_around(dot, _RADIUS + 1.5), (pair.patient_id,), _tip(pair))

    def legend(self) -> list[LegendEntry]:
        """Return an entry for each kind of line that occurs."""
        kinds = {pair.is_one for pair in self.ki67.pairs}
        dotted = partial(draw_line_sample, tone="ink_soft", width=1.3, style=Qt.PenStyle.DotLine)
        solid = partial(draw_line_sample, tone="accent", width=1.5, style=Qt.PenStyle.SolidLine)
        entries = {
            False: LegendEntry(solid, _("two biopsies")),
            True: LegendEntry(dotted, _("one biopsy, shown at both times")),
        }
        return [entry for is_one, entry in entries.items() if is_one in kinds]

    def notes(self) -> list[str]:
        """Return what the two times are, and which patients have no Ki-67."""
        codes = [code for _patient, code in self.ki67.without]
        missing = _("No Ki-67 up to the first cycle: {codes}.").format(codes=list_codes(codes))
        return [DEFINITION, missing] if codes else [DEFINITION]

    def draw(self, painter: QPainter) -> None:
        """Draw the lines, the dots, and the summary of each column, over the items of the view."""
        by_kind: dict[tuple[bool, bool], list[Ends]] = defaultdict(list)
        for pair, dots in zip(self.ki67.pairs, self._dots, strict=True):
            by_kind[pair.is_higher, pair.is_one].append(dots)
        painter.save()
        # Smooth edges of very many lines take long to draw and cannot be seen.
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, len(self.ki67.pairs) <= _MAX_SMOOTH)
        for kind, lines in by_kind.items():
            _draw_lines(painter, *kind, lines, 1.3)
        painter.restore()
        for kind, lines in by_kind.items():
            _draw_dots(painter, *kind, lines)
        self._draw_summaries(painter)

    def draw_highlight(self, painter: QPainter, mark: Mark) -> None:
        """Emphasise the line of the mark's patient."""
        for pair, dots in zip(self.ki67.pairs, self._dots, strict=True):
            if (pair.patient_id,) == mark.patients:
                kind = pair.is_higher, pair.is_one
                _draw_lines(painter, *kind, [dots], 3.0)
                _draw_dots(painter, *kind, [dots])
        painter.setBrush(Qt.BrushStyle.NoBrush)

    def _column(self, biopsies: Sequence[BiopsyResult], x: float) -> list[QPointF]:
        """Return the dots of a column; one that would cover another is moved outwards by steps."""
        step = 2 * _RADIUS if x > 0.5 else -2 * _RADIUS
        max_steps = int(0.2 * self.frame.width() / (2 * _RADIUS))
        occupied: dict[tuple[int, int], list[float]] = defaultdict(list)
        # The steps and the dot of each value so far. For an equal value the search goes on from
        # there. Dots at the last step overlap.
        last_dots: dict[float, tuple[int, QPointF]] = {}
        dots = []
        for biopsy in biopsies:
            value = biopsy.ki67 or 0.0
            first_step, dot = last_dots.get(value, (0, None))
            if dot is None or first_step < max_steps:
                middle = self.box.mapFromViewToItem(self, QPointF(x, value))
                row = int(middle.y() // _MIN_DISTANCE)
                near_rows = (row - 1, row, row + 1)
                for steps in range(first_step, max_steps + 1):
                    others = [y for near_row in near_rows for y in occupied[near_row, steps]]
                    if all(abs(y - middle.y()) >= _MIN_DISTANCE for y in others):
                        occupied[row, steps].append(middle.y())
                        break
                dot = middle + QPointF(steps * step, 0)
                last_dots[value] = steps, dot
            dots.append(dot)
        return dots

    def _draw_summaries(self, painter: QPainter) -> None:
        """Draw below each column its time, its median, and the number of patients per grade."""
        colours = theme.current()
        pairs = self.ki67.pairs
        width = self.frame.width() / 2 - 8
        columns = ([pair.first for pair in pairs], [pair.last for pair in pairs])
        for title, x, biopsies in zip(_COLUMNS, _COLUMN_XS, columns, strict=True):
            left = self.frame.left() + x * self.frame.width() - width / 2
            percents = [biopsy.ki67 for biopsy in biopsies if biopsy.ki67 is not None]
            median_text = ""
            if percents:
                percent = numbers.estimate(median(percents), "%")
                median_text = _("median {percent} %").format(percent=percent)
            lines = (title, median_text, " · ".join(_grade_counts(biopsies)))
            for index, line in enumerate(lines):
                top = self.frame.bottom() + 4 + index * LINE_HEIGHT
                painter.setFont(self.font if index else self.bold)
                tone = colours.ink_soft if index else colours.ink
                text = elide(line, self.metrics, width)
                draw_text(painter, QRectF(left, top, width, LINE_HEIGHT), text, tone, "centre")
        painter.setFont(self.font)


class Ki67Figure(Figure):
    """The patients with a Ki-67 before treatment."""

    def __init__(self, parent: QWidget | None = None) -> None:
        self._drawing = Ki67Drawing()
        super().__init__(
            self._drawing, _("Ki-67 and grade at diagnosis and before treatment"), parent
        )

    def show_data(self, data: Ki67) -> None:
        """Draw these patients."""
        self._drawing.ki67 = data
        empty = "" if data.pairs else _("No biopsy with a Ki-67 up to the first cycle.")
        self.refresh(empty=empty)

    def numbers(self) -> FigureTable:
        """Return one row per patient."""
        return self._drawing.ki67.numbers()

    def headline(self) -> str:
        """Return the number of patients, and of those with a higher grade than at diagnosis."""
        pairs = self._drawing.ki67.pairs
        higher = sum(pair.is_higher for pair in pairs)
        n = len(pairs)
        return ngettext(
            "{n} patient · {higher} with a higher grade",
            "{n} patients · {higher} with a higher grade",
            n,
        ).format(n=group_thousands(n), higher=higher)


def _grade_counts(biopsies: Sequence[BiopsyResult]) -> list[str]:
    counts = Counter(biopsy.grade.removeprefix("NET ") or _("no grade") for biopsy in biopsies)
    return [f"{grade} {counts[grade]}" for grade in sorted(counts)]


def _draw_lines(
    painter: QPainter,
    is_higher: bool,
    is_one: bool,
    lines: Sequence[Ends],
    width: float,
) -> None:
    colour = QColor(theme.current().accent if is_higher else theme.current().ink_soft)
    colour.setAlphaF(1.0 if width > 2 else 0.7)
    dashes = Qt.PenStyle.DotLine if is_one else Qt.PenStyle.SolidLine
    painter.setPen(QPen(colour, width, dashes))
    painter.drawLines([QLineF(*line) for line in lines])


def _draw_dots(
    painter: QPainter,
    is_higher: bool,
    is_one: bool,
    lines: Sequence[Ends],
) -> None:
    """Draw dots at both ends of each line, which are hollow if there is one biopsy."""
    colours = theme.current()
    dots = [dot for line in lines for dot in line]
    pen = QPen(QColor(colours.accent if is_higher else colours.ink_soft), 2 * _RADIUS)
    pen.setCapStyle(Qt.PenCapStyle.RoundCap)
    painter.setPen(pen)
    painter.drawPoints(dots)
    if is_one:
        pen.setColor(QColor(colours.card))
        pen.setWidthF(2 * _RADIUS - 2.8)
        painter.setPen(pen)
        painter.drawPoints(dots)


def _tip(pair: Pair) -> str:
    if pair.is_one:
        tip = _("{code}\nOne biopsy: {last}")
    else:
        tip = _("{code}\nAt diagnosis: {first}\nBefore treatment: {last}")
    first, last = _biopsy_text(pair.first), _biopsy_text(pair.last)
    return tip.format(code=pair.code, first=first, last=last)


def _biopsy_text(biopsy: BiopsyResult) -> str:
    return _("{grade}, Ki-67 {ki67:g} %, {date}").format(
        grade=biopsy.grade or _("no grade"), ki67=biopsy.ki67, date=biopsy.taken_on or _("no date")
    )

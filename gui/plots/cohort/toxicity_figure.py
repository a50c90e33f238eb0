"""The figure of toxicity: one bar per term, stacked by the worst grade of each patient."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QWidget

from gui.plots.cohort.drawing import MARGIN, Drawing, Mark
from gui.plots.cohort.figure import Figure
from gui.plots.texts import LegendEntry, draw_text, elide, list_codes
from gui.style import theme
from model.cohort.figures.table import FigureTable
from model.cohort.figures.toxicity_bars import GRADES, TermBar, ToxicityBars
from model.cohort.numbers import share
from model.cohort.options import Denominator, EventScope, ToxicityRows
from model.language import _, ngettext
from model.rounding import group_thousands

_MIN_ROW_HEIGHT, _MAX_ROW_HEIGHT = 20.0, 36.0
_TOP = 4.0
_GAP = 10.0  # pixels between a bar and the texts beside it
_MAX_BAR_HEIGHT = 22.0
_MAX_NAME_WIDTH = 220.0
_EMPTY_TEXTS = {
    ("", False): _("No toxicity is recorded."),
    ("", True): _("No treatment-emergent toxicity is recorded."),
    ("acute", False): _("No acute toxicity is recorded."),
    ("acute", True): _("No treatment-emergent acute toxicity is recorded."),
    ("subacute", False): _("No subacute toxicity is recorded."),
    ("subacute", True): _("No treatment-emergent subacute toxicity is recorded."),
    ("long_term", False): _("No long-term toxicity is recorded."),
    ("long_term", True): _("No treatment-emergent long-term toxicity is recorded."),
}
"""Why there is no bar, by phase and by whether only treatment-emergent events count."""


class ToxicityDrawing(Drawing):
    """Rows with a term, its bar, and the number of patients with grade 3 or higher."""

    def __init__(self) -> None:
        super().__init__()
        self.toxicity = ToxicityBars()
        self.row_height = _MIN_ROW_HEIGHT
        self._bar = QRectF()
        self._segments: list[list[tuple[int, QRectF]]] = []

    def needed_height(self, room: QSizeF) -> float:
        """Return the height of all terms, whose rows fill the room within their limits."""
        count = max(len(self.toxicity.bars), 1)
        row_height = min(max((room.height() - 2 * _TOP) / count, _MIN_ROW_HEIGHT), _MAX_ROW_HEIGHT)
        return count * row_height + 2 * _TOP

    def arrange(self) -> None:
        """Give each term its row, and each grade its part of the bar."""
        bars = self.toxicity.bars
        self.row_height = min((self.rect.height() - 2 * _TOP) / max(len(bars), 1), _MAX_ROW_HEIGHT)
        name_width = max((self.metrics.horizontalAdvance(bar.name) for bar in bars), default=0.0)
        severe_width = max(
            (self.metrics.horizontalAdvance(_severe_text(bar)) for bar in bars), default=0.0
        )
        left = MARGIN + min(name_width, 0.34 * self.rect.width(), _MAX_NAME_WIDTH) + _GAP
        width = max(self.rect.width() - left - _GAP - severe_width - MARGIN, 30.0)
        self._bar = QRectF(left, 0, width, min(self.row_height * 0.72, _MAX_BAR_HEIGHT))
        self._segments = [self._lay_out_bar(row, bar) for row, bar in enumerate(bars)]

    def make_marks(self) -> Iterator[Mark]:
        """Yield a mark for each segment of each bar, and for the number next to the bar."""
        for row, bar in enumerate(self.toxicity.bars):
            yield from self._marks_of(row, bar)

    def legend(self) -> list[LegendEntry]:
        """Return an entry for each grade that occurs."""
        totals = [sum(bar.counts[grade] for bar in self.toxicity.bars) for grade in GRADES]
        return [
            LegendEntry(
                partial(_draw_sample, grade=grade),
                _("Grade {grade}").format(grade=grade) if grade else _("no event"),
            )
            for grade in GRADES
            if totals[grade]
        ]

    def notes(self) -> list[str]:
        """Return sentences on what was counted."""
        return self.toxicity.notes if self.toxicity.bars else []

    def draw(self, painter: QPainter) -> None:
        """Draw a row for each term."""
        colours = theme.current()
        for row, bar in enumerate(self.toxicity.bars):
            top = _TOP + row * self.row_height
            name = elide(bar.name, self.metrics, self._bar.left() - MARGIN - _GAP)
            draw_text(painter, QRectF(MARGIN, top, 10, self.row_height), name, colours.ink)
            for grade, rect in self._segments[row]:
                _fill(painter, rect, grade)
                count = f"{bar.counts[grade]}"
                if self.metrics.horizontalAdvance(count) <= rect.width():
                    draw_text(painter, rect, count, _ink(grade), "centre")
            label = QRectF(self._bar.right() + _GAP, top, 10, self.row_height)
            tone = colours.ink if bar.severe else colours.ink_soft
            draw_text(painter, label, _severe_text(bar), tone)

    def _lay_out_bar(self, row: int, bar: TermBar) -> list[tuple[int, QRectF]]:
        """Return the grades that occur in a bar, each with the rectangle of its segment."""
        top = _TOP + row * self.row_height + (self.row_height - self._bar.height()) / 2
        patient_width = self._bar.width() / max(bar.of, 1)
        segments, x = [], self._bar.left()
        for grade in GRADES:
            if width := bar.counts[grade] * patient_width:
                gap = 1.0 if width > 3 else 0.0
                segments.append((grade, QRectF(x, top, width - gap, self._bar.height())))
            x += width
        return segments

    def _marks_of(self, row: int, bar: TermBar) -> list[Mark]:
        marks = []
        for grade, rect in self._segments[row]:
            text = _("{term}: worst grade {grade}") if grade else _("{term}: no event")
            title = text.format(term=bar.name, grade=grade)
            tip = self._tip(title, bar.patients[grade])
            marks.append(Mark(rect, bar.patients[grade], tip, why=bar.reason))
        if bar.severe:
            left = self._bar.right() + _GAP - 3
            width = self.metrics.horizontalAdvance(_severe_text(bar)) + 6
            label = QRectF(left, self._segments[row][0][1].top(), width, self._bar.height())
            title = _("{term}: grade 3 or higher").format(term=bar.name)
            marks.append(Mark(label, bar.severe, self._tip(title, bar.severe), why=bar.reason))
        return marks

    def _tip(self, title: str, patients: tuple[int, ...]) -> str:
        codes = [self.toxicity.codes.get(id_, "") for id_ in patients]
        n = self.toxicity.of
        count = _("{share} of {n}").format(share=share(len(patients), n), n=group_thousands(n))
        return f"{title}\n{count}\n{list_codes(codes)}"


class ToxicityFigure(Figure):
    """The stacked bars; each segment opens the patients that it counts."""

    def __init__(self, parent: QWidget | None = None) -> None:
        self._drawing = ToxicityDrawing()
        super().__init__(self._drawing, _("Toxicity by worst grade of each patient"), parent)

    def show_data(self, data: ToxicityBars) -> None:
        """Draw these terms, from the top."""
        self._drawing.toxicity = data
        empty = ""
        if not data.of:
            empty = (
                _("No patient with a cycle: no toxicity to count.")
                if data.options.denominator is Denominator.TREATED
                else _("No such patient: no toxicity to count.")
            )
        elif not data.bars:
            empty = _EMPTY_TEXTS[data.phase, data.options.events is EventScope.EMERGENT]
        self.refresh(empty=empty)

    def numbers(self) -> FigureTable:
        """Return one row per term."""
        return self._drawing.toxicity.numbers()

    def headline(self) -> str:
        """Return the numbers of terms and of patients."""
        toxicity = self._drawing.toxicity
        n = len(toxicity.bars)
        if toxicity.options.by is ToxicityRows.GROUP:
            terms = ngettext("{n} group", "{n} groups", n)
        else:
            terms = ngettext("{n} term", "{n} terms", n).format(n=group_thousands(n))
        patients = ngettext("{n} patient", "{n} patients", toxicity.of)
        return f"{terms} · {patients.format(n=group_thousands(toxicity.of))}"


def _severe_text(bar: TermBar) -> str:
    return f"≥G3 {share(len(bar.severe), bar.of)}"


def _ink(grade: int) -> str:
    return theme.current().grade(grade)[1]


def _fill(painter: QPainter, rect: QRectF, grade: int) -> None:
    """Fill a segment of a bar and outline it, as the palest grades are hardly seen on the card."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(theme.current().grade(grade)[0]))
    painter.drawRect(rect)
    if grade and rect.width() > 3:
        edge = QColor(_ink(grade))
        edge.setAlphaF(0.28)
        painter.setPen(QPen(edge, 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(rect.adjusted(0.5, 0.5, -0.5, -0.5))


def _draw_sample(painter: QPainter, centre: QPointF, grade: int) -> None:
    _fill(painter, QRectF(centre.x() - 6, centre.y() - 5, 12, 10), grade)

"""Toxicity: one bar per term, stacked by the worst grade of each treated patient."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QWidget

from gui.plots.cohort.drawing import SIDE, Drawing, Mark
from gui.plots.cohort.figure import Figure
from gui.plots.texts import LegendEntry, draw_text, elide, list_codes
from gui.style import theme
from model.cohort.figures.table import FigureTable
from model.cohort.figures.toxicity_bars import GRADES, TermBar, ToxicityBars
from model.cohort.numbers import share
from model.cohort.options import Denominator, EventScope, ToxicityRows
from model.language import _, ngettext
from model.rounding import group_thousands

_LOWEST, _HIGHEST = 20.0, 36.0
_TOP = 4.0
_APART = 10.0
_BAR = 22.0  # pixels of height at most
_WIDEST = 220.0
_EMPTY = {
    ("", False): _("No toxicity is recorded."),
    ("", True): _("No treatment-emergent toxicity is recorded."),
    ("acute", False): _("No acute toxicity is recorded."),
    ("acute", True): _("No treatment-emergent acute toxicity is recorded."),
    ("subacute", False): _("No subacute toxicity is recorded."),
    ("subacute", True): _("No treatment-emergent subacute toxicity is recorded."),
    ("long_term", False): _("No long-term toxicity is recorded."),
    ("long_term", True): _("No treatment-emergent long-term toxicity is recorded."),
}
"""Without a bar, by phase and by whether only treatment-emergent events count."""


class ToxicityDrawing(Drawing):
    """Rows of a term, its bar, and the number of patients with grade 3 or higher."""

    def __init__(self) -> None:
        super().__init__()
        self.toxicity = ToxicityBars()
        self.row = _LOWEST
        self._bar = QRectF()
        self._segments: list[list[tuple[int, QRectF]]] = []

    def needed(self, room: QSizeF) -> float:
        """Return the height of all terms at their lowest."""
        count = max(len(self.toxicity.bars), 1)
        row = min(max((room.height() - 2 * _TOP) / count, _LOWEST), _HIGHEST)
        return count * row + 2 * _TOP

    def arrange(self) -> None:
        """Give each term its row, and each grade its part of the bar."""
        bars = self.toxicity.bars
        self.row = min((self.rect.height() - 2 * _TOP) / max(len(bars), 1), _HIGHEST)
        words = max((self.metrics.horizontalAdvance(bar.name) for bar in bars), default=0.0)
        severe = max((self.metrics.horizontalAdvance(_severe_text(b)) for b in bars), default=0.0)
        left = SIDE + min(words, 0.34 * self.rect.width(), _WIDEST) + _APART
        width = max(self.rect.width() - left - _APART - severe - SIDE, 30.0)
        self._bar = QRectF(left, 0, width, min(self.row * 0.72, _BAR))
        self._segments = [self._parts(row, bar) for row, bar in enumerate(bars)]

    def make_marks(self) -> Iterator[Mark]:
        """Yield each part of each bar, and the number next to it."""
        for row, bar in enumerate(self.toxicity.bars):
            yield from self._marks_of(row, bar)

    def legend(self) -> list[LegendEntry]:
        """Return the grades that occur, in order."""
        counted = [sum(bar.counts[grade] for bar in self.toxicity.bars) for grade in GRADES]
        return [
            LegendEntry(
                partial(_draw_sample, grade=grade),
                _("Grade {grade}").format(grade=grade) if grade else _("no event"),
            )
            for grade in GRADES
            if counted[grade]
        ]

    def notes(self) -> list[str]:
        """Return what was counted."""
        return self.toxicity.notes if self.toxicity.bars else []

    def draw(self, painter: QPainter) -> None:
        """Draw a row for each term."""
        colours = theme.current()
        for row, bar in enumerate(self.toxicity.bars):
            top = _TOP + row * self.row
            name = elide(bar.name, self.metrics, self._bar.left() - SIDE - _APART)
            draw_text(painter, QRectF(SIDE, top, 10, self.row), name, colours.ink)
            for grade, place in self._segments[row]:
                _fill(painter, place, grade)
                count = f"{bar.counts[grade]}"
                if self.metrics.horizontalAdvance(count) <= place.width():
                    draw_text(painter, place, count, _ink(grade), "centre")
            label = QRectF(self._bar.right() + _APART, top, 10, self.row)
            tone = colours.ink if bar.severe else colours.ink_soft
            draw_text(painter, label, _severe_text(bar), tone)

    def _parts(self, row: int, bar: TermBar) -> list[tuple[int, QRectF]]:
        """Return the grades that occur, each with its part of the bar."""
        top = _TOP + row * self.row + (self.row - self._bar.height()) / 2
        each = self._bar.width() / max(bar.of, 1)
        parts, x = [], self._bar.left()
        for grade in GRADES:
            if width := bar.counts[grade] * each:
                gap = 1.0 if width > 3 else 0.0
                parts.append((grade, QRectF(x, top, width - gap, self._bar.height())))
            x += width
        return parts

    def _marks_of(self, row: int, bar: TermBar) -> list[Mark]:
        marks = []
        for grade, place in self._segments[row]:
            what = _("{term}: worst grade {grade}") if grade else _("{term}: no event")
            what = what.format(term=bar.name, grade=grade)
            tip = self._tip(what, bar.patients[grade])
            marks.append(Mark(place, bar.patients[grade], tip, why=bar.reason))
        if bar.severe:
            left = self._bar.right() + _APART - 3
            width = self.metrics.horizontalAdvance(_severe_text(bar)) + 6
            label = QRectF(left, self._segments[row][0][1].top(), width, self._bar.height())
            what = _("{term}: grade 3 or higher").format(term=bar.name)
            marks.append(Mark(label, bar.severe, self._tip(what, bar.severe), why=bar.reason))
        return marks

    def _tip(self, what: str, patients: tuple[int, ...]) -> str:
        codes = [self.toxicity.codes.get(one, "") for one in patients]
        of = self.toxicity.of
        counted = _("{share} of {n}").format(share=share(len(patients), of), n=group_thousands(of))
        return f"{what}\n{counted}\n{list_codes(codes)}"


class ToxicityFigure(Figure):
    """The stacked bars; a part of a bar opens the patients that it counts."""

    def __init__(self, parent: QWidget | None = None) -> None:
        self._bars = ToxicityDrawing()
        super().__init__(self._bars, _("Toxicity by worst grade of each patient"), parent)

    def show_data(self, data: ToxicityBars) -> None:
        """Draw these terms, from the top."""
        self._bars.toxicity = data
        empty = ""
        if not data.of:
            empty = (
                _("No patient with a cycle: no toxicity to count.")
                if data.options.denominator is Denominator.TREATED
                else _("No such patient: no toxicity to count.")
            )
        elif not data.bars:
            empty = _EMPTY[data.phase, data.options.events is EventScope.EMERGENT]
        self.refresh(empty=empty)

    def numbers(self) -> FigureTable:
        """Return one row per term."""
        return self._bars.toxicity.numbers()

    def headline(self) -> str:
        """Return the numbers of terms and of patients."""
        toxicity = self._bars.toxicity
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


def _fill(painter: QPainter, place: QRectF, grade: int) -> None:
    """Fill a part of a bar; the palest grades would be lost on the card without an outline."""
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(theme.current().grade(grade)[0]))
    painter.drawRect(place)
    if grade and place.width() > 3:
        edge = QColor(_ink(grade))
        edge.setAlphaF(0.28)
        painter.setPen(QPen(edge, 1))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawRect(place.adjusted(0.5, 0.5, -0.5, -0.5))


def _draw_sample(painter: QPainter, at: QPointF, grade: int) -> None:
    _fill(painter, QRectF(at.x() - 6, at.y() - 5, 12, 10), grade)

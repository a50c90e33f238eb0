"""Toxicity: a bar a term, stacked by the worst grade of each treated patient."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QWidget

from gui.plots.cohort.drawing import SIDE, Drawing, Mark
from gui.plots.cohort.figure import Figure
from gui.plots.cohort.texts import Entry, Sample, names, shortened, write
from gui.style import theme
from gui.words import grouped
from model.cohort.figures.table import FigureTable
from model.cohort.figures.toxicity_bars import GRADES, TermBar, ToxicityBars
from model.cohort.numbers import share
from model.cohort.options import By, Denominator, Events
from model.language import _, ngettext

_LOWEST, _HIGHEST = 20.0, 36.0
_TOP = 4.0
_APART = 10.0
_BAR = 22.0  # pixels of height at most
_WIDEST = 220.0
_PHASES = {"acute": "acute ", "long_term": "long-term "}


class ToxicityDrawing(Drawing):
    """Term, bar, and how many had grade 3 or higher, in rows."""

    def __init__(self) -> None:
        super().__init__()
        self.told = ToxicityBars()
        self.row = _LOWEST
        self._bar = QRectF()
        self._segments: list[list[tuple[int, QRectF]]] = []

    def needed(self, room: QSizeF) -> float:
        """Room for all terms at their least height."""
        count = max(len(self.told.bars), 1)
        row = min(max((room.height() - 2 * _TOP) / count, _LOWEST), _HIGHEST)
        return count * row + 2 * _TOP

    def arrange(self) -> None:
        """Give each term its row, and each grade its part of the bar."""
        bars = self.told.bars
        self.row = min((self.rect.height() - 2 * _TOP) / max(len(bars), 1), _HIGHEST)
        words = max((self.metrics.horizontalAdvance(bar.term) for bar in bars), default=0.0)
        severe = max((self.metrics.horizontalAdvance(_severe_text(b)) for b in bars), default=0.0)
        left = SIDE + min(words, 0.34 * self.rect.width(), _WIDEST) + _APART
        width = max(self.rect.width() - left - _APART - severe - SIDE, 30.0)
        self._bar = QRectF(left, 0, width, min(self.row * 0.72, _BAR))
        self._segments = [self._parts(row, bar) for row, bar in enumerate(bars)]

    def make_marks(self) -> Iterator[Mark]:
        """Each part of each bar, and the number beside it."""
        for row, bar in enumerate(self.told.bars):
            yield from self._marks_of(row, bar)

    def legend(self) -> list[Entry]:
        """The grades that occur, in their order."""
        counted = [sum(bar.counts[grade] for bar in self.told.bars) for grade in GRADES]
        return [
            Entry(_sample(grade), f"Grade {grade}" if grade else "no event")
            for grade in GRADES
            if counted[grade]
        ]

    def notes(self) -> list[str]:
        """What was counted."""
        patients = ngettext("{n} patient", "{n} patients", self.told.of)
        of = patients.format(n=grouped(self.told.of))
        return [f"{of} {self.told.basis}"] if self.told.bars else []

    def draw(self, painter: QPainter) -> None:
        """Draw a row for each term."""
        colours = theme.current()
        for row, bar in enumerate(self.told.bars):
            top = _TOP + row * self.row
            name = shortened(bar.term, self.metrics, self._bar.left() - SIDE - _APART)
            write(painter, QRectF(SIDE, top, 10, self.row), name, colours.ink)
            for grade, place in self._segments[row]:
                _fill(painter, place, grade)
                count = f"{bar.counts[grade]}"
                if self.metrics.horizontalAdvance(count) <= place.width():
                    write(painter, place, count, _ink(grade), "centre")
            beside = QRectF(self._bar.right() + _APART, top, 10, self.row)
            tone = colours.ink if bar.severe else colours.ink_soft
            write(painter, beside, _severe_text(bar), tone)

    def _parts(self, row: int, bar: TermBar) -> list[tuple[int, QRectF]]:
        """The grades that occur, each with its part of the bar."""
        top = _TOP + row * self.row + (self.row - self._bar.height()) / 2
        each = self._bar.width() / max(bar.of, 1)
        parts, x = [], self._bar.left()
        for grade in GRADES:
            if wide := bar.counts[grade] * each:
                gap = 1.0 if wide > 3 else 0.0
                parts.append((grade, QRectF(x, top, wide - gap, self._bar.height())))
            x += wide
        return parts

    def _marks_of(self, row: int, bar: TermBar) -> list[Mark]:
        found = []
        for grade, place in self._segments[row]:
            what = f"{bar.term}: worst grade {grade}" if grade else f"{bar.term}: no event"
            tip = self._tip(what, bar.patients[grade])
            found.append(Mark(place, bar.patients[grade], tip, why=bar.because))
        if bar.severe:
            left = self._bar.right() + _APART - 3
            wide = self.metrics.horizontalAdvance(_severe_text(bar)) + 6
            beside = QRectF(left, self._segments[row][0][1].top(), wide, self._bar.height())
            what = f"{bar.term}: grade 3 or higher"
            found.append(Mark(beside, bar.severe, self._tip(what, bar.severe), why=bar.because))
        return found

    def _tip(self, what: str, patients: tuple[int, ...]) -> str:
        codes = [self.told.codes.get(one, "") for one in patients]
        counted = f"{share(len(patients), self.told.of)} of {self.told.of}"
        return f"{what}\n{counted}\n{names(codes)}"


class ToxicityFigure(Figure):
    """The stacked bars; a part of a bar opens the patients that it counts."""

    def __init__(self, parent: QWidget | None = None) -> None:
        self._bars = ToxicityDrawing()
        super().__init__(self._bars, parent)
        self.name_it(_("Toxicity by worst grade of each patient"))

    def show_data(self, data: ToxicityBars) -> None:
        """Draw these terms, from the top."""
        self._bars.told = data
        empty = ""
        if not data.of:
            empty = (
                _("No patient with a cycle: no toxicity to count.")
                if data.options.denominator is Denominator.TREATED
                else _("No such patient: no toxicity to count.")
            )
        elif not data.bars:
            emergent = "treatment-emergent " if data.options.events is Events.EMERGENT else ""
            kind = f"{emergent}{_PHASES.get(data.phase, '')}"
            empty = _("No %stoxicity is recorded.") % kind
        self.tell(empty=empty)

    def numbers(self) -> FigureTable:
        """One row a term."""
        return self._bars.told.numbers()

    def headline(self) -> str:
        """How many terms there are, of how many patients."""
        told = self._bars.told
        n = len(told.bars)
        if told.options.by is By.GROUP:
            terms = ngettext("{n} group", "{n} groups", n)
        else:
            terms = ngettext("{n} term", "{n} terms", n)
        patients = ngettext("{n} patient", "{n} patients", told.of)
        return f"{terms.format(n=n)} · {patients.format(n=grouped(told.of))}"


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


def _sample(grade: int) -> Sample:
    def sample(painter: QPainter, at: QPointF) -> None:
        _fill(painter, QRectF(at.x() - 6, at.y() - 5, 12, 10), grade)

    return sample

"""A small table on paper: a title, headings, rows, and how many of them were left out."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

from PySide6.QtCore import QRectF, Qt

from gui.reports.ink import BOLD, PLAIN, Ink
from gui.style.theme import LIGHT
from model.language import _

TITLE_POINTS = 8.5
TEXT_POINTS = 7.5
SMALL_POINTS = 7.0
ROW = 11.5
_TITLE = 15.0
_HEAD = 11.0
_LINE = 9.5
_GAP = 6.0
_MOST_FIXED = 0.8
_SOFT = LIGHT.ink_soft


@dataclass(frozen=True, slots=True)
class PaperCell:
    """One column of a row: its text, the text's colour by meaning, or the chip of a grade.

    Line breaks in the text are kept. `below` is smaller and soft.
    """

    text: str
    tone: str = ""
    strong: bool = False
    grade: int | None = None
    below: str = ""

    def text_lines(self, ink: Ink, room: float, most: int) -> list[str]:
        """Return the lines of the text, wrapped into at most so many unless it has line breaks."""
        weight = BOLD if self.strong else PLAIN
        if "\n" in self.text:
            return [ink.short(line, room, TEXT_POINTS, weight) for line in self.text.split("\n")]
        return ink.lines(self.text, room, TEXT_POINTS, most, weight)

    def below_lines(self, ink: Ink, room: float) -> list[str]:
        """Return the lines below the text, two at most."""
        return ink.lines(self.below, room, SMALL_POINTS, 2) if self.below else []

    def width(self, ink: Ink) -> float:
        """Return the width of the text if nothing is elided."""
        if self.grade is not None:
            return ink.width(self.text, SMALL_POINTS, BOLD) + SMALL_POINTS
        weight = BOLD if self.strong else PLAIN
        return max(ink.width(line, TEXT_POINTS, weight) for line in self.text.split("\n"))


@dataclass(frozen=True, slots=True)
class PaperColumn:
    """A column: as wide as its text, or, if it `gives_way`, sharing what the others leave.

    A text may take so many `lines` before it is elided.
    """

    heading: str = ""
    gives_way: bool = False
    right: bool = False
    lines: int = 1

    @property
    def side(self) -> Qt.AlignmentFlag:
        """The alignment of its text."""
        return Qt.AlignmentFlag.AlignRight if self.right else Qt.AlignmentFlag.AlignLeft


PaperRow = tuple[PaperCell, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperTable:
    """All rows of a table; the page decides how many of them are drawn.

    `nothing` replaces the rows if there are none; `under` is a soft line below them. If there are
    too many rows, the first are drawn, or with `keep_last` the last.
    """

    title: str
    columns: tuple[PaperColumn, ...]
    rows: tuple[PaperRow, ...]
    nothing: str
    under: str = ""
    keep_last: bool = False

    def heights(self, ink: Ink, width: float) -> list[float]:
        """Return its height in points with none of its rows, with one, and so on up to all."""
        high = _TITLE + len(self._under(ink, width)) * _LINE
        if not self.rows:
            return [high + ROW]
        widths = self._widths(ink, width)
        high += _HEAD if self._has_headings else 0
        rows = [self._row_height(ink, row, widths) for row in self.rows]
        heights = [high, *(high + taken for taken in itertools.accumulate(rows[:: self._from]))]
        return [*(one + ROW for one in heights[:-1]), heights[-1]]

    def draw(self, ink: Ink, place: QRectF, shown: int) -> None:
        """Draw it at the top of a place, with so many of its rows and the number of the others."""
        left, width, y = place.left(), place.width(), place.top()
        ink.write(QRectF(left, y, width, _TITLE - 3), self.title, TITLE_POINTS, weight=BOLD)
        y += _TITLE
        ink.rule(left, place.right(), y - 2.5)
        if not self.rows:
            ink.write(QRectF(left, y, width, ROW), self.nothing, TEXT_POINTS, colour=_SOFT)
            y += ROW
        else:
            y = self._draw_rows(ink, left, y, width, shown)
        for line in self._under(ink, width):
            ink.write(QRectF(left, y, width, _LINE), line, SMALL_POINTS, colour=_SOFT)
            y += _LINE

    @property
    def _has_headings(self) -> bool:
        return any(column.heading for column in self.columns)

    @property
    def _from(self) -> int:
        """The step through the rows: from the first forwards, or from the last backwards."""
        return -1 if self.keep_last else 1

    def _shown(self, count: int) -> tuple[PaperRow, ...]:
        return self.rows[len(self.rows) - count :] if self.keep_last else self.rows[:count]

    def _under(self, ink: Ink, width: float) -> list[str]:
        return ink.lines(self.under, width, SMALL_POINTS, 3) if self.under else []

    def _draw_rows(self, ink: Ink, left: float, y: float, width: float, shown: int) -> float:
        widths = self._widths(ink, width)
        if self._has_headings:
            x = left
            for column, wide in zip(self.columns, widths, strict=True):
                room = QRectF(x, y, wide, _HEAD - 1)
                ink.write(room, column.heading, SMALL_POINTS, colour=_SOFT, align=column.side)
                x += wide + _GAP
            y += _HEAD
        left_out = len(self.rows) - shown
        if left_out and self.keep_last:
            text = _("{n} earlier not shown").format(n=left_out)
            y = _write(ink, QRectF(left, y, width, ROW), text)
        for row in self._shown(shown):
            self._draw_row(ink, row, left, y, widths)
            y += self._row_height(ink, row, widths)
        if left_out and not self.keep_last:
            text = _("and {n} more").format(n=left_out)
            y = _write(ink, QRectF(left, y, width, ROW), text)
        return y

    def _draw_row(
        self, ink: Ink, row: PaperRow, left: float, y: float, widths: list[float]
    ) -> None:
        for cell, column, wide in zip(row, self.columns, widths, strict=True):
            room = QRectF(left, y, wide, ROW)
            left += wide + _GAP
            if cell.grade is not None:
                ink.chip(room, cell.text, SMALL_POINTS, cell.grade)
                continue
            weight, colour = BOLD if cell.strong else PLAIN, LIGHT.tone(cell.tone)
            for line in cell.text_lines(ink, wide, column.lines):
                ink.write(room, line, TEXT_POINTS, weight=weight, colour=colour, align=column.side)
                room.translate(0, _LINE)
            for line in cell.below_lines(ink, wide):
                ink.write(room, line, SMALL_POINTS, colour=_SOFT)
                room.translate(0, _LINE)

    def _row_height(self, ink: Ink, row: PaperRow, widths: list[float]) -> float:
        most = max(
            len(cell.text_lines(ink, wide, column.lines)) + len(cell.below_lines(ink, wide))
            for cell, column, wide in zip(row, self.columns, widths, strict=True)
        )
        return ROW + (most - 1) * _LINE

    def _widths(self, ink: Ink, width: float) -> list[float]:
        """Return the width of each column; if they do not fit, all of them give way."""
        needed = [
            max(ink.width(column.heading, SMALL_POINTS), *(row[n].width(ink) for row in self.rows))
            for n, column in enumerate(self.columns)
        ]
        room = width - _GAP * (len(self.columns) - 1)
        gives = [column.gives_way for column in self.columns]
        fixed = sum(wide for wide, way in zip(needed, gives, strict=True) if not way)
        flexible = sum(wide for wide, way in zip(needed, gives, strict=True) if way)
        tight = min(1.0, room * (_MOST_FIXED if flexible else 1.0) / fixed) if fixed else 1.0
        rest = room - fixed * tight
        return [
            rest * wide / flexible if way else wide * tight
            for wide, way in zip(needed, gives, strict=True)
        ]


def _write(ink: Ink, place: QRectF, text: str) -> float:
    ink.write(place, text, TEXT_POINTS, weight=BOLD, colour=_SOFT)
    return place.bottom()

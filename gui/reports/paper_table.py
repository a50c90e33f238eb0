"""A small table on paper: title, headings, rows, and the number of rows that are left out."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

from PySide6.QtCore import QRectF, Qt

from gui.reports.text_writer import BOLD, PLAIN, TextWriter
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
_MAX_FIXED_SHARE = 0.8
_SOFT = LIGHT.ink_soft


@dataclass(frozen=True, slots=True)
class PaperCell:
    """A cell: its text with a tone, or as the chip of a grade, and a smaller, soft text below it.

    Line breaks in the text are kept.
    """

    text: str
    tone: str = ""
    strong: bool = False
    grade: int | None = None
    below: str = ""

    def text_lines(self, writer: TextWriter, room: float, max_lines: int) -> list[str]:
        """Return the lines of the text: its own, or else up to `max_lines` wrapped ones."""
        weight = BOLD if self.strong else PLAIN
        if "\n" in self.text:
            return [writer.elide(line, room, TEXT_POINTS, weight) for line in self.text.split("\n")]
        return writer.wrap(self.text, room, TEXT_POINTS, max_lines, weight)

    def below_lines(self, writer: TextWriter, room: float) -> list[str]:
        """Return up to two lines of the text below."""
        return writer.wrap(self.below, room, SMALL_POINTS, 2) if self.below else []

    def width(self, writer: TextWriter) -> float:
        """Return the width of the text if nothing is elided."""
        if self.grade is not None:
            return writer.width(self.text, SMALL_POINTS, BOLD) + SMALL_POINTS
        weight = BOLD if self.strong else PLAIN
        return max(writer.width(line, TEXT_POINTS, weight) for line in self.text.split("\n"))


@dataclass(frozen=True, slots=True)
class PaperColumn:
    """A column, which is as wide as its widest text.

    Flexible columns share the width that the others leave. A text is elided after `max_lines`.
    """

    heading: str = ""
    is_flexible: bool = False
    is_right: bool = False
    max_lines: int = 1

    @property
    def alignment(self) -> Qt.AlignmentFlag:
        """The alignment of its text."""
        return Qt.AlignmentFlag.AlignRight if self.is_right else Qt.AlignmentFlag.AlignLeft


PaperRow = tuple[PaperCell, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PaperTable:
    """A table. If there is no room for all rows, the first are drawn, or with `keep_last` the last.

    `empty_text` replaces the rows if there are none. `note` is a soft text below them.
    """

    title: str
    columns: tuple[PaperColumn, ...]
    rows: tuple[PaperRow, ...]
    empty_text: str
    note: str = ""
    keep_last: bool = False

    def heights(self, writer: TextWriter, width: float) -> list[float]:
        """Return the height in points with no row, with one row, and so on up to all rows."""
        fixed = _TITLE + len(self._note_lines(writer, width)) * _LINE
        if not self.rows:
            return [fixed + ROW]
        widths = self._widths(writer, width)
        fixed += _HEAD if self._has_headings else 0
        row_heights = [self._row_height(writer, row, widths) for row in self.rows]
        if self.keep_last:
            row_heights.reverse()
        heights = list(itertools.accumulate(row_heights, initial=fixed))
        # All but the last have a line with the number of the rows that are left out.
        return [*(height + ROW for height in heights[:-1]), heights[-1]]

    def draw(self, writer: TextWriter, rect: QRectF, row_count: int) -> None:
        """Draw at the top of a rectangle, with `row_count` rows and the number of the others."""
        left, width, y = rect.left(), rect.width(), rect.top()
        writer.write(QRectF(left, y, width, _TITLE - 3), self.title, TITLE_POINTS, weight=BOLD)
        y += _TITLE
        writer.rule(left, rect.right(), y - 2.5)
        if not self.rows:
            writer.write(QRectF(left, y, width, ROW), self.empty_text, TEXT_POINTS, colour=_SOFT)
            y += ROW
        else:
            y = self._draw_rows(writer, left, y, width, row_count)
        for line in self._note_lines(writer, width):
            writer.write(QRectF(left, y, width, _LINE), line, SMALL_POINTS, colour=_SOFT)
            y += _LINE

    @property
    def _has_headings(self) -> bool:
        return any(column.heading for column in self.columns)

    def _visible_rows(self, count: int) -> tuple[PaperRow, ...]:
        return self.rows[len(self.rows) - count :] if self.keep_last else self.rows[:count]

    def _note_lines(self, writer: TextWriter, width: float) -> list[str]:
        return writer.wrap(self.note, width, SMALL_POINTS, 3) if self.note else []

    def _draw_rows(
        self, writer: TextWriter, left: float, y: float, width: float, row_count: int
    ) -> float:
        widths = self._widths(writer, width)
        if self._has_headings:
            x = left
            for column, column_width in zip(self.columns, widths, strict=True):
                room = QRectF(x, y, column_width, _HEAD - 1)
                writer.write(
                    room, column.heading, SMALL_POINTS, colour=_SOFT, align=column.alignment
                )
                x += column_width + _GAP
            y += _HEAD
        left_out = len(self.rows) - row_count
        if left_out and self.keep_last:
            text = _("{n} earlier not shown").format(n=left_out)
            y = _write_left_out(writer, QRectF(left, y, width, ROW), text)
        for row in self._visible_rows(row_count):
            self._draw_row(writer, row, left, y, widths)
            y += self._row_height(writer, row, widths)
        if left_out and not self.keep_last:
            text = _("and {n} more").format(n=left_out)
            y = _write_left_out(writer, QRectF(left, y, width, ROW), text)
        return y

    def _draw_row(
        self, writer: TextWriter, row: PaperRow, left: float, y: float, widths: list[float]
    ) -> None:
        for cell, column, column_width in zip(row, self.columns, widths, strict=True):
            room = QRectF(left, y, column_width, ROW)
            left += column_width + _GAP
            if cell.grade is not None:
                writer.chip(room, cell.text, SMALL_POINTS, cell.grade)
                continue
            weight, colour = BOLD if cell.strong else PLAIN, LIGHT.tone(cell.tone)
            for line in cell.text_lines(writer, column_width, column.max_lines):
                writer.write(
                    room, line, TEXT_POINTS, weight=weight, colour=colour, align=column.alignment
                )
                room.translate(0, _LINE)
            for line in cell.below_lines(writer, column_width):
                writer.write(room, line, SMALL_POINTS, colour=_SOFT)
                room.translate(0, _LINE)

    def _row_height(self, writer: TextWriter, row: PaperRow, widths: list[float]) -> float:
        line_count = max(
            len(cell.text_lines(writer, each, column.max_lines))
            + len(cell.below_lines(writer, each))
            for cell, column, each in zip(row, self.columns, widths, strict=True)
        )
        return ROW + (line_count - 1) * _LINE

    def _widths(self, writer: TextWriter, width: float) -> list[float]:
        """Return the width of each column; if they do not fit, all of them shrink."""
        needed = [
            max(
                writer.width(column.heading, SMALL_POINTS),
                *(row[n].width(writer) for row in self.rows),
            )
            for n, column in enumerate(self.columns)
        ]
        room = width - _GAP * (len(self.columns) - 1)
        pairs = list(zip(self.columns, needed, strict=True))
        fixed = sum(each for column, each in pairs if not column.is_flexible)
        flexible = sum(each for column, each in pairs if column.is_flexible)
        max_fixed = room * (_MAX_FIXED_SHARE if flexible else 1.0)
        shrink = min(1.0, max_fixed / fixed) if fixed else 1.0
        rest = room - fixed * shrink
        return [
            rest * each / flexible if column.is_flexible else each * shrink
            for column, each in pairs
        ]


def _write_left_out(writer: TextWriter, rect: QRectF, text: str) -> float:
    writer.write(rect, text, TEXT_POINTS, weight=BOLD, colour=_SOFT)
    return rect.bottom()

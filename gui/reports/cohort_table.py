"""A table of the cohort on paper: as wide as the page, and over as many pages as it needs."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt

from gui.reports import cohort_words
from gui.reports.cohort_flow import Block, Slip
from gui.reports.ink import BOLD, PLAIN, Ink
from gui.style.theme import LIGHT
from model.cohort.cohort_sheets import Row, Sheet

_POINTS = 7.5
_HEAD_POINTS = 7.0
_ROW = 12.0
_LINE = 9.6
_GAP = 9.0
_INDENT = 8.0
_ABOVE_HEADING = 4.0
_LEAST_FIRST = 0.2
"""The share of the width that the first column has at least."""

_MOST_LINES = 6
_RIGHT = Qt.AlignmentFlag.AlignRight
_LEFT = Qt.AlignmentFlag.AlignLeft


def table(ink: Ink, sheet: Sheet, width: float) -> Block:
    """A sheet as a block; its head stands again on every page that it goes on to."""
    widths = _widths(ink, sheet, width)
    rows = tuple(_row(ink, row, widths) for row in sheet.rows)
    if not rows:
        rows = cohort_words.lines(ink, sheet.nothing, width, colour=LIGHT.ink_soft)
    head = (_head(ink, sheet.columns, widths),) if sheet.rows else ()
    return Block(
        title=(cohort_words.title(ink, sheet.title),),
        again=(cohort_words.title(ink, sheet.title, soft="continued"),),
        head=head,
        rows=rows,
        end=cohort_words.notes(ink, sheet.notes, width),
    )


def _head(ink: Ink, columns: tuple[str, ...], widths: list[float]) -> Slip:
    rows = [
        ink.lines(text, wide, _HEAD_POINTS, 2) for text, wide in zip(columns, widths, strict=True)
    ]
    most = max(map(len, rows))
    high = _ROW + (most - 1) * _LINE

    def draw(place: QRectF) -> None:
        left = place.left()
        for number, (texts, wide) in enumerate(zip(rows, widths, strict=True)):
            # The lowest lines of all headings stand on one line.
            room = QRectF(left, place.top() + (most - len(texts)) * _LINE, wide, _ROW)
            for text in texts:
                side = _RIGHT if number else _LEFT
                ink.write(room, text, _HEAD_POINTS, colour=LIGHT.ink_soft, align=side)
                room.translate(0, _LINE)
            left += wide + _GAP

    return Slip(high, draw)


def _row(ink: Ink, row: Row, widths: list[float]) -> Slip:
    indent = 0.0 if row.is_heading else _INDENT * row.depth
    weight = BOLD if row.is_heading else PLAIN
    room = sum(widths) + _GAP * (len(widths) - 1) if row.spans else widths[0]
    first = ink.lines(row.cells[0], room - indent, _POINTS, _MOST_LINES, weight)
    above = _ABOVE_HEADING if row.is_heading else 0.0
    high = above + _ROW + (len(first) - 1) * _LINE

    def draw(place: QRectF) -> None:
        line = QRectF(place.left() + indent, place.top() + above, room - indent, _ROW)
        for text in first:
            ink.write(line, text, _POINTS, weight=weight)
            line.translate(0, _LINE)
        left = place.left() + widths[0] + _GAP
        for text, wide in zip(row.cells[1:], widths[1:], strict=False):
            cell = QRectF(left, place.top(), wide, _ROW)
            ink.write(cell, text, _POINTS, weight=weight, align=_RIGHT)
            left += wide + _GAP
        if not row.spans:
            ink.rule(place.left(), place.right(), place.top() + high, LIGHT.line)

    return Slip(high, draw, holds_next=row.spans)


def _widths(ink: Ink, sheet: Sheet, width: float) -> list[float]:
    """The width of each column: as its words need, and all a share of what is left.

    Where there is too little, the first keeps its least and the others give way together.
    """
    cells = [row.cells for row in sheet.rows if not row.spans]
    needed = [
        max(
            _heading_width(ink, heading),
            *(ink.width(one[number], _POINTS) for one in cells if number < len(one)),
            0.0,
        )
        for number, heading in enumerate(sheet.columns)
    ]
    between = _GAP * (len(needed) - 1)
    others = sum(needed[1:])
    room = width - between - others
    if room < _LEAST_FIRST * width:
        room = _LEAST_FIRST * width
        tight = (width - between - room) / others
        return [room, *(wide * tight for wide in needed[1:])]
    # What the first does not need is shared: a number far from its name is read in the wrong row.
    spare = max(room - needed[0] - _INDENT, 0.0)
    more = spare / max(len(needed), 1)
    return [room - more * (len(needed) - 1), *(wide + more for wide in needed[1:])]


def _heading_width(ink: Ink, heading: str) -> float:
    """What a heading needs, which may stand on two lines."""
    words = heading.split(" ")
    whole = ink.width(heading, _HEAD_POINTS)
    longest = max(ink.width(word, _HEAD_POINTS) for word in words)
    return max(longest, whole * 0.62) if len(words) > 1 else whole

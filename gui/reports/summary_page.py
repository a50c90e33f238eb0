"""The patient summary on one page: how much room each part gets, and which are shortened."""

from __future__ import annotations

from PySide6.QtCore import QBuffer, QMarginsF, QRectF
from PySide6.QtGui import QFont, QPainter

from gui.reports import printing, summary_tables
from gui.reports.course_picture import MAX_PANEL_HEIGHT, MIN_PANEL_HEIGHT, CoursePicture
from gui.reports.paper_table import ROW, TEXT_POINTS, PaperTable
from gui.reports.summary_head import FOOT, SummaryHead, draw_foot
from gui.reports.text_writer import TextWriter
from gui.style import theme
from model.documents.summary import Summary
from model.language import _

MARGIN = 34.0
"""The margin around the text in points, 12 mm."""

_GAP = 9.0
_COLUMN_GAP = 18.0
_LEFT_SHARE = 0.6
_MIN_CONTENTS = ((3, 4), (2, 3), (2, 2), (1, 1), (0, 0))
"""Minimum numbers of panels and of rows per table; the first pair that fits is used."""

NO_COURSE = _("Nothing dated is recorded yet: there is no course to draw.")


class _Part:
    """A table in a column of the page, with the number of its rows to draw."""

    def __init__(
        self, writer: TextWriter, table: PaperTable, width: float, weight: float = 1.0
    ) -> None:
        """Start with all rows of a table; a table of greater `weight` keeps more of them."""
        self.table = table
        self.row_count = len(table.rows)
        self.width = width
        self._weight = weight
        self._heights = table.heights(writer, width)

    @property
    def height(self) -> float:
        """The height in points, with the space below it."""
        return self._heights[self.row_count] + _GAP

    @property
    def length(self) -> float:
        """The number of rows in relation to the weight."""
        return self.row_count / self._weight


def draw(painter: QPainter, sheet: QRectF, summary: Summary, font: QFont) -> None:
    """Draw a summary on one sheet, in points, within its margins.

    The course gets the room that the tables leave. If there is too little, panels are left out and
    tables are shortened, the longest first, and the page states what is missing.
    """
    writer = TextWriter(painter, font)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    body = sheet.adjusted(MARGIN, MARGIN - 6, -MARGIN, -MARGIN + 8)
    head = SummaryHead(writer, summary, body.width())
    head.draw(body)
    draw_foot(writer, summary, QRectF(body.left(), body.bottom() - FOOT, body.width(), FOOT))
    room = QRectF(body)
    room.setTop(body.top() + head.height + 4)
    room.setBottom(body.bottom() - FOOT)
    picture = CoursePicture(writer, summary, body.width())
    tables = _Tables(writer, summary, body.width())
    for panels, min_rows in _MIN_CONTENTS:
        height = picture.height(MIN_PANEL_HEIGHT, panels)
        if tables.fit(room.height() - height - _GAP, min_rows):
            break
    if picture.is_empty:
        writer.write(QRectF(room.left(), room.top() + 4, room.width(), ROW), NO_COURSE, TEXT_POINTS)
        room.setTop(room.top() + ROW + _GAP)
    else:
        height = min(room.height() - tables.height() - _GAP, picture.height(MAX_PANEL_HEIGHT))
        picture.draw(QRectF(room.left(), room.top(), room.width(), height))
        room.setTop(room.top() + height + _GAP)
    tables.draw(room)


def as_pdf(summary: Summary, size: printing.Page) -> bytes:
    """Return a summary as the bytes of a PDF. Takes some tens of milliseconds on the GUI thread."""
    buffer = QBuffer()
    writer = printing.pdf_writer(buffer, _("Patient summary"), size)
    # Coordinates are in points from the edge of the paper.
    writer.setResolution(72)
    writer.setPageMargins(QMarginsF())
    painter = QPainter(writer)
    try:
        # The window may be dark, but paper is white.
        with theme.for_print():
            sheet = QRectF(0, 0, writer.width(), writer.height())
            draw(painter, sheet, summary, printing.print_font())
    finally:
        painter.end()
    return bytes(buffer.data().data())


class _Tables:
    """The tables below the course: two columns of tables, and one table across the whole width."""

    def __init__(self, writer: TextWriter, summary: Summary, width: float) -> None:
        self._writer = writer
        left = (width - _COLUMN_GAP) * _LEFT_SHARE
        right = width - _COLUMN_GAP - left
        self._right_offset = left + _COLUMN_GAP
        self._left = [
            _Part(writer, summary_tables.cycles_table(summary), left, 3),
            _Part(writer, summary_tables.responses_table(summary), left, 2),
        ]
        self._right = [
            _Part(writer, summary_tables.toxicities_table(summary), right, 2),
        ]
        open_items = summary_tables.open_items_table(summary)
        if open_items.rows or open_items.empty_text:
            self._right.append(_Part(writer, open_items, right))
        self._below = [_Part(writer, summary_tables.derived_table(summary), width)]

    def height(self) -> float:
        """Return the height of all tables in points."""
        return max(_total_height(self._left), _total_height(self._right)) + _total_height(
            self._below
        )

    def fit(self, room: float, min_rows: int) -> bool:
        """Leave out rows of the longest table in the higher column until all tables fit.

        Each table keeps at least `min_rows` rows. Return whether all tables fit.
        """
        for part in (*self._left, *self._right, *self._below):
            part.row_count = len(part.table.rows)
        while self.height() > room:
            column = (
                self._left
                if _total_height(self._left) >= _total_height(self._right)
                else self._right
            )
            parts = [part for part in (*column, *self._below) if part.row_count > min_rows]
            if not parts:
                return False
            max(parts, key=lambda part: part.length).row_count -= 1
        return True

    def draw(self, rect: QRectF) -> None:
        """Draw all tables at the top of a rectangle."""
        left_end = self._draw(self._left, rect.left(), rect.top())
        right_end = self._draw(self._right, rect.left() + self._right_offset, rect.top())
        self._draw(self._below, rect.left(), max(left_end, right_end))

    def _draw(self, parts: list[_Part], left: float, top: float) -> float:
        for part in parts:
            rect = QRectF(left, top, part.width, part.height)
            part.table.draw(self._writer, rect, part.row_count)
            top += part.height
        return top


def _total_height(parts: list[_Part]) -> float:
    return sum(part.height for part in parts)

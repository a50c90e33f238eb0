"""The patient summary on one page: how much room each part gets, and what is shortened."""

from __future__ import annotations

from PySide6.QtCore import QBuffer, QMarginsF, QRectF
from PySide6.QtGui import QFont, QPainter

from gui.reports import printing, summary_tables
from gui.reports.course_picture import HIGHEST, LOWEST, CoursePicture
from gui.reports.ink import Ink
from gui.reports.paper_table import ROW, TEXT_POINTS, PaperTable
from gui.reports.summary_head import FOOT, SummaryHead, draw_foot
from gui.style import theme
from model.documents.summary import Summary
from model.language import _

MARGIN = 34.0
"""Points of white around the text: 12 mm."""

_BETWEEN = 9.0
_APART = 18.0
_LEFT = 0.6
_TRIES = ((3, 4), (2, 3), (2, 2), (1, 1), (0, 0))
"""The least numbers of panels and of rows of each table, in the order of trying."""

NOTHING = _("Nothing dated is recorded yet: there is no course to draw.")


class _Part:
    """A table in a column of the page, with the number of its rows to draw."""

    def __init__(self, ink: Ink, table: PaperTable, width: float, weight: float = 1.0) -> None:
        """Start with all rows of a table; with more `weight` it keeps more of them."""
        self.table = table
        self.shown = len(table.rows)
        self.width = width
        self._weight = weight
        self._heights = table.heights(ink, width)

    @property
    def height(self) -> float:
        """The height in points, with the space below it."""
        return self._heights[self.shown] + _BETWEEN

    @property
    def length(self) -> float:
        """The number of rows in relation to the weight."""
        return self.shown / self._weight


def draw(painter: QPainter, sheet: QRectF, report: Summary, font: QFont) -> None:
    """Draw a report on one sheet, in points, within its margins.

    The course takes the room that the tables leave. If there is too little, panels are left out
    and tables shortened, the longest first, and the page states which and by how much.
    """
    ink = Ink(painter, font)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    body = sheet.adjusted(MARGIN, MARGIN - 6, -MARGIN, -MARGIN + 8)
    head = SummaryHead(ink, report, body.width())
    head.draw(body)
    draw_foot(ink, report, QRectF(body.left(), body.bottom() - FOOT, body.width(), FOOT))
    room = QRectF(body)
    room.setTop(body.top() + head.height + 4)
    room.setBottom(body.bottom() - FOOT)
    picture = CoursePicture(ink, report, body.width())
    tables = _Tables(ink, report, body.width())
    for panels, fewest in _TRIES:
        if tables.fit(room.height() - picture.height(LOWEST, panels) - _BETWEEN, fewest):
            break
    used = tables.height()
    if picture.is_empty:
        ink.write(QRectF(room.left(), room.top() + 4, room.width(), ROW), NOTHING, TEXT_POINTS)
        room.setTop(room.top() + ROW + _BETWEEN)
    else:
        high = min(room.height() - used - _BETWEEN, picture.height(HIGHEST))
        picture.draw(QRectF(room.left(), room.top(), room.width(), high))
        room.setTop(room.top() + high + _BETWEEN)
    tables.draw(room)


def as_pdf(report: Summary, size: printing.Page) -> bytes:
    """Return a report as the bytes of a PDF; takes some tens of milliseconds, on the GUI thread."""
    buffer = QBuffer()
    writer = printing.pdf_writer(buffer, _("Patient summary"), size)
    # Measured in points from the edge of the paper.
    writer.setResolution(72)
    writer.setPageMargins(QMarginsF())
    painter = QPainter(writer)
    try:
        # The window may be dark; paper is not.
        with theme.for_print():
            sheet = QRectF(0, 0, writer.width(), writer.height())
            draw(painter, sheet, report, printing.print_font())
    finally:
        painter.end()
    return bytes(buffer.data().data())


class _Tables:
    """The tables below the course: two columns of them, and one across the whole width."""

    def __init__(self, ink: Ink, report: Summary, width: float) -> None:
        self._ink = ink
        left = (width - _APART) * _LEFT
        right = width - _APART - left
        self._at = left + _APART
        self._left = [
            _Part(ink, summary_tables.cycles(report), left, 3),
            _Part(ink, summary_tables.responses(report), left, 2),
        ]
        self._right = [
            _Part(ink, summary_tables.toxicities(report), right, 2),
        ]
        still_open = summary_tables.still_open(report)
        if still_open.rows or still_open.nothing:
            self._right.append(_Part(ink, still_open, right))
        self._below = [_Part(ink, summary_tables.derived(report), width)]

    def height(self) -> float:
        """The height of all of them in points."""
        return max(_sum(self._left), _sum(self._right)) + _sum(self._below)

    def fit(self, room: float, fewest: int) -> bool:
        """Leave out rows of the longest table in the highest column until all tables fit.

        Each keeps at least the fewest rows. Return whether they fit.
        """
        for part in (*self._left, *self._right, *self._below):
            part.shown = len(part.table.rows)
        while self.height() > room:
            column = self._left if _sum(self._left) >= _sum(self._right) else self._right
            parts = [part for part in (*column, *self._below) if part.shown > fewest]
            if not parts:
                return False
            max(parts, key=lambda part: part.length).shown -= 1
        return True

    def draw(self, place: QRectF) -> None:
        """Draw them at the top of a place."""
        left_end = self._draw(self._left, place.left(), place.top())
        right_end = self._draw(self._right, place.left() + self._at, place.top())
        self._draw(self._below, place.left(), max(left_end, right_end))

    def _draw(self, parts: list[_Part], left: float, top: float) -> float:
        for part in parts:
            place = QRectF(left, top, part.width, part.height)
            part.table.draw(self._ink, place, part.shown)
            top += part.height
        return top


def _sum(parts: list[_Part]) -> float:
    return sum(part.height for part in parts)

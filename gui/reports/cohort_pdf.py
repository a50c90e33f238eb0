"""The cohort's report as a PDF file, drawn in slices between which the window stays alive."""

from __future__ import annotations

from collections.abc import Generator

from PySide6.QtCore import QBuffer, QIODevice, QRectF
from PySide6.QtGui import QPainter

from gui.reports import cohort_flow, cohort_head, cohort_words
from gui.reports.cohort_figures import Make, figures
from gui.reports.cohort_table import table
from gui.reports.ink import Ink
from gui.reports.pdf import blank
from gui.reports.printing import Page, print_font
from gui.style import theme
from model.cohort.cohort_report import CohortReport
from model.cohort.cohort_sheets import Sheet

MARGIN = 36.0
_HIGH = 60.0  # points: no row of a table is as high
_TOGETHER = 30
_UNDER = {"all_toxicity": "toxicity"}
"""The figures that stand under a table of another key."""

Slices = Generator[tuple[int, int], None, bytes]
"""After each slice how many of how many are done; at its end the bytes of the file."""


def slices(report: CohortReport, size: Page) -> Slices:
    """Draw a report on the GUI thread, some tens of milliseconds a slice.

    Closing the generator gives up what was drawn. Title and creator of the file say what it is,
    never of which casebook.
    """
    held = QBuffer()
    held.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = blank(held, cohort_head.TITLE, size)
    painter = QPainter(writer)
    try:
        sheet = QRectF(0, 0, writer.width(), writer.height())
        place = sheet.adjusted(MARGIN, MARGIN - 8, -MARGIN, -MARGIN + 10)
        body = place.adjusted(0, cohort_head.HEAD, 0, -cohort_head.FOOT - 6)
        ink = Ink(painter, print_font())
        makers = _makers(report)
        blocks = []
        for done, make in enumerate(makers):
            with theme.for_print():
                blocks.append(make(ink, body.width()))
            yield done, 2 * len(makers)
        pages = cohort_flow.pages(blocks, body.height())
        for number, page in enumerate(pages, 1):
            # The window may be dark, and stays so between the slices; paper is not.
            with theme.for_print():
                if number > 1:
                    writer.newPage()
                painter.setRenderHint(QPainter.RenderHint.Antialiasing)
                cohort_head.draw_head(ink, report, place, number)
                foot = QRectF(place.left(), place.bottom() - cohort_head.FOOT, place.width(), 0)
                cohort_head.draw_foot(ink, report, foot, number, len(pages))
            for slips in _in_slices(page):
                with theme.for_print():
                    for top, slip in slips:
                        slip.draw(QRectF(body.left(), body.top() + top, body.width(), slip.height))
                yield len(makers) + number * len(makers) // len(pages), 2 * len(makers)
    finally:
        painter.end()
    return bytes(held.data().data())


def drawn(report: CohortReport, size: Page = "A4") -> bytes:
    """A report as the bytes of a PDF, drawn at one go."""
    drawing = slices(report, size)
    while True:
        try:
            next(drawing)
        except StopIteration as end:
            return bytes(end.value)


def _in_slices(page: cohort_flow.Page) -> list[list[tuple[float, cohort_flow.Slip]]]:
    """What stands on a page in parts: each figure for itself, some rows together."""
    parts: list[list[tuple[float, cohort_flow.Slip]]] = [[]]
    for place in page.slips:
        is_figure = place[1].height > _HIGH
        if is_figure or len(parts[-1]) == _TOGETHER:
            parts.append([])
        parts[-1].append(place)
        if is_figure:
            parts.append([])
    return parts


def _makers(report: CohortReport) -> list[Make]:
    """What makes the blocks of the report, from the top: figures stand under their table."""
    under = figures(report)
    makers: list[Make] = [
        lambda ink, width: cohort_head.opening(ink, report, width),
        lambda ink, width: cohort_words.paragraph(
            ink, "Summary", report.paragraph.text, report.paragraph.footnote, width
        ),
    ]
    for sheet in report.sheets:
        makers.append(_table(sheet))
        makers += under.pop(_UNDER.get(sheet.key, sheet.key), [])
    for rest in under.values():
        makers += rest
    return makers


def _table(sheet: Sheet) -> Make:
    return lambda ink, width: table(ink, sheet, width)

"""The cohort report as a PDF, drawn in slices between which the window stays responsive."""

from __future__ import annotations

from collections.abc import Generator
from functools import partial

from PySide6.QtCore import QBuffer
from PySide6.QtGui import QPainter

from gui.reports import cohort_flow, printing
from gui.reports.cohort_figures import Make, figures
from gui.reports.cohort_html import Press, versions
from gui.style import theme
from model.cohort.report import CohortReport
from model.dates import date_text
from model.language import _

_BETWEEN = 16
"""Points of white between two blocks."""

_BELOW = {"all_toxicity": "toxicity"}
"""The figures that belong below a table of another key."""

Slices = Generator[tuple[int, int], None, bytes]
"""After each slice, how many of how many are done; it returns the bytes of the file."""


def slices(report: CohortReport, size: printing.Page) -> Slices:
    """Draw a report on the GUI thread, some tens of milliseconds a slice.

    Closing the generator discards what was drawn.
    """
    buffer = QBuffer()
    writer = printing.pdf_writer(buffer, _("Cohort report"), size)
    painter = QPainter(writer)
    try:
        frame = printing.Frame(painter, _furniture(report))
        press = Press(writer, frame.body.width())
        makers = _makers(report)
        blocks = []
        # The window may be dark, and stays so between the slices; paper is not.
        for done, make in enumerate(makers):
            with theme.for_print():
                blocks.append(make(press))
            yield done, 2 * len(makers)
        pages = cohort_flow.pages(blocks, frame.body.height(), _BETWEEN * press.point)
        for number, page in enumerate(pages, 1):
            if number > 1:
                writer.newPage()
            frame.draw(number, len(pages))
            painter.save()
            painter.translate(frame.body.topLeft())
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            for top, slip in page.slips:
                with theme.for_print():
                    slip.draw(painter, top)
            painter.restore()
            yield len(makers) + number * len(makers) // len(pages), 2 * len(makers)
    finally:
        painter.end()
    return bytes(buffer.data().data())


def as_pdf(report: CohortReport, size: printing.Page = "A4") -> bytes:
    """Return a report as the bytes of a PDF, drawn in one go."""
    drawing = slices(report, size)
    while True:
        try:
            next(drawing)
        except StopIteration as end:
            return bytes(end.value)


def _furniture(report: CohortReport) -> printing.Furniture:
    cut_off = report.selection.cut_off
    up_to = (
        _("data cut-off {date}").format(date=date_text(cut_off))
        if cut_off
        else _("no data cut-off")
    )
    return printing.Furniture(
        title=_("Cohort report"),
        casebook=report.casebook,
        is_synthetic=report.synthetic,
        printed_on=report.printed_on,
        facts=(up_to, *versions(report)),
    )


def _makers(report: CohortReport) -> list[Make]:
    """Return what makes the blocks of the report, from the top: figures follow their table."""
    below = figures(report)
    paragraph = report.paragraph
    notes = (paragraph.footnote,) if paragraph.footnote else ()
    makers: list[Make] = [
        lambda press: press.opening(report),
        lambda press: press.words(_("Summary"), paragraph.text, notes),
    ]
    for sheet in report.sheets:
        makers.append(partial(Press.table, sheet=sheet))
        makers += below.pop(_BELOW.get(sheet.key, sheet.key), [])
    for rest in below.values():
        makers += rest
    return makers

"""The cohort report as a PDF, drawn in slices so that the window stays responsive."""

from __future__ import annotations

from collections.abc import Generator
from functools import partial

from PySide6.QtCore import QBuffer
from PySide6.QtGui import QPainter

from gui.reports import cohort_flow, printing
from gui.reports.cohort_figures import MakeBlock, figure_makers
from gui.reports.cohort_html import BlockBuilder, version_texts
from gui.style import theme
from model.cohort.report import CohortReport
from model.dates import date_text
from model.language import _

_GAP = 16
"""The space between two blocks in points."""

_FIGURES_OF = {"all_toxicity": "toxicity"}
"""For the key of a table, the key of its figures, if they differ."""

Slices = Generator[tuple[int, int], None, bytes]
"""Yields the number of finished steps and of all steps; returns the bytes of the file."""


def draw_in_slices(report: CohortReport, size: printing.Page) -> Slices:
    """Draw a report on the GUI thread in slices of some tens of milliseconds.

    Closing the generator discards the report.
    """
    buffer = QBuffer()
    writer = printing.pdf_writer(buffer, _("Cohort report"), size)
    painter = QPainter(writer)
    try:
        frame = printing.Frame(painter, _head_and_foot(report))
        builder = BlockBuilder(writer, frame.body.width())
        makers = _block_makers(report)
        blocks = []
        # The window may be dark, so print colours are used only within a slice.
        for done, make in enumerate(makers):
            with theme.for_print():
                blocks.append(make(builder))
            yield done, 2 * len(makers)
        pages = cohort_flow.lay_out(blocks, frame.body.height(), _GAP * builder.point)
        for number, page in enumerate(pages, 1):
            if number > 1:
                writer.newPage()
            frame.draw(number, len(pages))
            painter.save()
            painter.translate(frame.body.topLeft())
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            for top, item in page.items:
                with theme.for_print():
                    item.draw(painter, top)
            painter.restore()
            yield len(makers) + number * len(makers) // len(pages), 2 * len(makers)
    finally:
        painter.end()
    return bytes(buffer.data().data())


def as_pdf(report: CohortReport, size: printing.Page = "A4") -> bytes:
    """Return a report as the bytes of a PDF, drawn without interruption."""
    drawing = draw_in_slices(report, size)
    while True:
        try:
            next(drawing)
        except StopIteration as end:
            return bytes(end.value)


def _head_and_foot(report: CohortReport) -> printing.HeadAndFoot:
    cut_off = report.selection.cut_off
    up_to = (
        _("data cut-off {date}").format(date=date_text(cut_off))
        if cut_off
        else _("no data cut-off")
    )
    return printing.HeadAndFoot(
        title=_("Cohort report"),
        casebook=report.casebook,
        is_synthetic=report.synthetic,
        printed_on=report.printed_on,
        facts=(up_to, *version_texts(report)),
    )


def _block_makers(report: CohortReport) -> list[MakeBlock]:
    """Return functions that make the blocks of the report in order; figures follow their table."""
    figures = figure_makers(report)
    paragraph = report.paragraph
    notes = (paragraph.footnote,) if paragraph.footnote else ()
    makers: list[MakeBlock] = [
        lambda builder: builder.opening_block(report),
        lambda builder: builder.text_block(_("Summary"), paragraph.text, notes),
    ]
    for sheet in report.sheets:
        makers.append(partial(BlockBuilder.table_block, sheet=sheet))
        makers += figures.pop(_FIGURES_OF.get(sheet.key, sheet.key), [])
    for rest in figures.values():
        makers += rest
    return makers

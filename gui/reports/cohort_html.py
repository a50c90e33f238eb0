"""The texts and tables of the cohort report as HTML, split into lines and rows for page breaks."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial
from html import escape

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPagedPaintDevice, QPainter, QTextDocument, QTextTable

from gui.reports import printing
from gui.reports.cohort_flow import Block, FlowItem
from gui.style.theme import LIGHT
from model.cohort.messages import translate
from model.cohort.report import CohortReport
from model.cohort.sheet import Sheet, SheetRow
from model.language import _, ngettext
from model.rounding import group_thousands

_STYLE = f"""
p {{ font-size: 8pt; line-height: 115%; margin-bottom: 3px; }}
p.lead {{ font-size: 10pt; font-weight: 600; }}
p.facts {{ font-size: 9pt; margin-bottom: 6px; }}
p.note {{ font-size: 7pt; color: {LIGHT.ink_soft}; }}
td {{ font-size: 7.5pt; padding-top: 1px; padding-bottom: 1px;
      border-bottom: 0.5px solid {LIGHT.line}; }}
td.title {{ font-size: 10pt; font-weight: 600; border-bottom-color: {LIGHT.edge}; }}
td.heading {{ font-weight: 600; padding-top: 4px; border-bottom: 0; }}
td.inside {{ padding-left: 9px; }}
td.number, th {{ text-align: right; padding-left: 10px; }}
th {{ font-size: 7pt; font-weight: 400; vertical-align: bottom; padding-bottom: 1px; }}
th.first {{ text-align: left; padding-left: 0; }}
span.soft {{ font-size: 8pt; font-weight: 400; }}
"""
_TABLE = '<table width="100%" cellspacing="0" style="border-collapse: collapse">'


class BlockBuilder:
    """Builds blocks from HTML in the width of a page; `point` is the size of a point in pixels."""

    def __init__(self, device: QPagedPaintDevice, width: float) -> None:
        self.width = width
        self.point = device.logicalDpiX() / 72
        self._device = device

    def opening_block(self, report: CohortReport) -> Block:
        """Return the start of the report: the selection, versions, options and warnings."""
        warnings = (*report.left_out, *_version_warnings(report))
        return Block(
            rows=self._items(
                f'<p class="lead">{escape(_selection_text(report))}</p>'
                f'<p class="facts">{escape(" · ".join(_facts(report)))}</p>'
                f'<p class="soft">{escape(translate(report.options.sentence()))}</p>'
                + "".join(f'<p class="warn">{escape(text)}</p>' for text in warnings)
            )
        )

    def text_block(
        self, name: str, text: str, notes: Iterable[str] = (), *, style: str = ""
    ) -> Block:
        """Return a block with a text below a title, and notes below the text."""
        return Block(
            title=self.title_items(name),
            continued_title=self.title_items(name, _("continued")),
            rows=self._items(f'<p class="{style}">{escape(text)}</p>'),
            end=self.note_items(notes),
        )

    def table_block(self, sheet: Sheet) -> Block:
        """Return a block with a table, whose head is repeated on every page."""
        if not sheet.rows:
            return self.text_block(sheet.title, sheet.nothing, sheet.notes, style="soft")
        sheet = sheet.spread()
        headings = f'<th class="first">{escape(sheet.first_title)}</th>' + "".join(
            f"<th>{escape(text)}</th>" for text in sheet.titles
        )
        rows = "".join(_row_html(row, 1 + sheet.width) for row in sheet.rows)
        head, *items = self._items(f"{_TABLE}<thead><tr>{headings}</tr></thead>{rows}</table>")
        return Block(
            title=self.title_items(sheet.title),
            continued_title=self.title_items(sheet.title, _("continued")),
            head=(head,),
            rows=tuple(items),
            end=self.note_items(sheet.notes),
        )

    def title_items(self, name: str, soft: str = "") -> tuple[FlowItem, ...]:
        """Return the underlined title of a block, followed by `soft` in lighter type."""
        more = f'&nbsp; <span class="soft">{escape(soft)}</span>' if soft else ""
        cell = f'<td class="title">{escape(name)}{more}</td>'
        return (*self._items(f"{_TABLE}<tr>{cell}</tr></table>"), self._gap(2))

    def note_items(self, texts: Iterable[str]) -> tuple[FlowItem, ...]:
        """Return notes below a block, small and soft."""
        text = " ".join(texts)
        if not text:
            return ()
        return (self._gap(3), *self._items(f'<p class="note">{escape(text)}</p>'))

    def _gap(self, points: float) -> FlowItem:
        return FlowItem(points * self.point, lambda _painter, _top: None)

    def _items(self, html: str) -> tuple[FlowItem, ...]:
        """Return the items of HTML: one for each line of text and each row of a table."""
        document = printing.document_of(html, _STYLE)
        document.documentLayout().setPaintDevice(self._device)
        document.setTextWidth(self.width)
        edges = list(_edges(document))
        tops = [0.0, *(top for top, _spans in edges[1:])]
        bottoms = [*tops[1:], document.size().height()]
        return tuple(
            FlowItem(bottom - top, partial(_draw_part, document, top, bottom), spans)
            for top, bottom, (_top, spans) in zip(tops, bottoms, edges, strict=True)
        )


def _draw_part(
    document: QTextDocument, begin: float, end: float, painter: QPainter, top: float
) -> None:
    """Draw the part of a document between two of its heights, with its upper edge at `top`."""
    part = QRectF(0, begin, document.textWidth(), end - begin)
    painter.save()
    painter.translate(0, top - begin)
    painter.setClipRect(part)
    context = printing.paint_context()
    context.clip = part
    document.documentLayout().draw(painter, context)
    painter.restore()


def _edges(document: QTextDocument) -> Iterator[tuple[float, bool]]:
    """Yield the top of each line or row, and whether the row spans all columns."""
    layout = document.documentLayout()
    frames = document.rootFrame().childFrames()
    tables = [frame for frame in frames if isinstance(frame, QTextTable)]
    for table in tables:
        for row in range(table.rows()):
            cells = [table.cellAt(row, column) for column in range(table.columns())]
            blocks = [cell.firstCursorPosition().block() for cell in cells]
            top = min(layout.blockBoundingRect(block).top() for block in blocks)
            yield top - 1, table.columns() > 1 and cells[0].columnSpan() == table.columns()
    block = document.begin()
    while not tables and block.isValid():
        top = layout.blockBoundingRect(block).top()
        for line in range(block.layout().lineCount()):
            yield top + block.layout().lineAt(line).y(), False
        block = block.next()


def _row_html(row: SheetRow, columns: int) -> str:
    label = escape(row.label)
    if not row.cells:
        return f'<tr><td colspan="{columns}" class="heading">{label}</td></tr>'
    cells = "".join(f'<td class="number">{escape(cell.text)}</td>' for cell in row.cells)
    return f'<tr><td class="{"inside" if row.is_indented else ""}">{label}</td>{cells}</tr>'


def _selection_text(report: CohortReport) -> str:
    sentence = f"{translate(report.selection.sentence())}."
    name = report.selection.name
    return _("“{name}”: {sentence}").format(name=name, sentence=sentence) if name else sentence


def _facts(report: CohortReport) -> list[str]:
    patients = ngettext("{n} patient", "{n} patients", report.patients).format(
        n=group_thousands(report.patients)
    )
    return [patients, *version_texts(report)]


def version_texts(report: CohortReport) -> list[str]:
    """Return the versions of CTCAE and of the program."""
    ctcae = f"CTCAE {report.ctcae[0]}" if report.ctcae else ""
    if len(report.ctcae) > 1:
        *first, last = report.ctcae
        ctcae = _("CTCAE {versions} and {last}").format(versions=", ".join(first), last=last)
    return list(filter(None, (ctcae, f"Theralog {report.version}")))


def _version_warnings(report: CohortReport) -> list[str]:
    if len(report.ctcae) < 2:
        return []
    return [_("Toxicities are graded in two versions of CTCAE, whose grades are not comparable.")]

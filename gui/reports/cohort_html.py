"""The words and tables of the cohort report as HTML, split between lines and rows into pages."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial
from html import escape

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPagedPaintDevice, QPainter, QTextDocument, QTextTable

from gui.reports import printing
from gui.reports.cohort_flow import Block, Slip
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
td.is_indented {{ padding-left: 9px; }}
td.number, th {{ text-align: right; padding-left: 10px; }}
th {{ font-size: 7pt; font-weight: 400; vertical-align: bottom; padding-bottom: 1px; }}
th.first {{ text-align: left; padding-left: 0; }}
span.soft {{ font-size: 8pt; font-weight: 400; }}
"""
_TABLE = '<table width="100%" cellspacing="0" style="border-collapse: collapse">'


class Press:
    """Lays HTML out in the width of a device's pages; `point` is a point in the device's pixels."""

    def __init__(self, device: QPagedPaintDevice, width: float) -> None:
        self.width = width
        self.point = device.logicalDpiX() / 72
        self._device = device

    def opening(self, report: CohortReport) -> Block:
        """Return the start of the report: who is counted, up to when, and the warnings."""
        warnings = (*report.left_out, *_cautions(report))
        return Block(
            rows=self._slips(
                f'<p class="lead">{escape(_selection(report))}</p>'
                f'<p class="facts">{escape(" · ".join(_facts(report)))}</p>'
                f'<p class="soft">{escape(translate(report.options.sentence()))}</p>'
                + "".join(f'<p class="warn">{escape(text)}</p>' for text in warnings)
            )
        )

    def words(self, name: str, text: str, notes: Iterable[str] = (), *, style: str = "") -> Block:
        """Return a text under a title, with notes below it."""
        return Block(
            title=self.title(name),
            again=self.title(name, _("continued")),
            rows=self._slips(f'<p class="{style}">{escape(text)}</p>'),
            end=self.notes(notes),
        )

    def table(self, sheet: Sheet) -> Block:
        """Return a table; its head is repeated on every page that it continues on."""
        if not sheet.rows:
            return self.words(sheet.title, sheet.nothing, sheet.notes, style="soft")
        sheet = sheet.spread()
        headings = f'<th class="first">{escape(sheet.first_title)}</th>' + "".join(
            f"<th>{escape(text)}</th>" for text in sheet.titles
        )
        rows = "".join(_row(row, 1 + sheet.width) for row in sheet.rows)
        head, *slips = self._slips(f"{_TABLE}<thead><tr>{headings}</tr></thead>{rows}</table>")
        return Block(
            title=self.title(sheet.title),
            again=self.title(sheet.title, _("continued")),
            head=(head,),
            rows=tuple(slips),
            end=self.notes(sheet.notes),
        )

    def title(self, name: str, soft: str = "") -> tuple[Slip, ...]:
        """Return the underlined title of a block, followed by `soft` in lighter type."""
        more = f'&nbsp; <span class="soft">{escape(soft)}</span>' if soft else ""
        words = f'<td class="title">{escape(name)}{more}</td>'
        return (*self._slips(f"{_TABLE}<tr>{words}</tr></table>"), self._gap(2))

    def notes(self, texts: Iterable[str]) -> tuple[Slip, ...]:
        """Return notes below a block, small and soft."""
        joined = " ".join(texts)
        if not joined:
            return ()
        return (self._gap(3), *self._slips(f'<p class="note">{escape(joined)}</p>'))

    def _gap(self, points: float) -> Slip:
        return Slip(points * self.point, lambda _painter, _top: None)

    def _slips(self, html: str) -> tuple[Slip, ...]:
        """Lay HTML out; a slip for each line of words and each row of a table."""
        document = printing.document_of(html, _STYLE)
        document.documentLayout().setPaintDevice(self._device)
        document.setTextWidth(self.width)
        edges = list(_edges(document))
        tops = [0.0, *(top for top, _spans in edges[1:])]
        bottoms = [*tops[1:], document.size().height()]
        return tuple(
            Slip(bottom - top, partial(_draw_part, document, top, bottom), spans)
            for top, bottom, (_top, spans) in zip(tops, bottoms, edges, strict=True)
        )


def _draw_part(
    document: QTextDocument, begin: float, end: float, painter: QPainter, top: float
) -> None:
    """Draw the part of a document between two heights, moved to `top`."""
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
    tables = [one for one in document.rootFrame().childFrames() if isinstance(one, QTextTable)]
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


def _row(row: SheetRow, columns: int) -> str:
    label = escape(row.label)
    if not row.cells:
        return f'<tr><td colspan="{columns}" class="heading">{label}</td></tr>'
    cells = "".join(f'<td class="number">{escape(cell.text)}</td>' for cell in row.cells)
    return f'<tr><td class="{"inside" if row.is_indented else ""}">{label}</td>{cells}</tr>'


def _selection(report: CohortReport) -> str:
    sentence = f"{translate(report.selection.sentence())}."
    name = report.selection.name
    return _("“{name}”: {sentence}").format(name=name, sentence=sentence) if name else sentence


def _facts(report: CohortReport) -> list[str]:
    patients = ngettext("{n} patient", "{n} patients", report.patients).format(
        n=group_thousands(report.patients)
    )
    return [patients, *versions(report)]


def versions(report: CohortReport) -> list[str]:
    """Return the versions of CTCAE and of the program."""
    ctcae = f"CTCAE {report.ctcae[0]}" if report.ctcae else ""
    if len(report.ctcae) > 1:
        *first, last = report.ctcae
        ctcae = _("CTCAE {versions} and {last}").format(versions=", ".join(first), last=last)
    return list(filter(None, (ctcae, f"Theralog {report.version}")))


def _cautions(report: CohortReport) -> list[str]:
    if len(report.ctcae) < 2:
        return []
    return [_("Toxicities are graded in two versions of CTCAE, whose grades are not comparable.")]

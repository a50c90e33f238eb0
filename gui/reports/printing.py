"""Print documents or write them as PDF, each page with title, casebook, date and page number.

A document is a `QTextDocument` made by `document_of`; its sizes are in points.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from PySide6.QtCore import QBuffer, QLineF, QMarginsF, QRectF, Qt
from PySide6.QtGui import (
    QAbstractTextDocumentLayout,
    QColor,
    QFont,
    QFontMetricsF,
    QGuiApplication,
    QPagedPaintDevice,
    QPageLayout,
    QPageSize,
    QPainter,
    QPalette,
    QPdfWriter,
    QPen,
    QTextDocument,
)

from gui.style.theme import LIGHT
from gui.words import SYNTHETIC_TEXT
from model import whole_file
from model.dates import date_text
from model.errors import KnownError
from model.language import _
from model.store.settings import SYNTHETIC

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from model.store.casebook import Casebook

Page = Literal["A4", "Letter"]
DEVICE_TEXT = _(
    "Theralog records and summarises data for research and documentation;"
    " it is not a medical device."
)
TEXT_POINTS = 9.0
_SMALL_POINTS = 7.5
_TITLE_POINTS = 10.0
_MARGIN_MM = 15.0
_DPI = 600
_SIZES = {"A4": QPageSize.PageSizeId.A4, "Letter": QPageSize.PageSizeId.Letter}
_STYLE_SHEET = f"""
h2 {{ font-size: 10.5pt; font-weight: 600; margin-top: 14px; margin-bottom: 5px; }}
p {{ margin-top: 0; margin-bottom: 6px; }}
th {{ font-weight: 600; text-align: left; color: {LIGHT.ink_soft}; }}
.soft {{ color: {LIGHT.ink_soft}; }}
.alert {{ color: {LIGHT.alert}; }}
.warn {{ color: {LIGHT.warn}; }}
.good {{ color: {LIGHT.good}; }}
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class HeadAndFoot:
    """The texts in the head and foot of every page."""

    title: str
    casebook: str
    """The name of the casebook; empty if the pages must not contain it."""
    is_synthetic: bool = False
    printed_on: date
    facts: tuple[str, ...] = ()
    """Further texts in the foot, after the date of printing."""


def print_font() -> QFont:
    """Return the program's font, with digits and signs that can be found and copied in a PDF.

    The font Inter substitutes contextual glyphs for `×`, `≥`, `:` or `-`. A PDF maps these to no
    character, so they can be seen, but not found, copied or read aloud.
    """
    font = QFont(QGuiApplication.font().family())
    font.setFeature(QFont.Tag("calt"), 0)
    return font


def casebook_head_and_foot(casebook: Casebook, title: str, printed_on: date) -> HeadAndFoot:
    """Return the head and foot of a document about a casebook."""
    return HeadAndFoot(
        title=title,
        casebook=casebook.path.stem,
        is_synthetic=casebook.setting(SYNTHETIC) == "yes",
        printed_on=printed_on,
    )


def document_of(html: str, style_sheet: str = "") -> QTextDocument:
    """Return a document from HTML in the program's font and print colours.

    Classes `soft`, `alert`, `warn` and `good` colour words; a table's `<thead>` is repeated on
    every page that the table continues on. Text typed by users must have been escaped.
    """
    document = QTextDocument()
    document.setDefaultFont(_font(TEXT_POINTS))
    document.setDefaultStyleSheet(_STYLE_SHEET + style_sheet)
    document.setDocumentMargin(0)
    document.setHtml(html)
    return document


def print_document(parent: QWidget, document: QTextDocument, head_and_foot: HeadAndFoot) -> bool:
    """Ask for a printer and print; return whether the document was printed.

    Raises KnownError when the printer does not accept it.
    """
    from PySide6.QtPrintSupport import QPrintDialog, QPrinter

    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setDocName(head_and_foot.title)
    printer.setCreator("Theralog")
    _set_margins(printer)
    dialog = QPrintDialog(printer, parent)
    dialog.setWindowTitle(_("Print"))
    accepted = dialog.exec()
    dialog.deleteLater()
    if not accepted:
        return False
    if not _paint(printer, document, head_and_foot):
        raise KnownError(
            _(
                "The printer did not accept the document. Nothing was changed."
                " Choose another printer, or save it as PDF."
            )
        )
    return True


def write_pdf(
    path: Path, document: QTextDocument, head_and_foot: HeadAndFoot, page: Page = "A4"
) -> None:
    """Write a document as PDF. On failure raise KnownError and keep an existing file."""
    buffer = QBuffer()
    _paint(pdf_writer(buffer, head_and_foot.title, page), document, head_and_foot)
    whole_file.write(path, bytes(buffer.data().data()))


def pdf_writer(buffer: QBuffer, title: str, page: Page) -> QPdfWriter:
    """Return a PDF writer to a buffer, with margins and the resolution of a printer.

    The title must not identify a patient, because the properties of a file are easily overlooked.
    """
    buffer.open(QBuffer.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(buffer)
    writer.setTitle(title)
    writer.setCreator("Theralog")
    writer.setResolution(_DPI)
    writer.setPageSize(QPageSize(_SIZES[page]))
    _set_margins(writer)
    return writer


def paint_context() -> QAbstractTextDocumentLayout.PaintContext:
    """Return the context for drawing a document in print colours, even if the window is dark."""
    context = QAbstractTextDocumentLayout.PaintContext()
    palette = QPalette()
    palette.setColor(QPalette.ColorRole.Text, QColor(LIGHT.ink))
    context.palette = palette
    return context


def _set_margins(device: QPagedPaintDevice) -> None:
    margins = QMarginsF(_MARGIN_MM, _MARGIN_MM, _MARGIN_MM, _MARGIN_MM)
    device.setPageMargins(margins, QPageLayout.Unit.Millimeter)


def _paint(device: QPagedPaintDevice, document: QTextDocument, head_and_foot: HeadAndFoot) -> bool:
    """Draw all pages on a device; return whether it accepted them."""
    painter = QPainter()
    if not painter.begin(device):
        return False
    frame = Frame(painter, head_and_foot)
    # A copy is laid out in pages, so that the document on screen keeps its layout.
    paged = document.clone()
    paged.documentLayout().setPaintDevice(device)
    paged.setDocumentMargin(0)
    paged.setPageSize(frame.body.size())
    context = paint_context()
    pages = paged.pageCount()
    for number in range(pages):
        if number:
            device.newPage()
        frame.draw(number + 1, pages)
        height = frame.body.height()
        painter.save()
        painter.translate(frame.body.left(), frame.body.top() - number * height)
        part = QRectF(0, number * height, frame.body.width(), height)
        painter.setClipRect(part)
        context.clip = part
        paged.documentLayout().draw(painter, context)
        painter.restore()
    painter.end()
    return True


class Frame:
    """Draws head and foot on the pages of a device; `body` is the room for the document."""

    def __init__(self, painter: QPainter, head_and_foot: HeadAndFoot) -> None:
        self._painter = painter
        self._head_and_foot = head_and_foot
        device = painter.device()
        room = self._room = QRectF(0, 0, device.width(), device.height())
        self._title = _font(_TITLE_POINTS, QFont.Weight.DemiBold)
        self._small = _font(_SMALL_POINTS)
        self._mark = _font(_SMALL_POINTS, QFont.Weight.DemiBold)
        self._line = QFontMetricsF(self._small, device).height()
        self._head = QFontMetricsF(self._title, device).height()
        gap = self._line
        self.body = QRectF(
            room.left(),
            room.top() + self._head + 1.5 * gap,
            room.width(),
            room.height() - self._head - 1.5 * gap - 2 * self._line - 1.5 * gap,
        )

    def draw(self, number: int, pages: int) -> None:
        """Draw the head and foot of a page; pages are numbered from 1."""
        head_and_foot, room, ink, soft = self._head_and_foot, self._room, LIGHT.ink, LIGHT.ink_soft
        right = Qt.AlignmentFlag.AlignRight
        head = QRectF(room.left(), room.top(), room.width(), self._head)
        title_width = self._write(
            head.adjusted(0, 0, -0.35 * room.width(), 0), head_and_foot.title, self._title, ink
        )
        rest = head.adjusted(title_width + self._line, 0, 0, 0)
        if head_and_foot.is_synthetic:
            rest.adjust(0, 0, -self._draw_mark(head) - self._line, 0)
        self._write(rest, head_and_foot.casebook, self._small, soft, right)
        self._rule(head.bottom() + 0.4 * self._line)
        foot = QRectF(room.left(), room.bottom() - 2 * self._line, room.width(), self._line)
        self._rule(foot.top() - 0.4 * self._line)
        printed = _("Printed on {date}").format(date=date_text(head_and_foot.printed_on))
        page = _("Page {number} of {pages}").format(number=number, pages=pages)
        self._write(foot, " · ".join((printed, *head_and_foot.facts)), self._small, soft)
        self._write(foot, page, self._small, soft, right)
        self._write(foot.translated(0, self._line), DEVICE_TEXT, self._small, soft)

    def _draw_mark(self, head: QRectF) -> float:
        """Draw the mark of synthetic data at the right of the head; return its width."""
        pad = self._line / 2
        width = QFontMetricsF(self._mark, self._painter.device()).horizontalAdvance(SYNTHETIC_TEXT)
        mark = QRectF(head.right() - width - 2 * pad, head.top(), width + 2 * pad, head.height())
        self._painter.setPen(self._pen(LIGHT.warn))
        self._painter.setBrush(QColor(LIGHT.warn_fill))
        self._painter.drawRoundedRect(mark, pad / 2, pad / 2)
        self._painter.setBrush(Qt.BrushStyle.NoBrush)
        self._write(mark.adjusted(pad, 0, 0, 0), SYNTHETIC_TEXT, self._mark, LIGHT.warn)
        return mark.width()

    def _write(
        self,
        room: QRectF,
        text: str,
        font: QFont,
        colour: str,
        align: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft,
    ) -> float:
        """Write one line, elided if it is too long; return its width."""
        metrics = QFontMetricsF(font, self._painter.device())
        elided = metrics.elidedText(text, Qt.TextElideMode.ElideRight, room.width())
        self._painter.setFont(font)
        self._painter.setPen(QColor(colour))
        self._painter.drawText(room, align | Qt.AlignmentFlag.AlignVCenter, elided)
        return metrics.horizontalAdvance(elided)

    def _rule(self, height: float) -> None:
        self._painter.setPen(self._pen(LIGHT.edge))
        self._painter.drawLine(QLineF(self._room.left(), height, self._room.right(), height))

    def _pen(self, colour: str) -> QPen:
        return QPen(QColor(colour), self._line / 14)


def _font(points: float, weight: QFont.Weight = QFont.Weight.Normal) -> QFont:
    font = print_font()
    font.setPointSizeF(points)
    font.setWeight(weight)
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    return font

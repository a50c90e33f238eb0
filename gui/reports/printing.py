"""Documents on paper or as PDF, each page with its furniture: title, casebook, date, page number.

A document is a `QTextDocument`, best made with `made_document`; sizes in it are in points.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from PySide6.QtCore import QBuffer, QLineF, QMarginsF, QRectF, QSaveFile, Qt
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
from model.dates import shown
from model.errors import KnownError
from model.language import _
from model.store.settings import SYNTHETIC

if TYPE_CHECKING:
    from PySide6.QtWidgets import QWidget

    from model.store.casebook import Casebook

Page = Literal["A4", "Letter"]
DEVICE_TEXT = (
    "Theralog records and summarises data for research and documentation;"
    " it is not a medical device."
)
TEXT_POINTS = 9.0
_FURNITURE_POINTS = 7.5
_TITLE_POINTS = 10.0
_MARGIN_MM = 15.0
_DPI = 600
_SIZES = {"A4": QPageSize.PageSizeId.A4, "Letter": QPageSize.PageSizeId.Letter}
_SHEET = f"""
h1 {{ font-size: 13pt; font-weight: 600; margin-top: 0; margin-bottom: 6px; }}
h2 {{ font-size: 10.5pt; font-weight: 600; margin-top: 14px; margin-bottom: 5px; }}
p {{ margin-top: 0; margin-bottom: 6px; }}
th {{ font-weight: 600; text-align: left; color: {LIGHT.ink_soft}; }}
.soft {{ color: {LIGHT.ink_soft}; }}
.alert {{ color: {LIGHT.alert}; }}
.warn {{ color: {LIGHT.warn}; }}
.good {{ color: {LIGHT.good}; }}
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Furniture:
    """What stands on every page beside the document itself."""

    title: str
    casebook: str
    """Which casebook the data come from, and whether it is synthetic."""
    printed_on: date


def print_font() -> QFont:
    """The program's font so that its figures and signs can be searched and copied in a PDF.

    Inter puts other glyphs in the place of `×`, `≥`, `:` or `-` where it finds it prettier. A PDF
    has no letters for those: they would be seen, but neither found nor copied nor read aloud.
    """
    font = QFont(QGuiApplication.font().family())
    font.setFeature(QFont.Tag("calt"), 0)
    return font


def furniture_of(casebook: Casebook, title: str, printed_on: date) -> Furniture:
    """The furniture of a document drawn from a casebook, which says so when it is synthetic."""
    said = [casebook.path.stem]
    if casebook.setting(SYNTHETIC) == "yes":
        said.append(SYNTHETIC_TEXT)
    return Furniture(title=title, casebook=" · ".join(said), printed_on=printed_on)


def made_document(html: str) -> QTextDocument:
    """A document from HTML in the program's font and print colours.

    Classes `soft`, `alert`, `warn` and `good` colour words; a table's `<thead>` stands again on
    every page that the table goes on to. What users typed must have been escaped.
    """
    document = QTextDocument()
    document.setDefaultFont(_font(TEXT_POINTS))
    document.setDefaultStyleSheet(_SHEET)
    document.setDocumentMargin(0)
    document.setHtml(html)
    return document


def print_document(parent: QWidget, document: QTextDocument, furniture: Furniture) -> bool:
    """Ask for a printer and print; whether it was printed, not given up.

    Raises KnownError when the printer does not take it.
    """
    from PySide6.QtPrintSupport import QPrintDialog, QPrinter

    printer = QPrinter(QPrinter.PrinterMode.HighResolution)
    printer.setDocName(furniture.title)
    printer.setCreator("Theralog")
    _set_margins(printer)
    dialog = QPrintDialog(printer, parent)
    dialog.setWindowTitle(_("Print"))
    accepted = dialog.exec()
    dialog.deleteLater()
    if not accepted:
        return False
    if not _paint(printer, document, furniture):
        raise KnownError(
            "The printer did not take the document. Nothing was changed."
            " Choose another printer, or save it as PDF."
        )
    return True


def write_pdf(path: Path, document: QTextDocument, furniture: Furniture, page: Page = "A4") -> None:
    """Write a document as PDF; raises KnownError, and leaves what was there, when it cannot."""
    held = QBuffer()
    held.open(QBuffer.OpenModeFlag.WriteOnly)
    writer = QPdfWriter(held)
    writer.setTitle(furniture.title)
    writer.setCreator("Theralog")
    writer.setResolution(_DPI)
    writer.setPageSize(QPageSize(_SIZES[page]))
    _set_margins(writer)
    _paint(writer, document, furniture)
    file = QSaveFile(str(path))
    # A folder that may not be added to may still hold a file that can be written.
    file.setDirectWriteFallback(True)
    done = file.open(QSaveFile.OpenModeFlag.WriteOnly)
    if done:
        file.write(held.data())
        done = file.commit()
    if not done:
        raise KnownError(
            f"“{path}” cannot be written: {file.errorString()}. What was there is as it was."
        )


def _set_margins(device: QPagedPaintDevice) -> None:
    margins = QMarginsF(_MARGIN_MM, _MARGIN_MM, _MARGIN_MM, _MARGIN_MM)
    device.setPageMargins(margins, QPageLayout.Unit.Millimeter)


def _paint(device: QPagedPaintDevice, document: QTextDocument, furniture: Furniture) -> bool:
    """Draw all pages on a device; whether it let itself be drawn on."""
    painter = QPainter()
    if not painter.begin(device):
        return False
    room = QRectF(0, 0, device.width(), device.height())
    frame = _Frame(painter, room, furniture)
    # The screen's own document keeps its layout: the pages are those of a copy.
    paged = document.clone()
    paged.documentLayout().setPaintDevice(device)
    paged.setDocumentMargin(0)
    paged.setPageSize(frame.body.size())
    context = QAbstractTextDocumentLayout.PaintContext()
    palette = QPalette()
    # The window may be dark; paper is not.
    palette.setColor(QPalette.ColorRole.Text, QColor(LIGHT.ink))
    context.palette = palette
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


class _Frame:
    """The furniture of one page size: over and under the room that is left to the document."""

    def __init__(self, painter: QPainter, room: QRectF, furniture: Furniture) -> None:
        self._painter = painter
        self._room = room
        self._furniture = furniture
        device = painter.device()
        self._title = _font(_TITLE_POINTS, QFont.Weight.DemiBold)
        self._small = _font(_FURNITURE_POINTS)
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
        """Draw the furniture of a page; pages are numbered from 1."""
        said, room, ink, soft = self._furniture, self._room, LIGHT.ink, LIGHT.ink_soft
        right = Qt.AlignmentFlag.AlignRight
        head = QRectF(room.left(), room.top(), room.width(), self._head)
        used = self._write(
            head.adjusted(0, 0, -0.35 * room.width(), 0), said.title, self._title, ink
        )
        self._write(
            head.adjusted(used + self._line, 0, 0, 0), said.casebook, self._small, soft, right
        )
        self._rule(head.bottom() + 0.4 * self._line)
        foot = QRectF(room.left(), room.bottom() - 2 * self._line, room.width(), self._line)
        self._rule(foot.top() - 0.4 * self._line)
        printed = _("Printed on %s") % shown(said.printed_on)
        page = _("Page %d of %d") % (number, pages)
        self._write(foot, printed, self._small, soft)
        self._write(foot, page, self._small, soft, right)
        device = _(DEVICE_TEXT)
        self._write(foot.translated(0, self._line), device, self._small, soft)

    def _write(
        self,
        room: QRectF,
        text: str,
        font: QFont,
        colour: str,
        align: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft,
    ) -> float:
        """Write one line, cut with an ellipsis; gives the width that it took."""
        metrics = QFontMetricsF(font, self._painter.device())
        fitting = metrics.elidedText(text, Qt.TextElideMode.ElideRight, room.width())
        self._painter.setFont(font)
        self._painter.setPen(QColor(colour))
        self._painter.drawText(room, align | Qt.AlignmentFlag.AlignVCenter, fitting)
        return metrics.horizontalAdvance(fitting)

    def _rule(self, height: float) -> None:
        pen = QPen(QColor(LIGHT.edge))
        pen.setWidthF(self._line / 14)
        self._painter.setPen(pen)
        self._painter.drawLine(QLineF(self._room.left(), height, self._room.right(), height))


def _font(points: float, weight: QFont.Weight = QFont.Weight.Normal) -> QFont:
    font = print_font()
    font.setPointSizeF(points)
    font.setWeight(weight)
    font.setHintingPreference(QFont.HintingPreference.PreferNoHinting)
    return font

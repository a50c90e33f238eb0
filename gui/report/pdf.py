"""The page as a PDF file: one page, vectors and letters, nothing in its properties but its kind."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QBuffer, QIODevice, QMarginsF, QRectF, QSaveFile
from PySide6.QtGui import QPageLayout, QPageSize, QPainter, QPdfWriter

from gui import theme
from gui.printing import Page, print_font
from gui.report import page
from model.errors import KnownError
from model.patient_report import Report

_POINTS = 72
_SIZES = {"A4": QPageSize.PageSizeId.A4, "Letter": QPageSize.PageSizeId.Letter}


def blank(held: QBuffer, title: str, size: Page) -> QPdfWriter:
    """A file to draw on, measured in points and without margins, that is written to a buffer."""
    writer = QPdfWriter(held)
    writer.setTitle(title)
    writer.setCreator("Theralog")
    writer.setResolution(_POINTS)
    writer.setPageSize(QPageSize(_SIZES[size]))
    writer.setPageMargins(QMarginsF(0, 0, 0, 0), QPageLayout.Unit.Point)
    return writer


def drawn(report: Report, size: Page) -> bytes:
    """A report as the bytes of a PDF; takes some tens of milliseconds, on the GUI thread.

    Title and creator of the file say what it is, never whose: a file's properties travel unseen.
    """
    held = QBuffer()
    held.open(QIODevice.OpenModeFlag.WriteOnly)
    writer = blank(held, "Patient summary", size)
    painter = QPainter(writer)
    try:
        # The window may be dark; paper is not.
        with theme.for_print():
            page.draw(painter, QRectF(0, 0, writer.width(), writer.height()), report, print_font())
    finally:
        painter.end()
    return bytes(held.data().data())


def write(path: Path, pdf: bytes) -> None:
    """Write a file whole or not at all; raises KnownError, and leaves what was there, if not."""
    file = QSaveFile(str(path))
    done = file.open(QSaveFile.OpenModeFlag.WriteOnly)
    if done:
        file.write(pdf)
        done = file.commit()
    if not done:
        raise KnownError(
            f"“{path}” cannot be written: {file.errorString()}. What was there is as it was."
        )

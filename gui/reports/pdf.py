"""PDF files: vectors and letters, nothing in their properties but their kind."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QBuffer, QMarginsF, QSaveFile
from PySide6.QtGui import QPageLayout, QPageSize, QPdfWriter

from gui.reports.printing import Page
from model.errors import KnownError

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

"""What all lanes share: the height of a row, fonts, writing, and places with a tool tip."""

from __future__ import annotations

from typing import NamedTuple

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFont, QPainter

from gui.style import theme

ROW = 21.0
SIZE = 11


class Place(NamedTuple):
    """A part of the picture, and its tool tip."""

    rect: QRectF
    text: str


def plain(font: QFont) -> QFont:
    """Return the font of labels next to marks."""
    return theme.sized(font, SIZE)


def bold(font: QFont) -> QFont:
    """Return the font of labels with a grade."""
    return theme.sized(font, SIZE, QFont.Weight.DemiBold)


def write(painter: QPainter, place: QRectF, text: str, colour: str) -> None:
    """Write a text at the left of a place, in the middle of its height, beyond it if needed."""
    painter.setPen(QColor(colour))
    painter.drawText(place, Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextDontClip, text)

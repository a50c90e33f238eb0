"""Text in plots: fonts, placing, line breaks, a legend of marks, and places with a tool tip."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen

from gui.style import theme
from model.language import _

LINE = 16.0
SAMPLE = 14.0
"""Pixels that a mark of a legend takes."""

_GAP = 14.0
_ALIGNS = {
    "left": Qt.AlignmentFlag.AlignLeft,
    "right": Qt.AlignmentFlag.AlignRight,
    "centre": Qt.AlignmentFlag.AlignHCenter,
}

ROW = 21.0
"""The height of a row of a lane."""


class Place(NamedTuple):
    """A part of the picture, and its tool tip."""

    rect: QRectF
    text: str


def plain(font: QFont) -> QFont:
    """Return the font of labels next to marks."""
    return theme.sized(font, 11)


def bold(font: QFont) -> QFont:
    """Return the font of labels with a grade."""
    return theme.sized(font, 11, QFont.Weight.DemiBold)


def write(painter: QPainter, place: QRectF, text: str, colour: str, align: str = "left") -> None:
    """Write a text into a place, `left`, `right` or `centre`, beyond it if needed."""
    painter.setPen(QColor(colour))
    flags = _ALIGNS[align] | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextDontClip
    painter.drawText(place, flags | Qt.TextFlag.TextSingleLine, text)


def draw_tag(painter: QPainter, place: QRectF, text: str, font: QFont) -> None:
    """Write a text on a plate in the colours of a tool tip."""
    colours = theme.current()
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(colours.tip))
    painter.drawRoundedRect(place, 4, 4)
    painter.setFont(font)
    painter.setPen(QColor(colours.tip_ink))
    painter.drawText(place, Qt.AlignmentFlag.AlignCenter, text)


def draw_veil(painter: QPainter, place: QRectF, opacity: float) -> None:
    """Draw a pale ground that keeps a text readable over lines and bands."""
    ground = QColor(theme.current().card)
    ground.setAlphaF(opacity)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(ground)
    painter.drawRoundedRect(place, 3, 3)


def shortened(text: str, metrics: QFontMetricsF, width: float) -> str:
    """Return as much of a text as fits."""
    return metrics.elidedText(text, Qt.TextElideMode.ElideRight, width)


def broken(text: str, metrics: QFontMetricsF, width: float, most: int) -> list[str]:
    """Break a text into at most so many lines; the last is shortened if there would be more."""
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and (metrics.horizontalAdvance(longer) <= width or len(lines) == most):
            lines[-1] = longer
        else:
            lines.append(word)
    return [shortened(line, metrics, width) for line in lines]


Sample = Callable[[QPainter, QPointF], None]
"""Draws a mark around a point."""


def line_sample(
    painter: QPainter, at: QPointF, tone: str, width: float, style: Qt.PenStyle
) -> None:
    """Draw a piece of a line around a point; `tone` names a colour of the theme."""
    painter.setPen(QPen(QColor(getattr(theme.current(), tone)), width, style))
    painter.drawLine(at - QPointF(SAMPLE / 2, 0), at + QPointF(SAMPLE / 2, 0))


class Entry(NamedTuple):
    """One mark of a legend, and its meaning."""

    sample: Sample
    text: str


def legend_places(
    entries: Sequence[Entry], metrics: QFontMetricsF, left: float, width: float
) -> list[QPointF]:
    """Return the left edge of each entry and the top of its line, from 0."""
    places: list[QPointF] = []
    x, y = 0.0, 0.0
    for entry in entries:
        entry_width = SAMPLE + 4 + metrics.horizontalAdvance(entry.text)
        if places and x + entry_width > width:
            x, y = 0.0, y + LINE
        places.append(QPointF(left + x, y))
        x += entry_width + _GAP
    return places


def draw_legend(
    painter: QPainter,
    entries: Sequence[Entry],
    places: Sequence[QPointF],
    top: float,
    colour: str,
) -> None:
    """Draw the entries at their places below `top`."""
    for entry, place in zip(entries, places, strict=True):
        entry.sample(painter, QPointF(place.x() + SAMPLE / 2, top + place.y() + LINE / 2))
        label = QRectF(place.x() + SAMPLE + 4, top + place.y(), 10, LINE)
        write(painter, label, entry.text, colour)


def names(codes: Sequence[str], most: int = 8) -> str:
    """Return a list of codes in words, with at most so many of them."""
    more = len(codes) - most
    listed = ", ".join(codes[:most])
    return _("{codes} and {n} more").format(codes=listed, n=more) if more > 0 else listed

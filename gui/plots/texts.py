"""Text in plots: fonts, drawing, line breaks, legends, and areas with a tool tip."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen

from gui.style import theme
from model.language import _

LINE_HEIGHT = 16.0
"""Pixels of a line of text."""

ROW_HEIGHT = 21.0
"""Pixels of a row of a lane."""

SAMPLE_WIDTH = 14.0
"""Pixels that a mark of a legend takes."""

_SAMPLE_GAP = 4.0  # pixels between a mark of a legend and its text
_ENTRY_GAP = 14.0  # pixels between entries of a legend
_ALIGNS = {
    "left": Qt.AlignmentFlag.AlignLeft,
    "right": Qt.AlignmentFlag.AlignRight,
    "centre": Qt.AlignmentFlag.AlignHCenter,
}


class TipArea(NamedTuple):
    """A part of a plot that has a tool tip."""

    rect: QRectF
    tip: str


def label_font(font: QFont) -> QFont:
    """Return the font of labels next to marks."""
    return theme.sized(font, 11)


def bold_label_font(font: QFont) -> QFont:
    """Return the font of labels with a grade, and of counts."""
    return theme.sized(font, 11, QFont.Weight.DemiBold)


def draw_text(painter: QPainter, rect: QRectF, text: str, colour: str, align: str = "left") -> None:
    """Draw one line of text in a rectangle, aligned `left`, `right` or `centre`; not clipped."""
    painter.setPen(QColor(colour))
    flags = _ALIGNS[align] | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextDontClip
    painter.drawText(rect, flags | Qt.TextFlag.TextSingleLine, text)


def draw_tag(painter: QPainter, rect: QRectF, text: str, font: QFont) -> None:
    """Draw a text on a plate in the colours of a tool tip."""
    colours = theme.current()
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(colours.tip))
    painter.drawRoundedRect(rect, 4, 4)
    painter.setFont(font)
    painter.setPen(QColor(colours.tip_ink))
    painter.drawText(rect, Qt.AlignmentFlag.AlignCenter, text)


def draw_text_background(painter: QPainter, rect: QRectF, opacity: float) -> None:
    """Draw a pale background that keeps a text readable over lines and bands."""
    background = QColor(theme.current().card)
    background.setAlphaF(opacity)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(background)
    painter.drawRoundedRect(rect, 3, 3)


def elide(text: str, metrics: QFontMetricsF, width: float) -> str:
    """Return as much of a text as fits into the width, with an ellipsis if it is cut."""
    return metrics.elidedText(text, Qt.TextElideMode.ElideRight, width)


def wrap(text: str, metrics: QFontMetricsF, width: float, max_lines: int) -> list[str]:
    """Break a text into lines; the last one is elided if there would be more than `max_lines`."""
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and (metrics.horizontalAdvance(longer) <= width or len(lines) == max_lines):
            lines[-1] = longer
        else:
            lines.append(word)
    return [elide(line, metrics, width) for line in lines]


DrawSample = Callable[[QPainter, QPointF], None]
"""Draws a mark of a legend around a point."""


def draw_line_sample(
    painter: QPainter, at: QPointF, tone: str, width: float, style: Qt.PenStyle
) -> None:
    """Draw a short line around a point; `tone` names a colour of the theme."""
    painter.setPen(QPen(QColor(getattr(theme.current(), tone)), width, style))
    painter.drawLine(at - QPointF(SAMPLE_WIDTH / 2, 0), at + QPointF(SAMPLE_WIDTH / 2, 0))


class LegendEntry(NamedTuple):
    """One mark of a legend, and the text that explains it."""

    draw_sample: DrawSample
    text: str


def legend_positions(
    entries: Sequence[LegendEntry], metrics: QFontMetricsF, left: float, width: float
) -> list[QPointF]:
    """Return the top left corner of each entry; the first line has its top at 0."""
    positions: list[QPointF] = []
    x, y = 0.0, 0.0
    for entry in entries:
        entry_width = SAMPLE_WIDTH + _SAMPLE_GAP + metrics.horizontalAdvance(entry.text)
        if positions and x + entry_width > width:
            x, y = 0.0, y + LINE_HEIGHT
        positions.append(QPointF(left + x, y))
        x += entry_width + _ENTRY_GAP
    return positions


def draw_legend(
    painter: QPainter,
    entries: Sequence[LegendEntry],
    positions: Sequence[QPointF],
    top: float,
    colour: str,
) -> None:
    """Draw the entries at their positions, which `legend_positions` returns, below `top`."""
    for entry, position in zip(entries, positions, strict=True):
        x, y = position.x(), top + position.y()
        entry.draw_sample(painter, QPointF(x + SAMPLE_WIDTH / 2, y + LINE_HEIGHT / 2))
        label = QRectF(x + SAMPLE_WIDTH + _SAMPLE_GAP, y, 10, LINE_HEIGHT)
        draw_text(painter, label, entry.text, colour)


def list_codes(codes: Sequence[str], max_codes: int = 8) -> str:
    """Return a text that names the first of these study codes and counts the others."""
    more = len(codes) - max_codes
    listed = ", ".join(codes[:max_codes])
    return _("{codes} and {n} more").format(codes=listed, n=more) if more > 0 else listed

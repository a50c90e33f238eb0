"""Counts of the records before and after the days in sight: `‹ 3 earlier`, `2 later ›`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter

from gui.plots.texts import draw_text
from gui.style import theme
from model.language import _


@dataclass(frozen=True, slots=True)
class OutsideCount:
    """A count of records out of sight, and where it is drawn; a click brings them into sight.

    `first` and `last` are the first and the last day of the records, as `date.toordinal` counts
    them. `tip` returns a text that names the records.
    """

    rect: QRectF
    first: int
    last: int
    tip: Callable[[], str]


def earlier_text(count: int) -> str:
    """Return the text that counts the records before the days in sight."""
    return _("‹ {n} earlier").format(n=count)


def later_text(count: int) -> str:
    """Return the text that counts the records after the days in sight."""
    return _("{n} later ›").format(n=count)


def draw_outside_count(
    painter: QPainter, text: str, x: float, top: float, height: float, *, ends_at_x: bool = False
) -> QRectF:
    """Draw a count that begins or ends at `x`; return its rectangle with a margin for clicks."""
    width = painter.fontMetrics().horizontalAdvance(text)
    rect = QRectF(x - width if ends_at_x else x, top, width, height)
    draw_text(painter, rect, text, theme.current().accent_text)
    return rect.adjusted(-4, 0, 4, 0)

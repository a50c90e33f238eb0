"""The numbers of records before and after the days in sight: `‹ 3 earlier`, `2 later ›`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter

from gui.plots.texts import draw_text
from gui.style import theme
from model.language import _


@dataclass(frozen=True, slots=True)
class Outside:
    """Such a number where it is written; a click on it brings its records into sight.

    `first` and `last` are the days of the records, as `date.toordinal` counts them; `tip` names
    them when it is called.
    """

    rect: QRectF
    first: int
    last: int
    tip: Callable[[], str]


def earlier_text(count: int) -> str:
    """Return the text for so many records before the days in sight."""
    return _("‹ {n} earlier").format(n=count)


def later_text(count: int) -> str:
    """Return the text for so many records after the days in sight."""
    return _("{n} later ›").format(n=count)


def write_outside(
    painter: QPainter, text: str, x: float, top: float, height: float, *, ends_at: bool = False
) -> QRectF:
    """Write such a text from a pixel on, or up to it, and return its place with room to click."""
    width = painter.fontMetrics().horizontalAdvance(text)
    place = QRectF(x - width if ends_at else x, top, width, height)
    draw_text(painter, place, text, theme.current().accent_text)
    return place.adjusted(-4, 0, 4, 0)

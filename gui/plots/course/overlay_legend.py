"""The colours of cycles, which are stronger for later ones, and the legend that explains them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen
from PySide6.QtWidgets import QGraphicsItem

from gui.style import theme
from model.course.marks import CycleMark
from model.dates import date_text
from model.language import _

_ROW_HEIGHT = 19.0
_SAMPLE_WIDTH = 22.0  # pixels of the sample of a line
_SAMPLE_GAP, _ENTRY_GAP = 6.0, 18.0
_PALE = {False: "#458575", True: "#5F9486"}
_STRONG = {False: "#08382E", True: "#B9FBE6"}
"""The ends of the colour ramp, by whether the theme is dark.

Each has a contrast of at least 3 to 1 to the card (WCAG 1.4.11).
"""

_MIN_WIDTH, _MAX_WIDTH = 1.3, 2.6  # pixels of the lines of the first and the last cycle


class OverlayLegend(QGraphicsItem):
    """The cycles in a row, or in several rows if one has no room for them."""

    def __init__(self) -> None:
        super().__init__()
        self._cycles: Sequence[CycleMark] = ()
        self._font = QFont()
        self._positions: list[QPointF] = []
        self._rect = QRectF()

    def show_cycles(self, cycles: Sequence[CycleMark], font: QFont) -> None:
        """Show these cycles at the next layout."""
        self._cycles = cycles
        self._font = theme.figures(theme.sized(font, 11))

    def lay_out(self, left: float, width: float) -> None:
        """Lay the legend out at the top of the view, from the pixel `left` on."""
        self.prepareGeometryChange()
        metrics = QFontMetricsF(self._font)
        x, y = left, 0.0
        self._positions = []
        for cycle in self._cycles:
            entry_width = (
                _SAMPLE_WIDTH + _SAMPLE_GAP + metrics.horizontalAdvance(_entry_text(cycle))
            )
            if x > left and x + entry_width > left + width:
                x, y = left, y + _ROW_HEIGHT
            self._positions.append(QPointF(x, y))
            x += entry_width + _ENTRY_GAP
        self._rect = QRectF(0, 0, left + width, y + _ROW_HEIGHT)
        self.update()

    @property
    def height(self) -> float:
        """The height of all rows in pixels."""
        return self._rect.height()

    def texts(self) -> list[str]:
        """Return the text of each cycle."""
        return [_entry_text(cycle) for cycle in self._cycles]

    def boundingRect(self) -> QRectF:
        """Return the rectangle of all rows."""
        return self._rect

    def paint(self, painter: QPainter, *_options: object) -> None:
        """Draw a sample of the line of each cycle, and its text."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colours = theme.current()
        painter.setFont(theme.sized(self._font, 12))
        painter.setPen(QColor(colours.ink_soft))
        painter.drawText(QRectF(0, 0, 140, _ROW_HEIGHT), Qt.AlignmentFlag.AlignVCenter, _("Cycles"))
        painter.setFont(self._font)
        count = len(self._cycles)
        for index, (cycle, position) in enumerate(zip(self._cycles, self._positions, strict=True)):
            middle = position.y() + _ROW_HEIGHT / 2
            painter.setPen(QPen(cycle_colour(index, count), line_width(index, count)))
            painter.drawLine(QLineF(position.x(), middle, position.x() + _SAMPLE_WIDTH, middle))
            painter.setPen(QColor(colours.ink))
            rect = QRectF(
                position.x() + _SAMPLE_WIDTH + _SAMPLE_GAP, position.y(), 400, _ROW_HEIGHT
            )
            painter.drawText(rect, Qt.AlignmentFlag.AlignVCenter, _entry_text(cycle))


def _entry_text(cycle: CycleMark) -> str:
    return f"C{cycle.number} · {date_text(cycle.on)} · {cycle.activity}"


def cycle_colour(index: int, count: int) -> QColor:
    """Return the colour of a cycle by its index among all cycles; callers must not change it."""
    return _cached_colour(index, count, theme.current().dark)


@cache
def _cached_colour(index: int, count: int, is_dark: bool) -> QColor:
    pale, strong = QColor(_PALE[is_dark]), QColor(_STRONG[is_dark])
    share = _share(index, count)
    return QColor.fromRgbF(
        *(
            (1 - share) * first + share * last
            for first, last in (
                (pale.redF(), strong.redF()),
                (pale.greenF(), strong.greenF()),
                (pale.blueF(), strong.blueF()),
            )
        )
    )


def line_width(index: int, count: int) -> float:
    """Return the width of the line of a cycle in pixels, which is greater for later cycles."""
    return _MIN_WIDTH + (_MAX_WIDTH - _MIN_WIDTH) * _share(index, count)


def _share(index: int, count: int) -> float:
    return 1.0 if count < 2 else index / (count - 1)

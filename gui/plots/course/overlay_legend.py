"""The tones of cycles, later ones stronger, and the legend that names them over the panels."""

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

_ROW = 19.0
_SAMPLE = 22.0  # pixels of a line
_APART, _BETWEEN = 6.0, 18.0
_PALE = {False: "#458575", True: "#5F9486"}
_STRONG = {False: "#08382E", True: "#B9FBE6"}
"""The ends of the ramp by whether the theme is dark, each 3 to 1 against its card (WCAG 1.4.11)."""

_THIN, _THICK = 1.3, 2.6


class OverlayLegend(QGraphicsItem):
    """The cycles in a row, in more rows where they have no room in one."""

    def __init__(self) -> None:
        super().__init__()
        self._cycles: Sequence[CycleMark] = ()
        self._font = QFont()
        self._places: list[QPointF] = []
        self._rect = QRectF()

    def show_cycles(self, cycles: Sequence[CycleMark], font: QFont) -> None:
        """Name these cycles."""
        self._cycles = cycles
        self._font = theme.figures(theme.sized(font, 11))

    def place(self, left: float, room: float) -> None:
        """Lay the legend out at the top, right of a pixel, within so many pixels."""
        self.prepareGeometryChange()
        metrics = QFontMetricsF(self._font)
        x, y = left, 0.0
        self._places = []
        for cycle in self._cycles:
            entry_width = _SAMPLE + _APART + metrics.horizontalAdvance(_words(cycle))
            if x > left and x + entry_width > left + room:
                x, y = left, y + _ROW
            self._places.append(QPointF(x, y))
            x += entry_width + _BETWEEN
        self._rect = QRectF(0, 0, left + room, y + _ROW)
        self.update()

    @property
    def height(self) -> float:
        """The height in pixels."""
        return self._rect.height()

    def words(self) -> list[str]:
        """Return the text of each cycle."""
        return [_words(cycle) for cycle in self._cycles]

    def boundingRect(self) -> QRectF:
        """Return all rows."""
        return self._rect

    def paint(self, painter: QPainter, *_options: object) -> None:
        """Draw a piece of each line, and the words."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colours = theme.current()
        painter.setFont(theme.sized(self._font, 12))
        painter.setPen(QColor(colours.ink_soft))
        painter.drawText(QRectF(0, 0, 140, _ROW), Qt.AlignmentFlag.AlignVCenter, _("Cycles"))
        painter.setFont(self._font)
        count = len(self._cycles)
        for number, (cycle, place) in enumerate(zip(self._cycles, self._places, strict=True)):
            middle = place.y() + _ROW / 2
            painter.setPen(QPen(tone(number, count), width(number, count)))
            painter.drawLine(QLineF(place.x(), middle, place.x() + _SAMPLE, middle))
            painter.setPen(QColor(colours.ink))
            text = QRectF(place.x() + _SAMPLE + _APART, place.y(), 400, _ROW)
            painter.drawText(text, Qt.AlignmentFlag.AlignVCenter, _words(cycle))


def _words(cycle: CycleMark) -> str:
    return f"C{cycle.number} · {date_text(cycle.on)} · {cycle.activity}"


def tone(place: int, count: int) -> QColor:
    """Return the colour of the cycle at a place, from 0, of so many; callers do not change it."""
    return _tone(place, count, theme.current().dark)


@cache
def _tone(place: int, count: int, dark: bool) -> QColor:
    pale, strong = QColor(_PALE[dark]), QColor(_STRONG[dark])
    share = _share(place, count)
    return QColor.fromRgbF(
        *(
            (1 - share) * from_ + share * to
            for from_, to in (
                (pale.redF(), strong.redF()),
                (pale.greenF(), strong.greenF()),
                (pale.blueF(), strong.blueF()),
            )
        )
    )


def width(place: int, count: int) -> float:
    """Return the width of the cycle's line in pixels: later ones are thicker as well."""
    return _THIN + (_THICK - _THIN) * _share(place, count)


def _share(place: int, count: int) -> float:
    return 1.0 if count < 2 else place / (count - 1)

"""Which line is which cycle: number, date and activity in its tone, over the panels."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from gui.plots.course.cycle_tones import tone, width
from gui.style import theme
from model.course.marks import CycleMark
from model.dates import shown

_ROW = 19.0
_SAMPLE = 22.0  # pixels of a line
_APART, _BETWEEN = 6.0, 18.0


class OverlayLegend(QGraphicsItem):
    """The cycles in a row, in more rows where they have no room in one."""

    def __init__(self) -> None:
        super().__init__()
        self._cycles: Sequence[CycleMark] = ()
        self._font = QFont()
        self._places: list[QPointF] = []
        self._rect = QRectF()

    def show_cycles(self, cycles: Sequence[CycleMark], font: QFont) -> None:
        """Explain these cycles."""
        self._cycles = cycles
        self._font = theme.figures(theme.sized(font, 11))

    def place(self, left: float, room: float) -> None:
        """Stand at the top, right of a pixel, within so many pixels."""
        self.prepareGeometryChange()
        metrics = QFontMetricsF(self._font)
        x, y = left, 0.0
        self._places = []
        for cycle in self._cycles:
            wide = _SAMPLE + _APART + metrics.horizontalAdvance(_words(cycle))
            if x > left and x + wide > left + room:
                x, y = left, y + _ROW
            self._places.append(QPointF(x, y))
            x += wide + _BETWEEN
        self._rect = QRectF(0, 0, left + room, y + _ROW)
        self.update()

    @property
    def height(self) -> float:
        """The pixels that it takes."""
        return self._rect.height()

    def words(self) -> list[str]:
        """What it says of each cycle."""
        return [_words(cycle) for cycle in self._cycles]

    def boundingRect(self) -> QRectF:
        """All its rows."""
        return self._rect

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionGraphicsItem,  # noqa: ARG002
        widget: QWidget | None = None,  # noqa: ARG002
    ) -> None:
        """Draw a piece of each line, and the words."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colours = theme.current()
        painter.setFont(theme.sized(self._font, 12))
        painter.setPen(QColor(colours.ink_soft))
        painter.drawText(QRectF(0, 0, 140, _ROW), Qt.AlignmentFlag.AlignVCenter, "Cycles")
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
    return f"C{cycle.number} · {shown(cycle.on)} · {cycle.activity}"

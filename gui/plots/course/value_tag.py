"""The small tag beside the result at the cursor."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QGuiApplication, QPainter
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from gui.plots.label_places import around
from gui.style import theme

_HEIGHT = 20.0
_OFF = 9.0


class ValueTag(QGraphicsItem):
    """A value on a plate in the colours of a tool tip."""

    def __init__(self) -> None:
        super().__init__()
        self._text = ""
        self._width = 0.0
        self._font = QFont()

    @property
    def text(self) -> str:
        """What is written on it."""
        return self._text

    def show_text(
        self, texts: Sequence[str], where: QPointF, within: QRectF, clear_of: Sequence[QRectF] = ()
    ) -> QRectF:
        """Write the first text that goes within a rectangle beside a place; gives back where.

        Clear of other texts wherever there is room for it.
        """
        self.prepareGeometryChange()
        font = QGuiApplication.font()
        self._font = theme.figures(theme.sized(font, 11, QFont.Weight.Medium))
        metrics = QFontMetricsF(self._font)
        widths = [metrics.horizontalAdvance(text) + 12 for text in texts]
        fitting = [n for n, wide in enumerate(widths) if wide <= within.width()]
        chosen = fitting[0] if fitting else len(texts) - 1
        self._text, self._width = texts[chosen], widths[chosen]
        places = around(where, QSizeF(self._width, _HEIGHT), within, _OFF)
        # Over a result first: the hand that holds the mouse is under it.
        places.sort(key=lambda place: place.center().y() > where.y())
        free = [place for place in places if not any(place.intersects(of) for of in clear_of)]
        place = (free or places)[0]
        self.setPos(place.topLeft())
        self.update()
        return place

    def boundingRect(self) -> QRectF:
        """The plate."""
        return QRectF(0, 0, self._width, _HEIGHT)

    def paint(
        self,
        painter: QPainter,
        option: QStyleOptionGraphicsItem,  # noqa: ARG002
        widget: QWidget | None = None,  # noqa: ARG002
    ) -> None:
        """Draw the plate and the text."""
        colours = theme.current()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(colours.tip))
        painter.drawRoundedRect(self.boundingRect(), 4, 4)
        painter.setFont(self._font)
        painter.setPen(QColor(colours.tip_ink))
        painter.drawText(self.boundingRect(), Qt.AlignmentFlag.AlignCenter, self._text)

"""The small tag beside the result at the cursor."""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QGuiApplication, QPainter
from PySide6.QtWidgets import QGraphicsItem, QStyleOptionGraphicsItem, QWidget

from gui import theme

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

    def show_text(self, text: str, x: float, y: float, within: QRectF) -> None:
        """Write a text over a place and right of it; under it or left where there is no room."""
        self.prepareGeometryChange()
        self._text = text
        font = QGuiApplication.font()
        self._font = theme.figures(theme.sized(font, 11, QFont.Weight.Medium))
        self._width = QFontMetricsF(self._font).horizontalAdvance(text) + 12
        fits = x + _OFF + self._width <= within.right()
        above = y - _HEIGHT - _OFF / 2
        top = above if above >= within.top() + 1 else y + _OFF / 2
        self.setPos(x + _OFF if fits else x - _OFF - self._width, top)
        self.update()

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

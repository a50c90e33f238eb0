"""The small tag with the value of the result at the cursor."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSizeF
from PySide6.QtGui import QFont, QFontMetricsF, QGuiApplication, QPainter
from PySide6.QtWidgets import QGraphicsItem

from gui.plots.label_rects import rects_around
from gui.plots.texts import draw_tag
from gui.style import theme

_HEIGHT = 20.0
_DISTANCE = 9.0  # pixels from the result


class ValueTag(QGraphicsItem):
    """A value on a plate in the colours of a tool tip."""

    def __init__(self) -> None:
        super().__init__()
        self.text = ""
        self._width = 0.0
        self._font = QFont()

    def show_text(
        self, texts: Sequence[str], mark: QPointF, within: QRectF, clear_of: Sequence[QRectF] = ()
    ) -> QRectF:
        """Show the first text that fits into `within` next to a mark; return the tag's rectangle.

        The tag keeps clear of other texts if there is room.
        """
        self.prepareGeometryChange()
        font = QGuiApplication.font()
        self._font = theme.figures(theme.sized(font, 11, QFont.Weight.Medium))
        metrics = QFontMetricsF(self._font)
        widths = [metrics.horizontalAdvance(text) + 12 for text in texts]
        fitting = (index for index, width in enumerate(widths) if width <= within.width())
        index = next(fitting, len(texts) - 1)
        self.text, self._width = texts[index], widths[index]
        rects = rects_around(mark, QSizeF(self._width, _HEIGHT), within, _DISTANCE)
        # Above the mark comes first, as the pointer covers what is below it.
        rects.sort(key=lambda rect: rect.center().y() > mark.y())
        free = [rect for rect in rects if not any(rect.intersects(other) for other in clear_of)]
        rect = (free or rects)[0]
        self.setPos(rect.topLeft())
        self.update()
        return rect

    def boundingRect(self) -> QRectF:
        """Return the plate."""
        return QRectF(0, 0, self._width, _HEIGHT)

    def paint(self, painter: QPainter, *_options: object) -> None:
        """Draw the plate and the text."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        draw_tag(painter, self.boundingRect(), self.text, self._font)

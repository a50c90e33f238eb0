"""The small tag next to the result at the cursor."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSizeF
from PySide6.QtGui import QFont, QFontMetricsF, QGuiApplication, QPainter
from PySide6.QtWidgets import QGraphicsItem

from gui.plots.label_rects import rects_around
from gui.plots.texts import draw_tag
from gui.style import theme

_HEIGHT = 20.0
_OFF = 9.0


class ValueTag(QGraphicsItem):
    """A value on a plate in the colours of a tool tip."""

    def __init__(self) -> None:
        super().__init__()
        self.text = ""
        self._width = 0.0
        self._font = QFont()

    def show_text(
        self, texts: Sequence[str], where: QPointF, within: QRectF, clear_of: Sequence[QRectF] = ()
    ) -> QRectF:
        """Write the first text that fits in a rectangle next to a place; return its place.

        It is clear of other texts wherever there is room.
        """
        self.prepareGeometryChange()
        font = QGuiApplication.font()
        self._font = theme.figures(theme.sized(font, 11, QFont.Weight.Medium))
        metrics = QFontMetricsF(self._font)
        widths = [metrics.horizontalAdvance(text) + 12 for text in texts]
        fitting = [n for n, width in enumerate(widths) if width <= within.width()]
        chosen = fitting[0] if fitting else len(texts) - 1
        self.text, self._width = texts[chosen], widths[chosen]
        places = rects_around(where, QSizeF(self._width, _HEIGHT), within, _OFF)
        # Above a result first: the pointer is below it.
        places.sort(key=lambda place: place.center().y() > where.y())
        free = [place for place in places if not any(place.intersects(of) for of in clear_of)]
        place = (free or places)[0]
        self.setPos(place.topLeft())
        self.update()
        return place

    def boundingRect(self) -> QRectF:
        """Return the plate."""
        return QRectF(0, 0, self._width, _HEIGHT)

    def paint(self, painter: QPainter, *_options: object) -> None:
        """Draw the plate and the text."""
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        draw_tag(painter, self.boundingRect(), self.text, self._font)

"""The strip of dates below the panels, with the date at the cursor."""

from __future__ import annotations

from PySide6.QtCore import QLineF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from gui.plots.texts import draw_tag
from gui.plots.time_scale import TimeScale
from gui.style import theme

HEIGHT = 28


class TimeAxis(QWidget):
    """Shows the ticks of a time scale, and stays in sight while the panels above it scroll."""

    def __init__(self, title: str = "", parent: QWidget | None = None) -> None:
        """Make an axis with a title left of its ticks."""
        super().__init__(parent)
        self._title = title
        self.setFixedHeight(HEIGHT)
        self._scale: TimeScale | None = None
        self._cursor: tuple[float, str] | None = None

    def show_scale(self, scale: TimeScale | None) -> None:
        """Draw the ticks of a scale, or none for None."""
        self._scale = scale
        self.update()

    def show_cursor(self, x: float, text: str) -> None:
        """Show a text at a pixel; an empty text removes it."""
        self._cursor = (x, text) if text else None
        self.update()

    def cursor_text(self) -> str:
        """Return the text at the cursor."""
        return self._cursor[1] if self._cursor else ""

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the ticks, and over them the text at the cursor."""
        if self._scale is None:
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        colours = theme.current()
        font = theme.figures(theme.sized(self.font(), 11))
        metrics = QFontMetricsF(font)
        painter.setFont(font)
        for tick in self._scale.ticks():
            x = self._scale.x(tick.day)
            painter.setPen(QPen(QColor(colours.line), 1))
            painter.drawLine(round(x), 0, round(x), 4)
            width = metrics.horizontalAdvance(tick.label)
            left = min(x - 2, self.width() - width - 2)
            painter.setPen(QColor(colours.ink_soft))
            painter.drawText(
                QRectF(left, 6, width + 2, 16), Qt.AlignmentFlag.AlignVCenter, tick.label
            )
        painter.setPen(QPen(QColor(colours.ink_soft), 1))
        for x in self._scale.break_xs():
            for left in (x - 4.5, x + 0.5):
                painter.drawLine(QLineF(left, 8, left + 4, 0))
        if self._title:
            title_rect = QRectF(0, 6, 140, 16)
            painter.drawText(title_rect, Qt.AlignmentFlag.AlignVCenter, self._title)
        if self._cursor:
            self._draw_cursor_tag(painter, *self._cursor)
        painter.end()

    def _draw_cursor_tag(self, painter: QPainter, x: float, text: str) -> None:
        font = theme.figures(theme.sized(self.font(), 11, QFont.Weight.Medium))
        width = QFontMetricsF(font).horizontalAdvance(text) + 16
        left = max(0.0, min(x - width / 2, self.width() - width))
        draw_tag(painter, QRectF(left, 3, width, 20), text, font)

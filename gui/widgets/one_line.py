"""A text on one line, elided if there is no room, with the whole text as tool tip."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QWidget

from gui.style import theme


class OneLine(QLabel):
    """A label that never asks for more width than it is given."""

    def __init__(
        self,
        parent: QWidget | None = None,
        *,
        text: str = "",
        kind: str = "hint",
        elide: Qt.TextElideMode = Qt.TextElideMode.ElideRight,
    ) -> None:
        """A label in a look of the style sheet; `elide` is where a long text is cut."""
        super().__init__(parent)
        self._elide = elide
        theme.set_kind(self, kind)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setFont(theme.figures(self.font()))
        self.setText(text)
        self.setToolTip(text)

    def show_text(self, text: str) -> None:
        """Replace the text."""
        self.setText(text)
        self.setToolTip(text)

    def minimumSizeHint(self) -> QSize:
        """Return the height of one line and hardly any width."""
        return QSize(40, super().minimumSizeHint().height())

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw as much of the text as there is room for."""
        painter = QPainter(self)
        room = self.contentsRect()
        metrics = QFontMetrics(self.font())
        text = metrics.elidedText(self.text(), self._elide, room.width())
        painter.setPen(self.palette().color(self.foregroundRole()))
        painter.drawText(room, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, text)
        painter.end()

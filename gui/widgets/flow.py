"""Widgets in lines that wrap like text."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QRect, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui.style import theme


class Flow(QWidget):
    """Lays out its widgets in wrapping lines, each centred vertically in its line.

    With `dots`, a dot is drawn between two widgets of a line.
    """

    def __init__(self, gap: int = 6, line_gap: int = 4, *, dots: bool = False) -> None:
        super().__init__()
        self._gap = gap
        self._line_gap = line_gap
        self._dots = dots
        self._gaps: list[QRect] = []
        self._widgets: list[QWidget] = []
        self._sizes: dict[QWidget, QSize] = {}
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def fill(self, widgets: Sequence[QWidget]) -> None:
        """Replace the widgets; the previous ones are deleted."""
        for old in self._widgets:
            old.hide()
            old.deleteLater()
        self._widgets = list(widgets)
        for widget in self._widgets:
            widget.setParent(self)
        self._measure()

    def hasHeightForWidth(self) -> bool:
        """Return True: narrower is higher."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Return the height of all lines."""
        heights = [self._height(line) for line in self._lines(width)]
        return sum(heights) + self._line_gap * max(len(heights) - 1, 0)

    def sizeHint(self) -> QSize:
        """Return the size at the present width."""
        width = self.width() if self.isVisible() else 400
        return QSize(width, self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        """Return the size of the widest widget, at most 120 pixels wide."""
        widest = max((self._sizes[widget].width() for widget in self._widgets), default=0)
        return QSize(min(widest, 120), self.heightForWidth(max(self.width(), widest)))

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Arrange the widgets again."""
        super().resizeEvent(event)
        self._arrange()

    def event(self, event: QEvent) -> bool:
        """Arrange again when a widget changes its size hint."""
        if event.type() == QEvent.Type.LayoutRequest:
            self._measure()
        return super().event(event)

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw the dots."""
        if not self._dots:
            return
        painter = QPainter(self)
        painter.setPen(QColor(theme.current().ink_soft))
        for gap in self._gaps:
            painter.drawText(gap, Qt.AlignmentFlag.AlignCenter, "·")

    def _measure(self) -> None:
        self._sizes = {widget: widget.sizeHint() for widget in self._widgets}
        self.updateGeometry()
        self._arrange()

    def _arrange(self) -> None:
        self._gaps = []
        top = 0
        for line in self._lines(self.width()):
            height, left = self._height(line), 0
            for widget in line:
                if left:
                    self._gaps.append(QRect(left - self._gap, top, self._gap, height))
                size = self._sizes[widget]
                width = min(size.width(), self.width() - left)
                down = (height - size.height()) // 2
                widget.setGeometry(QRect(left, top + down, width, size.height()))
                widget.show()
                left += width + self._gap
            top += height + self._line_gap
        self.update()

    def _lines(self, room: int) -> list[list[QWidget]]:
        lines: list[list[QWidget]] = []
        left = 0
        for widget in self._widgets:
            wanted = self._sizes[widget].width()
            if not lines or left + wanted > room:
                lines.append([])
                left = 0
            lines[-1].append(widget)
            left += wanted + self._gap
        return lines

    def _height(self, line: list[QWidget]) -> int:
        return max(self._sizes[widget].height() for widget in line)

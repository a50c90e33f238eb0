"""The list below a line of text: it follows what is typed and never takes the keyboard."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QAbstractScrollArea, QFrame, QLineEdit, QVBoxLayout, QWidget

from gui.fields.results import ROW_HEIGHT, ResultList, SearchResult
from gui.style import theme
from model.language import _

ROWS_SHOWN = 9
MOVES = {
    Qt.Key.Key_Down: 1,
    Qt.Key.Key_Up: -1,
    Qt.Key.Key_PageDown: ROWS_SHOWN,
    Qt.Key.Key_PageUp: -ROWS_SHOWN,
}
"""The keys that move in an open list, and by how many rows."""


class Popup(QFrame):
    """A list of results under a line, or above it where there is more room.

    It is a child of the window, not a window of its own: every key goes to the line, and the list
    does not outlive the form.
    """

    def __init__(self, line: QLineEdit, owner: QWidget) -> None:
        """A hidden list for a line; it is deleted with its `owner`."""
        super().__init__(owner)
        self.hide()
        owner.destroyed.connect(self.deleteLater)
        theme.set_kind(self, "popup")
        self._line = line
        self.results = ResultList(_("Results"))
        self.results.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(1, 4, 1, 4)
        layout.addWidget(self.results)

    def show_results(self, results: Sequence[SearchResult], current: int = 0) -> None:
        """Show results with one of them chosen, or none for -1; without results, hide."""
        self.results.show_results(results, current)
        if not results:
            self.hide()
            return
        window = self._line.window()
        if self.parent() is not window:
            self.setParent(window)
            self._follow_scrolling()
        self._position()
        self.show()
        self.raise_()
        self.results.show_current()

    def _position(self) -> None:
        """Lie below the line, or above it if the list does not fit below and there is more room."""
        window, line = self._line.window(), self._line
        below = line.mapTo(window, QPoint(0, line.height() + 2))
        above = line.mapTo(window, QPoint(0, -2))
        rows = min(self.results.count(), ROWS_SHOWN)
        height = rows * ROW_HEIGHT + 10
        is_upward = window.height() - below.y() < height and above.y() > window.height() - below.y()
        room = above.y() if is_upward else window.height() - below.y() - 4
        height = min(height, max(room, ROW_HEIGHT + 10))
        top = above.y() - height if is_upward else below.y()
        self.setGeometry(below.x(), top, line.width(), height)

    def _follow_scrolling(self) -> None:
        """Stay with the line while the form is scrolled."""
        ancestor = self._line.parentWidget()
        while ancestor is not None:
            if isinstance(ancestor, QAbstractScrollArea):
                ancestor.verticalScrollBar().valueChanged.connect(self._scrolled)
            ancestor = ancestor.parentWidget()

    def _scrolled(self) -> None:
        if self.isVisible():
            self._position()

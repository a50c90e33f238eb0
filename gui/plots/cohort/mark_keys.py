"""The keys that move between the marks of a figure and open one."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGraphicsView


class MarkKeys(QObject):
    """Watches a view for arrow keys, Enter and Escape before an action of the window does.

    Enter and Escape are taken only while `is_chosen`, so that they otherwise work as everywhere.
    """

    stepped = Signal(int, int)
    """The numbers of marks to the right and down; negative the other way."""
    opened = Signal()
    cancelled = Signal()

    def __init__(self, view: QGraphicsView) -> None:
        super().__init__(view)
        self.is_chosen = False
        view.installEventFilter(self)

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Turn the keys into signals; pass on all other events."""
        if not isinstance(event, QKeyEvent) or not self._is_ours(event):
            return False
        if event.type() == QEvent.Type.ShortcutOverride:
            event.accept()
            return True
        if event.type() != QEvent.Type.KeyPress:
            return False
        if event.key() in _STEPS:
            self.stepped.emit(*_STEPS[event.key()])
        elif event.key() == Qt.Key.Key_Escape:
            self.cancelled.emit()
        else:
            self.opened.emit()
        return True

    def _is_ours(self, event: QKeyEvent) -> bool:
        modifiers = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
        if modifiers != Qt.KeyboardModifier.NoModifier:
            return False
        if event.key() in _STEPS:
            return True
        return self.is_chosen and event.key() in _AT_MARK


_STEPS: dict[int, tuple[int, int]] = {
    Qt.Key.Key_Left: (-1, 0),
    Qt.Key.Key_Right: (1, 0),
    Qt.Key.Key_Up: (0, -1),
    Qt.Key.Key_Down: (0, 1),
}

_AT_MARK = (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Escape)

"""The line that a list is searched with."""

from __future__ import annotations

from PySide6.QtCore import QEvent
from PySide6.QtGui import QIcon, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QLineEdit

from gui.style import icons


class SearchLine(QLineEdit):
    """A search line that leaves Undo to the casebook while it is empty."""

    def __init__(self, placeholder: str, name: str) -> None:
        super().__init__()
        self.setPlaceholderText(placeholder)
        self.setAccessibleName(name)
        self.setClearButtonEnabled(True)
        icons.keep(self.addAction(QIcon(), QLineEdit.ActionPosition.LeadingPosition), "search")

    def event(self, event: QEvent) -> bool:
        """Pass on the keys of undo and redo while there is no typing to undo."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride:
            undo = event.matches(QKeySequence.StandardKey.Undo) and not self.isUndoAvailable()
            redo = event.matches(QKeySequence.StandardKey.Redo) and not self.isRedoAvailable()
            if undo or redo:
                event.ignore()
                return False
        return super().event(event)

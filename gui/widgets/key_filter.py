"""Keys that act on a view before an action of the window takes them."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget


class KeyFilter(QObject):
    """Runs what `action_of` returns for a key that is pressed in a view; other keys pass."""

    def __init__(
        self, view: QWidget, action_of: Callable[[QKeyEvent], Callable[[], object] | None]
    ) -> None:
        super().__init__(view)
        self._action_of = action_of
        view.installEventFilter(self)

    def eventFilter(self, _view: QObject, event: QEvent) -> bool:
        """Claim a key when Qt offers it as a shortcut, and act when it is pressed."""
        kind = event.type()
        if kind not in (QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress):
            return False
        action = self._action_of(event) if isinstance(event, QKeyEvent) else None
        if action is None:
            return False
        if kind == QEvent.Type.ShortcutOverride:
            event.accept()
        else:
            action()
        return True


def is_plain(event: QKeyEvent) -> bool:
    """Return whether a key is pressed without a modifier; the keypad is none."""
    return not event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier

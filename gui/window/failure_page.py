"""The page of a casebook that cannot be opened: restore a backup, or read what is readable."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import Qt, Signal, SignalInstance
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QPushButton, QWidget

from gui.widgets import messages
from gui.widgets.card import Card, button
from gui.widgets.layout import column, label, row
from model.errors import DamagedCasebook, KnownError
from model.language import _
from model.store.backups import files
from model.store.backups.files import Backup

WIDTH = 780


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a casebook could not be opened, and what there is to help."""

    path: Path
    error: KnownError
    passphrase: str | None = None
    """What was entered to open it."""
    newest: Backup | None = None

    @property
    def is_salvageable(self) -> bool:
        """Whether parts of the casebook may be readable."""
        return isinstance(self.error, DamagedCasebook)

    def __repr__(self) -> str:
        return f"Failure({type(self.error).__name__})"


class FailurePage(QWidget):
    """Shows a `Failure`; Escape goes back.

    `newest_requested`, `list_requested` and `salvage_requested` emit the failure.
    """

    newest_requested = Signal(object)
    list_requested = Signal(object)
    salvage_requested = Signal(object)
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._failure: Failure | None = None
        self._heading = label(kind="title", wrap=True, plain=True)
        self._text = label(wrap=True, plain=True)
        self._text.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.newest_button = button(_("Restore newest backup"), "primary")
        self.list_button = button(_("&All backups…"))
        self.salvage_button = button(_("Read what is &readable…"))
        self.back_button = button(_("&Back"))
        for each, signal in (
            (self.newest_button, self.newest_requested),
            (self.list_button, self.list_requested),
            (self.salvage_button, self.salvage_requested),
        ):
            each.clicked.connect(self._emitter(signal))
        self.back_button.clicked.connect(self.left)
        self._buttons = (
            *(self.newest_button, self.list_button, self.salvage_button, self.back_button),
        )
        card = Card("")
        card.add(self._heading)
        card.add(self._text)
        card.body.addLayout(row(*self._buttons, 1, spacing=10, margins=(0, 8, 0, 0)))
        middle = QWidget()
        middle.setMaximumWidth(WIDTH)
        column(card, margins=(24, 24, 24, 24), of=middle)
        column(2, row(1, (middle, 100), 1), 3, of=self)

    def show_failure(self, failure: Failure) -> None:
        """Show why a casebook could not be opened; the first useful button has the keyboard."""
        self._failure = failure
        first, rest = messages.split_sentence(str(failure.error))
        self._heading.setText(first)
        self._text.setText(rest)
        self.setAccessibleName(str(failure.error))
        has_backup = failure.newest is not None
        if failure.newest is not None:
            age = files.age_text(failure.newest, datetime.now())
            self.newest_button.setText(_("Restore &newest backup ({age})").format(age=age))
        self.newest_button.setVisible(has_backup)
        self.list_button.setVisible(has_backup)
        self.salvage_button.setVisible(failure.is_salvageable)

    def forget(self) -> None:
        """Forget the failure, and the passphrase with it."""
        self._failure = None

    def focus_first(self) -> None:
        """Give the keyboard to the first button."""
        first: QPushButton = next(each for each in self._buttons if not each.isHidden())
        first.setFocus(Qt.FocusReason.OtherFocusReason)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go back on Escape, and press the focused button on Enter."""
        if event.key() == Qt.Key.Key_Escape:
            self.left.emit()
            return
        focused = self.focusWidget()
        is_enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if is_enter and isinstance(focused, QPushButton):
            focused.click()
            return
        super().keyPressEvent(event)

    def _emitter(self, signal: SignalInstance) -> Callable[[], None]:
        def emit() -> None:
            if self._failure is not None:
                signal.emit(self._failure)

        return emit

"""A passphrase: hidden while it is typed, unless the user wants to see it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QPushButton

from gui.fields.text import TextField
from gui.style import theme
from model.language import _


class PassphraseField(TextField):
    """A passphrase with a button that shows it, and a hint while Caps Lock is on."""

    def __init__(self) -> None:
        super().__init__(required=True, secret=True)
        self.show_button = QPushButton(_("S&how"))
        self.show_button.setCheckable(True)
        self.show_button.setAutoDefault(False)
        # Tab leads from the passphrase to the next field; Alt+H presses the button.
        self.show_button.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.show_button.setAccessibleName(_("Show the passphrase"))
        theme.set_kind(self.show_button, "quiet")
        self.show_button.toggled.connect(self._show)
        self.add_right(self.show_button)
        self._caps_lock = False
        self.edit.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Tell by the letters that are typed whether Caps Lock is on; Qt does not know."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            letter = event.text()
            if letter.isalpha() and letter.lower() != letter.upper():
                shift = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
                self._set_caps_lock(letter.isupper() != shift)
            elif event.key() == Qt.Key.Key_CapsLock:
                self._set_caps_lock(False)
        return super().eventFilter(watched, event)

    def _set_caps_lock(self, is_on: bool) -> None:
        if is_on != self._caps_lock:
            self._caps_lock = is_on
            self.show_hint(_("Caps Lock is on.") if is_on else "")

    @Slot(bool)
    def _show(self, shown: bool) -> None:
        mode = QLineEdit.EchoMode.Normal if shown else QLineEdit.EchoMode.Password
        self.edit.setEchoMode(mode)
        self.show_button.setText(_("&Hide") if shown else _("S&how"))


class NewPassphraseField(PassphraseField):
    """A passphrase that is chosen: a hint says how hard it is to guess."""

    def __init__(self) -> None:
        super().__init__()
        self.changed.connect(self._show_strength)

    @Slot()
    def _show_strength(self) -> None:
        from model.store import passphrases

        typed = self.value()
        if typed is None:
            self.show_hint("")
            return
        strengths = (
            _("Guessed at once."),
            _("Guessed quickly."),
            _("Could be guessed: four unrelated words are safer."),
            _("Hard to guess."),
            _("Very hard to guess."),
        )
        self.show_hint(strengths[passphrases.score(typed)])

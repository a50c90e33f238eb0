"""The forms that ask for the passphrase of a casebook, or for another one."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from gui.fields.passphrase import NewPassphraseField, PassphraseField
from gui.fields.text import TextField
from gui.forms.form import Form, busy_bar
from gui.session.background import Background, Job
from model.errors import DamagedCasebook, InvalidRecord, KnownError, WrongPassphrase
from model.language import _
from model.store import examine, passphrases
from model.store.keys import Key


@dataclass(frozen=True, slots=True)
class UnlockFailure:
    """A damaged casebook, and the passphrase that was entered for it."""

    error: DamagedCasebook
    passphrase: str

    def __repr__(self) -> str:
        return "UnlockFailure(…)"


class PassphraseForm(Form[tuple[Path, Key | None] | UnlockFailure]):
    """`PassphraseForm.ask(parent, path, background)` returns the path with its key.

    It returns an `UnlockFailure` for a damaged casebook. The key is derived in the background. A
    wrong passphrase is shown under the field and the form stays open; Escape also stops the
    unlocking.
    """

    def __init__(self, parent: QWidget | None, path: Path, background: Background) -> None:
        super().__init__(parent, _("Unlock casebook"), save_text=_("&Unlock"))
        self.path = path
        self.background = background
        self._key: Key | None = None
        self._failure: UnlockFailure | None = None
        self.add_section()
        self.add_text(path.name, "strong").setToolTip(str(path))
        self.passphrase = self.add_row("passphrase", _("&Passphrase"), PassphraseField())
        self._busy = busy_bar(_("Unlocking"), self)
        self.add_wide(self._busy)

    def is_touched(self) -> bool:
        """Return False: a passphrase can always be discarded."""
        return False

    def accept(self) -> None:
        """Start unlocking; the form closes by itself on success."""
        if self.is_busy() or self.has_faults():
            return
        path, typed = self.path, self.passphrase.value()
        self._show_busy(True)

        def work(_job: Job) -> Key | None:
            return examine.unlock(path, typed)

        self.background.run(self, work, self._unlocked, self._fail, replaces="unlock")

    def save(self) -> tuple[Path, Key | None] | UnlockFailure:
        """Return the path with the key that opens it, or why it cannot be opened."""
        return self._failure or (self.path, self._key)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Unlock on Enter: there is no next field."""
        if (
            isinstance(watched, QLineEdit)
            and isinstance(event, QKeyEvent)
            and event.type() == QEvent.Type.KeyPress
            and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        ):
            self.accept()
            return True
        return super().eventFilter(watched, event)

    def reject(self) -> None:
        """Close and cancel the unlocking."""
        self.background.cancel(self)
        super().reject()

    def is_busy(self) -> bool:
        """Return whether the casebook is being unlocked."""
        return not self._busy.isHidden()

    def _unlocked(self, key: Key | None) -> None:
        self._key = key
        super().accept()

    def _fail(self, error: BaseException) -> None:
        self._show_busy(False)
        if isinstance(error, WrongPassphrase):
            self.show_problems({"passphrase": str(error)})
            self.passphrase.edit.selectAll()
        elif isinstance(error, DamagedCasebook):
            self._failure = UnlockFailure(error, self.passphrase.value() or "")
            super().accept()
        elif isinstance(error, KnownError):
            self.show_problem(str(error))
        else:
            raise error

    def _show_busy(self, busy: bool) -> None:
        self._busy.setVisible(busy)
        self.passphrase.edit.setReadOnly(busy)
        self.save_button.setEnabled(not busy)
        self.save_button.setText(_("Unlocking…") if busy else _("&Unlock"))
        if not busy:
            self.passphrase.input().setFocus(Qt.FocusReason.OtherFocusReason)


class ChangePassphraseForm(Form[str]):
    """`ChangePassphraseForm.ask(parent, name)` returns the new passphrase; it changes nothing."""

    def __init__(self, parent: QWidget | None, name: str) -> None:
        super().__init__(parent, _("Change passphrase"), save_text=_("&Change passphrase"))
        self.add_section()
        self.add_text(name, "strong")
        self.passphrase = self.add_row("passphrase", _("&New passphrase"), NewPassphraseField())
        self.repeated = self.add_row(
            "repeated", _("&Repeat"), TextField(secret=True, required=True)
        )
        self.add_text(
            _(
                "A backup with the present passphrase is written first. Older backups keep theirs."
                " A lost passphrase cannot be recovered."
            ),
            "soft",
        )

    def save(self) -> str:
        """Return the passphrase; raises InvalidRecord for what must be corrected."""
        typed = self.passphrase.value() or ""
        if problem := passphrases.problem(typed):
            raise InvalidRecord({"passphrase": problem})
        if typed != self.repeated.value():
            raise InvalidRecord({"repeated": _("The two passphrases differ.")})
        return typed

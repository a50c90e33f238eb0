"""The form that asks for the passphrase of a casebook and unlocks it."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLabel, QLineEdit, QProgressBar, QWidget

from gui.fields.text import TextField
from gui.forms.form import Form
from gui.session.background import Background, Job
from gui.style import theme
from model.errors import KnownError, WrongPassphrase
from model.language import _
from model.store import examine
from model.store.keys import Key


class PassphraseForm(Form[tuple[Path, Key | None]]):
    """`PassphraseForm.ask(parent, path, background)` gives the path with the key that opens it.

    The key is derived off the GUI thread. A wrong passphrase is said under the field and the form
    stays open; Escape also stops an unlocking that is under way.
    """

    def __init__(self, parent: QWidget | None, path: Path, background: Background) -> None:
        super().__init__(parent, _("Unlock casebook"), save_text=_("&Unlock"))
        self.path = path
        self.background = background
        self._key: Key | None = None
        self.add_section()
        name = QLabel(path.name)
        name.setTextFormat(Qt.TextFormat.PlainText)
        name.setToolTip(str(path))
        theme.set_kind(name, "strong")
        self.add_wide(name)
        self.passphrase = self.add_row(
            "passphrase", _("&Passphrase"), TextField(secret=True, required=True)
        )
        self._busy = QProgressBar()
        self._busy.setRange(0, 0)
        self._busy.setTextVisible(False)
        self._busy.setAccessibleName(_("Unlocking"))
        # It keeps its place while it is not seen, so that nothing jumps.
        kept = self._busy.sizePolicy()
        kept.setRetainSizeWhenHidden(True)
        self._busy.setSizePolicy(kept)
        self._busy.hide()
        self.add_wide(self._busy)

    def is_touched(self) -> bool:
        """A passphrase may always be thrown away."""
        return False

    def accept(self) -> None:
        """Begin to unlock; the form closes by itself when that has succeeded."""
        if self.is_busy():
            return
        fault = self.passphrase.fault()
        self.show_problems({"passphrase": fault} if fault else {})
        if fault:
            return
        path, typed = self.path, self.passphrase.value()
        self._show_busy(True)

        def work(_job: Job) -> Key | None:
            return examine.unlock(path, typed)

        self.background.run(self, work, self._unlocked, self._refused, replaces="unlock")

    def save(self) -> tuple[Path, Key | None]:
        """Return the path with the key that opens it, once it is unlocked."""
        return self.path, self._key

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Let Enter unlock: there is no next field."""
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
        """Close; what is under way is dropped."""
        self.background.cancel(self)
        super().reject()

    def is_busy(self) -> bool:
        """Whether the casebook is being unlocked."""
        return not self._busy.isHidden()

    def _unlocked(self, key: Key | None) -> None:
        self._key = key
        super().accept()

    def _refused(self, error: BaseException) -> None:
        self._show_busy(False)
        if isinstance(error, WrongPassphrase):
            self.show_problems({"passphrase": str(error)})
            self.passphrase.edit.selectAll()
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

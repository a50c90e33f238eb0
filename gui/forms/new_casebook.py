"""The form for a new casebook: its file and its passphrase."""

from __future__ import annotations

import os
from pathlib import Path

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QFileDialog, QWidget

from gui.fields.choice import CheckField
from gui.fields.passphrase import NewPassphraseField
from gui.fields.text import TextField
from gui.forms.form import Form
from gui.style import icons
from gui.widgets.card import button
from model.errors import InvalidRecord
from model.language import _
from model.store import passphrases

SUFFIX = ".theralog"


class NewCasebookForm(Form[tuple[Path, str | None]]):
    """`NewCasebookForm.ask(parent, folder)` returns path and passphrase; it creates no file.

    A passphrase of None means that the user chose to have none.
    """

    def __init__(self, parent: QWidget | None, folder: Path) -> None:
        super().__init__(parent, _("New casebook"), save_text=_("&Create casebook"))
        self.folder = folder
        self.add_section()
        self.path = self.add_row("path", _("&File"), TextField(required=True))
        self.path.set_value(str(_free(folder / f"casebook{SUFFIX}")))
        choose = button(_("&Browse…"), on=self._choose)
        icons.keep(choose, "open")
        choose.setAccessibleName(_("Choose where to save the casebook"))
        self.path.add_right(choose)
        self.add_section(_("Protection"))
        self.passphrase = self.add_row("passphrase", _("&Passphrase"), NewPassphraseField())
        self.repeated = self.add_row(
            "repeated", _("&Repeat"), TextField(secret=True, required=True)
        )
        self.without = self.add_row(
            "without",
            _("No passphrase"),
            CheckField(_("&No passphrase: anyone with the file can read it")),
        )
        self._warning = self.add_text(
            _(
                "The passphrase encrypts the whole file. A lost passphrase cannot be recovered:"
                " keep it where you keep other keys."
            ),
            "soft",
        )
        self.without.changed.connect(self._show_passphrase)

    def save(self) -> tuple[Path, str | None]:
        """Return path and passphrase; raises InvalidRecord for what must be corrected."""
        path = Path(self.path.value() or "").expanduser()
        if path.suffix.lower() != SUFFIX:
            path = path.with_name(path.name + SUFFIX)
        problems = {}
        if not path.is_absolute():
            path = self.folder / path
        if path.exists():
            problems["path"] = _("There is already a file of this name. Choose another.")
        elif not path.parent.is_dir():
            problems["path"] = _("There is no folder “{folder}”.").format(folder=path.parent)
        elif not os.access(path.parent, os.W_OK):
            problems["path"] = _("You cannot write to this folder. Choose another.")
        without = bool(self.without.value())
        if not without and (problem := passphrases.problem(self.passphrase.value() or "")):
            problems["passphrase"] = problem
        elif not without and self.passphrase.value() != self.repeated.value():
            problems["repeated"] = _("The two passphrases differ.")
        if problems:
            raise InvalidRecord(problems)
        return path, None if without else self.passphrase.value()

    @Slot()
    def _show_passphrase(self) -> None:
        is_needed = not self.without.value()
        self.show_row(self.passphrase, is_needed)
        self.show_row(self.repeated, is_needed)
        self._warning.setVisible(is_needed)

    @Slot()
    def _choose(self) -> None:
        chosen, _filter = QFileDialog.getSaveFileName(
            self,
            _("Save the casebook as"),
            self.path.value() or str(self.folder),
            _("Casebooks (*{suffix})").format(suffix=SUFFIX),
            options=QFileDialog.Option.DontConfirmOverwrite,
        )
        if chosen:
            self.path.set_value(chosen)


def _free(path: Path) -> Path:
    """Return `path`; if that exists, the first path with a number appended that does not."""
    number = 1
    free = path
    while free.exists():
        number += 1
        free = path.with_name(f"{path.stem} {number}{path.suffix}")
    return free

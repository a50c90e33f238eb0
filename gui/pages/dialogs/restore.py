"""The dialog that lists the backups of a casebook, to restore one."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QDialog, QWidget

from gui.session.background import Background, Job
from gui.session.preferences import second_backup_folder
from gui.widgets.card import Card, button
from gui.widgets.layout import column, label, row
from gui.widgets.row_model import RIGHT, Column
from gui.widgets.row_table import RowTable
from model.errors import KnownError
from model.language import _, ngettext
from model.rounding import decimals
from model.store.backups import files, looking
from model.store.backups.files import Backup
from model.store.backups.looking import BackupContents, BackupState
from model.store.keys import Key

SIZE = QSize(860, 520)


@dataclass(frozen=True, slots=True)
class BackupLine:
    """A backup with its size in bytes and, once it was read, its contents."""

    backup: Backup
    size: int
    contents: BackupContents | None = None


class RestoreDialog(QDialog):
    """The backups of a casebook: age, size and whether they open, which is checked one by one.

    `RestoreDialog.ask(parent, path, key, background, identity)` returns the chosen one, or None.
    """

    def __init__(
        self,
        parent: QWidget | None,
        path: Path,
        key: Key | None,
        background: Background,
        identity: bytes | None,
    ) -> None:
        """A dialog for the casebook at `path`, whose key is tried on its backups.

        `identity` is the secret of its journal, if that is known; backups in the second folder that
        have another one are of another casebook.
        """
        super().__init__(parent)
        self._path = path
        self._key = key
        self._identity = identity
        self._background = background
        self._lines: list[BackupLine] = []
        self._opened_at = datetime.now()
        self.setWindowTitle(_("Restore a backup"))
        self.setModal(True)
        title = label(_("Backups of “{name}”").format(name=path.name), "title", plain=True)
        title.setWordWrap(True)
        explanation = label(
            _("The file that a backup replaces is kept next to it. No backup is deleted."),
            "soft",
            wrap=True,
        )
        self.table: RowTable[BackupLine] = RowTable(
            self._columns(),
            name=_("Backups"),
            empty=_("Looking for backups…"),
            key=lambda line: line.backup.path,
        )
        card = Card(_("Newest first"))
        card.body.setContentsMargins(1, 0, 1, 6)
        card.add(self.table, 1)
        self.restore_button = button(_("&Restore…"), "primary")
        self.cancel_button = button(_("Cancel"))
        self.restore_button.clicked.connect(self.accept)
        self.cancel_button.clicked.connect(self.reject)
        self.table.activated.connect(lambda _line: self.accept())
        self.table.selection_changed.connect(lambda _line: self._enable())
        buttons = row(1, self.cancel_button, self.restore_button, spacing=10)
        parts = (title, explanation, (card, 1), buttons)
        column(*parts, spacing=12, margins=(24, 20, 24, 18), of=self)
        self.resize(SIZE.boundedTo(parent.size() - QSize(40, 40)) if parent else SIZE)
        self._enable()
        self.table.setFocus()
        self._list()

    @classmethod
    def ask(
        cls,
        parent: QWidget,
        path: Path,
        key: Key | None,
        background: Background,
        identity: bytes | None = None,
    ) -> BackupLine | None:
        """Show the dialog until it is closed; return the chosen backup, if any."""
        dialog = cls(parent, path, key, background, identity)
        try:
            return dialog.table.chosen() if dialog.exec() else None
        finally:
            dialog.deleteLater()

    def accept(self) -> None:
        """Close with the chosen backup, if it can be restored."""
        if self.restore_button.isEnabled():
            super().accept()

    def done(self, result: int) -> None:
        """Stop reading backups, and close."""
        self._background.cancel(self)
        super().done(result)

    def _list(self) -> None:
        path, second = self._path, second_backup_folder()

        def work(_job: Job) -> list[BackupLine]:
            backups = files.all_backups(path, [second] if second else [])
            return [BackupLine(each, size) for each in backups if (size := _size(each)) is not None]

        self._background.run(self, work, self._show, self._failed)

    def _show(self, lines: list[BackupLine]) -> None:
        self._lines = lines
        self.table.set_empty_text(
            _("There is no backup next to it, in “{folder}” or in the second folder.").format(
                folder=files.folder_of(self._path).name
            )
        )
        self.table.show_records(lines)
        if lines:
            self.table.choose(lines[0].backup.path)
        self._look_into(0)

    def _look_into(self, index: int) -> None:
        """Read the backups from this one on, and show what is in each."""
        if index >= len(self._lines):
            return
        line, key = self._lines[index], self._key
        # What is next to the casebook is its own, also where its journal was made anew.
        own_folders = (self._path.parent, files.folder_of(self._path))
        is_own = line.backup.path.parent in own_folders
        identity = None if is_own else self._identity

        def show(contents: BackupContents) -> None:
            self._lines[index] = replace(line, contents=contents)
            self.table.show_records(self._lines)
            self._enable()
            self._look_into(index + 1)

        def work(_job: Job) -> BackupContents:
            return looking.look_into(line.backup.path, key, identity)

        self._background.run(self, work, show, self._failed)

    def _failed(self, error: BaseException) -> None:
        if not isinstance(error, KnownError):
            raise error
        self.table.set_empty_text(str(error))

    def _enable(self) -> None:
        chosen = self.table.chosen()
        state = chosen.contents.state if chosen and chosen.contents else None
        is_refused = state in (BackupState.DAMAGED, BackupState.OTHER_CASEBOOK)
        self.restore_button.setEnabled(chosen is not None and not is_refused)

    def _columns(self) -> tuple[Column[BackupLine], ...]:
        return (
            Column(
                _("Written"),
                lambda line: f"{line.backup.at:%Y-%m-%d %H:%M}",
                lambda line: line.backup.at,
            ),
            Column(
                _("Age"),
                lambda line: files.age_text(line.backup, self._opened_at),
                lambda line: line.backup.at,
            ),
            Column(
                _("Size"), lambda line: size_text(line.size), lambda line: line.size, align=RIGHT
            ),
            Column(_("State"), _state_text, tone=_state_tone),
            Column(
                _("Folder"),
                lambda line: line.backup.path.parent.name,
                tip=lambda line: str(line.backup.path),
            ),
        )


def size_text(size: int) -> str:
    """Return a size in bytes as kB or MB."""
    if size < 1_000_000:
        return _("{n} kB").format(n=-(-size // 1_000))
    return _("{n} MB").format(n=decimals(size / 1_000_000, 1))


def _state_text(line: BackupLine) -> str:
    if line.contents is None:
        return _("Checking…")
    match line.contents.state:
        case BackupState.OTHER_PASSPHRASE:
            return _("Needs its passphrase")
        case BackupState.OTHER_CASEBOOK:
            return _("Of another casebook")
        case BackupState.DAMAGED:
            return _("Does not open")
        case BackupState.OPENS:
            count = line.contents.patients
            return ngettext("Opens, {n} patient", "Opens, {n} patients", count).format(n=count)


def _state_tone(line: BackupLine) -> str:
    if line.contents is None:
        return "soft"
    tones = {
        BackupState.OPENS: "good",
        BackupState.OTHER_PASSPHRASE: "warn",
        BackupState.OTHER_CASEBOOK: "alert",
        BackupState.DAMAGED: "alert",
    }
    return tones[line.contents.state]


def _size(backup: Backup) -> int | None:
    """Return the size of a backup in bytes; None if it is gone."""
    try:
        return backup.path.stat().st_size
    except OSError:
        return None

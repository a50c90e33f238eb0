"""Restores a backup, or salvages a casebook, and lets the window open the result."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QFileDialog, QWidget

from gui.session.background import Background, Job
from gui.session.preferences import second_backup_folder
from gui.widgets import messages
from gui.window.failure_page import Failure, FailurePage
from model.errors import DamagedCasebook, KnownError, NewerCasebook
from model.language import _

if TYPE_CHECKING:
    from model.store.backups.files import Backup
    from model.store.keys import Key


class Restoring(QObject):
    """Asks which backup to restore, and restores it off the GUI thread.

    `begun` emits the path of the casebook, which the window must close before it returns;
    `restored` its path and key, and where the replaced file is kept, or None; `failed` a
    KnownError; `salvaged` the path of a new casebook; `looked` a Failure.
    """

    begun = Signal(object)
    restored = Signal(object, object, object)
    failed = Signal(object)
    salvaged = Signal(object)
    looked = Signal(object)

    def __init__(self, background: Background, window: QWidget, page: FailurePage) -> None:
        """Restore for `window`, and do what the buttons of `page` offer."""
        super().__init__(window)
        self._background = background
        self._window = window
        page.newest_requested.connect(self._restore_newest)
        page.list_requested.connect(self._list_backups)
        page.salvage_requested.connect(self.salvage)

    def look(self, path: Path, error: KnownError, passphrase: str | None = None) -> None:
        """Find out what helps after a casebook could not be opened; emits `looked` or `failed`."""
        from model.store.backups import files

        second = second_backup_folder()

        def work(_job: Job) -> Backup | None:
            # Another casebook of the same name may have its backups in the second folder.
            backups = files.all_backups(path) or (files.in_folder(path, second) if second else [])
            return max(backups, key=lambda each: each.at, default=None)

        def show(newest: Backup | None) -> None:
            if isinstance(error, NewerCasebook) or (
                newest is None and not isinstance(error, DamagedCasebook)
            ):
                self.failed.emit(error)
            else:
                self.looked.emit(Failure(path, error, passphrase, newest))

        self._background.run(self, work, show, replaces="look")

    def ask(
        self,
        path: Path,
        key: Key | None,
        passphrase: str | None = None,
        identity: bytes | None = None,
    ) -> None:
        """List the backups of a casebook and restore the chosen one.

        `identity` is the secret of its journal, if that is known.
        """
        from gui.pages.dialogs.restore import RestoreDialog

        line = RestoreDialog.ask(self._window, path, key, self._background, identity)
        if line is not None:
            self.restore(path, line.backup, key, passphrase)

    def restore(
        self, path: Path, backup: Backup, key: Key | None, passphrase: str | None = None
    ) -> None:
        """Ask once, and restore a backup; a passphrase is asked for where neither opens it."""
        from model.store.backups import files, restoring

        at = datetime.now()
        replaced = restoring.replaced_path(path, at).name
        kept = _("“{name}” is kept as “{replaced}”; what was recorded since is only there.")
        source = _("The backup is in “{folder}”.").format(folder=backup.path.parent)
        question = _("Restore the backup of {time} ({age})?").format(
            time=f"{backup.at:%Y-%m-%d %H:%M}", age=files.age_text(backup, at)
        )
        detail = source
        if path.exists():
            detail = f"{kept.format(name=path.name, replaced=replaced)} {source}"
        if not messages.ask(
            self._window, question, _("Restore"), _("Cancel"), detail=detail, danger=path.exists()
        ):
            return

        def work(_job: Job) -> tuple[bool, Key | None]:
            return _key_of(backup.path, key, passphrase)

        def go_on(result: tuple[bool, Key | None]) -> None:
            is_open, fitting = result
            if not is_open:
                from gui.forms.passphrase import PassphraseForm, UnlockFailure

                unlocked = PassphraseForm.ask(self._window, backup.path, self._background)
                if unlocked is None:
                    return
                if isinstance(unlocked, UnlockFailure):
                    self.failed.emit(unlocked.error)
                    return
                fitting = unlocked[1]
            self._replace(path, backup.path, fitting, at)

        self._background.run(self, work, go_on, self._fail)

    def salvage(self, failure: Failure) -> None:
        """Ask for a new file, and read into it what is readable of a damaged casebook."""
        from gui.pages.dialogs.salvage import SalvageDialog

        path = failure.path
        suggestion = path.with_name(_("{name} salvaged").format(name=path.stem) + path.suffix)
        title = _("New casebook for what is readable")
        chosen, _kind = QFileDialog.getSaveFileName(
            self._window,
            title,
            str(suggestion),
            _("Casebooks (*{suffix})").format(suffix=path.suffix),
        )
        if chosen and SalvageDialog.ask(
            self._window, self._background, path, failure.passphrase, Path(chosen)
        ):
            self.salvaged.emit(Path(chosen))

    def _restore_newest(self, failure: Failure) -> None:
        if failure.newest is not None:
            self.restore(failure.path, failure.newest, None, failure.passphrase)

    def _list_backups(self, failure: Failure) -> None:
        self.ask(failure.path, None, failure.passphrase)

    def _replace(self, path: Path, backup: Path, key: Key | None, at: datetime) -> None:
        from model.store.backups import restoring

        self.begun.emit(path)

        def work(_job: Job) -> Path | None:
            return restoring.restore_with_key(path, backup, key, at=at)

        def done(replaced: Path | None) -> None:
            self.restored.emit(path, key, replaced)

        self._background.run(self, work, done, self._fail)

    def _fail(self, error: BaseException) -> None:
        if not isinstance(error, KnownError):
            raise error
        self.failed.emit(error)


def _key_of(backup: Path, key: Key | None, passphrase: str | None) -> tuple[bool, Key | None]:
    """Return whether a backup can be opened without asking, and with which key."""
    from model.store import examine, keys

    if not examine.is_encrypted(backup):
        return True, None
    tried = [key] if key else []
    if passphrase is not None:
        tried.append(keys.key_for(backup, passphrase))
    for each in tried:
        if keys.count_verified_pages(backup, each, 1):
            return True, each
    return False, None

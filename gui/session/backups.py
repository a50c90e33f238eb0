"""Backups of the open casebook: every half hour, on demand and on closing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from threading import Lock

from PySide6.QtCore import QObject, QTimer, Signal

from gui.session.background import Background, Job
from gui.session.preferences import second_backup_folder
from gui.session.session import Session
from model.errors import KnownError
from model.language import _
from model.store.backups import files, writing
from model.store.backups.files import Backup
from model.store.casebook import Access

BACK_UP_EVERY_MS = 30 * 60_000
LOOK_EVERY_MS = 60_000


class Backups(QObject):
    """Writes the backups of a session off the GUI thread, and knows the newest one.

    A casebook that is only read is not backed up.
    """

    looked = Signal()
    """`newest`, `problem` or the age of the newest backup may have changed."""

    def __init__(self, session: Session, background: Background) -> None:
        super().__init__(session)
        self._casebook = session.casebook
        self._background = background
        # One backup at a time, so that a second one sees that nothing has changed since.
        self._lock = Lock()
        self.newest: Backup | None = None
        self.problem = ""
        """Why the last backup could not be written; empty if it was."""
        self._timers = [
            self._start_timer(BACK_UP_EVERY_MS, self.back_up_changes),
            self._start_timer(LOOK_EVERY_MS, self.look),
        ]
        self.look()

    def status_text(self, now: datetime) -> str:
        """Return the age of the newest backup, for the status line."""
        if self.newest is None:
            return _("Backup failed") if self.problem else _("No backup yet")
        age = files.age_text(self.newest, now)
        if self.problem:
            return _("Backup failed; the newest is from {age}").format(age=age)
        return _("Backup {age}").format(age=age)

    def look(self) -> None:
        """Look for the newest backup; a folder on a network may take long to answer."""
        path, second = self._casebook.path, second_backup_folder()

        def work(_job: Job) -> Backup | None:
            backups = files.all_backups(path, [second] if second else [])
            return backups[0] if backups else None

        self._background.run(self, work, self._show, replaces="look")

    def back_up_changes(self) -> None:
        """Write backups if something was changed since the last ones."""
        if self._can_write():
            self._run(self.work(writing.back_up_changes), lambda _path: None, lambda _error: None)

    def back_up_now(
        self, then: Callable[[Path], object], otherwise: Callable[[KnownError], object]
    ) -> None:
        """Write backups, and pass the path of the first, or what prevented it, on."""
        self._run(self.work(writing.back_up_now), then, otherwise)

    def work_on_closing(self) -> Callable[[], Path | None] | None:
        """Return what writes the backups of changed rows; None when nothing was changed.

        It may run on any thread, and raises KnownError when a backup cannot be written.
        """
        if not self._can_write() or not writing.has_changes(self._casebook):
            return None
        return self.work(writing.back_up_changes)

    def work(self, write: Callable[..., Path | None]) -> Callable[[], Path | None]:
        """Return a function for another thread that calls `write` on a connection of its own."""
        casebook, second, lock = self._casebook, second_backup_folder(), self._lock

        def run() -> Path | None:
            try:
                with lock, casebook.new_connection(Access.BESIDE) as own:
                    return write(own, at=datetime.now(), second_folder=second)
            except KnownError as error:
                text = _("The backup failed. {reason}").format(reason=error)
                raise KnownError(text) from error

        return run

    def leave(self) -> None:
        """Stop the timers: the casebook is about to be closed."""
        for each in self._timers:
            each.stop()
        self._background.cancel(self)

    def _can_write(self) -> bool:
        return self._casebook.access is not Access.READ

    def _run(
        self,
        work: Callable[[], Path | None],
        then: Callable[[Path], object],
        otherwise: Callable[[KnownError], object],
    ) -> None:
        def finished(path: Path | None) -> None:
            self.problem = ""
            self.look()
            if path is not None:
                then(path)

        def failed(error: BaseException) -> None:
            if not isinstance(error, KnownError):
                raise error
            self.problem = str(error)
            self.look()
            otherwise(error)

        self._background.run(self, lambda _job: work(), finished, failed)

    def _show(self, newest: Backup | None) -> None:
        self.newest = newest
        self.looked.emit()

    def _start_timer(self, interval_ms: int, act: Callable[[], None]) -> QTimer:
        timer = QTimer(self)
        timer.setInterval(interval_ms)
        timer.timeout.connect(act)
        timer.start()
        return timer

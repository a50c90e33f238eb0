"""How a casebook comes to be open: found, unlocked off the GUI thread, and handed to the window."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QStandardPaths, Signal

from gui.session.background import Background, Job
from model.errors import KnownError, PassphraseNeeded

if TYPE_CHECKING:
    from model.store.keys import Key


class Opening(QObject):
    """Opens one casebook at a time.

    `opened` tells the path and the key, ready for `Session.open`; `passphrase_needed` the path of
    one that is encrypted; `failed` a KnownError. What the store needs is imported on the worker
    thread as well, since it takes longer than to paint the window.
    """

    opened = Signal(object, object)
    passphrase_needed = Signal(object)
    failed = Signal(object)

    def __init__(self, background: Background, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._background = background

    def open(self, path: Path) -> None:
        """Open a casebook that has no passphrase, or hear that one is needed."""

        def otherwise(error: BaseException) -> None:
            if isinstance(error, PassphraseNeeded):
                self.passphrase_needed.emit(path)
            else:
                self._fail(error)

        self._background.run(
            self, lambda _job: _unlocked(path), self._open, otherwise, replaces="open"
        )

    def open_demo(self) -> None:
        """Open the demo casebook, which is made in the user's own folder when it is not there."""
        self._background.run(
            self,
            lambda job: _unlocked(_demo(job)),
            self._open,
            self._fail,
            replaces="open",
        )

    def create(self, path: Path, passphrase: str | None) -> None:
        """Make an empty casebook and open it."""
        self._background.run(
            self,
            lambda _job: _created(path, passphrase),
            self._open,
            self._fail,
            replaces="open",
        )

    def _open(self, found: tuple[Path, Key | None]) -> None:
        self.opened.emit(*found)

    def _fail(self, error: BaseException) -> None:
        if not isinstance(error, KnownError):
            raise error
        self.failed.emit(error)


def demo_folder() -> Path:
    """Where the demo casebook is kept: the folder of the user's own program data."""
    place = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.AppLocalDataLocation)
    return Path(place)


def _unlocked(path: Path) -> tuple[Path, Key | None]:
    # So that the GUI thread finds them imported.
    import gui.window.places  # noqa: F401
    import model.store.casebook  # noqa: F401
    from model.store import examine

    return path, examine.unlock(path, None)


def _demo(job: Job) -> Path:
    from model.exchange.demo import make_demo

    job.check()
    return make_demo(demo_folder())


def _created(path: Path, passphrase: str | None) -> tuple[Path, Key | None]:
    from model.exchange.new_casebook import new_casebook
    from model.store import examine

    new_casebook(path, passphrase)
    return path, examine.unlock(path, passphrase)

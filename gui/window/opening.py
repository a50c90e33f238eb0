"""Open a casebook off the GUI thread, and show a page until it is open."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Signal
from PySide6.QtWidgets import QProgressBar, QVBoxLayout, QWidget

from gui.session.background import Background, Job
from gui.widgets.layout import label
from model.errors import KnownError, PassphraseNeeded
from model.language import _
from model.user_folder import user_folder

if TYPE_CHECKING:
    from model.store.keys import Key


class Opening(QObject):
    """Opens one casebook at a time.

    `opened` emits the path and the key for `Session.open`, `passphrase_needed` the path of an
    encrypted casebook, `unreadable` the path and the KnownError of one that cannot be opened, and
    `failed` a KnownError. The store is imported on the worker thread too, because that takes longer
    than painting the window.
    """

    opened = Signal(object, object)
    passphrase_needed = Signal(object)
    unreadable = Signal(object, object)
    failed = Signal(object)

    def __init__(self, background: Background, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._background = background

    def open(self, path: Path) -> None:
        """Open a casebook without a passphrase, or emit `passphrase_needed`."""

        def on_error(error: BaseException) -> None:
            if isinstance(error, PassphraseNeeded):
                self.passphrase_needed.emit(path)
            elif isinstance(error, KnownError):
                self.unreadable.emit(path, error)
            else:
                self._fail(error)

        self._run(lambda _job: _unlock(path), on_error)

    def open_demo(self) -> None:
        """Open the demo casebook, creating it in the user's folder if it is missing."""
        self._run(lambda job: _unlock(_make_demo(job)))

    def create(self, path: Path, passphrase: str | None) -> None:
        """Create an empty casebook and open it."""
        self._run(lambda _job: _create(path, passphrase))

    def change_passphrase(self, path: Path, key: Key | None, passphrase: str) -> None:
        """Change the passphrase of a casebook that is closed, and open it."""

        def work(_job: Job) -> tuple[Path, Key | None]:
            from model.store import rekeying

            return path, rekeying.change_passphrase(path, key, passphrase, at=datetime.now())

        self._run(work)

    def _run(
        self,
        work: Callable[[Job], tuple[Path, Key | None]],
        on_error: Callable[[BaseException], None] | None = None,
    ) -> None:
        self._background.run(
            self,
            work,
            lambda result: self.opened.emit(*result),
            on_error or self._fail,
            replaces="open",
        )

    def _fail(self, error: BaseException) -> None:
        if not isinstance(error, KnownError):
            raise error
        self.failed.emit(error)


class OpeningPage(QWidget):
    """A page with the name of what is being opened, above a busy indicator."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._text = label(kind="soft")
        self._text.setAlignment(Qt.AlignmentFlag.AlignCenter)
        bar = QProgressBar()
        bar.setRange(0, 0)
        bar.setTextVisible(False)
        bar.setFixedWidth(220)
        bar.setAccessibleName(_("Opening"))
        layout = QVBoxLayout(self)
        layout.setSpacing(14)
        layout.addStretch(2)
        layout.addWidget(self._text)
        layout.addWidget(bar, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addStretch(3)

    def show_text(self, text: str) -> None:
        """Show what is being opened."""
        self._text.setText(text)


def _unlock(path: Path) -> tuple[Path, Key | None]:
    # Imported here, on the worker thread, so that the GUI thread does not wait for them.
    import gui.window.places
    import model.store.casebook
    from model.store import examine

    return path, examine.unlock(path, None)


def _make_demo(job: Job) -> Path:
    from model.exchange.demo import make_demo

    job.check()
    return make_demo(user_folder())


def _create(path: Path, passphrase: str | None) -> tuple[Path, Key | None]:
    from model.exchange.new_casebook import new_casebook
    from model.store import examine

    new_casebook(path, passphrase)
    return path, examine.unlock(path, passphrase)

"""The open casebook as the window knows it: the one way in for changes, and the word that goes out.

Pages listen to `changed` and ask again; nobody else writes.
"""

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QObject, Signal

from model.casebook import Casebook
from model.keys import Key
from model.step import Change, Step

T = TypeVar("T")


class Session(QObject):
    """One open casebook. Closed with `close`; of no use afterwards."""

    changed = Signal(object)
    """A `Change`: after every step, undo and redo."""

    def __init__(self, casebook: Casebook, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.casebook = casebook

    @classmethod
    def open(cls, path: Path, key: Key | None, parent: QObject | None = None) -> "Session":
        """Open a casebook that was unlocked already; the key was derived off this thread."""
        return cls(Casebook(path, key), parent)

    def do(self, label: str, work: Callable[[Step], T], reason: str | None = None) -> T:
        """Take one step: do the work, commit it with its journal, tell everyone what changed.

        Raises what the work raises; then nothing was written.
        """
        with self.casebook.step(label, reason) as step:
            done = work(step)
        self._tell(step.change)
        return done

    def undo(self) -> Change | None:
        """Take the latest step back; None when there is none. Raises Conflict."""
        return self._tell(self.casebook.undo())

    def redo(self) -> Change | None:
        """Do again what was undone last; None when there is none. Raises Conflict."""
        return self._tell(self.casebook.redo())

    def close(self) -> None:
        """Let go of the casebook; it is one file again."""
        self.casebook.close()

    def _tell(self, change: Change | None) -> Change | None:
        if change:
            self.changed.emit(change)
        return change

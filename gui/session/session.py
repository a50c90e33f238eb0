"""The open casebook as the window knows it: the one way in for changes, and the word that goes out.

Pages listen to `changed` and ask again; nobody else writes.
"""

from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QObject, Signal
from shiboken6 import isValid

from gui.session.background import Background, Job, tell_the_program
from model.store.casebook import Casebook
from model.store.keys import Key
from model.store.step import Change, Step

T = TypeVar("T")


class Session(QObject):
    """One open casebook. Closed with `close`; of no use afterwards."""

    changed = Signal(object)
    """A `Change`: after every step, undo and redo."""

    def __init__(self, casebook: Casebook, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.casebook = casebook
        self._is_closed = False

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

    def do_aside(
        self,
        background: Background,
        owner: QObject,
        label: str,
        work: Callable[[Step, Job], T],
        then: Callable[[T], object],
        otherwise: Callable[[BaseException], object],
        progress: Callable[[int, int, str], object] | None = None,
    ) -> None:
        """Take one step off the GUI thread, on a connection of its own: what takes over 50 ms.

        Everyone is told what changed even when `owner`, who hears what came of it, is gone.
        What the work raises goes to `otherwise`; then nothing was written. When the casebook is
        closed meanwhile, the step is kept whole or lost whole.
        """
        casebook = self.casebook

        def aside(job: Job) -> tuple[T, Step]:
            with casebook.new_connection() as own:
                with own.step(label) as step:
                    done = work(step, job)
                    job.check()
                return done, step

        def took(kept: tuple[T, Step]) -> None:
            done, step = kept
            if self._is_closed:
                return
            casebook.add_to_undo(step)
            self._tell(step.change)
            if isValid(owner):
                then(done)

        def failed(error: BaseException) -> None:
            if isValid(owner):
                otherwise(error)
            else:
                tell_the_program(error)

        def follow(done: int, total: int, doing: str) -> None:
            if progress is not None and isValid(owner):
                progress(done, total, doing)

        background.run(self, aside, took, failed, progress=follow)

    def undo(self) -> Change | None:
        """Take the latest step back; None when there is none. Raises Conflict."""
        return self._tell(self.casebook.undo())

    def redo(self) -> Change | None:
        """Do again what was undone last; None when there is none. Raises Conflict."""
        return self._tell(self.casebook.redo())

    def close(self) -> None:
        """Let go of the casebook; it is one file again."""
        self._is_closed = True
        self.casebook.close()

    def _tell(self, change: Change | None) -> Change | None:
        if change:
            self.changed.emit(change)
        return change

"""The open casebook for the window: all changes go through it, and it announces them.

Pages listen to `changed` and load again; nothing else writes.
"""

from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import QObject, Signal
from shiboken6 import isValid

from gui.session.background import Background, Job, report_uncaught
from model.store import settings
from model.store.casebook import Access, Casebook
from model.store.keys import Key
from model.store.rows import Record, to_row
from model.store.step import Change, Step

T = TypeVar("T")


class Session(QObject):
    """One open casebook. It cannot be used after `close`."""

    changed = Signal(object)
    """A `Change`: after every step, undo and redo."""

    def __init__(self, casebook: Casebook, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.casebook = casebook
        self.fixed_day = settings.fixed_day(casebook)
        """The day at which the casebook's clock stands, if it is a demo."""
        self.clock: Callable[[], date] = date.today
        self._is_closed = False

    @classmethod
    def open(cls, path: Path, key: Key | None, parent: QObject | None = None) -> "Session":
        """Open a casebook that was unlocked already; the key was derived off this thread."""
        return cls(Casebook(path, key), parent)

    def today(self) -> date:
        """Return the date that the window takes for today's; the only place that knows it."""
        return self.fixed_day or self.clock()

    def do(
        self,
        label: str,
        work: Callable[[Step], T],
        reason: str | None = None,
        *,
        opened: Iterable[Record] = (),
    ) -> T:
        """Take one step: do the work, commit it with its journal, announce what changed.

        `opened` are the records as they were when the user began to edit them; EditConflict is
        raised when one of them was changed or deleted since. Raises what the work raises; nothing
        is written then.
        """
        rows = {(each.TABLE, each.id): to_row(each) for each in opened if each.id is not None}
        with self.casebook.step(label, reason, opened=rows) as step:
            done = work(step)
        self._announce(step.change)
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
        """Take one step off the GUI thread, on its own connection: for work of more than 50 ms.

        The change is announced even when `owner`, who receives the result, is gone. What the work
        raises goes to `otherwise`; nothing is written then. When the casebook is closed meanwhile,
        the step is either complete or lost.
        """
        casebook = self.casebook

        def aside(job: Job) -> tuple[T, Step]:
            with casebook.new_connection(Access.BESIDE) as own:
                with own.step(label) as step:
                    done = work(step, job)
                    job.check()
                return done, step

        def finish(result: tuple[T, Step]) -> None:
            done, step = result
            if self._is_closed:
                return
            casebook.catch_up()
            self._announce(step.change)
            if isValid(owner):
                then(done)

        def failed(error: BaseException) -> None:
            if isValid(owner):
                otherwise(error)
            else:
                report_uncaught(error)

        def follow(done: int, total: int, doing: str) -> None:
            if progress is not None and isValid(owner):
                progress(done, total, doing)

        background.run(self, aside, finish, failed, progress=follow)

    def undo(self) -> Change | None:
        """Undo the latest step; None when there is none. Raises Conflict."""
        return self._announce(self.casebook.undo())

    def redo(self) -> Change | None:
        """Redo what was undone last; None when there is none. Raises Conflict."""
        return self._announce(self.casebook.redo())

    def close(self) -> None:
        """Close the casebook; it is one file again."""
        self._is_closed = True
        self.casebook.close()

    def _announce(self, change: Change | None) -> Change | None:
        if change:
            if "setting" in change.tables:
                self.fixed_day = settings.fixed_day(self.casebook)
            self.changed.emit(change)
        return change

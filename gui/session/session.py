"""The open casebook for the window: all changes go through it, and it announces them.

Pages listen to `changed` and load again; nothing else writes.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from PySide6.QtCore import QObject, QTimer, Signal
from shiboken6 import isValid

from gui.session.background import Background, Job, report_uncaught
from model.errors import EditConflict, FileReplaced, HeldElsewhere, KnownError, ReadOnlyFolder
from model.language import N_
from model.records.kinds import KINDS
from model.store import settings
from model.store.casebook import Access, Casebook
from model.store.keys import Key
from model.store.rows import Record, from_row, to_row
from model.store.step import Change, Step

if TYPE_CHECKING:
    from model.store.erasing import Erased

T = TypeVar("T")

_WATCH_MS = 5_000
"""Milliseconds between two looks at whether the file is still there."""


class Session(QObject):
    """One open casebook. It cannot be used after `close`."""

    changed = Signal(object)
    """A `Change`: after every step, undo and redo."""
    file_replaced = Signal(object)
    """A `FileReplaced`, once: nothing more can be saved in the file."""

    def __init__(self, casebook: Casebook, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.casebook = casebook
        self.fixed_day = settings.fixed_day(casebook)
        """The day at which the casebook's clock stands, if it is a demo."""
        self.clock: Callable[[], date] = date.today
        self.read_only: KnownError | None = None
        """Why the casebook can only be read, if so."""
        self._is_closed = False
        self._is_replaced = False
        self._watch = QTimer(self)
        self._watch.timeout.connect(self._look_at_file)
        self._watch.start(_WATCH_MS)

    @classmethod
    def open(cls, path: Path, key: Key | None, parent: QObject | None = None) -> "Session":
        """Open a casebook that was unlocked already; the key was derived off this thread.

        It is opened for reading only, with the reason in `read_only`, where another program edits
        it or its folder cannot be written to.
        """
        try:
            casebook = Casebook(path, key)
            casebook.log(N_("Open casebook"), {})
            return cls(casebook, parent)
        except (HeldElsewhere, ReadOnlyFolder) as reason:
            session = cls(Casebook(path, key, Access.READ), parent)
            session.read_only = reason
            return session

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
        records = {(each.TABLE, each.id): each for each in opened if each.id is not None}
        rows: dict[tuple[str, int], Mapping[str, Any]] = {
            key: to_row(record) for key, record in records.items()
        }
        while True:
            try:
                with self._watching(), self.casebook.step(label, reason, opened=rows) as step:
                    done = work(step)
            except EditConflict as conflict:
                key = conflict.table, conflict.present["id"]
                if rows.get(key) is conflict.present or not _is_same(records.get(key), conflict):
                    raise
                rows[key] = conflict.present
            else:
                self._announce(step.change)
                return done

    def announce_elsewhere(self, conflict: EditConflict) -> None:
        """Announce a change that another connection has saved, so that the pages show it."""
        present = conflict.present
        patient = present["id"] if conflict.table == "patient" else present.get("patient_id")
        patients = frozenset((patient,)) if patient else frozenset[int]()
        self._announce(Change("", frozenset((conflict.table,)), patients))

    def merge_log(self, background: Background) -> None:
        """Write the log into the file, off the GUI thread, so that it never stands alone for long.

        A disk that refuses is tried again after the next step, and on closing told.
        """
        casebook = self.casebook

        def work(_job: Job) -> None:
            with casebook.new_connection(Access.BESIDE) as own:
                own.merge_log()

        if self.read_only is None and not self._is_replaced:
            background.run(self, work, lambda _done: None, lambda _error: None, replaces="log")

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

    def erase(
        self,
        background: Background,
        owner: QObject,
        patient_id: int,
        reason: str,
        then: Callable[["Erased"], object],
    ) -> None:
        """Erase a patient for good, off the GUI thread, and announce it to all pages."""
        casebook = self.casebook

        def work(_job: Job) -> "Erased":
            from model.store import erasing

            with casebook.new_connection(Access.BESIDE) as own:
                return erasing.erase(own, patient_id, reason)

        def finish(erased: "Erased") -> None:
            if self._is_closed:
                return
            casebook.catch_up()
            # As after an import, any page may have shown something of the patient.
            tables = frozenset({"patient", "batch", *(kind.table for kind in KINDS)})
            self._announce(Change(N_("Erase patient"), tables, frozenset({patient_id})))
            if isValid(owner):
                then(erased)

        background.run(self, work, finish)

    def undo(self) -> Change | None:
        """Undo the latest step; None when there is none. Raises Conflict."""
        with self._watching():
            change = self.casebook.undo()
        return self._announce(change)

    def redo(self) -> Change | None:
        """Redo what was undone last; None when there is none. Raises Conflict."""
        with self._watching():
            change = self.casebook.redo()
        return self._announce(change)

    def close(self) -> None:
        """Close the casebook; it is one file again. Raises what `Casebook.close` raises."""
        self._is_closed = True
        self._watch.stop()
        self.casebook.close()

    @contextmanager
    def _watching(self) -> Iterator[None]:
        """Announce it when the file turns out to be replaced."""
        try:
            yield
        except FileReplaced as error:
            self._announce_replaced(error)
            raise

    def _look_at_file(self) -> None:
        try:
            self.casebook.refuse_replaced()
        except FileReplaced as error:
            self._announce_replaced(error)

    def _announce_replaced(self, error: FileReplaced) -> None:
        if not self._is_replaced:
            self._is_replaced = True
            self._watch.stop()
            self.file_replaced.emit(error)

    def _announce(self, change: Change | None) -> Change | None:
        if change:
            if "setting" in change.tables:
                self.fixed_day = settings.fixed_day(self.casebook)
            self.changed.emit(change)
        return change


def _is_same(opened: Record | None, conflict: EditConflict) -> bool:
    """Return whether a row still holds the record that was opened, though it is spelled otherwise.

    Older casebooks have words and numbers as they were typed; a record has them as we write them.
    """
    if opened is None or conflict.was_deleted:
        return False
    return to_row(from_row(type(opened), conflict.present)) == to_row(opened)

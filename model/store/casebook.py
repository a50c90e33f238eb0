"""An open casebook: make, open, ask for rows, take a step, undo, redo, close.

One casebook is one SQLite file, encrypted with SQLCipher when it was made with a passphrase.
Nothing is ever written outside a step; a step is kept whole or lost whole, with its journal.
"""

from __future__ import annotations

import getpass
import json
from contextlib import closing, contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Self

from sqlcipher3 import dbapi2 as sqlcipher
from sqlite_utils import Database

from model.errors import Conflict, KnownError
from model.store import examine, journal, keys, schema, settings
from model.store.ids import new_id
from model.store.reader import Reader
from model.store.step import Change, Step

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from model.store.keys import Key


class Casebook(Reader):
    """A casebook that is open, on the thread that opened it.

    Made by `create` and `open`; used as a context manager or closed with `close`.
    """

    def __init__(self, path: Path, key: Key | None) -> None:
        """Take over a file that `examine.unlock` has found sound; `key` is None without one."""
        self.path = path
        self._key = key
        self._connection = examine.connect(path, key)
        super().__init__(Database(self._connection))
        try:
            self._prepare()
        except sqlcipher.OperationalError as error:
            self._connection.close()
            if not _is_of_the_disk(error):
                raise
            raise KnownError(
                f"“{path.name}” cannot be opened for writing: {error}. Nothing was changed."
            ) from error

    @classmethod
    def create(cls, path: Path, passphrase: str | None = None) -> Self:
        """Make an empty casebook where there is no file yet, and open it.

        Raises KnownError, and leaves no file behind, when the place is taken or not writable.
        """
        if path.exists():
            raise KnownError(f"There is a file “{path}” already. Choose another name.")
        if passphrase == "":
            raise KnownError("A passphrase cannot be empty. Choose one, or make do without.")
        try:
            path.touch()
        except OSError as error:
            raise KnownError(f"“{path}” cannot be made: {error.strerror}.") from error
        return cls(path, keys.new_key(passphrase) if passphrase is not None else None)

    @classmethod
    def open(cls, path: Path, passphrase: str | None = None) -> Self:
        """Open a casebook; raises what `examine.unlock` raises, and then has written nothing."""
        return cls(path, examine.unlock(path, passphrase))

    def _prepare(self) -> None:
        self._db.execute("pragma journal_mode = wal")
        self._db.execute("pragma synchronous = full")
        self._db.execute("pragma foreign_keys = off")
        if not self._db.execute("pragma application_id").fetchone()[0]:
            self._db.execute(f"pragma application_id = {schema.APPLICATION_ID}")
        pending = [migration.name for migration in schema.migrations.pending(self._db)]
        if pending and schema.migrations.applied(self._db):
            self._upgrade(pending)
        elif pending:
            schema.migrations.apply(self._db)
        self._db.execute("pragma foreign_keys = on")
        self._stacks = journal.stacks(self)

    def _upgrade(self, pending: list[str]) -> None:
        """Bring an older casebook up to date, after a verified backup beside it."""
        at = datetime.now().strftime("%Y-%m-%d %H-%M-%S")
        backup = self.path.with_name(f"{self.path.stem} before upgrade {at}{self.path.suffix}")
        self.copy_to(backup)
        schema.migrations.apply(self._db)
        if self.rows("pragma foreign_key_check"):
            raise KnownError(
                f"“{self.path.name}” could not be brought up to date. Open “{backup.name}”, the"
                " copy from before, with the version that you had."
            )
        self.log("Upgrade", {"migrations": pending, "backup": backup.name})

    # Reading

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """Run all queries of the block on one snapshot, whoever writes meanwhile."""
        self._db.execute("begin")
        try:
            yield
        finally:
            self._db.execute("rollback")

    @property
    def encrypted(self) -> bool:
        """Whether the file is encrypted with a passphrase."""
        return self._key is not None

    def new_connection(self) -> Casebook:
        """Open the same casebook once more, for another thread; close it there."""
        return Casebook(self.path, self._key)

    def copy_to(self, path: Path) -> None:
        """Write a sound copy of the casebook, as it is now, to a path where there is no file.

        Uses SQLite's online backup, which includes what is still in the log. The copy is opened
        and read through before it counts: raises DamagedCasebook when it is not sound, KnownError
        when it cannot be written.
        """
        try:
            with closing(examine.connect(path, self._key)) as copy:
                self._connection.backup(copy)
        except sqlcipher.OperationalError as error:
            if not _is_of_the_disk(error):
                raise
            raise KnownError(
                f"“{path}” cannot be written: {error}. The casebook is as it was before."
            ) from error
        examine.inspect(path, self._key)

    # Settings

    def setting(self, name: str, otherwise: str = "") -> str:
        """What the casebook holds under a name, or the other value."""
        kept = settings.setting(self, name)
        return otherwise if kept is None else kept

    # Steps

    @contextmanager
    def step(
        self, label: str, reason: str | None = None, *, undoable: bool = True
    ) -> Iterator[Step]:
        """One thing the user did: `with casebook.step("Add cycle") as step: …`.

        All that the block puts is committed with its journal when it ends, or rolled back when
        it raises. `step.change` then says what changed. A step that put nothing leaves no trace.
        One that is not `undoable` is journalled as an event: how the casebook came to be.
        """
        kind: journal.Kind = "step" if undoable else "event"
        with self._writing():
            step = Step(self._db, new_id(), label, now())
            yield step
            self._keep(step, kind, reason=reason)
        if step.change:
            self._stacks.follow(kind, step.number, label, None)

    def add_to_undo(self, step: Step) -> None:
        """Make undoable a step that was committed on a `new_connection`."""
        if step.change:
            self._stacks.follow("step", step.number, step.label, None)

    def log(self, action: str, detail: dict[str, Any], reason: str | None = None) -> None:
        """Journal something that happened to the casebook without changing a row."""
        with self._writing():
            step = Step(self._db, new_id(), action, now())
            step.note(None, None, None, detail)
            self._keep(step, "event", reason=reason)

    @property
    def undo_label(self) -> str | None:
        """The label of the step that `undo` would take back, if there is one."""
        return self._stacks.done[-1][1] if self._stacks.done else None

    @property
    def undo_number(self) -> int | None:
        """The number of the step that `undo` would take back, if there is one."""
        return self._stacks.done[-1][0] if self._stacks.done else None

    @property
    def redo_label(self) -> str | None:
        """The label of the step that `redo` would do again, if there is one."""
        return self._stacks.undone[-1][1] if self._stacks.undone else None

    def undo(self) -> Change | None:
        """Take the latest step back; None when there is none.

        Raises Conflict, and changes nothing, when a row is no longer as that step left it.
        """
        if not self._stacks.done:
            return None
        number, label = self._stacks.done[-1]
        return self._revert(number, label, "undo")

    def redo(self) -> Change | None:
        """Do the step that was undone last again; None when there is none, or a step came since."""
        if not self._stacks.undone:
            return None
        number, label = self._stacks.undone[-1]
        return self._revert(number, label, "redo")

    def _revert(self, number: int, label: str, kind: journal.Kind) -> Change | None:
        entries = journal.entries_of_step(self, number)
        with self._writing():
            self._db.execute("pragma defer_foreign_keys = on")
            step = Step(self._db, new_id(), label, now())
            for entry in reversed(entries) if kind == "undo" else entries:
                if entry.table_name is None or entry.row_id is None:
                    continue
                images = (entry.after, entry.before)
                expected, wanted = images if kind == "undo" else reversed(images)
                step.turn(
                    entry.table_name,
                    entry.row_id,
                    expected=json.loads(expected) if expected else None,
                    wanted=json.loads(wanted) if wanted else None,
                )
            self._keep(step, kind, of_step=number)
        self._stacks.follow(kind, step.number, label, number)
        return step.change

    def _keep(
        self,
        step: Step,
        kind: journal.Kind,
        *,
        of_step: int | None = None,
        reason: str | None = None,
    ) -> None:
        """Write a step's entries, chained to the last one."""
        seq, link = journal.last_link(self)
        user = _user_name()
        entries = [
            journal.Entry(
                seq=seq + position,
                at=step.at,
                user=user,
                step=step.number,
                kind=kind,
                action=step.label,
                of_step=of_step,
                table_name=noted.table,
                row_id=noted.row_id,
                before=journal.image(noted.before),
                after=journal.image(noted.after),
                reason=reason,
            )
            for position, noted in enumerate(step.notes, start=1)
        ]
        for entry in journal.chain(entries, link):
            self._db.execute(journal.INSERT, asdict(entry))

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """A transaction that holds the write lock from its start."""
        try:
            self._db.execute("begin immediate")
        except sqlcipher.OperationalError as error:
            raise Conflict(
                f"“{self.path.name}” is being written to by another program."
                " Nothing was changed. Try again."
            ) from error
        try:
            yield
            self._db.execute("commit")
        except BaseException as error:
            if self._connection.in_transaction:
                self._db.execute("rollback")
            if isinstance(error, sqlcipher.OperationalError) and _is_of_the_disk(error):
                raise KnownError(
                    f"This could not be saved: {error}. The casebook is as it was before."
                ) from error
            raise

    # Leaving

    def close(self) -> None:
        """Bring everything into the one file and let go of it; closing twice does no harm."""
        if self._connection is None:
            return
        # A connection of another thread may still read: the last one to close tidies up.
        try:
            self._db.execute("pragma wal_checkpoint(truncate)")
            self._db.execute("pragma journal_mode = delete")
        except sqlcipher.OperationalError:
            pass
        finally:
            self._connection.close()
            self._connection = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _is_of_the_disk(error: Exception) -> bool:
    """Whether the disk or another program is the cause, and not a statement of ours."""
    causes = ("locked", "readonly", "disk", "unable to open", "full")
    return any(cause in str(error) for cause in causes)


def _user_name() -> str:
    """Who is at the computer; `unknown` where the system does not say."""
    try:
        return getpass.getuser()
    except (KeyError, ImportError, OSError):
        return "unknown"


def now() -> str:
    """The moment as the journal writes it: UTC to the millisecond."""
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")

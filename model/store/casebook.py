"""An open casebook: create, open, query, step, undo, redo, close.

A casebook is one SQLite file, encrypted with SQLCipher if created with a passphrase. Everything is
written in steps; a step is committed as a whole with its journal, or not at all.
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
from model.language import _
from model.store import examine, journal, keys, schema, settings
from model.store.ids import new_id
from model.store.reader import Reader
from model.store.step import Change, RowChange, Step

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from model.store.keys import Key


class Casebook(Reader):
    """An open casebook, to be used on the thread that opened it.

    Made by `create` and `open`; used as a context manager or closed with `close`.
    """

    def __init__(self, path: Path, key: Key | None) -> None:
        """Open a file that `examine.unlock` has accepted; `key` is None without encryption."""
        self.path = path
        self._key = key
        self._connection = examine.connect(path, key)
        super().__init__(Database(self._connection))
        sentence = _("“{name}” cannot be opened for writing: {reason}. Nothing was changed.")
        try:
            with _known_disk_errors(sentence, name=path.name):
                self._prepare()
        except (KnownError, sqlcipher.OperationalError):
            self._connection.close()
            raise

    @classmethod
    def create(cls, path: Path, passphrase: str | None = None) -> Self:
        """Create an empty casebook where there is no file yet, and open it.

        Raises KnownError, and leaves no file behind, when the place is taken or not writable.
        """
        if path.exists():
            raise KnownError(
                _("There is already a file “{path}”. Choose another name.").format(path=path)
            )
        if passphrase == "":
            raise KnownError(_("The passphrase is empty. Enter one, or choose no passphrase."))
        try:
            path.touch()
        except OSError as error:
            sentence = _("“{path}” cannot be created: {reason}.")
            raise KnownError(sentence.format(path=path, reason=error.strerror)) from error
        return cls(path, keys.new_key(passphrase) if passphrase is not None else None)

    @classmethod
    def open(cls, path: Path, passphrase: str | None = None) -> Self:
        """Open a casebook; raises what `examine.unlock` raises, without having written anything."""
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
        self._stacks = journal.read_stacks(self)

    def _upgrade(self, pending: list[str]) -> None:
        """Upgrade an older casebook, after a verified backup next to it."""
        at = datetime.now().strftime("%Y-%m-%d %H-%M-%S")
        backup = self.path.with_name(f"{self.path.stem} before upgrade {at}{self.path.suffix}")
        self.copy_to(backup)
        schema.migrations.apply(self._db)
        if self.rows("pragma foreign_key_check"):
            sentence = _(
                "“{name}” could not be upgraded. Open “{backup}”, the copy from before, with your"
                " former version of Theralog."
            )
            raise KnownError(sentence.format(name=self.path.name, backup=backup.name))
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
        """Write a copy of the casebook, as it is now, to a path where there is no file.

        Uses SQLite's online backup, which includes what is still in the log. The copy is opened
        and read through: raises DamagedCasebook when it is damaged, KnownError when it cannot be
        written.
        """
        sentence = _("“{path}” cannot be written: {reason}. The casebook was not changed.")
        with (
            _known_disk_errors(sentence, path=path),
            closing(examine.connect(path, self._key)) as copy,
        ):
            self._connection.backup(copy)
        examine.inspect(path, self._key)

    # Settings

    def setting(self, name: str, otherwise: str = "") -> str:
        """Return the value of a setting, or `otherwise` where it is not set."""
        value = settings.setting(self, name)
        return otherwise if value is None else value

    # Steps

    @contextmanager
    def step(
        self, label: str, reason: str | None = None, *, undoable: bool = True
    ) -> Iterator[Step]:
        """Open a step, one action of the user: `with casebook.step("Add cycle") as step: …`.

        All changes of the block are committed with their journal at its end, or rolled back when it
        raises; `step.change` describes them. A step without changes leaves no trace. One that is
        not `undoable`, such as an import, is journalled as an event.
        """
        kind: journal.Kind = "step" if undoable else "event"
        with self._writing():
            step = Step(self._db, new_id(), label, now())
            yield step
            self._record(step, kind, reason=reason)
        if step.change:
            self._stacks.follow(kind, step.number, label, None)

    def add_to_undo(self, step: Step) -> None:
        """Make undoable a step that was committed on a `new_connection`."""
        if step.change:
            self._stacks.follow("step", step.number, step.label, None)

    def log(self, action: str, detail: dict[str, Any], reason: str | None = None) -> None:
        """Journal an event that changed no row."""
        with self._writing():
            step = Step(self._db, new_id(), action, now())
            step.row_changes.append(RowChange(None, None, None, detail))
            self._record(step, "event", reason=reason)

    @property
    def undo_label(self) -> str | None:
        """The label of the step that `undo` would revert, if any."""
        return self._stacks.done[-1][1] if self._stacks.done else None

    @property
    def undo_number(self) -> int | None:
        """The number of the step that `undo` would revert, if any."""
        return self._stacks.done[-1][0] if self._stacks.done else None

    @property
    def redo_label(self) -> str | None:
        """The label of the step that `redo` would repeat, if any."""
        return self._stacks.undone[-1][1] if self._stacks.undone else None

    def undo(self) -> Change | None:
        """Undo the latest step; returns None when there is none.

        Raises Conflict, and changes nothing, when a row was changed after that step.
        """
        if not self._stacks.done:
            return None
        number, label = self._stacks.done[-1]
        return self._revert(number, label, "undo")

    def redo(self) -> Change | None:
        """Redo the step that was undone last; returns None when there is none."""
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
                step.revert_row(
                    entry.table_name,
                    entry.row_id,
                    expected=json.loads(expected) if expected else None,
                    wanted=json.loads(wanted) if wanted else None,
                )
            self._record(step, kind, of_step=number)
        self._stacks.follow(kind, step.number, label, number)
        return step.change

    def _record(
        self,
        step: Step,
        kind: journal.Kind,
        *,
        of_step: int | None = None,
        reason: str | None = None,
    ) -> None:
        """Write a step's journal entries, each with a hash over the previous one."""
        seq, link = journal.last_link(self)
        user = _user_name()
        for changed in step.row_changes:
            seq += 1
            entry = journal.Entry(
                seq=seq,
                at=step.at,
                user=user,
                step=step.number,
                kind=kind,
                action=step.label,
                of_step=of_step,
                table_name=changed.table,
                row_id=changed.row_id,
                before=journal.image(changed.before),
                after=journal.image(changed.after),
                reason=reason,
            )
            link = entry.chained(link)
            self._db.execute(journal.INSERT, asdict(entry) | {"hash": link})

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """Open a transaction that holds the write lock from its start."""
        try:
            self._db.execute("begin immediate")
        except sqlcipher.OperationalError as error:
            sentence = _("Another program is writing to “{name}”. Nothing was changed. Try again.")
            raise Conflict(sentence.format(name=self.path.name)) from error
        sentence = _("This could not be saved: {reason}. The casebook was not changed.")
        try:
            with _known_disk_errors(sentence):
                yield
                self._db.execute("commit")
        except BaseException:
            if self._connection.in_transaction:
                self._db.execute("rollback")
            raise

    # Closing

    def close(self) -> None:
        """Merge the log into the file and release it; closing twice does no harm."""
        if self._connection is None:
            return
        # If a connection of another thread still reads, the last one to close does this.
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


@contextmanager
def _known_disk_errors(sentence: str, **values: object) -> Iterator[None]:
    """Raise KnownError where the disk or another program is the cause, not a faulty statement."""
    try:
        yield
    except sqlcipher.OperationalError as error:
        causes = ("locked", "readonly", "disk", "unable to open", "full")
        if not any(cause in str(error) for cause in causes):
            raise
        raise KnownError(sentence.format(reason=error, **values)) from error


def _user_name() -> str:
    """Return the name of the user; `unknown` where the system has none."""
    try:
        return getpass.getuser()
    except (KeyError, ImportError, OSError):
        return "unknown"


def now() -> str:
    """Return the current time as the journal writes it: UTC to the millisecond."""
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")

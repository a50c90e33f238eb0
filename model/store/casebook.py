"""An open casebook: create, open, query, step, undo, redo, close.

A casebook is one SQLite file, encrypted with SQLCipher if created with a passphrase. Everything is
written in steps; a step is committed as a whole with its journal, or not at all.
"""

from __future__ import annotations

import json
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Literal, Self

from sqlcipher3 import dbapi2 as sqlcipher
from sqlite_utils import Database

from model.errors import ChangedLater, Conflict, KnownError
from model.language import N_, _
from model.store import examine, journal, keys, older_journal, schema, settings, system_user
from model.store.ids import new_id
from model.store.reader import Reader
from model.store.step import Change, RowChange, Step
from model.store.undo_stacks import UndoStacks

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from model.store.keys import Key
    from model.store.step import Opened


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
        self.user = system_user.name()
        """The name that the journal gives to whoever takes a step."""
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
        self._journal_key = journal.read_key(self)
        self._stacks = UndoStacks()
        self._stacks.catch_up(self)

    def _upgrade(self, pending: list[str]) -> None:
        """Upgrade an older casebook, after a verified backup next to it."""
        at = datetime.now().strftime("%Y-%m-%d %H-%M-%S")
        backup = self.path.with_name(f"{self.path.stem} before upgrade {at}{self.path.suffix}")
        self.copy_to(backup)
        is_before_digests = "m006_trust" in pending
        details: dict[str, Any] = {"migrations": pending, "backup": backup.name}
        if is_before_digests and (entry := older_journal.first_broken_link(self)) is not None:
            details["journal_broken_at"] = entry
        schema.migrations.apply(self._db)
        if self.rows("pragma foreign_key_check"):
            sentence = _(
                "“{name}” could not be upgraded. Open “{backup}”, the copy from before, with your"
                " former version of Theralog."
            )
            raise KnownError(sentence.format(name=self.path.name, backup=backup.name))
        self._journal_key = journal.read_key(self)
        with self._writing():
            step = Step(self._db, new_id(), N_("Upgrade"), now())
            if is_before_digests:
                step.journal_imported_rows()
            step.row_changes.append(RowChange(None, None, None, details))
            self._record(step, "event")

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
            # No journal of its own: a copy that is not complete is not kept.
            copy.execute("pragma journal_mode = off")
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
        self,
        label: str,
        reason: str | None = None,
        *,
        undoable: bool = True,
        opened: Opened | None = None,
    ) -> Iterator[Step]:
        """Open a step, one action of the user: `with casebook.step("Add cycle") as step: …`.

        All changes of the block are committed with their journal at its end, or rolled back when it
        raises; `step.change` describes them. A step without changes leaves no trace. One that is
        not `undoable` is journalled as an event. `opened` has rows as they were when the user began
        to edit them: one that was changed since is not overwritten, but raises EditConflict.
        """
        kind: journal.Kind = "step" if undoable else "event"
        with self._writing():
            step = Step(self._db, new_id(), label, now(), opened or {})
            yield step
            first_seq = self._record(step, kind, reason=reason)
        if first_seq > self._stacks.last_seq + 1:  # others have written too
            self._stacks.catch_up(self)
        elif step.row_changes:
            self._stacks.follow(kind, step.number, label, None)
            self._stacks.last_seq += len(step.row_changes)

    def catch_up(self) -> None:
        """Make undoable the steps that other connections have committed."""
        self._stacks.catch_up(self)

    def log(self, action: str, detail: dict[str, Any], reason: str | None = None) -> None:
        """Journal an event that changed no row."""
        with self._writing():
            step = Step(self._db, new_id(), action, now())
            step.row_changes.append(RowChange(None, None, None, detail))
            self._record(step, "event", reason=reason)

    def continue_chain_of(self, key: bytes) -> None:
        """Take over the journal key of another casebook; the journal must be empty."""
        with self._writing():
            self._db.execute("update journal_key set key = :key", {"key": key})
        self._journal_key = key

    @property
    def undo_label(self) -> str | None:
        """The label of the step that `undo` would revert, if any."""
        step = self._next("undo")
        return step[1] if step else None

    @property
    def undo_number(self) -> int | None:
        """The number of the step that `undo` would revert, if any."""
        step = self._next("undo")
        return step[0] if step else None

    @property
    def redo_label(self) -> str | None:
        """The label of the step that `redo` would repeat, if any."""
        step = self._next("redo")
        return step[1] if step else None

    def undo(self) -> Change | None:
        """Undo the latest step; returns None when there is none.

        Raises Conflict, and changes no row, when a row was changed after that step. The step is
        passed over then: the next undo is of the one before.
        """
        return self._revert("undo")

    def redo(self) -> Change | None:
        """Redo the step that was undone last; returns None when there is none.

        Raises Conflict like `undo`.
        """
        return self._revert("redo")

    def _revert(self, kind: Literal["undo", "redo"]) -> Change | None:
        known = self._next(kind)
        self._stacks.catch_up(self)
        following = self._next(kind)
        if following != known:
            sentence = _("Another window has saved changes in the meantime. Nothing was changed.")
            raise Conflict(sentence)
        if following is None:
            return None
        number, label = following
        try:
            with self._writing():
                step = Step(self._db, new_id(), label, now())
                self._revert_rows(step, number, kind)
                self._record(step, kind, of_step=number)
        except (ChangedLater, sqlcipher.IntegrityError) as error:
            self._pass_over(number, label, kind)
            raise ChangedLater(label) from error
        finally:
            self._stacks.catch_up(self)
        return step.change

    def _next(self, kind: Literal["undo", "redo"]) -> tuple[int, str] | None:
        """Return number and label of the step that undo or redo would revert, if any."""
        stack = self._stacks.done if kind == "undo" else self._stacks.undone
        return stack[-1] if stack else None

    def _revert_rows(self, step: Step, number: int, kind: Literal["undo", "redo"]) -> None:
        """Make all rows of a step like its images of before (undo) or after (redo)."""
        self._db.execute("pragma defer_foreign_keys = on")
        entries = journal.entries_of_step(self, number)
        for entry in reversed(entries) if kind == "undo" else entries:
            if entry.table_name is None:
                continue
            if entry.withheld:
                raise ChangedLater(step.label)
            images = (entry.after, entry.before)
            expected, wanted = (
                json.loads(image) if image else None
                for image in (images if kind == "undo" else reversed(images))
            )
            if entry.row_id is None:
                step.revert_import(entry.table_name, expected=expected, wanted=wanted)
            else:
                step.revert_row(entry.table_name, entry.row_id, expected=expected, wanted=wanted)

    def _pass_over(self, number: int, label: str, kind: journal.Kind) -> None:
        """Journal that a step can no longer be undone or redone, so that it leaves the stacks."""
        with self._writing():
            step = Step(self._db, new_id(), label, now())
            step.row_changes.append(RowChange(None, None, None, {"passed_over": True}))
            self._record(step, kind, of_step=number)

    def _record(
        self,
        step: Step,
        kind: journal.Kind,
        *,
        of_step: int | None = None,
        reason: str | None = None,
    ) -> int:
        """Write a step's journal entries, each chained to the previous one.

        Returns the number of the first.
        """
        last = journal.anchor(self)
        link = last.hash
        for seq, changed in enumerate(step.row_changes, last.seq + 1):
            entry = journal.sealed(
                {
                    **{"seq": seq, "at": step.at, "user": self.user, "step": step.number},
                    **{"kind": kind, "action": step.label, "of_step": of_step, "reason": reason},
                    **{"table_name": changed.table, "row_id": changed.row_id},
                    "before": journal.image(changed.before),
                    "after": journal.image(changed.after),
                },
                link,
                self._journal_key,
            )
            link = entry["hash"]
            self._db.execute(journal.INSERT, entry)
        return last.seq + 1

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


def now() -> str:
    """Return the current time as the journal writes it: UTC to the millisecond."""
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")

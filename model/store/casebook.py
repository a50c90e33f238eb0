"""An open casebook: create, open, query, step, undo, redo, close.

A casebook is one SQLite file, encrypted with SQLCipher if created with a passphrase. Everything is
written in steps; a step is committed as a whole with its journal, or not at all.
"""

from __future__ import annotations

import json
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime, timedelta
from enum import Enum
from typing import TYPE_CHECKING, Any, Literal, Self

from sqlcipher3 import dbapi2 as sqlcipher
from sqlite_utils import Database

from model import whole_file
from model.errors import ChangedLater, Conflict, FileReplaced, KnownError
from model.language import N_, _
from model.store import (
    examine,
    failed_unlocks,
    holder,
    journal,
    keys,
    log_file,
    older_journal,
    schema,
    settings,
    system_user,
)
from model.store.backups import files
from model.store.ids import new_id
from model.store.reader import Reader
from model.store.step import Change, RowChange, Step
from model.store.undo_stacks import UndoStacks

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from model.store.keys import Key
    from model.store.log_file import LogState
    from model.store.step import Opened


_PAGES_IN_LOG = 256
"""After how many pages (1 MB) the log is merged into the file."""


class Access(Enum):
    """What a connection may do."""

    EDIT = "edit"
    """Change records; only one program at a time, on any computer."""
    BESIDE = "beside"
    """Take steps next to the holder: on another thread of it, or to journal an export."""
    READ = "read"
    """Only read."""


class Casebook(Reader):
    """An open casebook, to be used on the thread that opened it.

    Made by `create` and `open`; used as a context manager or closed with `close`.
    """

    def __init__(self, path: Path, key: Key | None, access: Access = Access.EDIT) -> None:
        """Open a file that `examine.unlock` has accepted; `key` is None without encryption.

        Raises HeldElsewhere when it is to be edited and another program edits it, ReadOnlyFolder
        when nothing can be written next to it, KnownError when it cannot be opened.
        """
        self.path = path
        self._key = key
        self.access = access
        self.user = system_user.name()
        """The name that the journal gives to whoever takes a step."""
        self.missing: str | None = None
        """A sentence on saved steps that a lost or damaged log has taken, if any."""
        self.ended_badly = False
        """Whether the program that edited the casebook last did not close it."""
        self._stacks: UndoStacks | None = None
        self._last_seq = 0
        self._hold = holder.take(path) if access is Access.EDIT else None
        try:
            log = self._look_at_log() if self._hold else None
            self._identity = _identity(path)
            self._connection = examine.connect(path, key, "ro" if access is Access.READ else "rw")
            super().__init__(Database(self._connection))
            self._open(log)
        except BaseException:
            if self._hold:
                self._hold.release(tidy=False)
            raise

    def _look_at_log(self) -> LogState:
        """Look at the log before the file is opened, and set one of another file aside."""
        self._failed_unlocks = failed_unlocks.take(self.path) if self._key else []
        left = holder.read(self.path)
        self.ended_badly = left is not None
        state = log_file.state_of(self.path, self._key, left)
        if state.is_of_another_file:
            log_file.set_aside(self.path)
        return state

    def _open(self, log: LogState | None) -> None:
        sentence = _("“{name}” cannot be opened for writing: {reason}. Nothing was changed.")
        try:
            with _known_disk_errors(sentence, name=self.path.name):
                if self.access is Access.READ:
                    self._refuse_older()
                    return
                self._prepare()
                if log:
                    self._note_missing(log)
        except (KnownError, sqlcipher.DatabaseError):
            self._connection.close()
            raise

    def _refuse_older(self) -> None:
        """Raise KnownError for an older casebook, which cannot be read before it is upgraded."""
        if not schema.is_current(self):
            sentence = _(
                "“{name}” was written by an older version of Theralog and has to be upgraded, which"
                " is not possible where it is now. Copy it to a folder that can be written to."
            )
            raise KnownError(sentence.format(name=self.path.name))

    def _note_missing(self, log: LogState) -> None:
        """Find out whether the log has lost saved steps, and journal that it has."""
        last = journal.anchor(self)
        if self._hold:
            self._hold.note(last.seq)
        if self._failed_unlocks:
            self.log(N_("Failed unlocks"), {"times": self._failed_unlocks})
        self.missing = log_file.missing_text(log, self)
        if self.missing:
            self.log(N_("Saved work is missing"), {"after": last.seq, "known": log.last_seq})

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
            path.touch(mode=0o600)
        except OSError as error:
            sentence = _("“{path}” cannot be created: {reason}.")
            raise KnownError(sentence.format(path=path, reason=error.strerror)) from error
        return cls(path, keys.new_key(passphrase) if passphrase is not None else None)

    @classmethod
    def open(cls, path: Path, passphrase: str | None = None, access: Access = Access.EDIT) -> Self:
        """Open a casebook; raises what `examine.unlock` raises, without having written anything."""
        return cls(path, examine.unlock(path, passphrase), access)

    def _prepare(self) -> None:
        self._db.execute("pragma journal_mode = wal")
        self._db.execute("pragma synchronous = full")
        self._db.execute(f"pragma wal_autocheckpoint = {_PAGES_IN_LOG}")
        self._db.execute("pragma foreign_keys = off")
        if not self._db.execute("pragma application_id").fetchone()[0]:
            self._db.execute(f"pragma application_id = {schema.APPLICATION_ID}")
        pending = [migration.name for migration in schema.migrations.pending(self._db)]
        if pending and schema.migrations.applied(self._db):
            self._upgrade(pending)
        elif pending:
            schema.migrations.apply(self._db)
            # From here on the file itself, not its log alone, says what it is.
            self._db.execute("pragma wal_checkpoint(truncate)")
        self._db.execute("pragma foreign_keys = on")
        self._journal_key = journal.read_key(self)

    def _upgrade(self, pending: list[str]) -> None:
        """Upgrade an older casebook, after a verified backup next to it."""
        at = datetime.now()
        while (backup := files.named_before_upgrade(self.path, at)).exists():
            at += timedelta(seconds=1)
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

    def new_connection(self, access: Access = Access.READ) -> Casebook:
        """Open the same casebook once more, for another thread; close it there.

        It only reads, unless `access` is `BESIDE`. Raises FileReplaced when the file is no longer
        the one that was opened.
        """
        self.refuse_replaced()
        if self.access is Access.READ:
            access = Access.READ
        return Casebook(self.path, self._key, access)

    def copy_to(self, path: Path) -> None:
        """Write a copy of the casebook, as it is now, to a path where there is no file.

        Uses SQLite's online backup, which includes what is still in the log. The copy is opened
        and read through: raises DamagedCasebook when it is damaged, KnownError when it cannot be
        written.
        """
        sentence = _("“{path}” cannot be written: {reason}. The casebook was not changed.")
        try:
            with whole_file.temporary_path(path) as temporary:
                temporary.touch(mode=0o600)
                with (
                    _known_disk_errors(sentence, path=path),
                    closing(examine.connect(temporary, self._key)) as copy,
                ):
                    # No journal of its own: a copy that is not complete is not kept.
                    copy.execute("pragma journal_mode = off")
                    self._connection.backup(copy)
                    # The copy has taken over from the original that it has a log.
                    copy.execute("pragma journal_mode = delete")
                examine.inspect(temporary, self._key)
                temporary.rename(path)
        except OSError as error:
            raise KnownError(sentence.format(path=path, reason=error.strerror)) from error

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
        if self._stacks is None:
            return
        if first_seq > self._stacks.last_seq + 1:  # others have written too
            self._stacks.catch_up(self)
        elif step.row_changes:
            self._stacks.follow(kind, step.number, label, None)
            self._stacks.last_seq += len(step.row_changes)

    def catch_up(self) -> None:
        """Make undoable the steps that other connections have committed."""
        self._undo_stacks().catch_up(self)

    def _undo_stacks(self) -> UndoStacks:
        """Return the undo stacks, which are read from the journal when they are first needed."""
        if self._stacks is None:
            self._stacks = UndoStacks()
            self._stacks.catch_up(self)
        return self._stacks

    def log(self, action: str, detail: dict[str, Any], reason: str | None = None) -> None:
        """Journal an event that changed no row."""
        with self._writing():
            step = Step(self._db, new_id(), action, now())
            step.row_changes.append(RowChange(None, None, None, detail))
            self._record(step, "event", reason=reason)

    @contextmanager
    def erasing(self, label: str, reason: str) -> Iterator[tuple[Step, Database]]:
        """Open a step that erases rows and what the journal has of them; it cannot be undone."""
        self._db.execute("pragma secure_delete = on")
        with self._writing():
            step = Step(self._db, new_id(), label, now())
            yield step, self._db
            self._record(step, "event", reason=reason)
        self.catch_up()

    def write_anew(self) -> None:
        """Write the whole file anew, so that nothing of what was deleted is left in free pages.

        Raises KnownError when the disk refuses or another connection reads.
        """
        sentence = _("The file could not be written anew: {reason}. Try again after reopening it.")
        with _known_disk_errors(sentence):
            self._db.execute("vacuum")
            self._db.execute("pragma wal_checkpoint(truncate)")

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
        self._undo_stacks().catch_up(self)
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
            self._undo_stacks().catch_up(self)
        return step.change

    def _next(self, kind: Literal["undo", "redo"]) -> tuple[int, str] | None:
        """Return number and label of the step that undo or redo would revert, if any."""
        stacks = self._undo_stacks()
        stack = stacks.done if kind == "undo" else stacks.undone
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
        self._last_seq = last.seq + len(step.row_changes)
        return last.seq + 1

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """Open a transaction that holds the write lock from its start."""
        if self.access is Access.READ:
            sentence = _("“{name}” is open for reading only. Nothing was changed.")
            raise KnownError(sentence.format(name=self.path.name))
        self.refuse_replaced()
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
            self.refuse_replaced()
            if self._hold:
                self._hold.note(self._last_seq)
        except BaseException:
            if self._connection.in_transaction:
                self._db.execute("rollback")
            raise

    def refuse_replaced(self) -> None:
        """Raise FileReplaced unless the file at the path is the one that was opened."""
        if _identity(self.path) != self._identity:
            raise FileReplaced(
                _(
                    "“{name}” was renamed, deleted or replaced while it was open. Nothing more is"
                    " saved in it. Save the casebook under another name."
                ).format(name=self.path.name)
            )

    # Closing

    def merge_log(self) -> None:
        """Write what is in the log into the file, as far as nobody reads it; the log remains.

        Raises KnownError when the disk refuses; saved steps are in the log then.
        """
        sentence = _("The log of “{name}” could not be merged into it: {reason}. Nothing is lost.")
        with _known_disk_errors(sentence, name=self.path.name):
            self._db.execute("pragma wal_checkpoint(passive)")

    def close(self) -> None:
        """Merge the log into the file and release it; closing twice does no harm.

        Raises KnownError when the disk refuses: saved steps are in the log then, which is needed to
        open the casebook.
        """
        if self._connection is None:
            return
        is_tidy = is_last = False
        try:
            if self.access is not Access.READ:
                # If a connection of another thread still reads, the last one to close does this.
                self._db.execute("pragma wal_checkpoint(truncate)")
                if _identity(self.path) == self._identity:
                    (mode,) = self._db.execute("pragma journal_mode = delete").fetchone()
                    is_tidy = is_last = mode == "delete"
                else:
                    # The header of a file that was moved cannot be written any more.
                    self._remove_empty_log()
                    is_tidy = True
        except sqlcipher.OperationalError as error:
            if "locked" not in str(error):
                sentence = _(
                    "What was saved last could not be merged into “{name}”: {reason}. It is in the"
                    " file “{log}” next to it: keep both, and open the casebook when there is room."
                )
                log = log_file.log_path(self.path).name
                text = sentence.format(name=self.path.name, reason=error, log=log)
                raise KnownError(text) from error
        finally:
            self._connection.close()
            self._connection = None
            if self._hold:
                self._hold.release(tidy=is_tidy)
                self._hold = None
            elif is_last and not holder.is_held(self.path):
                holder.info_path(self.path).unlink(missing_ok=True)

    def _remove_empty_log(self) -> None:
        """Remove the log at the name that the casebook had, which is merged into the moved file."""
        log = log_file.log_path(self.path)
        if log.exists() and log.stat().st_size == 0:
            log.unlink()
            self.path.with_name(self.path.name + "-shm").unlink(missing_ok=True)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_error: object) -> None:
        if kind is None:
            self.close()
            return
        with suppress(KnownError):
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


def _identity(path: Path) -> tuple[int, int] | None:
    """Return device and inode of the file at a path; None where there is none."""
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino


def now() -> str:
    """Return the current time as the journal writes it: UTC to the millisecond."""
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")

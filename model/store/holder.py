"""Who has a casebook open for editing: one program at a time, on any computer.

Next to an open casebook are two small files: `NAME-lock`, which the operating system locks for
the holder and releases when the holder ends in any way, and `NAME-open`, which says who holds it
since when, and the number of the last journal entry. A tidy close removes both. A `NAME-open` file
without a holder was left by a program that ended badly; its number tells whether the log has lost
steps.
"""

import errno
import json
import os
import socket
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path

import filelock

from model import input_file
from model.errors import HeldElsewhere, KnownError, ReadOnlyFolder
from model.language import _
from model.store import system_user

_MAX_BYTES = 10_000


@dataclass(frozen=True, slots=True)
class Holder:
    """Who edits a casebook, or edited it when the program ended badly."""

    user: str
    host: str
    pid: int
    since: str
    """UTC, as in the journal."""
    seq: int = 0
    """The number of the last journal entry that was saved."""


class Hold:
    """The right to edit a casebook, until `release`."""

    def __init__(self, path: Path, lock: filelock.BaseFileLock) -> None:
        self._path = path
        self._lock = lock
        at = datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
        self._holder = Holder(system_user.name(), socket.gethostname(), os.getpid(), at)

    def note(self, seq: int) -> None:
        """Write down the number of the last journal entry; a full disk does not matter here."""
        text = json.dumps(asdict(self._holder) | {"seq": seq})
        with suppress(OSError):
            info_path(self._path).write_text(text, encoding="utf-8")

    def release(self, *, tidy: bool) -> None:
        """Let others edit; `tidy` if everything is in the casebook's file."""
        if tidy:
            info_path(self._path).unlink(missing_ok=True)
        # While it is locked: whoever waits for this very file notices and makes a new one.
        with suppress(OSError):
            _lock_path(self._path).unlink(missing_ok=True)
        self._lock.release()


def take(path: Path) -> Hold:
    """Return the right to edit a casebook.

    Raises HeldElsewhere when somebody has it, ReadOnlyFolder where no file can be written next to
    the casebook.
    """
    lock = filelock.FileLock(_lock_path(path), timeout=0, is_singleton=False, mode=0o600)
    try:
        lock.acquire()
    except filelock.Timeout:
        raise HeldElsewhere(_held(path), read(path)) from None
    except OSError as error:
        if isinstance(error, PermissionError) or error.errno == errno.EROFS:
            sentence = _("“{name}” is in a folder that cannot be written to. It can only be read.")
            raise ReadOnlyFolder(sentence.format(name=path.name)) from error
        sentence = _("“{name}” cannot be opened for writing: {reason}. Nothing was changed.")
        raise KnownError(sentence.format(name=path.name, reason=error.strerror)) from error
    return Hold(path, lock)


def is_held(path: Path) -> bool:
    """Return whether a running program has the casebook open for editing."""
    if not _lock_path(path).exists():
        return False
    lock = filelock.FileLock(_lock_path(path), timeout=0, is_singleton=False)
    try:
        lock.acquire()
    except filelock.Timeout:
        return True
    except OSError:
        return False
    lock.release()
    return False


def read(path: Path) -> Holder | None:
    """Return who holds a casebook, or held it when the program ended badly; None if unknown."""
    try:
        known = json.loads(input_file.read_bytes(info_path(path), _MAX_BYTES))
        return Holder(**known)
    except (OSError, KnownError, ValueError, TypeError, RecursionError):
        return None


def info_path(path: Path) -> Path:
    """Return the path of the file that says who has a casebook open."""
    return path.with_name(f"{path.name}-open")


def _lock_path(path: Path) -> Path:
    return path.with_name(f"{path.name}-lock")


def _held(path: Path) -> str:
    holder = read(path)
    if holder is None:
        return _("“{name}” is open in another window. It can only be read.").format(name=path.name)
    since = datetime.fromisoformat(holder.since).astimezone()
    return _(
        "“{name}” has been open since {since} by {user} on {host}. It can only be read until it is"
        " closed there."
    ).format(name=path.name, since=f"{since:%Y-%m-%d %H:%M}", user=holder.user, host=holder.host)

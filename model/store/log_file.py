"""The write-ahead log next to a casebook: whether it is there, belongs to it and is whole.

A casebook that was closed tidily has no log, and its header says so (bytes 18 and 19, SQLite file
format). One that says that it has a log, but has none, was copied while it was open or has lost its
log. A log next to a casebook that says that it has none belongs to another file.
"""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

from model.language import _, ngettext
from model.store import journal
from model.store.holder import Holder
from model.store.keys import PAGE_SIZE, SALT_SIZE, Key
from model.store.reader import Reader

_WITH_LOG = 2  # read version: 1 is a rollback journal, 2 a write-ahead log
_READ_VERSION_OFFSET = 19
_RESERVED = 80  # 16 bytes of initialisation vector and 64 of HMAC at the end of an encrypted page
_IV_SIZE = 16


@dataclass(frozen=True, slots=True)
class LogState:
    """What a casebook and its log say before it is opened."""

    expected: bool
    """Whether the casebook's header says that there is a log."""
    is_there: bool
    """Whether there is a log that is not empty."""
    last_seq: int | None
    """The number of the last journal entry as a program that ended badly wrote it down."""

    @property
    def is_of_another_file(self) -> bool:
        """Whether there is a log that does not belong to the casebook."""
        return self.is_there and not self.expected


def log_path(path: Path) -> Path:
    """Return the path of a casebook's log."""
    return path.with_name(path.name + "-wal")


def state_of(path: Path, key: Key | None, left: Holder | None) -> LogState:
    """Return what a casebook and its log say; the file must not be open in this process.

    Opening and closing a file releases all locks that this process has on it (POSIX). `left` is who
    edited it when the program ended badly, if it did.
    """
    log = log_path(path)
    return LogState(
        expected=_read_version(path, key) == _WITH_LOG,
        is_there=log.exists() and log.stat().st_size > 0,
        last_seq=left.seq if left else None,
    )


def missing_text(state: LogState, reader: Reader) -> str | None:
    """Return a sentence on saved steps that are missing from a casebook, None if none are.

    `reader` reads the casebook with what was left of its log.
    """
    last = journal.anchor(reader)
    if state.last_seq is not None:
        if (missing := state.last_seq - last.seq) <= 0:
            return None
        text = ngettext(
            "The log of saved work was lost or damaged: {n} entry of the journal is missing, made"
            " after {time}. The newest backup may have it.",
            "The log of saved work was lost or damaged: {n} entries of the journal are missing,"
            " made after {time}. The newest backup may have them.",
            missing,
        )
        return text.format(n=missing, time=_time_of_last(reader))
    if state.expected and not state.is_there:
        return _(
            "This is a copy of a casebook that was open, without its log, or the log was removed:"
            " work saved after {time} may be missing."
        ).format(time=_time_of_last(reader))
    return None


def set_aside(path: Path) -> Path:
    """Rename a log that belongs to another file, so that it is not taken for this one's."""
    log = log_path(path)
    aside = log.with_name(f"{log.name} of another file {datetime.now():%Y-%m-%d %H-%M-%S}")
    log.rename(aside)
    path.with_name(path.name + "-shm").unlink(missing_ok=True)
    return aside


def _time_of_last(reader: Reader) -> str:
    rows = reader.rows("select at from journal order by seq desc limit 1")
    if not rows:
        return _("it was created")
    return f"{datetime.fromisoformat(rows[0]['at']).astimezone():%Y-%m-%d %H:%M}"


def _read_version(path: Path, key: Key | None) -> int:
    """Return the header's read version; 0 if the file has no header that can be read."""
    with path.open("rb") as file:
        page = file.read(PAGE_SIZE)
    if key is None:
        return page[_READ_VERSION_OFFSET] if len(page) > _READ_VERSION_OFFSET else 0
    if len(page) < PAGE_SIZE:
        return 0
    start = PAGE_SIZE - _RESERVED
    decryptor = Cipher(
        algorithms.AES(key.secret), modes.CBC(page[start : start + _IV_SIZE])
    ).decryptor()
    # The salt takes the place of the first 16 bytes, which are always the same.
    return decryptor.update(page[SALT_SIZE : 2 * SALT_SIZE])[_READ_VERSION_OFFSET - SALT_SIZE]

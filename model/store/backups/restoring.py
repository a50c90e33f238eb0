"""Restoring a casebook from a backup; the file that it replaces is kept."""

import shutil
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path

from sqlcipher3 import dbapi2 as sqlcipher

from model import whole_file
from model.language import N_
from model.store import examine, holder
from model.store.casebook import Casebook
from model.store.keys import Key

_LOGS = ("-wal", "-shm", "-journal")


def restore(path: Path, backup: Path, passphrase: str | None, *, at: datetime) -> Path | None:
    """Put a verified copy of a backup in the place of a casebook that nobody has open.

    `passphrase` is the backup's. Raises what `examine.unlock` raises for the backup, and returns
    and raises what `restore_with_key` does.
    """
    return restore_with_key(path, backup, examine.unlock(backup, passphrase), at=at)


def restore_with_key(path: Path, backup: Path, key: Key | None, *, at: datetime) -> Path | None:
    """Put a verified copy of a backup, which `key` opens, in the place of a casebook.

    The casebook that was there is kept, with its log, at `replaced_path`, which is returned; None
    where there was no file. Raises HeldElsewhere when somebody has the casebook open, KnownError
    when the disk refuses or the backup does not open; then the casebook is where it was.
    """
    examine.inspect(backup, key)
    hold = holder.take(path)
    is_done = False
    try:
        replaced = _replace(path, backup, key, at)
        is_done = True
    finally:
        # What a program that ended badly wrote down is about the replaced file.
        hold.release(tidy=is_done)
    details = {"backup": backup.name, "replaced": replaced.name if replaced else None}
    with Casebook(path, key) as casebook:
        casebook.log(N_("Restore"), details)
    return replaced


def replaced_path(path: Path, at: datetime) -> Path:
    """Return where a casebook is kept that is replaced at a time; there is no file yet."""
    while True:
        replaced = path.with_name(f"{path.stem} before restore {at:%Y-%m-%d %H-%M-%S}{path.suffix}")
        if not replaced.exists():
            return replaced
        at += timedelta(seconds=1)


def _replace(path: Path, backup: Path, key: Key | None, at: datetime) -> Path | None:
    replaced = replaced_path(path, at)
    try:
        with whole_file.temporary_path(path) as copy:
            copy.touch(mode=0o600)
            with (
                closing(examine.connect(backup, key, mode="closed")) as source,
                closing(examine.connect(copy, key)) as target,
            ):
                target.execute("pragma journal_mode = off")
                source.backup(target)
                target.execute("pragma journal_mode = delete")
            examine.inspect(copy, key)
            was_there = path.exists()
            if was_there:
                _set_aside(path, replaced)
            for suffix in _LOGS:
                path.with_name(path.name + suffix).unlink(missing_ok=True)
            try:
                copy.rename(path)
            except OSError:
                if was_there:
                    replaced.rename(path)
                raise
    except (OSError, sqlcipher.OperationalError) as error:
        known = error if isinstance(error, OSError) else OSError(str(error))
        raise whole_file.write_error(path, known) from error
    return replaced if was_there else None


def _set_aside(path: Path, replaced: Path) -> None:
    """Rename a casebook, and its log with it.

    The log is copied first and removed last, so that at every moment one of the names has the file
    with its log.
    """
    logs = [each for each in _LOGS if path.with_name(path.name + each).exists()]
    for suffix in logs:
        shutil.copy2(path.with_name(path.name + suffix), replaced.with_name(replaced.name + suffix))
    path.rename(replaced)

"""Restoring a casebook from a backup; the file that it replaces is kept."""

import shutil
from contextlib import closing
from datetime import datetime
from pathlib import Path

from sqlcipher3 import dbapi2 as sqlcipher

from model import whole_file
from model.language import N_
from model.store import examine
from model.store.casebook import Casebook

_LOGS = ("-wal", "-shm", "-journal")


def restore(path: Path, backup: Path, passphrase: str | None, *, at: datetime) -> Path | None:
    """Put a verified copy of a backup in the place of a casebook that nobody has open.

    The casebook that was there is kept, with its log, next to it under a name with the time; that
    path is returned, or None where there was no file. `passphrase` is the backup's. Raises what
    `examine.unlock` raises for the backup, KnownError when the disk refuses; then the casebook is
    where it was.
    """
    key = examine.unlock(backup, passphrase)
    replaced = path.with_name(f"{path.stem} before restore {at:%Y-%m-%d %H-%M-%S}{path.suffix}")
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
    details = {"backup": backup.name, "replaced": replaced.name if was_there else None}
    with Casebook(path, key) as casebook:
        casebook.log(N_("Restore"), details)
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

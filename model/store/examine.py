"""Examines whether a file is a casebook that this version can open, without writing to it.

Each reason to refuse it has its own error, so that a wrong passphrase is not reported as damage, or
the file of another program as a casebook.
"""

import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from sqlcipher3 import dbapi2 as sqlcipher

from model import input_file
from model.errors import (
    DamagedCasebook,
    KnownError,
    NewerCasebook,
    NotACasebook,
    PassphraseNeeded,
    WrongPassphrase,
)
from model.language import _
from model.store import failed_unlocks, keys, log_file, schema
from model.store.backups.files import age_text, all_backups
from model.store.damage import traces
from model.store.keys import Key

_APPLICATION_ID_OFFSET = 68  # SQLite file format, database header
_SALTS_TRIED = 3  # 0.3 s each


def is_encrypted(path: Path) -> bool:
    """Return whether the file may be an encrypted casebook rather than one without a passphrase.

    Raises NotACasebook if it is clearly neither, KnownError if it cannot be read.
    """
    input_file.refuse_special(path)
    start = _start_of(path)
    if not start:
        raise NotACasebook(
            _("“{name}” is empty (0 bytes). It was left as it is.").format(name=path.name)
        )
    if start.startswith(keys.PLAIN_HEADER):
        return False
    if not start.startswith(keys.STARTS_OF_OTHERS):
        if traces.was_plain(path):
            raise DamagedCasebook(_damaged(path))
        if traces.looks_random(start) or traces.was_encrypted(path):
            return True
    raise NotACasebook(_foreign(path))


def unlock(path: Path, passphrase: str | None) -> Key | None:
    """Return the key that opens a casebook, None if it is not encrypted, after checking all pages.

    Reads only; notes a wrong passphrase in the user's folder, and waits longer after each. Takes
    about 0.3 s for the key and 10 s for each gigabyte: call it off the GUI thread. Raises
    NotACasebook, PassphraseNeeded, WrongPassphrase, DamagedCasebook or NewerCasebook.
    """
    if not is_encrypted(path):
        inspect(path, None)
        return None
    if passphrase is None:
        sentence = _("“{name}” is encrypted. Enter its passphrase to open it.")
        raise PassphraseNeeded(sentence.format(name=path.name))
    time.sleep(failed_unlocks.delay(path))
    key = keys.verified_key(path, passphrase)
    if key is None:
        if traces.has_lost_its_start(path) or key_with_salt_of_backup(path, passphrase):
            raise DamagedCasebook(_damaged(path))
        sentence = _(
            "This passphrase does not open “{name}”. Nothing was changed. If you are sure of it,"
            " the start of the file may be damaged: try a backup."
        )
        failed_unlocks.note(path)
        raise WrongPassphrase(sentence.format(name=path.name))
    inspect(path, key)
    return key


def key_with_salt_of_backup(path: Path, passphrase: str) -> Key | None:
    """Return the key with which pages verify when it takes the salt of one of the backups, if any.

    That is so where the start of the file, with its own salt, was overwritten.
    """
    salts = []
    for backup in all_backups(path):
        with suppress(OSError), backup.path.open("rb") as file:
            salts.append(file.read(keys.SALT_SIZE))
    distinct = dict.fromkeys(salt for salt in salts if not salt.startswith(keys.STARTS_OF_OTHERS))
    for salt in list(distinct)[:_SALTS_TRIED]:
        if key := keys.verified_key(path, passphrase, salt):
            return key
    return None


Mode = Literal["rw", "ro", "closed"]
"""How a file is opened: to be changed; to be read while it is open; to be read without a trace."""


def connect(path: Path, key: Key | None, mode: Mode = "rw") -> Any:
    """Return a connection to an existing file with its key; the caller closes it.

    `closed` leaves no trace next to the file; it reads a log that a crash left there, but not one
    of another file. It must not be used while the file is open in this process. No mode creates a
    file.
    """
    if mode == "closed":
        state = log_file.state_of(path, key, None)
        mode_text = "mode=ro" if state.expected and state.is_there else "immutable=1"
    else:
        mode_text = f"mode={mode}"
    connection = sqlcipher.connect(f"{path.absolute().as_uri()}?{mode_text}", uri=True)
    if key:
        connection.execute("pragma cipher_log_level = none")
        connection.execute(key.pragma)
    return connection


def inspect(path: Path, key: Key | None) -> None:
    """Raise the error for a foreign, newer or damaged file; reads all of it, writes nothing."""
    try:
        with closing(connect(path, key, mode="closed")) as connection:
            (application_id,) = connection.execute("pragma application_id").fetchone()
            if application_id != schema.APPLICATION_ID:
                raise NotACasebook(_foreign(path))
            _refuse_newer(connection, path)
        _refuse_damage(path, key)
    except sqlcipher.OperationalError as error:
        sentence = _(
            "“{name}” cannot be read here: {reason}. If there are files ending in -wal and -shm"
            " next to it, they contain unsaved work: copy all of them to a folder that can be"
            " written to, and open it there."
        )
        raise KnownError(sentence.format(name=path.name, reason=error)) from error
    except sqlcipher.DatabaseError as error:
        if key is None and not _has_our_application_id(path) and not traces.was_plain(path):
            raise NotACasebook(_foreign(path)) from error
        raise DamagedCasebook(_damaged(path)) from error


def _refuse_newer(connection: Any, path: Path) -> None:
    """Raise NewerCasebook for a migration that is not known, DamagedCasebook if one is missing."""
    tables = connection.execute("select name from sqlite_schema where name = '_sqlite_migrations'")
    if not tables.fetchall():
        raise DamagedCasebook(_damaged(path))
    rows = connection.execute(
        "select name from _sqlite_migrations where migration_set = :name",
        {"name": schema.migrations.name},
    ).fetchall()
    applied, known = {name for (name,) in rows}, schema.known_migrations()
    if not applied:
        raise NotACasebook(_foreign(path))
    if not applied <= set(known):
        sentence = _(
            "“{name}” was written by a newer version of Theralog and was left as it is. Install the"
            " newer version to open it."
        )
        raise NewerCasebook(sentence.format(name=path.name))
    if applied != set(known[: len(applied)]):
        raise DamagedCasebook(_damaged(path))


def _refuse_damage(path: Path, key: Key | None) -> None:
    """Raise DamagedCasebook for a damaged page or table; both are checked at the same time."""
    with ThreadPoolExecutor(1) as pool:
        pages = pool.submit(_results, path, key, "pragma cipher_integrity_check") if key else None
        tables = _results(path, key, "pragma quick_check")
        if (pages and pages.result()) or tables != [("ok",)]:
            raise DamagedCasebook(_damaged(path))


def _results(path: Path, key: Key | None, pragma: str) -> list[tuple[Any, ...]]:
    with closing(connect(path, key, mode="closed")) as connection:
        rows: list[tuple[Any, ...]] = connection.execute(pragma).fetchall()
        return rows


def _start_of(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(keys.PAGE_SIZE)
    except FileNotFoundError as error:
        raise KnownError(_("There is no file “{path}”.").format(path=path)) from error
    except IsADirectoryError as error:
        raise NotACasebook(_("“{path}” is a folder, not a casebook.").format(path=path)) from error
    except OSError as error:
        sentence = _("“{path}” cannot be read: {reason}.")
        raise KnownError(sentence.format(path=path, reason=error.strerror)) from error


def _has_our_application_id(path: Path) -> bool:
    with path.open("rb") as file:
        file.seek(_APPLICATION_ID_OFFSET)
        return file.read(4) == schema.APPLICATION_ID.to_bytes(4, "big")


def _foreign(path: Path) -> str:
    return _("“{name}” is not a Theralog casebook. It was left as it is.").format(name=path.name)


def _damaged(path: Path) -> str:
    text = _(
        "“{name}” is damaged: parts of it cannot be read. It was left as it is. Keep this file."
    )
    text = text.format(name=path.name)
    backups = all_backups(path)
    if not backups:
        advice = _("No backup is next to it. “theralog salvage” reads what is still readable.")
        return f"{text} {advice}"
    advice = _("Open or restore the newest backup, “{backup}” ({age}).")
    age = age_text(backups[0], datetime.now())
    return f"{text} {advice.format(backup=backups[0].path.name, age=age)}"

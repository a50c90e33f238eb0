"""Whether a file is a casebook this version may open, found out without writing a byte to it.

Each refusal is an error of its own, so that a wrong passphrase is never taken for damage, nor
a foreign file for a casebook.
"""

from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any

from sqlcipher3 import dbapi2 as sqlcipher

from model.errors import (
    DamagedCasebook,
    KnownError,
    NewerCasebook,
    NotACasebook,
    PassphraseNeeded,
    WrongPassphrase,
)
from model.store import keys, schema
from model.store.keys import Key

_APPLICATION_ID_AT = 68  # SQLite file format, database header
_FEWEST_BYTES_OF_A_CIPHER = 200  # 4,096 random bytes hold all but surely over 240 of 256 values


def is_encrypted(path: Path) -> bool:
    """Whether the file can be an encrypted casebook rather than one without a passphrase.

    Raises NotACasebook for what is plainly neither, KnownError for what cannot be read.
    """
    start = _start_of(path)
    if not start:
        raise NotACasebook(f"“{path.name}” is empty (0 bytes). It was left as it is.")
    if start.startswith(keys.PLAIN_HEADER):
        return False
    if (
        len(start) < keys.PAGE_SIZE
        or start.startswith(keys.STARTS_OF_OTHERS)
        or len(set(start)) < _FEWEST_BYTES_OF_A_CIPHER
    ):
        raise NotACasebook(_foreign(path))
    return True


def unlock(path: Path, passphrase: str | None) -> Key | None:
    """The key that opens a casebook, once all of its pages were found sound; None if it has none.

    Reads only. Takes about 0.3 s for the key and 10 s for each gigabyte: call it off the GUI
    thread. Raises NotACasebook, PassphraseNeeded, WrongPassphrase, DamagedCasebook or
    NewerCasebook.
    """
    if not is_encrypted(path):
        inspect(path, None)
        return None
    if passphrase is None:
        raise PassphraseNeeded(f"“{path.name}” is encrypted. Enter its passphrase to open it.")
    key = keys.key_for(path, passphrase)
    if not keys.count_verified_pages(path, key):
        raise WrongPassphrase(
            f"This passphrase does not open “{path.name}”. Nothing was changed."
            " If you are sure of it, the start of the file may be damaged: try a backup."
        )
    inspect(path, key)
    return key


def connect(path: Path, key: Key | None, *, read_only: bool = False) -> Any:
    """A connection to a file, given its key; the caller closes it.

    `read_only` leaves no trace beside the file, and reads a log that a crash has left there.
    """
    mode = ""
    if read_only:
        log = path.with_name(path.name + "-wal")
        mode = "?mode=ro" if log.exists() and log.stat().st_size else "?immutable=1"
    connection = sqlcipher.connect(path.absolute().as_uri() + mode, uri=True)
    if key:
        connection.execute("pragma cipher_log_level = none")
        connection.execute(key.pragma)
    return connection


def inspect(path: Path, key: Key | None) -> None:
    """Refuse a file that is foreign, newer or damaged; reads only, and all of it."""
    try:
        with closing(connect(path, key, read_only=True)) as connection:
            (application_id,) = connection.execute("pragma application_id").fetchone()
            if application_id != schema.APPLICATION_ID:
                raise NotACasebook(_foreign(path))
            _refuse_newer(connection, path)
        _refuse_damage(path, key)
    except sqlcipher.OperationalError as error:
        raise KnownError(
            f"“{path.name}” cannot be read here: {error}. If files ending in -wal and -shm stand"
            " beside it, they hold work that was not tidied up: copy them with it into a folder"
            " that can be written to, and open it there."
        ) from error
    except sqlcipher.DatabaseError as error:
        if key is None and not _claims_to_be_ours(path):
            raise NotACasebook(_foreign(path)) from error
        raise DamagedCasebook(_damaged(path)) from error


def _refuse_newer(connection: Any, path: Path) -> None:
    applied = connection.execute(
        "select name from _sqlite_migrations where migration_set = :name",
        {"name": schema.migrations.name},
    )
    if not {name for (name,) in applied} <= set(schema.known_migrations()):
        raise NewerCasebook(
            f"“{path.name}” was written by a newer version of Theralog and was left as it is."
            " Install the newer version to open it."
        )


def _refuse_damage(path: Path, key: Key | None) -> None:
    """Go through the pages of the cipher and through the tables, side by side: each takes long."""
    with ThreadPoolExecutor(1) as pool:
        pages = pool.submit(_answers, path, key, "pragma cipher_integrity_check") if key else None
        tables = _answers(path, key, "pragma quick_check")
        if (pages and pages.result()) or tables != [("ok",)]:
            raise DamagedCasebook(_damaged(path))


def _answers(path: Path, key: Key | None, pragma: str) -> list[tuple[Any, ...]]:
    with closing(connect(path, key, read_only=True)) as connection:
        found: list[tuple[Any, ...]] = connection.execute(pragma).fetchall()
        return found


def _start_of(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(keys.PAGE_SIZE)
    except FileNotFoundError as error:
        raise KnownError(f"There is no file “{path}”.") from error
    except IsADirectoryError as error:
        raise NotACasebook(f"“{path}” is a folder, not a casebook.") from error
    except OSError as error:
        raise KnownError(f"“{path}” cannot be read: {error.strerror}.") from error


def _claims_to_be_ours(path: Path) -> bool:
    with path.open("rb") as file:
        file.seek(_APPLICATION_ID_AT)
        return file.read(4) == schema.APPLICATION_ID.to_bytes(4, "big")


def _foreign(path: Path) -> str:
    return f"“{path.name}” is not a Theralog casebook. It was left as it is."


def _damaged(path: Path) -> str:
    return (
        f"“{path.name}” is damaged: parts of it cannot be read. It was left as it is."
        " Open the newest backup beside it, and keep this file."
    )

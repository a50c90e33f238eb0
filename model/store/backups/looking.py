"""What is in a backup, and whether it opens."""

from contextlib import closing
from dataclasses import dataclass
from enum import Enum, auto
from pathlib import Path

from model.errors import KnownError
from model.store import examine, journal, keys, older_journal
from model.store.keys import Key
from model.store.reader import Reader


class BackupState(Enum):
    """Whether a backup opens."""

    OPENS = auto()
    OTHER_PASSPHRASE = auto()
    """It is encrypted, and not with the key that was tried."""
    OTHER_CASEBOOK = auto()
    """It opens, but its journal is that of another casebook of the same name."""
    DAMAGED = auto()


@dataclass(frozen=True, slots=True)
class BackupContents:
    """The state of a backup and, where it opens, the number of its patients."""

    state: BackupState
    patients: int = 0


def look_into(backup: Path, key: Key | None, identity: bytes | None = None) -> BackupContents:
    """Return what is in a backup that may open with a key; reads all of it, writes nothing.

    `identity` is the secret of the casebook's journal (`journal.read_key`), if that is known.
    Takes up to 10 s for each gigabyte: call it off the GUI thread.
    """
    try:
        if not examine.is_encrypted(backup):
            key = None
        elif key is None or not keys.count_verified_pages(backup, key, 1):
            return BackupContents(BackupState.OTHER_PASSPHRASE)
        examine.inspect(backup, key)
        with closing(examine.connect(backup, key, mode="closed")) as connection:
            reader = Reader(connection)
            rows = reader.rows("select count(*) as n from patient where deleted_at is null")
            is_of_another = (
                identity is not None
                and not older_journal.is_older(reader)
                and journal.read_key(reader) != identity
            )
    except (KnownError, OSError):
        return BackupContents(BackupState.DAMAGED)
    if is_of_another:
        return BackupContents(BackupState.OTHER_CASEBOOK)
    return BackupContents(BackupState.OPENS, rows[0]["n"])

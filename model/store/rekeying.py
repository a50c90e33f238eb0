"""Changing the passphrase of a casebook: a new file is written and takes the old one's place.

At every moment there is one complete file at the casebook's path, with the old or the new key.
"""

from contextlib import closing
from datetime import datetime
from pathlib import Path

from sqlcipher3 import dbapi2 as sqlcipher
from sqlite_utils import Database

from model import whole_file
from model.errors import DamagedCasebook, KnownError
from model.language import N_, _
from model.store import examine, holder, keys, passphrases, schema
from model.store.backups import files
from model.store.casebook import Casebook
from model.store.keys import Key
from model.store.reader import Reader


def change_passphrase(path: Path, key: Key | None, new_passphrase: str, *, at: datetime) -> Key:
    """Encrypt a casebook that nobody has open with another passphrase; returns the new key.

    `key` is None for a casebook without a passphrase. A verified backup with the old key is written
    first. Takes seconds for each 100 MB. Raises KnownError for a weak passphrase, and when the disk
    refuses; then the casebook is as it was. Older backups keep their passphrase.
    """
    passphrases.refuse_weak(new_passphrase)
    new_key = keys.new_key(new_passphrase)
    with Casebook(path, key) as casebook:  # upgrades it, and merges its log on closing
        folder = files.folder_of(path)
        folder.mkdir(mode=0o700, exist_ok=True)
        while (backup := files.named(path, folder, at)).exists():
            at = at.replace(second=(at.second + 1) % 60)
        casebook.copy_to(backup)
    hold = holder.take(path)
    try:
        with whole_file.temporary_path(path) as temporary:
            temporary.touch(mode=0o600)
            _export(path, key, temporary, new_key)
            examine.inspect(temporary, new_key)
            temporary.replace(path)
    except OSError as error:
        raise whole_file.write_error(path, error) from error
    finally:
        hold.release(tidy=True)
    with Casebook(path, new_key) as casebook:
        casebook.log(N_("Change passphrase"), {"backup": backup.name})
    return new_key


def _export(path: Path, key: Key | None, to: Path, new_key: Key) -> None:
    """Copy all tables into a file with another key, and compare how many rows each has."""
    sentence = _("The passphrase was not changed: {reason}. The casebook is as it was.")
    try:
        with closing(examine.connect(path, key, "rw")) as connection:
            connection.execute(
                f"attach :file as rekeyed key \"x'{new_key.secret.hex()}{new_key.salt.hex()}'\"",
                {"file": str(to)},
            )
            connection.execute("select sqlcipher_export('rekeyed')")
            connection.execute(f"pragma rekeyed.application_id = {schema.APPLICATION_ID}")
            reader = Reader(Database(connection))
            counts, copied = _counts(reader, "main"), _counts(reader, "rekeyed")
            connection.execute("detach rekeyed")
    except sqlcipher.OperationalError as error:
        raise KnownError(sentence.format(reason=error)) from error
    if counts != copied:
        raise DamagedCasebook(sentence.format(reason=_("the copy is not complete")))


def _counts(reader: Reader, name: str) -> dict[str, int]:
    tables = reader.rows(f"select name from {name}.sqlite_schema where type = 'table'")
    return {
        row["name"]: reader.rows(f"select count(*) as n from {name}.{row['name']}")[0]["n"]
        for row in tables
        if not row["name"].startswith("sqlite_")
    }

"""A damaged casebook, opened for reading what is still readable."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlcipher3 import dbapi2 as sqlcipher

from model.errors import DamagedCasebook, PassphraseNeeded, WrongPassphrase
from model.language import _
from model.store import examine, keys
from model.store.backups.files import all_backups
from model.store.keys import Key

_PATCHES = (1, 4, 16, 64)
"""How many first pages are taken from a backup where the list of tables cannot be read."""


@dataclass(frozen=True, slots=True)
class DamagedSource:
    """A file, or a copy of it, of which at least the list of tables can be read."""

    path: Path
    key: Key | None
    tables: frozenset[str]
    patched_from: str = ""
    """The backup from which the first pages were taken, if any: their rows may be older."""

    def connect(self) -> Any:
        """Return a new connection that only reads; the caller closes it."""
        return examine.connect(self.path, self.key, mode="closed")


@contextmanager
def damaged_source(path: Path, passphrase: str | None) -> Iterator[DamagedSource]:
    """Yield a damaged casebook for reading; nothing is written to it.

    Where the list of tables, which is in the first pages, cannot be read, a copy with the first
    pages of a backup is yielded: a backup has the same tables in the same pages. Raises
    DamagedCasebook where that does not help, PassphraseNeeded, and WrongPassphrase when no page
    verifies.
    """
    key = _key_of(path, passphrase)
    if tables := _tables(path, key):
        yield DamagedSource(path, key, tables)
        return
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=f".{path.name}.") as folder:
        copy = Path(folder) / path.name
        for backup in all_backups(path):
            for pages in _PATCHES:
                _patch(path, backup.path, copy, pages * keys.PAGE_SIZE)
                if tables := _tables(copy, key):
                    yield DamagedSource(copy, key, tables, backup.path.name)
                    return
    sentence = _("The list of tables of “{name}” cannot be read, and no backup has it.")
    raise DamagedCasebook(sentence.format(name=path.name))


def _key_of(path: Path, passphrase: str | None) -> Key | None:
    """Return the key with which pages of a damaged file verify, whichever salt it takes."""
    try:
        if not examine.is_encrypted(path):
            return None
    except DamagedCasebook:
        return None
    if passphrase is None:
        sentence = _("“{name}” is encrypted. Enter its passphrase.")
        raise PassphraseNeeded(sentence.format(name=path.name))
    key = keys.verified_key(path, passphrase)
    if key := key or examine.key_with_salt_of_backup(path, passphrase):
        return key
    sentence = _("No page of “{name}” can be read with this passphrase.")
    raise WrongPassphrase(sentence.format(name=path.name))


def _tables(path: Path, key: Key | None) -> frozenset[str]:
    """Return the tables of a casebook; none where their list cannot be read."""
    try:
        with closing(examine.connect(path, key, mode="closed")) as connection:
            rows = connection.execute("select name from sqlite_schema where type = 'table'")
            names = frozenset(name for (name,) in rows.fetchall())
    except sqlcipher.DatabaseError:
        return frozenset()
    return names if "patient" in names else frozenset()


def _patch(path: Path, backup: Path, copy: Path, size: int) -> None:
    shutil.copyfile(path, copy)
    log = path.with_name(path.name + "-wal")
    if log.exists():
        shutil.copyfile(log, copy.with_name(copy.name + "-wal"))
    with backup.open("rb") as source, copy.open("r+b") as target:
        target.write(source.read(size))

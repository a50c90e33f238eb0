"""Anchors of a casebook's journal in its backups and exports, compared with the journal."""

import csv
from collections.abc import Iterable, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass
from pathlib import Path

from sqlcipher3 import dbapi2 as sqlcipher

from model.store import examine, journal, older_journal
from model.store.backups.files import all_backups
from model.store.journal import Anchor
from model.store.keys import Key
from model.store.reader import Reader

FILE = "journal_anchor.csv"
"""The file of an export that has the anchor: sequence number, hash and day."""


@dataclass(frozen=True, slots=True)
class Contradiction:
    """A journal that is not the continuation of the one that a file was made from."""

    source: str
    """The name of the backup or the folder."""
    anchor: Anchor
    after_restore: bool
    """Whether the casebook was restored from a backup, which explains it."""


def contradictions(
    reader: Reader, path: Path, key: Key | None, against: Iterable[Path] = ()
) -> Iterator[Contradiction]:
    """Yield the anchors that a casebook's journal contradicts.

    Looked at are all backups that its key opens, and the backups and export folders in `against`.
    """
    restores = reader.rows("select seq from journal where action = 'Restore' order by seq limit 1")
    for source in dict.fromkeys((*(each.path for each in all_backups(path)), *against)):
        known = _anchor_of(source, key)
        if known is not None and journal.contradicts(reader, known):
            explained = bool(restores) and restores[0]["seq"] <= known.seq
            yield Contradiction(source.name, known, explained)


def _anchor_of(source: Path, key: Key | None) -> Anchor | None:
    """Return the anchor of a backup or an export folder; None where there is none to compare."""
    if source.is_dir():
        return _anchor_of_export(source / FILE)
    with (
        suppress(sqlcipher.DatabaseError, OSError),
        closing(examine.connect(source, key, mode="closed")) as connection,
    ):
        backup = Reader(connection)
        return None if older_journal.is_older(backup) else journal.anchor(backup)
    return None


def _anchor_of_export(path: Path) -> Anchor | None:
    with suppress(OSError, UnicodeDecodeError, csv.Error, KeyError, ValueError, StopIteration):
        with path.open(encoding="utf-8-sig", newline="") as file:
            row = next(csv.DictReader(file))
        return Anchor(int(row["sequence"]), row["hash"], row["day"])
    return None

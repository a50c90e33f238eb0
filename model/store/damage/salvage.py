"""A new casebook from what is still readable of a damaged one.

Rows are read around the pages that cannot be read. What is missing is taken from the journal's
images of rows where these can be read. The damaged file is only read.
"""

from dataclasses import dataclass, field
from graphlib import TopologicalSorter
from pathlib import Path
from typing import Any

from model import whole_file
from model.errors import KnownError
from model.language import N_, _
from model.store import examine, journal, replay
from model.store.casebook import Casebook
from model.store.damage.damaged_source import DamagedSource, damaged_source
from model.store.damage.readable_rows import Row, readable_rows
from model.store.step import Step, is_image_of


@dataclass(slots=True)
class Salvage:
    """What was read from a damaged casebook; numbers are of rows, by table."""

    read: dict[str, int] = field(default_factory=dict)
    from_journal: dict[str, int] = field(default_factory=dict)
    """Rows that could not be read, but that the journal has images of."""
    refused: dict[str, int] = field(default_factory=dict)
    """Rows that were read but could not be kept: they break the rules of their table."""
    unreadable: dict[str, list[tuple[int, int]]] = field(default_factory=dict)
    """The first and the last id of each stretch of a table that could not be read."""
    placeholders: int = 0
    """Patients whose own row is lost, and who were given one for the sake of their records."""
    journal_is_whole: bool = True
    patched_from: str = ""
    """The backup from which the first pages were taken, if any."""


def salvage(path: Path, passphrase: str | None, to: Path) -> Salvage:
    """Write a new casebook with all that can be read of a damaged one; returns what that was.

    The new one has the same passphrase. Raises KnownError when `to` exists or cannot be written,
    and what `damaged_source` raises when nothing can be read.
    """
    if to.exists():
        sentence = _("There is already a file “{path}”. Choose another name.")
        raise KnownError(sentence.format(path=to))
    result = Salvage()
    try:
        with damaged_source(path, passphrase) as source, whole_file.temporary_path(to) as making:
            result.patched_from = source.patched_from
            with Casebook.create(making, passphrase if source.key else None) as casebook:
                key = _read(source, "journal_key", result).get(1, {}).get("key")
                if key:
                    casebook.continue_chain_of(key)
                with casebook.step(N_("Salvage"), undoable=False) as step:
                    _Copying(source, step, result).run(is_same_chain=bool(key))
            examine.unlock(making, passphrase if source.key else None)
            making.rename(to)
    except OSError as error:
        raise whole_file.write_error(to, error) from error
    return result


def _read(source: DamagedSource, table: str, result: Salvage, key: str = "id") -> dict[int, Row]:
    """Return the readable rows of a table by key, and note what is unreadable."""
    rows: dict[int, Row] = {}
    if table in source.tables:
        for each in readable_rows(source.connect, table, key):
            if isinstance(each, tuple):
                result.unreadable.setdefault(table, []).append(each)
            else:
                rows[each[key]] = each
    return rows


class _Copying:
    """Copies the tables of a damaged casebook into a step of a new one."""

    def __init__(self, source: DamagedSource, step: Step, result: Salvage) -> None:
        self._source = source
        self._step = step
        self._result = result
        self._kept: dict[str, set[int]] = {}

    def run(self, *, is_same_chain: bool) -> None:
        """Copy the journal first, then every table after those that it refers to."""
        self._copy_journal(is_same_chain=is_same_chain)
        expected = replay.expected_rows(self._step)
        tables = [*replay.journalled_tables(self._step), "image_data"]
        parents = {
            table: {row["table"] for row in self._references(table)} & {*tables} - {table}
            for table in tables
        }
        for table in TopologicalSorter(parents).static_order():
            self._copy_table(table, expected.get(table, {}))

    def _copy_journal(self, *, is_same_chain: bool) -> None:
        """Copy the entries up to the first one that is missing or does not follow.

        Where the secret of the chain is lost, or the casebook is from before digests, they get new
        hashes.
        """
        content = _read(self._source, "journal_content", self._result)
        self._step.copy_as_it_is("journal_content", content.values())
        entries = _read(self._source, "journal", self._result, "seq")
        key = journal.read_key(self._step)
        previous, copied = journal.FIRST_HASH, 0
        for seq in range(1, len(entries) + 1):
            if seq not in entries:
                break
            entry = journal.Entry(**entries[seq])
            if is_same_chain:
                if not entry.follows(previous, key):
                    break
                row = entries[seq]
            else:
                row = journal.sealed(entry.content(), previous, key)
            self._step.copy_as_it_is("journal", [row])
            previous, copied = row["hash"], seq
        self._result.journal_is_whole = copied == max(entries, default=0)

    def _copy_table(self, table: str, expected: replay.ExpectedRows) -> None:
        rows = _read(self._source, table, self._result)
        self._result.read[table] = len(rows)
        restored = 0
        for row_id, image in expected.items():
            if row_id not in rows and image is not None:
                rows[row_id] = dict(image)
                restored += 1
            elif self._source.patched_from and not is_image_of(image, rows.get(row_id)):
                # The page may be an older one, of the backup.
                if image is None:
                    del rows[row_id]
                else:
                    rows[row_id] = dict(image)
        if restored:
            self._result.from_journal[table] = restored
        references = self._references(table)
        kept = self._kept[table] = set()
        wanted = [
            row for row_id in sorted(rows) if (row := self._repaired(rows[row_id], references))
        ]
        kept.update(self._step.copy_rows(table, wanted))
        if refused := len(rows) - len(kept):
            self._result.refused[table] = refused

    def _references(self, table: str) -> list[dict[str, Any]]:
        """Return the columns of a table that refer to another: `from`, `table` and `notnull`."""
        return self._step.rows(
            """
            select f."from", f."table", c."notnull"
              from pragma_foreign_key_list(:table) f
              join pragma_table_info(:table) c on c.name = f."from"
            """,
            table=table,
        )

    def _repaired(self, row: Row, references: list[dict[str, Any]]) -> Row | None:
        """Return a row without links to rows that are lost; None where it cannot be without."""
        for reference in references:
            parent = row.get(reference["from"])
            if parent is None or parent in self._kept.get(reference["table"], set()):
                continue
            if not reference["notnull"]:
                row = {**row, reference["from"]: None}
            elif reference["table"] == "patient":
                self._add_placeholder(parent)
            else:
                return None
        return row

    def _add_placeholder(self, patient_id: int) -> None:
        code = _("unreadable {id}").format(id=patient_id)
        self._kept["patient"].update(
            self._step.copy_rows(
                "patient", [{"id": patient_id, "code": code, "changed_at": self._step.at}]
            )
        )
        self._result.placeholders += 1

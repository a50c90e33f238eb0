"""An open step: it changes rows, and notes each as it was before and after.

Made by `Casebook.step`; not to be used after its block.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from model.errors import Conflict
from model.language import _
from model.store.ids import new_id
from model.store.reader import Reader

if TYPE_CHECKING:
    from sqlite_utils import Database


@dataclass(frozen=True, slots=True)
class Change:
    """What a step changed: its label, and the tables and patients concerned."""

    label: str
    tables: frozenset[str]
    patients: frozenset[int]

    @property
    def concerns_all(self) -> bool:
        """Whether it may concern every patient, also where it names some.

        Settings and laboratory limits apply to all; an import names only the patients it creates.
        """
        return not self.patients or not self.tables.isdisjoint(_ABOUT_ALL)

    def concerns(self, patient_id: int | None, tables: Collection[str] | None = None) -> bool:
        """Return whether it may alter what these tables, or any, say about a patient, if any."""
        if patient_id is None or (tables is not None and self.tables.isdisjoint(tables)):
            return False
        return self.concerns_all or patient_id in self.patients


_ABOUT_ALL = ("setting", "batch", "laboratory_limit")


@dataclass(frozen=True, slots=True)
class RowChange:
    """One row before and after; without a table, an event that changed no row."""

    table: str | None
    row_id: int | None
    before: dict[str, Any] | None
    after: dict[str, Any] | None


@dataclass(slots=True)
class Step(Reader):
    """One action of the user, until it is committed."""

    _db: "Database"
    number: int
    label: str
    at: str
    row_changes: list[RowChange] = field(default_factory=list)
    _tables: set[str] = field(default_factory=set)
    _patients: set[int] = field(default_factory=set)

    @property
    def change(self) -> Change | None:
        """What was changed so far; None if nothing was."""
        if not self._tables:
            return None
        return Change(self.label, frozenset(self._tables), frozenset(self._patients))

    def put(self, table: str, values: Mapping[str, Any]) -> int:
        """Insert a row, or update the one with the same id; returns its id.

        Columns that are not named keep their values. A row that would not change is not touched.
        Raises Conflict when the row with that id is gone.
        """
        row_id = values.get("id")
        if row_id is None:
            row = {**values, "id": new_id(), **self._stamp(table)}
            self._write(table, row["id"], None, row)
            return int(row["id"])
        before = self._row(table, row_id)
        if before is None:
            raise Conflict(_("This record no longer exists: it was deleted in the meantime."))
        after = {**before, **values}
        if after != before:
            self._write(table, row_id, before, {**after, **self._stamp(table)})
        return int(row_id)

    def remove(self, table: str, row_id: int) -> None:
        """Move a row to the bin: it stays in the file, marked as deleted."""
        self.put(table, {"id": row_id, "deleted_at": self.at})

    def restore(self, table: str, row_id: int) -> None:
        """Move a row out of the bin."""
        self.put(table, {"id": row_id, "deleted_at": None})

    def import_rows(
        self, batch: Mapping[str, Any], rows: Iterable[tuple[str, dict[str, Any]]]
    ) -> int:
        """Insert many rows as one batch, journalled as one entry; returns the batch's id.

        `batch` holds kind, file_name, sha256, imported_at and row_counts; `rows` are pairs of a
        table and its values, parents before children, with ids.
        """
        batch_id = self.put("batch", batch)
        for table, pairs in groupby(rows, key=itemgetter(0)):
            common = {**self._stamp(table), "batch_id": batch_id}
            self._db.table(table).insert_all({**values, **common} for _table, values in pairs)
            self._tables.add(table)
        patients = self.rows("select id from patient where batch_id = :id", id=batch_id)
        self._patients.update(row["id"] for row in patients)
        return batch_id

    def put_content(self, content: bytes, sha256: str) -> int:
        """Store bytes, unless they are stored already; returns the id of their row.

        They are not journalled: they never change, and the row that refers to them is journalled.
        """
        rows = self.rows("select id from image_data where sha256 = :sha256", sha256=sha256)
        if rows:
            return int(rows[0]["id"])
        row_id = new_id()
        self._insert("image_data", {"id": row_id, "sha256": sha256, "bytes": content})
        return row_id

    def revert_row(
        self,
        table: str,
        row_id: int,
        *,
        expected: dict[str, Any] | None,
        wanted: dict[str, Any] | None,
    ) -> None:
        """Make a row exactly like an image of the journal; None means no row.

        An image of an older version lacks the columns that were added later: they must be empty.
        Raises Conflict when the row is not as expected.
        """
        row = self._row(table, row_id)
        if row is None or expected is None:
            as_expected = row is expected
        else:
            as_expected = row == {**dict.fromkeys(row), **expected}
        if not as_expected:
            sentence = _(
                "“{label}” cannot be undone or redone, because its records were changed later."
                " Nothing was changed."
            )
            raise Conflict(sentence.format(label=_(self.label)))
        self._write(table, row_id, row, wanted)

    def _write(
        self, table: str, row_id: int, before: dict[str, Any] | None, after: dict[str, Any] | None
    ) -> None:
        self._concern(table, before or after or {})
        if after is None:
            self._db.table(table).delete(row_id)
        elif before is None:
            self._insert(table, after)
            after = self._row(table, row_id)
        else:
            columns = ", ".join(f"{name} = :{name}" for name in after if name != "id")
            self._db.execute(f"update {table} set {columns} where id = :id", after)
            after = self._row(table, row_id)
        self.row_changes.append(RowChange(table, row_id, before, after))

    def _insert(self, table: str, row: Mapping[str, Any]) -> None:
        names, values = ", ".join(row), ", ".join(f":{name}" for name in row)
        self._db.execute(f"insert into {table} ({names}) values ({values})", dict(row))

    def _row(self, table: str, row_id: int) -> dict[str, Any] | None:
        rows = self.rows(f"select * from {table} where id = :id", id=row_id)
        return rows[0] if rows else None

    def _stamp(self, table: str) -> dict[str, str]:
        """Return when the row was changed, for tables that a person writes to."""
        return {} if table in ("setting", "batch", "image_data") else {"changed_at": self.at}

    def _concern(self, table: str, row: Mapping[str, Any]) -> None:
        """Note the table and the patient of a row."""
        self._tables.add(table)
        if table == "patient":
            self._patients.add(row["id"])
        elif "patient_id" in row:
            self._patients.add(row["patient_id"])
        elif table == "administration":
            cycle = self._row("cycle", row["cycle_id"])
            if cycle:
                self._patients.add(cycle["patient_id"])

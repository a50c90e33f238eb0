"""An open step: it changes rows, and records each as it was before and after.

Made by `Casebook.step`; not to be used after its block.
"""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import groupby
from operator import itemgetter
from typing import TYPE_CHECKING, Any

from model.errors import ChangedLater, Conflict, EditConflict
from model.language import _
from model.store import batch_rows
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


_ROWS_OF_QUERY = 1_000
_ABOUT_ALL = ("setting", "batch", "laboratory_limit")


@dataclass(frozen=True, slots=True)
class RowChange:
    """One row before and after; without a table, an event that changed no row."""

    table: str | None
    row_id: int | None
    before: dict[str, Any] | None
    after: dict[str, Any] | None


Opened = Mapping[tuple[str, int], Mapping[str, Any]]
"""Rows by table and id, as they were when the user began to edit them."""


@dataclass(slots=True)
class Step(Reader):
    """One action of the user, until it is committed."""

    _db: "Database"
    number: int
    label: str
    at: str
    opened: Opened = field(default_factory=dict)
    row_changes: list[RowChange] = field(default_factory=list)
    _tables: set[str] = field(default_factory=set)
    _patients: set[int] = field(default_factory=set)
    _checked: set[tuple[str, int]] = field(default_factory=set)
    """Opened rows that this step has found unchanged, and may therefore change more than once."""

    @property
    def change(self) -> Change | None:
        """What was changed so far; None if nothing was."""
        if not self._tables:
            return None
        return Change(self.label, frozenset(self._tables), frozenset(self._patients))

    def put(self, table: str, values: Mapping[str, Any]) -> int:
        """Insert a row, or update the one with the same id; returns its id.

        Columns that are not named keep their values. A row that would not change is not touched.
        Raises Conflict when the row with that id is gone, EditConflict when the user has `opened`
        it and it was changed or deleted since, or when the patient of a new row is in the bin.
        """
        row_id = values.get("id")
        if row_id is None:
            row = {**values, "id": new_id(), **self._stamp(table)}
            self._concern(table, row)
            self._insert(table, row)
            after = self._inserted(table, row)
            self.row_changes.append(RowChange(table, row["id"], None, after))
            return int(row["id"])
        before = self._present(table, row_id)
        self._refuse_stale(table, before, values)
        self._update(table, before, values)
        return int(row_id)

    def _present(self, table: str, row_id: int) -> dict[str, Any]:
        row = self._row(table, row_id)
        if row is None:
            raise Conflict(_("This record no longer exists: it was deleted in the meantime."))
        return row

    def _update(self, table: str, before: dict[str, Any], values: Mapping[str, Any]) -> None:
        after = {**before, **values}
        if after != before:
            self._write(table, before["id"], before, {**after, **self._stamp(table)})

    def _refuse_stale(
        self, table: str, present: Mapping[str, Any], values: Mapping[str, Any]
    ) -> None:
        """Raise EditConflict if a row that the user has opened was changed since.

        Restoring a row is no edit of it.
        """
        key = table, int(present["id"])
        opened = self.opened.get(key)
        is_restored = values.get("deleted_at", "") is None
        if opened is None or is_restored or key in self._checked:
            return
        as_opened = {name: present[name] for name in opened} == dict(opened)
        if not as_opened or present.get("deleted_at"):
            raise EditConflict(table, dict(opened), dict(present), {**opened, **values})
        self._checked.add(key)

    def _inserted(self, table: str, row: Mapping[str, Any]) -> dict[str, Any] | None:
        """Return a new row as it is stored; raises EditConflict if its patient is in the bin."""
        if "patient_id" not in row:
            return self._row(table, row["id"])
        (stored,) = self.rows(
            f"select {table}.*, patient.deleted_at as patient_deleted_at from {table}"
            f" left join patient on patient.id = {table}.patient_id where {table}.id = :id",
            id=row["id"],
        )
        if stored.pop("patient_deleted_at") is not None:
            patient = self._present("patient", row["patient_id"])
            raise EditConflict("patient", {**patient, "deleted_at": None}, patient, patient)
        return stored

    def remove(self, table: str, row_id: int) -> None:
        """Move a row to the bin: it stays in the file, marked as deleted.

        Raises EditConflict when the user has `opened` it and it was changed or deleted since.
        """
        present, deleted = self._present(table, row_id), {"deleted_at": self.at}
        self._refuse_stale(table, present, deleted)
        self._update(table, present, deleted)

    def restore(self, table: str, row_id: int) -> None:
        """Move a row out of the bin."""
        self._update(table, self._present(table, row_id), {"deleted_at": None})

    def import_rows(
        self, batch: Mapping[str, Any], rows: Iterable[tuple[str, dict[str, Any]]]
    ) -> int:
        """Insert many rows as one batch, journalled in pieces; returns the batch's id.

        `batch` holds kind, file_name, sha256, imported_at and row_counts; `rows` are pairs of a
        table and its values, parents before children, with ids. All rows of a table have the same
        columns.
        """
        batch_id = self.put("batch", batch)
        for table, pairs in groupby(rows, key=itemgetter(0)):
            common = {**self._stamp(table), "batch_id": batch_id}
            self._tables.add(table)
            for piece in batch_rows.pieces({**values, **common} for _table, values in pairs):
                self._insert_all(table, piece)
                image = batch_rows.store(self._db, piece)
                self.row_changes.append(RowChange(table, None, None, image))
        patients = self.rows("select id from patient where batch_id = :id", id=batch_id)
        self._patients.update(row["id"] for row in patients)
        return batch_id

    def copy_rows(self, table: str, rows: Iterable[Mapping[str, Any]]) -> list[int]:
        """Insert rows as they are, journalled in pieces; returns the ids of those that were kept.

        Columns that the table does not have are left out. A row that breaks a rule of the table is
        not kept. For rows that were read from a damaged casebook.
        """
        from sqlcipher3 import dbapi2 as sqlcipher  # not needed where settings are only read

        columns = self._columns(table)
        kept = []
        for row in rows:
            known = {name: value for name, value in row.items() if name in columns}
            with suppress(sqlcipher.IntegrityError):
                self._insert(table, known)
                kept.append(int(row["id"]))
        self._tables.add(table)
        if table != "image_data":
            for piece in batch_rows.pieces({"id": row_id} for row_id in kept):
                stored = self._rows_with_ids(table, [row["id"] for row in piece])
                image = batch_rows.store(self._db, stored)
                self.row_changes.append(RowChange(table, None, None, image))
        return kept

    def copy_as_it_is(self, table: str, rows: Iterable[Mapping[str, Any]]) -> None:
        """Insert rows of the journal that another casebook had, without journalling that."""
        columns = self._columns(table)
        for row in rows:
            self._insert(table, {name: row[name] for name in row if name in columns})

    def _columns(self, table: str) -> set[str]:
        return set(self.columns("select name from pragma_table_info(:table)", table=table)["name"])

    def _rows_with_ids(self, table: str, ids: list[int]) -> list[dict[str, Any]]:
        return self.rows(
            f"select * from {table} where id in (select value from json_each(:ids)) order by id",
            ids=json.dumps(ids),
        )

    def journal_imported_rows(self) -> None:
        """Journal all rows that imports inserted, as they are now, without changing them.

        For casebooks from before the journal held them.
        """
        for (table,) in self._db.execute(
            "select m.name from sqlite_schema m, pragma_table_info(m.name) c"
            " where m.type = 'table' and c.name = 'batch_id' order by m.name"
        ).fetchall():
            imported = self.rows(f"select * from {table} where batch_id is not null order by id")
            for piece in batch_rows.pieces(imported):
                image = batch_rows.store(self._db, piece)
                self.row_changes.append(RowChange(table, None, None, image))

    def note_event(self, details: dict[str, Any]) -> None:
        """Journal something that is no change of a row."""
        self.row_changes.append(RowChange(None, None, None, details))

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
        Raises ChangedLater when the row is not as expected.
        """
        row = self._row(table, row_id)
        if not is_image_of(expected, row):
            raise ChangedLater(self.label)
        self._write(table, row_id, row, wanted)

    def revert_import(
        self, table: str, *, expected: dict[str, Any] | None, wanted: dict[str, Any] | None
    ) -> None:
        """Delete the rows of a piece that an import inserted, or insert them again.

        One of the images is the piece's, the other is None. Raises ChangedLater when a row of it
        is not as expected, DamagedCasebook when the journal has lost the piece.
        """
        piece = batch_rows.load(self, wanted or expected or {})
        for part in batch_rows.pieces(piece, _ROWS_OF_QUERY):
            ids = [row["id"] for row in part]
            present = {row["id"]: row for row in self._rows_with_ids(table, ids)}
            for row in part:
                if not is_image_of(row if expected else None, present.get(row["id"])):
                    raise ChangedLater(self.label)
                self._concern(table, row)
            if wanted:
                self._insert_all(table, part)
            else:
                self._db.execute(
                    f"delete from {table} where id in (select value from json_each(:ids))",
                    {"ids": json.dumps(ids)},
                )
        self.row_changes.append(RowChange(table, None, expected, wanted))

    def _write(
        self, table: str, row_id: int, before: dict[str, Any] | None, after: dict[str, Any] | None
    ) -> None:
        self._concern(table, before or after or {})
        if after is None:
            self._db.table(table).delete(row_id)
        elif before is None:
            names, values = ", ".join(after), ", ".join(f":{name}" for name in after)
            sql = f"insert into {table} ({names}) values ({values}) returning *"
            (after,) = self.rows(sql, **after)
        else:
            columns = ", ".join(f"{name} = :{name}" for name in after if name != "id")
            (after,) = self.rows(
                f"update {table} set {columns} where id = :id returning *", **after
            )
        self.row_changes.append(RowChange(table, row_id, before, after))

    def _insert(self, table: str, row: Mapping[str, Any]) -> None:
        names, values = ", ".join(row), ", ".join(f":{name}" for name in row)
        self._db.execute(f"insert into {table} ({names}) values ({values})", dict(row))

    def _insert_all(self, table: str, rows: Sequence[Mapping[str, Any]]) -> None:
        names, values = ", ".join(rows[0]), ", ".join(f":{name}" for name in rows[0])
        self._db.conn.executemany(f"insert into {table} ({names}) values ({values})", rows)

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


def is_image_of(image: Mapping[str, Any] | None, row: Mapping[str, Any] | None) -> bool:
    """Return whether a row is as an image of the journal says; None means no row.

    An image of an older version lacks the columns that were added later: they must be empty.
    """
    if row is None or image is None:
        return row is image
    return dict(row) == {**dict.fromkeys(row), **image}

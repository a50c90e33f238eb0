"""Restoring deleted records, with what they belong to and what was deleted together with them."""

import json
from collections.abc import Iterable
from itertools import chain
from typing import Any

from model.errors import KnownError
from model.language import _
from model.records import checks, contents, labs
from model.records.bin.deleted import (
    TABLES,
    DeletedRecord,
    Row,
    RowKey,
    is_same_deletion,
    label_of,
    references,
    step_of_deletion,
)
from model.records.labs import LabResult
from model.store import journal
from model.store.rows import find
from model.store.step import Step


def restore(step: Step, records: Iterable[DeletedRecord]) -> int:
    """Restore deleted records; returns how many rows that were.

    A record whose parent is in the bin is restored with it, and a record with what was deleted
    together with it. Links to it that its deletion removed are set again. Raises KnownError when a
    record contradicts what was recorded since; nothing is restored then.
    """
    return restore_rows(step, (record.key for record in records))


def restore_rows(step: Step, keys: Iterable[RowKey]) -> int:
    """Restore deleted rows, as `restore` does the records."""
    restoring = _Restoring(step)
    for key in keys:
        restoring.add(key)
    restoring.run()
    return len(restoring.rows)


class _Restoring:
    """Collects the rows to restore, and restores them in a step."""

    def __init__(self, step: Step) -> None:
        self._step = step
        self._references = {table: references(step, table) for table in TABLES}
        self._unique = {table: _unique_columns(step, table) for table in TABLES}
        self.rows: dict[RowKey, Row] = {}
        """The rows to restore, as they are in the bin."""

    def add(self, key: RowKey) -> None:
        """Add a row if it is in the bin, its parents, and what was deleted together with it."""
        table, row_id = key
        if key in self.rows or (row := self._row(table, row_id, deleted=True)) is None:
            return
        self.rows[key] = row
        for reference in self._references[table]:
            if reference.is_required or reference.table == TABLES[table].parent:
                self.add((reference.table, row[reference.column]))
        for other, its_references in self._references.items():
            for reference in its_references:
                if reference.table == table:
                    self._add_parts(other, reference.column, row)

    def run(self) -> None:
        """Restore the rows; raises KnownError when one contradicts what was recorded since."""
        order = list(TABLES)
        keys = sorted(self.rows, key=lambda key: order.index(key[0]))
        patients = {self._patient_of(key) for key in keys} - {None}
        with_patient = [key for key in keys if self._was_deleted_with_patient(key)]
        for key in with_patient:
            self._restore_row(key)
        # What a deleted patient's records say about each other was so before the deletion.
        before = {patient: self._faults(patient) for patient in patients}
        for key in keys:
            if key not in with_patient:
                self._restore_row(key)
        self._restore_links()
        for patient in patients:
            _refuse_faults(self._faults(patient), before[patient])
        for table, row_id in keys:
            if table == LabResult.TABLE:
                self._refuse_repeated_result(row_id)

    def _row(self, table: str, row_id: int, *, deleted: bool) -> Row | None:
        rows = self._step.rows(
            f"select {table}.*, {step_of_deletion(table)} as deleted_in from {table}"
            " where id = :id and (deleted_at is not null) = :deleted",
            id=row_id,
            deleted=deleted,
        )
        return rows[0] if rows else None

    def _add_parts(self, table: str, column: str, row: Row) -> None:
        deleted = self._step.rows(
            f"select id, deleted_at, {step_of_deletion(table)} as deleted_in from {table}"
            f" where {column} = :id and deleted_at = :deleted_at",
            id=row["id"],
            deleted_at=row["deleted_at"],
        )
        for each in deleted:
            if is_same_deletion(each, row):
                self.add((table, each["id"]))

    def _parent(self, key: RowKey) -> RowKey | None:
        parent = TABLES[key[0]].parent
        return (parent, self.rows[key][f"{parent}_id"]) if parent else None

    def _was_deleted_with_patient(self, key: RowKey) -> bool:
        """Return whether a row is a patient, or was deleted together with one."""
        if key[0] == "patient":
            return True
        parent = self._parent(key)
        if parent is None or parent not in self.rows:
            return False
        is_part = is_same_deletion(self.rows[parent], self.rows[key])
        return is_part and self._was_deleted_with_patient(parent)

    def _patient_of(self, key: RowKey) -> int | None:
        """Return the patient whom a row belongs to, if any."""
        table, row_id = key
        if table == "patient":
            return row_id
        if table == "administration":
            cycle_id = self.rows[key]["cycle_id"]
            cycles = self._step.rows("select patient_id from cycle where id = :id", id=cycle_id)
            return int(cycles[0]["patient_id"])
        return self.rows[key].get("patient_id")

    def _restore_row(self, key: RowKey) -> None:
        """Restore a row, without its links to what stays in the bin."""
        table, row_id = key
        row = self.rows[key]
        values: dict[str, Any] = {"id": row_id, "deleted_at": None}
        for reference in self._references[table]:
            other = (reference.table, row[reference.column])
            if other[1] is None or reference.is_required or other in self.rows:
                continue
            if self._row(*other, deleted=True):
                values[reference.column] = None
        for columns in self._unique[table]:
            same = " and ".join(f"{column} = :{column}" for column in columns)
            if self._step.rows(
                f"select 1 from {table} where {same} and deleted_at is null",
                **{column: row[column] for column in columns},
            ):
                raise KnownError(_taken_text(table, row))
        self._step.put(table, values)

    def _restore_links(self) -> None:
        """Set the links again that the deletion of a row removed, where they are still empty."""
        steps = {row["deleted_in"] for row in self.rows.values()} - {None}
        for entry in chain.from_iterable(journal.entries_of_step(self._step, n) for n in steps):
            if entry.table_name not in TABLES or not (entry.before and entry.after):
                continue
            before, after = json.loads(entry.before), json.loads(entry.after)
            for reference in self._references[entry.table_name]:
                linked = before.get(reference.column)
                if (reference.table, linked) in self.rows and after[reference.column] is None:
                    self._link(entry.table_name, after["id"], {reference.column: linked})

    def _link(self, table: str, row_id: int, link: dict[str, int]) -> None:
        row = self._row(table, row_id, deleted=False)
        if row is not None and all(row[column] is None for column in link):
            self._step.put(table, {"id": row_id, **link})

    def _faults(self, patient_id: int | None) -> list[str]:
        if patient_id is None:
            return []
        return checks.faults_of_patient(contents.load_patient(self._step, patient_id))

    def _refuse_repeated_result(self, row_id: int) -> None:
        result = find(self._step, LabResult, row_id)
        problem = labs.problem_of_repetition(self._step, result) if result else None
        if problem:
            raise KnownError(problem)


def _unique_columns(step: Step, table: str) -> list[list[str]]:
    """Return the columns that must be unique together among the rows that are not in the bin."""
    indexes = step.rows(
        """
        select json_group_array(c.name) as columns
          from pragma_index_list(:table) i, pragma_index_info(i.name) c
         where i."unique" and i.partial
         group by i.name
        """,
        table=table,
    )
    return [json.loads(index["columns"]) for index in indexes]


def _refuse_faults(after: list[str], before: list[str]) -> None:
    """Raise KnownError for the first rule that is broken after restoring, but was not before."""
    for fault in after:
        if fault not in before:
            text = _("This cannot be restored. {fault} Nothing was restored.")
            raise KnownError(text.format(fault=fault))


def _taken_text(table: str, row: Row) -> str:
    match table:
        case "patient":
            text = _(
                "“{record}” cannot be restored: another patient has this code now. Change that"
                " code first. Nothing was restored."
            )
        case "cycle" | "therapy" | "administration":
            text = _(
                "“{record}” cannot be restored: there is another one with this number now. Nothing"
                " was restored."
            )
        case "follow_up" | "end_of_treatment":
            text = _(
                "“{record}” cannot be restored: there is another one of the same day now. Nothing"
                " was restored."
            )
        case _:
            text = _(
                "“{record}” cannot be restored: it has been recorded again since. Nothing was"
                " restored."
            )
    return text.format(record=label_of(table, row))

"""The deleted records of a casebook: what, when, by whom, and with what they were deleted."""

from dataclasses import dataclass
from typing import Any

from model.language import _
from model.records import labs
from model.records.kinds import KINDS, RecordKind
from model.records.labs import LabResult
from model.records.toxicities import Toxicity
from model.store.reader import Reader
from model.store.rows import from_row

_LONGEST_NAME = 60

Row = dict[str, Any]
RowKey = tuple[str, int]
"""The table and the id of a row."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DeletedRecord:
    """A record in the bin."""

    key: RowKey
    kind: str
    """What it is, such as “Cycle”."""
    name: str
    """The number or words that tell it from others of its kind; may be empty."""
    day: str
    """Its date as it is stored; may be empty or partial."""
    patient_id: int | None
    code: str
    """The patient's study code; empty for what belongs to no patient."""
    deleted_at: str
    """UTC, as in the journal."""
    deleted_by: str
    parent: str = ""
    """What it belongs to, where that is in the bin too: “Patient P-1”."""
    container: RowKey | None = None
    """The record that it was deleted together with, if any."""
    parts: int = 0
    """How many other records were deleted together with it."""

    @property
    def label(self) -> str:
        """What it is, with its name: “Cycle 2”."""
        return " ".join(filter(None, (self.kind, self.name)))


@dataclass(frozen=True, slots=True)
class BinTable:
    """A table whose rows can be in the bin."""

    name: str
    kind: str
    parent: str = ""
    """The table that its rows belong to; empty for patients and for what is of no patient."""
    name_column: str | None = None
    day_column: str | None = None


def _of_kind(kind: RecordKind) -> BinTable:
    parent = kind.parent.TABLE if kind.parent else ""
    return BinTable(kind.table, kind.label, parent, kind.name, kind.day)


TABLES: dict[str, BinTable] = {
    table.name: table
    for table in (
        *map(_of_kind, KINDS),
        BinTable("laboratory_limit", _("Laboratory limit"), "", "analyte", "valid_from"),
        BinTable("frozen_cohort", _("Frozen cohort"), "", "name", None),
    )
}
"""Parents before children."""


@dataclass(frozen=True, slots=True)
class Reference:
    """A column that refers to a row of another table of the bin."""

    column: str
    table: str
    is_required: bool


def deleted_records(reader: Reader, patient_id: int | None = None) -> list[DeletedRecord]:
    """Return what is in the bin, of one patient or of all, the latest deletion first.

    What was deleted together with a record follows it.
    """
    rows = {
        (table.name, row["id"]): row
        for table in TABLES.values()
        for row in _deleted_rows(reader, table, patient_id)
    }
    referring = {table: references(reader, table) for table in TABLES}
    containers = {key: _container(key, rows, referring[key[0]]) for key in rows}
    parts: dict[RowKey, int] = dict.fromkeys(rows, 0)
    for key in rows:
        container = containers[key]
        while container is not None:
            parts[container] += 1
            container = containers[container]
    # Sorting keeps the order of kinds. Steps are numbered in the order of time.
    latest_first = sorted(
        rows.items(),
        key=lambda item: (item[1]["deleted_at"], item[1]["deleted_in"] or 0),
        reverse=True,
    )
    return [_record(key, row, rows, containers[key], parts[key]) for key, row in latest_first]


def step_of_deletion(table: str) -> str:
    """Return SQL for the number of the step that a row of a table was deleted in."""
    return (
        f"(select step from journal where table_name = '{table}' and row_id = {table}.id"
        f" and at = {table}.deleted_at limit 1)"
    )


def _deleted_rows(reader: Reader, table: BinTable, patient_id: int | None) -> list[Row]:
    """Return the deleted rows of a table, with the step and the user of their deletion.

    These are `deleted_in` and `deleted_by`; `of_patient` and `code` are the patient.
    """
    joins, patient = "", "null"
    if table.name == "patient":
        patient = "patient.id"
    elif table.parent:
        patient, joins = "patient.id", _joins(table)
    return reader.rows(
        f"""
        select {table.name}.*, {patient} as of_patient,
               {"patient.code" if patient != "null" else "''"} as code,
               {step_of_deletion(table.name)} as deleted_in,
               (select user from journal
                 where table_name = :table and row_id = {table.name}.id
                   and at = {table.name}.deleted_at
                 limit 1) as deleted_by
          from {table.name}{joins}
         where {table.name}.deleted_at is not null
           and (:patient_id is null or {patient} = :patient_id)
         order by {table.name}.id
        """,
        table=table.name,
        patient_id=patient_id,
    )


def _joins(table: BinTable) -> str:
    """Return SQL joins from a table up to `patient`, whether or not that is in the bin."""
    sql = ""
    while table.parent:
        sql += f" join {table.parent} on {table.parent}.id = {table.name}.{table.parent}_id"
        table = TABLES[table.parent]
    return sql


def is_same_deletion(one: Row, other: Row) -> bool:
    """Return whether two rows were deleted in one step."""
    return all(one[name] == other[name] for name in ("deleted_at", "deleted_in"))


def _container(key: RowKey, rows: dict[RowKey, Row], referring: list[Reference]) -> RowKey | None:
    """Return the record of `rows` that a record was deleted together with, if any."""
    row = rows[key]
    # A patient comes last: a cycle or a result is the nearer container.
    for reference in sorted(referring, key=lambda each: each.table == "patient"):
        other = (reference.table, row[reference.column])
        if other in rows and is_same_deletion(row, rows[other]):
            return other
    return None


def _record(
    key: RowKey, row: Row, rows: dict[RowKey, Row], container: RowKey | None, parts: int
) -> DeletedRecord:
    table = TABLES[key[0]]
    parent = (table.parent, row[f"{table.parent}_id"]) if table.parent else None
    return DeletedRecord(
        key=key,
        kind=table.kind,
        name=name_of(key[0], row),
        day=str((table.day_column and row[table.day_column]) or ""),
        patient_id=row["of_patient"],
        code=row["code"],
        deleted_at=row["deleted_at"],
        deleted_by=row["deleted_by"] or "",
        parent=label_of(parent[0], rows[parent]) if parent and parent in rows else "",
        container=container,
        parts=parts,
    )


def label_of(table: str, row: Row) -> str:
    """Return what a row is, with its name: “Cycle 2”."""
    return " ".join(filter(None, (TABLES[table].kind, name_of(table, row))))


def name_of(table: str, row: Row) -> str:
    """Return the number or words that tell a row from others of its table; may be empty."""
    if table == "patient":
        return str(row["code"])
    if table == LabResult.TABLE:
        result = from_row(LabResult, row)
        words = (labs.label(result.analyte), result.value_text, result.unit_symbol)
        return " ".join(filter(None, words))
    if table == "laboratory_limit":
        return " ".join(filter(None, (labs.label(row["analyte"]), row["laboratory"])))
    if table == "toxicity":
        return f"{from_row(Toxicity, row).label} G{row['grade']}"
    if table == "note":
        text = " ".join(str(row["text"]).split())
        return text if len(text) <= _LONGEST_NAME else f"{text[:_LONGEST_NAME]}…"
    name = row.get(TABLES[table].name_column or "")
    return "" if name is None else str(name).replace("_", " ")


def references(reader: Reader, table: str) -> list[Reference]:
    """Return the columns of a table that refer to rows that can be in the bin."""
    rows = reader.rows(
        """
        select f."from" as name, f."table" as target, c."notnull" as required
          from pragma_foreign_key_list(:table) f
          join pragma_table_info(:table) c on c.name = f."from"
         order by f.id
        """,
        table=table,
    )
    return [
        Reference(row["name"], row["target"], bool(row["required"]))
        for row in rows
        if row["target"] in TABLES
    ]

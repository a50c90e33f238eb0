"""Records and their rows: one frozen dataclass per table, its fields named like the columns.

A record names its table in `TABLE`. Dates, partial dates, decimals and booleans are objects in a
record and text or numbers in the row; this is the only place that converts them.
"""

from collections import deque
from collections.abc import Callable, Iterable, Mapping
from dataclasses import Field, fields, replace
from datetime import date, datetime, time
from decimal import Decimal, InvalidOperation
from functools import cache
from itertools import repeat
from types import NoneType, UnionType
from typing import Any, ClassVar, Protocol, TypeVar, Union, get_args, get_origin, get_type_hints

from model.dates import PartialDate
from model.errors import Conflict, InvalidRecord, KnownError, UnreadableValue
from model.language import _
from model.store.reader import Reader
from model.store.step import Step


class Record(Protocol):
    """What every record has: its table, and an id once it is saved."""

    TABLE: ClassVar[str]
    __dataclass_fields__: ClassVar[dict[str, Any]]

    @property
    def id(self) -> int | None:
        """The row's id; None before the record was saved."""
        ...


R = TypeVar("R", bound=Record)


NOT_STORED = {"stored": False}
"""Metadata of a field that is no column: it is computed when records are loaded."""


def is_stored(field: Field[Any]) -> bool:
    """Return whether a field of a record is a column of its table."""
    return bool(field.metadata.get("stored", True))


def to_row(record: Record) -> dict[str, Any]:
    """Return a record's values as stored, by column."""
    return {
        field.name: _stored(getattr(record, field.name))
        for field in fields(record)
        if is_stored(field)
    }


def from_row(kind: type[R], row: Mapping[str, Any]) -> R:
    """Return the record of a row; columns that are not fields of the record are ignored.

    Raises UnreadableValue for a value that is not of its field's type.
    """
    try:
        values = {
            name: read(row[name]) if read and row[name] is not None else row[name]
            for name, read in _readers(kind).items()
        }
    except _UNREADABLE as error:
        raise _unreadable(kind, [row]) from error
    return kind(**values)


def select(reader: Reader, kind: type[R], rest: str) -> list[R]:
    """Return the records of a query; `rest` is what follows its columns: `from …`.

    For very many: each column is converted, and set in all records, before the next. That takes a
    third of the time of one record after the other. A table of an older casebook that is only read
    may lack columns: those fields have their defaults. Raises UnreadableValue for a value that is
    not of its field's type.
    """
    there = reader.columns("select name from pragma_table_info(:table)", table=kind.TABLE)["name"]
    readers = {name: read for name, read in _readers(kind).items() if name in there}
    names = ", ".join(f"{kind.TABLE}.{name}" for name in readers)
    columns = reader.columns(f"select {names} {rest}")
    selected = [kind.__new__(kind) for _row in columns["id"]]
    for field in fields(kind):
        if field.name not in readers:
            deque(map(getattr(kind, field.name).__set__, selected, repeat(field.default)), maxlen=0)
    for (name, read), column in zip(readers.items(), columns.values(), strict=True):
        try:
            values = [None if each is None else read(each) for each in column] if read else column
        except _UNREADABLE as error:
            pairs = zip(columns["id"], column, strict=True)
            raise _unreadable(kind, ({"id": row, name: value} for row, value in pairs)) from error
        if spelled := getattr(kind, "SPELLINGS", {}).get(name):
            # As a record does when it is made one by one: see `reference.vocabulary.respell`.
            empty = None if kind.__dataclass_fields__[name].default is None else ""
            words = {word: word and (spelled(word) or empty) for word in set(column)}
            values = [words[word] for word in column]
        # Records are frozen, but their slots can be set.
        deque(map(getattr(kind, name).__set__, selected, values), maxlen=0)
    if "__post_init__" in vars(kind):
        deque(map(vars(kind)["__post_init__"], selected), maxlen=0)
    return selected


def select_readable(
    reader: Reader, kind: type[R], rest: str, unreadable: list[UnreadableValue]
) -> list[R]:
    """Return the records of a query that can be read; errors of the others go to `unreadable`.

    One record after the other: for damaged casebooks only. `rest` is as in `select`.
    """
    readable = []
    for row_id in reader.columns(f"select {kind.TABLE}.id {rest}")["id"]:
        try:
            (row,) = reader.rows(f"select * from {kind.TABLE} where id = :id", id=row_id)
            readable.append(from_row(kind, row))
        except UnreadableValue as error:
            unreadable.append(UnreadableValue(error.column, error.text, kind.TABLE, row_id))
    return readable


def stored_date(text: str, column: str) -> date:
    """Return the date stored in a column; raises UnreadableValue for any other text."""
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise UnreadableValue(column, text) from error


def put(step: Step, record: R) -> R:
    """Insert or update a record without checking its rules; returns it with its id.

    A module's `save` checks the rules, then calls this.
    """
    row_id = step.put(record.TABLE, to_row(record))
    return replace(record, id=row_id)


def refuse_copy(reader: Reader, record: Any) -> None:
    """Raise InvalidRecord when the patient already has an identical record."""
    rows = reader.rows(
        f"select * from {record.TABLE} where patient_id = :patient_id and deleted_at is null",
        patient_id=record.patient_id,
    )
    others = (from_row(type(record), row) for row in rows if row["id"] != record.id)
    if any(replace(other, id=record.id) == record for other in others):
        raise InvalidRecord({"record": _("An identical record already exists.")})


def find(reader: Reader, kind: type[R], record_id: int) -> R | None:
    """Return the record with an id, unless it is in the bin."""
    rows = reader.rows(
        f"select * from {kind.TABLE} where id = :id and deleted_at is null", id=record_id
    )
    return from_row(kind, rows[0]) if rows else None


def of_patient(reader: Reader, kind: type[R], patient_id: int, order: str = "id") -> list[R]:
    """Return a patient's records of a kind that are not in the bin; ties of the order go by id."""
    rows = reader.rows(
        f"select * from {kind.TABLE} where patient_id = :patient_id and deleted_at is null"
        f" order by {order}, id",
        patient_id=patient_id,
    )
    return [from_row(kind, row) for row in rows]


def words_used(reader: Reader, kind: type[R], column: str) -> list[str]:
    """Return every text that the records of a kind have in a column, in alphabetical order."""
    if column not in kind.__dataclass_fields__:
        raise KeyError(column)
    rows = reader.rows(
        f"""
        select distinct {column} as word
          from {kind.TABLE}
         where {column} is not null and deleted_at is null
         order by word collate nocase, word
        """
    )
    return [row["word"] for row in rows]


def remove(step: Step, record: Record) -> None:
    """Move a saved record to the bin; raises Conflict when it was never saved."""
    if record.id is None:
        raise Conflict(_("This record was never saved."))
    step.remove(record.TABLE, record.id)


def _unreadable(kind: type[Record], rows: Iterable[Mapping[str, Any]]) -> UnreadableValue:
    """Return the error that names the first value of these rows that cannot be converted."""
    for row in rows:
        for name, value in row.items():
            read = _readers(kind).get(name)
            try:
                if read and value is not None:
                    read(value)
            except _UNREADABLE:
                return UnreadableValue(name, value, kind.TABLE, row["id"])
    raise ValueError(kind.TABLE)


def _stored(value: Any) -> Any:
    match value:
        case bool():
            return int(value)
        case datetime():
            return value.strftime("%Y-%m-%dT%H:%M")
        case time():
            return value.strftime("%H:%M")
        case date():
            return value.isoformat()
        case PartialDate() | Decimal():
            return str(value)
        case _:
            return value


@cache
def _readers(kind: type[Record]) -> dict[str, Callable[[Any], Any] | None]:
    """Return a record's fields, each with the conversion from the stored value, if it needs one."""
    return {name: _READ.get(held) for name, held in field_types(kind).items()}


@cache
def field_types(kind: type[Record]) -> dict[str, Any]:
    """Return the type of each field of a record, without the None of optional ones."""
    hints = get_type_hints(kind)
    return {
        field.name: _without_none(hints[field.name]) for field in fields(kind) if is_stored(field)
    }


def _without_none(hint: Any) -> Any:
    if get_origin(hint) in (Union, UnionType):
        return next(part for part in get_args(hint) if part is not NoneType)
    return hint


_READ: dict[Any, Callable[[Any], Any]] = {
    bool: bool,
    date: date.fromisoformat,
    datetime: datetime.fromisoformat,
    time: time.fromisoformat,
    Decimal: Decimal,
    PartialDate: PartialDate.parse,
}
_UNREADABLE = (KnownError, ValueError, InvalidOperation)
"""What the conversions raise for a text that is not of their type."""

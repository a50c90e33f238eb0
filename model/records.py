"""Records and their rows: one frozen dataclass a table, its fields named as the columns.

A record says where it is kept with `TABLE`. Dates, partial dates, decimals and truth values are
themselves in a record and text or numbers in the row; the one conversion stands here.
"""

from collections.abc import Callable, Mapping
from dataclasses import fields, replace
from datetime import date, datetime, time
from decimal import Decimal
from functools import cache
from types import NoneType, UnionType
from typing import Any, ClassVar, Protocol, TypeVar, Union, get_args, get_origin, get_type_hints

from model.asking import Asks
from model.dates import PartialDate
from model.errors import Conflict, InvalidRecord
from model.step import Step


class Record(Protocol):
    """What every record has: its table, and its id once it was saved."""

    TABLE: ClassVar[str]
    __dataclass_fields__: ClassVar[dict[str, Any]]

    @property
    def id(self) -> int | None:
        """The row's id; None before the record was saved."""
        ...


R = TypeVar("R", bound=Record)


def to_row(record: Record) -> dict[str, Any]:
    """A record's values as its table keeps them, by column."""
    return {field.name: _kept(getattr(record, field.name)) for field in fields(record)}


def from_row(kind: type[R], row: Mapping[str, Any]) -> R:
    """The record that a row holds; columns that the record does not name are passed over."""
    names, _ = _readers(kind)
    return _made(kind, {name: row[name] for name in names})


def select(asks: Asks, kind: type[R], rest: str) -> list[R]:
    """The records of a question: `rest` is what follows the columns, `from …`.

    Only their columns are asked for, so that very many need not be gone through twice.
    """
    names, _ = _readers(kind)
    columns = ", ".join(f"{kind.TABLE}.{name}" for name in names)
    return [_made(kind, row) for row in asks.rows(f"select {columns} {rest}")]


def _made(kind: type[R], values: dict[str, Any]) -> R:
    for name, read in _readers(kind)[1]:
        if values[name] is not None:
            values[name] = read(values[name])
    return kind(**values)


def keep(step: Step, record: R) -> R:
    """Put a record into its table as it is; gives it back with its id.

    Rules are the caller's: this is what a module's `save` ends with.
    """
    row_id = step.put(record.TABLE, to_row(record))
    return replace(record, id=row_id)


def refuse_copy(asks: Asks, record: Any) -> None:
    """Raise InvalidRecord when the patient has the very same record already."""
    rows = asks.rows(
        f"select * from {record.TABLE} where patient_id = :patient_id and deleted_at is null",
        patient_id=record.patient_id,
    )
    others = (from_row(type(record), row) for row in rows if row["id"] != record.id)
    if any(replace(other, id=record.id) == record for other in others):
        raise InvalidRecord({"record": "This is recorded already, word for word."})


def find(asks: Asks, kind: type[R], record_id: int) -> R | None:
    """The record with an id, unless it is in the bin."""
    rows = asks.rows(
        f"select * from {kind.TABLE} where id = :id and deleted_at is null", id=record_id
    )
    return from_row(kind, rows[0]) if rows else None


def remove(step: Step, record: Record) -> None:
    """Put a saved record into the bin; raises Conflict when it was never saved."""
    if record.id is None:
        raise Conflict("This record was never saved.")
    step.remove(record.TABLE, record.id)


def _kept(value: Any) -> Any:
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
def _readers(kind: type[Record]) -> tuple[list[str], list[tuple[str, Callable[[Any], Any]]]]:
    """A record's fields, and those whose values are read from what their column keeps."""
    hints = get_type_hints(kind)
    names = [field.name for field in fields(kind)]
    meant = [(name, _meant(hints[name])) for name in names]
    return names, [(name, _READ[of]) for name, of in meant if of in _READ]


def _meant(hint: Any) -> Any:
    """The type beside None in `X | None`, and a plain type as it is."""
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

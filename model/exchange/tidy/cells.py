"""Cells of a tidy folder: values as text and back, so that nothing is lost on the way."""

import re
from collections.abc import Callable
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from model.cells import neutralised, restored
from model.cohort import numbers
from model.dates import PartialDate
from model.errors import KnownError
from model.exchange.tidy.columns import Column, Kind
from model.language import _
from model.reference import analytes

_NUMBER = re.compile(r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,2})?", re.ASCII)
_INTEGER = re.compile(r"[+-]?\d{1,9}", re.ASCII)
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_TIME = re.compile(r"(\d{2}:\d{2})(?::00)?", re.ASCII)
_DATE_TIME = re.compile(r"(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2})(?::00)?", re.ASCII)
_MBQ_DIGITS = {"MBq": 0, "GBq": 3}


class UnreadableError(ValueError):
    """A cell that does not fit its column; the text gives the reason in one sentence."""


def read(column: Column, cell: str) -> Any:
    """Return the value of a cell; None for an empty one. Raises UnreadableError.

    A result is a pair of comparator and value; an activity is a Decimal in the row's unit.
    """
    if not cell:
        return None
    if column.kind is Kind.TEXT:
        return restored(cell)
    if column.kind is Kind.ANALYTE:
        return _analyte(restored(cell))
    cell = cell.strip()
    return _READERS[column.kind](cell, column) if cell else None


def written(column: Column, value: Any) -> str:
    """Return the cell for a value: the inverse of `read`."""
    return "" if value is None else writer(column)(value)


def writer(column: Column) -> Callable[[Any], str]:
    """Return the function that writes the values of a column, except None."""
    return _WRITERS.get(column.kind, str)


def in_mbq(activity: Decimal, unit: str) -> float:
    """Convert an activity as written in MBq or GBq to MBq, to the last digit."""
    return float(activity.scaleb(_MBQ_DIGITS[unit]))


def from_mbq(mbq: float, unit: str) -> Decimal:
    """Convert an activity in MBq to the unit in which it is written: exact inverse of `in_mbq`."""
    return Decimal(repr(mbq)).scaleb(-_MBQ_DIGITS[unit])


def _code(cell: str, column: Column) -> str:
    if cell in column.codes:
        return cell
    # In practice the CTCAE versions are called 5 and 6.
    if f"{cell}.0" in column.codes:
        return f"{cell}.0"
    raise UnreadableError(
        _("“{value}” is not one of {codes}.").format(value=cell, codes=", ".join(column.codes))
    )


def _analyte(text: str) -> str:
    analyte = analytes.find(text)
    return analyte.key if analyte else text


def _integer(cell: str, _column: Column) -> int:
    if _INTEGER.fullmatch(cell):
        return int(cell)
    raise UnreadableError(_("“{cell}” is not a whole number.").format(cell=cell))


def _decimal(cell: str, _column: Column) -> Decimal:
    if _NUMBER.fullmatch(cell):
        return Decimal(cell)
    if _NUMBER.fullmatch(cell.replace(",", ".", 1)):
        text = _("“{cell}” is not a number: write it with a decimal point, not a comma.")
    else:
        text = _("“{cell}” is not a number.")
    raise UnreadableError(text.format(cell=cell))


def _number(cell: str, column: Column) -> float:
    return float(_decimal(cell, column))


def _result(cell: str, column: Column) -> tuple[str | None, Decimal]:
    if cell[0] in "<>":
        return cell[0], _decimal(cell[1:].strip(), column)
    return None, _decimal(cell, column)


def _date(cell: str, _column: Column) -> date:
    if _DATE.fullmatch(cell):
        return _partial(cell).earliest
    raise UnreadableError(_("“{cell}” is not a date: write it like 2023-12-31.").format(cell=cell))


def _partial_date(cell: str, _column: Column) -> PartialDate:
    return _partial(cell)


def _partial(cell: str) -> PartialDate:
    try:
        return PartialDate.parse(cell)
    except KnownError as error:
        reason = str(error)
        if cell not in reason:
            reason = _("“{cell}” is not a date: {reason}").format(cell=cell, reason=reason)
        raise UnreadableError(reason) from error


def _time(cell: str, _column: Column) -> time:
    match = _TIME.fullmatch(cell)
    try:
        if match:
            return time.fromisoformat(match[1])
    except ValueError:
        pass
    raise UnreadableError(_("“{cell}” is not a time: write it like 09:30.").format(cell=cell))


def _date_time(cell: str, column: Column) -> datetime:
    match = _DATE_TIME.fullmatch(cell)
    if not match:
        raise UnreadableError(
            _("“{cell}” is not a date and time: write it like 2023-12-31T09:30.").format(cell=cell)
        )
    return datetime.combine(_date(match[1], column), _time(match[2], column))


def _yes_no(cell: str, _column: Column) -> bool:
    if cell.upper() in ("Y", "N"):
        return cell.upper() == "Y"
    raise UnreadableError(_("“{value}” is not one of {codes}.").format(value=cell, codes="Y, N"))


def _written_number(value: float) -> str:
    text = format(Decimal(repr(value)), "f")
    return text.removesuffix(".0")


def _written_activity(value: Decimal) -> str:
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _written_analyte(key: str) -> str:
    analyte = analytes.find(key)
    return analyte.key.upper() if analyte else neutralised(key)


def _written_result(value: tuple[str | None, Decimal]) -> str:
    comparator, number = value
    return f"{comparator or ''}{number}"


_READERS: dict[Kind, Callable[[str, Column], Any]] = {
    Kind.CODE: _code,
    Kind.INTEGER: _integer,
    Kind.NUMBER: _number,
    Kind.AS_WRITTEN: _decimal,
    Kind.RESULT: _result,
    Kind.ACTIVITY: _decimal,
    Kind.DATE: _date,
    Kind.PARTIAL_DATE: _partial_date,
    Kind.TIME: _time,
    Kind.DATE_TIME: _date_time,
    Kind.YES_NO: _yes_no,
}

_WRITERS: dict[Kind, Callable[[Any], str]] = {
    Kind.TEXT: neutralised,
    Kind.ANALYTE: _written_analyte,
    Kind.NUMBER: _written_number,
    Kind.PERCENT: numbers.csv_percent,
    Kind.ESTIMATE: numbers.csv_estimate,
    Kind.RESULT: _written_result,
    Kind.ACTIVITY: _written_activity,
    Kind.TIME: lambda value: f"{value:%H:%M}",
    Kind.DATE_TIME: lambda value: f"{value:%Y-%m-%dT%H:%M}",
    Kind.YES_NO: lambda value: "Y" if value else "N",
}

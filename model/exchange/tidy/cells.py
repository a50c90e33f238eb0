"""Cells of a tidy folder: values as text and back, so that nothing is lost on the way."""

import re
from collections.abc import Callable
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from model.cells import neutralise, restore
from model.cohort import numbers
from model.dates import PartialDate
from model.errors import KnownError
from model.exchange.tidy.columns import Column, Kind
from model.language import _
from model.records.labs import spell_analyte
from model.reference import analytes
from model.reference.proliferation import Ki67, parse_ki67
from model.reference.vocabulary import Vocabulary
from model.reference.written_numbers import ambiguity

_YES_NO = Vocabulary(
    "Y", "N", synonyms={"Y": ("yes", "true", "1", "ja"), "N": ("no", "false", "0", "nein")}
)
_LONGEST_NUMBER = 400
"""Characters: more than any floating-point number in full; a longer one would take seconds."""
_LONGEST_QUOTE = 100
"""Characters of a cell that a sentence quotes."""
_MBQ_DIGITS = {"MBq": 0, "GBq": 3}


class UnreadableError(ValueError):
    """A cell that does not fit its column; the text gives the reason in one sentence."""


def read(column: Column, cell: str) -> Any:
    """Return the value of a cell; None for an empty one. Raises UnreadableError.

    A result is a pair of comparator and value, an activity a Decimal in the row's unit; a Ki-67 is
    read into `Ki67`, and written as a number or as the text that it was written as.
    """
    if not cell:
        return None
    if column.kind is Kind.TEXT:
        text = restore(cell)
        return column.words.spell(text) or None if column.codes else text
    if column.kind is Kind.ANALYTE:
        return spell_analyte(restore(cell))
    cell = cell.strip()
    if not cell:
        return None
    if column.kind is Kind.CODE:
        return _code(cell, column.words)
    if column.kind is Kind.YES_NO:
        return _code(cell, _YES_NO) == "Y"
    if column.kind is Kind.RESULT:
        comparator = cell[0] if cell[0] in "<>" else None
        return comparator, _parsed(Kind.AS_WRITTEN, cell[1:].strip() if comparator else cell)
    if column.kind is Kind.KI67:
        return _ki67(restore(cell))
    return _parsed(column.kind, cell)


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


def _code(cell: str, codes: Vocabulary) -> str:
    if (code := codes.find(cell)) is not None:
        return code
    text = _("“{value}” is not one of {codes}.")
    raise UnreadableError(text.format(value=cell, codes=", ".join(codes)))


def _ki67(cell: str) -> Ki67:
    try:
        return parse_ki67(cell)
    except KnownError as error:
        raise UnreadableError(str(error)) from error


def _parsed(kind: Kind, cell: str) -> Any:
    pattern, parse, problem = _FORMATS[kind]
    is_number = pattern == _NUMBER and len(cell) <= _LONGEST_NUMBER
    if (is_number or pattern != _NUMBER) and re.fullmatch(pattern, cell, re.ASCII):
        try:
            return parse(cell)
        except UnreadableError:
            raise
        except ValueError:
            pass
    elif is_number and (readings := ambiguity(cell)):
        raise UnreadableError(readings)
    elif is_number and re.fullmatch(pattern, cell.replace(",", ".", 1), re.ASCII):
        problem = _("“{cell}” is not a number: write it with a decimal point, not a comma.")
    raise UnreadableError(problem.format(cell=cell[:_LONGEST_QUOTE]))


def _partial(cell: str) -> PartialDate:
    try:
        return PartialDate.parse(cell)
    except KnownError as error:
        reason = str(error)
        if cell not in reason:
            reason = _("“{cell}” is not a date: {reason}").format(cell=cell, reason=reason)
        raise UnreadableError(reason) from error


def _date(cell: str) -> date:
    return _partial(cell).earliest


def _date_time(cell: str) -> datetime:
    return datetime.combine(_date(cell[:10]), _parsed(Kind.TIME, cell[11:]))


def _written_number(value: float) -> str:
    text = format(Decimal(repr(value)), "f")
    return text.removesuffix(".0")


def _written_activity(value: Decimal) -> str:
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def _written_analyte(key: str) -> str:
    analyte = analytes.find(key)
    return analyte.key.upper() if analyte else neutralise(key)


_NUMBER = r"[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d{1,2})?"
_DATE, _TIME = r"\d{4}-\d{2}-\d{2}", r"\d{2}:\d{2}(?::00)?"
_NOT_A_NUMBER = _("“{cell}” is not a number.")

_FORMATS: dict[Kind, tuple[str, Callable[[str], Any], str]] = {
    Kind.INTEGER: (r"[+-]?\d{1,9}", int, _("“{cell}” is not a whole number.")),
    Kind.NUMBER: (_NUMBER, float, _NOT_A_NUMBER),
    Kind.AS_WRITTEN: (_NUMBER, Decimal, _NOT_A_NUMBER),
    Kind.ACTIVITY: (_NUMBER, Decimal, _NOT_A_NUMBER),
    Kind.DATE: (_DATE, _date, _("“{cell}” is not a date: write it like 2023-12-31.")),
    Kind.PARTIAL_DATE: (r"(?s:.*)", _partial, ""),
    Kind.TIME: (_TIME, time.fromisoformat, _("“{cell}” is not a time: write it like 09:30.")),
    Kind.DATE_TIME: (
        f"{_DATE}[T ]{_TIME}",
        _date_time,
        _("“{cell}” is not a date and time: write it like 2023-12-31T09:30."),
    ),
}
"""The pattern of a cell, what reads it, and the sentence for one that does not fit."""

_WRITERS: dict[Kind, Callable[[Any], str]] = {
    Kind.TEXT: neutralise,
    Kind.ANALYTE: _written_analyte,
    Kind.NUMBER: _written_number,
    Kind.KI67: lambda value: (
        neutralise(value) if isinstance(value, str) else _written_number(value)
    ),
    Kind.PERCENT: numbers.csv_percent,
    Kind.ESTIMATE: numbers.csv_estimate,
    Kind.RESULT: lambda value: f"{value[0] or ''}{value[1]}",
    Kind.ACTIVITY: _written_activity,
    Kind.TIME: lambda value: f"{value:%H:%M}",
    Kind.DATE_TIME: lambda value: f"{value:%Y-%m-%dT%H:%M}",
    Kind.YES_NO: lambda value: "Y" if value else "N",
}

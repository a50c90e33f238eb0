"""The tables of a pseudonymised export: their columns, and what each becomes.

Only columns named in `records/kinds` are written: a column that is added to a table stays out
until somebody has reviewed it. Dates become days since day zero. Where only the year or month of a
date is known, it becomes whole years or months, with the unit in a column of its own. Times of day
are left out.
"""

from collections.abc import Iterator
from dataclasses import replace

from model.dates import DAYS
from model.exchange.tidy import layout
from model.exchange.tidy.columns import CODE, DATE, INTEGER, PARTIAL_DATE, Column, Kind, Table
from model.exchange.tidy.patient_tables import PATIENTS
from model.records.kinds import KINDS

DAY_ZERO = Column(
    "day_zero",
    CODE,
    "What day zero is: T0, the first cycle or as chosen; without T0, the first recorded date; empty"
    " if no whole date is recorded",
    codes=("first_cycle", "chosen", "first_of_nuclide", "diagnosis", "recorded", "first_record"),
    derived=True,
)
UNITS = (DAYS, "months", "years")
"""Units of the time since day zero: coarser than days for a date that is only partly known."""

_ONCE_WHOLE = {("toxicities", "onset")}
"""Columns that had whole dates only when they were released: they keep their column of days."""

_CODE_MEANING = (
    "Code of the patient, made for this export; only the casebook can resolve it. For analysis: a"
    " folder with days in place of dates cannot be imported into a casebook"
)


def day_name(column: Column) -> str:
    """Return the name of the column for the day of a date: `day`, `onset_day`."""
    return "day" if column.name == "date" else f"{_stem(column)}_day"


def partial_names(column: Column) -> tuple[str, str]:
    """Return the names of the columns for a partial date: time since day zero, and its unit."""
    return f"{_stem(column)}_since_t0", f"{_stem(column)}_unit"


def _stem(column: Column) -> str:
    return "taken" if column.name == "date" else column.name.removesuffix("_on")


def _day_column(column: Column) -> Column:
    meaning = f"{column.meaning}: days since day zero"
    if column.kind is PARTIAL_DATE:
        meaning += "; empty if only the month or year is known"
    return replace(column, name=day_name(column), kind=INTEGER, unit="days", meaning=meaning)


def _columns(table: Table, names: tuple[str, ...]) -> Iterator[Column]:
    for column in map(table.column, names):
        if column.name == "patient_id":
            yield replace(column, meaning=_CODE_MEANING)
        elif column.name == "age_at_index":
            meaning = (
                "Age in whole years on day zero; 90+ for all who were over 89 then or on any later"
                " recorded day"
            )
            yield replace(column, kind=Kind.AGE, meaning=meaning, derived=True)
        elif column.kind is DATE:
            yield _day_column(column)
        elif column.kind is PARTIAL_DATE:
            if (table.name, column.name) in _ONCE_WHOLE:
                yield _day_column(column)
            since, unit = partial_names(column)
            meaning = f"{column.meaning}: whole units of time since day zero"
            yield replace(column, name=since, kind=INTEGER, unit=f"see {unit}", meaning=meaning)
            meaning = f"{column.meaning}: unit; months or years if only those are known"
            yield Column(unit, CODE, meaning, field=None, codes=UNITS)
        else:
            yield column
    if table is PATIENTS:
        yield DAY_ZERO


TABLES = {
    table.name: replace(table, columns=tuple(_columns(table, kind.pseudonymised)), record=None)
    for kind, table in zip(KINDS, layout.TABLES, strict=False)
    if kind.pseudonymised
}
"""The tables as a pseudonymised export writes them, by name."""

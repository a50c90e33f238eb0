"""The tables of a pseudonymised export: which columns it holds, and what they have become.

A column that is not named in `records/kinds` is not written, so that one that is added to a table
later stays out until somebody has judged it. Days since day zero stand in place of dates; of a date
of which only the year or month is known, whole years or months, marked as such. Times of day are
left out.
"""

from collections.abc import Iterator
from dataclasses import replace

from model.exchange.tidy import layout
from model.exchange.tidy.columns import Column, Kind, Table
from model.records.kinds import KINDS

DAY_ZERO = Column(
    name="day_zero",
    kind=Kind.CODE,
    codes=("first_cycle", "chosen", "first_of_nuclide", "diagnosis", "recorded", "first_record"),
    meaning="What day zero is: T0, by the first cycle or as it was chosen; where there is no T0,"
    " the first day of which anything is recorded; empty where no whole date is",
    derived=True,
)
UNITS = ("days", "months", "years")
"""In what the time of a date is said: coarser than days where it is only partly known."""

_TABLES = [
    (table, kind.pseudonymised)
    for kind, table in zip(KINDS, layout.TABLES, strict=False)
    if kind.pseudonymised
]
_CODE_MEANING = (
    "Code of the patient, made for this export; the casebook keeps whose it is. Made for analysis:"
    " a folder with days in place of dates cannot be imported into a casebook"
)


def day_name(column: Column) -> str:
    """The name of the column that holds the day of a date: `day`, `onset_day`."""
    return "day" if column.name == "date" else f"{_stem(column)}_day"


def partial_names(column: Column) -> tuple[str, str]:
    """The names of the columns for a date that may be partial: time since day zero, its unit."""
    return f"{_stem(column)}_since_t0", f"{_stem(column)}_unit"


def _stem(column: Column) -> str:
    return "taken" if column.name == "date" else column.name.removesuffix("_on")


def _columns(table: Table, kept: tuple[str, ...]) -> Iterator[Column]:
    for column in map(table.column, kept):
        if column.name == "patient_id":
            yield replace(column, meaning=_CODE_MEANING)
        elif column.name == "age_at_index":
            meaning = (
                "Age in whole years on day zero; 90+ for all who were over 89 then or on any later"
                " day that is recorded"
            )
            yield replace(column, kind=Kind.AGE, meaning=meaning, derived=True)
        elif column.kind is Kind.DATE:
            meaning = f"{column.meaning}: in days since day zero"
            yield replace(
                column, name=day_name(column), kind=Kind.INTEGER, unit="days", meaning=meaning
            )
        elif column.kind is Kind.PARTIAL_DATE:
            since, unit = partial_names(column)
            said = "what the unit beside it says"
            meaning = f"{column.meaning}: since day zero, in {said}; whole"
            yield replace(column, name=since, kind=Kind.INTEGER, unit=said, meaning=meaning)
            yield Column(
                name=unit,
                kind=Kind.CODE,
                codes=UNITS,
                meaning=f"{column.meaning}: months or years where no more is known of it",
            )
        else:
            yield column
    if table is layout.PATIENTS:
        yield DAY_ZERO


TABLES: dict[str, tuple[Table, Table]] = {
    table.name: (table, replace(table, columns=tuple(_columns(table, kept)), record=None))
    for table, kept in _TABLES
}
"""Each table as the casebook exports it, and as it is pseudonymised; by name."""

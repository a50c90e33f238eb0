"""What the columns of all tables have in common, and the list of migrations.

Dates are ISO text: `…_on` columns hold whole dates, those checked by `is_partial_date` also `2021`
or `2021-03`. Times are `2024-03-07T09:30`. Missing is NULL. Activities are in MBq. Every table that
a person writes to has `changed_at`, `deleted_at` (set: in the bin) and `batch_id` (set: imported
with that batch).
"""

from sqlite_utils.migrations import Migrations

migrations = Migrations("theralog")
"""A released migration is never changed; new ones are appended, each in a module of its own."""


def is_date(column: str) -> str:
    """Return a check that a column is an existing date, or NULL."""
    return f"check ({column} is null or date({column}) is {column})"


def is_partial_date(column: str) -> str:
    """Return a check that a column is a year, a month or an existing date, or NULL."""
    whole = f"substr({column} || '-01-01', 1, 10)"
    return (
        f"check ({column} is null or (length({column}) in (4, 7, 10) and date({whole}) is {whole}))"
    )


def is_time(column: str) -> str:
    """Return a check that a column is a date with hour and minute, or NULL."""
    return f"check ({column} is null or strftime('%Y-%m-%dT%H:%M', {column}) is {column})"


COMMON = """
    changed_at text not null,
    deleted_at text,
    batch_id integer references batch"""

OF_PATIENT = "patient_id integer not null references patient"

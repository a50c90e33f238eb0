"""The casebook's tables, as the migrations that create them, in order."""

import sqlite3
from functools import cache

from sqlite_utils import Database

from model.store.reader import Reader
from model.store.schema import (
    m001_first_casebook,
    m002_to_m004_cohorts,
    m005_laboratories_and_intervals,
    m006_trust,
)
from model.store.schema.columns import migrations

__all__ = [
    "m001_first_casebook",
    "m002_to_m004_cohorts",
    "m005_laboratories_and_intervals",
    "m006_trust",
    "migrations",
]

APPLICATION_ID = 0x7468_6C67  # "thlg"


def known_migrations() -> list[str]:
    """Return the names of the migrations that this version can apply, in order."""
    return [each.name for each in migrations._migrations]


def is_current(reader: Reader) -> bool:
    """Return whether a casebook has had all migrations of this version."""
    rows = reader.rows("select name from _sqlite_migrations where migration_set = 'theralog'")
    return {row["name"] for row in rows} == set(known_migrations())


def objects(reader: Reader) -> dict[str, str]:
    """Return the definition of each table, index and trigger of a casebook by name."""
    rows = reader.rows("select name, sql from sqlite_schema where sql is not null")
    return {row["name"]: row["sql"] for row in rows if not row["name"].startswith("_sqlite")}


@cache
def objects_of_new_casebook() -> dict[str, str]:
    """Return the definitions that a casebook of this version must have."""
    db = Database(sqlite3.connect(":memory:"))
    migrations.apply(db)
    return objects(Reader(db))

"""What a tidy folder is made of: tables, and columns that say what their cells mean."""

from dataclasses import dataclass
from enum import StrEnum

from model.store.rows import Record


class Kind(StrEnum):
    """How a cell is written, as the codebook names it."""

    TEXT = "text"
    CODE = "code"
    ANALYTE = "analyte"
    INTEGER = "integer"
    NUMBER = "number"
    AS_WRITTEN = "number as written"
    PERCENT = "number with one decimal"
    ESTIMATE = "number with up to six significant digits"
    RESULT = "number with < or >"
    ACTIVITY = "activity"
    DATE = "date"
    PARTIAL_DATE = "partial date"
    TIME = "time"
    DATE_TIME = "date and time"
    YES_NO = "yes or no"
    AGE = "whole number, or 90+"


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One column: how its cells are written, and what they mean."""

    name: str
    kind: Kind = Kind.TEXT
    meaning: str
    field: str | None = None
    """The field of the record that holds it; None for what leads to other records or is derived."""
    unit: str = ""
    codes: tuple[str, ...] = ()
    """What may stand in it; for a text, what is usual."""
    filled: bool = False
    """No cell may be empty."""
    derived: bool = False
    """Follows from the records: written on export, checked where it is given on import."""
    added: bool = False
    """May be absent on import: then all its cells are empty."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """One file of the folder."""

    name: str
    meaning: str
    columns: tuple[Column, ...]
    record: type[Record] | None = None
    key: tuple[str, ...] = ()
    """The columns that no two rows share; without any, no two rows are wholly equal."""
    always: bool = True
    """Written even when it holds no row."""

    @property
    def file(self) -> str:
        """The name of the file."""
        return f"{self.name}.csv"

    @property
    def header(self) -> list[str]:
        """The names of the columns in their order."""
        return [column.name for column in self.columns]

    def column(self, name: str) -> Column:
        """The column with a name."""
        return next(column for column in self.columns if column.name == name)

    def column_of(self, field: str) -> str | None:
        """The name of the column that holds a field of the record, if one does."""
        return next((column.name for column in self.columns if column.field == field), None)

"""The parts of a tidy folder: tables, and columns that describe their cells."""

from dataclasses import KW_ONLY, dataclass
from enum import StrEnum

from model.reference.vocabulary import Vocabulary
from model.store.rows import Record


class Kind(StrEnum):
    """How a cell is written, with its name in the codebook."""

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
    KI67 = "Ki-67: number, or <2, >20, 20-25"


TEXT, CODE, ANALYTE, KI67 = Kind.TEXT, Kind.CODE, Kind.ANALYTE, Kind.KI67
INTEGER, NUMBER, AS_WRITTEN, RESULT = Kind.INTEGER, Kind.NUMBER, Kind.AS_WRITTEN, Kind.RESULT
PERCENT, ESTIMATE, ACTIVITY, YES_NO = Kind.PERCENT, Kind.ESTIMATE, Kind.ACTIVITY, Kind.YES_NO
DATE, PARTIAL_DATE, TIME, DATE_TIME = Kind.DATE, Kind.PARTIAL_DATE, Kind.TIME, Kind.DATE_TIME


@dataclass(frozen=True, slots=True)
class Column:
    """One column: how its cells are written, and what they mean."""

    name: str
    kind: Kind
    meaning: str
    _: KW_ONLY
    field: str | None = ""
    """The record's field, by default the one of the same name; None for a link to other records."""
    unit: str = ""
    codes: tuple[str, ...] = ()
    """The values that are allowed; for a text, the usual ones."""
    filled: bool = False
    """No cell may be empty. On import all other columns may be missing: their cells are empty."""
    derived: bool = False
    """Follows from the records: written on export, checked on import if given."""

    @property
    def words(self) -> Vocabulary:
        """The codes, which a cell may hold in any spelling."""
        return self.codes if isinstance(self.codes, Vocabulary) else Vocabulary(*self.codes)

    def __post_init__(self) -> None:
        if self.field == "":
            object.__setattr__(self, "field", None if self.derived else self.name)


PATIENT = Column("patient_id", TEXT, "Study code of the patient", field=None, filled=True)
COMMENT = Column("comment", TEXT, "Comment in free text")
ECOG = Column("ecog", INTEGER, "ECOG performance status, 0 to 5")
WEIGHT = Column("weight_kg", NUMBER, "Body weight", unit="kg")


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """One file of the folder."""

    name: str
    meaning: str
    columns: tuple[Column, ...]
    record: type[Record] | None = None
    key: tuple[str, ...] = ()
    """The columns in which no two rows are equal; without any, no two rows are equal throughout."""
    always: bool = True
    """Written even without rows."""
    ordinal: tuple[str, tuple[str, ...]] | None = None
    """A column that counts the rows of equal values in others; without it they count in order."""

    @property
    def file(self) -> str:
        """Return the name of the file."""
        return f"{self.name}.csv"

    @property
    def header(self) -> list[str]:
        """Return the names of the columns in order."""
        return [column.name for column in self.columns]

    def counts(self, column: Column) -> bool:
        """Return whether a column is the ordinal one, whose numbers follow from the order."""
        return self.ordinal is not None and self.ordinal[0] == column.name

    def column(self, name: str) -> Column:
        """Return the column with a name."""
        return next(column for column in self.columns if column.name == name)

    def column_of(self, field: str) -> str | None:
        """Return the name of the column with a field of the record, if there is one."""
        return next((column.name for column in self.columns if column.field == field), None)

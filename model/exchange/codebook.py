"""`codebook.csv`: every column of every file of an export, and what it means."""

from collections.abc import Iterable, Iterator

from model.cells import neutralise
from model.exchange import cohort_files
from model.exchange.tidy import layout
from model.exchange.tidy.columns import INTEGER, TEXT, YES_NO, Column, Table

CODEBOOK = Table(
    name="codebook",
    meaning="One row per column of a file",
    columns=(
        Column("file", TEXT, "Name of the file", field=None),
        Column("column", TEXT, "Name of the column", field=None),
        Column("type", TEXT, "How its cells are written; dates are ISO 8601", field=None),
        Column("unit", TEXT, "Unit of its values", field=None),
        Column(
            "codes",
            TEXT,
            "The values that are allowed; for free text, the usual ones only",
            field=None,
        ),
        Column("meaning", TEXT, "What it contains", field=None),
        Column(
            "derived",
            YES_NO,
            "Whether it follows from other columns: on import it is checked, not stored",
            field=None,
        ),
    ),
)

FIGURES = Table(
    name="figures",
    meaning="One row per figure, whose file is in the folder figures",
    columns=(Column("file", TEXT, "Name of its file in the folder figures", derived=True),),
)

JOURNAL_ANCHOR = Table(
    name="journal_anchor",
    meaning="The newest entry of the casebook's journal, for check --against",
    columns=(
        Column("sequence", INTEGER, "Number of the entry", derived=True),
        Column("hash", TEXT, "Its hash, which follows from all entries up to it", derived=True),
        Column("day", TEXT, "Its day in UTC; empty where pseudonymised", derived=True),
    ),
)

COHORT_TABLES = (
    cohort_files.SUMMARY,
    *(each.table for each in cohort_files.FILES),
    cohort_files.DEFINITIONS,
    FIGURES,
)
"""The files about the cohort as a whole."""

FILES = (*layout.TABLES, *COHORT_TABLES, JOURNAL_ANCHOR, CODEBOOK)
"""All files that an export can contain."""


def rows(tables: Iterable[Table], suffix: str = ".csv") -> Iterator[list[str]]:
    """Yield the cells of the codebook of some files; sheets of a workbook have no suffix."""
    for table in tables:
        for column in table.columns:
            codes = ("Y", "N") if column.kind is YES_NO else column.codes
            cells = (
                f"{table.name}{suffix}",
                column.name,
                column.kind.value,
                column.unit,
                " | ".join(codes),
                column.meaning,
                "Y" if column.derived else "N",
            )
            yield [*map(neutralise, cells)]

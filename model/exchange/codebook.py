"""`codebook.csv`: every column of every file of an export, and what it means."""

from collections.abc import Iterable, Iterator

from model.cells import neutralised
from model.exchange import tables_files
from model.exchange.summary_layout import SUMMARY
from model.exchange.tidy import layout as tidy_layout
from model.exchange.tidy.columns import Column, Kind, Table

CODEBOOK = Table(
    name="codebook",
    meaning="One row a column of a file",
    columns=(
        Column(name="file", meaning="Name of the file"),
        Column(name="column", meaning="Name of the column"),
        Column(name="type", meaning="How its cells are written; dates are ISO 8601"),
        Column(name="unit", meaning="Unit of its values"),
        Column(
            name="codes",
            meaning="What may stand in it; of a text, what is usual and not all that may",
        ),
        Column(name="meaning", meaning="What it says"),
        Column(
            name="derived",
            kind=Kind.YES_NO,
            meaning="Whether it follows from other columns: checked, not kept, on import",
        ),
    ),
)

FIGURES = Table(
    name="figures",
    meaning="One row a figure, whose file lies in the folder figures",
    columns=(Column(name="file", meaning="Name of its file in the folder figures", derived=True),),
)

OF_THE_COHORT = (
    SUMMARY,
    *(each.table for each in tables_files.FILES),
    tables_files.DEFINITIONS,
    FIGURES,
)
"""The files that tell of the cohort as a whole."""

FILES = (*tidy_layout.TABLES, *OF_THE_COHORT, CODEBOOK)
"""All files that an export can hold."""


def rows(tables: Iterable[Table], suffix: str = ".csv") -> Iterator[list[str]]:
    """The cells of the codebook of some files; the sheets of a workbook have no suffix."""
    for table in tables:
        for column in table.columns:
            cells = [f"{table.name}{suffix}", *_said_of(column)]
            yield [neutralised(cell) for cell in cells]


def _said_of(column: Column) -> list[str]:
    codes = ("Y", "N") if column.kind is Kind.YES_NO else column.codes
    return [
        column.name,
        column.kind.value,
        column.unit,
        " | ".join(codes),
        column.meaning,
        "Y" if column.derived else "N",
    ]

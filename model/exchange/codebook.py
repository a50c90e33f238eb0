"""`codebook.csv`: every column of every file of an export, and what it means."""

from pathlib import Path

from model.exchange import tidy_layout
from model.exchange.summary_layout import SUMMARY
from model.exchange.tidy_columns import Column, Kind, Table
from model.exchange.tidy_writing import write_csv

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

FILES = (*tidy_layout.TABLES, SUMMARY, CODEBOOK)
"""All files that an export can hold."""


def write(path: Path) -> None:
    """Write the codebook of all files that an export can hold."""
    rows = [_row(table, column) for table in FILES for column in table.columns]
    write_csv(path, CODEBOOK.header, rows)


def _row(table: Table, column: Column) -> list[str]:
    codes = ("Y", "N") if column.kind is Kind.YES_NO else column.codes
    return [
        table.file,
        column.name,
        column.kind.value,
        column.unit,
        " | ".join(codes),
        column.meaning,
        "Y" if column.derived else "N",
    ]

"""The numbers behind a figure as a table, and its form as CSV and as tab-separated text."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Sequence
from typing import NamedTuple

from model import cells
from model.rounding import figures

Cell = str | int | float | None

_FIGURES = 10


class FigureTable(NamedTuple):
    """The values that a figure draws: a name for each column, and the rows."""

    header: tuple[str, ...]
    rows: list[tuple[Cell, ...]]


def csv_of(table: FigureTable) -> str:
    """Return the table as CSV with CRLF; no cell runs as a formula in a spreadsheet."""
    file = io.StringIO(newline="")
    writer = csv.writer(file)
    writer.writerow(table.header)
    writer.writerows(texts(row) for row in table.rows)
    return file.getvalue()


def tab_separated(table: FigureTable) -> str:
    """Return the table as tab-separated text, which can be pasted into a spreadsheet."""
    return cells.tab_separated([table.header, *(map(_plain, row) for row in table.rows)])


def texts(row: Sequence[Cell]) -> list[str]:
    """Return the cells of a row as texts that no spreadsheet runs; unknown values are empty."""
    return [cells.neutralise(cell) if isinstance(cell, str) else _plain(cell) for cell in row]


def _plain(cell: Cell) -> str:
    if cell is None or (isinstance(cell, float) and math.isnan(cell)):
        return ""
    return figures(cell, _FIGURES) if isinstance(cell, float) else f"{cell}"

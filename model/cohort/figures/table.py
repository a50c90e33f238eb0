"""The numbers behind a figure: a header, rows of cells, and the same as CSV."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Sequence
from typing import NamedTuple

from model.cells import neutralised

Cell = str | int | float | None


class FigureTable(NamedTuple):
    """What a figure draws, as a table: one name for each cell of a row."""

    header: tuple[str, ...]
    rows: list[tuple[Cell, ...]]


def csv_of(table: FigureTable) -> str:
    """The table as CSV as the folder has it (CRLF); no cell runs as a formula in a spreadsheet."""
    file = io.StringIO(newline="")
    writer = csv.writer(file)
    writer.writerow(table.header)
    writer.writerows(texts(row) for row in table.rows)
    return file.getvalue()


def tab_separated(table: FigureTable) -> str:
    """The table as a spreadsheet takes it from the clipboard."""
    lines = [table.header, *map(texts, table.rows)]
    return "\n".join("\t".join(" ".join(cell.split()) for cell in line) for line in lines)


def texts(row: Sequence[Cell]) -> list[str]:
    """The cells of a row as they are written: nothing for what is not known, texts neutralised."""
    return [_text(cell) for cell in row]


def _text(cell: Cell) -> str:
    if cell is None or (isinstance(cell, float) and math.isnan(cell)):
        return ""
    if isinstance(cell, str):
        return neutralised(cell)
    return f"{cell:.10g}" if isinstance(cell, float) else f"{cell}"

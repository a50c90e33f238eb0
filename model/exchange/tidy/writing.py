"""The tables of a tidy folder as CSV files; the same records give the same bytes."""

import csv
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import repeat
from pathlib import Path
from typing import Any, Literal

from model.exchange.tidy import values
from model.exchange.tidy.cells import writer
from model.exchange.tidy.columns import Table
from model.exchange.tidy.values import Columns
from model.records.contents import Contents

Encoding = Literal["utf-8", "utf-8-sig"]

_AT_ONCE = 1_000  # rows whose cells are in memory together


class CsvFiles:
    """CSV files in a folder, one for each table; `files` are the names of those written."""

    def __init__(self, folder: Path, *, with_bom: bool = False) -> None:
        """Into an existing folder; `with_bom` marks each file as UTF-8 for spreadsheets."""
        self._folder = folder
        self._encoding: Encoding = "utf-8-sig" if with_bom else "utf-8"
        self.files: list[str] = []

    def put(self, table: Table, rows: Iterable[Sequence[str]]) -> None:
        """Write a table from its cells."""
        write_csv(self._folder / table.file, table.header, rows, encoding=self._encoding)
        self.files.append(table.file)

    def finish(self) -> None:
        """Do nothing: each file is complete once it was put."""

    def close(self) -> None:
        """Do nothing: no file is open."""


def write(folder: Path, contents: Contents) -> list[str]:
    """Write all tables into a folder and return the names of the files.

    Tables beyond the first layout are left out if they have no row. The files of key images are
    written by `pictures.write`.
    """
    files = CsvFiles(folder)
    for table, columns in values.tables(contents):
        rows = [*cells(table, columns)]
        if rows or table.always:
            files.put(table, rows)
    return files.files


def write_csv(
    path: Path,
    header: Sequence[str],
    rows: Iterable[Sequence[str]],
    *,
    encoding: Encoding = "utf-8",
) -> None:
    """Write a CSV file: lines end in CRLF, quotes only where needed.

    `utf-8-sig` begins with the byte order mark by which some spreadsheets recognise UTF-8.
    """
    with path.open("w", encoding=encoding, newline="") as file:
        lines = csv.writer(file)
        lines.writerow(header)
        # Not all in one call: that would block every other thread until it returns.
        for row in rows:
            lines.writerow(row)


def cells(table: Table, columns: Columns) -> Iterator[tuple[str, ...]]:
    """Yield the cells of a table from its values, row by row."""
    size = max(map(len, columns.values()), default=0)
    written = [(columns.get(column.name), writer(column)) for column in table.columns]
    for start in range(0, size, _AT_ONCE):
        part = slice(start, min(start + _AT_ONCE, size))
        # Column by column: most cells of a folder are empty, in some columns all of them.
        yield from zip(
            *(
                repeat("", part.stop - start) if column is None else _texts(column[part], write)
                for column, write in written
            ),
            strict=True,
        )


def _texts(values: Sequence[Any], write: Callable[[Any], str]) -> list[str]:
    return ["" if value is None else write(value) for value in values]

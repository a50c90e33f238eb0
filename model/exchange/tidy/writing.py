"""Records written as the tables of a tidy folder; the same records give the same bytes."""

import csv
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import repeat
from pathlib import Path
from typing import Any, Literal

from model.exchange.tidy import cells as tidy_cells
from model.exchange.tidy import values as tidy_values
from model.exchange.tidy.columns import Table
from model.exchange.tidy.values import Columns
from model.records.contents import Contents

_AT_ONCE = 1_000  # rows whose cells are there together


def write(folder: Path, contents: Contents) -> list[str]:
    """Write all tables into a folder; gives back the names of the files.

    Tables beyond the first layout that hold no row are left out. The files of key images are
    written by `tidy_pictures.write`.
    """
    files = []
    for table, columns in tidy_values.tables(contents):
        listed = [*cells(table, columns)]
        if listed or table.always:
            write_csv(folder / table.file, table.header, listed)
            files.append(table.file)
    return files


def write_csv(
    path: Path,
    header: Sequence[str],
    rows: Iterable[Sequence[str]],
    *,
    encoding: Literal["utf-8", "utf-8-sig"] = "utf-8",
) -> None:
    """Write a CSV file as the folder has them: CRLF, quotes only where needed.

    `utf-8-sig` begins it with the mark (BOM) that some spreadsheets know UTF-8 by.
    """
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        # Not all in one call: that would keep every other thread waiting until it has ended.
        for row in rows:
            writer.writerow(row)


def cells(table: Table, columns: Columns) -> Iterator[tuple[str, ...]]:
    """The cells of the values of a table, row by row."""
    size = max(map(len, columns.values()), default=0)
    written = [(columns.get(column.name), tidy_cells.writer(column)) for column in table.columns]
    for start in range(0, size, _AT_ONCE):
        part = slice(start, min(start + _AT_ONCE, size))
        # Column by column: most cells of a folder are empty, and some columns wholly.
        yield from zip(
            *(
                repeat("", part.stop - start) if values is None else _texts(values[part], write)
                for values, write in written
            ),
            strict=True,
        )


def _texts(values: Sequence[Any], write: Callable[[Any], str]) -> list[str]:
    return ["" if value is None else write(value) for value in values]

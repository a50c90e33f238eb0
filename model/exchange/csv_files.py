"""Tables written as CSV files, one a table, into one folder."""

from collections.abc import Iterable, Sequence
from pathlib import Path

from model.exchange.tidy import writing as tidy_writing
from model.exchange.tidy.columns import Table


class CsvFiles:
    """CSV files of a folder, as they are written; `files` are their names."""

    def __init__(self, folder: Path, *, with_bom: bool = False) -> None:
        """Into a folder that is there; `with_bom` marks each file as UTF-8 for spreadsheets."""
        self._folder = folder
        self._with_bom = with_bom
        self.files: list[str] = []

    def put(self, table: Table, rows: Iterable[Sequence[str]]) -> None:
        """Write a table whose cells are written as `tidy_cells` has them."""
        tidy_writing.write_csv(
            self._folder / table.file,
            table.header,
            rows,
            encoding="utf-8-sig" if self._with_bom else "utf-8",
        )
        self.files.append(table.file)

    def finish(self) -> None:
        """Nothing is left to write: each file is whole when it was put."""

    def close(self) -> None:
        """Nothing is open."""

"""The files of a tidy folder as rows of values, with every fault of form on the way.

Faults of form are those of one file by itself: encoding, header, ragged rows, cells that cannot be
read, keys given twice. What rows mean together is not known here.
"""

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from model.exchange.tidy.cells import UnreadableError, read
from model.exchange.tidy.columns import Column, Table
from model.exchange.tidy.layout import TABLES

_BOM = b"\xef\xbb\xbf"
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_LONGEST_CELL = 100_000_000


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """What is wrong in one place of the folder; lines count from 1, the header's line.

    `place` orders faults by file as the folder's tables stand.
    """

    place: int
    line: int
    file: str
    column: str
    text: str

    def __str__(self) -> str:
        line = f", line {self.line}" if self.line else ""
        column = f", column {self.column}" if self.column else ""
        return f"{self.file}{line}{column}: {self.text}"


@dataclass(slots=True)
class Row:
    """One row of a file: its values by column, those that could not be read as None."""

    line: int
    values: dict[str, Any]
    unreadable: set[str]
    """The columns that a fault was already found in."""


@dataclass(slots=True)
class Sheet:
    """One file of the folder, read."""

    table: Table
    rows: list[Row] = field(default_factory=list)
    usable: bool = True
    """Whether all its rows could be read: otherwise rows of other files may seem to lack theirs."""

    def doubtful(self) -> set[str | None]:
        """The patients of whom a row could not be read in full; None among them: anybody."""
        found = {row.values.get("patient_id") for row in self.rows if row.unreadable}
        return found if self.usable else found | {None}


@dataclass(slots=True)
class Faults:
    """The faults found so far, and what is worth a word though it is no fault."""

    found: list[Fault] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def add(self, table: Table, line: int, column: str | None, text: str) -> None:
        """Take note of a fault; line 0 stands for the file as a whole."""
        self.found.append(Fault(TABLES.index(table), line, table.file, column or "", text))


def read_sheet(folder: Path, table: Table, faults: Faults) -> Sheet:
    """The rows of a table's file; none where there is no such file."""
    sheet = Sheet(table)
    path = folder / table.file
    if not path.is_file():
        return sheet
    try:
        content = path.read_bytes()
    except OSError as error:
        faults.add(table, 0, None, f"The file cannot be read: {error.strerror}.")
        sheet.usable = False
        return sheet
    text = _decoded(content, sheet, faults)
    if text is not None:
        _fill(sheet, text, faults)
        _leave_out_copies(sheet, faults)
    return sheet


def _decoded(content: bytes, sheet: Sheet, faults: Faults) -> str | None:
    """The text of a file; lines in another encoding are faults, read as far as they can be."""
    if content.startswith(_UTF_16) or b"\x00\x00" in content[:4]:
        faults.add(
            sheet.table, 1, None, "The file is in UTF-16 or UTF-32: save it as CSV in UTF-8."
        )
        sheet.usable = False
        return None
    content = content.removeprefix(_BOM)
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        sheet.usable = False
    for number, line in enumerate(io.BytesIO(content), start=1):
        try:
            line.decode("utf-8")
        except UnicodeDecodeError as error:
            faults.add(
                sheet.table,
                number,
                None,
                f"This is not UTF-8 (byte {error.start + 1} of the line): save the file as CSV in"
                " UTF-8.",
            )
    return content.decode("utf-8", errors="replace")


def _fill(sheet: Sheet, text: str, faults: Faults) -> None:
    lines = _records(sheet, text, faults)
    first = next(lines, None)
    if first is None:
        faults.add(sheet.table, 1, None, "The file is empty: it needs a line with its columns.")
        sheet.usable = False
        return
    line, header = first
    positions = _positions(sheet, line, header, faults)
    columns = [
        (position, sheet.table.column(name), sheet.table.column(name).filled)
        for name, position in positions.items()
    ]
    nothing = dict.fromkeys(sheet.table.header)
    missing = {
        column.name
        for column in sheet.table.columns
        if column.name not in positions and not column.added
    }
    for line, cells in lines:
        row = Row(line, nothing.copy(), missing.copy())
        ragged = len(cells) != len(header)
        if ragged:
            faults.add(
                sheet.table,
                line,
                None,
                f"The row has {len(cells)} cells and the header {len(header)}.",
            )
            # What stands where is not known: no other fault of this row can be relied on.
            row.unreadable.update(nothing)
            cells += [""] * (len(header) - len(cells))
        _read_cells(sheet.table, row, cells, columns, None if ragged else faults)
        sheet.rows.append(row)


def _records(sheet: Sheet, text: str, faults: Faults) -> Iterator[tuple[int, list[str]]]:
    """Each row with a cell filled, and the line it begins on."""
    # A note can be longer than the 128 kB that the csv module takes for a mistake.
    csv.field_size_limit(_LONGEST_CELL)
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error:
            faults.add(
                sheet.table,
                line,
                None,
                "The quotes of this row do not match; nothing after it was read.",
            )
            sheet.usable = False
            return
        if any(cells):
            yield line, cells


def _positions(sheet: Sheet, line: int, header: list[str], faults: Faults) -> dict[str, int]:
    """Where each column of the table stands in the file."""
    table = sheet.table
    names = [name.strip() for name in header]
    if len(names) == 1 and names[0].count(";") > 1:
        faults.add(
            table, line, None, "The columns are separated by semicolons: save it with commas."
        )
        sheet.usable = False
        return {}
    positions: dict[str, int] = {}
    for position, name in enumerate(names):
        if name in positions:
            faults.add(table, line, name, "The header names this column twice.")
            sheet.usable = False
        elif name in table.header:
            positions[name] = position
        elif name:
            faults.notes.append(f"{table.file}: the column “{name}” is not known and was left out.")
    for column in table.columns:
        if column.name not in positions and not column.added:
            faults.add(table, line, column.name, "The column is missing.")
            sheet.usable = False
    return positions


def _read_cells(
    table: Table,
    row: Row,
    cells: list[str],
    columns: list[tuple[int, Column, bool]],
    faults: Faults | None,
) -> None:
    """Read a row's cells; without `faults`, as far as they can be read."""
    for position, column, filled in columns:
        cell = cells[position]
        problem = None
        if cell:
            try:
                row.values[column.name] = read(column, cell)
            except UnreadableError as error:
                problem = str(error)
        if problem is None and filled and row.values[column.name] is None:
            problem = "The cell is empty."
        if problem and faults:
            row.unreadable.add(column.name)
            faults.add(table, row.line, column.name, problem)


def _leave_out_copies(sheet: Sheet, faults: Faults) -> None:
    """Keep the first of rows that share a key, or all their cells where the table has none."""
    table = sheet.table
    names = table.key or tuple(table.header)
    what = "row" if not table.key else " and ".join(", ".join(names).rsplit(", ", 1))
    seen: dict[tuple[Any, ...], int] = {}
    kept = []
    for row in sheet.rows:
        key = tuple(row.values[name] for name in names)
        first = row.line if row.unreadable.intersection(names) else seen.setdefault(key, row.line)
        if first == row.line:
            kept.append(row)
        else:
            faults.add(
                table, row.line, None, f"This is a duplicate: the same {what} as in line {first}."
            )
    sheet.rows = kept

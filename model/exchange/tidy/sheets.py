"""Reads the files of a tidy folder into rows of values, and finds all faults within a file.

These are its encoding, its header, rows with too few or too many cells, unreadable cells and
duplicate keys. How rows relate to each other is checked in `ties`.
"""

import csv
import io
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from model import input_file
from model.cells import restore
from model.errors import KnownError
from model.exchange.tidy.cells import UnreadableError, read
from model.exchange.tidy.columns import Column, Table
from model.exchange.tidy.layout import TABLES
from model.language import _
from model.reference.analytes import states_fasting
from model.reference.vocabulary import fold

_BOM = b"\xef\xbb\xbf"
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
_LONGEST_SENTENCE = 1_000
"""Characters: the rest is a quoted cell, which no one reads."""


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """One fault in the folder."""

    file_order: int
    """The position of its file in the order of the folder's tables."""
    line: int
    """Lines count from 1, which is the header; 0 stands for the file as a whole."""
    file: str
    column: str
    text: str

    def __str__(self) -> str:
        if not self.line:
            text = _("{file}: {fault}")
        elif not self.column:
            text = _("{file}, line {line}: {fault}")
        else:
            text = _("{file}, line {line}, column {column}: {fault}")
        return text.format(file=self.file, line=self.line, column=self.column, fault=self.text)


@dataclass(slots=True)
class Row:
    """One row of a file: its values by column, None for an unreadable cell."""

    line: int
    values: dict[str, Any]
    unreadable: set[str]
    """The columns that already have a fault."""
    sheet: "Sheet"

    def fault(self, column: str | None, text: str) -> None:
        """Add a fault of this row."""
        self.sheet.fault(self.line, text, column)


@dataclass(slots=True)
class Sheet:
    """The rows of one file of the folder."""

    table: Table
    faults: "Faults"
    rows: list[Row] = field(default_factory=list)
    usable: bool = True
    """Whether all rows could be read; if not, a row that another refers to may be there."""

    def doubtful(self) -> set[str | None]:
        """Return the codes of the patients of whom a row may be missing; None stands for all."""
        codes = {row.values.get("patient_id") for row in self.rows if row.unreadable}
        return codes if self.usable else codes | {None}

    def fault(self, line: int, text: str, column: str | None = None) -> None:
        """Add a fault; line 0 is the file as a whole."""
        self.faults.entries.append(self.described(line, text, column))

    def described(self, line: int, text: str, column: str | None = None) -> Fault:
        """Return a sentence with its place in this file, without the middle if it is very long."""
        if len(text) > _LONGEST_SENTENCE:
            half = _LONGEST_SENTENCE // 2
            text = f"{text[:half]} … {text[-half:]}"
        return Fault(TABLES.index(self.table), line, self.table.file, column or "", text)

    def fail(self, line: int, text: str, column: str | None = None) -> None:
        """Add a fault that makes the sheet unusable."""
        self.fault(line, text, column)
        self.usable = False


@dataclass(slots=True)
class Faults:
    """The faults so far, and notes on what is not a fault."""

    entries: list[Fault] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)


def read_sheet(path: Path | None, table: Table, faults: Faults) -> Sheet:
    """Return the rows of a table's file; none for no file."""
    sheet = Sheet(table, faults)
    if path is None:
        return sheet
    if path.is_symlink():
        sheet.fail(0, _("The file is a link to another one, and was not read."))
        return sheet
    try:
        content = input_file.read_bytes(path)
    except OSError as error:
        sheet.fail(0, _("The file cannot be read: {reason}.").format(reason=error.strerror))
        return sheet
    except KnownError as error:
        sheet.fail(0, str(error))
        return sheet
    text = _decoded(content, sheet)
    if text is not None:
        _fill(sheet, text)
        _leave_out_copies(sheet)
    return sheet


def _decoded(content: bytes, sheet: Sheet) -> str | None:
    """Return the text of a file, None for UTF-16; each line that is not UTF-8 is a fault."""
    if content.startswith(_UTF_16) or b"\x00\x00" in content[:4]:
        sheet.fail(0, _("The file is in UTF-16 or UTF-32: save it as CSV in UTF-8."))
        return None
    content = content.removeprefix(_BOM)
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        pass
    for number, line in enumerate(io.BytesIO(content), start=1):
        try:
            line.decode("utf-8")
        except UnicodeDecodeError as error:
            problem = _(
                "This is not UTF-8 (byte {byte} of the line): save the file as CSV in UTF-8."
            )
            sheet.fail(number, problem.format(byte=error.start + 1))
    return content.decode("utf-8", errors="replace")


def _fill(sheet: Sheet, text: str) -> None:
    lines = _records(sheet, text)
    first = next(lines, None)
    if first is None:
        sheet.fail(0, _("The file is empty: it needs a header line."))
        return
    line, header = first
    if len(header) == 1 and (separator := _other_separator(sheet.table, header[0])):
        text = _("The columns are separated by {separator}: save the file with commas.")
        sheet.fail(0, text.format(separator=separator))
        return
    if len(header) > input_file.MOST_COLUMNS:
        text = _("The header has more than {n} columns.")
        sheet.fail(line, text.format(n=input_file.MOST_COLUMNS))
        return
    table, positions = sheet.table, _positions(sheet, line, header)
    columns = [
        (position, table.column(name), table.column(name).filled)
        for name, position in positions.items()
    ]
    blank = dict.fromkeys(table.header)
    missing = {
        column.name
        for column in table.columns
        if column.name not in positions and column.filled and not table.counts(column)
    }
    for line, cells in lines:
        row = Row(line, blank.copy(), missing.copy(), sheet)
        ragged = len(cells) != len(header)
        if ragged:
            fault = _("The number of cells ({cells}) is not that of the header ({columns}).")
            row.fault(None, fault.format(cells=len(cells), columns=len(header)))
            # Nobody knows which cell belongs to which column: other faults would be guesses.
            row.unreadable.update(blank)
            cells += [""] * (len(header) - len(cells))
        _read_cells(row, cells, columns, report=not ragged)
        sheet.rows.append(row)
    if table.ordinal and table.ordinal[0] not in positions:
        _count(sheet.rows, *table.ordinal)


def _count(rows: Sequence[Row], name: str, of_equal: tuple[str, ...]) -> None:
    """Number the rows with equal values in some columns, from 1 in the order of the file."""
    counts: Counter[tuple[Any, ...]] = Counter()
    for row in rows:
        key = tuple(row.values[other] for other in of_equal)
        counts[key] += 1
        row.values[name] = counts[key]


def _records(sheet: Sheet, text: str) -> Iterator[tuple[int, list[str]]]:
    """Yield each row that is not blank, with the line on which it begins."""
    # A note can be longer than the 128 kB from which the csv module raises an error.
    csv.field_size_limit(input_file.LONGEST_CELL)
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            # The csv module has one error for all; only the text tells a long cell from quotes.
            if "field larger" in f"{error}":
                text = _("A cell of this row is too long; nothing after it was read.")
            else:
                text = _("The quotes of this row do not match; nothing after it was read.")
            sheet.fail(line, text)
            return
        if any(cells):
            yield line, cells


def _other_separator(table: Table, header: str) -> str | None:
    """Return what separates the columns of a header without commas; None for a single column."""
    for separator, name in ((";", _("semicolons")), ("\t", _("tabs"))):
        names = [fold(name) for name in header.split(separator)]
        if len(names) > 1 and not set(map(fold, table.header)).isdisjoint(names):
            return name
    return None


def _positions(sheet: Sheet, line: int, header: list[str]) -> dict[str, int]:
    """Return the position of each column of the table in the file."""
    table = sheet.table
    names = [name.strip() for name in header]
    positions: dict[str, int] = {}
    by_fold = {fold(column): column for column in table.header}
    for position, written in enumerate(names):
        name = by_fold.get(fold(written), written)
        if name in positions:
            sheet.fail(line, _("The header has this column twice."), name)
        elif name in table.header:
            positions[name] = position
        elif name:
            sheet.faults.notes.append(
                _("{file}: the column “{name}” is unknown and was ignored.").format(
                    file=table.file, name=name
                )
            )
    for column in table.columns:
        if column.name not in positions and column.filled and not table.counts(column):
            sheet.fail(line, _("The column is missing."), column.name)
    return positions


def _read_cells(
    row: Row, cells: list[str], columns: list[tuple[int, Column, bool]], *, report: bool
) -> None:
    """Read a row's cells; without `report`, unreadable ones are skipped.

    A name such as “Fasting glucose” also fills the cell that says so, if that is empty.
    """
    stated: dict[str, Any] = {}
    for position, column, filled in columns:
        cell = cells[position]
        problem = None
        if cell:
            try:
                row.values[column.name] = read(column, cell)
                if column.name == "analyte" and states_fasting(restore(cell)):
                    stated.setdefault("fasting", True)
            except UnreadableError as error:
                problem = str(error)
        if problem is None and filled and row.values[column.name] is None:
            problem = _("The cell is empty.")
        if problem and report:
            row.unreadable.add(column.name)
            row.fault(column.name, problem)
    for name, value in stated.items():
        if name in row.values and row.values[name] is None:
            row.values[name] = value


def _leave_out_copies(sheet: Sheet) -> None:
    """Keep the first of rows with the same key, or with the same cells if the table has no key."""
    table = sheet.table
    names = table.key or tuple(table.header)
    if table.key:
        text = _("This row is a duplicate: it has the same {columns} as line {line}.")
    else:
        text = _("This row is a duplicate of line {line}.")
    words = {column.name for column in table.columns if column.codes}
    seen: dict[tuple[Any, ...], int] = {}
    unique = []
    for row in sheet.rows:
        key = tuple(_compared(row.values[name], name in words) for name in names)
        first = row.line if row.unreadable.intersection(names) else seen.setdefault(key, row.line)
        if first == row.line:
            unique.append(row)
        else:
            row.fault(None, text.format(columns=", ".join(names), line=first))
    sheet.rows = unique


def _compared(value: Any, is_word: bool) -> Any:
    """Return what a value is compared by: equal words may be written in several ways."""
    return fold(value) if is_word and isinstance(value, str) else value

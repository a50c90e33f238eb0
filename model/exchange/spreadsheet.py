"""Tables written as one XLSX workbook, one sheet per table.

Numbers are numbers, shown with the digits as written; dates are ISO text, as in the CSV files, so
that every spreadsheet reads them alike. A text is a text whatever it begins with: its cell has that
type, and is marked to keep it when edited (`quotePrefix`), so that it never becomes a formula.

The parts are written one after the other directly into the file (ECMA-376, strings inline):
openpyxl would write the sheets, readable by anyone, to the system's temporary folder. The same
tables give the same bytes.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from xml.sax.saxutils import escape

from model.cells import restored
from model.errors import KnownError
from model.exchange import spreadsheet_parts as parts
from model.exchange.tidy.columns import Column, Kind, Table
from model.language import _

FILE = "theralog.xlsx"
MOST_ROWS = 1_048_576
"""Rows of a sheet, including its header (ECMA-376, and the limit of Excel)."""
LONGEST_TEXT = 32_767
"""Characters of a cell in Excel."""
CUT = " […]"

_TEXTS = (Kind.TEXT, Kind.ANALYTE)
_NUMBERS = (
    *(Kind.INTEGER, Kind.NUMBER, Kind.AS_WRITTEN, Kind.PERCENT, Kind.ESTIMATE, Kind.RESULT),
    *(Kind.ACTIVITY, Kind.AGE),
)
_NUMBER = re.compile(r"[+-]?\d+(?:\.(\d+))?(?:[eE][+-]?\d+)?", re.ASCII)
_MOST_DIGITS = 15  # of a number in a spreadsheet
_UNWRITABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_CODED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")  # would be read as an encoded character
_RUN = "=+-@\t\r\n\uff1d\uff0b\uff0d\uff20'"


class Workbook:
    """A workbook that is written row after row, without keeping the rows in memory."""

    def __init__(self, folder: Path) -> None:
        """Start a workbook in a folder, under its fixed name."""
        self._file = zipfile.ZipFile(folder / FILE, "w", zipfile.ZIP_DEFLATED, compresslevel=4)
        self._sheets: list[str] = []
        self.files: list[str] = [FILE]

    def put(self, table: Table, rows: Iterable[Sequence[str]]) -> None:
        """Write a table from its cells into a sheet of its own.

        Raises KnownError if the table has more rows than a sheet can have.
        """
        self._sheets.append(table.name)
        name = parts.sheet_file(len(self._sheets))
        with self._file.open(parts.entry(name), "w", force_zip64=True) as sheet:
            sheet.write(parts.SHEET_BEGINS)
            header = "".join(
                _text(f"{parts.letters(n)}1", name, parts.BOLD)
                for n, name in enumerate(table.header)
            )
            sheet.write(f'<row r="1">{header}</row>'.encode())
            letters = [parts.letters(n) for n in range(len(table.columns))]
            for number, row in enumerate(rows, start=2):
                if number > MOST_ROWS:
                    raise KnownError(
                        _(
                            "A sheet can have {most} rows, and {table} has more: export as CSV"
                            " files. Nothing was written."
                        ).format(most=f"{MOST_ROWS:,}", table=table.name)
                    )
                cells = "".join(_cells(table.columns, letters, number, row))
                sheet.write(f'<row r="{number}">{cells}</row>'.encode())
            sheet.write(parts.SHEET_ENDS)

    def finish(self) -> None:
        """Write the parts that list the sheets; without them the file is not a workbook."""
        for name, content in parts.of_book(self._sheets):
            self._file.writestr(parts.entry(name), content)

    def close(self) -> None:
        """Close the file, finished or not."""
        self._file.close()


def is_export(path: Path) -> bool:
    """Return whether a file is a workbook written by an export."""
    try:
        with zipfile.ZipFile(path) as file:
            return parts.TITLE.encode() in file.read(parts.CORE)
    except (OSError, KeyError, zipfile.BadZipFile):
        return False


def texts_of(path: Path, sheet: str, columns: Sequence[str]) -> set[str]:
    """Return the texts in some columns of an exported workbook; none without such a sheet."""
    import openpyxl

    book = openpyxl.load_workbook(path, read_only=True)
    try:
        if sheet not in book.sheetnames:
            return set()
        rows = book[sheet].iter_rows(values_only=True)
        places = [n for n, name in enumerate(next(rows, ())) if name in columns]
        return {str(row[n]) for row in rows for n in places if n < len(row) and row[n]}
    finally:
        book.close()


def _cells(
    columns: Sequence[Column], letters: Sequence[str], number: int, row: Sequence[str]
) -> Iterator[str]:
    for column, letter, cell in zip(columns, letters, row, strict=True):
        if not cell:
            continue
        place = f"{letter}{number}"
        if column.kind in _NUMBERS and (match := _NUMBER.fullmatch(cell)):
            yield _number(place, cell, match[1] or "")
        else:
            text = restored(cell) if column.kind in _TEXTS else cell
            yield _text(place, text, parts.QUOTED if text[:1] in _RUN else parts.PLAIN)


def _number(place: str, cell: str, decimals: str) -> str:
    """Return a number shown with the digits as written; with too many digits it stays text."""
    digits = sum(sign.isdigit() for sign in cell.lower().partition("e")[0])
    if digits > _MOST_DIGITS:
        return _text(place, cell, parts.PLAIN)
    shown = len(decimals) if decimals.endswith("0") else 0
    style = parts.with_decimals(shown)
    return f'<c r="{place}" s="{style}"><v>{cell.removeprefix("+")}</v></c>'


def _text(place: str, text: str, style: int) -> str:
    """Return a text that is never run, cut with a mark if it is too long for a cell."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = _UNWRITABLE.sub("\N{REPLACEMENT CHARACTER}", text)
    if len(text) > LONGEST_TEXT:
        text = text[: LONGEST_TEXT - len(CUT)] + CUT
    xml = escape(_CODED.sub("_x005F_", text))
    return (
        f'<c r="{place}" s="{style}" t="inlineStr"><is><t xml:space="preserve">{xml}</t></is></c>'
    )

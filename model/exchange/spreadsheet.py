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
from importlib.resources import files
from pathlib import Path
from string import ascii_uppercase
from xml.sax.saxutils import escape, quoteattr

from model.cells import restore
from model.errors import KnownError
from model.exchange.tidy.columns import Column, Kind, Table
from model.language import _

FILE = "theralog.xlsx"
MOST_ROWS = 1_048_576
"""Rows of a sheet, including its header (ECMA-376, and the limit of Excel)."""
LONGEST_TEXT = 32_767
"""Characters of a cell in Excel."""
CUT = " […]"

_TEXTS = (Kind.TEXT, Kind.ANALYTE, Kind.KI67)
_NUMBERS = (
    *(Kind.INTEGER, Kind.NUMBER, Kind.AS_WRITTEN, Kind.PERCENT, Kind.ESTIMATE, Kind.RESULT),
    *(Kind.ACTIVITY, Kind.AGE, Kind.KI67),
)
_NUMBER = re.compile(r"[+-]?\d+(?:\.(\d+))?(?:[eE][+-]?\d+)?", re.ASCII)
_MOST_DIGITS = 15  # of a number in a spreadsheet
_UNWRITABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_CODED = re.compile(r"_(?=x[0-9A-Fa-f]{4}_)")  # would be read as an encoded character
_CORE = "docProps/core.xml"
_TITLE = b"<dc:title>Theralog export</dc:title>"
_PLAIN, _BOLD, _QUOTED = 0, 1, 2
"""Styles of cells: plain; header; a text that begins like a formula."""
_FIRST_DECIMALS, _MOST_DECIMALS = 3, 15
"""The style that shows one decimal, and the most decimals for which there is a style."""
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
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
        name = _sheet_file(len(self._sheets))
        with self._file.open(_entry(name), "w", force_zip64=True) as sheet:
            before, after = _resource("sheet").encode().split(b"{rows}")
            sheet.write(before)
            header = "".join(
                _text(f"{letters(n)}1", name, _BOLD) for n, name in enumerate(table.header)
            )
            sheet.write(f'<row r="1">{header}</row>'.encode())
            names = [letters(n) for n in range(len(table.columns))]
            for number, row in enumerate(rows, start=2):
                if number > MOST_ROWS:
                    raise KnownError(
                        _(
                            "A sheet can have {most} rows, and {table} has more: export as CSV"
                            " files. Nothing was written."
                        ).format(most=f"{MOST_ROWS:,}", table=table.name)
                    )
                cells = "".join(_cells(table.columns, names, number, row))
                sheet.write(f'<row r="{number}">{cells}</row>'.encode())
            sheet.write(after)

    def finish(self) -> None:
        """Write the parts that list the sheets; without them the file is not a workbook."""
        for name, content in _parts(self._sheets):
            self._file.writestr(_entry(name), content)

    def close(self) -> None:
        """Close the file, finished or not."""
        self._file.close()


def is_export(path: Path) -> bool:
    """Return whether a file is a workbook written by an export."""
    try:
        with zipfile.ZipFile(path) as file:
            return _TITLE in file.read(_CORE)
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
        indices = [n for n, name in enumerate(next(rows, ())) if name in columns]
        return {str(row[n]) for row in rows for n in indices if n < len(row) and row[n]}
    finally:
        book.close()


def _cells(
    columns: Sequence[Column], names: Sequence[str], number: int, row: Sequence[str]
) -> Iterator[str]:
    for column, letter, cell in zip(columns, names, row, strict=True):
        if not cell:
            continue
        reference = f"{letter}{number}"
        if column.kind in _NUMBERS and (match := _NUMBER.fullmatch(cell)):
            yield _number(reference, cell, match[1] or "")
        else:
            text = restore(cell) if column.kind in _TEXTS else cell
            yield _text(reference, text, _QUOTED if text[:1] in _RUN else _PLAIN)


def _number(reference: str, cell: str, decimals: str) -> str:
    """Return a number shown with the digits as written; with too many digits it stays text."""
    digits = sum(sign.isdigit() for sign in cell.lower().partition("e")[0])
    if digits > _MOST_DIGITS:
        return _text(reference, cell, _PLAIN)
    shown = len(decimals) if decimals.endswith("0") else 0
    style = _with_decimals(shown)
    return f'<c r="{reference}" s="{style}"><v>{cell.removeprefix("+")}</v></c>'


def _text(reference: str, text: str, style: int) -> str:
    """Return a text that is never run, cut with a mark if it is too long for a cell."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = _UNWRITABLE.sub("\N{REPLACEMENT CHARACTER}", text)
    if len(text) > LONGEST_TEXT:
        text = text[: LONGEST_TEXT - len(CUT)] + CUT
    xml = escape(_CODED.sub("_x005F_", text))
    inner = f'<is><t xml:space="preserve">{xml}</t></is>'
    return f'<c r="{reference}" s="{style}" t="inlineStr">{inner}</c>'


def letters(index: int) -> str:
    """Return the name of a column in spreadsheets: 0 is A, 26 is AA."""
    before, last = divmod(index, len(ascii_uppercase))
    return (letters(before - 1) if before else "") + ascii_uppercase[last]


def _with_decimals(decimals: int) -> int:
    """Return the style with this number of decimals; for 0, the plain one."""
    return _FIRST_DECIMALS + min(decimals, _MOST_DECIMALS) - 1 if decimals else _PLAIN


def _entry(name: str) -> zipfile.ZipInfo:
    """Return the entry of a part in the file, without a time of writing."""
    entry = zipfile.ZipInfo(name)
    entry.compress_type = zipfile.ZIP_DEFLATED
    return entry


def _sheet_file(number: int) -> str:
    return f"xl/worksheets/sheet{number}.xml"


def _parts(sheets: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield name and content of all parts except the sheets, which have these names in order."""
    numbered = [*enumerate(sheets, start=1)]
    types = "".join(
        f'<Override PartName="/{_sheet_file(n)}" ContentType="{_SHEET_TYPE}"/>'
        for n, _name in numbered
    )
    listed = "".join(
        f'<sheet name={quoteattr(name)} sheetId="{n}" r:id="rId{n}"/>' for n, name in numbered
    )
    relations = "".join(
        f'<Relationship Id="rId{n}" Type="{_OFFICE}/worksheet" Target="worksheets/sheet{n}.xml"/>'
        for n, _name in numbered
    )
    yield "[Content_Types].xml", _resource("content_types").format(types=types)
    yield "_rels/.rels", _resource("relations")
    yield _CORE, _resource("core")
    yield "xl/workbook.xml", _resource("workbook").format(sheets=listed)
    yield (
        "xl/_rels/workbook.xml.rels",
        _resource("workbook_relations").format(relations=relations, styles=len(sheets) + 1),
    )
    yield "xl/styles.xml", _resource("styles")


def _resource(name: str) -> str:
    """Return a part that does not depend on the tables, with placeholders for what does."""
    return files("resources").joinpath("workbook", f"{name}.xml").read_text("utf-8")

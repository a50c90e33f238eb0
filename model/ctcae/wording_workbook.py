"""NCI's wording of the grades, read from the workbook that NCI publishes."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any
from zipfile import BadZipFile, ZipFile

from model import input_file
from model.ctcae.terms import VERSIONS, terms
from model.ctcae.wording import Wording, difference_from_catalogue
from model.errors import KnownError
from model.language import _

_GRADES = (1, 2, 3, 4, 5)
# The container of old .xls files and of any Office file with a password (MS-CFB, MS-OFFCRYPTO).
_OLE_START = bytes.fromhex("d0cf11e0a1b11ae1")
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_MAX_BYTES = 20_000_000
_MAX_PART_BYTES = 10_000_000
_MAX_ROWS = 5_000
_ROWS_TO_HEADING = 10
_EMPTY_CELLS = frozenset(["", "-", "–", "—"])
_DECLARED_VERSION = re.compile(r"ctcae v?(\d+\.\d+)")

_NOT_A_WORKBOOK = _("{file} is not an Excel workbook (.xlsx).")
_DAMAGED = _("{file} is damaged; download it again from NCI.")


def read_workbook(path: Path) -> Wording:
    """Return the wording in a workbook as NCI publishes it, CTCAE 5.0 or 6.0.

    Raises KnownError for anything else: another edition, terms or grades that differ from the
    catalogue, a file that is damaged, has a password or is not a workbook.
    """
    _refuse_other_files(path)
    try:
        tables = _read_tables(path)
    except Exception as error:  # a damaged part makes openpyxl raise errors of any kind
        raise _not_loaded(path, _DAMAGED) from error
    if not tables:
        raise _not_loaded(path, _("{file} has no sheet of CTCAE terms with grades 1 to 5."))
    problems = []
    for table in tables:
        version = _version_of(table)
        if version in VERSIONS:
            problem = difference_from_catalogue(path.name, version, table.texts)
            if problem is None:
                return Wording(version=version, texts=dict(table.texts))
        else:
            problem = _("{file} holds CTCAE {version}; CTCAE {versions} are known.").format(
                file=path.name, version=version, versions=" and ".join(VERSIONS)
            )
        problems.append(problem)
    raise _not_loaded(path, "{first}", first=problems[0])


def _not_loaded(path: Path, problem: str, **values: object) -> KnownError:
    """Return the error for a workbook that cannot be used; `problem` is a sentence template."""
    sentence = problem.format(file=path.name, **values)
    return KnownError(_("NCI's wording was not loaded: {problem}").format(problem=sentence))


@dataclass(frozen=True, slots=True)
class _Table:
    """A sheet of terms: the version in its heading or title, if any, and each term's texts."""

    declared_version: str | None
    texts: list[tuple[str, dict[int, str]]]


def _refuse_other_files(path: Path) -> None:
    """Raise KnownError for a file that does not have the structure of an .xlsx workbook."""
    try:
        start = input_file.read_bytes(path, _MAX_BYTES)
    except OSError as error:
        text = _("{file} cannot be read ({reason}).")
        raise _not_loaded(path, text, reason=error.strerror) from error
    if start.startswith(_OLE_START):
        if _ENCRYPTED in start:
            raise _not_loaded(path, _("{file} has a password; save it without one first."))
        raise _not_loaded(path, _("{file} is an old Excel file; save it as .xlsx first."))
    if not start.startswith(b"PK"):
        raise _not_loaded(path, _NOT_A_WORKBOOK)
    try:
        with ZipFile(path) as archive:
            parts = archive.infolist()
    except (BadZipFile, NotImplementedError, UnicodeDecodeError) as error:
        raise _not_loaded(path, _DAMAGED) from error
    if not any(part.filename.startswith("xl/") for part in parts):
        raise _not_loaded(path, _NOT_A_WORKBOOK)
    sizes = [part.file_size for part in parts]
    if sum(sizes) > _MAX_BYTES or max(sizes) > _MAX_PART_BYTES:
        raise _not_loaded(path, _("{file} is far larger than any CTCAE workbook."))


def _read_tables(path: Path) -> list[_Table]:
    """Return every sheet that has a heading row with a term and grades 1 to 5, in order."""
    # Slow to import, and rarely needed.
    from openpyxl import load_workbook

    # If openpyxl opens the file itself, it leaves it open after an error.
    with path.open("rb") as file:
        tables = []
        for sheet in load_workbook(file, read_only=True, data_only=True).worksheets:
            # The size stated in a sheet may be wrong, and would cut it off.
            sheet.reset_dimensions()
            cells = sheet.iter_rows(values_only=True, max_row=_MAX_ROWS)
            if heading := _find_heading(cells):
                match = _DECLARED_VERSION.search(f"{heading.text} {_plain(sheet.title)}")
                tables.append(_Table(match and match[1], list(_read_rows(cells, heading))))
        return tables


@dataclass(frozen=True, slots=True)
class _Heading:
    """The columns of a sheet: the term's, with its heading `text`, and that of each grade."""

    text: str
    term_column: int
    grade_columns: Mapping[int, int]


def _find_heading(cells: Iterator[tuple[Any, ...]]) -> _Heading | None:
    """Return the heading among the first rows, if any; `cells` continues directly below it."""
    for row in islice(cells, _ROWS_TO_HEADING):
        names = [_plain(cell) for cell in row]
        term_columns = [index for index, name in enumerate(names) if name.endswith("term")]
        grade_columns = {
            grade: names.index(f"grade {grade}") for grade in _GRADES if f"grade {grade}" in names
        }
        if term_columns and len(grade_columns) == len(_GRADES):
            return _Heading(names[term_columns[0]], term_columns[0], grade_columns)
    return None


def _read_rows(
    cells: Iterator[tuple[Any, ...]], heading: _Heading
) -> Iterator[tuple[str, dict[int, str]]]:
    """Yield each row's term with the texts of its grades; rows without a term are skipped."""
    width = 1 + max(heading.term_column, *heading.grade_columns.values())
    for row in cells:
        padded = (*row, *[None] * (width - len(row)))
        if name := _text(padded[heading.term_column]):
            texts = {grade: _text(padded[index]) for grade, index in heading.grade_columns.items()}
            yield name, {grade: text for grade, text in texts.items() if text not in _EMPTY_CELLS}


def _version_of(table: _Table) -> str:
    """Return the version named in the sheet, else the one that shares most terms with it."""
    if table.declared_version:
        return table.declared_version
    names = {name for name, _texts in table.texts}
    return max(VERSIONS, key=lambda version: len(names & {term.name for term in terms(version)}))


def _text(cell: object) -> str:
    """Return a cell as text, with single plain spaces; NCI's cells have some no-break spaces."""
    lines = ("" if cell is None else str(cell)).splitlines()
    return "\n".join(filter(None, (" ".join(line.split()) for line in lines)))


def _plain(cell: object) -> str:
    return " ".join(_text(cell).split()).casefold()

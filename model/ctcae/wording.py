"""The meaning of a grade in words: NCI's own if the user has loaded them, otherwise ours.

The program contains none of NCI's wording. The user downloads a workbook (CTCAE 5.0 or 6.0, as NCI
publishes it), `read_workbook` reads it, and `save_wording` stores its text in the user's folder.
Without it a grade is shown by its numbers, by a short description in our own words, or by the
general five-grade scale.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from itertools import islice
from pathlib import Path
from typing import Any
from zipfile import BadZipFile, ZipFile

from model import input_file, whole_file
from model.ctcae.terms import VERSIONS, terms
from model.errors import KnownError
from model.language import _
from model.reference.tables import rows

OWN = "Theralog"
GENERAL = "general scale"

_GRADES = (1, 2, 3, 4, 5)
# Container of old .xls files and of any Office file with a password (MS-CFB, MS-OFFCRYPTO).
_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_LARGEST = 20_000_000
_LARGEST_PART = 10_000_000
_ROWS_TO_HEADING = 10
_MOST_ROWS = 5_000
_NO_GRADE = frozenset(["", "-", "–", "—"])
_DECLARED = re.compile(r"ctcae v?(\d+\.\d+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """NCI's text of every grade of one version: by term name, then by grade."""

    version: str
    texts: Mapping[str, Mapping[int, str]]


@dataclass(frozen=True, slots=True)
class GradeText:
    """The meaning of one grade, and the source of the words ("NCI CTCAE 5.0", "Theralog", …)."""

    text: str
    source: str


def grade_text(
    version: str, term: str, grade: int, official: Wording | None, numbers: str | None = None
) -> GradeText:
    """Return the meaning of a grade of a term, in the best available words.

    NCI's if `official` is of this version; else `numbers`, the criterion of a laboratory term; else
    our description; else the general scale, which fits every term. Raises KeyError for a grade
    outside 1 to 5; whether the term has the grade is not checked.
    """
    if official and official.version == version:
        text = official.texts.get(term, {}).get(grade)
        if text:
            return GradeText(text, f"NCI CTCAE {version}")
    own = _descriptions()
    described = own.get((version, term, grade)) or own.get(("", term, grade))
    if text := numbers or described:
        return GradeText(text, OWN)
    return GradeText(_general_scale()[grade], GENERAL)


def read_workbook(path: Path) -> Wording:
    """Read the wording from a workbook as NCI publishes it, CTCAE 5.0 or 6.0.

    Raises KnownError for anything else: another edition, terms or grades that differ from the
    catalogue, a file that is damaged, has a password or is not a workbook. Nothing is written.
    """
    _refuse_foreign(path)
    try:
        tables = _read_tables(path)
    except Exception as error:  # a damaged part makes openpyxl raise errors of any kind
        raise _not_loaded(path, _DAMAGED) from error
    if not tables:
        raise _not_loaded(path, _("{file} has no sheet of CTCAE terms with grades 1 to 5."))
    faults = []
    for table in tables:
        version = _version_of(table)
        if version in VERSIONS:
            fault = _first_fault(path.name, version, table.texts)
            if fault is None:
                return Wording(version=version, texts=dict(table.texts))
        else:
            fault = _("{file} holds CTCAE {version}; CTCAE {versions} are known.").format(
                file=path.name, version=version, versions=" and ".join(VERSIONS)
            )
        faults.append(fault)
    raise _not_loaded(path, "{fault}", fault=faults[0])


_NOT_A_WORKBOOK = _("{file} is not an Excel workbook (.xlsx).")
_DAMAGED = _("{file} is damaged; download it again from NCI.")


def _not_loaded(path: Path, problem: str, **values: object) -> KnownError:
    """Return the error for a workbook that cannot be used because of a problem, a sentence."""
    sentence = problem.format(file=path.name, **values)
    return KnownError(_("NCI's wording was not loaded: {problem}").format(problem=sentence))


def save_wording(wording: Wording, folder: Path) -> Path:
    """Store the wording in the user's folder, replacing any other, and return the file.

    Raises KnownError if the folder cannot be written to; what was stored is then unchanged.
    """
    path = _stored(folder, wording.version)
    content = json.dumps({"version": wording.version, "texts": wording.texts}, ensure_ascii=False)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise KnownError(
            _(
                "NCI's wording could not be stored in {folder} ({reason}); what was there before"
                " is unchanged."
            ).format(folder=folder, reason=error.strerror)
        ) from error
    whole_file.write(path, content.encode())
    return path


def remove_wording(folder: Path, version: str) -> None:
    """Delete the stored wording of this version; raises KnownError if that fails."""
    path = _stored(folder, version)
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        text = _("{file} cannot be removed ({reason}).")
        raise KnownError(text.format(file=path, reason=error.strerror)) from error


def stored_at(folder: Path, version: str) -> int | None:
    """Return when the stored wording was last written, in nanoseconds; None if there is none."""
    try:
        return _stored(folder, version).stat().st_mtime_ns
    except OSError:
        return None


def load_wording(folder: Path, version: str) -> Wording | None:
    """Return the wording of this version stored in the user's folder; None if there is none.

    Raises KnownError if the stored file cannot be used: grades then show our own words, and loading
    the workbook again replaces it.
    """
    path = _stored(folder, version)
    damaged = KnownError(
        _(
            "NCI's wording of CTCAE {version} is not shown: {file} is damaged; load the workbook"
            " again."
        ).format(version=version, file=path)
    )
    try:
        content = json.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return None
    except OSError as error:
        raise KnownError(
            _(
                "NCI's wording of CTCAE {version} is not shown: {file} cannot be read ({reason});"
                " load the workbook again."
            ).format(version=version, file=path, reason=error.strerror)
        ) from error
    except (ValueError, RecursionError) as error:
        raise damaged from error
    texts = _texts_in(content)
    if texts is None or _first_fault(path.name, version, list(texts.items())) is not None:
        raise damaged
    return Wording(version=version, texts=texts)


@dataclass(frozen=True, slots=True)
class _Table:
    """A sheet of terms: the edition in its heading or title, if any, and each row's texts."""

    declared: str | None
    texts: list[tuple[str, dict[int, str]]]


def _refuse_foreign(path: Path) -> None:
    """Raise KnownError for a file that does not have the structure of an .xlsx workbook."""
    try:
        start = input_file.read_bytes(path, _LARGEST)
    except OSError as error:
        text = _("{file} cannot be read ({reason}).")
        raise _not_loaded(path, text, reason=error.strerror) from error
    if start.startswith(_OLE):
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
    if sum(sizes) > _LARGEST or max(sizes) > _LARGEST_PART:
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
            cells = sheet.iter_rows(values_only=True, max_row=_MOST_ROWS)
            if heading := _find_heading(cells):
                declared = _DECLARED.search(f"{heading.term} {_plain(sheet.title)}")
                tables.append(_Table(declared and declared[1], list(_read_rows(cells, heading))))
        return tables


@dataclass(frozen=True, slots=True)
class _Heading:
    """The columns of a sheet: heading and index of that with the term, indices of the grades."""

    term: str
    term_column: int
    grade_columns: Mapping[int, int]


def _find_heading(cells: Iterator[tuple[Any, ...]]) -> _Heading | None:
    """Return the heading among the first rows, if any; `cells` continues directly below it."""
    for row in islice(cells, _ROWS_TO_HEADING):
        names = [_plain(cell) for cell in row]
        terms_at = [index for index, name in enumerate(names) if name.endswith("term")]
        grades_at = {
            grade: names.index(f"grade {grade}") for grade in _GRADES if f"grade {grade}" in names
        }
        if terms_at and len(grades_at) == len(_GRADES):
            return _Heading(names[terms_at[0]], terms_at[0], grades_at)
    return None


def _read_rows(
    cells: Iterator[tuple[Any, ...]], heading: _Heading
) -> Iterator[tuple[str, dict[int, str]]]:
    """Yield each row's term with the texts of its grades; rows without a term are skipped."""
    width = 1 + max(heading.term_column, *heading.grade_columns.values())
    for row in cells:
        filled = (*row, *[None] * (width - len(row)))
        if name := _text(filled[heading.term_column]):
            texts = {grade: _text(filled[index]) for grade, index in heading.grade_columns.items()}
            yield name, {grade: text for grade, text in texts.items() if text not in _NO_GRADE}


def _version_of(table: _Table) -> str:
    """Return the edition named in the sheet, else the one that shares most terms with it."""
    if table.declared:
        return table.declared
    names = {name for name, _ in table.texts}
    return max(VERSIONS, key=lambda version: len(names & {term.name for term in terms(version)}))


def _first_fault(file: str, version: str, texts: list[tuple[str, dict[int, str]]]) -> str | None:
    """Return how a file's terms and grades differ from the catalogue; None if they agree."""
    ours = {term.name: term.grades for term in terms(version)}
    if len(texts) != len(ours):
        return _("{file} has {n} terms, but CTCAE {version} has {expected}.").format(
            file=file, n=len(texts), version=version, expected=len(ours)
        )
    if missing := ours.keys() - dict(texts).keys():
        return _("{file} lacks the term “{term}” of CTCAE {version}.").format(
            file=file, term=min(missing), version=version
        )
    for name, by_grade in texts:
        if tuple(sorted(by_grade)) != ours[name]:
            return _("{file} gives “{term}” other grades than CTCAE {version} does.").format(
                file=file, term=name, version=version
            )
    return None


def _texts_in(content: object) -> dict[str, dict[int, str]] | None:
    """Return the texts in a stored file; None if it lacks the structure from `save_wording`."""
    texts = content.get("texts") if isinstance(content, dict) else None
    if not isinstance(texts, dict):
        return None
    result = {}
    for name, by_grade in texts.items():
        if not isinstance(by_grade, dict) or not all(
            grade in "12345" and len(grade) == 1 and isinstance(text, str) and text
            for grade, text in by_grade.items()
        ):
            return None
        result[name] = {int(grade): text for grade, text in by_grade.items()}
    return result


def _stored(folder: Path, version: str) -> Path:
    return folder / f"ctcae_wording_{version}.json"


def _text(cell: object) -> str:
    """Return a cell as text, with single plain spaces (NCI's have some no-break spaces)."""
    lines = ("" if cell is None else str(cell)).splitlines()
    return "\n".join(filter(None, (" ".join(line.split()) for line in lines)))


def _plain(cell: object) -> str:
    return " ".join(_text(cell).split()).casefold()


@cache
def _descriptions() -> dict[tuple[str, str, int], str]:
    """Return our own descriptions by version (empty: both), term and grade."""
    return {
        (row["version"], row["term"], int(row["grade"])): row["text"]
        for row in rows("ctcae/descriptions.csv")
    }


@cache
def _general_scale() -> dict[int, str]:
    return {int(row["grade"]): row["text"] for row in rows("ctcae/general_scale.csv")}

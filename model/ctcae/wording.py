"""What a grade means in words: NCI's own when the user has loaded it, otherwise ours.

The program holds none of NCI's wording. The user downloads a workbook (CTCAE 5.0 or 6.0, as NCI
publishes it), `read_workbook` reads it, and `save_wording` keeps its text in the user's folder.
Without it a grade is told by its numbers, by a short description in our own words, or by the
general five-grade scale.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from zipfile import BadZipFile, ZipFile

from model import whole_file
from model.ctcae.terms import VERSIONS, terms
from model.errors import KnownError
from model.reference.tables import rows

OWN = "Theralog"
GENERAL = "general scale"

_GRADES = (1, 2, 3, 4, 5)
# Container of old .xls files and of any Office file with a password (MS-CFB, MS-OFFCRYPTO).
_OLE = bytes.fromhex("d0cf11e0a1b11ae1")
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
_AGAIN = "download it again from NCI"
_LARGEST = 100_000_000
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
    """What one grade means, and whose words these are ("NCI CTCAE 5.0", "Theralog", …)."""

    text: str
    source: str


def grade_text(
    version: str, term: str, grade: int, official: Wording | None, numbers: str | None = None
) -> GradeText:
    """What this grade of this term means, in the best words there are.

    NCI's when `official` is of this version; else `numbers`, the criterion of a laboratory term;
    else our description; else the general scale, which fits every term. `KeyError` for a grade
    outside 1 to 5; whether the grade exists for the term is the caller's to know.
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
    """The wording in a workbook as NCI publishes it, CTCAE 5.0 or 6.0.

    `KnownError` for anything else: another edition, terms or grades that differ from the
    catalogue, a file that is damaged, has a password or is no workbook. Nothing is written.
    """
    refused = f"NCI's wording was not loaded: {path.name}"
    _refuse_foreign(path, refused)
    try:
        tables = _read_tables(path)
    except Exception as error:  # openpyxl passes on whatever a damaged part provokes
        raise KnownError(f"{refused} is damaged; {_AGAIN}.") from error
    if not tables:
        raise KnownError(f"{refused} has no sheet of CTCAE terms with grades 1 to 5.")
    faults = []
    for table in tables:
        version = _version_of(table)
        if version in VERSIONS:
            fault = _first_fault(version, table.texts)
            if fault is None:
                return Wording(version=version, texts=dict(table.texts))
        else:
            fault = f"holds CTCAE {version}; CTCAE {' and '.join(VERSIONS)} are known"
        faults.append(fault)
    raise KnownError(f"{refused} {faults[0]}.")


def save_wording(wording: Wording, folder: Path) -> Path:
    """Keep the wording in the user's folder, in place of what was kept; gives the file.

    `KnownError` when the folder cannot be written to: what was kept before is still there.
    """
    path = _kept(folder, wording.version)
    content = json.dumps({"version": wording.version, "texts": wording.texts}, ensure_ascii=False)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise KnownError(
            f"NCI's wording could not be kept in {folder} ({error.strerror}); "
            "what was there before is unchanged."
        ) from error
    whole_file.write(path, content.encode(), mode=0o600)
    return path


def remove_wording(folder: Path, version: str) -> None:
    """Forget the wording of this version; `KnownError` when its file cannot be removed."""
    path = _kept(folder, version)
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        raise KnownError(f"{path} cannot be removed ({error.strerror}).") from error


def kept_at(folder: Path, version: str) -> int | None:
    """When the kept wording was last written, in nanoseconds; None when none is kept."""
    try:
        return _kept(folder, version).stat().st_mtime_ns
    except OSError:
        return None


def load_wording(folder: Path, version: str) -> Wording | None:
    """The wording of this version kept in the user's folder; None when none was ever kept.

    `KnownError` when the kept file cannot be used: grades then show our own words, and loading
    the workbook again replaces it.
    """
    path = _kept(folder, version)
    refused = f"NCI's wording of CTCAE {version} is not shown: {path}"
    again = "load the workbook again"
    try:
        content = json.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return None
    except OSError as error:
        raise KnownError(f"{refused} cannot be read ({error.strerror}); {again}.") from error
    except (ValueError, RecursionError) as error:
        raise KnownError(f"{refused} is damaged; {again}.") from error
    texts = _texts_in(content)
    if texts is None or _first_fault(version, list(texts.items())) is not None:
        raise KnownError(f"{refused} is damaged; {again}.")
    return Wording(version=version, texts=texts)


@dataclass(frozen=True, slots=True)
class _Table:
    """A sheet of terms: the edition its heading or title names, if any, and each row's texts."""

    declared: str | None
    texts: list[tuple[str, dict[int, str]]]


def _refuse_foreign(path: Path, refused: str) -> None:
    """Raise `KnownError` for a file that is not even built as an .xlsx workbook is."""
    try:
        with path.open("rb") as file:
            start = file.read(_LARGEST)
    except OSError as error:
        raise KnownError(f"{refused} cannot be read ({error.strerror}).") from error
    if start.startswith(_OLE):
        if _ENCRYPTED in start:
            raise KnownError(f"{refused} has a password; save it without one first.")
        raise KnownError(f"{refused} is an old Excel file; save it as .xlsx first.")
    if not start.startswith(b"PK"):
        raise KnownError(f"{refused} is not an Excel workbook (.xlsx).")
    try:
        with ZipFile(path) as archive:
            parts = archive.infolist()
    except BadZipFile as error:
        raise KnownError(f"{refused} is damaged; {_AGAIN}.") from error
    if not any(part.filename.startswith("xl/") for part in parts):
        raise KnownError(f"{refused} is not an Excel workbook (.xlsx).")
    if sum(part.file_size for part in parts) > _LARGEST:
        raise KnownError(f"{refused} is far larger than any CTCAE workbook.")


def _read_tables(path: Path) -> list[_Table]:
    """Every sheet that has a heading row with a term and grades 1 to 5, in the file's order."""
    # Needed once in a lifetime, and slow to load.
    from openpyxl import load_workbook

    # openpyxl leaves a file that it opened itself open when it gives up.
    with path.open("rb") as file:
        tables = []
        for sheet in load_workbook(file, read_only=True, data_only=True).worksheets:
            # The size a sheet states of itself may be wrong and would cut it off.
            sheet.reset_dimensions()
            cells = sheet.iter_rows(values_only=True, max_row=_MOST_ROWS)
            if heading := _find_heading(cells):
                declared = _DECLARED.search(f"{heading.term} {_plain(sheet.title)}")
                tables.append(_Table(declared and declared[1], list(_read_rows(cells, heading))))
        return tables


@dataclass(frozen=True, slots=True)
class _Heading:
    """A sheet's heading: the heading of the term's column, its place, and the grades' places."""

    term: str
    term_place: int
    grade_places: Mapping[int, int]


def _find_heading(cells: Iterator[tuple[Any, ...]]) -> _Heading | None:
    """The heading among the first rows, if there is one; `cells` then stands right below it."""
    for _, row in zip(range(_ROWS_TO_HEADING), cells, strict=False):
        names = [_plain(cell) for cell in row]
        terms_at = [place for place, name in enumerate(names) if name.endswith("term")]
        grades_at = {
            grade: names.index(f"grade {grade}") for grade in _GRADES if f"grade {grade}" in names
        }
        if terms_at and len(grades_at) == len(_GRADES):
            return _Heading(names[terms_at[0]], terms_at[0], grades_at)
    return None


def _read_rows(
    cells: Iterator[tuple[Any, ...]], heading: _Heading
) -> Iterator[tuple[str, dict[int, str]]]:
    """Each row's term with the text of the grades it has; rows without a term are passed over."""
    width = 1 + max(heading.term_place, *heading.grade_places.values())
    for row in cells:
        filled = (*row, *[None] * (width - len(row)))
        if name := _text(filled[heading.term_place]):
            texts = {grade: _text(filled[place]) for grade, place in heading.grade_places.items()}
            yield name, {grade: text for grade, text in texts.items() if text not in _NO_GRADE}


def _version_of(table: _Table) -> str:
    """The edition that the sheet names, else that of ours which shares most terms with it."""
    if table.declared:
        return table.declared
    names = {name for name, _ in table.texts}
    return max(VERSIONS, key=lambda version: len(names & {term.name for term in terms(version)}))


def _first_fault(version: str, texts: list[tuple[str, dict[int, str]]]) -> str | None:
    """How these terms and grades differ from the version's catalogue; None when they agree."""
    ours = {term.name: term.grades for term in terms(version)}
    if len(texts) != len(ours):
        return f"has {len(texts)} terms, but CTCAE {version} has {len(ours)}"
    if missing := ours.keys() - dict(texts).keys():
        return f"lacks the term “{min(missing)}” of CTCAE {version}"
    for name, by_grade in texts:
        if tuple(sorted(by_grade)) != ours[name]:
            return f"gives “{name}” other grades than CTCAE {version} does"
    return None


def _texts_in(content: object) -> dict[str, dict[int, str]] | None:
    """The texts in a kept file; None when it is not built as `save_wording` builds it."""
    texts = content.get("texts") if isinstance(content, dict) else None
    if not isinstance(texts, dict):
        return None
    found = {}
    for name, by_grade in texts.items():
        if not isinstance(by_grade, dict) or not all(
            grade in "12345" and len(grade) == 1 and isinstance(text, str) and text
            for grade, text in by_grade.items()
        ):
            return None
        found[name] = {int(grade): text for grade, text in by_grade.items()}
    return found


def _kept(folder: Path, version: str) -> Path:
    return folder / f"ctcae_wording_{version}.json"


def _text(cell: object) -> str:
    """A cell as text, each line with single plain spaces (NCI writes some that do not break)."""
    lines = ("" if cell is None else str(cell)).splitlines()
    return "\n".join(filter(None, (" ".join(line.split()) for line in lines)))


def _plain(cell: object) -> str:
    return " ".join(_text(cell).split()).casefold()


@cache
def _descriptions() -> dict[tuple[str, str, int], str]:
    """Our own descriptions by version (empty: both), term and grade."""
    return {
        (row["version"], row["term"], int(row["grade"])): row["text"]
        for row in rows("ctcae/descriptions.csv")
    }


@cache
def _general_scale() -> dict[int, str]:
    return {int(row["grade"]): row["text"] for row in rows("ctcae/general_scale.csv")}

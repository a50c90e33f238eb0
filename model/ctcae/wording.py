"""The meaning of a grade in words: NCI's own if the user has loaded them, otherwise ours.

The program contains none of NCI's wording. The user downloads the workbook of CTCAE 5.0 or 6.0 from
NCI, `read_workbook` reads it, and `save_wording` stores its text in the user's folder. Without it a
grade is described by its numeric criterion, by a few words of our own, or by the general scale of
five grades.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from model import whole_file
from model.ctcae.terms import terms
from model.errors import KnownError
from model.language import _
from model.reference.tables import rows

OWN = "Theralog"
GENERAL = "general scale"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """NCI's text of every grade of one version: by term name, then by grade."""

    version: str
    texts: Mapping[str, Mapping[int, str]]


@dataclass(frozen=True, slots=True)
class GradeText:
    """The meaning of one grade, and its source: `OWN`, `GENERAL` or "NCI CTCAE 5.0"."""

    text: str
    source: str


def grade_text(
    version: str, term: str, grade: int, official: Wording | None, criterion: str | None = None
) -> GradeText:
    """Return the meaning of a grade of a term, in the best available words.

    These are NCI's if `official` is of this version; else `criterion`, the numeric criterion of a
    laboratory term; else our description; else the general scale, which fits every term. Raises
    KeyError for a grade outside 1 to 5; whether the term has the grade is not checked.
    """
    if official and official.version == version:
        text = official.texts.get(term, {}).get(grade)
        if text:
            return GradeText(text, f"NCI CTCAE {version}")
    descriptions = _descriptions()
    description = descriptions.get((version, term, grade)) or descriptions.get(("", term, grade))
    if text := criterion or description:
        return GradeText(text, OWN)
    return GradeText(_general_scale()[grade], GENERAL)


def save_wording(wording: Wording, folder: Path) -> Path:
    """Store the wording in the user's folder and return the file; a stored one is replaced.

    Raises KnownError if the folder cannot be written to; what was stored is then unchanged.
    """
    path = _stored_file(folder, wording.version)
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
    path = _stored_file(folder, version)
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        text = _("{file} cannot be removed ({reason}).")
        raise KnownError(text.format(file=path, reason=error.strerror)) from error


def modification_time(folder: Path, version: str) -> int | None:
    """Return when the stored wording was last written, in nanoseconds; None if there is none."""
    try:
        return _stored_file(folder, version).stat().st_mtime_ns
    except OSError:
        return None


def load_wording(folder: Path, version: str) -> Wording | None:
    """Return the wording of this version stored in the user's folder; None if there is none.

    Raises KnownError if the stored file cannot be used. Grades are then shown in our own words
    until the workbook is loaded again.
    """
    path = _stored_file(folder, version)
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
    if (
        texts is None
        or difference_from_catalogue(path.name, version, list(texts.items())) is not None
    ):
        raise damaged
    return Wording(version=version, texts=texts)


def difference_from_catalogue(
    file: str, version: str, texts: list[tuple[str, dict[int, str]]]
) -> str | None:
    """Return how a file's terms and grades differ from the catalogue, as a sentence; else None."""
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
    """Return the texts in a stored file; None if it does not look as `save_wording` writes it."""
    texts = content.get("texts") if isinstance(content, dict) else None
    if not isinstance(texts, dict):
        return None
    texts_by_term = {}
    for name, by_grade in texts.items():
        if not isinstance(by_grade, dict) or not all(
            grade in "12345" and len(grade) == 1 and isinstance(text, str) and text
            for grade, text in by_grade.items()
        ):
            return None
        texts_by_term[name] = {int(grade): text for grade, text in by_grade.items()}
    return texts_by_term


def _stored_file(folder: Path, version: str) -> Path:
    return folder / f"ctcae_wording_{version}.json"


@cache
def _descriptions() -> dict[tuple[str, str, int], str]:
    """Return our own descriptions by version (empty for both), term and grade."""
    return {
        (row["version"], row["term"], int(row["grade"])): row["text"]
        for row in rows("ctcae/descriptions.csv")
    }


@cache
def _general_scale() -> dict[int, str]:
    return {int(row["grade"]): row["text"] for row in rows("ctcae/general_scale.csv")}

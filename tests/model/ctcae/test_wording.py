"""A grade is told in NCI's words when they were loaded, in our own otherwise, and never wrongly."""

import json
import os
import re
from collections.abc import Iterable, Iterator
from hashlib import sha256
from pathlib import Path

import pytest
from openpyxl import load_workbook

from model.ctcae.terms import VERSIONS, find_term, terms
from model.ctcae.wording import (
    GradeText,
    Wording,
    grade_text,
    load_wording,
    save_wording,
)
from model.ctcae.wording_workbook import read_workbook
from model.errors import KnownError
from model.reference.tables import rows
from tests.model.ctcae.workbooks import made_up

PROJECT = Path(__file__).parents[3]
SHARED_RUN = 6
"""Words in a row that are enough to be called NCI's."""

FINGERPRINTS = PROJECT / "tests" / "files" / "ctcae_runs.bin"
"""The first six bytes of the SHA-256 of each run of words in NCI's two workbooks, sorted."""
both_versions = pytest.mark.parametrize("version", VERSIONS)


def test_numbers_stand_in_the_official_text(nci_workbook):
    text = grade_text("6.0", "Thrombocytopenia", 4, read_workbook(nci_workbook("6.0")))
    assert "10.0 x 10^9/L" in text.text
    assert text.source == "NCI CTCAE 6.0"


@both_versions
def test_kept_wording_comes_back_equal(version, tmp_path):
    wording = Wording(version=version, texts=made_up(version))
    folder = tmp_path / "data" / "Theralog"
    path = save_wording(wording, folder)
    assert list(folder.iterdir()) == [path]
    assert load_wording(folder, version) == wording


def test_each_version_is_kept_apart_and_replaced_when_loaded_again(tmp_path):
    for version in VERSIONS:
        save_wording(Wording(version=version, texts=made_up(version)), tmp_path)
    newer = made_up("5.0") | {"Nausea": {1: "a", 2: "b", 3: "c"}}
    save_wording(Wording(version="5.0", texts=newer), tmp_path)
    assert load_wording(tmp_path, "5.0").texts["Nausea"] == {1: "a", 2: "b", 3: "c"}
    assert load_wording(tmp_path, "6.0").texts == made_up("6.0")


def test_nothing_kept_is_no_fault(tmp_path):
    assert load_wording(tmp_path / "none", "5.0") is None


def damage(content: str) -> Iterator[str]:
    kept = json.loads(content)
    yield ""
    yield content[: len(content) // 2]
    yield "[]"
    yield '{"texts": 3}'
    yield json.dumps(kept | {"texts": dict(list(kept["texts"].items())[1:])})
    yield json.dumps(kept | {"texts": kept["texts"] | {"Nausea": {"1": "x"}}})
    yield json.dumps(kept | {"texts": kept["texts"] | {"Nausea": {"1": 1, "2": 2, "3": 3}}})
    yield json.dumps(kept | {"texts": kept["texts"] | {"Nausea": {"one": "x"}}})
    yield json.dumps(kept | {"texts": kept["texts"] | {"Nausea": "x"}})


def test_a_damaged_kept_file_is_refused_with_a_sentence(tmp_path):
    path = save_wording(Wording(version="5.0", texts=made_up("5.0")), tmp_path)
    for damaged in damage(path.read_text("utf-8")):
        path.write_text(damaged, "utf-8")
        with pytest.raises(KnownError, match=r"is damaged; load the workbook again\.$"):
            load_wording(tmp_path, "5.0")
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(KnownError, match="is damaged"):
        load_wording(tmp_path, "5.0")


def test_what_was_kept_survives_a_save_that_fails(tmp_path, monkeypatch):
    wording = Wording(version="5.0", texts=made_up("5.0"))
    save_wording(wording, tmp_path)

    def full(self: Path, target: Path) -> Path:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(KnownError, match="No space left on device"):
        save_wording(Wording(version="5.0", texts={}), tmp_path)
    assert load_wording(tmp_path, "5.0") == wording
    assert len(list(tmp_path.iterdir())) == 1


def test_a_folder_that_cannot_be_made_is_told(tmp_path):
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(KnownError, match="could not be stored"):
        save_wording(Wording(version="5.0", texts={}), tmp_path / "file")


def test_the_best_words_are_shown():
    nci = Wording(version="5.0", texts={"Nausea": {1: "Words of NCI"}})
    other = Wording(version="6.0", texts={"Nausea": {1: "Words of the other version"}})
    numbers = "< 50 ×10⁹/L"
    assert grade_text("5.0", "Nausea", 1, nci, numbers) == GradeText(
        "Words of NCI", "NCI CTCAE 5.0"
    )
    assert grade_text("5.0", "Nausea", 1, other, numbers) == GradeText(numbers, "Theralog")
    assert grade_text("5.0", "Nausea", 2, nci).source == "Theralog"
    assert grade_text("5.0", "Nausea", 1, None).source == "Theralog"
    assert grade_text("5.0", "Anal fissure", 1, None).source == "general scale"
    assert grade_text("5.0", "No such term", 5, None).source == "general scale"


def test_a_version_has_a_description_of_its_own_where_the_two_differ():
    in_5 = grade_text("5.0", "Hypertension", 3, None)
    in_6 = grade_text("6.0", "Hypertension", 3, None)
    assert in_5.source == in_6.source == "Theralog"
    assert in_5 != in_6


def test_every_described_term_is_described_for_exactly_the_grades_that_exist():
    described: dict[tuple[str, str], tuple[int, ...]] = {}
    for row in rows("ctcae/descriptions.csv"):
        key = (row["version"], row["term"])
        described[key] = (*described.get(key, ()), int(row["grade"]))
    assert len({name for _, name in described}) >= 150
    for (only, name), grades in described.items():
        found = [find_term(version, name) for version in ([only] if only else VERSIONS)]
        assert {term.grades for term in found if term} == {grades}, name
        assert all(found) or not only, name


@both_versions
def test_every_usual_term_that_can_be_told_in_words_is_described(version):
    for row in rows("ctcae/usual.csv"):
        term = find_term(version, row["term"])
        for grade in term.grades if term else ():
            assert grade_text(version, term.name, grade, None).source == "Theralog", term.name


def words(text: str) -> list[str]:
    return re.findall(r"[a-z0-9]+", text.casefold())


def runs(texts: Iterable[str]) -> set[tuple[str, ...]]:
    found = set()
    for text in texts:
        listed = words(text)
        found |= {
            tuple(listed[place : place + SHARED_RUN])
            for place in range(len(listed) - SHARED_RUN + 1)
        }
    return found


def fingerprint(run: tuple[str, ...]) -> bytes:
    return sha256(" ".join(run).encode()).digest()[:6]


def test_the_fingerprints_are_those_of_the_workbooks(nci_workbook):
    """Compared only where NCI's own workbooks are given."""
    theirs: set[bytes] = set()
    for version in VERSIONS:
        workbook = load_workbook(nci_workbook(version), read_only=True)
        for sheet in workbook.worksheets:
            for row in sheet.iter_rows(values_only=True):
                found = runs(cell for cell in row if isinstance(cell, str))
                theirs |= {fingerprint(run) for run in found}
        workbook.close()
    if os.environ.get("CTCAE_WORKBOOKS"):
        assert b"".join(sorted(theirs)) == FINGERPRINTS.read_bytes()
    else:
        assert len(theirs) > 1_000


def longer_names() -> re.Pattern[str]:
    """The names of terms and organ classes of three words or more, the longest first."""
    names = {
        name.casefold()
        for version in VERSIONS
        for term in terms(version)
        for name in (term.name, term.soc)
        if len(words(name)) >= 3
    }
    return re.compile("|".join(map(re.escape, sorted(names, key=len, reverse=True))))


def test_no_wording_of_nci_is_kept_in_the_project():
    """No six words in a row are NCI's, but for the names of terms and organ classes."""
    content = FINGERPRINTS.read_bytes()
    theirs = {content[start : start + 6] for start in range(0, len(content), 6)}
    assert len(theirs) > 10_000
    cells = [
        cell
        for path in sorted((PROJECT / "resources" / "ctcae").glob("*.csv"))
        for row in rows(f"ctcae/{path.name}")
        for cell in row.values()
    ]
    names = longer_names()
    ours = runs(part for cell in cells for part in names.split(cell.casefold()))
    assert [run for run in ours if fingerprint(run) in theirs] == []

"""A grade is told in NCI's words when they were loaded, in our own otherwise, and never wrongly."""

import json
import os
import re
from collections.abc import Iterable, Iterator, Mapping
from hashlib import sha256
from pathlib import Path
from random import Random

import pytest
from openpyxl import Workbook, load_workbook

from model.ctcae import wording as ctcae_wording
from model.ctcae.terms import VERSIONS, find_term, terms
from model.ctcae.wording import (
    GradeText,
    Wording,
    grade_text,
    load_wording,
    read_workbook,
    save_wording,
)
from model.errors import KnownError
from model.reference.tables import rows
from tests.model.ctcae.workbooks import made_up

PROJECT = Path(__file__).parents[3]
SHARED_RUN = 6
"""Words in a row that are enough to be called NCI's."""

FINGERPRINTS = PROJECT / "tests" / "files" / "ctcae_runs.bin"
"""The first six bytes of the SHA-256 of each run of words in NCI's two workbooks, sorted."""
both_versions = pytest.mark.parametrize("version", VERSIONS)


def save_workbook(
    path: Path, version: str, texts: dict[str, dict[int, str]], heading: str | None = None
) -> Path:
    """A workbook built as NCI builds them, with other words."""
    workbook = Workbook(write_only=True)
    workbook.create_sheet("Publication Notes").append(["", "Notes"])
    sheet = workbook.create_sheet("Clean Copy")
    grades = [f"Grade {grade} \xa0\xa0" for grade in range(1, 6)]
    sheet.append(["Code", "SOC", heading or f"CTCAE v{version} MedDRA 28.0 Term", *grades, "Notes"])
    for name, by_grade in texts.items():
        sheet.append([1, "", name, *(by_grade.get(grade, " -") for grade in range(1, 6)), "-"])
    workbook.create_sheet("Errata").append(["Term", "Grade/Definition", "Update Date"])
    workbook.save(path)
    return path


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path = tmp_path_factory.mktemp("good") / "CTCAE.xlsx"
    return save_workbook(path, "6.0", made_up("6.0")).read_bytes()


@both_versions
def test_a_workbook_built_as_nci_builds_them_is_read(version, tmp_path):
    path = save_workbook(tmp_path / "CTCAE.xlsx", version, made_up(version))
    assert read_workbook(path) == Wording(version=version, texts=made_up(version))


def test_a_workbook_that_does_not_say_its_version_is_known_by_its_terms(tmp_path):
    for version in VERSIONS:
        path = save_workbook(tmp_path / "CTCAE.xlsx", version, made_up(version), "CTCAE Term")
        assert read_workbook(path).version == version


@both_versions
def test_the_official_workbook_is_read(version, nci_workbook):
    wording = read_workbook(nci_workbook(version))
    assert wording.version == version
    assert {name: tuple(sorted(by_grade)) for name, by_grade in wording.texts.items()} == {
        term.name: term.grades for term in terms(version)
    }
    for by_grade in wording.texts.values():
        for text in by_grade.values():
            assert text.strip() == text
            assert "\xa0" not in text


def test_numbers_stand_in_the_official_text(nci_workbook):
    text = grade_text("6.0", "Thrombocytopenia", 4, read_workbook(nci_workbook("6.0")))
    assert "10.0 x 10^9/L" in text.text
    assert text.source == "NCI CTCAE 6.0"


def without(name: str) -> dict[str, dict[int, str]]:
    return {term: texts for term, texts in made_up("5.0").items() if term != name}


@pytest.mark.parametrize(
    ("texts", "heading", "said"),
    [
        (without("Nausea"), None, "has 836 terms, but CTCAE 5.0 has 837"),
        (made_up("5.0") | {"New term": {1: "x"}}, None, "has 838 terms, but CTCAE 5.0 has 837"),
        (without("Nausea") | {"Sickness": {1: "x"}}, None, "lacks the term “Nausea” of CTCAE 5.0"),
        (made_up("5.0") | {"Nausea": {1: "x"}}, None, "gives “Nausea” other grades than CTCAE 5.0"),
        (made_up("5.0"), "CTCAE v4.0 Term", "holds CTCAE 4.0; CTCAE 5.0 and 6.0 are known"),
        (made_up("5.0"), "CTCAE v6.0 Term", "has 837 terms, but CTCAE 6.0 has 850"),
        (made_up("5.0"), "Event", "has no sheet of CTCAE terms with grades 1 to 5"),
        ({}, None, "has 0 terms, but CTCAE 5.0 has 837"),
    ],
)
def test_a_workbook_of_another_edition_is_refused(texts, heading, said, tmp_path):
    path = save_workbook(tmp_path / "CTCAE.xlsx", "5.0", texts, heading)
    with pytest.raises(KnownError, match=f"^NCI's wording was not loaded: CTCAE.xlsx {said}.*[.]$"):
        read_workbook(path)


def test_a_term_that_stands_twice_is_refused(tmp_path):
    path = tmp_path / "CTCAE.xlsx"
    save_workbook(path, "5.0", without("Nausea"))
    workbook = load_workbook(path)
    sheet = workbook["Clean Copy"]
    sheet.append([cell.value for cell in sheet[2]])
    workbook.save(path)
    with pytest.raises(KnownError, match="lacks the term “Nausea”"):
        read_workbook(path)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "is not an Excel workbook"),
        (b"MedDRA Code,CTCAE Term,Grade 1\n", "is not an Excel workbook"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, "is an old Excel file"),
        (
            b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
            "has a password",
        ),
        (b"PK\x03\x04 and no more", "is damaged"),
        (b"PK\x05\x06" + b"\0" * 18, "is not an Excel workbook"),
    ],
)
def test_a_file_that_is_no_open_workbook_is_refused(content, said, tmp_path):
    path = tmp_path / "file.xlsx"
    path.write_bytes(content)
    with pytest.raises(KnownError, match=f"^NCI's wording was not loaded: file.xlsx {said}.*[.]$"):
        read_workbook(path)


def test_a_file_that_is_not_there_is_refused(tmp_path):
    for path in (tmp_path / "none.xlsx", tmp_path):
        with pytest.raises(KnownError, match="cannot be read"):
            read_workbook(path)


def test_a_workbook_that_unpacks_to_far_too_much_is_refused(good, tmp_path, monkeypatch):
    path = tmp_path / "CTCAE.xlsx"
    path.write_bytes(good)
    monkeypatch.setattr(ctcae_wording, "_LARGEST", len(good))
    with pytest.raises(KnownError, match="far larger"):
        read_workbook(path)


@pytest.mark.parametrize("seed", range(12))
def test_a_damaged_workbook_is_refused_or_read_whole(seed, good, tmp_path):
    random = Random(seed)
    damaged = bytearray(good)
    if seed % 3:
        for _ in range(seed):
            damaged[random.randrange(len(damaged))] ^= 1 << random.randrange(8)
    else:
        del damaged[random.randrange(len(damaged)) :]
    path = tmp_path / "CTCAE.xlsx"
    path.write_bytes(damaged)
    outcome = texts_or_refusal(path)
    assert outcome == made_up("6.0") or str(outcome).startswith(
        "NCI's wording was not loaded: CTCAE.xlsx "
    )


def texts_or_refusal(path: Path) -> Mapping[str, Mapping[int, str]] | str:
    try:
        return read_workbook(path).texts
    except KnownError as error:
        return str(error)


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

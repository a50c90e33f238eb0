"""NCI's workbook is read if it is one, and refused with a sentence otherwise."""

from collections.abc import Mapping
from pathlib import Path
from random import Random

import pytest
from openpyxl import Workbook, load_workbook

from model.ctcae import wording_workbook
from model.ctcae.terms import VERSIONS, terms
from model.ctcae.wording import Wording
from model.ctcae.wording_workbook import read_workbook
from model.errors import KnownError
from tests.model.ctcae.workbooks import made_up

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
    monkeypatch.setattr(wording_workbook, "_MAX_BYTES", len(good))
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

"""The catalogues are NCI's, fact for fact."""

import csv
import gzip
from pathlib import Path

import pytest

from model.ctcae import terms as ctcae_terms
from model.ctcae.terms import VERSIONS, Term, find_term, terms
from model.reference.vocabulary import fold

GIVEN = Path(__file__).parents[2] / "files" / "ctcae_terms.csv.gz"
both_versions = pytest.mark.parametrize("version", VERSIONS)


@pytest.mark.parametrize(("version", "count"), [("5.0", 837), ("6.0", 850)])
def test_a_version_has_all_its_terms_and_no_name_twice(version, count):
    names = [term.name.casefold() for term in terms(version)]
    assert len(names) == len(set(names)) == count


@both_versions
def test_the_catalogue_is_the_one_that_was_given(version):
    with gzip.open(GIVEN, "rt", encoding="utf-8", newline="") as file:
        given = [
            Term(
                version=version,
                soc=row["soc"],
                name=row["term"],
                meddra_code=row["meddra_code"],
                ncit_code=row["ncit_code"],
                grades=tuple(map(int, row["grades"])),
            )
            for row in csv.DictReader(file)
            if row["version"] == version
        ]
    assert list(terms(version)) == given


def test_only_the_grades_that_exist_are_listed():
    assert find_term("5.0", "Alkaline phosphatase increased").grades == (1, 2, 3, 4)
    assert find_term("6.0", "Alkaline phosphatase increased").grades == (1,)
    assert find_term("6.0", "Lymphopenia").grades == (1,)
    assert find_term("5.0", "Acute kidney injury").grades == (3, 4, 5)
    for version in VERSIONS:
        for term in terms(version):
            assert term.grades == tuple(sorted(set(term.grades)))
            assert set(term.grades) <= {1, 2, 3, 4, 5}


def test_a_term_of_the_other_version_is_not_there():
    assert find_term("6.0", "Platelet count decreased") is None
    assert find_term("5.0", "Thrombocytopenia") is None


@pytest.mark.parametrize("version", ["5.0", "6.0"])
def test_no_two_terms_of_a_version_differ_only_in_case_or_blanks(version: str) -> None:
    names = {fold(term.name) for term in terms(version)}
    assert len(names) == len(terms(version))


def test_a_term_is_known_in_any_case_and_with_blanks() -> None:
    for written in (
        "PLATELET COUNT DECREASED ",
        "platelet_count  decreased",
        "Platelet-count decreased",
    ):
        assert ctcae_terms.spell_term("5.0", written) == "Platelet count decreased"
    assert ctcae_terms.spell_term("5.0", " of  its own ") == "of its own"
    assert ctcae_terms.spell_term("4.0", "Nausea") == "Nausea"

"""What a typed text finds in a list."""

from __future__ import annotations

import pytest

from model.records.biopsies import METASTASIS_SITES, PRIMARY_SITES, WHO_GRADES
from model.records.therapies import CATEGORIES
from model.reference import synonyms


def found(text, codes):
    entries = [(code, code.replace("_", " ").capitalize()) for code in codes]
    return [codes[match.index] for match in synonyms.find(text, entries)]


@pytest.mark.parametrize(
    ("text", "category"),
    [
        *(("som", "ssa"), ("somatostatin analog", "ssa"), ("octreotide", "ssa")),
        *(("Lanreotide", "ssa"), ("TACE", "locoregional"), ("sirt", "locoregional")),
        *(("PRRT", "prrt"), ("radioligand", "prrt"), ("CAPTEM", "chemotherapy")),
        *(("everolimus", "targeted"), ("EBRT", "radiotherapy"), ("res", "surgery")),
        ("checkpoint", "immunotherapy"),
    ],
)
def test_a_synonym_finds_the_category_that_it_belongs_to(text, category):
    assert found(text, CATEGORIES)[0] == category


@pytest.mark.parametrize("text", ["g2", "NET G2", "net-g2", "G2 NET", "NETG2"])
def test_any_word_and_any_spelling_finds_a_grade(text):
    assert found(text, WHO_GRADES) == ["NET G2"]


def test_the_name_itself_comes_before_what_begins_so_and_that_before_the_rest():
    codes = ["post-therapy CT", "CT with contrast", "CT"]
    assert found("ct", codes) == ["CT", "CT with contrast", "post-therapy CT"]
    assert found("ther", codes) == ["post-therapy CT"]


@pytest.mark.parametrize("text", ["", "   ", "·", "_", "xyzzy", "liverr"])
def test_what_means_nothing_finds_nothing(text):
    assert found(text, METASTASIS_SITES) == []


def test_two_letters_within_a_word_are_not_enough():
    assert "pancreas" not in found("cr", PRIMARY_SITES)
    assert found("crea", PRIMARY_SITES) == ["pancreas"]


def test_only_the_label_or_the_code_is_the_entry_itself():
    entries = [("small_bowel", "Small bowel")]
    exact = [synonyms.find(text, entries)[0].is_exact for text in ("SMALL BOWEL", "small_bowel")]
    assert exact == [True, True]
    assert not synonyms.find("ileum", entries)[0].is_exact


def test_an_element_or_its_mass_finds_the_nuclide():
    assert found("lu", ["225Ac", "177Lu"]) == ["177Lu"]
    assert found("Lu-177", ["225Ac", "177Lu"]) == ["177Lu"]


def test_the_synonyms_of_a_vocabulary_are_searched_too():
    entries = [("recovered", "Recovered"), ("fatal", "Fatal")]
    assert synonyms.find("resol", entries) == []
    (match,) = synonyms.find("resol", entries, {"recovered": ("resolved",)})
    assert (match.index, match.synonym) == (0, "resolved")


def test_no_synonym_is_an_entry_of_its_own_vocabulary():
    for codes in (CATEGORIES, PRIMARY_SITES, METASTASIS_SITES):
        for code in codes:
            for synonym in synonyms.SYNONYMS.get(code, ()):
                assert synonym not in codes
                assert code in found(synonym, codes)

"""The catalogues are NCI's, fact for fact, and the search finds a term by the words people use."""

import csv
import gzip
from pathlib import Path

import pytest

from model.ctcae import terms as ctcae_terms
from model.ctcae.terms import VERSIONS, Term, find_term, search, terms
from model.reference.tables import rows
from model.reference.vocabulary import fold

GIVEN = Path(__file__).parents[2] / "files" / "ctcae_terms.csv.gz"
PLATELETS = {"5.0": "Platelet count decreased", "6.0": "Thrombocytopenia"}
both_versions = pytest.mark.parametrize("version", VERSIONS)


def found(version: str, text: str, limit: int = 20) -> list[str]:
    return [term.name for term in search(version, text, limit)]


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


@both_versions
def test_every_term_is_found_by_its_name_whatever_the_case(version):
    for term in terms(version):
        assert find_term(version, f" {term.name.upper()} ") is term
        assert term in search(version, term.name)


def test_a_term_of_the_other_version_is_not_there():
    assert find_term("6.0", "Platelet count decreased") is None
    assert find_term("5.0", "Thrombocytopenia") is None


@pytest.mark.parametrize("ask", [terms, lambda version: search(version, "x")])
def test_a_version_that_does_not_exist_is_a_bug(ask):
    with pytest.raises(ValueError, match=r"4\.03"):
        ask("4.03")


@both_versions
@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("nau", "Nausea"),
        ("neu", "Neutrophil count decreased"),
        ("ane", "Anemia"),
        ("cre", "Creatinine increased"),
        ("fat", "Fatigue"),
        ("vom", "Vomiting"),
        ("dia", "Diarrhea"),
        ("alo", "Alopecia"),
    ],
)
def test_three_keystrokes_put_the_usual_term_first(version, typed, name):
    assert found(version, typed)[0] == name
    assert found(version, typed.upper())[0] == name


@both_versions
def test_three_keystrokes_put_platelets_first(version):
    assert found(version, "pla")[0] == PLATELETS[version]


@both_versions
def test_every_usual_term_is_listed_after_three_keystrokes(version):
    for row in rows("ctcae/usual.csv"):
        if find_term(version, row["term"]):
            assert row["term"] in found(version, row["term"][:3])


@both_versions
def test_nothing_typed_lists_the_usual_terms_in_order(version):
    assert found(version, "  ", limit=3) == [
        PLATELETS[version],
        "Neutrophil count decreased",
        "White blood cell decreased",
    ]


@both_versions
@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("ANC", "Neutrophil count decreased"),
        ("hair loss", "Alopecia"),
        ("loss of hair", "Alopecia"),
        ("tired", "Fatigue"),
        ("leukocytopenia", "White blood cell decreased"),
        ("absolute neutrophil count reduction", "Neutrophil count decreased"),
        ("creatinine increase", "Creatinine increased"),
        ("liver impairment", "Hepatobiliary disorders - Other, specify"),
        ("other liver", "Hepatobiliary disorders - Other, specify"),
        ("other kidney", "Renal and urinary disorders - Other, specify"),
        ("other blood", "Blood and lymphatic system disorders - Other, specify"),
        ("carcinoid crisis", "Endocrine disorders - Other, specify"),
        ("ALT", "Alanine aminotransferase increased"),
        ("AST", "Aspartate aminotransferase increased"),
        ("γ-GT", "GGT increased"),
        ("MDS", "Myelodysplastic syndrome"),
        ("AKI", "Acute kidney injury"),
        ("headaches", "Headache"),
        ("Übelkeit", "Nausea"),
        ("uebelkeit", "Nausea"),
        ("ubelkeit", "Nausea"),
        ("Müdigkeit", "Fatigue"),
        ("Haarausfall", "Alopecia"),
        ("Durchfall", "Diarrhea"),
        ("Mundtrockenheit", "Dry mouth"),
        ("Niereninsuffizienz", "Chronic kidney disease"),
        ("stanchezza", "Fatigue"),
        ("perdita di capelli", "Alopecia"),
        ("diarrea", "Diarrhea"),
        ("stitichezza", "Constipation"),
        ("anaemia", "Anemia"),
        ("haematuria", "Hematuria"),
        ("generalised oedema", "Generalized edema"),
        ("oesophageal fistula", "Esophageal fistula"),
        ("lung infection", {"5.0": "Lung infection", "6.0": "Pneumonia"}),
        ("pneumonia", {"5.0": "Lung infection", "6.0": "Pneumonia"}),
        ("low platelets", PLATELETS),
        ("reduced platelets count", PLATELETS),
        ("trombocitopenia", PLATELETS),
        ("Thrombopenie", PLATELETS),
        ("piastrine basse", PLATELETS),
    ],
)
def test_the_words_in_daily_use_lead_to_the_term(version, typed, name):
    wanted = name[version] if isinstance(name, dict) else name
    assert found(version, typed)[0] == wanted


@both_versions
def test_an_umlaut_in_two_parts_is_the_same_letter(version):
    assert found(version, "U\u0308bel") == found(version, "Übel") != []


def test_the_name_in_one_version_leads_to_the_term_of_the_other():
    assert found("5.0", "thrombocytopenia") == ["Platelet count decreased"]
    assert found("6.0", "platelet count decreased") == ["Thrombocytopenia"]
    assert found("6.0", "lymphocyte count decreased")[0] == "Lymphopenia"
    assert found("6.0", "CPK increased")[0] == "Investigations - Other, specify"
    assert found("5.0", "CPK")[0] == "CPK increased"


@both_versions
def test_every_other_specify_term_is_found_by_the_word_other(version):
    names = {term.name for term in terms(version) if term.name.endswith("Other, specify")}
    assert set(found(version, "other", limit=1000)) >= names
    assert len(names) > 20


def test_a_code_finds_its_term():
    assert found("5.0", "10002272") == ["Anemia"]
    assert found("6.0", "10002272") == ["Anemia"]
    assert found("5.0", "C143283") == ["Anemia"]
    assert found("5.0", "c143283") == ["Anemia"]
    assert "Anemia" in found("5.0", "1000227")


@both_versions
def test_a_letter_does_not_list_terms_for_their_codes(version):
    assert "Chills" in found(version, "c", limit=1000)
    assert "Insomnia" not in found(version, "c1", limit=1000)


@both_versions
def test_words_may_come_in_any_order_and_from_the_middle_of_a_word(version):
    assert found(version, "decreased neutrophil")[0] == "Neutrophil count decreased"
    assert PLATELETS[version] in found(version, "cytopenia")


@both_versions
def test_what_no_word_answers_to_finds_nothing(version):
    assert found(version, "zzz") == []
    assert found(version, "nausea zzz") == []


@both_versions
def test_the_whole_name_comes_before_what_is_usual(version):
    assert found(version, "Pain")[0] == "Pain"
    assert found(version, "Chills")[0] == "Chills"


@both_versions
def test_no_more_terms_are_given_than_asked_for(version):
    assert len(search(version, "e", limit=7)) == 7


def test_synonyms_and_usual_terms_name_terms_that_exist():
    known = {term.name for version in VERSIONS for term in terms(version)}
    named = {name for row in rows("ctcae/synonyms.csv") for name in row["terms"].split(" | ")}
    assert named <= known
    assert {row["term"] for row in rows("ctcae/usual.csv")} <= known
    assert {row["language"] for row in rows("ctcae/synonyms.csv")} == {"en", "de", "it"}


def test_the_index_is_made_once():
    search("5.0", "pla")
    before = ctcae_terms._index.cache_info().misses
    search("5.0", "nau")
    assert ctcae_terms._index.cache_info().misses == before


def test_a_search_for_no_terms_finds_none():
    assert search("5.0", "plt", 0) == search("5.0", "", 0) == []


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
        assert ctcae_terms.spelled_term("5.0", written) == "Platelet count decreased"
    assert ctcae_terms.spelled_term("5.0", " of  its own ") == "of its own"
    assert ctcae_terms.spelled_term("4.0", "Nausea") == "Nausea"

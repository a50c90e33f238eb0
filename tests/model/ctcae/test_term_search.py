"""The search finds a term by the words people use."""

import pytest

from model.ctcae import term_search
from model.ctcae.term_search import search_terms
from model.ctcae.terms import VERSIONS, find_term, terms
from model.reference.tables import rows

PLATELETS = {"5.0": "Platelet count decreased", "6.0": "Thrombocytopenia"}
both_versions = pytest.mark.parametrize("version", VERSIONS)


def names_found(version: str, text: str, limit: int = 20) -> list[str]:
    return [term.name for term in search_terms(version, text, limit)]


@both_versions
def test_every_term_is_found_by_its_name_whatever_the_case(version):
    for term in terms(version):
        assert find_term(version, f" {term.name.upper()} ") is term
        assert term in search_terms(version, term.name)


@pytest.mark.parametrize("ask", [terms, lambda version: search_terms(version, "x")])
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
    assert names_found(version, typed)[0] == name
    assert names_found(version, typed.upper())[0] == name


@both_versions
def test_three_keystrokes_put_platelets_first(version):
    assert names_found(version, "pla")[0] == PLATELETS[version]


@both_versions
def test_every_usual_term_is_listed_after_three_keystrokes(version):
    for row in rows("ctcae/usual.csv"):
        if find_term(version, row["term"]):
            assert row["term"] in names_found(version, row["term"][:3])


@both_versions
def test_nothing_typed_lists_the_usual_terms_in_order(version):
    assert names_found(version, "  ", limit=3) == [
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
    expected = name[version] if isinstance(name, dict) else name
    assert names_found(version, typed)[0] == expected


@both_versions
def test_an_umlaut_in_two_parts_is_the_same_letter(version):
    assert names_found(version, "U\u0308bel") == names_found(version, "Übel") != []


def test_the_name_in_one_version_leads_to_the_term_of_the_other():
    assert names_found("5.0", "thrombocytopenia") == ["Platelet count decreased"]
    assert names_found("6.0", "platelet count decreased") == ["Thrombocytopenia"]
    assert names_found("6.0", "lymphocyte count decreased")[0] == "Lymphopenia"
    assert names_found("6.0", "CPK increased")[0] == "Investigations - Other, specify"
    assert names_found("5.0", "CPK")[0] == "CPK increased"


@both_versions
def test_every_other_specify_term_is_found_by_the_word_other(version):
    names = {term.name for term in terms(version) if term.name.endswith("Other, specify")}
    assert set(names_found(version, "other", limit=1000)) >= names
    assert len(names) > 20


def test_a_code_finds_its_term():
    assert names_found("5.0", "10002272") == ["Anemia"]
    assert names_found("6.0", "10002272") == ["Anemia"]
    assert names_found("5.0", "C143283") == ["Anemia"]
    assert names_found("5.0", "c143283") == ["Anemia"]
    assert "Anemia" in names_found("5.0", "1000227")


@both_versions
def test_a_letter_does_not_list_terms_for_their_codes(version):
    assert "Chills" in names_found(version, "c", limit=1000)
    assert "Insomnia" not in names_found(version, "c1", limit=1000)


@both_versions
def test_words_may_come_in_any_order_and_from_the_middle_of_a_word(version):
    assert names_found(version, "decreased neutrophil")[0] == "Neutrophil count decreased"
    assert PLATELETS[version] in names_found(version, "cytopenia")


@both_versions
def test_what_no_word_answers_to_finds_nothing(version):
    assert names_found(version, "zzz") == []
    assert names_found(version, "nausea zzz") == []


@both_versions
def test_the_whole_name_comes_before_what_is_usual(version):
    assert names_found(version, "Pain")[0] == "Pain"
    assert names_found(version, "Chills")[0] == "Chills"


@both_versions
def test_no_more_terms_are_given_than_asked_for(version):
    assert len(search_terms(version, "e", limit=7)) == 7


def test_synonyms_and_usual_terms_name_terms_that_exist():
    known = {term.name for version in VERSIONS for term in terms(version)}
    named = {name for row in rows("ctcae/synonyms.csv") for name in row["terms"].split(" | ")}
    assert named <= known
    assert {row["term"] for row in rows("ctcae/usual.csv")} <= known
    assert {row["language"] for row in rows("ctcae/synonyms.csv")} == {"en", "de", "it"}


def test_the_index_is_made_once():
    search_terms("5.0", "pla")
    before = term_search._index.cache_info().misses
    search_terms("5.0", "nau")
    assert term_search._index.cache_info().misses == before


def test_a_search_for_no_terms_finds_none():
    assert search_terms("5.0", "plt", 0) == search_terms("5.0", "", 0) == []

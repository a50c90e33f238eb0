import csv
from fractions import Fraction
from pathlib import Path

import pytest

from model.ctcae import criteria
from model.ctcae.criteria import comparisons_from, plans, terms_of
from model.ctcae.terms import find_term
from model.reference.analytes import ANALYTES

TABLE = Path(__file__).parents[2] / "files" / "lab_thresholds.csv"
FACTS = list(csv.DictReader(TABLE.read_text(encoding="utf-8").splitlines()))
VERSIONS = ("5.0", "6.0")


def every_criterion():
    for version in VERSIONS:
        for analyte in ANALYTES:
            for criterion in criteria.criteria(version, analyte.key):
                yield version, analyte, criterion


def test_all_terms_of_the_facts_are_graded_and_no_others():
    graded = {(version, row.term, row.direction) for version, _, row in every_criterion()}
    stated = {(f"{row['version']}.0", row["term"], row["direction"]) for row in FACTS}
    of_both = {
        *(("Chronic kidney disease", "H"), ("Thyroid stimulating hormone increased", "H")),
        *(("Hypothermia", "L"), ("Fever", "H"), ("Febrile neutropenia", "H")),
        *(("Weight loss", "L"), ("Weight gain", "H")),
    }
    stated |= {(version, *pair) for version in VERSIONS for pair in of_both}
    stated |= {("5.0", "Pancreatic enzymes decreased", "L")}
    stated |= {("6.0", "Pancreatic insufficiency", "L")}
    assert graded == stated


def test_every_term_and_grade_of_a_criterion_exists_in_its_catalogue():
    for version, _, criterion in every_criterion():
        term = find_term(version, criterion.term)
        assert term is not None, criterion.term
        assert {*criterion.grades, *criterion.raised_by} <= set(term.grades), criterion


def test_every_unit_of_a_criterion_fits_its_analyte():
    for _, analyte, criterion in every_criterion():
        assert criterion.unit in ("", *analyte.units), (analyte.key, criterion)


def test_every_unit_of_an_analyte_has_a_plan_for_each_of_its_terms():
    for version in VERSIONS:
        for analyte in ANALYTES:
            for ucum in analyte.units:
                found = [(plan.term, plan.direction) for plan in plans(version, analyte.key, ucum)]
                assert tuple(found) == terms_of(version, analyte.key)


def test_low_comes_before_high():
    assert terms_of("5.0", "wbc") == (("White blood cell decreased", "L"), ("Leukocytosis", "H"))
    assert terms_of("6.0", "plt") == (("Thrombocytopenia", "L"), ("Thrombocytosis", "H"))
    assert terms_of("5.0", "cga") == ()


def test_the_cut_off_in_the_written_unit_decides_where_there_is_one():
    [low, _] = plans("5.0", "ca", "mmol/L")
    assert Fraction(2) in {part.offset for part in low.comparisons}
    assert low.display_factor is None
    [low, _] = plans("5.0", "ca", "meq/L")
    assert (low.criterion_unit, low.display_factor) == ("mmol/L", 0.5)
    [low, _] = plans("5.0", "ca", "mg/L")
    assert low.criterion_unit == "mg/dL"


def test_no_text_of_the_table_would_have_to_be_quoted_or_is_a_template():
    for _, _, criterion in every_criterion():
        texts = (criterion.refusal, criterion.remark, *criterion.raised_by.values())
        assert not set("".join(texts)) & set(',"{}\n'), criterion


@pytest.mark.parametrize("text", ["", "<", "10", "<ULNX", "=5", "<<5", "<LLN and", "between 3"])
def test_what_is_not_a_criterion_is_refused(text):
    with pytest.raises(ValueError, match="not a criterion"):
        comparisons_from(text)


def test_criteria_are_read_exactly():
    [part] = comparisons_from(">1.5*ULN")
    assert (part.sign, part.factor, part.limit, part.offset) == (
        ">",
        Fraction(3, 2),
        "ULN",
        Fraction(0),
    )
    [part] = comparisons_from(">ULN+2")
    assert (part.factor, part.limit, part.offset) == (Fraction(1), "ULN", Fraction(2))
    [part] = comparisons_from("<=129")
    assert (part.sign, part.limit, part.offset) == ("<=", "", Fraction(129))
    assert [part.limit for part in comparisons_from(">ULN and >BASE")] == ["ULN", "BASE"]

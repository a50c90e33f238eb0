"""The numbers of a grade, told in one line from the same table that grades."""

import pytest

from model.ctcae import criteria
from model.ctcae.criterion_text import criterion_text
from model.ctcae.terms import VERSIONS, find_term


@pytest.mark.parametrize(
    ("version", "term", "grade", "expected"),
    [
        ("5.0", "Platelet count decreased", 1, "< LLN–75 ×10⁹/L"),
        ("5.0", "Platelet count decreased", 2, "< 75–50 ×10⁹/L"),
        ("5.0", "Platelet count decreased", 4, "< 25 ×10⁹/L"),
        ("6.0", "Thrombocytopenia", 3, "< 50–10 ×10⁹/L; or a transfusion is needed"),
        ("5.0", "Anemia", 2, "< 10.0–8.0 g/dL or < 6.2–4.9 mmol/L"),
        ("6.0", "Neutrophil count decreased", 1, "< 1.5–1 ×10⁹/L"),
        ("5.0", "Hemoglobin increased", 1, "> ULN to ULN + 2 g/dL"),
        ("5.0", "Hemoglobin increased", 2, "> ULN + 2 to ULN + 4 g/dL"),
        (
            "5.0",
            "Alanine aminotransferase increased",
            1,
            "not above ULN at baseline: > ULN–3 × ULN; above ULN at baseline: ≥ 1.5–3 × baseline",
        ),
        (
            "6.0",
            "GGT increased",
            4,
            "not above ULN at baseline: > 20 × ULN; above ULN at baseline: > 10 × baseline",
        ),
        ("5.0", "Creatinine increased", 2, "> 1.5–3 × ULN or > 1.5–3 × baseline"),
        ("5.0", "Creatinine increased", 3, "> 3–6 × ULN or > 3 × baseline"),
        ("5.0", "Eosinophilia", 1, "> ULN and > baseline"),
        ("5.0", "Hypertriglyceridemia", 1, "≥ 150–300 mg/dL or ≥ 1.71–3.42 mmol/L"),
        (
            "5.0",
            "Lipase increased",
            4,
            "if there are signs or symptoms: > 5 × ULN",
        ),
        (
            "5.0",
            "Hypocalcemia",
            4,
            "Calcium, albumin-corrected: < 6 mg/dL or < 1.5 mmol/L;"
            " Calcium, ionised: < 0.8 mmol/L; or life is at risk",
        ),
        ("6.0", "Hyperglycemia", 2, "fasting: > 160 mg/dL or > 8.9 mmol/L"),
    ],
)
def test_a_laboratory_grade_is_told_by_its_numbers(version, term, grade, expected):
    assert criterion_text(version, term, grade) == expected


@pytest.mark.parametrize(
    ("term", "grade"), [("Nausea", 2), ("Anemia", 4), ("Anemia", 5), ("Hypophosphatemia", 1)]
)
def test_what_has_no_number_is_not_told_by_one(term, grade):
    assert criterion_text("5.0", term, grade) is None


@pytest.mark.parametrize("version", VERSIONS)
def test_every_grade_with_a_number_is_told_and_exists(version):
    of_lab = {(row["term"], level) for row in criteria._table() for level in criteria.GRADES}
    for term, grade in of_lab:
        found = find_term(version, term)
        told = criterion_text(version, term, grade)
        has_number = any(
            grade in row.grades
            for analyte in {row["analyte"] for row in criteria._table() if row["term"] == term}
            for key in analyte.split()
            for row in criteria.criteria(version, key)
            if row.term == term
        )
        assert (told is not None) == has_number
        if told:
            assert found is not None
            assert grade in found.grades

"""Terms by eGFR, weight, temperature, TSH, enzymes and protein ratio, at and beside each cut-off.

The cut-offs are those of NCI's tables, written here a second time.
"""

from __future__ import annotations

import math

import pytest

from model.ctcae.grading import grade
from model.ctcae.grading_frame import grade_frame
from model.reference.analytes import find

VERSIONS = ("5.0", "6.0")


def graded(term, analyte, value, unit=None, version="5.0", **facts):
    unit = find(analyte).unit if unit is None else unit
    found = grade(analyte, value, unit, version=version, **facts)
    [line] = [line for line in found if line.term == term]
    columns = {name: [given] for name, given in facts.items()}
    frame = grade_frame(version=version, analyte=[analyte], value=[value], unit=[unit], **columns)
    [(level, reason)] = [
        (level, reason)
        for name, level, reason in zip(frame.term, frame.grade, frame.reason, strict=True)
        if name == term
    ]
    assert (-1 if line.grade is None else line.grade, line.reason) == (level, reason)
    return line.grade


def beside(cut: float, way: float) -> str:
    return repr(math.nextafter(cut, way))


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize(
    ("analyte", "unit"), [("egfr", "mL/min/1.73m2"), ("crcl", "mL/min"), ("crcl24", "mL/min")]
)
def test_chronic_kidney_disease_at_every_cut_off(version, analyte, unit):
    def level(value: float, lln: str | None = "90") -> int | None:
        written = repr(float(value))
        return graded("Chronic kidney disease", analyte, written, unit, version, lln=lln)

    assert level(90) == 0
    assert level(math.nextafter(90, 0)) == 1
    assert level(60) == 1
    if version == "5.0":
        assert level(math.nextafter(59, 99)) == 1
        assert level(59) == 2
        assert level(math.nextafter(29, 99)) == 2
        assert level(29) == 3
    else:
        assert level(math.nextafter(60, 0)) == 2
        assert level(math.nextafter(30, 0)) == 3
    assert level(30) == 2
    assert level(15) == 3
    assert level(math.nextafter(15, 0)) == 4
    assert level(0) == 4
    assert level(75, lln=None) is None
    assert level(45, lln=None) == 2


@pytest.mark.parametrize(
    ("version", "levels"), [("5.0", [0, 1, 1, 1, 2, 3, 4]), ("6.0", [0, 1, 1, 2, 2, 3, 4])]
)
def test_a_clearance_per_second_is_60_times_one_per_minute(version, levels):
    found = [
        graded("Chronic kidney disease", "crcl24", value, "mL/s", version, lln="1.5")
        for value in ("1.5", "1.49", "1", "0.99", "0.5", "0.25", "0.24")
    ]
    assert found == levels


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize(
    ("unit", "times"),
    [("g/g", 1.0), ("mg/mg", 1.0), ("mg/g", 1000.0)],
)
def test_protein_per_creatinine_at_every_cut_off(version, unit, times):
    def level(term, ratio):
        facts = {"uln": repr(0.15 * times)}
        return graded(term, "upcr", f"{ratio * times:.12g}", unit, version, **facts)

    assert level("Chronic kidney disease", 0.5) == 0
    assert level("Chronic kidney disease", 0.5000001) == 1
    if version == "6.0":
        increased = [
            level("Urinary protein increased", ratio)
            for ratio in (0.1499, 0.15, 0.9999, 1, 3.5, 3.5001)
        ]
        assert increased == [0, 1, 1, 2, 2, 3]


def test_protein_per_millimole_of_creatinine_is_converted():
    term = "Urinary protein increased"
    # 3.5 g/g are 395.9 mg/mmol.
    assert graded(term, "upcr", "395", "mg/mmol", "6.0", uln="17") == 2
    assert graded(term, "upcr", "396", "mg/mmol", "6.0", uln="17") == 3


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize(("value", "level"), [("3.9", 0), ("4.0", 0), ("4.1", 1), ("400", 1)])
@pytest.mark.parametrize("unit", ["mIU/L", "µIU/mL", "mU/L"])
def test_tsh_above_its_limit_is_grade_1(version, value, level, unit):
    term = "Thyroid stimulating hormone increased"
    assert graded(term, "tsh", value, unit, version, uln="4.0") == level
    assert graded(term, "tsh", value, unit, version) is None


@pytest.mark.parametrize(
    ("version", "term"),
    [("5.0", "Pancreatic enzymes decreased"), ("6.0", "Pancreatic insufficiency")],
)
@pytest.mark.parametrize("analyte", ["lipase", "amylase"])
def test_pancreatic_enzymes_below_their_limit_are_grade_1(version, term, analyte):
    levels = [
        graded(term, analyte, value, "U/L", version, lln="13", uln="60")
        for value in ("13", "12.9", "0", "200")
    ]
    assert levels == [0, 1, 1, 0]
    assert graded(term, analyte, "5", "U/L", version, uln="60") is None


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize(
    ("kg", "loss", "gain"),
    [
        ("80", 0, 0), ("76.1", 0, 0), ("76", 1, 0), ("72.1", 1, 0), ("72", 2, 0), ("64.1", 2, 0),
        ("64", 3, 0), ("40", 3, 0), ("83.9", 0, 0), ("84", 0, 1), ("87.9", 0, 1), ("88", 0, 2),
        ("95.9", 0, 2), ("96", 0, 3), ("160", 0, 3),
    ],
)  # fmt: skip
def test_weight_against_its_baseline_at_every_cut_off(version, kg, loss, gain):
    facts = {"baseline_value": "80"}
    assert graded("Weight loss", "weight", kg, "kg", version, **facts) == loss
    assert graded("Weight gain", "weight", kg, "kg", version, **facts) == gain


@pytest.mark.parametrize("version", VERSIONS)
def test_weight_needs_a_baseline_and_the_baseline_is_no_change(version):
    assert graded("Weight loss", "weight", "70", "kg", version) is None
    assert graded("Weight loss", "weight", "70", "kg", version, is_baseline=True) == 0
    assert graded("Weight gain", "weight", "70", "kg", version, is_baseline=True) == 0


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize(
    ("value", "fever", "cold"),
    [
        ("37.9", 0, 0), ("38", 1, 0), ("38.0", 1, 0), ("39.0", 1, 0), ("39.1", 2, 0),
        ("40.0", 2, 0), ("40.1", 3, 0), ("35.1", 0, 0), ("35", 0, 2), ("32.1", 0, 2),
        ("32", 0, 3), ("28.1", 0, 3), ("28", 0, 4),
    ],
)  # fmt: skip
def test_temperature_at_every_cut_off(version, value, fever, cold):
    assert graded("Fever", "temp", value, "°C", version) == fever
    assert graded("Hypothermia", "temp", value, "°C", version) == cold


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize(
    ("value", "neutropenic", "level"),
    [
        ("38.3", "yes", 0), ("38.4", "yes", 3), ("41", "yes", 3), ("38.4", "no", 0),
        ("38.4", "", None), ("38.3", "", 0), (beside(38.3, 0), "yes", 0),
        (beside(38.3, 99), "yes", 3),
    ],
)  # fmt: skip
def test_fever_with_low_neutrophils_is_febrile_neutropenia(version, value, neutropenic, level):
    found = graded("Febrile neutropenia", "temp", value, "°C", version, neutropenic=neutropenic)
    assert found == level


def test_the_reason_names_the_neutrophils():
    def reason(value, neutropenic):
        found = grade("temp", value, "°C", version="5.0", neutropenic=neutropenic)
        return next(line.reason for line in found if line.term == "Febrile neutropenia")

    assert reason("38.6", "y") == "38.6 > 38.3 °C; neutrophils of that day below 1 ×10⁹/L"
    assert reason("38.6", "n") == "the neutrophils of that day are not below 1 ×10⁹/L"
    assert reason("38.6", "") == "cannot grade: no neutrophils of that day"

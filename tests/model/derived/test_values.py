"""A patient's derived values: what goes together, what is missing, and what is said of it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, time, timedelta
from decimal import Decimal
from typing import Any

import pytest

from model.dates import PartialDate
from model.derived import formulas
from model.derived import values as derivation
from model.derived.formulas import ALBI, CALCIUM, CALCIUM_SI, CLEARANCE, EGFR, NLR, PLR
from model.derived.person import Person, weights
from model.derived.values import LatestValue
from model.records.cycles import Cycle, Treatment
from model.records.followups import FollowUp
from model.records.labs import LabResult

DAY = date(2024, 3, 4)
WOMAN = Person(sex="F", born_on=PartialDate(1966, 1, 5), weights=((date(2024, 2, 1), 70.0),))


def lab(analyte: str, value: str, unit: str | None, on: date = DAY, **more: Any) -> LabResult:
    return LabResult(
        patient_id=1, taken_on=on, analyte=analyte, value=Decimal(value), unit=unit, **more
    )


def by_analyte(results: Sequence[LabResult]) -> dict[str, list[LabResult]]:
    found: dict[str, list[LabResult]] = {}
    for result in results:
        found.setdefault(result.analyte, []).append(result)
    return found


def latest(kind: derivation.Formula, *results: LabResult, person: Person = WOMAN) -> LatestValue:
    return derivation.derive_latest(kind, by_analyte(results), person)


def test_a_derived_value_shows_its_formula_and_inputs_with_their_days() -> None:
    found = latest(CLEARANCE, lab("crea", "1.0", "mg/dL"))
    assert (found.text, found.unit, found.on) == ("67.8", "mL/min", DAY)
    assert "140 − age" in found.expression
    assert [(str(one), one.on) for one in found.inputs] == [
        ("Creatinine 1.0 mg/dL", DAY),
        ("Age 58 years", None),
        ("Sex F", None),
        ("Weight 70 kg", date(2024, 2, 1)),
    ]
    assert found.why_not == ""


@pytest.mark.parametrize(("value", "unit"), [("1.0", "mg/dL"), ("88.4", "µmol/L"), ("10", "mg/L")])
def test_creatinine_may_be_written_in_any_unit(value: str, unit: str) -> None:
    assert latest(EGFR, lab("crea", value, unit)).value == pytest.approx(65.30, abs=0.005)


def test_the_newest_sample_that_can_be_reckoned_counts() -> None:
    newer = date(2024, 4, 1)
    found = latest(
        EGFR,
        lab("crea", "1.0", "mg/dL"),
        lab("crea", "0.3", "mg/dL", newer, comparator="<"),
    )
    assert found.on == DAY
    assert (
        found.remark == "a newer sample was not used: Creatinine <0.3 mg/dL is not an exact value."
    )
    series, why_not = derivation.derive_all(
        EGFR,
        {
            "crea": [
                lab("crea", "1.0", "mg/dL"),
                lab("crea", "0.3", "mg/dL", newer, comparator="<"),
            ]
        },
        WOMAN,
    )
    assert [one.taken_on for one in series] == [DAY]
    assert why_not == "Creatinine <0.3 mg/dL is not an exact value."


@pytest.mark.parametrize(
    ("kind", "person", "results", "why_not"),
    [
        (EGFR, WOMAN, [], "No result of Creatinine is recorded."),
        (
            EGFR,
            Person(sex="F"),
            [lab("crea", "1.0", "mg/dL")],
            "Neither the date of birth nor the age at T0 is recorded.",
        ),
        (
            EGFR,
            Person(sex="X", born_on=PartialDate(1966)),
            [lab("crea", "1.0", "mg/dL")],
            "The formula needs the sex, F or M.",
        ),
        (
            CLEARANCE,
            Person(sex="F", born_on=PartialDate(2010)),
            [lab("crea", "1.0", "mg/dL")],
            "The formula is valid from 18 years of age.",
        ),
        (
            CLEARANCE,
            Person(sex="F", born_on=PartialDate(1966), weights=((date(2024, 4, 4), 70.0),)),
            [lab("crea", "1.0", "mg/dL")],
            "No weight is recorded up to 30 days after 4 Mar 2024.",
        ),
        (
            EGFR,
            WOMAN,
            [lab("crea", "1.0", "mg/dL", comparator=">")],
            "Creatinine >1.0 mg/dL is not an exact value.",
        ),
        (
            EGFR,
            WOMAN,
            [lab("crea", "1.0", "furlongs")],
            "Unknown unit of Creatinine: furlongs.",
        ),
        (
            EGFR,
            WOMAN,
            [lab("crea", "1.0", None)],
            "No unit of Creatinine is recorded.",
        ),
        (
            EGFR,
            WOMAN,
            [lab("crea", "0", "mg/dL", confirmed="right")],
            "A creatinine of 0 cannot be right.",
        ),
        (
            CLEARANCE,
            WOMAN,
            [lab("crea", "0", "mg/dL", confirmed="right")],
            "A creatinine of 0 cannot be right.",
        ),
        (
            ALBI,
            WOMAN,
            [lab("bili", "0", "mg/dL", confirmed="right"), lab("alb", "40", "g/L")],
            "A bilirubin of 0 has no logarithm.",
        ),
        (
            NLR,
            WOMAN,
            [lab("anc", "3", "10*9/L"), lab("alc", "0", "10*9/L")],
            "A ratio to 0 lymphocytes has no value.",
        ),
        (
            CALCIUM,
            WOMAN,
            [lab("ca", "9", "mg/dL"), lab("alb", "40", "g/L", date(2024, 3, 5))],
            "No sample has both Calcium, total and Albumin.",
        ),
        (
            PLR,
            WOMAN,
            [lab("plt", "200", "10*9/L")],
            "No result of Lymphocytes, absolute is recorded.",
        ),
    ],
)
def test_what_cannot_be_derived_says_why(
    kind: derivation.Formula, person: Person, results: list[LabResult], why_not: str
) -> None:
    found = latest(kind, *results, person=person)
    assert (found.value, found.on, found.why_not) == (None, None, why_not)


def test_a_partial_date_of_birth_gives_an_age_that_is_about_right() -> None:
    person = Person(sex="F", born_on=PartialDate(1966))
    assert "Age about 58 years" in map(
        str, latest(EGFR, lab("crea", "1.0", "mg/dL"), person=person).inputs
    )


@pytest.mark.parametrize(
    ("day", "age"),
    [
        (date(2023, 3, 4), 57),
        (date(2023, 3, 5), 58),
        (date(2024, 3, 4), 58),
        (date(2025, 3, 3), 58),
        (date(2025, 3, 4), 59),
    ],
)
def test_the_age_at_t0_serves_where_no_birth_is_recorded(day: date, age: int) -> None:
    person = Person(age_at_index=58, index_on=date(2024, 3, 4))
    assert person.age_on(day) == (age, True)


def test_the_weight_counts_that_was_recorded_nearest_to_the_day() -> None:
    known = weights(
        [Treatment(Cycle(patient_id=1, number=1, given_on=date(2024, 1, 1), weight_kg=80))],
        [
            FollowUp(patient_id=1, seen_on=date(2024, 3, 4), status="alive", weight_kg=72.5),
            FollowUp(patient_id=1, seen_on=date(2024, 2, 1), status="alive"),
        ],
    )
    person = Person(weights=known)
    first, second = (date(2024, 1, 1), 80), (date(2024, 3, 4), 72.5)
    assert person.weight_on(date(2023, 12, 1)) is None
    assert person.weight_on(date(2023, 12, 2)) == first
    assert person.weight_on(date(2024, 1, 31)) == first
    # Over 30 days from either: the last before.
    assert person.weight_on(date(2024, 2, 2)) == first
    assert person.weight_on(date(2024, 2, 3)) == second
    assert person.weight_on(date(2024, 3, 4)) == second
    assert person.weight_on(date(2025, 3, 4)) == second
    both = Person(weights=((date(2024, 1, 1), 80), (date(2024, 1, 11), 79)))
    assert both.weight_on(date(2024, 1, 6)) == (date(2024, 1, 1), 80)
    assert both.weight_on(date(2024, 1, 7)) == (date(2024, 1, 11), 79)


def test_a_baseline_before_the_first_cycle_takes_the_weight_of_that_cycle() -> None:
    person = replace(WOMAN, weights=((DAY + timedelta(days=6), 70.0),))
    found = latest(CLEARANCE, lab("crea", "1.0", "mg/dL"), person=person)
    assert found.value == pytest.approx(67.76, abs=0.005)
    assert found.inputs[-1] == ("Weight", "70", "kg", DAY + timedelta(days=6))


def test_of_one_day_the_sample_of_the_same_time_goes_in() -> None:
    morning, noon, evening = time(7, 0), time(12, 0), time(18, 0)
    taken = {
        "ca": [lab("ca", "8.0", "mg/dL", taken_at=at) for at in (morning, noon, evening)],
        "alb": [
            lab("alb", "25", "g/L", taken_at=morning),
            lab("alb", "40", "g/L", taken_at=evening),
            lab("alb", "35", "g/L", taken_at=time(20, 0)),
        ],
    }
    made, _ = derivation.derive_all(CALCIUM, taken, WOMAN)
    # None was taken at noon, and those of other times are of other samples.
    assert [one.inputs[1].value for one in made] == ["25", "40"]
    assert [one.text for one in made] == ["9.20", "8.00"]


def test_of_one_day_a_sample_without_a_time_may_be_the_same() -> None:
    for calcium_at, albumin_at in ((None, time(7, 0)), (time(7, 0), None), (None, None)):
        taken = {
            "ca": [lab("ca", "8.0", "mg/dL", taken_at=calcium_at)],
            "alb": [lab("alb", "25", "g/L", taken_at=albumin_at)],
        }
        made, _ = derivation.derive_all(CALCIUM, taken, WOMAN)
        assert [one.text for one in made] == ["9.20"]


def test_corrected_calcium_is_reckoned_in_the_units_of_its_formula() -> None:
    results = (lab("ca", "2.00", "mmol/L"), lab("alb", "2.5", "g/dL"))
    assert latest(CALCIUM_SI, *results).text == "2.30"
    assert latest(CALCIUM, *results).text == "9.22"


def test_albi_says_its_grade() -> None:
    found = latest(ALBI, lab("bili", "20", "umol/L"), lab("alb", "3.5", "g/dL"))
    assert (found.text, found.remark) == ("-2.12", "ALBI grade 2")


def test_the_body_surface_is_by_the_latest_weight() -> None:
    person = Person(height_cm=170, weights=((date(2024, 1, 1), 90.0), (date(2024, 2, 1), 70.0)))
    found = formulas.latest_body_surface(person)
    assert (found.text, found.unit, found.on) == ("1.82", "m²", date(2024, 2, 1))


@pytest.mark.parametrize(
    ("person", "why_not"),
    [
        (Person(), "No height and no weight is recorded."),
        (Person(height_cm=170), "No weight is recorded."),
        (Person(weights=((DAY, 70.0),)), "No height is recorded."),
    ],
)
def test_the_body_surface_says_what_is_missing(person: Person, why_not: str) -> None:
    found = formulas.latest_body_surface(person)
    assert (found.value, found.on, found.why_not) == (None, None, why_not)


def test_every_kind_is_known_by_its_name() -> None:
    for kind in formulas.formulas(in_si=True):
        assert formulas.formula_name(kind.key) == kind.name
    assert formulas.formula_name("hb") is None

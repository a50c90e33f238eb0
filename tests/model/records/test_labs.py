"""Laboratory results: what is refused, how they are saved, and what a new one copies."""

from dataclasses import replace
from datetime import date, time
from decimal import Decimal
from typing import Any

import pytest

from model.errors import InvalidRecord
from model.records import labs, patients
from model.records.labs import LabResult
from model.records.life import Life
from model.records.patients import Patient
from model.store.casebook import Casebook

DAY = date(2024, 3, 7)
HB = LabResult(patient_id=1, taken_on=DAY, analyte="hb", value=Decimal("9.8"), unit="g/dL")


def test_a_pure_number_needs_no_unit_to_have_a_canonical_value() -> None:
    assert labs.canonical("inr", Decimal("1.1"), None) == 1.1
    assert labs.canonical("inr", Decimal("1.1"), "") == 1.1
    assert labs.canonical("hb", Decimal("9.8"), None) is None


@pytest.mark.parametrize("field", ["lln", "uln", "value"])
@pytest.mark.parametrize("text", ["NaN", "Infinity"])
def test_a_value_or_limit_that_is_no_number_is_refused(field: str, text: str) -> None:
    numbers = {"lln": Decimal(12), "uln": Decimal(16)} | {field: Decimal(text)}
    result = replace(HB, **numbers)  # type: ignore[arg-type]
    assert set(result.problems(Life())) == {field}


def test_a_second_result_of_one_moment_names_what_can_be_done(casebook: Casebook) -> None:
    with casebook.step("x") as step:
        own = replace(HB, patient_id=patients.save(step, Patient(code="P-1")).id or 0)
        labs.save(step, own)
        labs.save(step, replace(own, taken_at=time(8)))
        with pytest.raises(InvalidRecord) as untimed:
            labs.save(step, own)
        with pytest.raises(InvalidRecord) as timed:
            labs.save(step, replace(own, taken_at=time(8)))
    assert "enter the time of this one" in untimed.value.problems["value"]
    assert "on that day at 08:00" in timed.value.problems["value"]
    assert "correct the time of this one" in timed.value.problems["value"]


def test_unit_and_limits_are_copied_from_the_result_before() -> None:
    first, second, later = (
        replace(HB, taken_on=DAY, taken_at=time(8)),
        replace(HB, taken_on=DAY, taken_at=time(14)),
        replace(HB, taken_on=date(2024, 5, 1)),
    )
    results = [first, second, later]
    assert labs.result_to_copy(results, date(2024, 4, 1)) is second
    assert labs.result_to_copy(results, DAY) is second
    assert labs.result_to_copy(results, date(2024, 1, 1)) is first
    assert labs.result_to_copy(results, None) is later
    assert labs.result_to_copy([], DAY) is None
    wrong = replace(HB, taken_on=date(2024, 6, 1), value=Decimal(128))
    assert labs.result_to_copy([*results, wrong], date(2024, 7, 1)) is later
    assert labs.result_to_copy([wrong], date(2024, 7, 1)) is wrong


def written(value: str, unit: str | None, analyte: str = "hb", **more: Any) -> LabResult:
    return LabResult(
        patient_id=1, taken_on=DAY, analyte=analyte, value=Decimal(value), unit=unit, **more
    )


@pytest.mark.parametrize(
    ("result", "doubt"),
    [
        (written("12.8", "g/dL"), ""),
        (
            written("128", "g/dL"),
            "128 is implausible in this unit. Check the unit (g/dL).",
        ),
        (written("128", "g/dL", confirmed="measured twice"), ""),
        (written("128", None), ""),
        (written("128", "furlongs"), ""),
        (written("4", "pg/mL", "Neurokinin"), ""),
        (written("110", None, "inr"), "110 is implausible. Check it."),
        (
            written("45", "/uL", "plt", comparator="<"),
            "<45 is implausible in this unit. Check the unit (/µL).",
        ),
        (
            written("3500", "/µL", "wbc", lln=Decimal("4.000")),
            "A lower limit of 4.000 is implausible in this unit. Check the limits and the unit"
            " (/µL).",
        ),
        (
            written("0.9", "mg/dL", "crea", uln=Decimal("106")),
            "An upper limit of 106 is implausible in this unit. Check the limits and the unit"
            " (mg/dL).",
        ),
        (written("3500", "/µL", "wbc", lln=Decimal("4000"), uln=Decimal("11000")), ""),
    ],
)
def test_a_value_that_cannot_be_right_is_questioned_until_it_is_confirmed(
    result: LabResult, doubt: str
) -> None:
    assert result.doubt == doubt
    assert result.is_questioned is bool(doubt)
    assert [*result.questions(Life()).values()] == ([doubt] if doubt else [])


def test_a_confirmation_is_of_one_value_in_one_unit_with_its_limits() -> None:
    old = written("128", "g/dL", lln=Decimal(12), confirmed="measured twice")
    assert labs.with_valid_confirmation(old, old).confirmed == "measured twice"
    fasting = replace(old, fasting=True)
    assert labs.with_valid_confirmation(fasting, old).confirmed == "measured twice"
    for changed in (
        replace(old, value=Decimal(129)),
        replace(old, comparator=">"),
        replace(old, lln=Decimal(11)),
    ):
        assert labs.with_valid_confirmation(changed, old).confirmed is None
    plausible = replace(old, unit="g/L", lln=None, confirmed="looked up")
    assert labs.with_valid_confirmation(plausible, old).confirmed is None
    again = replace(old, value=Decimal(129), confirmed="looked up")
    assert labs.with_valid_confirmation(again, old).confirmed == "looked up"

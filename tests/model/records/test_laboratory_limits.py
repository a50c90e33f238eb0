"""Limits of laboratories: the rule that chooses them, and all that goes by them."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from model.course.outside_limits import outside_limit
from model.errors import InvalidRecord
from model.grading import proposals, regrade
from model.records import contents, cycles, laboratory_limits, labs, patients
from model.records.cycles import Cycle
from model.records.laboratory_limits import LaboratoryLimit
from model.records.labs import LabResult, LimitSource
from model.records.patient_records import PatientRecords, load
from model.records.patients import Patient
from model.records.questions import all_questions
from model.store.casebook import Casebook

DAY = date(2024, 3, 4)


def limit(**given: Any) -> LaboratoryLimit:
    about: dict[str, Any] = {"analyte": "plt", "unit": "10*9/L", "lln": Decimal(150)}
    return LaboratoryLimit(**(about | given))


def result(value: str = "140", **given: Any) -> LabResult:
    about: dict[str, Any] = {"analyte": "plt", "unit": "10*9/L", "taken_on": DAY}
    return LabResult(patient_id=1, value=Decimal(value), **(about | given))


class Somebody:
    """A patient of a sex and an age."""

    def __init__(self, sex: str | None = None, age: int | None = None) -> None:
        self.sex = sex
        self._age = age

    def age_on(self, _day: date, /) -> tuple[int, bool] | None:
        return None if self._age is None else (self._age, False)


def lower(one: LabResult, *limits: LaboratoryLimit, who: Somebody | None = None) -> str | None:
    [found] = laboratory_limits.with_limits([one], limits, who or Somebody())
    return None if found.lower_limit is None else str(found.lower_limit)


def test_limits_fill_in_where_a_result_has_none_and_never_else():
    assert lower(result(), limit()) == "150"
    assert lower(result(uln=Decimal(400)), limit()) is None
    assert lower(result(lln=Decimal(130)), limit()) == "130"
    assert lower(result(analyte="hb", unit="g/dL"), limit()) is None


@pytest.mark.parametrize(
    ("narrow", "who", "one"),
    [
        ({"laboratory": "North"}, Somebody(), result(laboratory=" north ")),
        ({"sex": "F"}, Somebody("F"), result()),
        ({"age_from": 18, "age_to": 64}, Somebody(age=18), result()),
        ({"age_from": 18, "age_to": 64}, Somebody(age=64), result()),
        ({"valid_from": DAY}, Somebody(), result()),
        ({"valid_from": date(2024, 1, 1), "valid_to": DAY}, Somebody(), result()),
    ],
)
def test_the_narrower_limits_win_whatever_their_order(narrow, who, one):
    wide, special = limit(), limit(lln=Decimal(130), **narrow)
    assert lower(one, wide, special, who=who) == "130"
    assert lower(one, special, wide, who=who) == "130"


@pytest.mark.parametrize(
    ("narrow", "who", "one"),
    [
        ({"laboratory": "North"}, Somebody(), result()),
        ({"laboratory": "North"}, Somebody(), result(laboratory="South")),
        ({"sex": "F"}, Somebody("M"), result()),
        ({"sex": "F"}, Somebody("X"), result()),
        ({"sex": "F"}, Somebody(), result()),
        ({"age_from": 18, "age_to": 64}, Somebody(age=17), result()),
        ({"age_from": 18, "age_to": 64}, Somebody(age=65), result()),
        ({"age_from": 18}, Somebody(), result()),
        ({"valid_from": date(2024, 3, 5)}, Somebody(), result()),
        ({"valid_to": date(2024, 3, 3)}, Somebody(), result()),
    ],
)
def test_limits_for_others_do_not_apply(narrow, who, one):
    assert lower(one, limit(lln=Decimal(130), **narrow), who=who) is None
    assert lower(one, limit(), limit(lln=Decimal(130), **narrow), who=who) == "150"


def test_laboratory_before_sex_before_age_before_day_before_entry():
    of_all = [
        limit(lln=Decimal(1), id=9),
        limit(lln=Decimal(2), id=1, valid_from=date(2024, 1, 1)),
        limit(lln=Decimal(3), id=1, age_from=18),
        limit(lln=Decimal(4), id=1, age_from=18, age_to=30),
        limit(lln=Decimal(5), id=1, sex="F"),
        limit(lln=Decimal(6), id=1, laboratory="North"),
    ]
    one, who = result(laboratory="North"), Somebody("F", 20)
    for count in range(1, len(of_all) + 1):
        assert lower(one, *of_all[:count], who=who) == str(count)
    assert lower(one, limit(lln=Decimal(7), id=1), limit(lln=Decimal(8), id=2)) == "8"


@pytest.mark.parametrize(
    ("unit", "expected"),
    [("/uL", "150000"), ("10*3/uL", "150"), ("10*3/mL", "150000"), ("furlong", None), (None, None)],
)
def test_limits_are_converted_to_the_unit_of_the_result(unit, expected):
    assert lower(result(unit=unit), limit()) == expected


def test_a_conversion_without_end_keeps_six_digits_and_one_with_an_end_is_exact():
    crea = limit(analyte="crea", unit="umol/L", lln=None, uln=Decimal(97))
    one = result("1.0", analyte="crea", unit="mg/dL")
    [found] = laboratory_limits.with_limits([one], [crea], Somebody())
    assert found.upper_limit == Decimal("1.09729")
    albumin = limit(analyte="alb", unit="g/dL", lln=Decimal("3.5"))
    assert lower(result("30", analyte="alb", unit="g/L"), albumin) == "35"


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"analyte": "zonulin"}, "analyte"),
        ({"unit": "g/dL"}, "unit"),
        ({"unit": None}, "unit"),
        ({"sex": "X"}, "sex"),
        ({"age_from": -1}, "age_from"),
        ({"age_to": 131}, "age_to"),
        ({"age_from": 30, "age_to": 29}, "age_to"),
        ({"valid_from": DAY, "valid_to": date(2024, 3, 3)}, "valid_to"),
        ({"lln": None}, "uln"),
        ({"lln": Decimal(-1)}, "lln"),
        ({"uln": Decimal(149)}, "uln"),
        ({"lln": None, "uln": Decimal(0)}, "uln"),
        ({"lln": Decimal(150000)}, "uln"),
        ({"lln": Decimal("NaN")}, "lln"),
    ],
)
def test_impossible_limits_are_refused_by_field(given, field):
    assert list(limit(**given).problems()) == [field]


@pytest.mark.parametrize(
    "given", [{}, {"lln": Decimal(0), "uln": Decimal(400)}, {"age_from": 30, "age_to": 30}]
)
def test_possible_limits_have_no_problem(given):
    assert limit(**given).problems() == {}


def test_the_same_case_is_entered_once(casebook: Casebook):
    with casebook.step("Add") as step:
        saved = laboratory_limits.save(step, limit(laboratory="North"))
        laboratory_limits.save(step, limit(laboratory="North", sex="F"))
        laboratory_limits.save(step, replace(saved, lln=Decimal(140)))
        with pytest.raises(InvalidRecord, match="already limits"):
            laboratory_limits.save(step, limit(laboratory="NORTH", lln=Decimal(99)))
    assert [one.lln for one in laboratory_limits.all_limits(casebook)] == [140, 150]


@pytest.fixture
def treated(casebook: Casebook) -> Patient:
    """A woman of 58 with a cycle and, without limits, normal then low platelets and albumin."""
    with casebook.step("Add") as step:
        patient = patients.save(step, Patient(code="L-1", sex="F", age_at_index=58))
        assert patient.id
        cycles.save(step, Cycle(patient_id=patient.id, number=1, given_on=date(2024, 4, 1)), [])
        for day, value in ((1, "210"), (20, "92")):
            taken_on = date(2024, 4, day)
            about: dict[str, Any] = {
                "patient_id": patient.id,
                "taken_on": taken_on,
                "laboratory": "North",
            }
            labs.save(step, LabResult(analyte="plt", value=Decimal(value), unit="10*9/L", **about))
    return patient


def records_of(casebook: Casebook, patient: Patient) -> PatientRecords:
    found = load(casebook, patient.id or 0)
    assert found
    return found


def test_what_is_graded_is_complete_with_the_laboratorys_limits_and_not_without(casebook, treated):
    before = records_of(casebook, treated)
    assert proposals.propose_grades(before) == []
    assert regrade.compare_versions(before) == []
    with casebook.step("Add limits") as step:
        laboratory_limits.save(step, limit(laboratory="North", sex="F", uln=Decimal(400)))
    after = records_of(casebook, treated)
    [proposal] = proposals.propose_grades(after)
    assert (proposal.term, proposal.grade) == ("Platelet count decreased", 1)
    assert "LLN 150" in proposal.reason
    assert [one.worst[0].grade for one in regrade.compare_versions(after)] == [1]
    with casebook.step("Accept") as step:
        assert proposals.accept(step, proposal).grade == 1
    casebook.undo()
    casebook.undo()
    assert proposals.propose_grades(records_of(casebook, treated)) == []


def test_limits_say_where_they_are_from(casebook, treated):
    with casebook.step("Add limits") as step:
        laboratory_limits.save(step, limit(laboratory="North", sex="F"))
    one = records_of(casebook, treated).results[-1]
    assert one.limits("F") == (Decimal(150), None, LimitSource.LABORATORY)
    outside = outside_limit(one, "F")
    assert outside is not None
    assert not outside.is_default
    assert "laboratory's limit" in outside.sentence
    assert result(lln=Decimal(1)).limits("F")[2] is LimitSource.RESULT
    assert result().limits("F") == (Decimal(150), Decimal(400), LimitSource.DEFAULT)
    assert result(analyte="zonulin").limits("F") is None


def test_what_is_filled_in_is_never_saved_as_the_results_own(casebook, treated):
    with casebook.step("Add limits") as step:
        laboratory_limits.save(step, limit())
    one = records_of(casebook, treated).results[-1]
    with casebook.step("Edit") as step:
        labs.save(step, one)
    rows = casebook.rows("select lln, uln from lab_result order by id")
    assert {*(value for row in rows for value in row.values())} == {None}


def test_limits_valid_until_a_day_to_come_are_not_unlikely(casebook):
    with casebook.step("Add limits") as step:
        laboratory_limits.save(step, limit(valid_to=date(2999, 1, 1)))
    recorded = contents.load(casebook)
    assert [*all_questions(recorded, DAY)] == [*contents.problems(recorded)] == []

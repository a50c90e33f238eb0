"""Terms that follow from several facts reach proposals, decisions and both versions."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from model.ctcae.neutropenia import NO, NOT_KNOWN, YES, neutropenia_by, neutropenia_of_both
from model.errors import Conflict
from model.grading import proposals, recovery, regrade
from model.grading.evidence import evidence_of
from model.records import cycles, labs, patients, rules
from model.records.cycles import Cycle
from model.records.followups import FollowUp
from model.records.labs import LabResult
from model.records.patient_records import PatientRecords, load
from model.records.patients import Patient
from model.store.casebook import Casebook

C1 = date(2024, 4, 1)
VERSIONS = ("5.0", "6.0")


class Somebody:
    """A woman of 58 in a casebook, to whom facts are added in steps."""

    def __init__(self, casebook: Casebook, version: str) -> None:
        self.casebook = casebook
        with casebook.step("Add") as step:
            patient = patients.save(
                step, Patient(code="E-1", sex="F", age_at_index=58, ctcae_version=version)
            )
        assert patient.id
        self.id = patient.id

    def cycle(self, number: int, day: int, kg: float | None = None) -> Cycle:
        about: dict[str, Any] = {
            "number": number,
            "given_on": C1 + timedelta(days=day),
            "weight_kg": kg,
        }
        with self.casebook.step("Add") as step:
            return cycles.save(step, Cycle(patient_id=self.id, **about), []).cycle

    def seen(self, day: int, kg: float) -> FollowUp:
        seen_on = C1 + timedelta(days=day)
        visit = FollowUp(patient_id=self.id, seen_on=seen_on, status="alive", weight_kg=kg)
        with self.casebook.step("Add") as step:
            return rules.save(step, visit)

    def result(self, day: int, analyte: str, value: str, unit: str, **about: Any) -> None:
        taken_on = C1 + timedelta(days=day)
        with self.casebook.step("Add") as step:
            labs.save(
                step,
                LabResult(
                    patient_id=self.id,
                    taken_on=taken_on,
                    analyte=analyte,
                    value=Decimal(value),
                    unit=unit,
                    **about,
                ),
            )

    @property
    def records(self) -> PatientRecords:
        found = load(self.casebook, self.id)
        assert found
        return found

    @property
    def proposed(self) -> list[tuple[str, int, date]]:
        return [
            (one.term, one.grade, one.result.taken_on)
            for one in proposals.propose_grades(self.records)
        ]


@pytest.fixture(params=VERSIONS)
def she(casebook: Casebook, request: pytest.FixtureRequest) -> Somebody:
    return Somebody(casebook, request.param)


def test_weights_of_visits_are_graded_against_the_last_before_treatment(she: Somebody) -> None:
    she.cycle(1, 0, 80)
    she.cycle(2, 56, 75)
    she.seen(120, 71.9)
    assert she.proposed == [("Weight loss", 2, C1 + timedelta(days=120))]
    she.seen(400, 96)
    assert she.proposed == [
        ("Weight gain", 3, C1 + timedelta(days=400)),
        ("Weight loss", 2, C1 + timedelta(days=120)),
    ]
    sides = regrade.compare_versions(she.records)
    assert [(one.analyte, one.direction) for one in sides] == [("weight", "L"), ("weight", "H")]
    assert [[line and line.grade for line in one.worst] for one in sides] == [[2, 2], [3, 3]]


def test_without_a_weight_before_treatment_nothing_is_proposed(she: Somebody) -> None:
    she.cycle(1, 0)
    she.cycle(2, 56, 75)
    she.seen(120, 50)
    assert she.proposed == []


def test_a_weight_among_the_results_counts_with_those_of_visits(she: Somebody) -> None:
    she.result(-3, "weight", "80", "kg")
    she.cycle(1, 0)
    she.result(60, "weight", "158.7", "lb")
    assert she.proposed == [("Weight loss", 2, C1 + timedelta(days=60))]


def test_a_proposal_from_a_weight_is_accepted_or_dismissed_as_any_other(she: Somebody) -> None:
    she.cycle(1, 0, 80)
    she.seen(120, 70)
    [proposal] = proposals.propose_grades(she.records)
    with she.casebook.step("Dismiss") as step:
        dismissal = proposals.dismiss(step, proposal, "diet")
    assert (dismissal.lab_result_id, dismissal.value_on) == (None, C1 + timedelta(days=120))
    assert she.proposed == []
    with pytest.raises(Conflict, match="already"), she.casebook.step("Again") as step:
        proposals.dismiss(step, proposal)
    she.casebook.undo()
    assert len(she.proposed) == 1
    with she.casebook.step("Accept") as step:
        event = proposals.accept(step, proposal)
    assert (event.term, event.grade, event.lab_result_id) == ("Weight loss", 2, None)
    assert she.proposed == []
    she.seen(200, 79)
    [back] = recovery.propose_recoveries(she.records)
    assert (back.grade, back.result.taken_on) == (0, C1 + timedelta(days=200))
    with she.casebook.step("Dismiss") as step:
        recovery.dismiss(step, back)
    assert recovery.propose_recoveries(she.records) == []


def test_a_changed_weight_makes_its_proposal_outdated(she: Somebody) -> None:
    she.cycle(1, 0, 80)
    she.seen(120, 70)
    [proposal] = proposals.propose_grades(she.records)
    she.casebook.undo()
    with pytest.raises(Conflict, match="out of date"), she.casebook.step("Accept") as step:
        proposals.accept(step, proposal)


def test_egfr_from_creatinine_is_proposed_and_linked_to_it(she: Somebody) -> None:
    she.result(-3, "crea", "1.0", "mg/dL", uln=Decimal("1.1"))
    she.cycle(1, 0)
    she.result(60, "crea", "160", "umol/L", uln=Decimal(200))
    of_kidney = [
        one for one in proposals.propose_grades(she.records) if one.term == "Chronic kidney disease"
    ]
    [proposal] = of_kidney
    assert proposal.grade == 2
    assert "computed from creatinine 160 µmol/L" in proposal.reason
    [creatinine] = [one for one in she.records.results if one.value == 160]
    assert proposal.result.id == creatinine.id
    with she.casebook.step("Accept") as step:
        assert proposals.accept(step, proposal).lab_result_id == creatinine.id
    assert "Chronic kidney disease" not in [term for term, _grade, _on in she.proposed]
    she.casebook.undo()
    sides = regrade.compare_versions(she.records)
    kidney = next(one for one in sides if one.analyte == "egfr")
    assert [line and (line.term, line.grade) for line in kidney.worst] == [
        ("Chronic kidney disease", 2)
    ] * 2


def test_egfr_is_not_computed_where_the_laboratory_reports_it(she: Somebody) -> None:
    she.cycle(1, 0)
    she.result(60, "crea", "160", "umol/L", uln=Decimal(200))
    she.result(60, "egfr", "61", "mL/min/1.73m2")
    egfr = [one for one in evidence_of(she.records).results if one.analyte == "egfr"]
    assert [f"{one.value}" for one in egfr] == ["61"]


def test_fever_on_a_day_with_low_neutrophils_is_febrile_neutropenia(she: Somebody) -> None:
    she.cycle(1, 0)
    she.result(20, "temp", "38.6", "°C")
    assert [term for term, _grade, _on in she.proposed] == ["Fever"]
    she.result(20, "anc", "950", "/uL", lln=Decimal(1500), uln=Decimal(7500))
    assert ("Febrile neutropenia", 3, C1 + timedelta(days=20)) in she.proposed


def test_neutrophils_of_another_day_or_not_low_are_none(she: Somebody) -> None:
    she.cycle(1, 0)
    she.result(20, "temp", "38.6", "°C")
    she.result(19, "anc", "0.5", "10*9/L", lln=Decimal("1.5"))
    she.result(20, "anc", "1.0", "10*9/L", lln=Decimal("1.5"))
    assert "Febrile neutropenia" not in [term for term, _grade, _on in she.proposed]


@pytest.mark.parametrize(
    ("count", "comparator", "state"),
    [(1, None, NO), (0.999, None, YES), (1, "<", YES), (1.1, "<", NOT_KNOWN), (1, ">", NO),
     (0.9, ">", NOT_KNOWN), (1, "<=", NOT_KNOWN), (0.9, "≤", YES), (1, "≥", NO),
     (0.9, ">=", NOT_KNOWN)],
)  # fmt: skip
def test_neutropenia_is_below_one(count, comparator, state):
    assert neutropenia_by(count, comparator) == state


def test_of_two_counts_of_a_day_the_low_one_decides():
    assert neutropenia_of_both(None, NO) == NO
    assert neutropenia_of_both(NO, YES) == neutropenia_of_both(NOT_KNOWN, YES) == YES
    assert neutropenia_of_both(NO, NOT_KNOWN) == NOT_KNOWN

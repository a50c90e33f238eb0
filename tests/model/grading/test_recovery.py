"""Recovery is proposed where results show it to last, and a clinician decides."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time
from decimal import Decimal
from typing import Any

import pytest

from model.dates import PartialDate
from model.errors import Conflict
from model.grading import proposals, recovery, review
from model.grading.recovery import RecoveryProposal
from model.records import cycles, kinds, labs, toxicities
from model.records.cycles import Cycle
from model.records.labs import LabResult
from model.records.patient_records import PatientRecords, load
from model.records.patients import Patient
from model.records.toxicities import Dismissal, Toxicity
from model.store import rows as records
from model.store.casebook import Casebook

C1 = date(2024, 3, 4)


@pytest.fixture
def treated(casebook: Casebook, patient: Patient) -> Patient:
    """A patient with platelets of 230 before the first cycle, and of 44 after it: grade 3."""
    assert patient.id is not None
    with casebook.step("Set up") as step:
        cycles.save(step, Cycle(patient_id=patient.id, number=1, given_on=C1), [])
    enter(casebook, patient, date(2024, 3, 1), "230")
    enter(casebook, patient, date(2024, 4, 1), "44")
    return patient


def enter(
    casebook: Casebook, patient: Patient, day: date, value: str, analyte: str = "plt", **more: Any
) -> LabResult:
    assert patient.id is not None
    known: dict[str, Any] = {"unit": "10*9/L", "lln": Decimal(150)}
    with casebook.step("Add result") as step:
        return labs.save(
            step,
            LabResult(
                patient_id=patient.id,
                taken_on=day,
                analyte=analyte,
                value=Decimal(value),
                **(known | more),
            ),
        )


def loaded(casebook: Casebook, patient: Patient) -> PatientRecords:
    assert patient.id is not None
    found = load(casebook, patient.id)
    assert found is not None
    return found


def record(casebook: Casebook, patient: Patient, **more: Any) -> Toxicity:
    assert patient.id is not None
    fields: dict[str, Any] = {
        "term": "Platelet count decreased",
        "ctcae_version": "5.0",
        "grade": 3,
        "onset_on": PartialDate(2024, 4, 1),
    }
    with casebook.step("Add toxicity") as step:
        return toxicities.save(step, Toxicity(patient_id=patient.id, **(fields | more)))


def recoveries(casebook: Casebook, patient: Patient) -> list[RecoveryProposal]:
    return recovery.propose_recoveries(loaded(casebook, patient))


def days(casebook: Casebook, patient: Patient) -> list[tuple[date, int, str]]:
    return [(one.result.taken_on, one.grade, one.outcome) for one in recoveries(casebook, patient)]


def accept_grade(casebook: Casebook, patient: Patient) -> Toxicity:
    [proposal] = proposals.propose_grades(loaded(casebook, patient))
    with casebook.step("Accept grade") as step:
        return proposals.accept(step, proposal)


def test_back_at_grade_1_proposes_to_close_the_toxicity_on_that_day(
    casebook: Casebook, treated: Patient
) -> None:
    event = accept_grade(casebook, treated)
    assert days(casebook, treated) == []
    enter(casebook, treated, date(2024, 4, 8), "60")
    assert days(casebook, treated) == []
    result = enter(casebook, treated, date(2024, 4, 15), "92")
    [proposal] = recoveries(casebook, treated)
    assert (proposal.toxicity, proposal.result, proposal.grade) == (event, result, 1)
    assert proposal.outcome == "improved"
    with casebook.step("Close toxicity") as step:
        saved = recovery.accept(step, proposal)
    assert (saved.id, saved.resolved_on, saved.outcome) == (
        event.id,
        date(2024, 4, 15),
        "improved",
    )
    assert not saved.is_ongoing
    assert review.proposals_to_review(loaded(casebook, treated)) == []
    casebook.undo()
    assert recoveries(casebook, treated) == [proposal]


def test_back_in_the_normal_range_is_recovered(casebook: Casebook, treated: Patient) -> None:
    record(casebook, treated)
    enter(casebook, treated, date(2024, 4, 15), "180")
    assert days(casebook, treated) == [(date(2024, 4, 15), 0, "recovered")]


def test_a_later_toxic_result_means_that_it_had_not_recovered(
    casebook: Casebook, treated: Patient
) -> None:
    record(casebook, treated)
    enter(casebook, treated, date(2024, 4, 15), "160")
    enter(casebook, treated, date(2024, 4, 22), "70")
    assert days(casebook, treated) == []
    enter(casebook, treated, date(2024, 4, 29), "120")
    enter(casebook, treated, date(2024, 5, 6), "155")
    assert days(casebook, treated) == [(date(2024, 4, 29), 1, "improved")]


def test_grade_1_has_recovered_at_grade_0_only(casebook: Casebook, treated: Patient) -> None:
    record(casebook, treated, grade=1, onset_on=PartialDate(2024, 5, 1))
    enter(casebook, treated, date(2024, 5, 1), "120")
    enter(casebook, treated, date(2024, 5, 8), "130")
    assert days(casebook, treated) == []
    enter(casebook, treated, date(2024, 5, 15), "150")
    assert days(casebook, treated) == [(date(2024, 5, 15), 0, "recovered")]


def test_back_at_the_grade_of_the_baseline_is_recovered(
    casebook: Casebook, patient: Patient
) -> None:
    assert patient.id is not None
    with casebook.step("Set up") as step:
        cycles.save(step, Cycle(patient_id=patient.id, number=1, given_on=C1), [])
    for day, value in ((date(2024, 3, 1), "70"), (date(2024, 4, 1), "44")):
        enter(casebook, patient, day, value)
    record(casebook, patient)
    assert days(casebook, patient) == []
    enter(casebook, patient, date(2024, 4, 8), "60")
    assert days(casebook, patient) == [(date(2024, 4, 8), 2, "recovered")]


def test_a_result_before_the_onset_or_of_its_day_shows_no_recovery(
    casebook: Casebook, treated: Patient
) -> None:
    record(casebook, treated, onset_on=PartialDate(2024, 4, 10))
    enter(casebook, treated, date(2024, 4, 9), "180")
    enter(casebook, treated, date(2024, 4, 10), "170")
    assert days(casebook, treated) == []
    enter(casebook, treated, date(2024, 4, 11), "160")
    assert days(casebook, treated) == [(date(2024, 4, 11), 0, "recovered")]


def test_a_result_of_the_month_of_the_onset_shows_no_recovery(
    casebook: Casebook, treated: Patient
) -> None:
    record(casebook, treated, onset_on=PartialDate(2024, 4))
    enter(casebook, treated, date(2024, 4, 15), "160")
    assert days(casebook, treated) == []
    enter(casebook, treated, date(2024, 5, 2), "170")
    assert days(casebook, treated) == [(date(2024, 5, 2), 0, "recovered")]


def test_of_one_day_the_later_result_decides_where_both_times_are_known(
    casebook: Casebook, treated: Patient
) -> None:
    record(casebook, treated)
    enter(casebook, treated, date(2024, 4, 8), "60", taken_at=time(8))
    enter(casebook, treated, date(2024, 4, 8), "160", taken_at=time(16))
    assert days(casebook, treated) == [(date(2024, 4, 8), 0, "recovered")]
    enter(casebook, treated, date(2024, 4, 8), "61")
    assert days(casebook, treated) == []


def test_without_an_onset_a_toxic_result_must_come_first(
    casebook: Casebook, treated: Patient
) -> None:
    record(casebook, treated, onset_on=None, term="Anemia", grade=2)
    hb: dict[str, Any] = {"analyte": "hb", "unit": "g/dL", "lln": Decimal(12)}
    enter(casebook, treated, date(2024, 4, 8), "12.5", **hb)
    assert days(casebook, treated) == []
    enter(casebook, treated, date(2024, 4, 15), "9.5", **hb)
    assert days(casebook, treated) == []
    enter(casebook, treated, date(2024, 4, 22), "11.5", **hb)
    assert days(casebook, treated) == [(date(2024, 4, 22), 1, "improved")]


def test_results_from_the_onset_of_the_next_event_on_belong_to_that_one(
    casebook: Casebook, treated: Patient
) -> None:
    record(casebook, treated)
    enter(casebook, treated, date(2024, 4, 15), "160")
    record(casebook, treated, grade=2, onset_on=PartialDate(2024, 4, 22))
    enter(casebook, treated, date(2024, 4, 22), "70")
    assert days(casebook, treated) == [(date(2024, 4, 15), 0, "recovered")]
    enter(casebook, treated, date(2024, 4, 29), "155")
    assert days(casebook, treated) == [
        (date(2024, 4, 15), 0, "recovered"),
        (date(2024, 4, 29), 0, "recovered"),
    ]


@pytest.mark.parametrize(("value", "grade"), [("44", 3), ("20", 4)])
def test_a_relapse_after_a_recovery_at_grade_1_is_proposed(
    casebook: Casebook, treated: Patient, value: str, grade: int
) -> None:
    record(casebook, treated, resolved_on=date(2024, 4, 15), outcome="improved")
    enter(casebook, treated, date(2024, 4, 15), "92")
    enter(casebook, treated, date(2024, 4, 22), "70")
    assert review.proposals_to_review(loaded(casebook, treated)) == []
    enter(casebook, treated, date(2024, 4, 29), value)
    [proposal] = proposals.propose_grades(loaded(casebook, treated))
    found = (proposal.result.taken_on, proposal.grade, proposal.from_grade, proposal.replaces)
    assert found == (date(2024, 4, 29), grade, 0, None)
    accept_grade(casebook, treated)
    assert review.proposals_to_review(loaded(casebook, treated)) == []


def test_each_analyte_that_was_toxic_must_recover(casebook: Casebook, treated: Patient) -> None:
    kidney: dict[str, Any] = {"analyte": "egfr", "unit": "mL/min/{1.73_m2}", "lln": Decimal(60)}
    urine: dict[str, Any] = {"analyte": "upcr", "unit": "g/g{creat}", "lln": None}
    enter(casebook, treated, date(2024, 3, 1), "80", **kidney)
    enter(casebook, treated, date(2024, 4, 1), "25", **kidney)
    enter(casebook, treated, date(2024, 4, 1), "0.9", **urine)
    record(casebook, treated, term="Chronic kidney disease")
    enter(casebook, treated, date(2024, 4, 8), "0.1", **urine)
    assert days(casebook, treated) == []
    enter(casebook, treated, date(2024, 4, 15), "70", **kidney)
    assert days(casebook, treated) == [(date(2024, 4, 15), 0, "recovered")]


def test_a_later_result_below_a_number_that_has_no_single_grade_is_not_passed_over(
    casebook: Casebook, treated: Patient
) -> None:
    record(casebook, treated)
    enter(casebook, treated, date(2024, 4, 15), "160")
    enter(casebook, treated, date(2024, 4, 22), "50", comparator="<")
    assert days(casebook, treated) == []
    enter(casebook, treated, date(2024, 4, 29), "100", comparator=">")
    assert days(casebook, treated) == [(date(2024, 4, 29), 1, "improved")]


def test_each_event_is_graded_in_its_own_version(casebook: Casebook, treated: Patient) -> None:
    record(casebook, treated, term="Thrombocytopenia", ctcae_version="6.0", grade=3)
    enter(casebook, treated, date(2024, 4, 15), "160")
    assert days(casebook, treated) == [(date(2024, 4, 15), 0, "recovered")]


@pytest.mark.parametrize(
    "fields",
    [
        {"resolved_on": date(2024, 4, 10)},
        {"outcome": "recovered"},
        {"term": "Nausea", "grade": 2},
        {"term": "Anemia", "grade": 2},
    ],
)
def test_what_has_ended_or_is_not_graded_by_a_result_is_not_proposed(
    casebook: Casebook, treated: Patient, fields: dict[str, Any]
) -> None:
    record(casebook, treated, **fields)
    enter(casebook, treated, date(2024, 4, 15), "160")
    assert days(casebook, treated) == []


def test_what_a_proposed_grade_would_close_is_not_also_proposed_as_recovered(
    casebook: Casebook, treated: Patient
) -> None:
    record(casebook, treated, grade=2)
    enter(casebook, treated, date(2024, 4, 15), "160")
    [grade] = review.proposals_to_review(loaded(casebook, treated))
    assert isinstance(grade, proposals.Proposal)
    assert grade.replaces is not None
    with casebook.step("Accept grade") as step:
        proposals.accept(step, grade)
    [closing] = review.proposals_to_review(loaded(casebook, treated))
    assert isinstance(closing, RecoveryProposal)
    assert closing.toxicity.grade == 3


def test_a_dismissed_recovery_comes_back_when_it_is_restored_or_another_result_shows_it(
    casebook: Casebook, treated: Patient
) -> None:
    event = accept_grade(casebook, treated)
    result = enter(casebook, treated, date(2024, 4, 15), "160")
    [proposal] = recoveries(casebook, treated)
    with casebook.step("Dismiss") as step:
        kept = recovery.dismiss(step, proposal, "After a transfusion")
    assert (kept.toxicity_id, kept.lab_result_id, kept.grade) == (event.id, result.id, 3)
    assert kept.reason == "After a transfusion"
    assert review.proposals_to_review(loaded(casebook, treated)) == []
    enter(casebook, treated, date(2024, 4, 22), "170")
    assert recoveries(casebook, treated) == []
    with casebook.step("Restore") as step:
        records.remove(step, kept)
    assert recoveries(casebook, treated) == [proposal]
    casebook.undo()
    enter(casebook, treated, date(2024, 4, 29), "70")
    enter(casebook, treated, date(2024, 5, 6), "165")
    assert days(casebook, treated) == [(date(2024, 5, 6), 0, "recovered")]


def test_a_dismissed_recovery_does_not_hide_a_grade(casebook: Casebook, treated: Patient) -> None:
    record(casebook, treated, grade=1, onset_on=PartialDate(2024, 3, 20))
    assert treated.id is not None
    [grade] = proposals.propose_grades(loaded(casebook, treated))
    with casebook.step("Dismiss") as step:
        records.put(
            step,
            Dismissal(
                patient_id=treated.id,
                lab_result_id=grade.result.id or 0,
                toxicity_id=kinds.of_patient(step, Toxicity, treated.id)[0].id,
                term=grade.term,
                ctcae_version="5.0",
                grade=3,
            ),
        )
    assert proposals.propose_grades(loaded(casebook, treated)) == [grade]


@pytest.mark.parametrize("what", ["result", "toxicity", "dismissed", "accepted"])
def test_a_recovery_that_no_longer_holds_is_refused(
    casebook: Casebook, treated: Patient, what: str
) -> None:
    event = accept_grade(casebook, treated)
    result = enter(casebook, treated, date(2024, 4, 15), "160")
    [proposal] = recoveries(casebook, treated)
    with casebook.step("Meanwhile") as step:
        if what == "result":
            labs.save(step, replace(result, value=Decimal(60)))
        elif what == "toxicity":
            toxicities.save(step, replace(event, comment="seen"))
        elif what == "dismissed":
            recovery.dismiss(step, proposal)
        else:
            recovery.accept(step, proposal)
    for decide in (recovery.accept, recovery.dismiss):
        with (
            pytest.raises(Conflict, match=r"out of date|already decided"),
            casebook.step("Decide") as step,
        ):
            decide(step, proposal)


def test_an_accepted_toxicity_begins_with_the_first_result_of_its_grade(
    casebook: Casebook, treated: Patient
) -> None:
    for day, value in ((8, "40"), (15, "30"), (22, "45")):
        enter(casebook, treated, date(2024, 4, day), value)
    enter(casebook, treated, date(2024, 3, 25), "80")
    event = accept_grade(casebook, treated)
    assert (event.grade, event.onset_on) == (3, PartialDate(2024, 4, 1))


def test_a_result_that_cannot_be_right_in_its_unit_shows_no_recovery(
    casebook: Casebook, treated: Patient
) -> None:
    record(casebook, treated)
    result = enter(casebook, treated, date(2024, 4, 15), "45000")
    assert days(casebook, treated) == []
    with casebook.step("Confirm") as step:
        labs.save(step, replace(result, confirmed="Counted twice"))
    assert days(casebook, treated) == [(date(2024, 4, 15), 0, "recovered")]


def test_without_a_limit_a_count_that_cannot_be_toxic_shows_recovery(
    casebook: Casebook, treated: Patient
) -> None:
    record(casebook, treated)
    enter(casebook, treated, date(2024, 4, 8), "60", lln=None)
    assert days(casebook, treated) == []
    enter(casebook, treated, date(2024, 4, 15), "92", lln=None)
    assert days(casebook, treated) == [(date(2024, 4, 15), 1, "improved")]
    [proposal] = recoveries(casebook, treated)
    assert proposal.is_at_most
    assert proposal.reason == "at most grade 1: no LLN"


def test_without_a_limit_grade_1_is_neither_over_nor_seen_again(
    casebook: Casebook, treated: Patient
) -> None:
    record(casebook, treated, grade=1, onset_on=PartialDate(2024, 5, 1))
    enter(casebook, treated, date(2024, 5, 1), "120")
    enter(casebook, treated, date(2024, 5, 8), "200", lln=None)
    assert days(casebook, treated) == []
    enter(casebook, treated, date(2024, 5, 15), "200")
    enter(casebook, treated, date(2024, 5, 22), "180", lln=None)
    assert days(casebook, treated) == [(date(2024, 5, 15), 0, "recovered")]


def test_a_result_above_a_number_shows_recovery_where_that_is_certain(
    casebook: Casebook, treated: Patient
) -> None:
    record(casebook, treated)
    enter(casebook, treated, date(2024, 4, 15), "60", comparator=">")
    assert days(casebook, treated) == []
    enter(casebook, treated, date(2024, 4, 22), "90", comparator=">")
    assert days(casebook, treated) == [(date(2024, 4, 22), 1, "improved")]

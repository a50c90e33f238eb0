"""One load of a patient: what it holds, and that nothing else is asked of the casebook."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from pathlib import Path

import pytest

from model.course.course import build_course
from model.course.therapy_lines import build_timeline
from model.derived.profile import profile_of
from model.documents.summary import summarise
from model.documents.worksheet import worksheet_of
from model.due import items as due
from model.due.facts import facts_of_patient, facts_of_patients
from model.grading.proposals import propose_grades
from model.grading.regrade import regrade
from model.readiness import own_rule_sets, readiness
from model.records import kinds, patients, whole_patient
from model.records.cycles import Cycle, Treatment
from model.records.followups import FollowUp
from model.records.labs import LabResult
from model.records.life import life_of
from model.records.patient_records import PatientRecords, load
from model.store.casebook import Casebook
from tests.patient_records import make_records

TODAY = date(2024, 6, 1)
TABLES = 15
"""Patient, identity, cycle, administration, lab_result, toxicity, dismissal, assessment, follow_up,
end_of_treatment, therapy, biopsy, metastasis and setting."""

CONCLUSIONS: dict[str, Callable[[PatientRecords], object]] = {
    "course": build_course,
    "overlay of trends": lambda records: [
        trend.nadirs for trend in build_course(records).trends.values()
    ],
    "therapies": build_timeline,
    "proposals": propose_grades,
    "both versions": regrade,
    "readiness": lambda records: readiness.of_patient(records, TODAY),
    "due": lambda records: due.of_patient(records, TODAY),
    "profile": lambda records: profile_of(records, TODAY),
    "worksheet": lambda records: [worksheet_of(records, each) for each in records.treatments],
    "summary": lambda records: summarise(records, TODAY, ("hb", "plt")),
    "pseudonymised summary": lambda records: summarise(records, TODAY, ("hb",), code="P-AAAA"),
}


@contextmanager
def counted(casebook: Casebook) -> Iterator[list[str]]:
    """Collect the queries that the connection runs in the block."""
    statements: list[str] = []
    casebook._connection.set_trace_callback(statements.append)
    try:
        yield statements
    finally:
        casebook._connection.set_trace_callback(None)


@pytest.fixture
def demo(demo_copy: Path) -> Iterator[Casebook]:
    with Casebook.open(demo_copy) as casebook:
        with casebook.step("Choose rule set") as step:
            own_rule_sets.choose(step, "ALPHA_PRRT_DEFAULT")
        yield casebook


def first(casebook: Casebook) -> int:
    return patients.all_patients(casebook)[0].id or 0


def test_a_patient_is_loaded_with_one_query_a_table_in_one_transaction(demo: Casebook) -> None:
    patient_id = first(demo)
    with counted(demo) as statements:
        assert load(demo, patient_id) is not None
    queries = [each for each in statements if each.lstrip().lower().startswith("select")]
    assert len(queries) == TABLES
    assert (statements[0], statements[-1]) == ("begin", "rollback")


@pytest.mark.parametrize("conclusion", CONCLUSIONS.values(), ids=CONCLUSIONS)
def test_what_is_given_the_records_asks_the_casebook_nothing(
    demo: Casebook, conclusion: Callable[[PatientRecords], object]
) -> None:
    records = load(demo, first(demo))
    assert records is not None
    with counted(demo) as statements:
        conclusion(records)
    assert statements == []


def test_a_patient_who_is_not_there_has_no_records(casebook: Casebook) -> None:
    assert load(casebook, 7) is None


def test_its_dates_and_version_are_those_that_single_queries_find(demo: Casebook) -> None:
    for patient in patients.all_patients(demo):
        records = load(demo, patient.id or 0)
        assert records is not None
        assert records.life == life_of(demo, patient.id)
        assert records.first_cycle_on == life_of(demo, patient.id).first_cycle_on
        assert list(records.results) == kinds.of_patient(demo, LabResult, patient.id or 0)
        assert sorted(
            (each for some in records.results_by_analyte.values() for each in some),
            key=lambda each: each.id or 0,
        ) == sorted(records.results, key=lambda each: each.id or 0)


@pytest.mark.parametrize("days", [0, 100, 200, 400, 800, 4000])
def test_one_patient_has_the_same_due_facts_as_all_together(demo: Casebook, days: int) -> None:
    today = date(2023, 1, 1) + timedelta(days=days)
    by_id = {facts.patient_id: facts for facts in facts_of_patients(demo, today)}
    assert by_id
    for patient_id, facts in by_id.items():
        records = load(demo, patient_id)
        assert records is not None
        assert facts_of_patient(records, today) == facts


def test_t0_is_the_recorded_day_or_else_the_first_cycle() -> None:
    cycles = [
        Treatment(Cycle(patient_id=1, number=number, given_on=on), ())
        for number, on in ((1, date(2024, 1, 10)), (2, date(2024, 3, 10)))
    ]
    assert make_records(treatments=cycles).index_on == date(2024, 1, 10)
    chosen = make_records(treatments=cycles, index_on=date(2024, 1, 5))
    assert chosen.index_on == date(2024, 1, 5)
    assert make_records().index_on is None


def test_an_unsuccessful_follow_up_is_no_contact(casebook: Casebook) -> None:
    with casebook.step("Fill") as step:
        patient = patients.save(step, patients.Patient(code="P-1"))
        for on, status in ((date(2024, 1, 1), "alive"), (date(2024, 5, 1), "unknown")):
            whole_patient.save_follow_up(
                step, FollowUp(patient_id=patient.id or 0, seen_on=on, status=status)
            )
    records = load(casebook, patient.id or 0)
    assert records is not None
    assert records.last_contact_on == date(2024, 1, 1)
    assert (records.vital.status, records.life.died_on) == ("alive", None)

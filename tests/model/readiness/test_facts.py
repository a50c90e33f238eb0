"""Which of several values a limit is held against: the newest, measured before derived."""

from dataclasses import replace
from datetime import timedelta
from fractions import Fraction

import pytest

from model.dates import PartialDate
from model.readiness.facts import facts_of, measured_sample
from model.records import cycles, labs, patients, whole_patient
from model.records.followups import FollowUp
from model.records.patient_records import PatientRecords, load
from model.records.patients import Patient
from tests.model.readiness import cases
from tests.model.readiness.cases import FIRST, TODAY, cycle, event, result

SINCE = TODAY - timedelta(days=14)


def facts(*results):
    """The facts of a woman of 58 years and 70 kg at her first cycle."""
    treatment = replace(cycle(), cycle=replace(cycle().cycle, weight_kg=70.0))
    return cases.facts(*results, treatments=(treatment,), sex="F", age_at_index=58)


@pytest.mark.parametrize(
    ("measured", "creatinine", "is_measured"),
    [(3, 1, True), (14, 1, True), (15, 1, False), (15, 20, True), (None, 1, False)],
)
def test_a_measured_value_comes_first_while_it_is_new_enough(measured, creatinine, is_measured):
    results = [result("crea", "1.0", days=creatinine)]
    if measured is not None:
        results.append(result("crcl", "80", days=measured))
    found = facts(*results).newest("crcl", SINCE)
    assert (found.result is not None) is is_measured
    assert found.written == ("80 mL/min" if is_measured else "67.8 mL/min")


def test_nothing_recorded_is_no_value():
    assert facts().newest("crcl", SINCE) is None
    assert facts().newest("plt", SINCE) is None


def test_the_baseline_is_of_the_same_kind_as_the_value():
    known = facts(
        result("crea", "0.9", on=FIRST), result("crcl", "80", on=FIRST), result("crea", "1.0")
    )
    derived = known.derived("crcl")[-1]
    of_derived = known.baseline("crcl", of=known.newest("crcl", SINCE))
    assert of_derived.written == "75.3 mL/min"
    assert "Creatinine 0.9" in of_derived.source
    assert of_derived.source.endswith("Weight 70 kg")
    measured = measured_sample(result("crcl", "70"))
    assert known.baseline("crcl", of=measured).written == "80 mL/min"
    assert derived.taken_on == TODAY - timedelta(days=3)


def test_a_number_is_exact_in_the_canonical_unit():
    sample = measured_sample(result("crea", "88.4", unit="µmol/L"))
    assert (sample.number, sample.written) == (Fraction(1), "88.4 µmol/L")
    assert measured_sample(result("crea", "1", unit="cups")).number is None


def test_a_weight_of_a_later_day_is_not_known_yet(casebook):
    with casebook.step("Fill") as step:
        patient = patients.save(step, Patient(code="P-1", sex="F", age_at_index=58))
        treatment = cycle()
        visit = replace(treatment.cycle, patient_id=patient.id)
        cycles.save(step, visit, treatment.administrations)
        labs.save(step, replace(result("crea", "1.0"), patient_id=patient.id))
        seen = FollowUp(patient_id=patient.id, seen_on=TODAY + timedelta(days=5), status="alive")
        whole_patient.save_follow_up(step, replace(seen, weight_kg=70))
    assert facts_of(load(casebook, patient.id), TODAY).derived("crcl") == []
    later = facts_of(load(casebook, patient.id), TODAY + timedelta(days=5))
    assert later.derived("crcl")[0].text == "67.8"


def test_what_is_dated_later_is_not_known_yet():
    later = TODAY + timedelta(days=2)
    treatment = cycle()
    delayed = replace(treatment.administrations[0], given_on=later)
    records = PatientRecords(
        patient=Patient(id=1, code="P-1"),
        treatments=(replace(treatment, administrations=(delayed,)),),
        toxicities=(
            event("Nausea", 2, resolved_on=later, outcome="recovered"),
            event("Fatigue", 2, onset_on=PartialDate.of(later)),
        ),
        follow_ups=(FollowUp(patient_id=1, seen_on=later, status="dead"),),
    )
    known = facts_of(records, TODAY)
    assert known.last_cycle_of("177Lu") is None
    assert [(each.term, each.is_ongoing) for each in known.records.toxicities] == [("Nausea", True)]
    assert known.records.life.died_on is None
    known = facts_of(records, later)
    assert known.last_cycle_of("177Lu") == (treatment.cycle, later)
    assert [each.is_ongoing for each in known.records.toxicities] == [False, True]
    assert known.records.life.died_on == later


def test_an_interval_after_any_cycle_counts_from_the_last_administration_of_it():
    last = replace(cycle().administrations[0], given_on=FIRST + timedelta(days=1))
    known = cases.facts(treatments=(replace(cycle(), administrations=(last,)),))
    assert known.last_cycle_of() == (cycle().cycle, FIRST + timedelta(days=1))

from __future__ import annotations

from datetime import date, timedelta

import pytest

from model.cohort import frames, response
from model.dates import PartialDate
from model.derived.profile import count_records, on_treatment, profile_of
from model.records import (
    assessments,
    biopsies,
    cycles,
    toxicities,
    whole_patient,
)
from model.records.administrations import Administration
from model.records.assessments import Assessment
from model.records.best_response import BEFORE_IMAGING, NOT_ASSESSED
from model.records.biopsies import Biopsy, Metastasis
from model.records.cycles import Cycle
from model.records.followups import FollowUp
from model.records.life import ON_TREATMENT_DAYS
from model.records.patient_records import load
from model.records.patients import Identity
from model.records.toxicities import Toxicity

FIRST, SECOND = date(2025, 3, 10), date(2025, 5, 12)
TODAY = date(2026, 6, 1)


@pytest.fixture
def treated(casebook, patient):
    """The patient with two cycles; of one activity it is not known how much was given."""
    with casebook.step("Add cycles") as step:
        for number, (day, mbq, ecog) in enumerate(((FIRST, 6.1, 1), (SECOND, None, 0)), start=1):
            cycle = Cycle(patient_id=patient.id, number=number, given_on=day, ecog=ecog)
            given = Administration(number=1, nuclide="225Ac", unit="MBq", administered_mbq=mbq)
            cycles.save(step, cycle, [given])
    return patient


def assess(casebook, patient, day, response=None, timepoint=None):
    with casebook.step("Add assessment") as step:
        assessments.save(
            step,
            Assessment(
                patient_id=patient.id, assessed_on=day, response=response, timepoint=timepoint
            ),
        )


def test_the_profile_of_a_new_patient_is_empty(casebook, patient):
    profile = profile_of(load(casebook, patient.id), TODAY)
    assert (profile.name, profile.age.text, profile.grade, profile.ki67) == (
        "",
        "",
        None,
        None,
    )
    assert (profile.ecog, profile.best_response, profile.worst) == (None, None, None)
    assert (profile.treatments, profile.metastases, profile.modalities) == ((), (), {})
    assert profile.vital.status == "unknown"


def test_a_patient_in_the_bin_has_no_profile(casebook, patient):
    with casebook.step("Delete patient") as step:
        whole_patient.remove_patient(step, patient)
    assert load(casebook, patient.id) is None


def test_grade_and_ki67_are_those_of_the_latest_biopsy_that_has_them(casebook, patient):
    with casebook.step("Add biopsies") as step:
        for year, grade, ki67 in (
            (2019, "NET G2", 12.0),
            (2023, "NET G3", 34.0),
            (2024, None, None),
        ):
            biopsies.save(
                step,
                Biopsy(
                    patient_id=patient.id,
                    taken_on=PartialDate(year),
                    who_grade=grade,
                    ki67_percent=ki67,
                ),
            )
    profile = profile_of(load(casebook, patient.id), TODAY)
    assert (profile.first_grade, profile.grade, profile.ki67) == ("NET G2", "NET G3", "34")


def test_a_sum_with_an_unknown_part_is_a_lower_bound(casebook, treated):
    (given,) = profile_of(load(casebook, treated.id), TODAY).cumulative
    assert (given.mbq, given.at_least) == (6.1, True)


def test_ecog_is_the_latest_of_cycles_and_follow_ups(casebook, treated):
    assert profile_of(load(casebook, treated.id), TODAY).ecog == 0
    with casebook.step("Add follow-up") as step:
        seen = FollowUp(patient_id=treated.id, seen_on=date(2025, 8, 1), status="alive", ecog=2)
        whole_patient.save_follow_up(step, seen)
    assert profile_of(load(casebook, treated.id), TODAY).ecog == 2


def test_age_is_todays_and_says_that_at_t0(casebook, treated):
    with casebook.step("Add identity") as step:
        born_on = PartialDate(1966, 3, 11)
        whole_patient.save_identity(step, Identity(patient_id=treated.id, born_on=born_on))
    assert profile_of(load(casebook, treated.id), TODAY).age.long_text == "60 y (58 y at T0)"
    with casebook.step("Add death") as step:
        died = FollowUp(patient_id=treated.id, seen_on=date(2025, 6, 1), status="dead")
        whole_patient.save_follow_up(step, died)
    assert profile_of(load(casebook, treated.id), TODAY).age.text == "59 y at death"


def test_the_best_response_counts_from_the_first_cycle(casebook, treated):
    assess(casebook, treated, FIRST - timedelta(days=30), "CR")
    profile = profile_of(load(casebook, treated.id), TODAY)
    assert (profile.best_response, profile.stated_response) == (NOT_ASSESSED, None)
    assess(casebook, treated, SECOND, "SD")
    assess(casebook, treated, SECOND + timedelta(days=60), "PR")
    assess(casebook, treated, SECOND + timedelta(days=120), "PD")
    assert profile_of(load(casebook, treated.id), TODAY).best_response == "PR"


def test_the_worst_toxicity_is_the_latest_of_the_highest_grade(casebook, treated):
    with casebook.step("Add toxicities") as step:
        for term, grade, day in (
            ("Nausea", 1, SECOND),
            ("Anemia", 3, FIRST),
            ("Platelet count decreased", 3, SECOND),
        ):
            toxicities.save(
                step,
                Toxicity(
                    patient_id=treated.id,
                    term=term,
                    grade=grade,
                    ctcae_version="5.0",
                    onset_on=PartialDate.of(day),
                ),
            )
    assert profile_of(load(casebook, treated.id), TODAY).worst.term == "Platelet count decreased"


def test_records_are_counted_without_those_in_the_bin(casebook, treated):
    with casebook.step("Add metastases") as step:
        for site in ("liver", "bone"):
            found = Metastasis(patient_id=treated.id, site=site)
            saved = biopsies.save_metastasis(step, found)
        step.remove("metastasis", saved.id)
    counts = count_records(casebook, treated.id)
    assert (counts["cycle"], counts["metastasis"], counts["note"]) == (2, 1, 0)
    assert set(counts) == {
        *("cycle", "lab_result", "toxicity", "assessment", "biopsy", "metastasis", "therapy"),
        *("follow_up", "note", "quality_of_life", "end_of_treatment"),
    }


def test_on_treatment_are_those_with_a_recent_cycle_who_neither_ended_nor_died(casebook, treated):
    last_day = SECOND + timedelta(days=ON_TREATMENT_DAYS)
    assert on_treatment(casebook, last_day) == {treated.id}
    assert on_treatment(casebook, last_day + timedelta(days=1)) == frozenset()
    assess(casebook, treated, FIRST, "SD", "end_of_treatment")
    assert on_treatment(casebook, last_day) == {treated.id}
    assess(casebook, treated, SECOND + timedelta(days=30), "SD", "end_of_treatment")
    assert on_treatment(casebook, last_day) == frozenset()


def test_a_patient_who_died_is_not_on_treatment(casebook, treated):
    with casebook.step("Add follow-up") as step:
        whole_patient.save_follow_up(
            step, FollowUp(patient_id=treated.id, seen_on=date(2025, 6, 1), status="dead")
        )
    assert on_treatment(casebook, SECOND) == frozenset()


def test_only_a_grade_of_the_diagnosis_counts_as_such(casebook, patient):
    def add(year, grade, event):
        with casebook.step("Add biopsy") as step:
            biopsies.save(
                step,
                Biopsy(
                    patient_id=patient.id,
                    taken_on=PartialDate(year),
                    who_grade=grade,
                    event=event,
                ),
            )
        profile = profile_of(load(casebook, patient.id), TODAY)
        return profile.first_grade, profile.is_graded_at_diagnosis

    assert add(2019, "NET G2", "rebiopsy") == ("NET G2", False)
    assert add(2018, None, "diagnosis") == ("NET G2", False)
    assert add(2018, "NET G1", "diagnosis") == ("NET G1", True)


def test_the_best_response_is_that_of_the_cohort(casebook, treated):
    def best() -> str:
        (counted,) = response.best_responses(frames.load(casebook))
        assert profile_of(load(casebook, treated.id), TODAY).best_response == counted
        return counted

    assess(casebook, treated, FIRST, "CR", timepoint="baseline")
    assert best() == NOT_ASSESSED
    assess(casebook, treated, date(2025, 6, 1), "SD", timepoint="clinical")
    assert best() == NOT_ASSESSED
    assess(casebook, treated, date(2025, 6, 20), "PD", timepoint="clinical")
    assert best() == BEFORE_IMAGING
    assess(casebook, treated, date(2025, 7, 1), "PD", timepoint="post_cycle")
    assert best() == "PD"
    assess(casebook, treated, date(2025, 11, 1), "PR", timepoint="follow_up")
    assert best() == "PD"

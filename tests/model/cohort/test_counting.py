"""What is counted of a cohort, case by case."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from model.cohort import baseline, exposure, frames, response, selecting, survival
from model.cohort.lines import TableLine
from model.cohort.options import Phase
from model.cohort.selection import EVERYONE
from model.cohort.tables import count_tables
from model.cohort.toxicity import count_phase
from model.dates import PartialDate
from model.derived.profile import profile_of
from model.exchange.cohort_files import summary_lines
from model.records import (
    assessments,
    biopsies,
    cycles,
    patients,
    toxicities,
    whole_patient,
)
from model.records.administrations import Administration
from model.records.assessments import Assessment
from model.records.best_response import BEFORE_IMAGING
from model.records.biopsies import Biopsy
from model.records.cycles import Cycle
from model.records.followups import FollowUp
from model.records.patient_records import load
from model.records.patients import Identity, Patient
from model.records.toxicities import Toxicity
from model.store.casebook import Casebook

FIRST = date(2024, 3, 4)
Add = Callable[..., Any]


@pytest.fixture
def add(casebook: Casebook) -> Add:
    """Save a record in a step of its own."""

    def add(module: Any, record: Any, *more: Any, by: str = "save") -> Any:
        with casebook.step("Add") as step:
            return getattr(module, by)(step, record, *more)

    return add


@pytest.fixture
def treated(add: Add) -> Patient:
    """A patient with one cycle of 225Ac on the first day."""
    patient = add(patients, Patient(code="P-1"))
    given = Administration(number=1, nuclide="225Ac", unit="MBq", administered_mbq=8.0)
    add(cycles, Cycle(patient_id=patient.id, number=1, given_on=FIRST), [given])
    return patient


def summary(casebook: Casebook) -> list[TableLine]:
    found = count_tables(selecting.apply_selection(frames.load(casebook), EVERYONE))
    return summary_lines(line for table in found for line in table.lines)


def toxicity(casebook: Casebook) -> list[TableLine]:
    loaded = frames.load(casebook)
    return [line for phase in Phase for line in count_phase(loaded, phase)]


def counts(lines: list[TableLine], section: str, measure: str) -> dict[str, int | None]:
    return {one.level: one.n for one in lines if (one.section, one.measure) == (section, measure)}


def event(patient: Patient, **fields: Any) -> Toxicity:
    values: dict[str, Any] = {"term": "Anemia", "ctcae_version": "5.0", "grade": 2}
    return Toxicity(patient_id=patient.id or 0, **(values | fields))


def test_an_empty_casebook_has_a_summary(casebook: Casebook) -> None:
    lines = summary(casebook)
    assert counts(lines, "cohort", "patients") == {"": 0}
    assert all(line.percent is None for line in lines)


def test_a_patient_without_anything_is_counted_as_not_recorded(
    casebook: Casebook, add: Add
) -> None:
    add(patients, Patient(code="P-1"))
    lines = summary(casebook)
    assert counts(lines, "primary site", "primary site") == {"not recorded": 1}
    assert counts(lines, "grade", "grade at diagnosis") == {"not recorded": 1}
    assert counts(lines, "survival", "vital status") == {"alive": 0, "dead": 0, "unknown": 1}
    assert counts(lines, "response", "best response")["not assessed"] == 0


@pytest.mark.parametrize(
    ("fields", "emergent"),
    [
        ({"onset_on": PartialDate(2024, 3, 4)}, True),
        ({"onset_on": PartialDate(2024, 3, 3)}, False),
        ({"onset_on": PartialDate(2024, 3, 3), "treatment_emergent": True}, True),
        ({"onset_on": PartialDate(2024, 3, 9), "treatment_emergent": False}, False),
        ({}, True),
    ],
)
def test_treatment_emergent_is_as_judged_else_by_onset(
    casebook: Casebook, add: Add, treated: Patient, fields: dict[str, Any], emergent: bool
) -> None:
    add(toxicities, event(treated, **fields))
    lines = toxicity(casebook)
    assert (counts(lines, "all toxicity", "any")["any"] == 1) == emergent


@pytest.mark.parametrize(
    ("resolved_on", "grade", "counted"),
    [(None, 2, 0), (None, 3, 1), (date(2024, 3, 1), 2, 1)],
)
def test_what_was_there_before_counts_only_when_it_gets_worse(
    casebook: Casebook,
    add: Add,
    treated: Patient,
    resolved_on: date | None,
    grade: int,
    counted: int,
) -> None:
    add(
        toxicities,
        event(treated, onset_on=PartialDate(2024, 2, 1), resolved_on=resolved_on),
    )
    add(toxicities, event(treated, onset_on=PartialDate(2024, 4, 1), grade=grade))
    lines = toxicity(casebook)
    assert counts(lines, "all toxicity", "any")["any"] == counted


def test_the_worst_grade_of_a_patient_is_counted_once(
    casebook: Casebook, add: Add, treated: Patient
) -> None:
    add(
        toxicities,
        event(treated, onset_on=PartialDate(2024, 3, 9), grade=1, phase="acute"),
    )
    add(
        toxicities,
        event(treated, onset_on=PartialDate(2024, 4, 9), grade=3, phase="long_term"),
    )
    add(
        toxicities,
        event(treated, onset_on=PartialDate(2024, 5, 9), grade=2, term="anemia"),
    )
    lines = toxicity(casebook)
    expected = {"1": 0, "2": 0, "3": 1, "4": 0, "5": 0, "1-2": 0, ">=3": 1, "any": 1}
    assert counts(lines, "all toxicity", "Anemia") == expected
    assert counts(lines, "acute toxicity", "Anemia")["1"] == 1
    assert counts(lines, "long-term toxicity", "Anemia")["1"] == 0


def test_toxicity_of_a_patient_without_a_cycle_is_not_counted(
    casebook: Casebook, add: Add, treated: Patient
) -> None:
    other = add(patients, Patient(code="P-2"))
    add(toxicities, event(other, onset_on=PartialDate(2024, 5, 1), treatment_emergent=True))
    lines = toxicity(casebook)
    assert [(line.n, line.of) for line in lines if line.level == "any"] == [(0, 1)] * 3


def read_as(patient: Patient, response: str | None, day: date, **fields: Any) -> Assessment:
    return Assessment(patient_id=patient.id or 0, assessed_on=day, response=response, **fields)


@pytest.mark.parametrize(
    ("read", "category"),
    [
        ([("PD", 60, {}), ("PR", 120, {})], "PD"),
        ([("PR", 60, {}), ("PD", 120, {}), ("CR", 180, {})], "PR"),
        ([("SD", 60, {}), ("PD", 90, {"modality": "clinical"}), ("PR", 200, {})], "SD"),
        (
            [("PD", 60, {"timepoint": "clinical"}), ("PR", 200, {})],
            "clinical progression or death before imaging",
        ),
        ([("PD", 60, {"timepoint": "clinical"}), ("PD", 75, {})], "PD"),
        ([("PD", 60, {"timepoint": "clinical"}), ("SD", 60, {})], "SD"),
        ([("PD", 60, {"modality": "CT"}), ("PR", 60, {"modality": "PET/CT"})], "PD"),
        ([("PD", 0, {}), ("PR", 90, {})], "PR"),
        ([("PD", 60, {"timepoint": "baseline"}), ("PR", 90, {})], "PR"),
        ([("SD", 60, {"timepoint": "baseline"})], "not assessed"),
        ([("CR", -30, {})], "not assessed"),
        ([("NE", 60, {"modality": "CT"})], "NE"),
        ([("NE", 60, {"timepoint": "clinical"})], "clinical progression or death before imaging"),
        ([("PD", 60, {"modality": "clinical"})], "clinical progression or death before imaging"),
        ([("SD", 60, {}), ("PD", 90, {"modality": "clinical"})], "SD"),
    ],
)
def test_best_response_is_one_category_a_patient(
    casebook: Casebook, add: Add, treated: Patient, read: list[Any], category: str
) -> None:
    for name, days, fields in read:
        day = date.fromordinal(FIRST.toordinal() + days)
        add(assessments, read_as(treated, name, day, **fields))
    best = response.best_responses(frames.load(casebook))
    assert best.tolist() == [category]
    records = load(casebook, treated.id or 0)
    assert records is not None
    assert profile_of(records, date(2026, 6, 1)).best_response == category


def test_a_death_without_imaging_is_a_category_of_its_own(
    casebook: Casebook, add: Add, treated: Patient
) -> None:
    died = FollowUp(patient_id=treated.id or 0, seen_on=date(2024, 4, 4), status="dead")
    add(whole_patient, died, by="save_follow_up")
    lines = response.count_responses(frames.load(casebook))
    assert counts(lines, "response", "best response")[BEFORE_IMAGING] == 1
    assert [(one.n, one.of) for one in lines if one.measure == "ORR"] == [(0, 1), (0, 0)]


def test_cumulative_activity_with_an_unknown_part_says_at_least(
    casebook: Casebook, add: Add, treated: Patient
) -> None:
    for number, activity in ((2, 9.0), (3, None)):
        given = Administration(number=1, nuclide="Ac-225", unit="MBq", administered_mbq=activity)
        cycle = Cycle(patient_id=treated.id or 0, number=number, given_on=date(2024, 3 + number, 1))
        add(cycles, cycle, [given])
    lines = {one.measure: one for one in exposure.count_exposure(frames.load(casebook))}
    total = lines["cumulative activity of all patients"]
    assert (total.level, total.estimate, total.n, total.of) == ("225Ac", 17.0, 2, 3)
    assert "at least" in total.definition
    patient = lines["cumulative activity per patient"]
    assert (patient.estimate, patient.n, patient.of) == (None, 0, 1)
    assert lines["activity per administration"].estimate == 8.5


def test_grade_and_ki67_are_those_up_to_the_first_cycle(
    casebook: Casebook, add: Add, treated: Patient
) -> None:
    for day, grade, ki67, event in (
        (PartialDate(2021), "NET G2", 10.0, "rebiopsy"),
        (PartialDate(2024, 3), "NET G3", 25.0, "rebiopsy"),
        (PartialDate(2024, 5, 1), "NEC", 80.0, "rebiopsy"),
        (None, "NET G1", 1.0, "diagnosis"),
    ):
        biopsy = Biopsy(
            patient_id=treated.id or 0,
            taken_on=day,
            who_grade=grade,
            ki67_percent=ki67,
            event=event,
        )
        add(biopsies, biopsy)
    lines = baseline.count_grades(frames.load(casebook))
    assert counts(lines, "grade", "grade at diagnosis") == {"NET G1": 1}
    assert counts(lines, "grade", "grade before therapy") == {"NET G3": 1}
    assert counts(lines, "grade", "upgraded to NET G3") == {"": 1}
    assert {one.level: one.estimate for one in lines if one.measure == "Ki-67"}["median"] == 25.0


def test_age_is_from_the_date_of_birth_and_survival_from_t0(
    casebook: Casebook, add: Add, treated: Patient
) -> None:
    identity = Identity(patient_id=treated.id or 0, born_on=PartialDate(1965, 1, 1))
    add(whole_patient, identity, by="save_identity")
    seen = FollowUp(patient_id=treated.id or 0, seen_on=date(2025, 3, 4), status="alive")
    add(whole_patient, seen, by="save_follow_up")
    loaded = frames.load(casebook)
    assert loaded.patients["age"].tolist() == [59.0]
    alive = [
        one for one in survival.count_survival(loaded) if one.measure == "follow-up of those alive"
    ]
    assert alive[0].estimate == pytest.approx(365 / 30.4375, abs=1e-12)  # not rounded
    with casebook.step("Choose T0") as step:
        patients.save(step, Patient(id=treated.id, code="P-1", index_on=date(2024, 1, 1)))
    assert frames.load(casebook).patients["index_on"].tolist()[0].date() == date(2024, 1, 1)


def test_what_is_in_the_bin_is_not_counted(casebook: Casebook, add: Add, treated: Patient) -> None:
    add(toxicities, event(treated, onset_on=PartialDate(2024, 3, 9)))
    add(whole_patient, treated, by="remove_patient")
    lines = summary(casebook)
    assert counts(lines, "cohort", "patients") == {"": 0}
    assert counts(lines, "cycles", "cycles") == {"": 0}
    assert counts(lines, "all toxicity", "any")["any"] == 0

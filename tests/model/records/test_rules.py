"""The rules that hold everywhere: each record refuses what cannot be, and names the field."""

from datetime import date, datetime
from decimal import Decimal

import pytest

from model.dates import PartialDate
from model.errors import InvalidRecord
from model.records import (
    assessments,
    biopsies,
    cycles,
    kinds,
    labs,
    notes,
    patients,
    therapies,
    toxicities,
    whole_patient,
)
from model.records.administrations import Administration
from model.records.assessments import Assessment
from model.records.biopsies import Biopsy, Metastasis
from model.records.cycles import Cycle
from model.records.followups import FollowUp
from model.records.labs import LabResult
from model.records.life import Life, Vital, vital
from model.records.notes import Note, QualityOfLife
from model.records.patients import Identity, Patient
from model.records.therapies import Therapy
from model.records.toxicities import Toxicity
from model.store.casebook import Casebook

DAY = date(2024, 3, 7)
LIFE = Life(
    born_on=PartialDate(1960, 5),
    died_on=date(2024, 12, 1),
    cycles=((1, date(2024, 1, 8)), (2, date(2024, 3, 4))),
)


def fields_at_fault(record: object, life: Life = LIFE) -> set[str]:
    problems = record.problems(life)  # type: ignore[attr-defined]
    assert all(sentence.endswith(".") for sentence in problems.values())
    return set(problems)


def toxicity(**changed: object) -> Toxicity:
    values = {
        "patient_id": 1,
        "term": "Anemia",
        "ctcae_version": "5.0",
        "grade": 2,
        "onset_on": PartialDate.of(DAY),
    }
    return Toxicity(**{**values, **changed})  # type: ignore[arg-type]


@pytest.mark.parametrize("code", ["", " P-1", "P-1 ", "P\n1", "\t"])
def test_a_patient_needs_a_clean_code(code: str) -> None:
    assert fields_at_fault(Patient(code=code)) == {"code"}


def test_a_complete_patient_has_no_problems() -> None:
    patient = Patient(code="P-1", sex="F", age_at_index=58, disease_status="DOD", height_cm=168.0)
    assert fields_at_fault(patient) == set()


def test_dead_of_disease_needs_a_death() -> None:
    assert fields_at_fault(Patient(code="P", disease_status="DOD"), Life()) == {"disease_status"}


def test_birth_is_not_after_the_first_cycle() -> None:
    assert fields_at_fault(Identity(patient_id=1, born_on=PartialDate(2024))) == set()
    assert fields_at_fault(Identity(patient_id=1, born_on=PartialDate(2024, 2))) == {"born_on"}


@pytest.mark.parametrize(
    ("given_on", "number", "at_fault"),
    [
        (date(2024, 5, 6), 3, set()),
        (date(2024, 12, 1), 3, set()),
        (date(2024, 12, 2), 3, {"given_on"}),
        (date(1960, 4, 30), 3, {"given_on"}),
        (date(2024, 5, 6), 2, {"number"}),
        (date(2024, 5, 6), 0, {"number", "given_on"}),
        (date(2024, 2, 6), 3, {"given_on"}),
    ],
)
def test_cycles_are_within_life_and_in_order(
    given_on: date, number: int, at_fault: set[str]
) -> None:
    assert fields_at_fault(Cycle(patient_id=1, number=number, given_on=given_on)) == at_fault


@pytest.mark.parametrize(("percent", "fine"), [(-0.1, False), (0, True), (100, True), (101, False)])
def test_ki67_is_between_0_and_100(percent: float, fine: bool) -> None:
    assert (fields_at_fault(Biopsy(patient_id=1, ki67_percent=percent)) == set()) is fine


def test_a_grade_of_histology_is_one_that_exists() -> None:
    assert fields_at_fault(Biopsy(patient_id=1, who_grade="NET G4")) == {"who_grade"}


def test_vague_history_counts_as_possible() -> None:
    assert fields_at_fault(Biopsy(patient_id=1, taken_on=PartialDate(1960))) == set()
    assert fields_at_fault(Biopsy(patient_id=1, taken_on=PartialDate(1959))) == {"taken_on"}
    assert fields_at_fault(Biopsy(patient_id=1, taken_on=PartialDate(2024, 12))) == set()
    assert fields_at_fault(Biopsy(patient_id=1, taken_on=PartialDate(2025))) == {"taken_on"}


def test_a_metastasis_needs_a_site() -> None:
    assert fields_at_fault(Metastasis(patient_id=1, site=" ")) == {"site"}


def test_a_therapy_ends_after_it_began() -> None:
    def therapy(start: str, end: str | None, ongoing: bool = False) -> Therapy:
        return Therapy(
            patient_id=1,
            number=1,
            category="ssa",
            started_on=PartialDate.parse(start),
            ended_on=PartialDate.parse(end) if end else None,
            ongoing=ongoing,
        )

    assert fields_at_fault(therapy("2021-03", "2021")) == set()
    assert fields_at_fault(therapy("2021-03", "2021-02")) == {"ended_on"}
    assert fields_at_fault(therapy("2021-03", "2022", ongoing=True)) == {"ended_on"}


@pytest.mark.parametrize(
    ("changed", "at_fault"),
    [
        ({}, set()),
        ({"resolved_on": DAY}, set()),
        ({"resolved_on": date(2024, 3, 6)}, {"resolved_on"}),
        ({"onset_on": PartialDate(2024, 12, 2)}, {"onset_on"}),
        ({"grade": 0}, {"grade"}),
        ({"grade": 5}, set()),
        ({"term": "Nausea", "grade": 4}, {"grade"}),
        ({"term": "Low blood"}, {"term"}),
        ({"ctcae_version": "4.03"}, {"ctcae_version"}),
        ({"phase": "late"}, {"phase"}),
        ({"term": "Platelet count decreased"}, set()),
        ({"term": "Platelet count decreased", "ctcae_version": "6.0"}, {"term"}),
    ],
)
def test_a_toxicity_is_one_that_exists(changed: dict[str, object], at_fault: set[str]) -> None:
    assert fields_at_fault(toxicity(**changed)) == at_fault


def test_a_lab_result_is_not_negative_and_its_limits_in_order() -> None:
    def result(value: str, lln: str = "1", uln: str = "2") -> LabResult:
        return LabResult(
            patient_id=1,
            taken_on=DAY,
            analyte="plt",
            value=Decimal(value),
            lln=Decimal(lln),
            uln=Decimal(uln),
        )

    assert fields_at_fault(result("0")) == set()
    assert fields_at_fault(result("-1")) == {"value"}
    assert fields_at_fault(result("NaN")) == {"value"}
    assert fields_at_fault(result("1", lln="3")) == {"uln"}


def test_an_assessment_has_a_response_that_exists() -> None:
    assert fields_at_fault(Assessment(patient_id=1, assessed_on=DAY, response="MR")) == {"response"}
    assert fields_at_fault(Assessment(patient_id=1, assessed_on=DAY, krenning=5)) == {"krenning"}


def test_notes_and_quality_of_life_are_not_empty() -> None:
    assert fields_at_fault(Note(patient_id=1, written_on=DAY, text=" ")) == {"text"}
    assert fields_at_fault(QualityOfLife(patient_id=1, stated_on=DAY)) == {"statement"}


@pytest.mark.parametrize(
    ("status", "seen_on", "at_fault"),
    [
        ("alive", date(2024, 11, 1), set()),
        ("alive", date(2024, 12, 2), {"seen_on"}),
        ("unknown", date(2025, 2, 1), set()),
        ("dead", date(2025, 2, 1), {"seen_on"}),
        ("lost", date(2024, 11, 1), {"status"}),
        ("alive", date(2024, 12, 1), {"seen_on"}),
    ],
)
def test_a_follow_up_agrees_with_death(status: str, seen_on: date, at_fault: set[str]) -> None:
    death = FollowUp(patient_id=1, seen_on=date(2024, 12, 1), status="dead")
    found = FollowUp(patient_id=1, seen_on=seen_on, status=status).problems(LIFE, [death])
    assert set(found) == at_fault


def test_death_is_not_before_a_cycle_nor_before_being_seen_alive() -> None:
    life = Life(cycles=((1, date(2024, 1, 8)),))
    seen = FollowUp(patient_id=1, seen_on=date(2024, 5, 1), status="alive")

    def death(day: date) -> FollowUp:
        return FollowUp(patient_id=1, seen_on=day, status="dead")

    assert "cycle" in death(date(2024, 1, 7)).problems(life)["seen_on"]
    assert death(date(2024, 1, 8)).problems(life) == {}
    assert "alive" in death(date(2024, 4, 30)).problems(life, [seen])["seen_on"]


def test_only_a_death_has_a_cause() -> None:
    alive = FollowUp(patient_id=1, seen_on=DAY, status="alive", cause="disease")
    assert set(alive.problems(Life())) == {"cause"}


def test_vital_status_follows_from_the_follow_ups() -> None:
    alive = FollowUp(patient_id=1, seen_on=date(2024, 1, 1), status="alive")
    lost = FollowUp(patient_id=1, seen_on=date(2024, 6, 1), status="unknown")
    death = FollowUp(patient_id=1, seen_on=date(2024, 7, 1), status="dead")
    assert vital([]) == Vital("unknown", None)
    assert vital([alive, lost]) == Vital("alive", date(2024, 1, 1))
    assert vital([alive, lost, death]) == Vital("dead", date(2024, 7, 1))


@pytest.mark.parametrize(
    ("changed", "at_fault"),
    [
        ({}, set()),
        ({"prescribed_mbq": -1.0}, {"prescribed_mbq"}),
        ({"measured_mbq": -0.1}, {"measured_mbq"}),
        ({"residual_mbq": 1.0}, {"residual_mbq"}),
        ({"measured_mbq": 1.0, "residual_mbq": 2.0}, {"residual_mbq"}),
        ({"unit": "mCi"}, {"unit"}),
        ({"nuclide": " "}, {"nuclide"}),
        (
            {"started_at": datetime(2024, 3, 7, 10), "ended_at": datetime(2024, 3, 7, 9)},
            {"ended_at"},
        ),
    ],
)
def test_an_administration_is_possible(changed: dict[str, object], at_fault: set[str]) -> None:
    values = {"number": 1, "nuclide": "225Ac", "unit": "MBq", **changed}
    assert set(Administration(**values).problems()) == at_fault  # type: ignore[arg-type]


def test_an_invalid_record_is_not_saved(casebook: Casebook, patient: Patient) -> None:
    assert patient.id is not None
    whose = patient.id
    with casebook.step("Follow-up") as step:
        whole_patient.save_follow_up(step, FollowUp(patient_id=whose, seen_on=DAY, status="dead"))
    late = date(2024, 3, 8)
    with pytest.raises(InvalidRecord), casebook.step("x") as step:
        biopsies.save(step, Biopsy(patient_id=whose, taken_on=PartialDate.of(late)))
    with pytest.raises(InvalidRecord), casebook.step("x") as step:
        cycles.save(step, Cycle(patient_id=whose, number=1, given_on=late), [])
    with pytest.raises(InvalidRecord), casebook.step("x") as step:
        labs.save(step, LabResult(patient_id=whose, taken_on=late, analyte="hb", value=Decimal(12)))
    with pytest.raises(InvalidRecord), casebook.step("x") as step:
        toxicities.save(step, toxicity(patient_id=whose, onset_on=PartialDate.of(late)))
    with pytest.raises(InvalidRecord), casebook.step("x") as step:
        assessments.save(step, Assessment(patient_id=whose, assessed_on=late))
    with pytest.raises(InvalidRecord), casebook.step("x") as step:
        notes.save(step, QualityOfLife(patient_id=whose, stated_on=late, statement="well"))
    with pytest.raises(InvalidRecord), casebook.step("x") as step:
        therapies.save(
            step,
            Therapy(patient_id=whose, number=1, category="x", started_on=PartialDate.of(late)),
        )
    with pytest.raises(InvalidRecord), casebook.step("x") as step:
        patients.save(step, Patient(code="P-1"))
    assert casebook.undo_label == "Follow-up"


def test_death_is_not_before_any_record(casebook: Casebook, patient: Patient) -> None:
    assert patient.id is not None
    whose = patient.id
    with casebook.step("Set up") as step:
        labs.save(step, LabResult(patient_id=whose, taken_on=DAY, analyte="hb", value=Decimal(12)))
        biopsies.save(step, Biopsy(patient_id=whose, taken_on=PartialDate(2024)))
    with (
        pytest.raises(InvalidRecord, match="laboratory result of 2024-03-07"),
        casebook.step("x") as s,
    ):
        whole_patient.save_follow_up(
            s, FollowUp(patient_id=whose, seen_on=date(2024, 3, 6), status="dead")
        )
    with casebook.step("Follow-up") as step:
        whole_patient.save_follow_up(step, FollowUp(patient_id=whose, seen_on=DAY, status="dead"))


def test_birth_is_not_after_any_record(casebook: Casebook, patient: Patient) -> None:
    assert patient.id is not None
    whose = patient.id
    with casebook.step("Set up") as step:
        biopsies.save(step, Biopsy(patient_id=whose, taken_on=PartialDate(1999, 4)))
    late = Identity(patient_id=whose, born_on=PartialDate(1999, 5))
    with pytest.raises(InvalidRecord, match="biopsy of 1999-04 is"), casebook.step("x") as step:
        whole_patient.save_identity(step, late)
    with casebook.step("Identity") as step:
        whole_patient.save_identity(step, Identity(patient_id=whose, born_on=PartialDate(1999)))


def test_a_death_that_the_disease_status_needs_cannot_be_removed(
    casebook: Casebook, patient: Patient
) -> None:
    assert patient.id is not None
    with casebook.step("Set up") as step:
        death = whole_patient.save_follow_up(
            step, FollowUp(patient_id=patient.id, seen_on=DAY, status="dead")
        )
        patients.save(step, Patient(id=patient.id, code="P-1", disease_status="DOD"))
    with pytest.raises(InvalidRecord, match="DOD"), casebook.step("Delete") as step:
        whole_patient.remove_follow_up(step, death)
    with pytest.raises(InvalidRecord, match="DOD"), casebook.step("Edit") as step:
        whole_patient.save_follow_up(
            step, FollowUp(id=death.id, patient_id=patient.id, seen_on=DAY, status="alive")
        )
    assert kinds.of_patient(casebook, FollowUp, patient.id) == [death]

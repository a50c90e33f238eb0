"""What is unlikely is asked, what is impossible refused; by the same rules wherever it is."""

from dataclasses import fields, replace
from datetime import date, datetime

import pytest

from model.dates import PartialDate
from model.errors import InvalidRecord
from model.records import toxicities, whole_patient
from model.records.administrations import Administration
from model.records.assessments import Assessment
from model.records.biopsies import Biopsy
from model.records.contents import Contents
from model.records.cycles import Cycle
from model.records.followups import FollowUp
from model.records.kinds import KINDS
from model.records.labs import LabResult
from model.records.life import Life
from model.records.notes import Note
from model.records.patients import Identity, Patient
from model.records.questions import all_questions, in_the_future, questions
from model.records.therapies import Therapy
from model.records.toxicities import Toxicity
from model.store.casebook import Casebook
from model.store.rows import Record, field_types

TODAY = date(2024, 6, 1)
TOMORROW = date(2024, 6, 2)
ALIVE = Life(seen_alive_on=date(2024, 5, 1))
DEAD = Life(died_on=date(2024, 5, 20), seen_alive_on=date(2024, 5, 1))


def asked(record: Record, life: Life = ALIVE, cycle_on: date | None = None) -> set[str]:
    found = questions(record, life, TODAY, cycle_on=cycle_on)
    assert all(sentence.endswith((".", "?")) for sentence in found.values())
    return set(found)


def toxicity(grade: int = 2, **values: object) -> Toxicity:
    given = {"term": "Sepsis", "ctcae_version": "5.0", "onset_on": date(2024, 4, 1)} | values
    return Toxicity(patient_id=1, grade=grade, **given)  # type: ignore[arg-type]


def lutetium(**values: object) -> Administration:
    given = {"administered_mbq": 7400.0} | values
    return Administration(number=1, nuclide="177Lu", **given)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("record", "field"),
    [
        (Cycle(patient_id=1, number=1, given_on=TOMORROW), "given_on"),
        (FollowUp(patient_id=1, seen_on=TOMORROW, status="dead"), "seen_on"),
        (LabResult(patient_id=1, taken_on=TOMORROW, analyte="hb", value=9), "taken_on"),  # type: ignore[arg-type]
        (toxicity(onset_on=TOMORROW), "onset_on"),
        (Biopsy(patient_id=1, taken_on=PartialDate(2024, 7)), "taken_on"),
        (Therapy(patient_id=1, number=1, category="x", ended_on=PartialDate(2025)), "ended_on"),
        (Identity(patient_id=1, born_on=PartialDate(2025)), "born_on"),
        (Patient(code="P", index_on=TOMORROW), "index_on"),
        (lutetium(measured_mbq=7.4, measured_at=datetime(2024, 6, 2, 0, 0)), "measured_at"),
        (Note(patient_id=1, written_on=TOMORROW, text="x"), "written_on"),
    ],
)
def test_a_day_in_the_future_is_asked_about(record: Record, field: str) -> None:
    assert field in asked(record)
    later = in_the_future(record, date(2026, 1, 1))
    assert later == {}


def test_a_date_that_may_be_today_is_not_in_the_future() -> None:
    assert asked(Cycle(patient_id=1, number=1, given_on=TODAY)) == set()
    assert asked(Biopsy(patient_id=1, taken_on=PartialDate(2024))) == set()
    assert asked(Biopsy(patient_id=1, taken_on=PartialDate(2024, 6))) == set()


def test_every_kind_of_record_with_a_date_is_looked_at() -> None:
    """A kind that is added later is included without a word anywhere."""
    for kind in KINDS:
        types = field_types(kind.record)
        named = {name for name, _what in kind.dated} | ({kind.undated} - {None})
        assert {types[name] for name in named} <= {date, datetime, PartialDate}, kind
        assert named <= {field.name for field in fields(kind.record)}


@pytest.mark.parametrize(
    ("grade", "ki67", "mitoses", "fits"),
    [
        ("NET G1", 85, None, False),
        ("NET G1", 2.9, None, True),
        ("NET G1", 3, None, False),
        ("NET G2", 3, None, True),
        ("NET G2", 20, None, True),
        ("NET G2", 20.1, None, False),
        ("NET G2", 1, None, False),
        ("NET G3", 15, None, False),
        ("NET G3", 21, None, True),
        ("NEC", 90, None, True),
        ("NEC", 2, None, False),
        ("NET G2", 1, 1, False),
        ("NET G2", 1, 2, True),
        ("NET G3", 1, 21, True),
        ("NET G1", 1, 21, False),
        ("NET G1", None, 1.9, True),
        ("NET G1", None, 2, False),
        ("NET G3", None, 2, True),
        (None, 85, None, True),
        ("NET G1", None, None, True),
    ],
)
def test_the_grade_fits_ki67_and_mitoses(
    grade: str | None, ki67: float | None, mitoses: float | None, fits: bool
) -> None:
    """WHO 2022, digestive neuroendocrine neoplasms: the higher of the two decides."""
    biopsy = Biopsy(patient_id=1, who_grade=grade, ki67_percent=ki67, mitoses_per_2mm2=mitoses)
    assert (asked(biopsy) == set()) is fits


def test_a_toxicity_without_an_onset_is_asked_about() -> None:
    assert asked(toxicity(onset_on=None)) == {"onset_on"}
    assert asked(toxicity()) == set()


def test_a_fatal_toxicity_needs_a_death() -> None:
    assert asked(toxicity(5)) == {"grade"}
    assert asked(toxicity(4, outcome="fatal")) == {"outcome"}
    assert asked(toxicity(5), DEAD) == set()
    assert asked(toxicity(5, resolved_on=date(2024, 5, 20)), DEAD) == set()
    assert asked(toxicity(5, resolved_on=date(2024, 5, 19)), DEAD) == {"grade"}


def test_nobody_is_alive_after_a_fatal_toxicity() -> None:
    fatal = toxicity(5, resolved_on=date(2024, 4, 5))
    assert set(fatal.problems(ALIVE)) == {"resolved_on"}
    assert fatal.problems(Life(seen_alive_on=date(2024, 4, 5))) == {}
    assert set(toxicity(5, outcome="recovered").problems(DEAD)) == {"outcome"}


def test_nobody_is_seen_alive_after_a_fatal_toxicity(casebook: Casebook, patient: Patient) -> None:
    pid = patient.id or 0
    with casebook.step("Add") as step:
        toxicities.save(
            step,
            Toxicity(
                patient_id=pid,
                term="Sepsis",
                ctcae_version="5.0",
                grade=5,
                resolved_on=date(2024, 4, 5),
            ),
        )
        alive = FollowUp(patient_id=pid, seen_on=date(2024, 4, 5), status="alive")
        whole_patient.save_follow_up(step, alive)
        late = FollowUp(patient_id=pid, seen_on=date(2024, 4, 6), status="alive")
        with pytest.raises(InvalidRecord, match="Sepsis"):
            whole_patient.save_follow_up(step, late)


def test_an_administration_is_near_its_cycle() -> None:
    day = date(2024, 3, 1)
    assert asked(lutetium(given_on=date(2023, 3, 1)), cycle_on=day) == {"given_on"}
    assert asked(lutetium(given_on=date(2024, 3, 8)), cycle_on=day) == set()
    assert asked(lutetium(given_on=date(2024, 3, 9)), cycle_on=day) == {"given_on"}
    assert asked(lutetium(started_at=datetime(2023, 3, 1, 9)), cycle_on=day) == {"started_at"}


def test_times_are_near_the_administration() -> None:
    """Without a start a measurement is not decayed: one of the year before would count in full."""
    day = date(2024, 3, 1)
    wrong = lutetium(measured_mbq=7400.0, measured_at=datetime(2023, 3, 1, 10))
    assert asked(wrong, cycle_on=day) == {"measured_at"}
    fine = lutetium(
        measured_mbq=7400.0,
        measured_at=datetime(2024, 2, 29, 10),
        residual_at=datetime(2024, 3, 2, 10),
        calibrated_at=datetime(2024, 2, 10, 12),
        ended_at=datetime(2024, 3, 1, 12),
    )
    assert asked(fine, cycle_on=day) == set()
    assert asked(lutetium(residual_at=datetime(2024, 3, 3, 10)), cycle_on=day) == {"residual_at"}
    assert asked(lutetium(calibrated_at=datetime(2023, 3, 1)), cycle_on=day) == {"calibrated_at"}
    assert asked(lutetium(ended_at=datetime(2024, 3, 3)), cycle_on=day) == {"ended_at"}
    twice = lutetium(given_on=date(2024, 3, 2), started_at=datetime(2024, 3, 1, 9))
    assert asked(twice, cycle_on=day) == {"given_on"}


def test_nothing_is_left_after_ten_half_lives() -> None:
    """Of 177Lu, 66.5 days; what was measured then cannot have been administered."""
    given = {"measured_mbq": 7400.0, "started_at": datetime(2024, 3, 1, 11)}
    wrong = lutetium(measured_at=datetime(2023, 3, 1, 10), **given)
    assert set(wrong.problems()) == {"measured_at"}
    assert lutetium(measured_at=datetime(2024, 2, 29, 10), **given).problems() == {}


def test_nothing_is_administered_after_death() -> None:
    late = date(2024, 5, 21)
    assert set(lutetium(given_on=late).problems(DEAD)) == {"given_on"}
    assert set(lutetium(started_at=datetime(2024, 5, 21, 9)).problems(DEAD)) == {"started_at"}
    assert lutetium(given_on=date(2024, 5, 20)).problems(DEAD) == {}


def test_a_few_unusual_bodies_are_asked_about() -> None:
    assert asked(Patient(code="P", height_cm=17.8 * 4)) == {"height_cm"}
    assert asked(Patient(code="P", height_cm=178)) == set()
    assert asked(Cycle(patient_id=1, number=1, given_on=TODAY, weight_kg=715 / 3)) == {"weight_kg"}
    assert asked(FollowUp(patient_id=1, seen_on=TODAY, status="alive", weight_kg=7.1)) == {
        "weight_kg"
    }


def test_a_status_of_the_living_does_not_fit_a_death() -> None:
    assert asked(Patient(code="P", disease_status="AWD"), DEAD) == {"disease_status"}
    assert asked(Patient(code="P", disease_status="DOD"), DEAD) == set()
    assert asked(Patient(code="P", disease_status="NED"), ALIVE) == set()


def test_an_assessment_fits_cycles_and_time_point() -> None:
    treated = Life(cycles=((1, date(2024, 1, 8)), (2, date(2024, 3, 4))))

    def seen(**values: object) -> Assessment:
        return Assessment(patient_id=1, assessed_on=date(2024, 2, 1), **values)  # type: ignore[arg-type]

    assert asked(seen(after_cycle=1), treated) == set()
    assert asked(seen(after_cycle=2), treated) == {"after_cycle"}
    assert asked(seen(timepoint="baseline", response="PR"), treated) == {"response"}
    assert asked(seen(timepoint="baseline"), treated) == set()


def test_a_diagnosis_comes_before_the_first_cycle() -> None:
    treated = Life(cycles=((1, date(2024, 1, 8)),))
    assert asked(Patient(code="P", diagnosed_on=PartialDate(2024, 2)), treated) == {"diagnosed_on"}
    assert asked(Patient(code="P", diagnosed_on=PartialDate(2024)), treated) == set()
    late = Biopsy(patient_id=1, taken_on=PartialDate(2024, 2), event="diagnosis")
    assert asked(late, treated) == {"taken_on"}
    assert asked(replace(late, event="rebiopsy"), treated) == set()


def test_ecog_5_is_death() -> None:
    assert asked(Cycle(patient_id=1, number=1, given_on=TODAY, ecog=5)) == {"ecog"}
    assert asked(FollowUp(patient_id=1, seen_on=TODAY, status="alive", ecog=5)) == {"ecog"}
    assert asked(FollowUp(patient_id=1, seen_on=TODAY, status="dead", ecog=5)) == set()


def test_unknown_after_death_is_asked_about() -> None:
    late = FollowUp(patient_id=1, seen_on=date(2024, 5, 21), status="unknown")
    assert asked(late, DEAD) == {"seen_on"}


def test_all_questions_of_a_casebook_know_cycle_and_life() -> None:
    contents = Contents.holding(
        [
            Patient(id=1, code="P-1"),
            Cycle(id=2, patient_id=1, number=1, given_on=date(2024, 3, 1)),
            Administration(
                id=3,
                cycle_id=2,
                number=1,
                nuclide="177Lu",
                given_on=date(2023, 3, 1),
                administered_mbq=7400,
            ),
            toxicity(5),
        ]
    )
    assert [set(found) for _record, found in all_questions(contents, TODAY)] == [
        {"given_on"},
        {"grade"},
    ]

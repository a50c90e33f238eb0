"""The last day known alive: one rule for a patient, for records in memory, and as SQL."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from model.dates import PartialDate
from model.records import contents, cycles
from model.records.administrations import Administration
from model.records.assessments import Assessment
from model.records.biopsies import Biopsy, Metastasis
from model.records.cycles import Cycle
from model.records.followups import FollowUp
from model.records.kinds import KINDS
from model.records.labs import LabResult, with_canonical
from model.records.life import vital
from model.records.notes import Note, QualityOfLife
from model.records.outcome import last_alive
from model.records.outcome.ends_of_treatment import EndOfTreatment
from model.records.patient_records import load
from model.records.patients import Patient
from model.records.therapies import Therapy
from model.records.toxicities import Toxicity
from model.store import rows as records
from model.store.casebook import Casebook

FIRST, LAST = date(2024, 3, 4), date(2024, 9, 9)


def toxicity(patient_id: int, **fields: Any) -> Toxicity:
    return Toxicity(patient_id=patient_id, term="Nausea", ctcae_version="5.0", grade=1, **fields)


def result(patient_id: int, day: date) -> LabResult:
    return with_canonical(
        LabResult(patient_id=patient_id, taken_on=day, analyte="hb", value=Decimal(11), unit="g/dL")
    )


PROOFS: dict[str, Any] = {
    "laboratory result": result,
    "assessment": lambda key, day: Assessment(patient_id=key, assessed_on=day),
    "onset": lambda key, day: toxicity(key, onset_on=day),
    "end of a toxicity": lambda key, day: toxicity(key, onset_on=FIRST, resolved_on=day),
    "biopsy": lambda key, day: Biopsy(patient_id=key, taken_on=PartialDate.of(day)),
    "metastasis": lambda key, day: Metastasis(
        patient_id=key, site="liver", found_on=PartialDate.of(day)
    ),
    "end of a therapy": lambda key, day: Therapy(
        patient_id=key, number=1, category="ssa", ended_on=PartialDate.of(day)
    ),
    "statement": lambda key, day: QualityOfLife(patient_id=key, stated_on=day, score=70.0),
    "follow-up": lambda key, day: FollowUp(patient_id=key, seen_on=day, status="alive"),
    "second cycle": lambda key, day: Cycle(patient_id=key, number=2, given_on=day),
}
NO_PROOFS: dict[str, Any] = {
    "note": lambda key, day: Note(patient_id=key, written_on=day, text="x"),
    "follow-up in vain": lambda key, day: FollowUp(patient_id=key, seen_on=day, status="unknown"),
    "end of treatment": lambda key, day: EndOfTreatment(patient_id=key, ended_on=day),
    "partial date": lambda key, _day: Biopsy(patient_id=key, taken_on=PartialDate(2024, 9)),
}


@pytest.fixture
def treated(casebook: Casebook, patient: Patient) -> int:
    """The id of a patient with one cycle."""
    key = patient.id or 0
    with casebook.step("Add cycle") as step:
        given = Administration(number=1, nuclide="225Ac", unit="MBq", administered_mbq=8.0)
        cycles.save(step, Cycle(patient_id=key, number=1, given_on=FIRST), [given])
    return key


def last_day(casebook: Casebook, patient_id: int) -> date | None:
    """The day in all three forms, which must be one."""
    loaded = load(casebook, patient_id)
    assert loaded is not None
    forms = (
        loaded.alive_on,
        last_alive.of_contents(contents.load(casebook)).get(patient_id),
        last_alive.of_casebook(casebook).get(patient_id),
    )
    assert len(set(forms)) == 1, forms
    return forms[0]


@pytest.mark.parametrize("proof", PROOFS)
def test_every_dated_record_shows_the_patient_alive(
    casebook: Casebook, treated: int, proof: str
) -> None:
    assert last_day(casebook, treated) == FIRST
    with casebook.step("Add") as step:
        saved = records.put(step, PROOFS[proof](treated, LAST))
    assert last_day(casebook, treated) == LAST
    loaded = load(casebook, treated)
    assert loaded is not None
    assert loaded.vital.last_on == loaded.last_contact_on == LAST
    assert loaded.up_to(LAST - timedelta(days=1)).vital.last_on == FIRST
    with casebook.step("Remove") as step:
        records.remove(step, saved)
    assert last_day(casebook, treated) == FIRST


@pytest.mark.parametrize("record", NO_PROOFS)
def test_what_is_recorded_of_somebody_not_seen_shows_nothing(
    casebook: Casebook, treated: int, record: str
) -> None:
    with casebook.step("Add") as step:
        records.put(step, NO_PROOFS[record](treated, LAST))
    assert last_day(casebook, treated) == FIRST


def test_an_administration_on_a_later_day_than_its_cycle_counts(
    casebook: Casebook, treated: int
) -> None:
    with casebook.step("Add cycle") as step:
        later = Administration(
            number=1, nuclide="177Lu", unit="GBq", given_on=FIRST + timedelta(days=57)
        )
        cycle = Cycle(patient_id=treated, number=2, given_on=FIRST + timedelta(days=56))
        cycles.save(step, cycle, [later])
    assert last_day(casebook, treated) == FIRST + timedelta(days=57)


def test_death_ends_a_life_whatever_else_is_recorded() -> None:
    dead = FollowUp(patient_id=1, seen_on=FIRST, status="dead")
    assert vital([dead], LAST).last_on == FIRST
    assert (vital([], LAST).status, vital([], LAST).last_on) == ("unknown", LAST)


def test_every_kind_of_record_is_decided_on() -> None:
    """A new kind of record with a date takes a test here, for or against."""
    tested = {
        *("cycle", "administration", "lab_result", "assessment", "toxicity", "biopsy"),
        *("metastasis", "therapy", "quality_of_life", "follow_up", "key_image"),
        "end_of_treatment",
    }
    dated = {kind.table for kind in KINDS if kind.dated}
    assert dated <= tested

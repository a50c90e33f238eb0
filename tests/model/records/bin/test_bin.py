"""Deleted records are listed with who deleted them, and restored with what belongs to them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from model.errors import KnownError
from model.exchange.demo import make_demo
from model.records import (
    cycles,
    laboratory_limits,
    labs,
    patients,
    toxicities,
    whole_patient,
)
from model.records.administrations import Administration
from model.records.bin import deleted, restoring
from model.records.bin.deleted import DeletedRecord, deleted_records
from model.records.checks import check
from model.records.cycles import Cycle
from model.records.followups import FollowUp
from model.records.kinds import KINDS
from model.records.laboratory_limits import LaboratoryLimit
from model.records.labs import LabResult
from model.records.patients import Patient
from model.records.toxicities import Toxicity
from model.store.casebook import Casebook

DAY = date(2024, 3, 7)


@pytest.fixture
def demo(tmp_path: Path) -> Iterator[Casebook]:
    with Casebook.open(make_demo(tmp_path)) as casebook:
        yield casebook


def everything(casebook: Casebook) -> dict[str, list[dict[str, Any]]]:
    """Return all rows of all tables of the bin, without the time of their last change."""
    return {
        table: [
            {name: value for name, value in row.items() if name != "changed_at"}
            for row in casebook.rows(f"select * from {table} order by id")
        ]
        for table in deleted.TABLES
    }


def restore(casebook: Casebook, *records: DeletedRecord) -> int:
    with casebook.step("Restore") as step:
        return restoring.restore(step, records)


def add_cycle(casebook: Casebook, patient: Patient, number: int = 1) -> Cycle:
    with casebook.step("Add cycle") as step:
        cycle = Cycle(patient_id=patient.id or 0, number=number, given_on=DAY)
        given = Administration(number=1, nuclide="177Lu", ligand="DOTATATE", given_on=DAY)
        return cycles.save(step, cycle, [given]).cycle


def test_a_deleted_patient_comes_back_with_everything_in_one_step(demo: Casebook) -> None:
    before = everything(demo)
    patient = patients.all_patients(demo)[0]
    with demo.step("Delete patient") as step:
        whole_patient.remove_patient(step, patient)
    records = deleted_records(demo)
    line = next(each for each in records if each.key == ("patient", patient.id))
    assert line.container is None
    assert line.parts == len(records) - 1
    assert all(each.container for each in records if each is not line)
    assert {each.code for each in records} == {patient.code}
    assert line.deleted_by == demo.user
    assert restore(demo, line) == len(records)
    assert everything(demo) == before
    assert deleted_records(demo) == []
    demo.undo()
    assert len(deleted_records(demo)) == len(records)
    assert check(demo) == []


@pytest.mark.parametrize(
    "kind", [each for each in KINDS if each.parent], ids=lambda kind: kind.tidy
)
def test_a_record_of_each_kind_comes_back(demo: Casebook, kind: Any) -> None:
    rows = demo.rows(f"select id from {kind.table} where deleted_at is null order by id limit 1")
    if not rows:
        pytest.skip("The demo has none.")
    before = everything(demo)
    with demo.step("Delete") as step:
        step.remove(kind.table, rows[0]["id"])
    (line,) = deleted_records(demo)
    assert line.kind == kind.label
    assert line.code
    assert restore(demo, line) == 1
    assert everything(demo) == before


def test_a_deleted_cycle_comes_back_with_its_administrations_and_its_toxicities(
    casebook: Casebook, patient: Patient
) -> None:
    cycle = add_cycle(casebook, patient)
    with casebook.step("Add toxicity") as step:
        event = toxicities.save(
            step,
            Toxicity(
                patient_id=patient.id or 0,
                cycle_id=cycle.id,
                term="Fatigue",
                ctcae_version="5.0",
                grade=1,
            ),
        )
    before = everything(casebook)
    with casebook.step("Delete cycle") as step:
        cycles.remove(step, cycle)
    lines = deleted_records(casebook)
    assert [(each.label, each.parts, each.parent) for each in lines] == [
        ("Cycle 1", 1, ""),
        ("Administration 1", 0, "Cycle 1"),
    ]
    restore(casebook, lines[1])
    assert everything(casebook) == before
    assert event.cycle_id == cycle.id


def test_a_record_brings_its_deleted_patient_back(casebook: Casebook, patient: Patient) -> None:
    with casebook.step("Add lab results") as step:
        results = [
            labs.save(
                step,
                LabResult(
                    patient_id=patient.id or 0,
                    taken_on=DAY,
                    analyte=analyte,
                    value=Decimal(12),
                    unit="g/dL",
                ),
            )
            for analyte in ("hb", "alb")
        ]
    with casebook.step("Delete lab result") as step:
        labs.remove(step, results[0])
    with casebook.step("Delete patient") as step:
        whole_patient.remove_patient(step, patient)
    single = next(each for each in deleted_records(casebook) if each.key[1] == results[0].id)
    assert single.container is None
    assert single.parent == f"Patient {patient.code}"
    assert restore(casebook, single) == 3
    assert deleted_records(casebook) == []


def test_a_code_that_is_taken_again_is_named(casebook: Casebook, patient: Patient) -> None:
    with casebook.step("Delete patient") as step:
        whole_patient.remove_patient(step, patient)
    with casebook.step("Add patient") as step:
        patients.save(step, Patient(code=patient.code))
    with pytest.raises(KnownError, match="another patient has this code now"):
        restore(casebook, *deleted_records(casebook))
    assert len(deleted_records(casebook)) == 1


def test_a_number_or_day_that_is_taken_again_is_named(casebook: Casebook, patient: Patient) -> None:
    cycle = add_cycle(casebook, patient)
    follow_up = FollowUp(patient_id=patient.id or 0, seen_on=DAY, status="alive")
    with casebook.step("Add follow-up") as step:
        saved = whole_patient.save_follow_up(step, follow_up)
    with casebook.step("Delete") as step:
        cycles.remove(step, cycle)
        whole_patient.remove_follow_up(step, saved)
    by_table = {each.key[0]: each for each in deleted_records(casebook)}
    add_cycle(casebook, patient)
    with casebook.step("Add follow-up") as step:
        whole_patient.save_follow_up(step, replace(follow_up, status="alive"))
    with pytest.raises(KnownError, match="with this number now"):
        restore(casebook, by_table["cycle"])
    with pytest.raises(KnownError, match="of the same day now"):
        restore(casebook, by_table["follow_up"])


def test_a_record_after_the_death_that_was_recorded_since_is_not_restored(
    casebook: Casebook, patient: Patient
) -> None:
    result = LabResult(
        patient_id=patient.id or 0, taken_on=DAY, analyte="hb", value=Decimal(12), unit="g/dL"
    )
    with casebook.step("Add lab result") as step:
        saved = labs.save(step, result)
    with casebook.step("Delete lab result") as step:
        labs.remove(step, saved)
    with casebook.step("Add follow-up") as step:
        death = FollowUp(patient_id=patient.id or 0, seen_on=date(2024, 1, 1), status="dead")
        whole_patient.save_follow_up(step, death)
    before = everything(casebook)
    with pytest.raises(KnownError, match="Nothing was restored"):
        restore(casebook, *deleted_records(casebook))
    assert everything(casebook) == before


def test_a_result_that_was_entered_again_is_not_restored(
    casebook: Casebook, patient: Patient
) -> None:
    result = LabResult(
        patient_id=patient.id or 0, taken_on=DAY, analyte="hb", value=Decimal(12), unit="g/dL"
    )
    with casebook.step("Add lab result") as step:
        saved = labs.save(step, result)
    with casebook.step("Delete lab result") as step:
        labs.remove(step, saved)
    with casebook.step("Add lab result") as step:
        labs.save(step, replace(result, value=Decimal(13)))
    with pytest.raises(KnownError, match="already a result"):
        restore(casebook, *deleted_records(casebook))


def test_the_bin_of_a_patient_has_only_their_records(demo: Casebook) -> None:
    first, second = patients.all_patients(demo)[:2]
    with demo.step("Delete patients") as step:
        whole_patient.remove_patient(step, first)
    with demo.step("Delete patients") as step:
        whole_patient.remove_patient(step, second)
    assert {each.code for each in deleted_records(demo, first.id)} == {first.code}
    assert deleted_records(demo)[0].code == second.code


def test_a_toxicity_comes_back_without_a_cycle_that_stays_in_the_bin(
    casebook: Casebook, patient: Patient
) -> None:
    cycle = add_cycle(casebook, patient)
    event = Toxicity(
        patient_id=patient.id or 0, cycle_id=cycle.id, term="Fatigue", ctcae_version="5.0", grade=1
    )
    with casebook.step("Add toxicity") as step:
        event = toxicities.save(step, event)
    with casebook.step("Delete toxicity") as step:
        toxicities.remove(step, event)
    with casebook.step("Delete cycle") as step:
        cycles.remove(step, cycle)
    by_table = {each.key[0]: each for each in deleted_records(casebook)}
    restore(casebook, by_table["toxicity"])
    assert casebook.rows("select cycle_id from toxicity") == [{"cycle_id": None}]
    assert check(casebook) == []
    casebook.undo()
    restore(casebook, by_table["toxicity"], by_table["cycle"])
    assert casebook.rows("select cycle_id from toxicity") == [{"cycle_id": cycle.id}]
    assert check(casebook) == []


def test_a_limit_of_a_laboratory_is_of_no_patient(casebook: Casebook, patient: Patient) -> None:
    limit = LaboratoryLimit(analyte="hb", unit="g/dL", lln=Decimal(12), uln=Decimal(16))
    with casebook.step("Add limits") as step:
        saved = laboratory_limits.save(step, limit)
    with casebook.step("Delete limits") as step:
        laboratory_limits.remove(step, saved)
    (line,) = deleted_records(casebook)
    assert (line.kind, line.code, line.patient_id) == ("Laboratory limit", "", None)
    assert deleted_records(casebook, patient.id) == []
    assert restore(casebook, line) == 1
    assert laboratory_limits.all_limits(casebook) == [saved]

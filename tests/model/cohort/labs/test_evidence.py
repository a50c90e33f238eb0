"""Weights of visits and computed eGFR of a cohort are graded as those of each patient."""

from __future__ import annotations

import random
from datetime import date, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from model.cohort import frames as cohort_frames
from model.cohort.labs import shift
from model.cohort.labs.grading import TERMS
from model.ctcae import criteria
from model.ctcae.terms import VERSIONS
from model.dates import PartialDate
from model.grading.evidence import EGFR, WEIGHT, evidence_of
from model.records import cycles, labs, patients, rules
from model.records.cycles import Cycle
from model.records.followups import FollowUp
from model.records.labs import LabResult
from model.records.patient_records import load
from model.records.patients import Identity, Patient
from model.reference.analytes import ANALYTES
from model.store import rows as records
from model.store.casebook import Casebook

FIRST = date(2024, 3, 4)


def somebody(casebook: Casebook, place: int, chance: random.Random) -> None:
    """A patient with weights, creatinine in two units and, at times, a measured eGFR."""

    def day(low: int, high: int) -> date:
        return FIRST + timedelta(days=chance.randint(low, high))

    with casebook.step("Add") as step:
        patient = patients.save(
            step,
            Patient(
                code=f"E-{place}",
                sex=["F", "M", None, "X"][place % 4],
                age_at_index=chance.choice([None, 17, 58]),
                ctcae_version=chance.choice(VERSIONS),
            ),
        )
        assert patient.id
        if place % 3 == 0:
            born_on = PartialDate.parse("1960-05")
            records.put(step, Identity(patient_id=patient.id, born_on=born_on))
        for number in (1, 2):
            weight = chance.choice([None, chance.randint(600, 900) / 10])
            given_on = FIRST + timedelta(days=56 * (number - 1))
            cycle = Cycle(patient_id=patient.id, number=number, given_on=given_on, weight_kg=weight)
            cycles.save(step, cycle, [])
        for seen_on in {day(60, 400) for _ in range(4)}:
            kg = chance.randint(450, 1000) / 10
            about: dict[str, Any] = {"status": "alive", "weight_kg": kg}
            rules.save(step, FollowUp(patient_id=patient.id, seen_on=seen_on, **about))
        if place % 5 == 0:
            labs.save(step, _result(patient.id, FIRST, WEIGHT, "80", "kg"))
        for on in {day(-20, 300) for _ in range(6)}:
            micromoles = chance.random() < 0.5
            value = f"{chance.randint(60, 400)}" if micromoles else f"{chance.randint(7, 40) / 10}"
            at = chance.choice([None, time(8), time(14)])
            one = _result(patient.id, on, "crea", value, "umol/L" if micromoles else "mg/dL")
            labs.save(step, LabResult(**{**_values(one), "taken_at": at}))
        if place % 7 == 0:
            labs.save(step, _result(patient.id, day(0, 90), EGFR, "50", "mL/min/1.73m2"))


def _result(patient_id: int, on: date, analyte: str, value: str, unit: str) -> LabResult:
    return LabResult(
        patient_id=patient_id, taken_on=on, analyte=analyte, value=Decimal(value), unit=unit
    )


def _values(result: LabResult) -> dict[str, Any]:
    return {
        name: getattr(result, name)
        for name in ("patient_id", "taken_on", "analyte", "value", "unit")
    }


def test_both_forms_grade_the_same(tmp_path: Path) -> None:
    chance = random.Random(7)
    with Casebook.create(tmp_path / "evidence.theralog") as casebook:
        for place in range(24):
            somebody(casebook, place, chance)
        frames = cohort_frames.load(casebook)
        besides = frames.graded_besides
        compared = 0
        for patient_id, rows in besides.groupby("patient_id"):
            patient = load(casebook, int(str(patient_id)))
            assert patient
            version = patient.ctcae_version
            graded = evidence_of(patient).graded(version)
            expected = sorted(
                (line.result.analyte, line.result.taken_on, line.term, line.grade)
                for line in graded
                if line.result.source or line.result.analyte == WEIGHT
                if line.grade is not None
            )
            found = []
            for row in rows.itertuples():
                for direction in "LH":
                    for slot in range(TERMS):
                        grade = getattr(row, f"grade_{direction}_{slot}")
                        terms = [
                            term
                            for term, way in criteria.terms_of(version, str(row.analyte))
                            if way == direction
                        ]
                        if grade >= 0 and (row.analyte == WEIGHT or "kidney" in terms[slot]):
                            on = row.taken_on.date()  # type: ignore[union-attr]
                            found.append((str(row.analyte), on, terms[slot], int(grade)))
            assert sorted(found) == expected
            compared += len(expected)
        assert compared > 100
        shifted = set(shift.shifts(frames)["term"])
        assert {"Weight loss", "Weight gain", "Chronic kidney disease"} <= shifted


@pytest.mark.parametrize("version", VERSIONS)
def test_no_analyte_has_more_terms_in_a_direction_than_there_are_columns(version: str) -> None:
    for analyte in ANALYTES:
        for direction in "LH":
            ways = [way for _term, way in criteria.terms_of(version, analyte.key)]
            assert ways.count(direction) <= TERMS

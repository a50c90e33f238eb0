"""Limits of laboratories for all results at once are those of each patient's own results."""

from __future__ import annotations

import random
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

import pandas as pd
import pytest

from model.cohort import frames as cohort_frames
from model.cohort.labs import results as lab_results
from model.cohort.labs.limits import with_laboratory_limits
from model.dates import PartialDate
from model.records import cycles, laboratory_limits, labs, patients
from model.records.cycles import Cycle
from model.records.laboratory_limits import LaboratoryLimit
from model.records.labs import LabResult
from model.records.patient_records import load
from model.records.patients import Identity, Patient
from model.store import rows
from model.store.casebook import Casebook

FIRST = date(2024, 3, 4)
UNITS = {"plt": ("10*9/L", "/uL", "furlong"), "crea": ("mg/dL", "umol/L"), "hb": ("g/dL", None)}


def some_limits(chance: random.Random) -> list[LaboratoryLimit]:
    found: dict[object, LaboratoryLimit] = {}
    for _ in range(30):
        analyte = chance.choice(["plt", "crea"])
        age, day = chance.choice([None, 18, 40]), chance.choice([None, 0, 30])
        one = LaboratoryLimit(
            laboratory=chance.choice(["", "North", "South"]),
            analyte=analyte,
            unit="10*9/L" if analyte == "plt" else "mg/dL",
            sex=chance.choice([None, None, "F", "M"]),
            age_from=age,
            age_to=None if age is None else chance.choice([None, age + 20]),
            valid_from=None if day is None else FIRST + timedelta(days=day),
            valid_to=chance.choice([None, FIRST + timedelta(days=60)]),
            lln=None if analyte == "crea" else Decimal(chance.randint(100, 180)),
            uln=Decimal(chance.randint(80, 130)) / 100 if analyte == "crea" else None,
        )
        found[laboratory_limits.case_of(one)] = one
    return list(found.values())


def some_results(patient_id: int, chance: random.Random) -> list[LabResult]:
    found = {}
    for _ in range(60):
        analyte = chance.choice(list(UNITS))
        day = FIRST + timedelta(days=chance.choice([-1, 0, 29, 30, 60, 61, chance.randint(0, 90)]))
        own = chance.random() < 0.2
        found[analyte, day] = LabResult(
            patient_id=patient_id,
            taken_on=day,
            analyte=analyte,
            value=Decimal(chance.randint(1, 200)) / 10,
            unit=chance.choice(UNITS[analyte]),
            uln=Decimal(300) if own else None,
            laboratory=chance.choice([None, "North", "south", "East"]),
        )
    return list(found.values())


@pytest.mark.parametrize("seed", range(3))
def test_both_forms_find_the_same_limits(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    with Casebook.create(tmp_path / "limits.theralog") as casebook:
        with casebook.step("Add") as step:
            for one in some_limits(chance):
                laboratory_limits.save(step, one)
            for code, sex in enumerate(["F", "M", "X", None, "F"]):
                age = chance.choice([None, 18, 39])
                patient = patients.save(step, Patient(code=f"L-{code}", sex=sex, age_at_index=age))
                assert patient.id
                if code != 3:
                    cycle = Cycle(patient_id=patient.id, number=1, given_on=FIRST)
                    cycles.save(step, cycle, [])
                if code == 4:
                    born = PartialDate.of(date(1984, 4, 3))
                    rows.put(step, Identity(patient_id=patient.id, born_on=born))
                labs.save_all(step, some_results(patient.id, chance))
        columns = with_laboratory_limits(lab_results.read(casebook), casebook)
        frame = lab_results.frame(columns)
        filled = 0
        for patient_id in [row["id"] for row in casebook.rows("select id from patient")]:
            records = load(casebook, patient_id)
            assert records
            of_patient = frame[frame["patient_id"] == patient_id]
            for result in records.results:
                row = of_patient[
                    (of_patient["analyte"] == result.analyte)
                    & (of_patient["taken_on"] == pd.Timestamp(result.taken_on))
                ].iloc[0]
                for name, expected in (("lln", result.lower_limit), ("uln", result.upper_limit)):
                    told = row[f"{name}_text"]
                    assert (None if pd.isna(told) else Decimal(told)) == expected, (result, row)
                filled += result.laboratory_limits is not None
        assert filled > 30
        assert len(cohort_frames.load(casebook).labs) == len(frame)

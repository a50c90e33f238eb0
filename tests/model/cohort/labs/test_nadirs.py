"""The nadirs of a cohort are those of each patient's Course, and so are the grades."""

import random
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from model.cohort import frames as cohort_frames
from model.cohort.frames import Frames
from model.cohort.labs import grading as lab_grading
from model.cohort.labs import nadirs
from model.course import course
from model.dates import PartialDate
from model.exchange.new_casebook import new_casebook
from model.grading.baselines import baselines_of
from model.grading.lab_grades import grade_results
from model.grading.samples import samples_of
from model.records import cycles, kinds, labs, patients
from model.records.administrations import Administration
from model.records.cycles import Cycle
from model.records.labs import LabResult
from model.records.patient_records import load
from model.records.patients import Patient
from model.records.therapies import Therapy
from model.store import rows as records
from model.store.casebook import Casebook

ROOT = Path(__file__).parents[4]
FIRST = date(2024, 3, 4)
# Analyte, units it is written in, limits in the first of them, values in the first, digits.
WRITTEN = {
    "hb": (("g/dL", "g/L"), (12.0, 16.0), (6.0, 15.0), 1),
    "plt": (("10*9/L", "10*3/uL"), (150, 400), (20, 300), 0),
    "alt": (("U/L",), (None, 35), (10, 300), 0),
    "bili": (("umol/L", "mg/dL"), (None, 20), (5, 80), 0),
    "crea": (("mg/dL",), (0.5, 1.1), (0.5, 4), 2),
    "k": (("mmol/L",), (3.5, 5.0), (2.5, 7), 1),
    "cga": (("ug/L",), (None, 100), (50, 3000), 0),
    "ca": (("mg/dL",), (8.6, 10.2), (6.5, 12.5), 1),
    "alb": (("g/dL", "g/L"), (3.5, 5.2), (2.0, 5.0), 1),
    "inr": (("{INR}",), (0.9, 1.1), (0.9, 3), 1),
}
FACTORS: dict[str, int | Decimal] = {"g/L": 10, "mg/dL": Decimal("0.0585")}


def some_results(patient_id: int, chance: random.Random) -> list[LabResult]:
    """Results of one patient with ties, comparators, other units, no limits and times of day."""
    found = {}
    for _ in range(230):
        analyte = chance.choice(list(WRITTEN))
        units, limits, (low, high), digits = WRITTEN[analyte]
        place = chance.choice([0, 0, 0, len(units) - 1])
        factor = Decimal(FACTORS.get(units[place], 1)) if place else Decimal(1)
        # Of two analytes there are few values, so that some are met with < and without.
        number = (
            chance.choice([low, high]) if analyte in ("k", "cga") else chance.uniform(low, high)
        )
        value = Decimal(f"{number:.{digits}f}") * factor
        taken_on = FIRST + timedelta(days=chance.choice([chance.randint(-30, 400), 56, 0, 21]))
        taken_at = chance.choice([None, None, time(8), time(8, 30), time(14, 0)])
        bare = chance.random() < 0.15
        told = [None if each is None or bare else Decimal(str(each)) * factor for each in limits]
        result = LabResult(
            patient_id=patient_id,
            taken_on=taken_on,
            taken_at=taken_at,
            analyte=analyte,
            comparator=chance.choice([None, None, None, "<", ">"]),
            value=value,
            unit="furlongs" if chance.random() < 0.03 else units[place],
            lln=told[0],
            uln=told[1],
        )
        found[analyte, taken_on, taken_at] = result
    return list(found.values())


def some_therapies(patient_id: int, chance: random.Random) -> list[Therapy]:
    """Up to two therapies, most of them anticoagulation, with dates that are partial or open."""
    dates = [None, *map(PartialDate.parse, ("2023-12", "2024-03", "2024-05-06", "2024"))]
    return [
        Therapy(
            patient_id=patient_id,
            number=number,
            category=chance.choice(["anticoagulation", "anticoagulation", "ssa"]),
            started_on=chance.choice(dates[:3]),
            ended_on=None if (ongoing := chance.random() < 0.4) else chance.choice(dates),
            ongoing=ongoing,
            concomitant=True,
        )
        for number in range(1, 1 + chance.randint(0, 2))
    ]


def some_administrations(given_on: date, chance: random.Random) -> list[Administration]:
    """None, one, or a tandem on one or two days, with a start that is known or not."""
    return [
        Administration(
            number=number,
            nuclide="177Lu",
            given_on=chance.choice([None, None, given_on + timedelta(days=1)]),
            started_at=chance.choice([None, datetime.combine(given_on, time(hour))]),
        )
        for number, hour in enumerate(chance.choice([(), (10,), (10, 8), (12, 15)]), start=1)
    ]


@pytest.fixture(scope="module")
def casebook(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Casebook]:
    """Some 20 patients with random results, half of them graded in CTCAE 6.0."""
    chance = random.Random(5)
    path = tmp_path_factory.mktemp("nadirs") / "random.theralog"
    with Casebook.create(path) as casebook:
        with casebook.step("Fill") as step:
            for number in range(20):
                version = "6.0" if number % 2 else None
                patient = patients.save(step, Patient(code=f"P-{number}", ctcae_version=version))
                assert patient.id is not None
                days = sorted(chance.sample(range(0, 300), chance.randint(0, 4)))
                for place, day in enumerate(days, start=1):
                    given_on = FIRST + timedelta(days=day - (days[0] if number % 3 else 0))
                    cycle = Cycle(patient_id=patient.id, number=place, given_on=given_on)
                    cycles.save(step, cycle, some_administrations(given_on, chance))
                labs.save_all(step, some_results(patient.id, chance))
                for therapy in some_therapies(patient.id, chance):
                    records.put(step, therapy)
        yield casebook


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Casebook]:
    path = tmp_path_factory.mktemp("nadirs") / "demo.theralog"
    new_casebook(path, folder=ROOT / "tests" / "files" / "demo_v1")
    with Casebook.open(path) as casebook:
        yield casebook


def of_courses(casebook: Casebook, frames: Frames) -> set[tuple[object, ...]]:
    found: set[tuple[object, ...]] = set()
    for patient_id in frames.treated.index:
        told = course.build_course(load(casebook, int(patient_id)))
        for key, trend in told.trends.items():
            if trend.formula:
                continue
            for one in trend.nadirs:
                result = one.point.result
                assert result is not None
                value = round(result.canonical_value or 0, 6)
                what = (patient_id, key, one.cycle, one.is_peak, one.point.on, one.days, value)
                after = (one.point.comparator, one.grade, one.recovered_on, one.recovered_after)
                found.add((*what, *after))
    return found


def of_cohort(frames: Frames) -> set[tuple[object, ...]]:
    found: set[tuple[object, ...]] = set()
    row: Any
    for row in nadirs.nadirs(frames).itertuples():
        on, value = row.taken_on.date(), round(row.value, 6)
        back = None if pd.isna(row.recovered_on) else row.recovered_on.date()
        what = (row.patient_id, row.analyte, row.cycle, row.is_peak, on, row.days, value)
        after = (none(row.comparator), none(row.grade), back, none(row.recovered_after))
        found.add((*what, *after))
    return found


def none(value: Any) -> object:
    return None if pd.isna(value) else value


def test_the_nadirs_of_random_patients_are_those_of_their_courses(casebook: Casebook) -> None:
    frames = cohort_frames.load(casebook)
    mine = of_cohort(frames)
    assert mine == of_courses(casebook, frames)
    assert len(mine) > 150
    assert len({each[8] for each in mine}) == 6
    assert any(each[10] for each in mine)
    assert any(each[3] for each in mine)


def test_the_nadirs_of_the_demo_are_those_of_its_courses(demo: Casebook) -> None:
    frames = cohort_frames.load(demo)
    assert of_cohort(frames) == of_courses(demo, frames)


def test_grades_are_those_of_the_results_of_each_patient(casebook: Casebook) -> None:
    frames = cohort_frames.load(casebook)
    graded = frames.graded
    compared = corrected = on_it = unknown = 0
    patient_id: Any
    row: Any
    for patient_id, rows in graded.groupby("patient_id"):
        patient: Any = frames.patients.loc[patient_id]
        results = [
            each
            for each in kinds.of_patient(casebook, LabResult, int(patient_id))
            if each.canonical_value is not None
        ]
        results.sort(key=lambda each: list(WRITTEN).index(each.analyte))
        loaded = load(casebook, int(patient_id))
        baselines = baselines_of(results, loaded.first_start)
        samples = samples_of(loaded.results, loaded.therapies)
        lines = grade_results(results, baselines, patient["version"], samples)
        corrected += sum("corrected for albumin" in line.reason for line in lines)
        on_it += sum(line.reason.endswith("on anticoagulation") for line in lines)
        unknown += sum("not known whether on anticoagulation" in line.reason for line in lines)
        expected = {
            (line.result.analyte, line.result.taken_on, line.result.taken_at, line.direction): (
                -1 if line.grade is None else line.grade
            )
            for line in lines
            if line.term
        }
        for row in rows.itertuples():
            minute = None if row.minute < 0 else time(row.minute // 60, row.minute % 60)
            for direction in lab_grading.DIRECTIONS:
                key = (row.analyte, row.taken_on.date(), minute, direction)
                mine = getattr(row, f"grade_{direction}")
                assert mine == expected.get(key, lab_grading.NO_TERM), (row, key)
                compared += key in expected
    assert compared > 1000
    assert min(corrected, on_it, unknown) > 10


def test_lines_say_how_many_recovered_and_after_how_long(demo: Casebook) -> None:
    frames = cohort_frames.load(demo)
    lines = {(line.measure, line.level): line for line in nadirs.count_nadirs(frames)}
    table = nadirs.nadirs(frames)
    plt = table[(table["analyte"] == "plt") & (table["cycle"] == 2)]
    median = lines["Platelets", "cycle 2, nadir, median"]
    assert median.estimate == plt["value"].median()
    recovered = lines["Platelets", "cycle 2, recovered"]
    assert recovered.of == plt["to_recover"].sum()
    assert recovered.n == plt["recovered_after"].notna().sum()
    assert recovered.of
    assert all("nadir" in recovered.why(each) for each in recovered.patients)


def test_without_results_or_cycles_there_are_no_nadirs(tmp_path: Path) -> None:
    with Casebook.create(tmp_path / "empty.theralog") as casebook:
        frames = cohort_frames.load(casebook)
        assert nadirs.count_nadirs(frames) == []
        assert len(nadirs.nadirs(frames)) == 0

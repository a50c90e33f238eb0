from datetime import date, timedelta
from decimal import Decimal

import numpy as np
import pytest

from model.course.other_patients import Alignment, OtherCurves, load_curves
from model.records import cycles, labs, patients, whole_patient
from model.records.cycles import Cycle
from model.records.labs import LabResult
from model.records.patients import Patient
from model.store.casebook import Casebook

C1 = date(2023, 7, 31)


@pytest.fixture
def ids(casebook: Casebook) -> dict[str, int]:
    """Three treated patients and one who is not; the second has two cycles."""
    given = {"A": (0,), "B": (10, 66), "C": (-30,), "NONE": ()}
    found = {}
    with casebook.step("Add patients") as step:
        for code, days in given.items():
            found[code] = patients.save(step, Patient(code=code, sex="F")).id or 0
            for number, day in enumerate(days, start=1):
                on = C1 + timedelta(days=day)
                cycles.save(step, Cycle(patient_id=found[code], number=number, given_on=on), [])
    return found


def add(casebook: Casebook, patient_id: int, day: int, value: str, unit: str = "10*9/L") -> None:
    with casebook.step("Add result") as step:
        labs.save(
            step,
            LabResult(
                patient_id=patient_id,
                taken_on=C1 + timedelta(days=day),
                analyte="plt",
                value=Decimal(value),
                unit=unit,
            ),
        )


def lines(found: OtherCurves) -> list[list[tuple[float, float]]]:
    """The curves apart, as days and values."""
    parts: list[list[tuple[float, float]]] = [[]]
    for day, value in zip(found.days, found.values, strict=True):
        if np.isnan(day):
            parts.append([])
        else:
            parts[-1].append((day, value))
    return parts


def test_the_others_stand_on_days_since_their_first_cycle(
    casebook: Casebook, ids: dict[str, int]
) -> None:
    for code, day, value in (("A", 5, "1"), ("B", 24, "2"), ("B", 80, "3"), ("C", -30, "4")):
        add(casebook, ids[code], day, value)
    found = load_curves(casebook, "plt", "×10⁹/L", without=ids["A"])
    assert lines(found) == [[(14, 2), (70, 3)], [(0, 4)]]
    assert (found.patients, found.left_out) == (2, 0)


def test_aligned_on_each_cycle_every_cycle_is_a_line(
    casebook: Casebook, ids: dict[str, int]
) -> None:
    for day, value in ((24, "2"), (60, "3"), (80, "4"), (400, "5")):
        add(casebook, ids["B"], day, value)
    found = load_curves(casebook, "plt", "×10⁹/L", ids["A"], Alignment.EACH_CYCLE)
    assert lines(found) == [[(14, 2), (50, 3)], [(-6, 3), (14, 4)]]
    assert found.patients == 1


def test_values_are_brought_to_the_unit_that_is_drawn(
    casebook: Casebook, ids: dict[str, int]
) -> None:
    add(casebook, ids["B"], 10, "150000", "/uL")
    add(casebook, ids["B"], 11, "150", "furlongs")
    found = load_curves(casebook, "plt", "×10⁹/L", ids["A"])
    assert lines(found) == [[(0, 150)]]
    assert found.left_out == 1


def test_who_was_not_treated_or_is_in_the_bin_is_not_drawn(
    casebook: Casebook, ids: dict[str, int]
) -> None:
    add(casebook, ids["NONE"], 0, "1")
    add(casebook, ids["C"], 0, "2")
    with casebook.step("Delete patient") as step:
        whole_patient.remove_patient(step, patients.find(step, ids["C"]))
    found = load_curves(casebook, "plt", "×10⁹/L", ids["A"])
    assert found.patients == 0
    assert found.days.size == 0

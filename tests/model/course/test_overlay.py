from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from model.course import course
from model.course.course import Course
from model.course.overlay import DAYS_AFTER, DAYS_BEFORE, Overlay, align_by_cycle
from model.records.cycles import Cycle, Treatment
from model.records.labs import LabResult, with_canonical
from tests.patient_records import make_records

C1, C2 = date(2023, 7, 31), date(2023, 9, 25)
"""56 days apart."""


def result(on: date, value: str, **more: Any) -> LabResult:
    made = {"analyte": "plt", "unit": "10*9/L", **more}
    return with_canonical(LabResult(patient_id=1, taken_on=on, value=Decimal(value), **made))


def told(*results: LabResult, given: tuple[date, ...] = (C1, C2)) -> Course:
    treatments = [
        Treatment(Cycle(patient_id=1, number=number, given_on=on), ())
        for number, on in enumerate(given, start=1)
    ]
    ordered = sorted(results, key=lambda each: each.taken_on)
    return course.build_course(make_records(sex="F", treatments=treatments, results=ordered))


def days(aligned: Overlay) -> list[list[float]]:
    return [line.days.tolist() for line in aligned.lines]


def test_each_cycle_has_its_results_on_days_since_its_infusion():
    found = align_by_cycle(
        told(
            result(C1 - timedelta(days=3), "230"),
            result(C1 + timedelta(days=14), "180"),
            result(C2 + timedelta(days=21), "60"),
        ),
        "plt",
    )
    assert [line.cycle for line in found.lines] == [1, 2]
    assert days(found) == [[-3, 14], [21]]
    assert [line.values.tolist() for line in found.lines] == [[230, 180], [60]]


def test_a_result_before_the_next_cycle_stands_on_both_lines():
    found = align_by_cycle(told(result(C2, "200"), result(C2 - timedelta(days=7), "150")), "plt")
    assert days(found) == [[49, 56], [-7, 0]]


@pytest.mark.parametrize(
    ("day", "stands"),
    [(-DAYS_BEFORE - 1, False), (-DAYS_BEFORE, True), (DAYS_AFTER, True), (DAYS_AFTER + 1, False)],
)
def test_a_line_ends_where_a_nadir_is_no_longer_looked_for(day: int, stands: bool):
    found = align_by_cycle(told(result(C1 + timedelta(days=day), "100"), given=(C1,)), "plt")
    assert days(found) == ([[day]] if stands else [])


def test_the_next_cycle_ends_a_line():
    found = align_by_cycle(told(result(C2 + timedelta(days=1), "100")), "plt")
    assert days(found) == [[1]]
    assert found.lines[0].cycle == 2


def test_the_nadir_of_each_cycle_is_that_of_its_trend():
    found = align_by_cycle(
        told(
            result(C1 + timedelta(days=14), "90"),
            result(C1 + timedelta(days=28), "120"),
            result(C2 + timedelta(days=20), "44"),
        ),
        "plt",
    )
    assert [line.nadir and line.nadir.days for line in found.lines] == [14, 20]
    assert found.extreme is found.lines[1]


def test_of_peaks_the_highest_is_the_extreme_one():
    of = {"analyte": "crea", "unit": "mg/dL"}
    found = align_by_cycle(
        told(
            result(C1 + timedelta(days=14), "1.4", **of),
            result(C2 + timedelta(days=14), "1.1", **of),
        ),
        "crea",
    )
    assert found.extreme is found.lines[0]


def test_equal_nadirs_have_no_extreme_one():
    found = align_by_cycle(
        told(result(C1 + timedelta(days=9), "90"), result(C2 + timedelta(days=9), "90")), "plt"
    )
    assert found.extreme is None
    assert align_by_cycle(told(result(C1 + timedelta(days=9), "90")), "plt").extreme is None


def test_the_result_nearest_to_a_day_is_found_within_a_few_days():
    line = align_by_cycle(
        told(result(C1 + timedelta(days=12), "1"), result(C1 + timedelta(days=17), "2")), "plt"
    ).lines[0]
    near = line.at(14, within=3)
    assert near is not None
    assert near.value == 1
    assert line.at(14) is None


def test_without_a_cycle_there_is_no_line():
    assert align_by_cycle(told(result(C1, "100"), given=()), "plt").lines == ()

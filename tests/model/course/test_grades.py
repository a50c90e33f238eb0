"""The areas of grades behind a trend: by version, direction, unit and limits as drawn."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.course.grades import GradeBand, grade_bands
from model.course.points import days_since_starts
from model.course.trends import Trend, build_trend
from model.ctcae import grading
from model.dates import PartialDate
from model.grading.samples import samples_of
from model.records.labs import LabResult
from model.records.starts import CycleStart
from model.records.therapies import Therapy

C1 = date(2024, 3, 4)


def result(
    day: date, analyte: str, value: str, unit: str, lln: str | None = None, uln: str | None = None
) -> LabResult:
    return LabResult(
        patient_id=1,
        taken_on=day,
        analyte=analyte,
        value=Decimal(value),
        unit=unit,
        lln=Decimal(lln) if lln else None,
        uln=Decimal(uln) if uln else None,
    )


def drawn(*results: LabResult, sex: str | None = None) -> Trend:
    cycles = (CycleStart(1, C1),)
    return build_trend(
        results[0].analyte, results, days_since_starts(results, cycles), sex, cycles=cycles
    )


def test_platelets_have_bands_from_the_lower_limit_down() -> None:
    found = grade_bands(drawn(result(C1, "plt", "230", "G/l", "150")), "5.0")
    assert found == (
        GradeBand(1, 75, 150),
        GradeBand(2, 50, 75),
        GradeBand(3, 25, 50),
        GradeBand(4, None, 25),
    )


def test_the_version_decides() -> None:
    neutrophils = drawn(result(C1, "anc", "3.0", "10*9/L", "2.0"))
    assert grade_bands(neutrophils, "5.0")[0] == GradeBand(1, 1.5, 2.0)
    assert grade_bands(neutrophils, "6.0")[0] == GradeBand(1, 1.0, 1.5)


def test_bands_are_in_the_unit_that_is_drawn() -> None:
    in_g_per_l = drawn(result(C1, "hb", "120", "g/L", "118"))
    assert GradeBand(2, 80, 100) in grade_bands(in_g_per_l, "5.0")
    in_both = drawn(result(C1, "hb", "120", "g/L"), result(date(2024, 4, 1), "hb", "11.0", "g/dL"))
    assert GradeBand(2, 8, 10) in grade_bands(in_both, "5.0")


def test_the_latest_limits_count() -> None:
    found = drawn(
        result(C1, "plt", "230", "G/l", "150"),
        result(date(2024, 4, 1), "plt", "230", "G/l", "140"),
    )
    assert grade_bands(found, "5.0")[0] == GradeBand(1, 75, 140)


def test_assumed_limits_give_no_band() -> None:
    found = drawn(result(C1, "plt", "230", "G/l"), sex="F")
    assert found.assumed
    assert [band.grade for band in grade_bands(found, "5.0")] == [2, 3, 4]


def test_bands_by_baseline_follow_the_baseline() -> None:
    normal = drawn(result(C1, "alt", "30", "U/L", None, "40"))
    assert grade_bands(normal, "5.0")[0] == GradeBand(1, 40, 120)
    abnormal = drawn(result(C1, "alt", "80", "U/L", "5", "40"))
    assert grade_bands(abnormal, "5.0")[:2] == (GradeBand(1, 120, 240), GradeBand(2, 240, 400))


def test_bands_of_inr_follow_the_baseline_on_anticoagulation() -> None:
    inr = [result(C1, "inr", "2", "{INR}"), result(date(2024, 4, 1), "inr", "2.6", "{INR}")]
    assert grade_bands(drawn(*inr), "5.0")[0] == GradeBand(1, 1.2, 1.5)
    warfarin = Therapy(
        patient_id=1,
        number=1,
        category="anticoagulation",
        started_on=PartialDate(2023),
        ongoing=True,
    )
    on_it = replace(drawn(*inr), samples=samples_of(inr, [warfarin]))
    assert grade_bands(on_it, "5.0")[0] == GradeBand(1, 2, 3)


@pytest.mark.parametrize(("analyte", "unit"), [("cga", "ug/L"), ("plt", "furlong")])
def test_where_nothing_is_known_there_is_no_band(analyte: str, unit: str) -> None:
    assert grade_bands(drawn(result(C1, analyte, "30", unit, "10", "90")), "5.0") == ()


@given(value=st.integers(1, 400), version=st.sampled_from(["5.0", "6.0"]))
def test_a_value_inside_a_band_has_its_grade(value: int, version: str) -> None:
    for band in grade_bands(drawn(result(C1, "plt", "230", "G/l", "150")), version):
        if (band.low or 0) < value < (band.high or 1000):
            [graded, *_] = grading.grade("plt", value, "10*9/L", version=version, lln=150)
            assert graded.grade == band.grade

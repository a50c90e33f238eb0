"""The nadir of each cycle: where it is looked for, what counts as lowest, and its recovery."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.course import nadirs
from model.course.nadirs import Nadir
from model.course.points import days_since_starts
from model.course.trends import Trend, build_trend
from model.grading.baselines import baselines_of
from model.grading.lab_grades import grade_result, grade_results
from model.records.labs import LabResult
from model.records.starts import CycleStart

C1 = date(2024, 3, 4)
C2 = C1 + timedelta(days=56)
CYCLES = (CycleStart(1, C1), CycleStart(2, C2))


def lab(
    day: int,
    value: str,
    analyte: str = "plt",
    unit: str = "10*9/L",
    lln: str | None = "150",
    uln: str | None = "400",
    comparator: str | None = None,
) -> LabResult:
    """A result so many days after the first cycle."""
    return LabResult(
        patient_id=1,
        taken_on=C1 + timedelta(days=day),
        analyte=analyte,
        value=Decimal(value),
        unit=unit,
        lln=Decimal(lln) if lln else None,
        uln=Decimal(uln) if uln else None,
        comparator=comparator,
    )


def drawn(
    *results: LabResult,
    cycles: tuple[CycleStart, ...] = CYCLES,
    version: str = "5.0",
) -> Trend:
    since = days_since_starts(results, cycles)
    return build_trend(results[0].analyte, results, since, "F", cycles=cycles, version=version)


def found(*results: LabResult, cycles: tuple[CycleStart, ...] = CYCLES) -> list[Nadir]:
    return list(drawn(*results, cycles=cycles).nadirs)


def places(nadirs: list[Nadir]) -> list[tuple[int, float, int]]:
    return [(nadir.cycle, nadir.point.value, nadir.days) for nadir in nadirs]


def test_each_cycle_has_its_lowest_result_with_the_days_since() -> None:
    assert places(
        found(
            lab(-3, "230"),
            lab(28, "120"),
            lab(42, "90"),
            lab(49, "110"),
            lab(84, "70"),
            lab(98, "60"),
        )
    ) == [(1, 90, 42), (2, 60, 42)]


def test_the_day_of_a_cycle_belongs_to_what_came_before_it() -> None:
    assert places(found(lab(0, "10"), lab(28, "120"), lab(56, "80"), lab(70, "100"))) == [
        (1, 80, 56),
        (2, 100, 14),
    ]


def test_after_eighty_four_days_nothing_is_a_nadir() -> None:
    far = (CycleStart(1, C1), CycleStart(2, C1 + timedelta(days=200)))
    assert places(found(lab(83, "90"), lab(84, "80"), lab(85, "10"), cycles=far)) == [(1, 80, 84)]
    assert places(found(lab(85, "10"), cycles=(CycleStart(1, C1),))) == []


def test_without_a_cycle_or_a_result_there_is_no_nadir() -> None:
    assert found(lab(10, "90"), cycles=()) == []
    assert found(lab(-10, "90")) == []


def test_of_equal_results_the_first_is_the_nadir() -> None:
    assert places(found(lab(14, "90"), lab(28, "90"))) == [(1, 90, 14)]


def test_a_value_below_a_number_lies_below_that_number() -> None:
    (nadir,) = found(lab(14, "20"), lab(21, "20", comparator="<"), lab(28, "20", comparator=">"))
    assert (nadir.point.comparator, nadir.point.written) == ("<", "<20 10*9/L")
    (peak,) = found(
        *(
            lab(day, "9", "crea", "mg/dL", "0.5", "1.1", comparator)
            for day, comparator in ((14, None), (21, "<"), (28, ">"))
        )
    )
    assert (peak.is_peak, peak.point.comparator) == (True, ">")


@pytest.mark.parametrize(
    ("analyte", "is_peak"),
    [
        ("hb", False),
        ("plt", False),
        ("anc", False),
        ("wbc", False),
        ("alb", False),
        ("egfr", False),
        ("k", False),
        ("cga", False),
        ("crea", True),
        ("bili", True),
        ("alt", True),
        ("alp", True),
        ("inr", True),
    ],
)
def test_analytes_that_are_graded_when_high_alone_have_a_peak(analyte: str, is_peak: bool) -> None:
    assert nadirs.is_peak(analyte) is is_peak


def test_a_peak_is_the_highest_result_and_recovers_downwards() -> None:
    high = [
        lab(day, value, "crea", "mg/dL", "0.5", "1.1")
        for day, value in ((-1, "0.8"), (14, "1.4"), (28, "2.0"), (42, "1.8"), (50, "1.0"))
    ]
    (peak,) = found(*high)
    assert (peak.name, peak.point.value, peak.days, peak.grade) == ("peak", 2.0, 28, 2)
    assert (peak.recovered_on, peak.recovered_after) == (C1 + timedelta(days=50), 22)


def test_recovery_is_the_first_later_result_up_to_grade_one() -> None:
    nadir, _ = found(
        lab(-3, "230"), lab(28, "40"), lab(35, "60"), lab(42, "75"), lab(49, "200"), lab(70, "180")
    )
    assert nadir.grade == 3
    # 75 is not below 75: grade 1.
    assert (nadir.recovered_on, nadir.recovered_after) == (C1 + timedelta(days=42), 14)
    assert nadir.why_not == ""


def test_who_began_with_a_grade_has_recovered_when_back_at_it() -> None:
    nadir = found(lab(-3, "70"), lab(28, "40"), lab(42, "60"))[0]
    assert nadir.grade == 3
    assert nadir.recovered_on == C1 + timedelta(days=42)


def test_a_recovery_may_come_after_the_next_cycle() -> None:
    nadir = found(lab(-3, "230"), lab(42, "60"), lab(70, "160"))[0]
    assert (nadir.cycle, nadir.recovered_after) == (1, 28)


@pytest.mark.parametrize(
    ("results", "grade", "why_not"),
    [
        ([lab(-3, "230"), lab(28, "160")], 0, "Grade 0: nothing to recover from."),
        ([lab(-3, "230"), lab(28, "100")], 1, "Grade 1: nothing to recover from."),
        ([lab(-3, "70"), lab(28, "60")], 2, "Grade 2: nothing to recover from."),
        ([lab(-3, "230"), lab(28, "40")], 3, "There is no later result."),
        ([lab(-3, "230"), lab(28, "40"), lab(42, "45")], 3, "Not recovered by 15 Apr 2024."),
        (
            [lab(28, "120", lln=None)],
            None,
            "Not graded: no LLN.",
        ),
        (
            [lab(28, "1000", "cga", "ug/L", None, None)],
            None,
            "Not graded: CTCAE 5.0 has no term for a single result of Chromogranin A.",
        ),
    ],
)
def test_a_nadir_without_recovery_says_why(
    results: list[LabResult], grade: int | None, why_not: str
) -> None:
    nadir = found(*results)[0]
    assert (nadir.grade, nadir.recovered_on, nadir.recovered_after) == (grade, None, None)
    assert nadir.why_not == why_not


def test_the_version_decides_on_the_grade() -> None:
    results = [
        lab(-3, "3.0", "anc", "10*9/L", "2.0", "7"),
        lab(28, "0.8", "anc", "10*9/L", "2.0", "7"),
    ]
    assert drawn(*results, version="5.0").nadirs[0].grade == 3
    assert drawn(*results, version="6.0").nadirs[0].grade == 2


def test_the_baseline_is_the_last_result_up_to_the_first_cycle() -> None:
    shown = drawn(lab(-10, "240"), lab(0, "230"), lab(1, "200"))
    assert shown.baseline is not None
    assert shown.baseline.value == 230
    assert drawn(lab(1, "200")).baseline is None
    assert drawn(lab(1, "200"), cycles=()).baseline is None


@given(st.lists(st.tuples(st.integers(-20, 180), st.integers(1, 500)), min_size=1, max_size=30))
def test_a_nadir_is_the_least_of_all_results_that_it_could_be(
    taken: list[tuple[int, int]],
) -> None:
    results = [lab(day, str(value)) for day, value in sorted(taken)]
    for nadir in found(*results):
        start, end = (0, 56) if nadir.cycle == 1 else (56, 56 + 84)
        among = [value for day, value in taken if start < day <= end]
        assert nadir.point.value == min(among)
        if nadir.recovered_on:
            assert nadir.recovered_on >= nadir.point.on


def test_one_result_is_graded_as_among_many() -> None:
    results = [
        lab(-3, "70"),
        lab(28, "40"),
        lab(35, "20", comparator="<"),
        lab(42, "90", lln=None),
        lab(-3, "60", "alt", "U/L", None, "40"),
        lab(28, "200", "alt", "U/L", None, "40"),
        lab(28, "200", "alt", "furlongs", None, "40"),
        lab(28, "5", "cga", "ug/L"),
    ]
    baselines = baselines_of(results, CYCLES[0])
    alone = [
        line
        for result in results
        for line in grade_result(result, baselines.get(result.analyte), "5.0")
    ]
    assert alone == grade_results(results, baselines, "5.0")

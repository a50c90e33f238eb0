"""How long a course of five thousand results is computed, beside the least that drawing it takes.

The yardstick is what no course can do without: one pass that sorts the results by analyte and turns
their days and values into arrays.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal

import numpy as np
import pytest

from model.course import course
from model.course.course import Course
from model.derived import formulas
from model.records.administrations import Administration
from model.records.cycles import Cycle, Treatment
from model.records.labs import LabResult, with_canonical
from model.reference import analytes
from tests.patient_records import make_records

pytestmark = pytest.mark.slow

VISITS, ANALYTES, CYCLES = 200, 25, 8
FIRST = date(2020, 1, 6)
CHOSEN = ("hb", "plt", "anc", "crea", "egfr", "alt")


def results() -> list[LabResult]:
    """A result of each of 25 analytes every nine days; what can be derived is not measured."""
    measured = [one for one in analytes.ANALYTES if formulas.formula_name(one.key) is None]
    return [
        with_canonical(
            LabResult(
                id=number * ANALYTES + place,
                patient_id=1,
                taken_on=FIRST + timedelta(days=number * 9),
                analyte=analyte.key,
                value=Decimal(50 + (number * 7 + place) % 40),
                unit=analyte.unit,
                lln=Decimal(20),
                uln=Decimal(95),
                confirmed="for this bench",
            )
        )
        for number in range(VISITS)
        for place, analyte in enumerate(measured[:ANALYTES])
    ]


def treatments() -> list[Treatment]:
    """Eight cycles, eight weeks apart."""
    return [
        Treatment(
            Cycle(
                patient_id=1,
                number=number,
                given_on=FIRST + timedelta(days=56 * number),
                weight_kg=70.0,
            ),
            (Administration(number=1, nuclide="225Ac", unit="MBq", administered_mbq=6.0),),
        )
        for number in range(1, CYCLES + 1)
    ]


@pytest.fixture(scope="module")
def found() -> list[LabResult]:
    return results()


def computed(found: list[LabResult]) -> Course:
    records = make_records(
        sex="F", height_cm=170, age_at_index=58, treatments=treatments(), results=found
    )
    return course.build_course(records)


def bare(found: list[LabResult]) -> object:
    """Days and values of each analyte as arrays, and nothing else."""
    by_analyte: defaultdict[str, list[LabResult]] = defaultdict(list)
    for result in found:
        by_analyte[result.analyte].append(result)
    return [
        (
            np.array([result.taken_on.toordinal() for result in series], dtype=float),
            np.array([float(result.value) for result in series], dtype=float),
        )
        for series in by_analyte.values()
    ]


def milliseconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return (time.perf_counter() - started) * 1000


def beside(work: Callable[[], object], yardstick: Callable[[], object]) -> tuple[float, float]:
    """The best of several runs of both in turn, so that a busy moment meets either."""
    pairs = [(milliseconds(work), milliseconds(yardstick)) for _ in range(20)]
    return min(pair[0] for pair in pairs), min(pair[1] for pair in pairs)


def test_a_course_of_five_thousand_results_is_computed_in_a_few_bare_passes(
    found: list[LabResult], record_property: Callable[[str, object], None]
) -> None:
    ours, least = beside(lambda: computed(found), lambda: bare(found))
    record_property("course_ms", ours)
    print(f"Course {ours:.1f} ms, bare pass {least:.1f} ms")
    assert ours <= 5 * least


def test_what_six_panels_show_of_it_adds_a_few_more(
    found: list[LabResult], record_property: Callable[[str, object], None]
) -> None:
    def draw() -> None:
        made = computed(found)
        for trend in map(made.trend, CHOSEN):
            _ = trend.days, trend.values, trend.baseline, trend.nadirs

    ours, least = beside(draw, lambda: bare(found))
    record_property("six_panels_ms", ours)
    print(f"Course with six panels {ours:.1f} ms, bare pass {least:.1f} ms")
    assert ours <= 15 * least


def test_all_nadirs_and_all_derived_values_take_no_more_than_a_few_panels_more(
    found: list[LabResult], record_property: Callable[[str, object], None]
) -> None:
    def reckon() -> None:
        made = computed(found)
        for trend in made.trends.values():
            _ = trend.days, trend.values, trend.baseline, trend.nadirs

    ours, least = beside(reckon, lambda: bare(found))
    record_property("everything_ms", ours)
    print(f"Course with everything {ours:.1f} ms, bare pass {least:.1f} ms")
    assert ours <= 25 * least

"""What the course does not know is said in sentences."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from model.course import course
from model.course.course import Course
from model.records.administrations import Administration
from model.records.cycles import Cycle, Treatment
from model.records.followups import FollowUp
from model.records.labs import LabResult
from tests.patient_records import make_records

C1, C2 = date(2024, 3, 4), date(2024, 4, 29)
TODAY = date(2024, 5, 1)
LIMITS: dict[str, Any] = {"lln": Decimal(1), "uln": Decimal(900)}


def lab(on: date, analyte: str, unit: str | None = "10*9/L", **more: Any) -> LabResult:
    more = {"confirmed": "right"} | more
    return LabResult(
        patient_id=1, taken_on=on, analyte=analyte, value=Decimal(200), unit=unit, **more
    )


def treatment(number: int, on: date, *given: tuple[str, float | None]) -> Treatment:
    return Treatment(
        Cycle(patient_id=1, number=number, given_on=on),
        tuple(
            Administration(number=place, nuclide=nuclide, administered_mbq=mbq)
            for place, (nuclide, mbq) in enumerate(given, start=1)
        ),
    )


def told(**records: Any) -> Course:
    given = {
        "sex": "F",
        "treatments": [treatment(1, C1, ("225Ac", 6.0))],
        "results": [lab(C1, "plt", **LIMITS), lab(TODAY, "plt")],
    }
    return course.build_course(make_records(**(given | records)))


def test_nothing_is_said_where_nothing_is_missing() -> None:
    assert told().unknowns(TODAY) == ()


def test_analytes_without_a_baseline_are_named_in_one_sentence() -> None:
    after = C1 + timedelta(days=1)
    results = [lab(after, key, **LIMITS) for key in ("plt", "anc", "wbc")] + [
        lab(TODAY, "eos", **LIMITS)
    ]
    assert told(results=results).unknowns(TODAY, ["plt", "anc", "wbc"]) == (
        "No baseline of Platelets, Neutrophils, absolute and Leukocytes.",
    )


def test_without_a_cycle_no_result_is_a_baseline() -> None:
    assert told(treatments=[]).unknowns(TODAY) == (
        "No cycle is recorded: no result is a baseline.",
    )


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ([("225Ac", None), ("177Lu", None)], "Activity of C1 unknown."),
        ([("225Ac", 6.0), ("177Lu", None)], "Activity of 177Lu in C1 unknown."),
        ([], "Nothing is recorded as given in C1."),
    ],
)
def test_an_activity_that_is_not_known_is_said(
    given: list[tuple[str, float | None]], said: str
) -> None:
    assert told(treatments=[treatment(1, C1, *given)]).unknowns(TODAY) == (said,)


def test_assumed_limits_are_said() -> None:
    results = [lab(C1, "plt"), lab(TODAY, "plt")]
    assert told(results=results).unknowns(TODAY) == (
        "Limits assumed for Platelets: none are recorded.",
    )


def test_results_that_cannot_be_drawn_are_counted() -> None:
    results = [lab(C1, "plt", **LIMITS), lab(C2, "plt", None), lab(TODAY, "plt", "furlongs")]
    assert told(results=results).unknowns(TODAY) == (
        "Platelets: 2 results in an unknown unit not drawn.",
    )


def test_results_that_are_not_used_are_counted() -> None:
    results = [lab(C1, "plt", **LIMITS), lab(C2, "plt", "/uL", confirmed=None), lab(TODAY, "plt")]
    shown = told(results=results)
    assert shown.unknowns(TODAY) == (
        "Platelets: 1 implausible result is not used: check its unit.",
    )
    assert [point.on for point in shown.trend("plt").points] == [C1, TODAY]


@pytest.mark.parametrize(
    ("days", "said"), [(28, ()), (29, ("Last result 29 days old.",)), (-3, ())]
)
def test_results_older_than_four_weeks_are_said_to_be(days: int, said: tuple[str, ...]) -> None:
    assert told().unknowns(TODAY + timedelta(days=days)) == said


def test_of_the_dead_no_newer_result_is_missed() -> None:
    seen = [FollowUp(patient_id=1, seen_on=TODAY, status="dead")]
    assert told(follow_ups=seen).unknowns(TODAY + timedelta(days=400)) == ()


def test_derived_values_are_passed_over() -> None:
    crea = [lab(on, "crea", "umol/L", **LIMITS) for on in (C1 + timedelta(days=1), TODAY)]
    shown = told(results=crea, age_at_index=60)
    assert "egfr" in shown.trends
    assert shown.unknowns(TODAY) == ("No baseline of Creatinine.",)


def test_a_cycle_without_any_result_has_no_baseline() -> None:
    assert told(results=[]).unknowns(TODAY) == ("No result is recorded: there is no baseline.",)


def test_of_many_analytes_the_first_are_named_and_the_others_counted() -> None:
    keys = ("plt", "anc", "wbc", "hb", "crea", "alb", "ca")
    units = {"hb": "g/dL", "crea": "mg/dL", "alb": "g/dL", "ca": "mg/dL"}
    results = [lab(C1, key, units.get(key, "10*9/L")) for key in keys]
    (said,) = told(results=results).unknowns(C1, keys)
    assert said.startswith("Limits assumed for Platelets, ")
    assert said.endswith(" and 3 more: none are recorded.")

"""Baselines of one patient and of a cohort: two forms of each rule."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from model.grading.baselines import (
    FLAGS,
    are_baselines,
    baseline_flag,
    baseline_flags,
    baselines_of,
)
from model.records.labs import LabResult
from model.records.starts import CycleStart

FIRST = date(2024, 3, 4)
START = CycleStart(1, FIRST, datetime(2024, 3, 4, 10))
NUMBERS = st.sampled_from([Decimal(text) for text in ("0", "9.9", "10", "10.0", "10.1", "40")])
RESULTS = st.builds(
    LabResult,
    patient_id=st.just(1),
    taken_on=st.integers(-3, 3).map(lambda days: FIRST + timedelta(days=days)),
    taken_at=st.sampled_from((None, time(8), time(10), time(14))),
    analyte=st.sampled_from(("hb", "plt")),
    comparator=st.sampled_from((None, "<", ">")),
    value=NUMBERS,
    lln=st.none() | NUMBERS,
    uln=st.none() | NUMBERS,
)


def number(value: Decimal | None) -> float:
    return np.nan if value is None else float(value)


@given(st.lists(RESULTS, min_size=1, max_size=8))
def test_the_flag_of_one_baseline_is_that_of_many(results: list[LabResult]) -> None:
    value, lln, uln = (
        np.array([number(getattr(each, name)) for each in results])
        for name in ("value", "lln", "uln")
    )
    sign = np.array([each.comparator or "" for each in results])
    flags = [FLAGS[place] for place in baseline_flags(value, lln, uln, sign)]
    assert flags == [baseline_flag(each) for each in results]


@given(st.lists(RESULTS, max_size=8))
def test_the_baselines_of_one_patient_are_those_of_a_cohort(results: list[LabResult]) -> None:
    ordered = sorted(
        results, key=lambda each: (each.analyte, each.taken_on, each.taken_at or time.min)
    )
    series = np.array([each.analyte == "plt" for each in ordered], dtype=int)
    is_after = np.array([not START.is_before(each) for each in ordered], dtype=bool)
    chosen = np.flatnonzero(are_baselines(series, is_after))
    found = {ordered[place].analyte: ordered[place] for place in chosen}
    assert found == baselines_of(ordered, START)


def test_without_a_cycle_there_is_no_baseline() -> None:
    result = LabResult(patient_id=1, taken_on=FIRST, analyte="hb", value=Decimal(9))
    assert baselines_of([result], None) == {}
    assert baseline_flag(None) == ""

"""Kaplan-Meier against R's survival, on data sets made to be awkward, and by its own rules."""

import gzip
import os
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from model.cohort.kaplan_meier import NOT_REACHED, Estimate, estimate_curve, estimate_follow_up

KEPT = Path(__file__).parents[2] / "files" / "survival_reference.txt.gz"
MADE_ANEW = os.environ.get("SURVIVAL_REFERENCE")


def numbers(cells: str) -> np.ndarray:
    return np.array([float(cell) if cell else np.nan for cell in cells.split(",")])


def data_sets() -> list[list[np.ndarray]]:
    text = Path(MADE_ANEW).read_text() if MADE_ANEW else gzip.decompress(KEPT.read_bytes()).decode()
    return [[numbers(cells) for cells in line.split("|")] for line in text.splitlines()]


def test_a_thousand_data_sets_agree_with_r() -> None:
    sets = data_sets()
    assert len(sets) == 1000
    for time, event, _group, survival, low, high, at_risk, median, _rank in sets:
        found = estimate_curve(time, event == 1)
        np.testing.assert_allclose(found.survival, survival, rtol=0, atol=1e-9)
        np.testing.assert_allclose(found.low, low, rtol=0, atol=1e-9)
        np.testing.assert_allclose(found.high, high, rtol=0, atol=1e-9)
        np.testing.assert_array_equal(found.at_risk, at_risk)
        half = found.median
        told = [np.nan if each is None else each for each in (half.value, half.low, half.high)]
        np.testing.assert_allclose(told, median, rtol=0, atol=1e-9)


def test_the_reference_holds_what_is_awkward() -> None:
    sets = data_sets()
    assert any(len(time) == 1 for time, *_ in sets)
    assert any(not event.any() for _, event, *_ in sets)
    assert any(event[time == 0].any() for time, event, *_ in sets)
    assert any(len(set(time)) < len(time) / 2 for time, *_ in sets)


def test_the_log_rank_test_agrees_with_r() -> None:
    compared = 0
    for time, event, group, *_, rank in data_sets():
        # R leaves 0/0 where a group is never at risk at an event.
        if np.isnan(rank[0]) or rank[0] == 0:
            continue
        sides = [
            stats.CensoredData.right_censored(time[group == side], event[group == side] == 0)
            for side in (0, 1)
        ]
        found = stats.logrank(sides[0], sides[1])
        assert found.statistic**2 == pytest.approx(rank[0], abs=1e-9)
        compared += 1
    assert compared > 400


def test_nobody_makes_a_curve_without_steps() -> None:
    nobody = estimate_curve([], [])
    assert (nobody.n, nobody.n_events, nobody.median) == (0, 0, NOT_REACHED)
    assert nobody.at(0) == NOT_REACHED
    assert nobody.still_at_risk(0) == 0


@pytest.mark.parametrize(
    ("times", "events", "median"),
    [
        # By the rule of R's survfit with conf.type = "log-log", by hand; the reference has more.
        ([5], [1], (5, None, None)),
        ([5], [0], (None, None, None)),
        ([3, 4], [1, 1], (3.5, 3, None)),
        ([3, 4], [1, 0], (3, 3, None)),
        ([4, 4], [1, 1], (4, None, None)),
        ([3, 4], [0, 1], (4, None, None)),
        ([1, 2, 3], [1, 1, 1], (2, 1, None)),
        ([1, 2, 3], [0, 0, 0], (None, None, None)),
        ([2, 2, 3], [1, 1, 1], (2, 2, None)),
        ([1, 2, 3, 4], [1, 1, 0, 0], (2, 1, None)),  # the curve stays at one half
        ([1, 2, 3, 4], [1, 1, 1, 1], (2.5, 1, None)),
    ],
)
def test_a_median_and_its_bounds_are_those_of_r(
    times: list[int], events: list[int], median: tuple[float | None, ...]
) -> None:
    found = estimate_curve(times, events).median
    assert (found.value, found.low, found.high) == median


def test_half_reached_exactly_gives_the_middle_of_the_step() -> None:
    assert estimate_curve([1, 2, 3, 4], [1, 1, 1, 1]).median.value == 2.5


def test_a_share_is_read_at_its_time_and_not_beyond_the_last() -> None:
    made = estimate_curve([2, 4, 6], [True, False, True])
    assert made.at(1.9) == Estimate(value=1.0, low=1.0, high=1.0)
    assert made.at(2).value == pytest.approx(2 / 3)
    assert made.at(5.9).value == pytest.approx(2 / 3)
    assert made.at(6).value == 0
    assert made.at(6.1) == NOT_REACHED
    assert [made.still_at_risk(time) for time in (0, 2, 2.1, 4.1, 6, 6.1)] == [3, 3, 2, 1, 1, 0]


def test_follow_up_turns_the_event_round() -> None:
    assert estimate_follow_up([1, 2, 3], [True, False, False]).median.value == 2.5


@pytest.mark.parametrize("time", [-1.0, float("nan")])
def test_a_time_that_cannot_be_is_refused(time: float) -> None:
    with pytest.raises(ValueError, match="not negative"):
        estimate_curve([1.0, time], [True, True])


@given(
    st.lists(st.tuples(st.integers(0, 50), st.booleans()), min_size=1, max_size=40),
    st.randoms(),
)
def test_the_curve_never_rises_and_does_not_heed_the_order(observed, random) -> None:
    made = estimate_curve([time for time, _ in observed], [event for _, event in observed])
    assert np.all(np.diff(made.survival) <= 1e-12)
    assert made.events.sum() + made.censored.sum() == len(observed)
    known = ~np.isnan(made.low)
    assert np.all(made.low[known] <= made.survival[known])
    assert np.all(made.survival[known] <= made.high[known])
    random.shuffle(observed)
    again = estimate_curve([time for time, _ in observed], [event for _, event in observed])
    np.testing.assert_array_equal(again.survival, made.survival)

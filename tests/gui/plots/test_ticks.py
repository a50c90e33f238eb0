from __future__ import annotations

import itertools
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gui.plots.ticks import DAY_STEPS, day_text, multiples, round_values, smallest_step
from gui.plots.time_scale import DaysSinceScale, TimeScale
from gui.plots.value_scale import ValueScale

START = date(2023, 7, 1).toordinal()


def labels(days: int, width: int = 600) -> list[str]:
    return [tick.label for tick in TimeScale(START, START + days, 0, width).ticks()]


def test_a_year_has_months_by_name() -> None:
    assert labels(365)[:3] == ["Jul 2023", "Sep 2023", "Nov 2023"]


def test_weeks_begin_on_a_monday_and_name_their_year_once() -> None:
    shown = labels(42)
    assert shown[:2] == ["3 Jul 2023", "10 Jul"]
    assert sum("2023" in label for label in shown) == 1


def test_decades_have_years_only() -> None:
    assert labels(365 * 12)[0] == "2024"


@given(first=st.integers(-30, 0), days=st.integers(30, 4000), width=st.integers(200, 2000))
def test_days_since_an_event_have_a_tick_on_the_day_itself(
    first: int, days: int, width: int
) -> None:
    scale = DaysSinceScale(first, first + days, 100, width)
    found = [tick.day for tick in scale.ticks()]
    assert 0 in found
    assert all(first <= day <= first + days for day in found)
    assert all(b - a in DAY_STEPS for a, b in itertools.pairwise(found))


def test_a_day_before_the_event_has_a_minus_sign() -> None:
    assert [day_text(day) for day in (-7, 0, 14)] == ["−7", "0", "14"]


def test_multiples_reach_from_end_to_end() -> None:
    assert multiples(-14, 28, 14) == [-14, 0, 14, 28]
    assert multiples(-13.5, 27.9, 14) == [0, 14]


def test_beyond_the_largest_step_there_is_no_larger_one() -> None:
    assert [smallest_step((1, 2, 7), least) for least in (0.5, 2, 3, 99)] == [1, 2, 7, 7]


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [(0, 430, [0, 200, 400]), (8.4, 16.6, [10, 12.5, 15]), (0.4, 1.16, [0.4, 0.6, 0.8, 1.0])],
)
def test_grid_lines_are_at_round_values(low: float, high: float, expected: list[float]) -> None:
    assert round_values(low, high, 86) == pytest.approx(expected)


@given(low=st.floats(0.001, 1e4), ratio=st.floats(1.2, 1e6), height=st.floats(40, 200))
def test_lines_by_powers_of_ten_are_round_apart_and_in_sight(
    low: float, ratio: float, height: float
) -> None:
    shown = ValueScale(low, low * ratio, 0, height, log=True)
    lines = shown.grid_values()
    places = [shown.y(value) for value in lines]
    assert all(-1e-6 <= place <= height + 1e-6 for place in places)
    assert all(a - b >= 21.99 for a, b in itertools.pairwise(places))

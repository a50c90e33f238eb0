from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gui.plots.time_scale import TICK_ROOM, TimeScale

START = date(2023, 7, 1).toordinal()


@given(first=st.integers(600_000, 800_000), days=st.integers(14, 40_000), share=st.floats(0, 1))
def test_a_pixel_gives_back_its_day(first: int, days: int, share: float) -> None:
    scale = TimeScale(first, first + days, 152, 600)
    day = first + share * days
    assert scale.day(scale.x(day)) == pytest.approx(day)


@given(
    first=st.integers(600_000, 760_000), days=st.integers(14, 40_000), width=st.integers(200, 2000)
)
def test_ticks_lie_on_the_scale_and_leave_room_for_their_labels(
    first: int, days: int, width: int
) -> None:
    scale = TimeScale(first, first + days, 100, width)
    xs = [scale.x(tick.day) for tick in scale.ticks()]
    assert all(scale.left <= x <= scale.right for x in xs)
    gaps = [after - before for before, after in pairwise(xs)]
    assert all(gap >= TICK_ROOM * 0.95 for gap in gaps)


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

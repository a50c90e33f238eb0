from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gui.plots.ticks import DATE_ROOM
from gui.plots.time_scale import TimeScale

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
    assert all(gap >= DATE_ROOM * 0.95 for gap in gaps)

from __future__ import annotations

import itertools
from collections.abc import Callable
from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from gui.plots.breaks import LONG_PAUSE, Breaks, Pause, find_breaks, recorded_days
from gui.plots.ticks import DATE_ROOM
from gui.plots.time_scale import TimeScale
from model.course.course import Course
from model.dates import PartialDate
from model.records.therapies import Therapy

YEAR = 365
SOME_DAYS = st.lists(st.integers(730_000, 740_000), min_size=1, max_size=30)
A_DAY = st.floats(729_000, 741_000)


@given(recorded=SOME_DAYS, days=st.lists(A_DAY, min_size=2, max_size=20))
def test_days_keep_their_order_and_come_back(recorded: list[int], days: list[float]) -> None:
    breaks = find_breaks(recorded)
    pressed = [breaks.compress(day) for day in sorted(days)]
    assert pressed == sorted(pressed)
    assert [breaks.expand(place) for place in pressed] == pytest.approx(sorted(days))


@given(recorded=SOME_DAYS, days=st.lists(A_DAY, min_size=1, max_size=20))
def test_many_days_at_once_are_as_one_by_one(recorded: list[int], days: list[float]) -> None:
    breaks = find_breaks(recorded)
    at_once = breaks.compress_all(np.array(days))
    assert at_once.tolist() == pytest.approx([breaks.compress(day) for day in days])
    assert breaks.expand_all(at_once).tolist() == pytest.approx(days)


@given(recorded=SOME_DAYS)
def test_only_long_pauses_lose_days(recorded: list[int]) -> None:
    breaks = find_breaks(recorded)
    known = sorted(set(recorded))
    for before, after in itertools.pairwise(known):
        kept = breaks.compress(after) - breaks.compress(before)
        assert kept == after - before if after - before <= LONG_PAUSE else kept > 0


def test_a_long_pause_is_drawn_short_with_room_around_what_is_recorded() -> None:
    breaks = find_breaks([0, 100, 100 + 3 * YEAR, 200 + 3 * YEAR])
    (pause,) = breaks.pauses
    assert 100 < pause.first < pause.last < 100 + 3 * YEAR
    assert breaks.compress(100 + 3 * YEAR) - breaks.compress(100) < 50


def test_a_scale_with_a_break_leads_from_days_to_pixels_and_back() -> None:
    breaks = Breaks((Pause(738_100, 738_900),), 10)
    scale = TimeScale(738_000, 739_000, 150, 600, breaks)
    assert scale.x(738_000) == 150
    assert scale.x(739_000) == pytest.approx(750)
    assert scale.length == pytest.approx(210)
    xs = np.linspace(150, 750, 40)
    assert scale.xs(scale.days(xs)).tolist() == pytest.approx(xs.tolist())
    assert [scale.x(scale.day(float(x))) for x in xs] == pytest.approx(xs.tolist())
    assert scale.break_xs() == [pytest.approx(scale.x(738_500))]


def test_a_broken_scale_zooms_around_its_pixel_and_moves_by_pixels() -> None:
    breaks = Breaks((Pause(738_100, 738_900),), 10)
    scale = TimeScale(738_000, 739_000, 150, 600, breaks)
    day = scale.day(300)
    assert scale.zoomed(0.5, 300).x(day) == pytest.approx(300)
    assert scale.moved(40).x(day) == pytest.approx(340)


def test_ticks_stay_apart_and_out_of_a_pause() -> None:
    breaks = Breaks((Pause(738_100, 739_900),), 12)
    scale = TimeScale(738_000, 740_100, 150, 600, breaks)
    xs = [scale.x(tick.day) for tick in scale.ticks()]
    assert all(b - a >= DATE_ROOM for a, b in itertools.pairwise(xs))
    assert not [tick for tick in scale.ticks() if 738_100 < tick.day < 739_900]


def test_what_is_recorded_holds_the_axis_together(make_course: Callable[..., Course]) -> None:
    began, ended = PartialDate(2019), PartialDate(2021, 6, 1)
    therapy = Therapy(
        patient_id=1, number=1, category="ssa", started_on=began, ended_on=ended, description="SSA"
    )
    course = make_course(therapies=[therapy])
    days = recorded_days(course)
    assert date(2023, 7, 31).toordinal() in days
    assert date(2021, 6, 1).toordinal() in days
    (first, second) = find_breaks(days).pauses
    # Some day of 2019 is meant: none of it is a pause.
    assert date.fromordinal(int(first.first)) >= date(2019, 12, 31)
    assert date.fromordinal(int(second.last)) + timedelta(days=14) <= date(2023, 7, 31)

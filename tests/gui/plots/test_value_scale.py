from dataclasses import replace
from datetime import date
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from gui.plots.value_scale import value_scale
from model.course.grades import GradeBand
from model.course.points import DaysSinceCycle, Point
from model.course.trends import LimitsFrom, Trend
from model.records.labs import LabResult


def trend(*values: float, lower: float | None = None, upper: float | None = None) -> Trend:
    day = date(2023, 7, 31)
    points = tuple(
        Point(
            LabResult(patient_id=1, taken_on=day, analyte="plt", value=Decimal(str(value))),
            value,
            DaysSinceCycle(None, None),
        )
        for value in values
    )
    limits = (LimitsFrom(day, lower, upper),) if lower or upper else ()
    return Trend(
        analyte="plt",
        name="Platelets",
        unit="×10⁹/L",
        points=points,
        limits=limits,
        assumed=False,
        not_drawn=0,
    )


@given(
    values=st.lists(st.floats(0, 1e5), max_size=8),
    lower=st.floats(0.1, 200),
    wide=st.floats(0, 500),
)
@example(values=[], lower=64.0, wide=4e-14)
@example(values=[5e-324], lower=0.1, wide=0.0)
def test_all_results_and_limits_are_in_sight(
    values: list[float], lower: float, wide: float
) -> None:
    shown = value_scale(trend(*values, lower=lower, upper=lower + wide))
    assert shown.low < shown.high
    assert all(shown.low < value < shown.high for value in (*values, lower, lower + wide))


def test_values_near_zero_are_drawn_from_zero() -> None:
    shown = value_scale(trend(38, 230, lower=150, upper=400))
    assert -30 < shown.low < 0


def test_values_far_from_zero_are_drawn_close() -> None:
    assert value_scale(trend(136, 142)).low > 130


def test_one_value_alone_has_room_around_it() -> None:
    shown = value_scale(trend(7))
    assert shown.low < 7 < shown.high


def test_a_band_opens_to_its_next_edge() -> None:
    bands = [GradeBand(4, None, 6.5), GradeBand(3, 6.5, 8)]
    assert value_scale(trend(9, 12), bands).low < 8


@given(
    values=st.lists(st.floats(0.001, 1e5), min_size=1, max_size=8),
    lower=st.floats(0.1, 200),
    wide=st.floats(0, 500),
)
def test_by_powers_of_ten_all_results_and_limits_are_in_sight_in_their_order(
    values: list[float], lower: float, wide: float
) -> None:
    shown = replace(
        value_scale(trend(*values, lower=lower, upper=lower + wide), log=True), height=90
    )
    assert shown.log
    places = [shown.y(value) for value in sorted((*values, lower, lower + wide))]
    assert places == sorted(places, reverse=True)
    assert all(0 < place < 90 for place in places)


def test_equal_ratios_take_equal_pixels() -> None:
    shown = replace(value_scale(trend(1, 1000), log=True), height=100)
    assert shown.y(1) - shown.y(10) == pytest.approx(shown.y(10) - shown.y(100))
    assert shown.ys(np.array([1.0, 10.0])).tolist() == pytest.approx([shown.y(1), shown.y(10)])


def test_zero_has_no_place_among_powers_of_ten_but_the_foot() -> None:
    shown = replace(value_scale(trend(0, 4, 9), log=True), height=100)
    assert shown.log
    assert shown.y(0) == shown.foot < shown.bottom
    assert shown.y(4) < shown.foot - 8
    assert np.isnan(shown.ys(np.array([0.0]))).all()


@pytest.mark.parametrize("values", [(-2.1, -1.4), (0.0,), (-1.0, 3.0)])
def test_what_lies_below_zero_stays_on_an_even_scale(values: tuple[float, ...]) -> None:
    assert not value_scale(trend(*values), log=True).log


def test_a_band_far_below_does_not_press_the_results_together() -> None:
    bands = [GradeBand(4, None, 0.01)]
    assert value_scale(trend(8, 12), bands, log=True).low > 4

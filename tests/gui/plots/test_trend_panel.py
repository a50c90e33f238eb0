from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gui.plots.panel_frame import round_values
from gui.plots.trend_panel import heights
from model.grade_bands import GradeBand
from model.labs import LabResult
from model.trends import LimitsFrom, Point, Since, Trend


def trend(*values: float, lower: float | None = None, upper: float | None = None) -> Trend:
    day = date(2023, 7, 31)
    points = tuple(
        Point(
            LabResult(patient_id=1, taken_on=day, analyte="plt", value=Decimal(str(value))),
            value,
            Since(None, None),
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
def test_all_results_and_limits_are_in_sight(
    values: list[float], lower: float, wide: float
) -> None:
    shown = heights(trend(*values, lower=lower, upper=lower + wide))
    assert shown.low < shown.high
    assert all(shown.low < value < shown.high for value in (*values, lower, lower + wide))


def test_values_near_zero_are_drawn_from_zero() -> None:
    shown = heights(trend(38, 230, lower=150, upper=400))
    assert -30 < shown.low < 0


def test_values_far_from_zero_are_drawn_close() -> None:
    assert heights(trend(136, 142)).low > 130


def test_one_value_alone_has_room_around_it() -> None:
    shown = heights(trend(7))
    assert shown.low < 7 < shown.high


def test_a_band_opens_to_its_next_edge() -> None:
    bands = [GradeBand(4, None, 6.5), GradeBand(3, 6.5, 8)]
    assert heights(trend(9, 12), bands).low < 8


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [(0, 430, [0, 200, 400]), (8.4, 16.6, [10, 12.5, 15]), (0.4, 1.16, [0.4, 0.6, 0.8, 1.0])],
)
def test_grid_lines_stand_at_round_values(low: float, high: float, expected: list[float]) -> None:
    assert round_values(low, high, 86) == pytest.approx(expected)

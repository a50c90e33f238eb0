import numpy as np
import pytest

from gui.plots.breaks import Breaks, Pause
from gui.plots.polyline import polyline
from gui.plots.time_scale import TimeScale
from gui.plots.value_scale import ValueScale

HEIGHTS = ValueScale(0, 100, 0, 100)
SCALE = TimeScale(738_000, 738_100, 150, 500)


def test_a_few_results_are_drawn_where_they_are() -> None:
    days, values = np.array([738_010.0, 738_020.5]), np.array([30.0, 60.0])
    line = polyline(days, values, SCALE, HEIGHTS)
    assert line.xs.tolist() == pytest.approx([200, 252.5])
    assert line.ys.tolist() == pytest.approx([70, 40])


def test_a_line_reaches_to_the_results_just_out_of_sight() -> None:
    days = np.array([737_000.0, 737_990.0, 738_050.0, 738_150.0, 738_900.0])
    line = polyline(days, np.full(5, 50.0), SCALE, HEIGHTS)
    assert line.xs.size == 3
    assert line.xs[0] < SCALE.left
    assert line.xs[-1] > SCALE.right


def test_of_many_results_no_extreme_is_lost() -> None:
    days = np.linspace(738_000, 738_100, 100_000)
    values = np.full(days.size, 50.0)
    values[[333, 61_234]] = 3.0, 97.0
    line = polyline(days, values, SCALE, HEIGHTS)
    assert line.is_dense
    assert line.xs.size < 3 * SCALE.width
    assert (line.ys.max(), line.ys.min()) == (pytest.approx(97), pytest.approx(3))
    assert np.all(np.diff(line.xs) >= 0)


@pytest.mark.parametrize("count", [4, 40_000])
def test_the_line_is_open_where_the_axis_is_broken(count: int) -> None:
    scale = TimeScale(738_000, 739_000, 0, 300, Breaks((Pause(738_100, 738_900),), 10))
    days = np.concatenate(
        [np.linspace(738_000, 738_099, count), np.linspace(738_901, 739_000, count)]
    )
    line = polyline(days, np.full(days.size, 50.0), scale, HEIGHTS)
    (gap,) = np.flatnonzero(np.isnan(line.xs))
    assert scale.day(line.xs[gap - 1]) <= 738_100
    assert scale.day(line.xs[gap + 1]) >= 738_900

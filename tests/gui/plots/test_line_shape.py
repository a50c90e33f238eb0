"""A line is drawn the same in pieces and as a whole, and is open where something is not known."""

import numpy as np
import pytest
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter, QPicture

from gui.plots.breaks import Breaks, Pause
from gui.plots.course.background_lines import BackgroundItem
from gui.plots.line_shape import LineShape, visible_polyline
from gui.plots.marks import points_down, triangle
from gui.plots.time_scale import TimeScale
from gui.plots.value_scale import ValueScale

NAN = float("nan")
HEIGHTS = ValueScale(0, 100, 0, 100)
SCALE = TimeScale(738_000, 738_100, 150, 500)


def ends(shape: LineShape) -> list[tuple[float, float]]:
    return [(piece.x1(), piece.x2()) for piece in shape.segments]


def test_it_is_open_where_a_place_is_not_known() -> None:
    xs = np.array([0.0, 1.0, NAN, 3.0, 4.0, 5.0])
    ys = np.array([0.0, 1.0, 2.0, 3.0, NAN, 5.0])
    assert ends(LineShape(xs, ys)) == [(0.0, 1.0)]
    assert LineShape(xs, ys).path.boundingRect().right() >= 1


def test_without_two_places_nothing_is_drawn() -> None:
    for places in ([], [1.0], [1.0, NAN, 2.0]):
        given = np.array(places)
        picture = QPicture()
        painter = QPainter(picture)
        LineShape(given, given).draw(painter, QRectF(0, 0, 9, 9))
        painter.end()
        # A reader of PDF takes offence at a path without a single point.
        assert not picture.size() or picture.boundingRect().isEmpty()


def test_nothing_behind_draws_nothing() -> None:
    picture = QPicture()
    painter = QPainter(picture)
    BackgroundItem().paint(painter, None)
    painter.end()
    assert picture.boundingRect().isEmpty()


def test_a_mark_points_to_where_the_value_lies() -> None:
    even, by_powers = ValueScale(0, 10), ValueScale(1, 10, log=True)
    assert points_down(5, None, even) is None
    assert points_down(5, "<", even) is True
    assert points_down(5, ">", even) is False
    assert points_down(0, None, even) is None
    assert points_down(0, None, by_powers) is True
    tip = triangle(QPointF(0, 0), 4, down=True).boundingRect().bottom()
    assert tip > 4


def test_a_line_is_cut_to_its_place() -> None:
    places = QRectF(0, 0, 100, 50)
    xs = np.array([-100.0, 50.0, 60.0, 70.0, 300.0, 400.0])
    ys = np.array([25.0, 25.0, -50.0, 25.0, 25.0, 25.0])
    shape = LineShape(xs, ys).cut(places)
    assert places.contains(shape.boundingRect())
    corners = [(shape.elementAt(n).x, shape.elementAt(n).y) for n in range(shape.elementCount())]
    assert corners[:2] == [(0.0, 25.0), (50.0, 25.0)]
    assert corners[-1] == (100.0, 25.0)
    # It leaves its place at the top once, and comes back: two parts.
    assert sum(shape.elementAt(n).isMoveTo() for n in range(shape.elementCount())) == 2


def test_a_line_within_its_place_is_whole() -> None:
    xs, ys = np.array([1.0, 2.0, 5.0]), np.array([3.0, 1.0, 4.0])
    shape = LineShape(xs, ys).cut(QRectF(0, 0, 9, 9))
    assert shape == LineShape(xs, ys).path


def test_a_few_results_are_drawn_where_they_are() -> None:
    days, values = np.array([738_010.0, 738_020.5]), np.array([30.0, 60.0])
    line = visible_polyline(days, values, SCALE, HEIGHTS)
    assert line.xs.tolist() == pytest.approx([200, 252.5])
    assert line.ys.tolist() == pytest.approx([70, 40])


def test_a_line_reaches_to_the_results_just_out_of_sight() -> None:
    days = np.array([737_000.0, 737_990.0, 738_050.0, 738_150.0, 738_900.0])
    line = visible_polyline(days, np.full(5, 50.0), SCALE, HEIGHTS)
    assert line.xs.size == 3
    assert line.xs[0] < SCALE.left
    assert line.xs[-1] > SCALE.right


def test_of_many_results_no_extreme_is_lost() -> None:
    days = np.linspace(738_000, 738_100, 100_000)
    values = np.full(days.size, 50.0)
    values[[333, 61_234]] = 3.0, 97.0
    line = visible_polyline(days, values, SCALE, HEIGHTS)
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
    line = visible_polyline(days, np.full(days.size, 50.0), scale, HEIGHTS)
    (gap,) = np.flatnonzero(np.isnan(line.xs))
    assert scale.day(line.xs[gap - 1]) <= 738_100
    assert scale.day(line.xs[gap + 1]) >= 738_900

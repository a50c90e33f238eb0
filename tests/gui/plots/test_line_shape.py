"""A line is drawn the same in pieces and as a whole, and is open where something is not known."""

import numpy as np
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QPainter, QPicture

from gui.plots.course.behind import LinesBehind
from gui.plots.line_shape import LineShape
from gui.plots.mark_shapes import points_down, triangle
from gui.plots.value_scale import ValueScale

NAN = float("nan")


def ends(shape: LineShape) -> list[tuple[float, float]]:
    return [(piece.x1(), piece.x2()) for piece in shape.pieces]


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
    LinesBehind().paint(painter, None)
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

"""Labels of nadirs have places clear of marks, limits and one another, or none."""

from __future__ import annotations

from itertools import combinations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPointF, QRectF, QSizeF

from gui.plots.label_rects import points_along
from gui.plots.label_room import LabelRoom

WITHIN = QRectF(150, 20, 400, 86)
LONG, SHORT = QSizeF(58, 13), QSizeF(24, 13)
NOTHING = (np.empty(0), np.empty(0))
RADIUS = 4.5

points = st.lists(st.tuples(st.floats(150, 550), st.floats(20, 106)), min_size=1, max_size=25)


@given(marks=points, labelled=st.integers(1, 6), levels=st.lists(st.floats(20, 106), max_size=2))
def test_no_label_is_cut_off_or_lies_on_a_mark_a_level_or_another_label(
    marks: list[tuple[float, float]], labelled: int, levels: list[float]
) -> None:
    xs, ys = (np.array(each) for each in zip(*marks, strict=True))
    room = LabelRoom(WITHIN, (xs, ys), RADIUS, points_along(xs, ys), levels)
    found = [room.place_label(QPointF(*mark), [LONG, SHORT]) for mark in marks[:labelled]]
    places = [place for _index, place in filter(None, found)]
    for place in places:
        assert WITHIN.contains(place)
        assert not any(place.top() < level < place.bottom() for level in levels)
        for x, y in marks:
            nearest = QPointF(
                min(max(x, place.left()), place.right()), min(max(y, place.top()), place.bottom())
            )
            assert max(abs(nearest.x() - x), abs(nearest.y() - y)) >= RADIUS - 1e-9
    assert not any(one.intersects(other) for one, other in combinations(places, 2))


def test_a_label_hides_the_line_where_there_is_no_other_room_only() -> None:
    line = points_along(np.array([200.0, 300.0]), np.array([60.0, 60.0]))
    room = LabelRoom(WITHIN, NOTHING, RADIUS, line)
    found = room.place_label(QPointF(300, 60), [LONG])
    assert found is not None
    _index, place = found
    assert not ((line[0] > place.left()) & (line[0] < place.right())).any()


def test_a_shorter_text_is_taken_where_the_longer_has_no_room() -> None:
    xs, ys = np.array([300.0, 340.0, 260.0]), np.array([63.0, 63.0, 63.0])
    narrow = QRectF(150, 48, 400, 30)
    room = LabelRoom(narrow, (xs, ys), RADIUS, NOTHING)
    found = room.place_label(QPointF(300, 63), [LONG, SHORT])
    assert found is not None
    assert found[0] == 1
    assert room.place_label(QPointF(300, 63), [LONG]) is None


def test_a_peak_is_labelled_above() -> None:
    xs, ys = np.array([220.0, 300.0, 380.0]), np.array([80.0, 60.0, 80.0])
    room = LabelRoom(WITHIN, (xs, ys), RADIUS, points_along(xs, ys))
    found = room.place_label(QPointF(300, 60), [LONG], is_high=True)
    assert found is not None
    assert found[1].bottom() < 60

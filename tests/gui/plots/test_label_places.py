import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPointF, QRectF, QSizeF

from gui.plots.label_places import along, around, clearest

WITHIN = QRectF(150, 20, 400, 86)
SIZE = QSizeF(58, 13)
NOTHING = (np.empty(0), np.empty(0))


@given(x=st.floats(150, 550), y=st.floats(20, 106), is_high=st.booleans())
def test_a_label_is_never_cut_off(x: float, y: float, is_high: bool) -> None:
    places = around(QPointF(x, y), SIZE, WITHIN, is_high=is_high)
    assert places
    assert all(WITHIN.adjusted(-0.01, -0.01, 0.01, 0.01).contains(place) for place in places)


def test_a_label_keeps_clear_of_the_line_where_it_can() -> None:
    xs, ys = np.array([200.0, 300.0]), np.array([60.0, 60.0])
    line = along(xs, ys)
    place = clearest(around(QPointF(300, 60), SIZE, WITHIN), line, [])
    inside = (line[0] > place.left()) & (line[0] < place.right())
    assert not (inside & (line[1] > place.top()) & (line[1] < place.bottom())).any()


def test_a_label_keeps_clear_of_another() -> None:
    first = clearest(around(QPointF(300, 60), SIZE, WITHIN), NOTHING, [])
    second = clearest(around(QPointF(310, 60), SIZE, WITHIN), NOTHING, [first])
    assert not first.intersects(second)

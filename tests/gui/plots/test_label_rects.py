from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QPointF, QRectF, QSizeF

from gui.plots.label_rects import rects_around

WITHIN = QRectF(150, 20, 400, 86)
SIZE = QSizeF(58, 13)


@given(x=st.floats(150, 550), y=st.floats(20, 106), is_high=st.booleans())
def test_a_label_is_never_cut_off(x: float, y: float, is_high: bool) -> None:
    places = rects_around(QPointF(x, y), SIZE, WITHIN, is_high=is_high)
    assert places
    assert all(WITHIN.adjusted(-0.01, -0.01, 0.01, 0.01).contains(place) for place in places)

"""Rows and columns hold their items in order, with stretch, spacing and margins."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QWidget

from gui.widgets.layout import column, label, row


@pytest.fixture
def frame(qtbot):
    frame = QWidget()
    qtbot.addWidget(frame)
    return frame


def test_items_are_laid_out_in_order_with_their_stretch(frame):
    first, second, third = QLabel("a"), QLabel("b"), QLabel("c")
    inner = column(third)
    layout = row(first, 1, (second, 2), (inner, 3), spacing=5, margins=(1, 2, 3, 4), of=frame)
    assert [layout.itemAt(place).widget() for place in range(4)] == [first, None, second, None]
    assert [layout.stretch(place) for place in range(4)] == [0, 1, 2, 3]
    assert layout.itemAt(3).layout() is inner
    assert layout.spacing() == 5
    margins = layout.contentsMargins()
    assert (margins.left(), margins.top(), margins.right(), margins.bottom()) == (1, 2, 3, 4)
    assert frame.layout() is layout


def test_a_label_has_its_kind_and_wraps_if_asked_to(frame):
    hint = label("Long", "hint", wrap=True)
    hint.setParent(frame)
    assert hint.wordWrap()
    assert hint.property("kind") == "hint"
    assert not label().wordWrap()


def test_a_plain_label_never_reads_html(frame):
    plain = label("<b>P-1</b>", plain=True)
    plain.setParent(frame)
    assert plain.textFormat() is Qt.TextFormat.PlainText

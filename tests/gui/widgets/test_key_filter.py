"""A key acts once, in the view and not in the window; what is no action's passes."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QListWidget, QMainWindow

from gui.widgets.key_filter import KeyFilter, is_plain


@pytest.fixture
def done() -> list[str]:
    return []


@pytest.fixture
def window(light, qtbot, done) -> QMainWindow:
    """A window whose shortcuts are Delete and F5."""
    window = QMainWindow()
    qtbot.addWidget(window)
    for key in (Qt.Key.Key_Delete, Qt.Key.Key_F5):
        QShortcut(QKeySequence(key), window, lambda: done.append("window"))
    return window


@pytest.fixture
def view(window, qtbot, done) -> QListWidget:
    """A list in the window whose Delete acts on the list."""
    view = QListWidget()
    window.setCentralWidget(view)

    def action_of(event):
        is_delete = event.key() == Qt.Key.Key_Delete and is_plain(event)
        return (lambda: done.append("view")) if is_delete else None

    KeyFilter(view, action_of)
    window.show()
    qtbot.waitExposed(window)
    view.setFocus()
    return view


def test_a_key_of_the_view_acts_once_and_not_in_the_window(view, done, qtbot):
    qtbot.keyClick(view, Qt.Key.Key_Delete)
    qtbot.keyClick(view, Qt.Key.Key_Delete, Qt.KeyboardModifier.KeypadModifier)
    assert done == ["view", "view"]


def test_other_keys_pass(view, done, qtbot):
    qtbot.keyClick(view, Qt.Key.Key_F5)
    qtbot.keyClick(view, Qt.Key.Key_Delete, Qt.KeyboardModifier.ControlModifier)
    assert done == ["window"]

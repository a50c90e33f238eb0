"""The small buttons of the cohort page: chips of filters, and choices."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import QMainWindow, QVBoxLayout, QWidget

from gui.pages.cohort.chips import ChoiceButton, FilterChip


@pytest.mark.parametrize("key", [Qt.Key.Key_Delete, Qt.Key.Key_Backspace])
def test_delete_removes_the_filter_and_is_not_left_to_an_action_of_the_window(
    light: Any, qtbot: Any, key: Qt.Key
) -> None:
    window = QMainWindow()
    qtbot.addWidget(window)
    deleting = QAction("Delete", window)
    deleting.setShortcuts([QKeySequence("Del"), QKeySequence("Backspace")])
    window.addAction(deleting)
    chip = FilterChip("primary site pancreas")
    window.setCentralWidget(chip)
    window.show()
    window.activateWindow()
    chip.text_button.setFocus()
    by_window: list[bool] = []
    deleting.triggered.connect(by_window.append)
    removed: list[int] = []
    chip.remove_requested.connect(lambda: removed.append(1))
    qtbot.waitUntil(chip.text_button.hasFocus)
    qtbot.keyClick(chip.text_button, key)
    assert removed == [1]
    assert not by_window


def test_enter_edits_the_filter(light: Any, qtbot: Any) -> None:
    chip = FilterChip("primary site pancreas")
    qtbot.addWidget(chip)
    with qtbot.waitSignal(chip.edit_requested):
        qtbot.keyClick(chip.text_button, Qt.Key.Key_Return)


@pytest.fixture
def choice(light: Any) -> Iterator[ChoiceButton]:
    page = QWidget()
    button = ChoiceButton("Sort")
    QVBoxLayout(page).addWidget(button)
    page.show()
    yield button
    page.close()


def test_a_choice_is_out_of_sight_until_there_is_something_to_choose(choice: ChoiceButton) -> None:
    assert not choice.isVisible()
    choice.offer([])
    assert not choice.isVisible()
    choice.offer([("code", "code")])
    assert not choice.isVisible()
    choice.offer([("code", "code"), ("time", "follow-up")])
    assert choice.isVisible()


def test_what_was_chosen_stays_chosen_while_it_is_offered(choice: ChoiceButton) -> None:
    choice.offer([("code", "code"), ("time", "follow-up")])
    keys: list[str] = []
    choice.chosen.connect(keys.append)
    choice.choose("time")
    assert (choice.text(), keys) == ("Sort: follow-up", ["time"])
    choice.offer([("best", "best response"), ("time", "follow-up")])
    assert choice.key == "time"
    choice.offer([("best", "best response"), ("code", "code")])
    assert choice.text() == "Sort: best response"
    assert keys == ["time"]

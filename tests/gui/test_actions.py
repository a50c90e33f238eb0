from collections import Counter
from typing import Any

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import QApplication, QMainWindow

from gui.actions import ACTIONS, Actions, Needs, keys_text
from gui.style import icons
from gui.window.palette import Palette, find_actions


@pytest.fixture
def window(light, qtbot):
    window = QMainWindow()
    qtbot.addWidget(window)
    window.resize(900, 600)
    window.show()
    qtbot.waitExposed(window)
    window.activateWindow()
    return window


@pytest.fixture
def actions(window):
    return Actions(window)


def test_no_two_actions_share_a_key_an_id_or_their_words(qapp):
    keys = Counter(QKeySequence(key).toString() for line in ACTIONS for key in line.keys)
    assert [key for key, times in keys.items() if times > 1 or not key] == []
    assert len({line.id for line in ACTIONS}) == len(ACTIONS)
    assert len({line.text for line in ACTIONS}) == len(ACTIONS)


def test_no_key_is_taken_from_forms(qapp):
    keys = {QKeySequence(key).toString() for line in ACTIONS for key in line.keys}
    assert not keys & {"Ctrl+S", "Ctrl+Return", "Ctrl+C", "Ctrl+V", "Ctrl+X", "Ctrl+A", "Esc"}


def test_the_keys_are_those_of_the_design():
    keys = {line.id: line.keys for line in ACTIONS}
    assert keys["search.palette"] == ("Ctrl+K",)
    assert keys["search.patients"] == ("Ctrl+F",)
    assert keys["patient.new"] == ("Ctrl+N",)
    assert keys["labs.new"] == ("Ctrl+L",)
    assert keys["toxicity.new"] == ("Ctrl+T",)
    assert keys["edit.undo"] == ("Ctrl+Z",)
    assert keys["edit.redo"][0] == "Ctrl+Shift+Z"
    assert keys["record.edit"] == ("F2",)
    assert [keys[f"tab.{number}"] for number in range(1, 9)] == [
        (f"Alt+{number}",) for number in range(1, 9)
    ]


def test_every_icon_named_is_there():
    assert {line.icon for line in ACTIONS if line.icon} <= set(icons.NAMES)


def test_an_action_rests_until_something_is_bound_to_it(actions, window, qtbot):
    done = []
    qtbot.keyClick(window, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    assert not list(actions.usable())
    actions.bind("patient.new", lambda: done.append("old"))
    actions.bind("patient.new", lambda: done.append("new"))
    qtbot.keyClick(window, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    assert done == ["new"]
    actions.enable(False, "patient.new")
    qtbot.keyClick(window, Qt.Key.Key_N, Qt.KeyboardModifier.ControlModifier)
    assert done == ["new"]


def test_an_action_that_nothing_is_bound_to_cannot_be_woken(actions):
    actions.enable(True, "cycle.new")
    assert not actions["cycle.new"].isEnabled()


def test_an_action_is_enabled_while_what_it_needs_is_open(actions):
    def usable() -> list[str]:
        return [action.objectName() for action in actions.usable()]

    everything = ("casebook.new", "patient.new", "cycle.new", "cohort.filter")
    for action_id in everything:
        actions.bind(action_id, lambda: None)
    assert usable() == list(everything)
    actions.set_open(Needs.PATIENT, False)
    assert usable() == ["casebook.new", "patient.new", "cohort.filter"]
    actions.set_open(Needs.CASEBOOK, False)
    assert usable() == ["casebook.new"]
    actions.enable(False, "cohort.filter")
    actions.set_open(Needs.CASEBOOK, True)
    actions.set_open(Needs.PATIENT, True)
    assert usable() == ["casebook.new", "patient.new", "cycle.new"]
    actions.enable(True, "cohort.filter")
    assert usable() == list(everything)


def test_the_palette_finds_by_any_words_and_shows_the_keys(actions):
    for line in ACTIONS:
        actions.bind(line.id, lambda: None)
    found = find_actions(actions.usable(), "pat new")
    assert [item.label for item in found] == ["New patient"]
    assert found[0].sublabel == keys_text(actions["patient.new"]) == "Ctrl+N"
    assert find_actions(actions.usable(), "un")[0].label == "Undo"
    assert len(find_actions(actions.usable(), "")) == len(ACTIONS)


def test_enter_runs_what_was_found_after_the_palette_has_closed(actions, window, qtbot):
    done: list[object] = []
    actions.bind("patient.new", lambda: done.append(QApplication.activeModalWidget()))
    actions.bind("cycle.new", lambda: done.append("cycle"))

    def act():
        palette: Any = QApplication.activeModalWidget()
        qtbot.keyClicks(palette.edit, "new")
        qtbot.keyClick(palette.edit, Qt.Key.Key_Down)
        qtbot.keyClick(palette.edit, Qt.Key.Key_Up)
        qtbot.keyClick(palette.edit, Qt.Key.Key_Return)

    QTimer.singleShot(50, act)
    Palette.ask(window, actions.usable())
    assert done == [None]


def test_the_palette_finds_patients_too(actions, window, qtbot):
    done = []

    def find(text):
        return [("P-0007", "Pancreas", lambda: done.append(text))] if "7" in text else []

    def act():
        palette: Any = QApplication.activeModalWidget()
        qtbot.keyClicks(palette.edit, "7")
        qtbot.keyClick(palette.edit, Qt.Key.Key_Return)

    QTimer.singleShot(50, act)
    Palette.ask(window, actions.usable(), find)
    assert done == ["7"]


def test_escape_runs_nothing_and_no_result_is_said(actions, window, qtbot):
    done, said = [], []
    actions.bind("patient.new", lambda: done.append(1))

    def act():
        palette: Any = QApplication.activeModalWidget()
        qtbot.keyClicks(palette.edit, "zzz")
        said.append(palette._empty.isVisible())
        qtbot.keyClick(palette.edit, Qt.Key.Key_Return)
        qtbot.keyClick(palette.edit, Qt.Key.Key_Escape)

    QTimer.singleShot(50, act)
    Palette.ask(window, actions.usable())
    assert done == []
    assert said == [True]

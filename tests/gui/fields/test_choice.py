"""Lists used by the mouse, and what a list says."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QVBoxLayout, QWidget

from gui.fields.choice import ChoiceField, OpenChoiceField
from gui.fields.text import TextField


@pytest.fixture
def fields(light, qtbot):
    """A closed list, an open one and a line below them, in one window."""
    window = QWidget()
    layout = QVBoxLayout(window)
    closed = ChoiceField([(grade, f"NET {grade}") for grade in ("G1", "G2", "G3")])
    opened = OpenChoiceField([("liver", "Liver"), ("lung", "Lung")])
    line = TextField()
    for field, name in ((closed, "WHO grade"), (opened, "Site"), (line, "Comment")):
        field.set_label(name)
        layout.addWidget(field)
    layout.addStretch(1)
    qtbot.addWidget(window)
    window.resize(400, 400)
    window.show()
    qtbot.waitExposed(window)
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    yield closed, opened, line
    window.close()


def labels(field):
    results = field.edit.results
    return [results.item(row).text() for row in range(results.count())]


def click(qtbot, field, row):
    results = field.edit.results
    where = results.visualRect(results.model().index(row, 0)).center()
    qtbot.mouseClick(results.viewport(), Qt.MouseButton.LeftButton, pos=where)


def test_a_click_opens_the_whole_list_and_a_click_takes_an_entry(fields, qtbot):
    closed, *_others = fields
    qtbot.mouseClick(closed.edit, Qt.MouseButton.LeftButton)
    assert labels(closed) == ["–", "NET G1", "NET G2", "NET G3"]
    with qtbot.waitSignal(closed.changed):
        click(qtbot, closed, 2)
    assert (closed.value(), closed.edit.text()) == ("G2", "NET G2")
    assert not closed.edit.popup.isVisible()
    assert closed.edit.hasFocus()
    qtbot.mouseClick(closed.edit, Qt.MouseButton.LeftButton)
    click(qtbot, closed, 0)
    assert closed.value() is None


def test_a_second_click_closes_the_list_and_changes_nothing(fields, qtbot):
    closed, *_others = fields
    closed.set_value("G3")
    for _click in range(2):
        qtbot.mouseClick(closed.edit, Qt.MouseButton.LeftButton)
    assert not closed.edit.popup.isVisible()
    assert closed.value() == "G3"


def test_typing_after_a_click_replaces_the_text(fields, qtbot):
    closed, _opened, line = fields
    closed.set_value("G3")
    qtbot.mouseClick(closed.edit, Qt.MouseButton.LeftButton)
    qtbot.keyClicks(closed.edit, "g1")
    qtbot.mouseClick(line.edit, Qt.MouseButton.LeftButton)
    assert closed.value() == "G1"
    assert line.edit.hasFocus()


def test_the_note_of_an_open_list_keeps_the_word_by_a_click(fields, qtbot):
    _closed, opened, _line = fields
    opened.setFocus()
    qtbot.keyClicks(opened.edit, "spleen")
    assert labels(opened) == ["Keep “spleen” as a new word"]
    click(qtbot, opened, 0)
    assert (opened.value(), opened.fault(), opened.problem()) == ("spleen", "", "")
    assert not opened.edit.popup.isVisible()


def test_a_closed_list_says_that_there_is_no_such_entry_and_a_click_on_that_takes_nothing(
    fields, qtbot
):
    closed, *_others = fields
    closed.setFocus()
    qtbot.keyClicks(closed.edit, "nec")
    assert labels(closed) == ["No such WHO grade."]
    click(qtbot, closed, 0)
    assert closed.value() is None
    assert closed.fault() == "No such WHO grade."


def test_what_is_deleted_while_its_list_is_open_is_no_entry_again(fields, qtbot):
    closed, *_others = fields
    closed.set_value("G1")
    closed.setFocus()
    closed.edit.selectAll()
    qtbot.keyClick(closed.edit, Qt.Key.Key_Backspace)
    assert closed.value() == "G1"
    qtbot.keyClick(closed.edit, Qt.Key.Key_Tab)
    assert closed.value() is None
    assert closed.problem() == ""

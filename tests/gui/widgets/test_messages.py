from typing import Any

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication, QLabel, QMainWindow, QPushButton, QWidget

from gui.widgets import messages
from gui.widgets.messages import MessageBox, NoticeBar, split_sentence
from model.errors import KnownError


@pytest.fixture
def window(light, qtbot):
    window = QMainWindow()
    window.setCentralWidget(QWidget())
    qtbot.addWidget(window)
    window.resize(800, 500)
    window.show()
    qtbot.waitExposed(window)
    return window


def meanwhile(act):
    """Do something to the box that comes up, and close it if that fails."""

    def on_the_box():
        box: Any = QApplication.activeModalWidget()
        try:
            act(box)
        except BaseException:
            if box is not None:
                box.reject()
            raise

    QTimer.singleShot(50, on_the_box)


def words(box):
    return [label.text() for label in box.findChildren(QLabel)]


def test_a_notice_is_shown_at_the_bottom_and_its_action_runs_once(window, qtbot):
    done = []
    messages.notice(window.centralWidget(), "Cycle 2 was deleted.", "Undo", lambda: done.append(1))
    bar = window.findChild(NoticeBar)
    assert bar.text() == "Cycle 2 was deleted."
    assert window.rect().contains(bar.geometry())
    assert bar.geometry().top() > window.height() / 2
    qtbot.mouseClick(bar.action_button(), Qt.MouseButton.LeftButton)
    assert done == [1]
    assert bar.text() == ""


def test_a_later_notice_takes_the_place_of_the_one_before(window):
    messages.notice(window, "First.", "Undo", lambda: None)
    messages.notice(window, "Second.")
    assert len(window.findChildren(NoticeBar)) == 1
    bar = window.findChild(NoticeBar)
    assert bar.text() == "Second."
    assert not bar.action_button().isVisible()


def test_a_notice_passes_and_takes_no_focus(window, qtbot):
    focused = QApplication.focusWidget()
    bar = NoticeBar(window)
    bar.show_notice("Saved.", seconds=0)
    assert QApplication.focusWidget() is focused
    qtbot.waitUntil(lambda: bar.text() == "")


def test_a_long_notice_stays_inside_a_window_that_is_made_smaller(window, qtbot):
    messages.notice(window, "A sentence that goes on. " * 12, "Undo", lambda: None)
    bar = window.findChild(NoticeBar)
    for width in (800, 420):
        window.resize(width, 400)
        qtbot.waitUntil(lambda: window.rect().contains(bar.geometry()))


@pytest.mark.parametrize(("press", "answer"), [("Replace", True), ("Keep", False)])
def test_a_question_gives_the_answer_that_was_pressed(window, qtbot, press, answer):
    def act(box):
        button = next(b for b in box.findChildren(QPushButton) if b.text() == press)
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)

    meanwhile(act)
    assert messages.ask(window, "Replace the file?", "Replace", "Keep") is answer


@pytest.mark.parametrize("key", [Qt.Key.Key_Escape, Qt.Key.Key_Return, Qt.Key.Key_Space])
def test_no_key_answers_yes_by_surprise(window, qtbot, key):
    meanwhile(lambda box: qtbot.keyClick(box.focusWidget(), key))
    assert messages.ask(window, "Delete it?", "Delete", "Keep", danger=True) is False


def test_a_known_error_says_what_happened_first_and_the_rest_below(window, qtbot):
    said = []

    def act(box):
        said.extend(words(box))
        qtbot.keyClick(box.focusWidget(), Qt.Key.Key_Return)

    meanwhile(act)
    messages.error(window, KnownError("The disk is full. All is safe. Free some space."))
    assert said == ["The disk is full.", "All is safe. Free some space."]


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("One sentence.", ("One sentence.", "")),
        ("No stop", ("No stop", "")),
        ("Not v. 5 but 6. Then more.", ("Not v. 5 but 6.", "Then more.")),
        (
            "labs.csv line 3: bad date\nlabs.csv line 4: x",
            ("labs.csv line 3: bad date", "labs.csv line 4: x"),
        ),
        ("", ("", "")),
    ],
)
def test_the_first_sentence_is_told_apart(text, parts):
    assert split_sentence(text) == parts


def test_words_of_a_person_are_not_read_as_markup(window, qtbot):
    def act(box):
        assert all(
            label.textFormat() == Qt.TextFormat.PlainText for label in box.findChildren(QLabel)
        )
        box.reject()

    meanwhile(act)
    messages.ask(window, "Delete <b>P-1</b>?", "Delete", "Keep", detail="<img src=x>")


def test_nothing_of_a_box_is_left(window, qtbot):
    meanwhile(lambda box: box.reject())
    assert messages.ask_discard(window) is False
    qtbot.waitUntil(lambda: not window.findChildren(MessageBox))

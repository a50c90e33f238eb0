"""Hands at the real window: what they do next is decided by what is to be seen.

A journey is a generator. It yields acts, one after the other, and what is waited for; a form that
is opened by an act holds its caller up, and the journey goes on inside it.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QEventLoop, QPoint, Qt, QTimer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QPushButton, QWidget

KEYS = {
    "Tab": Qt.Key.Key_Tab,
    "Enter": Qt.Key.Key_Return,
    "Down": Qt.Key.Key_Down,
    "Up": Qt.Key.Key_Up,
    "Esc": Qt.Key.Key_Escape,
    "Del": Qt.Key.Key_Delete,
    "F2": Qt.Key.Key_F2,
}
MODIFIERS = {
    "Ctrl": Qt.KeyboardModifier.ControlModifier,
    "Shift": Qt.KeyboardModifier.ShiftModifier,
    "Alt": Qt.KeyboardModifier.AltModifier,
}
PAUSE = 10
PATIENCE = 20


@dataclass(frozen=True)
class Until:
    """Wait until something is so."""

    so: Callable[[], object]
    what: str


Step = Callable[[], object] | Until
Steps = Generator[Step, None, Any]


class Hands:
    """Goes through a journey; raises what it raises, and says for what it waited in vain."""

    def go(self, journey: Steps) -> None:
        """Go through a journey to its end."""
        self._journey = journey
        self._waiting: Until | None = None
        self._since = time.monotonic()
        self._failed: BaseException | None = None
        self._loop = QEventLoop()
        self._next()
        self._loop.exec()
        if self._failed is not None:
            raise self._failed

    def _next(self) -> None:
        # A timer of its own for each act: one that is busy would not come again inside a form.
        QTimer.singleShot(PAUSE, self._act)

    def _act(self) -> None:
        try:
            if self._waiting is not None and not self._waiting.so():
                if time.monotonic() - self._since > PATIENCE:
                    raise AssertionError(f"Waited in vain: {self._waiting.what}. {scene()}")
                self._next()
                return
            self._waiting = None
            act = next(self._journey)
            self._since = time.monotonic()
            self._next()
            if isinstance(act, Until):
                self._waiting = act
            else:
                act()
        except StopIteration:
            self._loop.quit()
        except BaseException as error:
            self._failed = self._failed or error
            for window in QApplication.topLevelWidgets():
                if window.isModal():
                    window.deleteLater()
                    QTimer.singleShot(0, window.hide)
            self._loop.quit()


def scene() -> str:
    """What is to be seen, for a failure's message."""
    window, focus = QApplication.activeWindow(), QApplication.focusWidget()
    name = focus.accessibleName() if focus else "nothing"
    title = window.windowTitle() if window else "no window"
    return f"There is “{title}”, with the keyboard in {type(focus).__name__} “{name}”."


def until(so: Callable[[], object], what: str) -> Steps:
    """Wait until something is so."""
    yield Until(so, what)


def type_(text: str) -> Steps:
    """Type into whatever has the keyboard; keys by name stand in angle brackets: `7<Ctrl+S>`."""
    for key in re.findall(r"<[A-Z][^>]*>|.", text):
        yield _press(key)


def click(find: Callable[[], QWidget]) -> Steps:
    """Click a widget with the left button."""
    yield lambda: QTest.mouseClick(find(), Qt.MouseButton.LeftButton)


def click_at(find: Callable[[], QWidget], place: Callable[[], QPoint]) -> Steps:
    """Click into a widget at a place of it."""
    yield lambda: QTest.mouseClick(
        find(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, place()
    )


def expect(kind: str) -> Steps:
    """Wait until a window of this class has the keyboard."""

    def is_there() -> bool:
        window = QApplication.activeWindow()
        return type(window).__name__ == kind and QApplication.focusWidget() is not None

    yield Until(is_there, f"a {kind} with the keyboard")


def button(words: str) -> QPushButton:
    """The button with these words in the window that is in front."""
    window = QApplication.activeModalWidget() or QApplication.activeWindow()
    assert window is not None, f"There is no window with a button “{words}”."
    for found in window.findChildren(QPushButton):
        if found.isVisible() and found.text().replace("&", "") == words:
            return found
    raise AssertionError(f"There is no button “{words}”. {scene()}")


def _press(key: str) -> Callable[[], object]:
    def press() -> None:
        widget = QApplication.focusWidget()
        assert widget is not None, f"Nothing has the keyboard for {key}. {scene()}"
        if len(key) == 1:
            QTest.keyClicks(widget, key)
            return
        *held, name = key.strip("<>").split("+")
        modifiers = Qt.KeyboardModifier.NoModifier
        for each in held:
            modifiers |= MODIFIERS[each]
        QTest.keyClick(widget, KEYS.get(name) or Qt.Key(ord(name)), modifiers)

    return press

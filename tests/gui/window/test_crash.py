import sys
import threading
from typing import Any

import pytest
from PySide6.QtCore import Qt, QTimer, qWarning
from PySide6.QtWidgets import QApplication, QLabel, QPlainTextEdit, QPushButton

from gui.window import crash
from gui.window.crash import CrashHandler
from model import error_log
from model.error_log import describe
from model.errors import KnownError

SECRET = "Mrs Jane Roe, born 1960-01-01"


def fail(text=SECRET):
    try:
        int(text)
    except ValueError as error:
        raise RuntimeError(text) from error


@pytest.fixture
def handler(light, folder_of_data, qtlog):
    with qtlog.disabled():
        hooks = sys.excepthook, threading.excepthook, sys.unraisablehook
        handler = CrashHandler()
        handler.install()
        yield handler
        handler.close()
        assert (sys.excepthook, threading.excepthook, sys.unraisablehook) == hooks


def raised():
    try:
        fail()
    except RuntimeError as error:
        return error
    raise AssertionError


def hook(error):
    """Pass an error to the hook as Python does with one that nobody catches."""
    sys.excepthook(type(error), error, error.__traceback__)


def meanwhile(act):
    """Act on the next message box, and close it if that fails."""

    def on_the_box():
        box: Any = QApplication.activeModalWidget()
        try:
            act(box)
        except BaseException:
            if box is not None:
                box.reject()
            raise

    QTimer.singleShot(50, on_the_box)


def test_a_report_contains_locations_and_types_but_no_values():
    report = describe(raised())
    assert "builtins.RuntimeError" in report
    assert "builtins.ValueError" in report
    assert "window/test_crash.py:" in report
    assert "Jane" not in report
    assert "1960" not in report


def test_a_bug_is_logged_shown_once_and_can_be_copied(handler, qtbot):
    seen = []

    def act(box):
        seen.append(box.findChild(QPlainTextEdit).toPlainText())
        buttons = {button.text(): button for button in box.findChildren(QPushButton)}
        qtbot.mouseClick(buttons["Copy report"], Qt.MouseButton.LeftButton)
        assert box.isVisible()
        qtbot.mouseClick(buttons["Continue"], Qt.MouseButton.LeftButton)

    meanwhile(act)
    hook(raised())
    qtbot.waitUntil(lambda: bool(seen))
    meanwhile(lambda box: box and (seen.append("again"), box.reject()))
    hook(raised())
    qtbot.wait(100)
    assert len(seen) == 1
    assert QApplication.clipboard().text() == seen[0]
    log = error_log.log_file().read_text(encoding="utf-8")
    assert log.count("builtins.RuntimeError") == 1
    assert "Jane" not in log


def test_an_error_that_arrives_twice_is_shown_once(handler, qtbot, monkeypatch):
    monkeypatch.setattr(crash, "QUIET_SECONDS", 0)
    shown = []

    def act(box):
        shown.append(box.accessibleName())
        box.reject()

    error = KnownError("The disk is full. All is safe.")
    meanwhile(act)
    hook(error)
    qtbot.waitUntil(lambda: bool(shown))
    meanwhile(lambda box: box and act(box))
    hook(error)
    qtbot.wait(100)
    assert shown == ["The disk is full."]


def test_a_known_error_is_shown_and_not_logged(handler, qtbot):
    said = []

    def act(box):
        said.extend(label.text() for label in box.findChildren(QLabel))
        box.reject()

    meanwhile(act)
    hook(KnownError("The disk is full. All is safe."))
    qtbot.waitUntil(lambda: bool(said))
    assert said == ["The disk is full.", "All is safe."]
    assert "KnownError" not in error_log.log_file().read_text(encoding="utf-8")


def test_a_known_error_is_shown_again_after_a_while(handler, qtbot, monkeypatch):
    shown = []

    def act(box):
        shown.append(box.accessibleName())
        box.reject()

    def raise_and_wait(count):
        meanwhile(lambda box: box and act(box))
        hook(KnownError("The disk is full."))
        qtbot.wait(100)
        assert len(shown) == count

    raise_and_wait(1)
    raise_and_wait(1)
    monkeypatch.setattr(crash, "QUIET_SECONDS", 0)
    handler._quiet_until.clear()
    raise_and_wait(2)
    raise_and_wait(3)


def test_an_error_in_a_thread_is_shown(handler, qtbot):
    seen = []

    def act(box):
        seen.append(box)
        box.reject()

    meanwhile(lambda box: meanwhile(act) if box is None else act(box))
    thread = threading.Thread(target=fail)
    thread.start()
    thread.join()
    qtbot.waitUntil(lambda: bool(seen))


def test_an_error_in_a_finaliser_is_logged(handler):
    class Fails:
        def __del__(self):
            fail()

    Fails()
    log = error_log.log_file().read_text(encoding="utf-8")
    assert "builtins.RuntimeError" in log
    assert "Jane" not in log


def test_qt_messages_are_logged_without_names(handler):
    qWarning(f"QFile::open: no such file {SECRET}")
    qWarning(f"{SECRET} is no picture")
    log = error_log.log_file().read_text(encoding="utf-8")
    assert "QFile" in log
    assert log.count("WARNING Qt") == 2
    assert "Jane" not in log
    assert "1960" not in log


def test_a_large_log_is_renamed(handler, monkeypatch):
    error_log.log.error("something")
    monkeypatch.setattr(error_log, "MAX_LOG_BYTES", 3)
    again = CrashHandler()
    again.install()
    again.close()
    assert error_log.log_file().with_suffix(".old.log").exists()
    assert error_log.log_file().read_text(encoding="utf-8") == ""

"""Backups as the window writes and shows them."""

from __future__ import annotations

import threading
from datetime import datetime, timedelta

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication, QLabel

from gui.session import preferences
from model.records import patients
from model.records.patients import Patient
from model.store.backups import files, writing
from model.store.casebook import Casebook
from tests.gui.window.test_main_window import answer, opened, path

__all__ = ["opened", "path"]

CONTROL = Qt.KeyboardModifier.ControlModifier


def add_patient(window, code: str) -> None:
    window.session.do("Add patient", lambda step: patients.save(step, Patient(code=code)))


def codes(backup) -> list[str]:
    with Casebook.open(backup.path) as casebook:
        return [each.code for each in patients.all_patients(casebook)]


def texts(window) -> list[str]:
    return [each.text() for each in window.findChildren(QLabel) if each.isVisible()]


@pytest.fixture
def backed_up(path):
    """The casebook, with a backup that is three hours old."""
    with Casebook.open(path) as casebook:
        writing.back_up_changes(casebook, at=datetime.now() - timedelta(hours=3))
    return path


def test_closing_after_a_change_backs_up(opened, path, qtbot):
    window = opened(path)
    add_patient(window, "P-005")
    window.close()
    (backup,) = files.all_backups(path)
    assert backup.path.parent.name == "study backups"
    assert "P-005" in codes(backup)


def test_closing_without_a_change_does_not_back_up(opened, backed_up):
    opened(backed_up).close()
    assert len(files.all_backups(backed_up)) == 1


def test_the_window_says_that_it_backs_up_and_takes_no_input(opened, path, qtbot, monkeypatch):
    window = opened(path)
    shown: list[bool] = []
    ended = threading.Event()

    def slow(*_arguments, **_named) -> None:
        ended.wait(5)

    def type_meanwhile() -> None:
        shown.append(window.stack.currentWidget() is window.opening_page)
        assert "Backing up study.theralog…" in texts(window)
        qtbot.keyClick(window, Qt.Key.Key_N, CONTROL | Qt.KeyboardModifier.ShiftModifier)
        window.close()
        shown.append(window.isVisible())
        ended.set()

    monkeypatch.setattr(writing, "back_up_changes", slow)
    add_patient(window, "P-005")
    QTimer.singleShot(100, window, type_meanwhile)
    qtbot.keyClick(window, Qt.Key.Key_W, CONTROL)
    assert shown == [True, True]
    assert QApplication.activeModalWidget() is None
    assert window.session is None


def test_a_backup_that_fails_is_told_and_the_casebook_closes(opened, path, qtbot):
    (path.parent / "study backups").write_text("not a folder")
    window = opened(path)
    add_patient(window, "P-005")
    told: list[str] = []
    answer("Close", told)
    window.close()
    assert "study backups" in told[0]
    assert window.session is None
    with Casebook.open(path) as casebook:
        assert patients.with_code(casebook, "P-005")


def test_the_status_line_shows_the_age_of_the_newest_backup(opened, backed_up, qtbot):
    window = opened(backed_up)
    qtbot.waitUntil(lambda: "Backup 3 h ago" in texts(window))


def test_back_up_now_writes_into_both_folders(opened, path, qtbot, tmp_path):
    stick = tmp_path / "stick"
    window = opened(path)
    preferences.remember_second_backup_folder(stick)
    qtbot.waitUntil(lambda: "No backup yet" in texts(window))
    window.actions_table["casebook.backup"].trigger()
    qtbot.waitUntil(lambda: "Backup just now" in texts(window))
    assert len(files.in_folder(path, stick)) == len(files.in_folder(path, files.folder_of(path)))


def test_the_timer_backs_up_only_what_changed(opened, path, qtbot):
    window = opened(path)
    window.backups.back_up_changes()
    qtbot.waitUntil(lambda: len(files.all_backups(path)) == 1)
    window.backups.back_up_changes()
    qtbot.waitUntil(lambda: not window.background.busy())
    assert len(files.all_backups(path)) == 1
    assert [each.interval() for each in window.backups._timers] == [30 * 60_000, 60_000]


def test_a_backup_by_the_timer_that_fails_is_told_in_the_status_line(opened, backed_up, qtbot):
    stick = backed_up.parent / "stick"
    stick.write_text("not a folder")
    window = opened(backed_up)
    preferences.remember_second_backup_folder(stick)
    add_patient(window, "P-005")
    window.backups.back_up_changes()
    qtbot.waitUntil(lambda: "Backup failed; the newest is from just now" in texts(window))
    assert "stick" in window.backups.problem
    stick.unlink()
    window.backups.back_up_changes()
    qtbot.waitUntil(lambda: "Backup just now" in texts(window))
    assert len(files.in_folder(backed_up, stick)) == 1
    preferences.remember_second_backup_folder(None)

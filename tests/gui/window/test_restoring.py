"""A backup is restored, and a damaged casebook is read, from the window."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QFileDialog

from gui.forms.passphrase import PassphraseForm
from gui.pages.dialogs.restore import RestoreDialog
from gui.pages.dialogs.salvage import SalvageDialog
from gui.session import preferences
from gui.widgets.messages import NoticeBar
from model.records import patients
from model.records.patients import Patient
from model.store.backups import files, writing
from model.store.casebook import Casebook
from tests.gui.pages.modal import in_form
from tests.gui.window.test_main_window import answer, opened, path

__all__ = ["opened", "path"]

SECRET = "correct horse battery staple"


def codes(window) -> list[str]:
    return [each.code for each in patients.all_patients(window.session.casebook)]


def back_up(path, hours: int, passphrase: str | None = None) -> None:
    with Casebook.open(path, passphrase) as casebook:
        writing.back_up_now(casebook, at=datetime.now() - timedelta(hours=hours))


def checked(dialog, qtbot) -> None:
    """Wait until each backup of the dialog has been read."""
    lines = dialog.table.records
    qtbot.waitUntil(lambda: bool(lines()) and all(line.contents for line in lines()))


def add(path, code: str, passphrase: str | None = None) -> None:
    with Casebook.open(path, passphrase) as casebook, casebook.step("Add patient") as step:
        patients.save(step, Patient(code=code))


def damage(path) -> None:
    content = bytearray(path.read_bytes())
    content[4096 * 3 : 4096 * 6] = bytes(4096 * 3)
    path.write_bytes(content)


@pytest.fixture
def backed_up(path):
    """The casebook, changed after two backups."""
    back_up(path, 5)
    add(path, "P-005")
    back_up(path, 3)
    add(path, "P-006")
    return path


def replaced(path) -> list:
    return list(path.parent.glob("study before restore *.theralog"))


def test_the_chosen_backup_of_the_open_casebook_is_restored(opened, backed_up, qtbot):
    window = opened(backed_up)
    told: list[str] = []

    def choose(dialog) -> None:
        checked(dialog, qtbot)
        ages = [dialog.table.model.index(row, 1).data() for row in range(2)]
        states = [dialog.table.model.index(row, 3).data() for row in range(2)]
        assert (ages, states) == (
            ["3 h ago", "5 h ago"],
            ["Opens, 5 patients", "Opens, 4 patients"],
        )
        qtbot.keyClick(dialog.table.view, Qt.Key.Key_Down)
        answer("Restore", told)
        qtbot.keyClick(dialog.table.view, Qt.Key.Key_Return)

    in_form(RestoreDialog, choose)
    window.actions_table["casebook.restore"].trigger()
    qtbot.waitUntil(lambda: window.session is not None and len(codes(window)) == 4)
    (kept,) = replaced(backed_up)
    assert kept.name in told[0]
    with Casebook.open(kept) as casebook:
        assert patients.with_code(casebook, "P-006")
    assert kept.name in window.findChild(NoticeBar).text()
    assert len(files.all_backups(backed_up)) == 2  # none written, none removed


def test_escape_restores_nothing(opened, backed_up, qtbot):
    window = opened(backed_up)
    told: list[str] = []

    def choose(dialog) -> None:
        qtbot.waitUntil(lambda: bool(dialog.table.records()))
        answer("Cancel", told)
        qtbot.keyClick(dialog.table.view, Qt.Key.Key_Return)

    in_form(RestoreDialog, choose)
    window.actions_table["casebook.restore"].trigger()
    assert len(told) == 1
    assert "P-006" in codes(window)
    assert replaced(backed_up) == []


def test_a_damaged_casebook_offers_its_newest_backup(opened, backed_up, qtbot):
    damage(backed_up)
    window = opened(backed_up, wait=False)
    page = window.failure_page
    qtbot.waitUntil(page.isVisible)
    assert page.newest_button.text() == "Restore &newest backup (3 h ago)"
    assert page.newest_button.hasFocus()
    told: list[str] = []
    answer("Restore", told)
    qtbot.keyClick(page.newest_button, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: window.session is not None, timeout=20_000)
    assert codes(window) == ["P-001", "P-002", "P-003", "P-004", "P-005"]
    assert len(replaced(backed_up)) == 1
    assert window.session.casebook.missing is None


def test_a_damaged_casebook_without_a_backup_offers_none(opened, path, qtbot):
    damage(path)
    window = opened(path, wait=False)
    qtbot.waitUntil(window.failure_page.isVisible)
    assert not window.failure_page.newest_button.isVisible()
    assert window.failure_page.salvage_button.hasFocus()
    qtbot.keyClick(window.failure_page.salvage_button, Qt.Key.Key_Escape)
    assert window.stack.currentWidget() is window.welcome


def test_what_is_readable_is_read_into_a_new_casebook(opened, path, qtbot, monkeypatch):
    damage(path)
    window = opened(path, wait=False)
    qtbot.waitUntil(window.failure_page.isVisible)
    to = path.with_name("new.theralog")
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(to), ""))

    def read(dialog) -> None:
        qtbot.waitUntil(dialog.open_button.isEnabled, timeout=20_000)
        qtbot.keyClick(dialog.copy_button, Qt.Key.Key_Space)
        assert QGuiApplication.clipboard().text() == dialog.report.toPlainText()
        assert str(to) in dialog.report.toPlainText()
        dialog.open_button.setFocus()
        qtbot.keyClick(dialog, Qt.Key.Key_Return)
        if dialog.isVisible():
            qtbot.keyClick(dialog.open_button, Qt.Key.Key_Space)

    in_form(SalvageDialog, read)
    qtbot.keyClick(window.failure_page.salvage_button, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: window.session is not None, timeout=20_000)
    assert window.session.casebook.path == to


def test_an_encrypted_damaged_casebook_asks_for_the_passphrase_once(opened, tmp_path, qtbot):
    path = tmp_path / "study.theralog"
    Casebook.create(path, SECRET).close()
    add(path, "P-001", SECRET)
    back_up(path, 3, SECRET)
    damage(path)
    window = opened()

    def unlock(form) -> None:
        form.passphrase.edit.setText(SECRET)
        form.accept()

    in_form(PassphraseForm, unlock)
    window.open_casebook(path)
    qtbot.waitUntil(window.failure_page.isVisible, timeout=20_000)
    told: list[str] = []
    answer("Restore", told)
    qtbot.keyClick(window.failure_page.newest_button, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: window.session is not None, timeout=20_000)
    assert codes(window) == ["P-001"]


def test_a_lost_casebook_is_restored_from_the_welcome_page(opened, backed_up, qtbot, monkeypatch):
    backup = files.all_backups(backed_up)[0].path
    backed_up.unlink()
    window = opened()
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_: (str(backup), ""))
    told: list[str] = []

    def choose(dialog) -> None:
        qtbot.waitUntil(lambda: bool(dialog.table.records()))
        answer("Restore", told)
        qtbot.keyClick(dialog.table.view, Qt.Key.Key_Return)

    in_form(RestoreDialog, choose)
    qtbot.keyClick(window.welcome.restore_button, Qt.Key.Key_Space)
    qtbot.waitUntil(lambda: window.session is not None, timeout=20_000)
    assert window.session.casebook.path == backed_up
    assert "P-005" in codes(window)


def test_a_backup_that_does_not_open_cannot_be_chosen(opened, backed_up, qtbot):
    files.all_backups(backed_up)[0].path.write_bytes(b"nothing")
    window = opened(backed_up)
    seen: list[bool] = []

    def choose(dialog) -> None:
        checked(dialog, qtbot)
        assert dialog.table.model.index(0, 3).data() == "Does not open"
        qtbot.keyClick(dialog.table.view, Qt.Key.Key_Return)
        seen.append(dialog.isVisible() and not dialog.restore_button.isEnabled())
        qtbot.keyClick(dialog.table.view, Qt.Key.Key_Escape)

    in_form(RestoreDialog, choose)
    window.actions_table["casebook.restore"].trigger()
    assert seen == [True]


def test_the_window_stays_responsive_while_a_backup_is_restored(opened, backed_up, qtbot):
    window = opened(backed_up)
    beats: list[int] = []
    timer = QTimer(window)
    timer.timeout.connect(lambda: beats.append(1))
    answer("Restore", [])
    window._restoring.restore(backed_up, files.all_backups(backed_up)[0], None)
    timer.start(10)
    qtbot.waitUntil(lambda: len(replaced(backed_up)) == 1 and window.session is not None)
    assert beats
    assert QApplication.activeModalWidget() is None


def test_a_backup_of_another_casebook_of_the_same_name_is_not_restored(
    opened, backed_up, tmp_path, qtbot
):
    other = tmp_path / "other" / "study.theralog"
    other.parent.mkdir()
    Casebook.create(other).close()
    add(other, "X-001")
    stick = tmp_path / "stick"
    with Casebook.open(other) as casebook:
        writing.back_up_now(casebook, at=datetime.now(), second_folder=stick)
    window = opened(backed_up)
    preferences.remember_second_backup_folder(stick)
    seen: list[bool] = []

    def choose(dialog) -> None:
        checked(dialog, qtbot)
        assert dialog.table.model.index(0, 3).data() == "Of another casebook"
        qtbot.keyClick(dialog.table.view, Qt.Key.Key_Return)
        seen.append(dialog.isVisible() and not dialog.restore_button.isEnabled())
        qtbot.keyClick(dialog.table.view, Qt.Key.Key_Escape)

    in_form(RestoreDialog, choose)
    window.actions_table["casebook.restore"].trigger()
    assert seen == [True]
    window.close_casebook()
    damage(backed_up)
    window.open_casebook(backed_up)
    qtbot.waitUntil(window.failure_page.isVisible)
    assert window.failure_page._failure.newest.path.parent.name == "study backups"


def test_escape_goes_back_to_the_open_casebook(opened, backed_up, tmp_path, qtbot):
    other = tmp_path / "open.theralog"
    Casebook.create(other).close()
    add(other, "A-001")
    window = opened(other)
    damage(backed_up)
    window.open_casebook(backed_up)
    qtbot.waitUntil(window.failure_page.isVisible)
    qtbot.keyClick(window.failure_page.newest_button, Qt.Key.Key_Escape)
    assert window.stack.currentWidget() is window.places.patients
    assert window.actions_table["patient.new"].isEnabled()
    assert codes(window) == ["A-001"]
    window.open_casebook(backed_up)
    qtbot.waitUntil(window.failure_page.isVisible)
    answer("Restore", [])
    qtbot.keyClick(window.failure_page.newest_button, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: window.session is not None and "P-005" in codes(window))
    assert len(files.all_backups(other)) == 1  # the other one was backed up when it was closed

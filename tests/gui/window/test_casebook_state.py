"""What the window says of a casebook that is edited elsewhere, was moved or has lost work."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QSettings, QTimer
from PySide6.QtWidgets import QApplication, QFileDialog

from gui.forms.patient import PatientForm
from gui.window.app import name_program
from gui.window.main_window import MainWindow
from model.errors import FileReplaced
from model.records import patients
from model.records.patients import Patient
from model.store import holder
from model.store.casebook import Access, Casebook


@pytest.fixture
def path(tmp_path: Path) -> Path:
    path = tmp_path / "study.theralog"
    with Casebook.create(path) as casebook, casebook.step("Add patients") as step:
        patients.save(step, Patient(code="P-001"))
    return path


@pytest.fixture
def opened(light, qtbot, folder_of_data) -> Iterator:
    name_program()
    QSettings().clear()
    held: list[MainWindow] = []

    def show(path: Path) -> MainWindow:
        window = MainWindow()
        held.append(window)
        window.resize(1200, 800)
        window.show()
        qtbot.waitExposed(window)
        window.begin(path)
        qtbot.waitUntil(lambda: window.places is not None, timeout=20_000)
        return window

    yield show
    for window in held:
        window.close()
        window.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)


def test_a_second_window_reads_and_takes_over_when_the_first_has_closed(opened, path, qtbot):
    first = opened(path)
    second = opened(path)
    assert first.banner.text() == ""
    assert "has been open since" in second.banner.text()
    assert not second.actions_table["patient.new"].isEnabled()
    assert not second.actions_table["edit.undo"].isEnabled()
    assert second.actions_table["casebook.new"].isEnabled()
    assert second.actions_table["search.patients"].isEnabled()
    assert not second.places.patients.page.header.cycle_button.isEnabled()
    QTimer.singleShot(0, lambda: QApplication.activeModalWidget().close())
    with second.session.casebook.new_connection() as reader:
        assert patients.all_patients(reader)
    assert PatientForm.ask(second, second.session) is None
    second.banner.button.click()
    assert "has been open since" in second.banner.text()
    first.close_casebook()
    second.banner.button.click()
    qtbot.waitUntil(lambda: second.session is not None and second.session.read_only is None)
    assert second.banner.text() == ""
    assert second.actions_table["patient.new"].isEnabled()


def test_a_casebook_that_was_moved_is_saved_under_another_name(opened, path, qtbot, monkeypatch):
    window = opened(path)
    path.rename(path.with_name("moved.theralog"))
    with pytest.raises(FileReplaced):
        window.session.do("Add patient", lambda step: patients.save(step, Patient(code="P-2")))
    assert "Nothing more is saved" in window.banner.text()
    assert not window.actions_table["patient.new"].isEnabled()
    new = path.with_name("saved.theralog")
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(new), ""))
    window.banner.button.click()
    assert window.session.casebook.path == new
    assert window.banner.text() == ""
    window.session.do("Add patient", lambda step: patients.save(step, Patient(code="P-2")))
    assert [each.code for each in patients.all_patients(window.session.casebook)] == [
        "P-001",
        "P-2",
    ]


def test_a_moved_casebook_is_noticed_without_a_step(opened, path):
    window = opened(path)
    path.rename(path.with_name("moved.theralog"))
    window.session._watch.timeout.emit()
    assert "Nothing more is saved" in window.banner.text()


def test_a_lost_log_is_told_above_the_page(opened, path):
    with Casebook.open(path) as casebook:
        for number in range(3):
            with casebook.step("Add patient") as step:
                patients.save(step, Patient(code=f"P-{number}"))
        copy = path.with_name("copy.theralog")
        shutil.copy(path, copy)
        shutil.copy(holder.info_path(path), holder.info_path(copy))
    window = opened(copy)
    assert "3 entries of the journal are missing" in window.banner.text()


def test_the_log_is_merged_into_the_file_after_a_while(opened, path, qtbot):
    window = opened(path)
    window._idle.setInterval(10)
    before = path.read_bytes()
    window.session.do("Add patient", lambda step: patients.save(step, Patient(code="P-2")))
    qtbot.waitUntil(lambda: path.read_bytes() != before, timeout=10_000)
    qtbot.waitUntil(lambda: not window.background.busy())
    copy = path.with_name("copy.theralog")
    shutil.copy(path, copy)
    with Casebook.open(copy, access=Access.READ) as reading:
        assert [each.code for each in patients.all_patients(reading)] == ["P-001", "P-2"]


def test_the_passphrase_is_changed_and_the_casebook_opened_again(opened, path, qtbot, monkeypatch):
    window = opened(path)
    monkeypatch.setattr(
        "gui.forms.passphrase.ChangePassphraseForm.ask", lambda *_: "four plain words here"
    )
    window.actions_table["casebook.passphrase"].trigger()
    qtbot.waitUntil(
        lambda: window.session is not None and window.session.casebook.encrypted, timeout=30_000
    )
    window.session.do("Add patient", lambda step: patients.save(step, Patient(code="P-2")))
    window.close_casebook()
    with Casebook.open(path, "four plain words here") as casebook:
        assert [each.code for each in patients.all_patients(casebook)] == ["P-001", "P-2"]

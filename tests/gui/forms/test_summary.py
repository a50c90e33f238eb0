"""Summary as PDF…: what is asked, what is refused, and the file at the end."""

from __future__ import annotations

import json

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QTimer
from PySide6.QtWidgets import QApplication, QFileDialog

from gui.forms.pdf import SummaryForm
from gui.widgets.messages import NoticeBar
from gui.window.main_window import MainWindow
from model.errors import InvalidRecord
from model.records import patients
from model.records.patients import Patient
from model.store.casebook import Casebook


@pytest.fixture
def path(tmp_path):
    """A casebook with one patient."""
    path = tmp_path / "study.theralog"
    with Casebook.create(path) as casebook, casebook.step("Add patient") as step:
        patients.save(step, Patient(code="P/001", sex="F"))
    return path


@pytest.fixture
def form(light, qtbot, path):
    with Casebook.open(path) as casebook:
        patient = patients.with_code(casebook, "P/001")
    form = SummaryForm(None, patient, path)
    qtbot.addWidget(form, before_close_func=SummaryForm.remember)
    form.show()
    return form


def test_an_identified_page_beside_the_casebook_is_suggested(form, path):
    wish = form.save()
    assert wish.code is None
    assert wish.page == "A4"
    assert wish.path == path.with_name("P-001 summary.pdf")


def test_a_suggested_name_does_not_give_the_study_code_away(form, path):
    form.pseudonymised.set_value(True)
    wish = form.save()
    assert wish.code is not None
    assert wish.path == path.with_name(f"{wish.code} summary.pdf")
    form.pseudonymised.set_value(False)
    assert form.save().path == path.with_name("P-001 summary.pdf")


def test_a_name_that_was_typed_stays(form, path):
    form.file.field.set_value("mine")
    form.pseudonymised.set_value(True)
    assert form.save().path == path.with_name("mine.pdf")


def test_a_file_that_is_there_is_not_written_over_unasked(form, path, monkeypatch):
    taken = path.with_name("taken.pdf")
    taken.write_text("mine")
    form.file.field.set_value("taken")
    with pytest.raises(InvalidRecord, match="already"):
        form.save()
    # Browsing to it asks whether it may be replaced.
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(taken), ""))
    form.file._browse()
    assert form.save().path == taken


def test_a_folder_that_is_not_there_is_named(form, path):
    form.file.field.set_value(str(path.with_name("nowhere") / "one.pdf"))
    with pytest.raises(InvalidRecord, match="nowhere"):
        form.save()


@pytest.mark.parametrize(
    ("typed", "said"),
    [("", "folder"), ("./", "folder"), ("~nobody-of-that-name/x", "cannot"), ("x" * 300, "cannot")],
)
def test_what_is_no_name_of_a_file_is_told_in_words(form, typed, said):
    form.file.field.set_value(typed)
    with pytest.raises(InvalidRecord, match=said):
        form.file.path()


def test_from_the_window_a_page_is_made_and_noted(light, qtbot, folder_of_data, path):
    window = MainWindow()
    window.show()
    window.begin(path)
    qtbot.waitUntil(lambda: window.places is not None, timeout=20_000)
    qtbot.waitUntil(lambda: window.actions_table["patient.summary"].isEnabled())

    def press_save():
        form = QApplication.activeModalWidget()
        if not isinstance(form, SummaryForm):
            QTimer.singleShot(20, press_save)
            return
        form.pseudonymised.set_value(True)
        form.save_button.click()

    QTimer.singleShot(20, press_save)
    window.actions_table["patient.summary"].trigger()
    qtbot.waitUntil(lambda: window.findChild(NoticeBar) is not None, timeout=20_000)
    bar = window.findChild(NoticeBar)
    assert "summary.pdf”" in bar.text()
    assert bar.action_button().text() == "Open"
    (made,) = path.parent.glob("*.pdf")
    assert made.read_bytes().startswith(b"%PDF")
    rows = window.session.casebook.rows(
        "select * from journal where action = 'Patient summary' order by seq"
    )
    noted = json.loads(rows[-1]["after"])
    assert made.name == f"{noted['code']} summary.pdf"
    assert noted["patient_id"] == window.places.patients.patient_id()
    window.close()
    window.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)

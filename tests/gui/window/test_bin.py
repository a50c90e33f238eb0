"""The bin in the window: listed, filtered and restored by keyboard."""

from __future__ import annotations

from datetime import date

import pytest
from PySide6.QtCore import Qt

from gui.pages.dialogs.bin import BinDialog
from gui.widgets.messages import NoticeBar
from model.records import notes, patients, whole_patient
from model.records.notes import Note
from model.records.patients import Patient
from tests.gui.pages.modal import in_form
from tests.gui.window.test_main_window import answer, opened, path

__all__ = ["opened", "path"]


@pytest.fixture
def window(opened, path):
    """The window, after a note of P-001 and the patient P-002 with a note were deleted."""
    window = opened(path)
    casebook = window.session.casebook
    with casebook.step("Add notes") as step:
        added = [
            notes.save(step, Note(patient_id=each.id, written_on=date(2025, 4, 1), text="Well."))
            for each in patients.all_patients(casebook)[:2]
        ]
    window.session.do("Delete note", lambda step: step.remove("note", added[0].id))
    second = patients.with_code(casebook, "P-002")
    window.session.do("Delete patient", lambda step: whole_patient.remove_patient(step, second))
    return window


def codes(window) -> list[str]:
    return [each.code for each in patients.all_patients(window.session.casebook)]


def texts(dialog, column: int) -> list[str]:
    model = dialog.table.model
    return [model.index(row, column).data() for row in range(model.rowCount())]


def loaded(dialog, qtbot) -> None:
    """Wait until the dialog shows records and takes shortcuts."""
    qtbot.waitUntil(dialog.isActiveWindow)
    qtbot.waitUntil(lambda: bool(dialog.table.records()))


def test_what_was_deleted_is_listed_and_restored_with_enter(window, qtbot):
    def act(dialog) -> None:
        loaded(dialog, qtbot)
        assert texts(dialog, 3) == ["Patient", "Note"]
        assert texts(dialog, 2) == ["P-002", "P-001"]
        assert texts(dialog, 1) == [window.session.casebook.user] * 2
        assert texts(dialog, 6) == ["1 record", ""]
        qtbot.keyClick(dialog.table.view, Qt.Key.Key_Return)
        qtbot.waitUntil(lambda: "P-002" in codes(window) and len(dialog.table.records()) == 1)
        assert dialog.state.text() == "2 records were restored."
        qtbot.keyClick(dialog.table.view, Qt.Key.Key_Escape)

    in_form(BinDialog, act)
    window.actions_table["casebook.bin"].trigger()
    assert window.findChild(NoticeBar).text() == "2 records were restored."
    # The offscreen platform gives the keyboard back to nobody when a dialog closes.
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    qtbot.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert "P-002" not in codes(window)


def test_several_records_are_restored_in_one_step(window, qtbot):
    def act(dialog) -> None:
        loaded(dialog, qtbot)
        qtbot.keyClick(dialog.table.view, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
        qtbot.keyClick(dialog, Qt.Key.Key_R, Qt.KeyboardModifier.AltModifier)
        qtbot.waitUntil(lambda: not dialog.table.records())
        qtbot.keyClick(dialog.table.view, Qt.Key.Key_Escape)

    in_form(BinDialog, act)
    window.actions_table["casebook.bin"].trigger()
    assert window.session.casebook.undo_label == "Restore deleted records"
    window.session.undo()
    assert not window.session.casebook.rows("select 1 from note where deleted_at is null")


def test_the_bin_is_filtered_to_the_open_patient_and_to_what_was_deleted_with_it(window, qtbot):
    window.places.patients.open_patient(patients.with_code(window.session.casebook, "P-001").id)

    def act(dialog) -> None:
        loaded(dialog, qtbot)
        assert dialog.only_patient.text() == "&Only P-001"
        qtbot.keyClick(dialog, Qt.Key.Key_O, Qt.KeyboardModifier.AltModifier)
        qtbot.waitUntil(lambda: texts(dialog, 2) == ["P-001"])
        qtbot.keyClick(dialog, Qt.Key.Key_O, Qt.KeyboardModifier.AltModifier)
        qtbot.keyClick(dialog, Qt.Key.Key_D, Qt.KeyboardModifier.AltModifier)
        qtbot.waitUntil(lambda: texts(dialog, 3) == ["Patient", "Note", "Note"])
        assert texts(dialog, 6)[1] == "Patient P-002 (in the bin)"
        qtbot.keyClick(dialog.table.view, Qt.Key.Key_Escape)

    in_form(BinDialog, act)
    window.actions_table["casebook.bin"].trigger()


def test_a_code_that_is_taken_again_is_told_in_one_sentence(window, qtbot):
    window.session.do("Add patient", lambda step: patients.save(step, Patient(code="P-002")))
    told: list[str] = []

    def act(dialog) -> None:
        loaded(dialog, qtbot)
        answer("Close", told)
        qtbot.keyClick(dialog.table.view, Qt.Key.Key_Return)
        qtbot.waitUntil(lambda: bool(told))
        assert len(dialog.table.records()) == 2
        qtbot.keyClick(dialog.table.view, Qt.Key.Key_Escape)

    in_form(BinDialog, act)
    window.actions_table["casebook.bin"].trigger()
    assert "another patient has this code now" in told[0]

"""A patient is erased from the window only after the code was typed again and a reason given."""

from __future__ import annotations

from PySide6.QtCore import QObject

from gui.pages.dialogs.erase import EraseForm
from model.records import patients
from model.records.patients import Patient


def test_the_code_and_a_reason_are_needed(light, qtbot):
    form = EraseForm(None, "P-1")
    qtbot.addWidget(form)
    form.show()
    form.code.set_value("P-2")
    form.reason.set_value("On request")
    form.accept()
    assert form.isVisible()
    assert "not the code" in form.code.problem()
    form.code.set_value("P-1")
    form.accept()
    assert not form.isVisible()
    assert form._saved == "On request"


def test_an_erased_patient_is_announced_and_gone(session, background, qtbot):
    saved = session.do("Add", lambda step: patients.save(step, Patient(code="P-erased")))
    owner, reports, changes = QObject(), [], []
    session.changed.connect(changes.append)
    session.erase(background, owner, saved.id, "On request", reports.append)
    qtbot.waitUntil(lambda: bool(reports), timeout=20_000)
    assert reports[0].rows == 1
    assert changes[0].concerns_all
    assert patients.with_code(session.casebook, "P-erased") is None
    assert session.casebook.undo_label in (None, "Add")

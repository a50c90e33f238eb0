"""Both versions side by side: read, copied, and nothing changed by it."""

from __future__ import annotations

import threading
from datetime import date
from decimal import Decimal

import pytest
from PySide6.QtGui import QGuiApplication

from gui.pages.dialogs.regrade import RegradeDialog
from model.grading import regrade
from model.records import kinds, labs, toxicities
from model.records.labs import LabResult
from model.records.toxicities import Toxicity


@pytest.fixture
def dialog(session, ann, background, shown, qtbot):
    def made(patient_id):
        def work(step):
            labs.save(
                step,
                LabResult(
                    patient_id=ann.id,
                    taken_on=date(2025, 3, 31),
                    analyte="anc",
                    value=Decimal("0.8"),
                    unit="10*9/L",
                    lln=Decimal("1.5"),
                ),
            )
            toxicities.save(
                step, Toxicity(patient_id=ann.id, term="Nausea", ctcae_version="5.0", grade=1)
            )

        session.do("Add labs", work)
        dialog = shown(RegradeDialog(None, session, background, patient_id))
        qtbot.waitUntil(lambda: bool(dialog.table.records()))
        return dialog

    return made


def test_what_differs_stands_first_and_is_marked(dialog, ann):
    shown = dialog(ann.id)
    cells = [
        [column.text(line) for column in shown.table.model.columns]
        for line in shown.table.records()
    ]
    assert cells[0][1:5] == ["Neutrophils, absolute ↓", "≠", "G3", "Neutrophil count decreased"]
    assert cells[0][6] == "G2"
    assert cells[1][1:3] == ["Platelets ↓", ""]
    assert shown.state.text() == "2 grades, 1 differs between the versions."


def test_what_no_number_decides_is_listed_for_a_clinician(dialog, ann):
    events = dialog(None).events.records()
    assert [(code, event.term) for code, event in events] == [("P-001", "Nausea")]


def test_nothing_is_changed(dialog, session, ann):
    changes = []
    shown = dialog(None)
    session.changed.connect(changes.append)
    shown.csv_button.click()
    shown.reject()
    assert changes == []
    assert session.casebook.undo_label == "Add labs"
    recorded = kinds.of_patient(session.casebook, Toxicity, ann.id)
    assert [(each.ctcae_version, each.grade) for each in recorded] == [("5.0", 3), ("5.0", 1)]


def test_it_is_copied_as_text_and_as_csv(dialog, ann):
    shown = dialog(ann.id)
    shown.csv_button.click()
    assert QGuiApplication.clipboard().text().startswith("patient,decided_by,analyte")
    shown.text_button.click()
    assert QGuiApplication.clipboard().text().startswith("patient\tdecided_by\tanalyte")


def test_closing_stops_what_is_under_way(session, background, shown, qtbot, monkeypatch):
    go_on = threading.Event()
    graded = regrade.regrade

    def wait_and_grade(records):
        go_on.wait(10)
        return graded(records)

    monkeypatch.setattr("gui.pages.dialogs.regrade.regrade", wait_and_grade)
    dialog = shown(RegradeDialog(None, session, background, None))
    dialog.reject()
    go_on.set()
    qtbot.waitUntil(lambda: not background.busy())
    assert dialog.table.records() == []

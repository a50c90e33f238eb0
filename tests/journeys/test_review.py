"""A result becomes a grade: platelets of 44 are entered, accepted as grade 3, and taken back."""

from __future__ import annotations

from datetime import date

import pytest
from PySide6.QtWidgets import QApplication

from gui.widgets.messages import NoticeBar
from model.dates import PartialDate
from model.records import cycles, kinds, patients
from model.records.administrations import Administration
from model.records.cycles import Cycle
from model.records.patients import Patient
from model.records.toxicities import Toxicity
from model.store.casebook import Casebook
from tests.journeys.hands import Hands, Steps, button, click, expect, type_, until

pytestmark = pytest.mark.journey

LABS = 2


@pytest.fixture
def file(tmp_path):
    """A casebook with a patient who has had one cycle."""
    path = tmp_path / "review.theralog"
    with Casebook.create(path) as casebook, casebook.step("Set up") as step:
        patient = patients.save(step, Patient(code="P-001", sex="F"))
        cycles.save(
            step,
            Cycle(patient_id=patient.id or 0, number=1, given_on=date(2025, 3, 10)),
            [Administration(number=1, nuclide="225Ac", unit="MBq", administered_mbq=6.1)],
        )
    return path


def test_platelets_44_are_accepted_as_grade_3_by_keyboard_and_undone(open_window, file):
    window = open_window(file)

    def page():
        return window.places.patients.page

    def cards():
        return page().tab(0).review.cards()

    def recorded():
        reader = window.session.casebook
        found = kinds.of_patient(reader, Toxicity, page().patient_id)
        return [(each.term, each.ctcae_version, each.grade, each.onset_on) for each in found]

    def notice() -> str:
        bar = window.findChild(NoticeBar)
        return bar.text() if bar else ""

    def go() -> Steps:
        yield from until(lambda: window.places is not None, "the casebook is open")
        yield from expect("MainWindow")
        yield from type_("<Ctrl+F>P-001<Enter>")
        yield from until(lambda: page().patient_id, "the patient's page")
        yield from type_("<Alt+3>")
        assert page().tabs.currentIndex() == LABS
        yield from type_("<Ctrl+L>")
        yield from expect("LabsForm")
        yield from type_("<Ctrl+A>2025-03-31<Tab><Tab><Tab><Tab><Tab>44<Ctrl+Enter>")
        yield from expect("MainWindow")
        yield from until(lambda: notice() == "1 proposed grade to review.", "word of the proposal")
        yield from click(lambda: button("Review"))
        yield from until(lambda: cards() and cards()[0].hasFocus(), "the proposal")
        assert "44 < 50" in cards()[0].accessibleName()
        assert recorded() == []
        yield from type_("A")
        decided = "Recorded: Platelet count decreased, grade 3."
        yield from until(lambda: notice() == decided, "word of the decision")
        event = ("Platelet count decreased", "5.0", 3, PartialDate(2025, 3, 31))
        assert recorded() == [event]
        assert page().tabs.tabText(3) == "Toxicities 1"
        assert cards() == []
        yield from type_("<Ctrl+Z>")
        yield from until(lambda: notice() == "Undone: accept grade.", "word of the undoing")
        assert recorded() == []
        yield from until(cards, "the proposal again")
        yield from type_("<Ctrl+R>")
        yield from until(lambda: QApplication.focusWidget() is cards()[0], "the proposal")

    Hands().go(go())

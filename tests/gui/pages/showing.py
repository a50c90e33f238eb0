"""How tests hand a patient to a part of the patient's page, as the page itself does."""

from __future__ import annotations

from typing import Any

from gui.pages.patient.tab import Tab
from gui.session.open_patient import OpenPatient
from model.records import patient_records


def show(tab: Tab, patient_id: int | None) -> None:
    """Show a patient, as they are now, in a tab."""
    casebook = tab.session.casebook
    tab.show_patient(None if patient_id is None else patient_records.load(casebook, patient_id))


def hand_on(patient: OpenPatient, part: Any) -> None:
    """Hand the open patient to a tab or a card, now and after each change."""
    patient.loaded.connect(lambda _change: part.show_patient(patient.records))

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from PySide6.QtWidgets import QLabel

from gui.pages.patient.course.due_card import DueCard
from model.due import schedule as due_schedule
from model.due.schedule import DUE_SCHEDULE, default_schedule
from model.records import kinds, labs, patients, whole_patient
from model.records.followups import FollowUp
from model.records.labs import LabResult
from model.records.outcome import ends_of_treatment
from model.records.outcome.ends_of_treatment import EndOfTreatment
from model.records.patients import Patient
from model.store.settings import save_setting
from tests.gui.pages.showing import hand_on

CYCLE = date(2025, 3, 10)  # Ann's, of conftest


def day(number: int) -> date:
    return CYCLE + timedelta(days=number)


@pytest.fixture
def today() -> list[date]:
    """The date that the card uses as today."""
    return [day(20)]


@pytest.fixture
def card(patient, shown, today):
    card = shown(DueCard(lambda: today[0]))
    hand_on(patient, card)
    return card


def measure(session, patient, on: date) -> None:
    results = [
        LabResult(patient_id=patient.id, taken_on=on, analyte=key, value=Decimal(5))
        for key in ("hb", "anc")
    ]
    results.append(LabResult(patient_id=patient.id, taken_on=on, analyte="plt", value=Decimal(200)))
    session.do("Enter results", lambda step: labs.save_all(step, results))


def test_each_due_item_has_a_line(patient, card, ann):
    patient.show_patient(ann.id)
    assert card.lines() == [
        "CBC, 24 Mar 2025, 6 d overdue",
        "Creatinine, LFT, 7 Apr 2025, in 8 d",
        "Next cycle (C2), 5 May 2025, in 36 d",
        "Follow-up call, 2 Jun 2025, in 64 d",
        "Imaging, 2 Jun 2025, in 64 d",
    ]
    assert not card.note.isVisible()


def test_a_date_that_does_not_fit_is_below_and_not_cut(patient, card, ann, today, qtbot):
    today[0] = day(1100)
    card._days.look()
    card.resize(250, 400)
    patient.show_patient(ann.id)
    qtbot.wait(50)
    labels = card._rows.findChildren(QLabel)
    assert [label.text() for label in labels if label.width() < label.sizeHint().width()] == []
    narrow = sum(line.height() for line in card._due_lines)
    card.resize(600, 400)
    qtbot.wait(50)
    assert sum(line.height() for line in card._due_lines) < narrow


def test_for_the_dead_nothing_is_due(patient, card, bob):
    patient.show_patient(bob.id)
    assert card.lines() == []
    assert card.note.text() == "Deceased: nothing is due."


def test_without_a_patient_it_is_empty(patient, card, ann):
    patient.show_patient(ann.id)
    patient.show_patient(None)
    assert card.lines() == []
    assert not card.note.isVisible()


def test_the_card_explains_why_nothing_is_due(patient, card, session, ann, today):
    new = session.do("Add", lambda step: patients.save(step, Patient(code="P-9")))
    patient.show_patient(new.id)
    assert card.note.text() == "No cycle yet: nothing is due by the schedule."
    missed = FollowUp(patient_id=ann.id, seen_on=day(60), status="unknown")
    session.do("Add follow-up", lambda step: whole_patient.save_follow_up(step, missed))
    only_calls = [
        rule for rule in default_schedule() if rule.kind is not due_schedule.DueKind.FOLLOW_UP
    ]
    session.do("Change", lambda step: due_schedule.save(step, only_calls))
    today[0] = day(70)
    card._days.look()
    patient.show_patient(ann.id)
    assert card.note.text() == "Out of reach since 9 May 2025."


def test_the_card_shows_new_records_of_its_patient(patient, card, session, ann, bob):
    patient.show_patient(ann.id)
    measure(session, ann, day(14))
    assert card.lines()[0] == "CBC, 7 Apr 2025, in 8 d"
    session.undo()
    assert card.lines()[0] == "CBC, 24 Mar 2025, 6 d overdue"


def test_a_change_of_another_patient_causes_no_refresh(
    patient, card, session, ann, bob, monkeypatch
):
    patient.show_patient(ann.id)
    asked = []
    monkeypatch.setattr(DueCard, "_refresh", lambda _card: asked.append(1))
    seen = replace(kinds.of_patient(session.casebook, FollowUp, bob.id)[0], comment="x")
    session.do("Edit follow-up", lambda step: whole_patient.save_follow_up(step, seen))
    assert asked == []


def test_the_card_follows_the_schedule_and_the_date(patient, card, session, ann, today):
    patient.show_patient(ann.id)
    own = [replace(default_schedule()[0], what="Blood")]
    session.do("Change due schedule", lambda step: due_schedule.save(step, own))
    assert card.lines() == ["Blood, 24 Mar 2025, 6 d overdue"]
    today[0] = day(14)
    card._days.look()
    assert card.lines() == ["Blood, 24 Mar 2025, today"]


def test_a_schedule_that_cannot_be_read_is_told(patient, card, session, ann):
    patient.show_patient(ann.id)
    session.do("Spoil", lambda step: save_setting(step, DUE_SCHEDULE, "{"))
    assert card.lines() == []
    assert "cannot be read" in card.note.text()


def test_a_finished_treatment_is_stated_and_has_no_next_cycle(patient, card, session, ann):
    patient.show_patient(ann.id)
    end = EndOfTreatment(patient_id=ann.id, ended_on=day(20), reason="patient_wish")
    session.do("Add end of treatment", lambda step: ends_of_treatment.save(step, end))
    assert not [line for line in card.lines() if line.startswith("Next cycle")]
    assert card.note.text() == "Treatment ended on 30 Mar 2025: patient wish."
    session.undo()
    assert [line for line in card.lines() if line.startswith("Next cycle")]
    assert not card.note.isVisible()

"""The list of patients shows what is due, computed off the GUI thread, as of today."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from PySide6.QtWidgets import QMainWindow

from gui.actions import Actions
from gui.pages.patients.patient_list import DUE
from gui.pages.patients.patients_page import PatientsPage
from model.due import schedule as due_schedule
from model.due.schedule import DUE_SCHEDULE, default_schedule
from model.records import cycles, labs, patients
from model.records.cycles import Cycle
from model.records.labs import LabResult
from model.records.patients import Patient
from model.store.settings import save_setting

CYCLE = date(2025, 3, 10)  # Ann's, of conftest


def day(number: int) -> date:
    return CYCLE + timedelta(days=number)


@pytest.fixture
def today() -> list[date]:
    """The date that the page uses as today."""
    return [day(20)]


@pytest.fixture
def others(session) -> list[Patient]:
    """Two women without a record."""

    def work(step):
        return [patients.save(step, Patient(code=code)) for code in ("P-003", "P-004")]

    return session.do("Add patients", work)


@pytest.fixture
def page(session, background, qtbot, today, others):
    window = QMainWindow()
    qtbot.addWidget(window)
    session.clock = lambda: today[0]
    page = PatientsPage(session, Actions(window), background)
    window.setCentralWidget(page)
    settle(background, qtbot)
    yield page
    page.leave()


def settle(background, qtbot) -> None:
    qtbot.waitUntil(lambda: not background.busy(), timeout=10_000)


def said(page) -> list[str]:
    return [page.list.rows.status_of(overview) for overview in page.list.rows.overviews]


def treat(session, patient: Patient, on: date) -> None:
    visit = Cycle(patient_id=patient.id, number=1, given_on=on)
    session.do("Add cycle", lambda step: cycles.save(step, visit, []))


def test_the_list_shows_what_is_due(page):
    assert page.list.chips[DUE].text() == "Due 1"
    assert said(page) == ["labs overdue", "deceased", "no cycle yet", "no cycle yet"]


def test_rapid_changes_are_all_shown(page, session, others, background, qtbot):
    treat(session, others[0], day(5))
    treat(session, others[1], day(8))
    settle(background, qtbot)
    assert said(page) == ["labs overdue", "deceased", "labs due 29 Mar", "labs due 1 Apr"]
    assert page.list.chips[DUE].text() == "Due 3"
    session.undo()
    settle(background, qtbot)
    assert said(page)[2:] == ["labs due 29 Mar", "no cycle yet"]


def test_what_was_done_is_not_due_any_more(page, session, ann, background, qtbot):
    results = [
        LabResult(patient_id=ann.id, taken_on=day(16), analyte=key, value=Decimal(5))
        for key in ("hb", "plt", "wbc")
    ]
    session.do("Enter results", lambda step: labs.save_all(step, results))
    settle(background, qtbot)
    assert said(page)[0] == "labs due 7 Apr"
    assert page.list.chips[DUE].text() == "Due 0"


def test_a_changed_schedule_and_another_day_concern_all(page, session, today, background, qtbot):
    calls = [rule for rule in default_schedule() if rule.kind is due_schedule.DueKind.FOLLOW_UP]
    session.do("Change due schedule", lambda step: due_schedule.save(step, calls))
    settle(background, qtbot)
    assert said(page)[0] == "C1 done"
    # The results of 14 April have come by then.
    today[0] = date(2025, 7, 1)
    page._days.look()
    settle(background, qtbot)
    assert said(page)[0] == "call due 7 Jul"
    session.do("Spoil", lambda step: save_setting(step, DUE_SCHEDULE, "{"))
    settle(background, qtbot)
    assert said(page)[0] == "C1 done"

"""How often the store is queried when one value is saved while a patient's page is open."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from PySide6.QtWidgets import QLabel
from sqlite_utils import Database

from gui.actions import Actions
from gui.pages.patients.patient_page import PatientTab
from gui.pages.patients.patients_page import PatientsPage
from model.records import labs
from model.records.labs import LabResult

WAIT = 30_000  # ms, for a busy machine
MOST = 20
"""Queries that one saved laboratory value may lead to, those of its own step included."""


@pytest.fixture
def queries(monkeypatch) -> list[str]:
    """Every query for records, on any connection, when it is run.

    What sqlite-utils looks up of the schema before it inserts is not counted.
    """
    found: list[str] = []
    execute = Database.execute

    def counted(self, sql, *arguments):
        is_query = sql.strip().lower().startswith(("select", "with"))
        if is_query and "sqlite_master" not in sql:
            found.append(sql)
        return execute(self, sql, *arguments)

    monkeypatch.setattr(Database, "execute", counted)
    return found


@pytest.mark.parametrize("tab", [PatientTab.COURSE, PatientTab.LABS])
def test_a_saved_laboratory_value_leads_to_few_queries(
    session, ann, background, shown, qtbot, queries, tab
):
    window = shown(QLabel())
    page = shown(PatientsPage(session, Actions(window), background))
    page.page.tabs.setCurrentIndex(tab)
    page.open_patient(ann.id)
    qtbot.waitUntil(lambda: not background.busy(), timeout=WAIT)
    qtbot.waitUntil(lambda: bool(page.page.patient.graded), timeout=WAIT)
    result = LabResult(
        patient_id=ann.id,
        taken_on=date(2025, 4, 14),
        analyte="anc",
        value=Decimal("0.8"),
        unit="10*9/L",
        lln=Decimal("1.5"),
    )
    queries.clear()
    with qtbot.waitSignal(page.page.patient.appeared, timeout=WAIT):
        session.do("Add lab result", lambda step: labs.save(step, result))
    qtbot.waitUntil(lambda: not background.busy(), timeout=WAIT)
    page.leave()
    assert len(queries) <= MOST, "\n".join(" ".join(query.split()) for query in queries)

"""What the tests of the pages share: a casebook with two patients, and a window to show it in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QSettings
from PySide6.QtWidgets import QWidget

from gui.session.session import Session
from gui.window.app import name_program
from model.dates import PartialDate
from model.records import biopsies, cycles, labs, patients, toxicities, whole_patient
from model.records.administrations import Administration
from model.records.biopsies import Biopsy
from model.records.cycles import Cycle
from model.records.followups import FollowUp
from model.records.labs import LabResult
from model.records.patients import Identity, Patient
from model.records.toxicities import Toxicity
from model.store.casebook import Casebook
from model.store.step import Step

CYCLE = date(2025, 3, 10)


def fill(step: Step) -> tuple[Patient, Patient]:
    """A treated woman with all kinds of records, and a man who has died untreated."""
    ann = patients.save(
        step, Patient(code="P-001", sex="F", age_at_index=58, primary_site="pancreas")
    )
    ann_id = ann.id or 0
    whole_patient.save_identity(
        step, Identity(patient_id=ann_id, family_name="Doe", given_name="Ann")
    )
    for when, grade, ki67 in (((2019,), "NET G2", 12.0), ((2023, 6), "NET G3", 34.0)):
        taken_on = PartialDate(*when)
        biopsies.save(
            step, Biopsy(patient_id=ann_id, taken_on=taken_on, who_grade=grade, ki67_percent=ki67)
        )
    cycles.save(
        step,
        Cycle(patient_id=ann_id, number=1, given_on=CYCLE, ecog=1),
        [
            Administration(number=1, nuclide="225Ac", unit="MBq", administered_mbq=6.1),
            Administration(number=2, nuclide="177Lu", unit="GBq", administered_mbq=4000.0),
        ],
    )
    for day, value, comparator in (
        (date(2025, 3, 7), "230", None),
        (date(2025, 3, 31), "44", None),
        (date(2025, 4, 14), "5", "<"),
    ):
        labs.save(
            step,
            LabResult(
                patient_id=ann_id,
                taken_on=day,
                analyte="plt",
                comparator=comparator,
                value=Decimal(value),
                unit="10*9/L",
                lln=Decimal(150),
                uln=Decimal(400),
            ),
        )
    toxicities.save(
        step,
        Toxicity(
            patient_id=ann_id,
            term="Platelet count decreased",
            ctcae_version="5.0",
            grade=3,
            onset_on=PartialDate(2025, 3, 31),
        ),
    )
    bob = patients.save(step, Patient(code="P-002", sex="M", primary_site="small_bowel"))
    seen = FollowUp(patient_id=bob.id or 0, seen_on=date(2025, 5, 1), status="dead")
    whole_patient.save_follow_up(step, seen)
    return ann, bob


@pytest.fixture
def session(light, tmp_path) -> Iterator[Session]:
    """A session over a casebook with two patients."""
    name_program()
    QSettings().clear()
    session = Session(Casebook.create(tmp_path / "test.theralog"))
    session.do("Add patients", fill)
    yield session
    session.close()


@pytest.fixture
def ann(session) -> Patient:
    """The woman under treatment."""
    return patients.with_code(session.casebook, "P-001")


@pytest.fixture
def bob(session) -> Patient:
    """The man who has died."""
    return patients.with_code(session.casebook, "P-002")


@pytest.fixture
def shown(qtbot) -> Iterator[Callable[[QWidget], QWidget]]:
    """Shows a page as a window of its own."""
    held: list[QWidget] = []

    def show(page: QWidget) -> QWidget:
        held.append(page)
        page.resize(1100, 700)
        page.show()
        qtbot.waitExposed(page)
        page.activateWindow()
        qtbot.waitUntil(page.isActiveWindow)
        return page

    yield show
    for page in held:
        page.close()
        page.deleteLater()
    QCoreApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete)

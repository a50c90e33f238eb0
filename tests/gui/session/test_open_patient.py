"""What waits for a decision is always of the patient shown, and of now."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from gui.session.open_patient import OpenPatient
from gui.session.session import Session
from model.dates import PartialDate
from model.grading import proposals
from model.records import cycles, labs, patients, therapies
from model.records.cycles import Cycle
from model.records.labs import LabResult
from model.records.patient_records import PatientRecords
from model.records.patients import Patient
from model.records.therapies import Therapy
from model.store.casebook import Casebook
from model.store.settings import CTCAE_VERSION, save_setting
from model.store.step import Step

C1 = date(2024, 3, 4)


def result(patient_id: int, value: str, day: date = date(2024, 4, 1), analyte: str = "plt"):
    return LabResult(
        patient_id=patient_id,
        taken_on=day,
        analyte=analyte,
        value=Decimal(value),
        unit="10*9/L",
        lln=Decimal(150),
    )


@pytest.fixture
def session(tmp_path, light) -> Iterator[Session]:
    session = Session(Casebook.create(tmp_path / "open.theralog"))
    yield session
    session.close()


@pytest.fixture
def ids(session) -> list[int]:
    """Two patients with a cycle each; the second has platelets of 44."""

    def work(step: Step) -> list[int]:
        found = [patients.save(step, Patient(code=code)).id or 0 for code in ("P-1", "P-2")]
        for patient_id in found:
            cycles.save(step, Cycle(patient_id=patient_id, number=1, given_on=C1), [])
        labs.save(step, result(found[1], "44"))
        return found

    return session.do("Set up", work)


@pytest.fixture
def patient(session, ids, background) -> Iterator[OpenPatient]:
    patient = OpenPatient(session, background)
    yield patient
    patient.leave()


@pytest.fixture
def settled(patient, qtbot):
    """Waits until the patient knows what stands in the casebook."""

    def wait():
        with qtbot.waitSignal(patient.reviewed, timeout=5000):
            pass

    return wait


def grades(patient: OpenPatient) -> list[int]:
    return [proposal.grade for proposal in patient.proposals]


def test_a_result_that_is_entered_is_proposed(patient, session, ids, settled, qtbot):
    patient.show_patient(ids[0])
    settled()
    assert patient.proposals == ()
    with qtbot.waitSignal(patient.appeared) as appeared:
        session.do("Add labs", lambda step: labs.save(step, result(ids[0], "44")))
    assert grades(patient) == [3]
    assert appeared.args == [1]
    session.undo()
    settled()
    assert patient.proposals == ()


def test_of_a_patient_no_longer_shown_nothing_comes(patient, ids, background, qtbot, monkeypatch):
    go_on = threading.Event()
    propose = proposals.propose_grades

    def wait_and_propose(records: PatientRecords):
        go_on.wait(10)
        return propose(records)

    monkeypatch.setattr(proposals, "propose_grades", wait_and_propose)
    patient.show_patient(ids[1])
    qtbot.waitUntil(background.busy)
    patient.show_patient(None)
    go_on.set()
    qtbot.waitUntil(lambda: not background.busy())
    assert patient.proposals == ()


def test_another_patient_is_shown_without_what_was_there(patient, ids, settled):
    patient.show_patient(ids[1])
    settled()
    assert grades(patient) == [3]
    patient.show_patient(ids[0])
    assert patient.proposals == ()


def test_other_patients_and_tables_are_let_be(patient, session, ids, settled, qtbot):
    patient.show_patient(ids[1])
    settled()
    with qtbot.assertNotEmitted(patient.reviewed, wait=150):
        session.do("Add labs", lambda step: labs.save(step, result(ids[0], "44")))


def test_only_results_make_news(patient, session, ids, settled, qtbot):
    patient.show_patient(ids[1])
    settled()
    with qtbot.assertNotEmitted(patient.appeared, wait=150):
        session.do("Accept grade", lambda step: proposals.accept(step, patient.proposals[0]))
        settled()
        assert patient.proposals == ()
        session.undo()
        settled()
        assert grades(patient) == [3]


def test_a_dismissal_and_the_version_are_followed(patient, session, ids, settled):
    patient.show_patient(ids[1])
    settled()
    proposal = patient.proposals[0]
    session.do("Dismiss grade", lambda step: proposals.dismiss(step, proposal, "Pre-existing"))
    settled()
    assert patient.proposals == ()
    assert [one.reason for one in patient.dismissed] == ["Pre-existing"]
    session.do("Version", lambda step: save_setting(step, CTCAE_VERSION, "6.0"))
    settled()
    assert [one.ctcae_version for one in patient.proposals] == ["6.0"]


def test_an_import_may_concern_everyone(patient, session, ids, settled, qtbot):
    patient.show_patient(ids[0])
    settled()
    row = {
        "id": 77,
        "patient_id": ids[0],
        "taken_on": "2024-04-01",
        "analyte": "plt",
        "value": "44",
        "unit": "10*9/L",
        "lln": "150",
    }
    batch = {
        "kind": "labs",
        "file_name": "labs.csv",
        "sha256": "0" * 64,
        "imported_at": "2024-04-02T10:00:00Z",
        "row_counts": "{}",
    }
    newcomer = {"id": 78, "code": "P-3"}
    rows = [("patient", newcomer), ("lab_result", row)]
    with qtbot.waitSignal(patient.appeared):
        session.do("Import", lambda step: step.import_rows(batch, rows))
    assert grades(patient) == [3]


def test_a_therapy_entered_later_changes_what_is_proposed(session, patient, ids, qtbot):
    """INR of 2.6 after 2.4 is grade 3, and grade 1 once anticoagulation is recorded."""

    def work(step: Step) -> None:
        for day, value in ((date(2024, 3, 1), "2.4"), (date(2024, 4, 1), "2.6")):
            inr = result(ids[0], value, day, "inr")
            labs.save(step, replace(inr, unit=None, lln=None))

    patient.show_patient(ids[0])
    session.do("Add results", work)
    qtbot.waitUntil(lambda: grades(patient) == [3])
    warfarin = Therapy(
        patient_id=ids[0],
        number=1,
        category="anticoagulation",
        started_on=PartialDate(2023),
        ongoing=True,
        concomitant=True,
    )
    session.do("Add therapy", lambda step: therapies.save(step, warfarin))
    qtbot.waitUntil(lambda: grades(patient) == [1])
    session.undo()
    qtbot.waitUntil(lambda: grades(patient) == [3])

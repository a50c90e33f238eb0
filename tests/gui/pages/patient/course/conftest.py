"""Fixtures of the tests of the Course tab."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from gui.session.background import Background
from gui.session.open_patient import OpenPatient
from gui.session.session import Session


@pytest.fixture
def patient(session: Session, background: Background) -> Iterator[OpenPatient]:
    """The open patient, as on the patient's page."""
    patient = OpenPatient(session, background)
    yield patient
    patient.leave()

"""What the model's tests share: a casebook that is open, and a patient in it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from model.records import patients
from model.records.patients import Patient
from model.store.casebook import Casebook


@pytest.fixture
def casebook(tmp_path: Path) -> Iterator[Casebook]:
    """An empty casebook without a passphrase."""
    with Casebook.create(tmp_path / "test.theralog") as casebook:
        yield casebook


@pytest.fixture
def patient(casebook: Casebook) -> Patient:
    """A patient of whom only the code is recorded."""
    with casebook.step("Add patient") as step:
        return patients.save(step, Patient(code="P-1"))

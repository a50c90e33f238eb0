"""PatientRecords for tests, from the few fields that a test is about."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from model.records.patient_records import PatientRecords
from model.records.patients import Identity, Patient
from model.records.unit_system import SETTING

_OF_PATIENT = {field.name for field in fields(Patient)}


def make_records(patient_id: int = 1, **given: Any) -> PatientRecords:
    """Return records from fields of `PatientRecords` and `Patient`, `born_on` and `system`."""
    patient = {name: given.pop(name) for name in [*given] if name in _OF_PATIENT}
    if (born_on := given.pop("born_on", None)) is not None:
        given["identity"] = Identity(patient_id=patient_id, born_on=born_on)
    if (system := given.pop("system", None)) is not None:
        given["settings"] = {SETTING: system.value}
    tables: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value for name, value in given.items()
    }
    return PatientRecords(patient=Patient(id=patient_id, **({"code": "P-1"} | patient)), **tables)

"""Both versions side by side as text that a spreadsheet takes and does not run."""

import csv
import io
from datetime import date
from decimal import Decimal

import pytest

from model.exchange import regrade_table
from model.grading.regrade import PatientRegrading, regrade
from model.records import cycles, labs, patients, toxicities
from model.records.cycles import Cycle
from model.records.labs import LabResult
from model.records.patient_records import load
from model.records.patients import Patient
from model.records.toxicities import Toxicity
from model.store.casebook import Casebook


@pytest.fixture
def filled(casebook: Casebook) -> Casebook:
    """A patient whose code a spreadsheet would run, with grades that differ."""
    with casebook.step("Fill") as step:
        patient_id = patients.save(step, Patient(code="=1+1")).id or 0
        cycles.save(step, Cycle(patient_id=patient_id, number=1, given_on=date(2024, 3, 4)), [])
        for analyte, value, lln in (("plt", "44", "150"), ("anc", "0.8", "1.5")):
            labs.save(
                step,
                LabResult(
                    patient_id=patient_id,
                    taken_on=date(2024, 4, 1),
                    analyte=analyte,
                    value=Decimal(value),
                    unit="10*9/L",
                    lln=Decimal(lln),
                ),
            )
        toxicities.save(
            step, Toxicity(patient_id=patient_id, term="Nausea", ctcae_version="6.0", grade=1)
        )
    return casebook


def both_versions(casebook: Casebook) -> list[PatientRegrading]:
    found = (load(casebook, one.id or 0) for one in patients.all_patients(casebook))
    return [regrade(records) for records in found if records]


def rows(text: str, delimiter: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text), delimiter=delimiter))


def test_what_differs_stands_first_and_what_needs_a_clinician_last(filled: Casebook) -> None:
    found = rows(regrade_table.as_csv(both_versions(filled)), ",")
    assert [(row["analyte"], row["differs"], row["decided_by"]) for row in found] == [
        ("Neutrophils, absolute", "yes", "number"),
        ("Platelets", "no", "number"),
        ("", "", "clinician"),
    ]
    neutrophils = found[0]
    assert (neutrophils["ctcae_5.0_grade"], neutrophils["ctcae_6.0_grade"]) == ("3", "2")
    assert neutrophils["ctcae_6.0_value"] == "0.8"
    assert neutrophils["ctcae_6.0_date"] == "2024-04-01"
    assert found[1]["ctcae_6.0_term"] == "Thrombocytopenia"
    assert (found[2]["ctcae_5.0_term"], found[2]["ctcae_6.0_term"]) == ("", "Nausea")


@pytest.mark.parametrize(
    ("written", "delimiter"), [(regrade_table.as_csv, ","), (regrade_table.as_text, "\t")]
)
def test_no_cell_is_run_as_a_formula(filled: Casebook, written, delimiter: str) -> None:
    found = rows(written(both_versions(filled)), delimiter)
    assert {row["patient"] for row in found} == {"'=1+1"}

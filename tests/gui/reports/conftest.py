"""A casebook whose free text is marked."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from model.ctcae import terms
from model.dates import PartialDate
from model.records import (
    assessments,
    biopsies,
    cycles,
    labs,
    patients,
    therapies,
    toxicities,
    whole_patient,
)
from model.records.administrations import Administration
from model.records.assessments import Assessment
from model.records.biopsies import Biopsy, Metastasis
from model.records.cycles import Cycle
from model.records.followups import FollowUp
from model.records.labs import LabResult
from model.records.patients import Identity, Patient
from model.records.therapies import Therapy
from model.records.toxicities import Toxicity
from model.store.casebook import Casebook
from model.store.step import Step
from tests.gui.reports.pages import FIRST, MARKED


@pytest.fixture(scope="session")
def demo(demo_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Casebook]:
    """The demo casebook, to be read only."""
    with Casebook.open(Path(shutil.copy(demo_file, tmp_path_factory.mktemp("demo")))) as casebook:
        yield casebook


@pytest.fixture(scope="session")
def marked(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Casebook]:
    """One patient, over 89, with much of everything; all free text contains CANARY."""
    path = tmp_path_factory.mktemp("marked") / "CANARY casebook.theralog"
    with Casebook.create(path) as casebook:
        with casebook.step("Fill") as step:
            _fill(step)
        yield casebook


def _fill(step: Step) -> None:
    patient = patients.save(
        step,
        Patient(
            code=MARKED,
            sex="F",
            primary_site="CANARY presacral",
            functional_syndrome="CANARY",
            height_cm=172,
            comment="CANARY",
        ),
    )
    of = patient.id
    whole_patient.save_identity(
        step,
        Identity(
            patient_id=of,
            family_name="Canary-Wolfeschlegelsteinhausenbergerdorff von und zu Hohenlohe",
            given_name="Maria Magdalena Theresia Antonia Josepha Karoline Elisabeth",
            record_number="CANARY-00098877",
            born_on=PartialDate(1930, 2, 3),
        ),
    )
    grades = ((PartialDate(2019, 3), "NET G1"), (PartialDate(2023, 1), "NET G3"))
    for taken_on, grade in grades:
        biopsies.save(
            step, Biopsy(patient_id=of, taken_on=taken_on, who_grade=grade, comment="CANARY")
        )
    for site in ("liver", "bone", "CANARY orbit"):
        biopsies.save_metastasis(step, Metastasis(patient_id=of, site=site, comment="CANARY"))
    for number in range(1, 9):
        therapies.save(
            step,
            Therapy(
                patient_id=of,
                number=number,
                category=("chemotherapy", "CANARY category")[number % 2],
                description=f"CANARY regimen {number}",
                started_on=PartialDate(2020, number),
                ended_on=None if number > 6 else PartialDate(2020, number + 1),
                ongoing=number > 6,
                reason_stopped="CANARY",
                comment="CANARY",
            ),
        )
        _treat(step, of, number)
        assessments.save(
            step,
            Assessment(
                patient_id=of,
                assessed_on=FIRST + timedelta(days=45 * number),
                timepoint="post_cycle",
                modality="CANARY scan",
                criteria="CANARY criteria",
                response="SD",
                netpet="CANARY",
                comment="CANARY",
            ),
        )
    _sample(step, of)
    names = [term.name for term in terms.terms("5.0") if 2 in term.grades][::40]
    for number, name in enumerate(names[:15]):
        toxicities.save(
            step,
            Toxicity(
                patient_id=of,
                term=name,
                ctcae_version="5.0",
                grade=2,
                onset_on=PartialDate.of(FIRST + timedelta(days=20 * number)),
                verbatim="CANARY",
                comment="CANARY",
            ),
        )
    dead = FIRST + timedelta(days=490)
    whole_patient.save_follow_up(
        step, FollowUp(patient_id=of, seen_on=dead, status="dead", comment="CANARY")
    )


def _treat(step: Step, of: int, number: int) -> None:
    given = [
        Administration(
            number=1,
            nuclide="225Ac",
            ligand="DOTA-LM3",
            unit="MBq",
            prescribed_mbq=8,
            administered_mbq=6.2,
            batch_number="CANARY",
            comment="CANARY",
        ),
        Administration(
            number=2,
            nuclide="177Lu" if number > 1 else "CANARY",
            ligand="CANARY",
            unit="GBq",
            administered_mbq=None if number == 2 else 7350,
            route="CANARY",
        ),
    ]
    on = FIRST + timedelta(days=56 * (number - 1))
    cycle = Cycle(patient_id=of, number=number, given_on=on, weight_kg=70, comment="CANARY")
    cycles.save(step, cycle, given)


def _sample(step: Step, of: int) -> None:
    usual = (("hb", "10.2", "g/dL"), ("plt", "90", "10*9/L"), ("crea", "0.8", "mg/dL"))
    for day in range(-10, 400, 14):
        for analyte, value, unit in usual:
            labs.save(
                step,
                LabResult(
                    patient_id=of,
                    taken_on=FIRST + timedelta(days=day),
                    analyte=analyte,
                    value=Decimal(value),
                    unit=unit,
                    visit="CANARY",
                    comment="CANARY",
                ),
            )
    odd = LabResult(
        patient_id=of, taken_on=FIRST, analyte="CANARY", value=Decimal(3), unit="CANARY"
    )
    labs.save(step, odd)

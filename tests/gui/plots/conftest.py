"""A course to draw, and the plot in a window."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import Decimal

import pytest
from PySide6.QtWidgets import QApplication

from gui.plots.course.course_plot import CoursePlot
from model.course import course
from model.course.course import Course
from model.dates import PartialDate
from model.records.administrations import Administration
from model.records.cycles import Cycle, Treatment
from model.records.labs import LabResult, with_canonical
from model.records.therapies import Therapy
from model.records.toxicities import Toxicity
from tests.patient_records import make_records

C1 = date(2023, 7, 31)
KEYS = ("hb", "plt")
VISITS = [C1 + timedelta(days=days) for days in (-3, 14, 28, 42, 70)]


def lab(on: date, analyte: str, value: str, unit: str, comparator: str | None = None) -> LabResult:
    return with_canonical(
        LabResult(
            patient_id=1,
            taken_on=on,
            analyte=analyte,
            value=Decimal(value),
            unit=unit,
            comparator=comparator,
        )
    )


@pytest.fixture
def make_course() -> Callable[..., Course]:
    """Makes the course of a patient with an id, two cycles and five visits."""

    def make(patient_id: int = 1, **other: object) -> Course:
        treatments = [
            Treatment(
                Cycle(
                    patient_id=patient_id,
                    number=number,
                    given_on=C1 + timedelta(days=56 * (number - 1)),
                ),
                (
                    Administration(number=1, nuclide="225Ac", unit="MBq", administered_mbq=6.0),
                    Administration(number=2, nuclide="177Lu", unit="GBq"),
                ),
            )
            for number in (1, 2)
        ]
        results = [lab(on, "hb", f"{12 - n}.5", "g/dL") for n, on in enumerate(VISITS)]
        results += [
            lab(VISITS[1], "plt", "182", "10*9/L"),
            lab(VISITS[3], "plt", "20", "10*9/L", "<"),
        ]
        early = Therapy(
            patient_id=1,
            number=1,
            category="chemotherapy",
            description="CAPTEM",
            started_on=PartialDate(2019),
            ended_on=PartialDate(2020),
        )
        event = Toxicity(
            patient_id=1,
            term="Platelet count decreased",
            ctcae_version="5.0",
            grade=4,
            onset_on=PartialDate.of(VISITS[3]),
        )
        records = {
            "sex": "F",
            "treatments": treatments,
            "results": sorted(results, key=lambda result: result.taken_on),
            "therapies": [early],
            "toxicities": [event],
        }
        return course.build_course(make_records(patient_id, **(records | other)))

    return make


@pytest.fixture
def plot(light: QApplication, make_course: Callable[..., Course]) -> Iterator[CoursePlot]:
    """The plot of that course in a window."""
    plot = CoursePlot()
    plot.resize(900, 500)
    plot.show_course(make_course(), KEYS)
    plot.show()
    light.processEvents()
    yield plot
    plot.close()
    plot.deleteLater()

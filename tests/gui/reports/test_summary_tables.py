"""The tables of a patient's summary: what is to review, without what was decided."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from decimal import Decimal

from gui.reports.summary_tables import open_items_table
from model.dates import PartialDate
from model.documents.summary import summarise
from model.grading import recovery
from model.records.cycles import Cycle, Treatment
from model.records.labs import LabResult
from model.records.patient_records import PatientRecords
from model.records.toxicities import Toxicity
from tests.patient_records import make_records

TODAY = date(2024, 6, 1)


def recovered() -> PatientRecords:
    """A patient whose platelets are back in the normal range, with the toxicity still open."""
    results = [
        LabResult(
            id=number,
            patient_id=1,
            taken_on=day,
            analyte="plt",
            value=Decimal(value),
            unit="10*9/L",
            lln=Decimal(150),
        )
        for number, (day, value) in enumerate(
            ((date(2024, 3, 1), "230"), (date(2024, 4, 1), "44"), (date(2024, 4, 15), "160")),
            start=1,
        )
    ]
    event = Toxicity(
        id=9,
        patient_id=1,
        term="Platelet count decreased",
        ctcae_version="5.0",
        grade=3,
        onset_on=PartialDate(2024, 4, 1),
    )
    cycle = Cycle(id=5, patient_id=1, number=1, given_on=date(2024, 3, 4))
    return make_records(results=results, toxicities=[event], treatments=[Treatment(cycle, ())])


def opened(records: PatientRecords) -> list[str]:
    rows = open_items_table(summarise(records, TODAY, ["plt"])).rows
    return [cell.text for (cell,) in rows if cell.text.startswith("To review")]


def test_a_recovery_is_to_review_until_the_toxicity_is_closed() -> None:
    records = recovered()
    [text] = opened(records)
    assert text == (
        "To review: Platelet count decreased back at grade 0, 160 is not < LLN 150 ×10⁹/L,"
        " 15 Apr 2024"
    )
    [bar] = summarise(records, TODAY, ["plt"]).course.toxicities
    assert bar.ongoing
    [proposal] = recovery.propose_recoveries(records)
    closed = replace(records, toxicities=(recovery.as_closed(proposal),))
    assert opened(closed) == []
    [bar] = summarise(closed, TODAY, ["plt"]).course.toxicities
    assert not bar.ongoing
    assert str(bar.ended) == "2024-04-15"

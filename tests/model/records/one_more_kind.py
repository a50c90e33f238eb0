"""Run in a process of its own: Theralog with a made-up kind of record, added as one row.

Nothing else is changed, so that every step below fails where a list does not follow the table.
"""

import csv
import sys
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import ClassVar

import pytest

from model.dates import PartialDate
from model.errors import InvalidRecord
from model.records import kinds
from model.records.kinds import RecordKind
from model.records.life import Life
from model.records.rules import OfPatient, non_empty


@dataclass(frozen=True, slots=True, kw_only=True)
class Referral(OfPatient):
    """A kind of record that the program does not have."""

    TABLE: ClassVar[str] = "referral"

    referred_on: date
    clinic: str
    urgent: bool | None = None

    def problems(self, life: Life) -> dict[str, str]:
        return non_empty(
            referred_on=life.problem_of(self.referred_on),
            clinic="There is no such clinic." if self.clinic == "nowhere" else None,
        )


ROW = RecordKind(
    record=Referral,
    label="Referral",
    tidy="referrals",
    order="referral.referred_on",
    name="clinic",
    dated=(("referred_on", "A referral"),),
    pseudonymised=("patient_id", "referred_on", "urgent"),
)
kinds.KINDS = (*kinds.KINDS, ROW)
kinds.BY_RECORD[Referral] = ROW

# Only now: these build their lists from the table on import.
from model.derived.profile import count_records
from model.exchange.export import export
from model.exchange.export_options import ExportOptions
from model.exchange.new_casebook import new_casebook
from model.records import checks, contents, patients, whole_patient
from model.records.followups import FollowUp
from model.records.patients import Identity, Patient
from model.store import rows as records
from model.store import schema
from model.store.casebook import Casebook

DAY = date(2024, 3, 4)


@schema.migrations()
def m999_referrals(db) -> None:
    db.execute(
        "create table referral (id integer primary key, patient_id integer not null"
        " references patient, referred_on text not null, clinic text not null, urgent integer,"
        " changed_at text not null, deleted_at text, batch_id integer references batch) strict"
    )


schema.m999_referrals = m999_referrals  # type: ignore[attr-defined]


def rows_of(file: Path) -> list[dict[str, str]]:
    with file.open(encoding="utf-8-sig", newline="") as lines:
        return [*csv.DictReader(lines)]


def main(folder: Path) -> None:
    with Casebook.create(folder / "one.theralog") as casebook:
        with casebook.step("Add") as step:
            patient = patients.save(step, Patient(code="P-1"))
            whose = patient.id or 0
            referral = records.put(
                step, Referral(patient_id=whose, referred_on=DAY, clinic="Jena", urgent=True)
            )
        assert contents.load(casebook).of(Referral) == [referral]
        assert contents.of_patients(contents.load(casebook), []).of(Referral) == []
        assert count_records(casebook, whose)["referral"] == 1
        assert checks.check(casebook) == []
        refuses_dates_outside_the_life(casebook, whose)
        exports_and_imports(casebook, folder, referral)
        with casebook.step("Spoil") as step:
            records.put(step, replace(referral, clinic="nowhere"))
        assert checks.check(casebook) == [
            "Patient P-1, Referral nowhere of 2024-03-04: There is no such clinic."
        ]
        with casebook.step("Delete") as step:
            whole_patient.remove_patient(step, patient)
        assert casebook.rows("select id from referral where deleted_at is null") == []
        casebook.undo()
        assert len(casebook.rows("select id from referral where deleted_at is null")) == 1


def refuses_dates_outside_the_life(casebook: Casebook, whose: int) -> None:
    dead = FollowUp(patient_id=whose, seen_on=date(2024, 1, 1), status="dead")
    born = Identity(patient_id=whose, born_on=PartialDate(2025))
    attempts: list[tuple[Callable[..., object], object]] = [
        (whole_patient.save_follow_up, dead),
        (whole_patient.save_identity, born),
    ]
    for save, record in attempts:
        with (
            pytest.raises(InvalidRecord, match=r"^A referral of 2024-03-04 is recorded "),
            casebook.step("Add") as step,
        ):
            save(step, record)


def exports_and_imports(casebook: Casebook, folder: Path, referral: Referral) -> None:
    export(casebook, folder / "tidy")
    (row,) = rows_of(folder / "tidy" / "referrals.csv")
    assert row == {
        **{"patient_id": "P-1", "referred_on": "2024-03-04"},
        **{"clinic": "Jena", "urgent": "Y"},
    }
    new_casebook(folder / "two.theralog", folder=folder / "tidy")
    with Casebook.open(folder / "two.theralog") as other:
        (again,) = contents.load(other).of(Referral)
    assert replace(again, id=referral.id, patient_id=referral.patient_id) == referral
    export(casebook, folder / "shared", options=ExportOptions(pseudonymised=True))
    (row,) = rows_of(folder / "shared" / "referrals.csv")
    assert row | {"patient_id": ""} == {"patient_id": "", "referred_day": "0", "urgent": "Y"}


if __name__ == "__main__":
    main(Path(sys.argv[1]))

"""Proposed grades that a clinician turned down, so that they are not proposed again."""

from dataclasses import dataclass
from typing import ClassVar

from model.records.life import Life, non_empty
from model.records.toxicities import VERSIONS
from model.store import rows as records
from model.store.reader import Reader


@dataclass(frozen=True, slots=True, kw_only=True)
class Dismissal:
    """One result's proposed grade of a term that was turned down, and why."""

    TABLE: ClassVar[str] = "dismissal"

    id: int | None = None
    patient_id: int
    lab_result_id: int
    term: str
    ctcae_version: str
    grade: int
    reason: str | None = None

    def problems(self, life: Life) -> dict[str, str]:  # noqa: ARG002 - as all records have it
        """Why this dismissal may not be saved, by field; empty when it may."""
        known = self.ctcae_version in VERSIONS
        return non_empty(
            ctcae_version=None if known else "The version of CTCAE is 5.0 or 6.0.",
            grade=None if 1 <= self.grade <= 5 else "A grade lies between 1 and 5.",
        )


def of_patient(reader: Reader, patient_id: int) -> list[Dismissal]:
    """The proposals of a patient that were turned down, oldest first."""
    rows = reader.rows(
        """
        select * from dismissal
         where patient_id = :patient_id and deleted_at is null
         order by id
        """,
        patient_id=patient_id,
    )
    return [records.from_row(Dismissal, row) for row in rows]

"""Proposed grades that a clinician dismissed, so that they are not proposed again."""

from dataclasses import dataclass
from typing import ClassVar

from model.language import _
from model.records.life import Life
from model.records.rules import non_empty, not_listed, outside
from model.records.toxicities import VERSIONS
from model.store import rows as records
from model.store.reader import Reader


@dataclass(frozen=True, slots=True, kw_only=True)
class Dismissal:
    """The grade of a term proposed for one result, dismissed, and why."""

    TABLE: ClassVar[str] = "dismissal"

    id: int | None = None
    patient_id: int
    lab_result_id: int
    term: str
    ctcae_version: str
    grade: int
    reason: str | None = None

    def problems(self, _life: Life) -> dict[str, str]:
        """Return why this dismissal may not be saved, by field; empty when it may."""
        return non_empty(
            ctcae_version=not_listed(
                self.ctcae_version,
                VERSIONS,
                _("“{value}” is not a version of CTCAE. Use one of {listed}."),
            ),
            grade=outside(self.grade, _("A grade must be between 1 and 5."), low=1, high=5),
        )


def of_patient(reader: Reader, patient_id: int) -> list[Dismissal]:
    """Return a patient's dismissed proposals, oldest first."""
    return records.of_patient(reader, Dismissal, patient_id)

"""Proposed grades that a clinician dismissed, so that they are not proposed again."""

from dataclasses import dataclass
from typing import ClassVar

from model.language import _
from model.records.life import Life
from model.records.rules import non_empty, not_listed, outside
from model.records.toxicities import VERSIONS


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

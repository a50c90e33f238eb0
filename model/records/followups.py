"""Follow-ups: whether the patient was alive on a day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from model.records.life import Life, non_empty
from model.store import rows as records
from model.store.reader import Reader

STATUSES = ("alive", "dead", "unknown")
CAUSES = ("disease", "treatment", "other", "unknown")


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUp:
    """Vital status at a date; `unknown` says that it was asked for and not found out."""

    TABLE: ClassVar[str] = "follow_up"

    id: int | None = None
    patient_id: int
    seen_on: date
    status: str
    cause: str | None = None
    ecog: int | None = None
    weight_kg: float | None = None
    comment: str | None = None

    def problems(self, life: Life, others: Sequence["FollowUp"] = ()) -> dict[str, str]:
        """Why this follow-up may not be saved, by field; empty when it may.

        `others` are the patient's other follow-ups.
        """
        return non_empty(
            status=None
            if self.status in STATUSES
            else f"“{self.status}” is no status: it is one of {', '.join(STATUSES)}.",
            seen_on=self._problem_of_day(life, others),
            cause="Only a death has a cause." if self.cause and self.status != "dead" else None,
            ecog=None if self.ecog is None or 0 <= self.ecog <= 5 else "ECOG lies between 0 and 5.",
            weight_kg=None
            if self.weight_kg is None or 1 <= self.weight_kg <= 400
            else "A weight lies between 1 and 400 kg.",
        )

    def _problem_of_day(self, life: Life, others: Sequence["FollowUp"]) -> str | None:
        if any(other.seen_on == self.seen_on for other in others):
            return "There is a follow-up of that day already."
        if life.born_on and self.seen_on < life.born_on.earliest:
            return "This is before the patient was born."
        dead = [other.seen_on for other in others if other.status == "dead"]
        if self.status == "dead":
            if dead:
                return "The patient's death is recorded already."
            if any(given_on > self.seen_on for _, given_on in life.cycles):
                return "A cycle was given after this date of death."
            if any(other.seen_on > self.seen_on for other in others if other.status == "alive"):
                return "The patient was seen alive after this date of death."
        elif self.status == "alive" and dead and self.seen_on > min(dead):
            return "The patient had died before this date."
        return None


def of_patient(reader: Reader, patient_id: int) -> list[FollowUp]:
    """A patient's follow-ups, oldest first."""
    rows = reader.rows(
        """
        select * from follow_up
         where patient_id = :patient_id and deleted_at is null
         order by seen_on, id
        """,
        patient_id=patient_id,
    )
    return [records.from_row(FollowUp, row) for row in rows]

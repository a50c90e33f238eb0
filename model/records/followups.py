"""Follow-ups: whether the patient was alive on a day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from model.errors import InvalidRecord
from model.records.life import Life, life_of, non_empty, problem_of_death
from model.store import rows as records
from model.store.reader import Reader
from model.store.step import Step

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


@dataclass(frozen=True, slots=True)
class Vital:
    """What the follow-ups say together: `status` alive, dead or unknown, and as of when."""

    status: str
    last_on: date | None
    """The day of death, or the last day the patient was known to be alive."""


def save(step: Step, follow_up: FollowUp) -> FollowUp:
    """Save a follow-up; raises InvalidRecord when a rule is broken."""
    others = [other for other in of_patient(step, follow_up.patient_id) if other.id != follow_up.id]
    life = life_of(step, follow_up.patient_id)
    problems = follow_up.problems(life, others)
    if not problems and follow_up.status == "dead":
        after = problem_of_death(step, follow_up.patient_id, follow_up.seen_on)
        problems = non_empty(seen_on=after)
    if problems:
        raise InvalidRecord(problems)
    saved = records.put(step, follow_up)
    _refuse_death_undone(step, follow_up.patient_id)
    return saved


def remove(step: Step, follow_up: FollowUp) -> None:
    """Put a follow-up into the bin; raises InvalidRecord when the disease status rests on it."""
    records.remove(step, follow_up)
    _refuse_death_undone(step, follow_up.patient_id)


def _refuse_death_undone(reader: Reader, patient_id: int) -> None:
    """Raise InvalidRecord when the patient is said to have died, and no follow-up says when."""
    rows = reader.rows(
        """
        select disease_status from patient
         where id = :patient_id and disease_status in ('DOD', 'DOC', 'DUC')
        """,
        patient_id=patient_id,
    )
    if rows and life_of(reader, patient_id).died_on is None:
        status = rows[0]["disease_status"]
        raise InvalidRecord(
            {"status": f"The patient's disease status is {status}: change that before the death."}
        )


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


def vital(follow_ups: Sequence[FollowUp]) -> Vital:
    """Vital status and its date as the follow-ups tell them."""
    if dead := [follow_up.seen_on for follow_up in follow_ups if follow_up.status == "dead"]:
        return Vital("dead", min(dead))
    alive = [follow_up.seen_on for follow_up in follow_ups if follow_up.status == "alive"]
    return Vital("alive", max(alive)) if alive else Vital("unknown", None)

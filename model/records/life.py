"""The dates of a patient's life and treatment that all other records must agree with."""

from dataclasses import dataclass
from datetime import date

from model.dates import PartialDate
from model.store.reader import Reader


@dataclass(frozen=True, slots=True, kw_only=True)
class Life:
    """When a patient was born, was treated and died, as far as it is known."""

    born_on: PartialDate | None = None
    died_on: date | None = None
    cycles: tuple[tuple[int, date], ...] = ()
    """Number and date of each cycle, by number."""

    @property
    def first_cycle_on(self) -> date | None:
        """The date of the first cycle, if there was one."""
        return min((given_on for _, given_on in self.cycles), default=None)

    def problem_of(self, when: date | PartialDate | None) -> str | None:
        """Why nothing can be recorded for that time: before birth or after death."""
        if when is None:
            return None
        earliest, latest = _span(when)
        if self.born_on and latest < self.born_on.earliest:
            return "This is before the patient was born."
        if self.died_on and earliest > self.died_on:
            return "The patient had died before this date."
        return None


def _span(when: date | PartialDate) -> tuple[date, date]:
    return (when.earliest, when.latest) if isinstance(when, PartialDate) else (when, when)


def non_empty(**candidates: str | None) -> dict[str, str]:
    """The problems that there are, by field, of those that there may be."""
    return {field: problem for field, problem in candidates.items() if problem}


def life_of(reader: Reader, patient_id: int | None) -> Life:
    """What the casebook knows of a patient's dates; nothing for one not saved yet."""
    born = reader.rows(
        """
        select born_on from identity
         where patient_id = :patient_id and deleted_at is null and born_on is not null
        """,
        patient_id=patient_id,
    )
    died = reader.rows(
        """
        select min(seen_on) as died_on from follow_up
         where patient_id = :patient_id and deleted_at is null and status = 'dead'
        """,
        patient_id=patient_id,
    )
    cycles = reader.rows(
        """
        select number, given_on from cycle
         where patient_id = :patient_id and deleted_at is null
         order by number
        """,
        patient_id=patient_id,
    )
    died_on = died[0]["died_on"]
    return Life(
        born_on=PartialDate.parse(born[0]["born_on"]) if born else None,
        died_on=date.fromisoformat(died_on) if died_on else None,
        cycles=tuple((row["number"], date.fromisoformat(row["given_on"])) for row in cycles),
    )

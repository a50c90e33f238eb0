"""Cycles and the radiopharmaceuticals given in them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import ClassVar

from model.errors import InvalidRecord
from model.records.administrations import Administration, Cumulative, cumulative
from model.records.life import Life, life_of, non_empty
from model.store import rows as records
from model.store.reader import Reader
from model.store.step import Step

MODALITIES = ("monotherapy", "tandem")


@dataclass(frozen=True, slots=True, kw_only=True)
class Cycle:
    """One treatment visit with what was given in it."""

    TABLE: ClassVar[str] = "cycle"

    id: int | None = None
    patient_id: int
    number: int
    given_on: date
    ecog: int | None = None
    weight_kg: float | None = None
    comment: str | None = None

    def problems(self, life: Life) -> dict[str, str]:
        """Why this cycle may not be saved, by field; empty when it may.

        `life.cycles` are the patient's other cycles.
        """
        numbers = [number for number, _ in life.cycles]
        before = [given_on for number, given_on in life.cycles if number < self.number]
        after = [given_on for number, given_on in life.cycles if number > self.number]
        return non_empty(
            number="Cycles are numbered from 1."
            if self.number < 1
            else f"There is a cycle {self.number} already."
            if self.number in numbers
            else None,
            given_on=life.problem_of(self.given_on)
            or (
                f"A cycle before cycle {self.number} was given on a later day."
                if before and self.given_on < max(before)
                else f"A cycle after cycle {self.number} was given on an earlier day."
                if after and self.given_on > min(after)
                else None
            ),
            ecog=None if self.ecog is None or 0 <= self.ecog <= 5 else "ECOG lies between 0 and 5.",
            weight_kg=None
            if self.weight_kg is None or 1 <= self.weight_kg <= 400
            else "A weight lies between 1 and 400 kg.",
        )


@dataclass(frozen=True, slots=True)
class Treatment:
    """A cycle together with its administrations, in their order."""

    cycle: Cycle
    administrations: tuple[Administration, ...] = ()

    @property
    def modality(self) -> str | None:
        """`monotherapy` for one radiopharmaceutical, `tandem` for two or more; None for none."""
        agents = {administration.agent for administration in self.administrations}
        return modality_of(len(agents))


def modality_of(agents: int) -> str | None:
    """Return `monotherapy` for one agent in a cycle, `tandem` for more; None for none."""
    return MODALITIES[agents > 1] if agents else None


def save(step: Step, cycle: Cycle, administrations: Sequence[Administration]) -> Treatment:
    """Save a cycle with all that was given in it; what it held beyond that goes into the bin.

    Administrations are numbered as they stand. Raises InvalidRecord when a rule is broken;
    problems of the second administration are keyed `2.nuclide`.
    """
    life = life_of(step, cycle.patient_id)
    kept = _number_of(step, cycle.id)
    others = tuple(pair for pair in life.cycles if pair[0] != kept)
    problems = cycle.problems(replace(life, cycles=others))
    for number, administration in enumerate(administrations, start=1):
        problems |= {f"{number}.{field}": text for field, text in administration.problems().items()}
    if problems:
        raise InvalidRecord(problems)
    cycle = records.put(step, cycle)
    # Those that go leave first, so that their numbers are free.
    given = {administration.id for administration in administrations}
    for old in administrations_of(step, cycle.id):
        if old.id not in given:
            records.remove(step, old)
    _free_numbers(step, cycle, administrations)
    saved = [
        records.put(step, replace(administration, cycle_id=cycle.id, number=number))
        for number, administration in enumerate(administrations, start=1)
    ]
    return Treatment(cycle, tuple(saved))


def _free_numbers(step: Step, cycle: Cycle, administrations: Sequence[Administration]) -> None:
    """Where administrations change places, number them beyond all places first."""
    before = {old.id: old.number for old in administrations_of(step, cycle.id)}
    places = {given.id: place for place, given in enumerate(administrations, start=1) if given.id}
    if any(before[known] != place for known, place in places.items() if known in before):
        beyond = max([*before.values(), len(administrations)])
        for known, number in before.items():
            step.put("administration", {"id": known, "number": beyond + number})


def remove(step: Step, cycle: Cycle) -> None:
    """Put a cycle into the bin with what was given in it; its toxicities stay, without a cycle."""
    for administration in administrations_of(step, cycle.id):
        records.remove(step, administration)
    for row in step.rows(
        "select id from toxicity where cycle_id = :id and deleted_at is null", id=cycle.id
    ):
        step.put("toxicity", {"id": row["id"], "cycle_id": None})
    records.remove(step, cycle)


def of_patient(reader: Reader, patient_id: int) -> list[Treatment]:
    """A patient's cycles by number, each with what was given in it."""
    cycles = reader.rows(
        """
        select * from cycle
         where patient_id = :patient_id and deleted_at is null
         order by number
        """,
        patient_id=patient_id,
    )
    given = reader.rows(
        """
        select administration.* from administration
          join cycle on cycle.id = administration.cycle_id
         where cycle.patient_id = :patient_id and administration.deleted_at is null
         order by administration.cycle_id, administration.number
        """,
        patient_id=patient_id,
    )
    by_cycle: dict[int, list[Administration]] = {}
    for row in given:
        by_cycle.setdefault(row["cycle_id"], []).append(records.from_row(Administration, row))
    return [
        Treatment(records.from_row(Cycle, row), tuple(by_cycle.get(row["id"], ())))
        for row in cycles
    ]


def administrations_of(reader: Reader, cycle_id: int | None) -> list[Administration]:
    """What was given in a cycle, in its order."""
    rows = reader.rows(
        """
        select * from administration
         where cycle_id = :cycle_id and deleted_at is null
         order by number
        """,
        cycle_id=cycle_id,
    )
    return [records.from_row(Administration, row) for row in rows]


def next_number(reader: Reader, patient_id: int) -> int:
    """The number of the cycle that would be added next."""
    return max((number for number, _ in life_of(reader, patient_id).cycles), default=0) + 1


@dataclass(frozen=True, slots=True)
class Line:
    """A cycle as one line of the patient's treatment: with what went before it."""

    treatment: Treatment
    days_since_last: int | None = None
    """Days since the cycle before; None for the first."""
    cumulative: tuple[Cumulative, ...] = ()
    """What was given up to and with this cycle, each nuclide apart."""


def lines(treatments: Sequence[Treatment]) -> list[Line]:
    """Each of a patient's cycles, in their order, with its interval and the sums up to it."""
    found_lines: list[Line] = []
    given: list[Administration] = []
    before: date | None = None
    for treatment in treatments:
        given += treatment.administrations
        day = treatment.cycle.given_on
        days = (day - before).days if before else None
        found_lines.append(Line(treatment, days, tuple(cumulative(given))))
        before = day
    return found_lines


def _number_of(reader: Reader, cycle_id: int | None) -> int | None:
    rows = reader.rows("select number from cycle where id = :id", id=cycle_id)
    return rows[0]["number"] if rows else None

"""Cycles and the radiopharmaceuticals given in them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import ClassVar

from model.errors import InvalidRecord
from model.language import _, ngettext
from model.records.administrations import Administration, Cumulative, cumulative
from model.records.life import Life, life_of
from model.records.rules import (
    OfPatient,
    ecog_problem,
    ecog_question,
    non_empty,
    weight_problem,
    weight_question,
)
from model.reference.vocabulary import Vocabulary, fold
from model.store import rows as records
from model.store.reader import Reader
from model.store.step import Step

MODALITIES = Vocabulary("monotherapy", "tandem", synonyms={"monotherapy": ("mono", "single")})

SHORTEST_INTERVAL_DAYS = 14
"""A cycle sooner after the one before is questioned; radiopharmaceuticals of one cycle are given
within days of each other."""
FIRST_YEAR = 1990
"""The first patients were treated with a labelled somatostatin analogue in the early 1990s."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cycle(OfPatient):
    """One treatment visit."""

    TABLE: ClassVar[str] = "cycle"

    number: int
    given_on: date
    ecog: int | None = None
    weight_kg: float | None = None
    comment: str | None = None

    def problems(self, life: Life) -> dict[str, str]:
        """Return why this cycle may not be saved, by field; empty when it may.

        `life.cycles` are the patient's other cycles.
        """
        before = [given_on for number, given_on in life.cycles if number < self.number]
        after = [given_on for number, given_on in life.cycles if number > self.number]
        number = given_on = None
        if self.number < 1:
            number = _("Cycles are numbered from 1.")
        elif self.number in [number for number, _given_on in life.cycles]:
            number = _("There is already a cycle {number}.")
        if before and self.given_on < max(before):
            given_on = _("A cycle before cycle {number} was given on a later day.")
        elif after and self.given_on > min(after):
            given_on = _("A cycle after cycle {number} was given on an earlier day.")
        return non_empty(
            number=number and number.format(number=self.number),
            given_on=life.problem_of(self.given_on)
            or (given_on and given_on.format(number=self.number)),
            ecog=ecog_problem(self.ecog),
            weight_kg=weight_problem(self.weight_kg),
        )

    def questions(self, life: Life) -> dict[str, str]:
        """Return what is unlikely in this cycle, by field."""
        before = [day for number, day in life.cycles if number < self.number]
        days = (self.given_on - max(before)).days if before else SHORTEST_INTERVAL_DAYS
        soon = ngettext(
            "Given {n} day after the cycle before.", "Given {n} days after the cycle before.", days
        )
        long_ago = _("Was this cycle given in {year}? There was no radioligand therapy then.")
        return non_empty(
            given_on=long_ago.format(year=self.given_on.year)
            if self.given_on.year < FIRST_YEAR
            else soon.format(n=days)
            if 0 <= days < SHORTEST_INTERVAL_DAYS
            else None,
            ecog=ecog_question(self.ecog),
            weight_kg=weight_question(self.weight_kg),
        )


@dataclass(frozen=True, slots=True)
class Treatment:
    """A cycle with its administrations, in their order."""

    cycle: Cycle
    administrations: tuple[Administration, ...] = ()

    @property
    def modality(self) -> str | None:
        """`monotherapy` for one radiopharmaceutical, `tandem` for more; None for none."""
        agents = {fold(administration.agent) for administration in self.administrations}
        return modality_of(len(agents))


def modality_of(agents: int) -> str | None:
    """Return `monotherapy` for one agent in a cycle, `tandem` for more; None for none."""
    return MODALITIES[agents > 1] if agents else None


def save(step: Step, cycle: Cycle, administrations: Sequence[Administration]) -> Treatment:
    """Save a cycle with its administrations; others that it had are moved to the bin.

    Administrations are numbered in the order given. Raises InvalidRecord when a rule is broken;
    problems of the second administration are keyed `2.nuclide`.
    """
    life = life_of(step, cycle.patient_id)
    before = records.find(step, Cycle, cycle.id) if cycle.id else None
    others = tuple(pair for pair in life.cycles if not before or pair[0] != before.number)
    problems = cycle.problems(replace(life, cycles=others))
    for number, administration in enumerate(administrations, start=1):
        broken = administration.problems(life)
        problems |= {f"{number}.{field}": text for field, text in broken.items()}
    if problems:
        raise InvalidRecord(problems)
    cycle = records.put(step, cycle)
    # The removed ones go first, so that their numbers are free.
    remaining = {administration.id for administration in administrations}
    for old in administrations_of(step, cycle.id):
        if old.id not in remaining:
            records.remove(step, old)
    _free_numbers(step, cycle, administrations)
    saved = [
        records.put(step, replace(administration, cycle_id=cycle.id, number=number))
        for number, administration in enumerate(administrations, start=1)
    ]
    return Treatment(cycle, tuple(saved))


def _free_numbers(step: Step, cycle: Cycle, administrations: Sequence[Administration]) -> None:
    """Where administrations change their order, number them beyond all numbers first."""
    before = {old.id: old.number for old in administrations_of(step, cycle.id)}
    after = {each.id: number for number, each in enumerate(administrations, start=1) if each.id}
    if any(before[known] != number for known, number in after.items() if known in before):
        beyond = max([*before.values(), len(administrations)])
        for known, number in before.items():
            step.put("administration", {"id": known, "number": beyond + number})


def remove(step: Step, cycle: Cycle) -> None:
    """Move a cycle to the bin with its administrations; its toxicities stay, without a cycle."""
    for administration in administrations_of(step, cycle.id):
        records.remove(step, administration)
    for row in step.rows(
        "select id from toxicity where cycle_id = :id and deleted_at is null", id=cycle.id
    ):
        step.put("toxicity", {"id": row["id"], "cycle_id": None})
    records.remove(step, cycle)


def of_patient(reader: Reader, patient_id: int) -> list[Treatment]:
    """Return a patient's cycles by number, each with its administrations."""
    rows = reader.rows(
        """
        select administration.* from administration
          join cycle on cycle.id = administration.cycle_id
         where cycle.patient_id = :patient_id and administration.deleted_at is null
         order by administration.cycle_id, administration.number
        """,
        patient_id=patient_id,
    )
    by_cycle: dict[int, list[Administration]] = {}
    for row in rows:
        by_cycle.setdefault(row["cycle_id"], []).append(records.from_row(Administration, row))
    return [
        Treatment(cycle, tuple(by_cycle.get(cycle.id or 0, ())))
        for cycle in records.of_patient(reader, Cycle, patient_id, "number")
    ]


def administrations_of(reader: Reader, cycle_id: int | None) -> list[Administration]:
    """Return the administrations of a cycle, in their order."""
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
    """Return the number of the cycle that would be added next."""
    return max((number for number, _day in life_of(reader, patient_id).cycles), default=0) + 1


@dataclass(frozen=True, slots=True)
class CycleLine:
    """A cycle as one line of the patient's treatment, with interval and cumulative activity."""

    treatment: Treatment
    days_since_last: int | None = None
    """Days since the cycle before; None for the first."""
    cumulative: tuple[Cumulative, ...] = ()
    """The activity given up to and including this cycle, for each nuclide."""


def lines(treatments: Sequence[Treatment]) -> list[CycleLine]:
    """Return a patient's cycles in order, each with its interval and cumulative activities."""
    lines_so_far: list[CycleLine] = []
    so_far: list[Administration] = []
    before: date | None = None
    for treatment in treatments:
        so_far += treatment.administrations
        day = treatment.cycle.given_on
        days = (day - before).days if before else None
        lines_so_far.append(CycleLine(treatment, days, tuple(cumulative(so_far))))
        before = day
    return lines_so_far

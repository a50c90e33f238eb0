"""Cycles and the radiopharmaceuticals given in them."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import ClassVar

from model import nuclides, records
from model.asking import Asks
from model.errors import InvalidRecord
from model.life import Life, found, life_of
from model.step import Step

UNITS = ("MBq", "GBq")
LIGANDS = ("DOTA-LM3", "DOTATATE", "DOTATOC", "DOTA-JR11", "DOTAMTATE", "PSMA-617", "PSMA-I&T")
ROUTES = ("intravenous", "intra-arterial")
LARGEST_DEVIATION = 0.10
"""Part of the prescribed activity beyond which a deviation is flagged (EANM position, Art. 56)."""
_MBQ = {"MBq": 1.0, "GBq": 1000.0}


@dataclass(frozen=True, slots=True, kw_only=True)
class Administration:
    """One radiopharmaceutical given in a cycle. Activities are in MBq, whatever `unit` shows."""

    TABLE: ClassVar[str] = "administration"

    id: int | None = None
    cycle_id: int | None = None
    number: int
    """Its place in the cycle, from 1."""
    nuclide: str
    ligand: str | None = None
    given_on: date | None = None
    """Where it differs from the day of the cycle."""
    unit: str = "GBq"
    """The unit that it was written in, and is shown in: MBq or GBq."""
    prescribed_mbq: float | None = None
    calibrated_mbq: float | None = None
    calibrated_at: datetime | None = None
    measured_mbq: float | None = None
    measured_at: datetime | None = None
    residual_mbq: float | None = None
    residual_at: datetime | None = None
    started_at: datetime | None = None
    ended_at: datetime | None = None
    administered_mbq: float | None = None
    """As stated, where measurement and residual are not recorded."""
    route: str | None = None
    batch_number: str | None = None
    comment: str | None = None

    @property
    def activity_mbq(self) -> float | None:
        """The activity administered in MBq; None when it is not known.

        Measured less residual, each decayed to the start of the administration with
        A · 2^(−Δt / T½); one without a time counts as measured at the start. Where nothing was
        measured, the activity as stated.
        """
        if self.measured_mbq is None:
            return self.administered_mbq
        measured = self._at_start(self.measured_mbq, self.measured_at)
        if self.residual_mbq is None:
            return measured
        return measured - self._at_start(self.residual_mbq, self.residual_at)

    @property
    def deviation(self) -> float | None:
        """How far the activity lies from the prescribed one, as a part of that; None if unknown."""
        if self.activity_mbq is None or not self.prescribed_mbq:
            return None
        return self.activity_mbq / self.prescribed_mbq - 1

    @property
    def agent(self) -> str:
        """Nuclide and ligand as one name: `225Ac-DOTA-LM3`."""
        return "-".join(filter(None, (self.nuclide, self.ligand)))

    def _at_start(self, activity: float, when: datetime | None) -> float:
        nuclide = nuclides.find(self.nuclide)
        if nuclide is None or when is None or self.started_at is None:
            return activity
        hours = (self.started_at - when).total_seconds() / 3600
        return nuclides.decayed(activity, hours, nuclide.half_life_h)

    def problems(self) -> dict[str, str]:
        """Why this administration may not be saved, by field; empty when it may."""
        activities = {
            name: "An activity is not negative."
            for name in _ACTIVITIES
            if (getattr(self, name) or 0) < 0
        }
        left = self.activity_mbq
        if left is not None and not math.isfinite(left):
            activities["started_at"] = "The times of measuring and giving lie too far apart."
        return activities or found(
            number=None if self.number > 0 else "Administrations are numbered from 1.",
            nuclide=None if self.nuclide.strip() else "An administration needs its nuclide.",
            unit=None if self.unit in UNITS else f"“{self.unit}” is no unit: use MBq or GBq.",
            residual_mbq="There is a residual, but no measured activity."
            if self.residual_mbq is not None and self.measured_mbq is None
            else "More was left than had been measured."
            if left is not None and left < 0
            else None,
            ended_at="This is before the administration began."
            if self.started_at and self.ended_at and self.ended_at < self.started_at
            else None,
        )


_ACTIVITIES = (
    *("prescribed_mbq", "calibrated_mbq", "measured_mbq", "residual_mbq", "administered_mbq"),
)


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
        return found(
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
        return None if not agents else "monotherapy" if len(agents) == 1 else "tandem"


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
    cycle = records.keep(step, cycle)
    # Those that go leave first, so that their numbers are free.
    given = {administration.id for administration in administrations}
    for old in administrations_of(step, cycle.id):
        if old.id not in given:
            records.remove(step, old)
    _free_numbers(step, cycle, administrations)
    saved = [
        records.keep(step, replace(administration, cycle_id=cycle.id, number=number))
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


def of_patient(asks: Asks, patient_id: int) -> list[Treatment]:
    """A patient's cycles by number, each with what was given in it."""
    cycles = asks.rows(
        """
        select * from cycle
         where patient_id = :patient_id and deleted_at is null
         order by number
        """,
        patient_id=patient_id,
    )
    given = asks.rows(
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


def administrations_of(asks: Asks, cycle_id: int | None) -> list[Administration]:
    """What was given in a cycle, in its order."""
    rows = asks.rows(
        """
        select * from administration
         where cycle_id = :cycle_id and deleted_at is null
         order by number
        """,
        cycle_id=cycle_id,
    )
    return [records.from_row(Administration, row) for row in rows]


def next_number(asks: Asks, patient_id: int) -> int:
    """The number of the cycle that would be added next."""
    return max((number for number, _ in life_of(asks, patient_id).cycles), default=0) + 1


@dataclass(frozen=True, slots=True)
class Cumulative:
    """The activity of one nuclide that a patient was given, in MBq.

    `at_least`: some of it is not known, so that the sum is a lower bound.
    """

    nuclide: str
    mbq: float | None
    at_least: bool


def cumulative(administrations: Iterable[Administration]) -> list[Cumulative]:
    """The sum of each nuclide apart, in the order of their first use; never across nuclides."""
    by_nuclide: dict[str, list[float | None]] = {}
    for administration in administrations:
        by_nuclide.setdefault(administration.nuclide, []).append(administration.activity_mbq)
    sums = []
    for nuclide, activities in by_nuclide.items():
        known = [activity for activity in activities if activity is not None]
        unknown = len(known) < len(activities)
        sums.append(Cumulative(nuclide, sum(known) if known else None, unknown))
    return sums


def in_mbq(value: float, unit: str) -> float:
    """An activity written in MBq or GBq, in MBq; digits as written are kept."""
    return float(f"{value * _MBQ[unit]:.12g}")


def from_mbq(mbq: float, unit: str) -> float:
    """An activity in MBq, in the unit it is shown in."""
    return float(f"{mbq / _MBQ[unit]:.12g}")


def activity_text(mbq: float | None, unit: str) -> str:
    """An activity as screens show it, with three significant digits: `7.4 GBq`."""
    if mbq is None:
        return "activity unknown"
    activity = from_mbq(mbq, unit)
    return f"{activity:.0f} {unit}" if activity >= 1000 else f"{activity:.3g} {unit}"


def _number_of(asks: Asks, cycle_id: int | None) -> int | None:
    rows = asks.rows("select number from cycle where id = :id", id=cycle_id)
    return rows[0]["number"] if rows else None

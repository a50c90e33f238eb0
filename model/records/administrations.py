"""The radiopharmaceuticals given in a cycle: their activities, and the rules of those."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from model.records.life import non_empty
from model.reference import agents, nuclides
from model.reference.activities import UNITS

LIGANDS = ("DOTA-LM3", "DOTATATE", "DOTATOC", "DOTA-JR11", "DOTAMTATE", "PSMA-617", "PSMA-I&T")
ROUTES = ("intravenous", "intra-arterial")
LARGEST_DEVIATION = 0.10
"""Part of the prescribed activity beyond which a deviation is flagged (EANM position, Art. 56)."""


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
    def calibrated_at_start_mbq(self) -> float | None:
        """The calibrated activity decayed to the start; None where a time is missing.

        What the vial holds then by its label, which is not what was administered.
        """
        known = self.calibrated_at and self.started_at and nuclides.find(self.nuclide)
        if self.calibrated_mbq is None or not known:
            return None
        return self._at_start(self.calibrated_mbq, self.calibrated_at)

    @property
    def deviation(self) -> float | None:
        """How far the activity lies from the prescribed one, as a part of that; None if unknown."""
        if self.activity_mbq is None or not self.prescribed_mbq:
            return None
        return self.activity_mbq / self.prescribed_mbq - 1

    @property
    def deviates(self) -> bool:
        """Whether that is so far that it is flagged."""
        return self.deviation is not None and _is_far(self.deviation)

    @property
    def agent(self) -> str:
        """Nuclide and ligand as one name: `225Ac-DOTA-LM3`."""
        return "-".join(filter(None, (self.nuclide, self.ligand)))

    def again(self) -> "Administration":
        """The same planned anew: agent, prescribed activity and route.

        Nothing that belongs to one vial or one day goes along.
        """
        return Administration(
            number=self.number,
            nuclide=self.nuclide,
            ligand=self.ligand,
            unit=self.unit,
            prescribed_mbq=self.prescribed_mbq,
            route=self.route,
        )

    def _at_start(self, activity: float, when: datetime | None) -> float:
        nuclide = nuclides.find(self.nuclide)
        if nuclide is None or when is None or self.started_at is None:
            return activity
        hours = (self.started_at - when).total_seconds() / 3600
        return nuclides.decayed(activity, hours, nuclide.half_life_h)

    def problems(self) -> dict[str, str]:
        """Why this administration may not be saved, by field; empty when it may."""
        negative = {
            name: "An activity is not negative."
            for name in _ACTIVITIES
            if (getattr(self, name) or 0) < 0
        }
        if negative:
            return negative
        left = self.activity_mbq
        if not all(math.isfinite(each or 0) for each in (left, self.calibrated_at_start_mbq)):
            return {"started_at": "The times of measuring and giving lie too far apart."}
        return self.impossible() | non_empty(
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

    def impossible(self) -> dict[str, str]:
        """Which activities are beyond what can be of this agent, by field."""
        return {
            name: sentence
            for name, mbq in (*self._judged(), ("residual_mbq", self.residual_mbq))
            if (sentence := agents.impossible(self.nuclide, self.ligand, mbq))
        }

    def questions(self) -> dict[str, str]:
        """What is asked once before this is saved, by field: what is not usual in it."""
        unusual = {
            name: sentence
            for name, mbq in self._judged()
            if (sentence := agents.unusual(self.nuclide, self.ligand, mbq))
        }
        return unusual | self._times_out_of_order()

    def _times_out_of_order(self) -> dict[str, str]:
        """Times that cannot follow one another as they stand, often for a date left as it was."""
        begun = self.started_at
        return non_empty(
            measured_at="This was measured after the administration began: are both times right?"
            if begun and self.measured_at and self.measured_at > begun
            else None,
            residual_at="The residual was measured before the administration began: are both times"
            " right, with their dates?"
            if begun and self.residual_at and self.residual_at < begun
            else None,
        )

    def _judged(self) -> list[tuple[str, float | None]]:
        """The activities that a range holds for, by the field that each is entered in.

        A calibrated and a measured activity count as what they are at the start, as far as that
        follows: a vial of a short-lived nuclide is calibrated for another hour.
        """
        calibrated = self.calibrated_at_start_mbq
        given = "administered_mbq" if self.measured_mbq is None else "measured_mbq"
        judged = [
            ("prescribed_mbq", self.prescribed_mbq),
            ("calibrated_mbq", self.calibrated_mbq if calibrated is None else calibrated),
            (given, self.activity_mbq),
        ]
        if self.measured_mbq is not None:
            judged.append(("administered_mbq", self.administered_mbq))
        return judged


_ACTIVITIES = (
    *("prescribed_mbq", "calibrated_mbq", "measured_mbq", "residual_mbq", "administered_mbq"),
)


def percent_text(deviation: float) -> str:
    """A deviation with its sign: `−12 %`; one that is flagged never reads as no more than 10 %."""
    percent = round(abs(deviation) * 100)
    shown = f"{percent}"
    if percent == round(LARGEST_DEVIATION * 100) and _is_far(deviation):
        shown = f"{math.ceil(round(abs(deviation) * 1000, 6)) / 10:.1f}"
    sign = "" if not percent else "−" if deviation < 0 else "+"
    return f"{sign}{shown} %"


def _is_far(deviation: float) -> bool:
    # 7.7 of 7 MBq are 10 % more, whatever floating point makes of it.
    return round(abs(deviation), 9) > LARGEST_DEVIATION


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

"""The radiopharmaceuticals given in a cycle: their activities, and rules for these."""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from model.dates import date_text
from model.language import _
from model.records.life import Life
from model.records.rules import non_empty
from model.reference import agent_names, agents, nuclides
from model.reference.activities import UNITS, activity_text
from model.reference.vocabulary import Spellings, Vocabulary, fold, respell
from model.rounding import decimals, rounded

ROUTES = Vocabulary(
    *("intravenous", "intra-arterial"),
    synonyms={"intravenous": ("i.v.",), "intra-arterial": ("i.a.",)},
)


DAYS_OF_A_CYCLE = 7
"""An administration further from the day of its cycle is questioned."""
DAYS_OF_CALIBRATION = 31
"""A calibration further from the administration is questioned; other times one day."""
MOST_HALF_LIVES = 10
"""After so many, a thousandth is left: nobody administers what was measured then."""
LARGEST_DEVIATION = 0.10
"""Deviation as a fraction of the prescribed activity that is flagged (EANM position, Art. 56)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Administration:
    """One radiopharmaceutical given in a cycle. Activities are in MBq, whatever `unit` is."""

    TABLE: ClassVar[str] = "administration"
    SPELLINGS: ClassVar[Spellings] = {
        "nuclide": nuclides.spell,
        "ligand": agent_names.spell_ligand,
        "unit": UNITS.spell,
        "route": ROUTES.spell,
    }

    id: int | None = None
    cycle_id: int | None = None
    number: int
    """Its place in the cycle, from 1."""
    nuclide: str
    ligand: str | None = None
    given_on: date | None = None
    """If it differs from the day of the cycle."""
    unit: str = "GBq"
    """The unit it was entered in and is shown in: MBq or GBq."""
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
    """As reported, where measurement and residual are not recorded."""
    route: str | None = None
    batch_number: str | None = None
    comment: str | None = None

    def __post_init__(self) -> None:
        respell(self, self.SPELLINGS)

    @property
    def activity_mbq(self) -> float | None:
        """The activity administered in MBq; None when it is not known.

        Measured minus residual, each decayed to the start of the administration with
        A · 2^(−Δt / T½); one without a time counts as measured at the start. Where nothing was
        measured, the activity as reported.
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

        By its label the vial then holds this much, which is not what was administered.
        """
        known = self.calibrated_at and self.started_at and nuclides.find(self.nuclide)
        if self.calibrated_mbq is None or not known:
            return None
        return self._at_start(self.calibrated_mbq, self.calibrated_at)

    @property
    def deviation(self) -> float | None:
        """The deviation from the prescribed activity, as a fraction of it; None if unknown."""
        if self.activity_mbq is None or not self.prescribed_mbq:
            return None
        return self.activity_mbq / self.prescribed_mbq - 1

    @property
    def deviates(self) -> bool:
        """Whether the deviation is large enough to be flagged."""
        return self.deviation is not None and is_beyond(self.deviation)

    @property
    def agent(self) -> str:
        """Nuclide and ligand as one name: `225Ac-DOTA-LM3`."""
        return "-".join(filter(None, (self.nuclide, self.ligand)))

    def repeated(self) -> "Administration":
        """Return the same administration to be given again: agent, prescribed activity, route.

        Nothing that belongs to one vial or one day is copied.
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
        return nuclides.decay(activity, hours, nuclide.half_life_h)

    def problems(self, life: Life | None = None) -> dict[str, str]:
        """Return why this administration may not be saved, by field; empty when it may.

        `life` is the patient's.
        """
        life = life or Life()
        negative = {
            name: _("An activity cannot be negative.")
            for name in _ACTIVITIES
            if (getattr(self, name) or 0) < 0
        }
        if negative:
            return negative
        left = self.activity_mbq
        if not all(math.isfinite(each or 0) for each in (left, self.calibrated_at_start_mbq)):
            return {"started_at": _("Measurement and administration are too far apart in time.")}
        return self.impossible() | non_empty(
            number=None if self.number > 0 else _("Administrations are numbered from 1."),
            nuclide=None if self.nuclide.strip() else _("An administration needs a nuclide."),
            unit=None
            if self.unit in UNITS
            else _("“{unit}” is not a unit of activity. Use MBq or GBq.").format(unit=self.unit),
            residual_mbq=_("There is a residual, but no measured activity.")
            if self.residual_mbq is not None and self.measured_mbq is None
            else _("The residual is larger than the measured activity.")
            if left is not None and left < 0
            else None,
            given_on=life.problem_of(self.given_on),
            started_at=life.problem_of(self.started_at and self.started_at.date()),
            ended_at=_("This is before the start of the administration.")
            if self.started_at and self.ended_at and self.ended_at < self.started_at
            else life.problem_of(self.ended_at and self.ended_at.date()),
            measured_at=self._problem_of_decay(),
        )

    def _problem_of_decay(self) -> str | None:
        """Return why nothing would be left of the measured activity at the start."""
        nuclide = nuclides.find(self.nuclide)
        if not (nuclide and self.measured_mbq and self.measured_at and self.started_at):
            return None
        hours = abs((self.started_at - self.measured_at).total_seconds()) / 3600
        if hours <= MOST_HALF_LIVES * nuclide.half_life_h:
            return None
        sentence = _("Over {n} half-lives of {nuclide} lie between measurement and administration.")
        return sentence.format(n=MOST_HALF_LIVES, nuclide=nuclide.name)

    def impossible(self) -> dict[str, str]:
        """Return which activities are impossible for this agent, by field."""
        return {
            name: sentence
            for name, mbq in (*self._checked(), ("residual_mbq", self.residual_mbq))
            if (sentence := agents.why_impossible(self.nuclide, self.ligand, mbq))
        }

    def questions(self, cycle_on: date | None = None) -> dict[str, str]:
        """Return what is unlikely in this administration, by field.

        `cycle_on` is the day of its cycle.
        """
        unusual = {
            name: sentence
            for name, mbq in self._checked()
            if (sentence := agents.why_unusual(self.nuclide, self.ligand, mbq))
        }
        begun = self.started_at
        times = non_empty(
            **{"given_on" if self.given_on else "started_at": self._question_of_day(cycle_on)},
            calibrated_at=self._question_of_time(self.calibrated_at, cycle_on, DAYS_OF_CALIBRATION),
            measured_at=_("Measured after the start of the administration. Are both times right?")
            if begun and self.measured_at and self.measured_at > begun
            else self._question_of_time(self.measured_at, cycle_on),
            ended_at=self._question_of_time(self.ended_at, cycle_on),
            residual_at=_(
                "The residual was measured before the start of the administration. Are both times"
                " and dates right?"
            )
            if begun and self.residual_at and self.residual_at < begun
            else self._question_of_time(self.residual_at, cycle_on),
        )
        for name in ("measured", "calibrated"):
            if f"{name}_at" in times:
                # The activity at the start follows from that time: one question for both.
                unusual.pop(f"{name}_mbq", None)
        return unusual | times

    def _question_of_day(self, cycle_on: date | None) -> str | None:
        """Return that the day of the administration is far from its cycle, or stated twice."""
        started_on = self.started_at.date() if self.started_at else None
        given_on = self.given_on or started_on
        if given_on is None:
            return None
        if started_on not in (None, given_on):
            sentence = _("Given on {date}, but started on {start}.")
            return sentence.format(date=date_text(given_on), start=date_text(started_on))
        if cycle_on is None or abs((given_on - cycle_on).days) <= DAYS_OF_A_CYCLE:
            return None
        sentence = _("Given on {date}, but its cycle was on {cycle}.")
        return sentence.format(date=date_text(given_on), cycle=date_text(cycle_on))

    def _question_of_time(
        self, when: datetime | None, cycle_on: date | None, most_days: int = 1
    ) -> str | None:
        """Return that a time is too far from the administration, for which it was taken."""
        started_on = self.started_at.date() if self.started_at else None
        day = started_on or self.given_on or cycle_on
        if when is None or day is None or abs((when.date() - day).days) <= most_days:
            return None
        sentence = _("{date} is far from the day of the administration, {day}.")
        return sentence.format(date=date_text(when.date()), day=date_text(day))

    def _checked(self) -> list[tuple[str, float | None]]:
        """Return the activities that a range applies to, with the field each is entered in.

        Calibrated and measured activities are decayed to the start where the times are known: a
        vial of a short-lived nuclide is calibrated for another hour.
        """
        calibrated = self.calibrated_at_start_mbq
        final = "administered_mbq" if self.measured_mbq is None else "measured_mbq"
        checked = [
            ("prescribed_mbq", self.prescribed_mbq),
            ("calibrated_mbq", self.calibrated_mbq if calibrated is None else calibrated),
            (final, self.activity_mbq),
        ]
        if self.measured_mbq is not None:
            checked.append(("administered_mbq", self.administered_mbq))
        return checked


_ACTIVITIES = (
    *("prescribed_mbq", "calibrated_mbq", "measured_mbq", "residual_mbq", "administered_mbq"),
)


def percent_text(deviation: float, limit: float = LARGEST_DEVIATION) -> str:
    """Return a deviation with its sign: `−12 %`; rounding never hides that it exceeds the limit."""
    percent = round(abs(deviation) * 100, 6)
    whole = rounded(percent, 0)
    shown = f"{whole}"
    if is_beyond(deviation, limit) is not (whole > round(limit * 100, 6)):
        towards = math.ceil if is_beyond(deviation, limit) else math.floor
        shown = decimals(towards(percent * 10) / 10, 1)
    sign = "" if not float(shown) else "−" if deviation < 0 else "+"
    return f"{sign}{shown} %"


def is_beyond(deviation: float, limit: float = LARGEST_DEVIATION) -> bool:
    """Return whether a deviation, either way, exceeds a limit; both are fractions."""
    # 7.7 MBq is 10 % more than 7 MBq, in spite of floating point.
    return round(abs(deviation), 9) > limit


@dataclass(frozen=True, slots=True)
class Cumulative:
    """The total activity of one nuclide that a patient was given, in MBq.

    `at_least`: some activity is unknown, so that the sum is a lower bound.
    """

    nuclide: str
    mbq: float | None
    at_least: bool

    @property
    def text(self) -> str:
        """The activity in the nuclide's unit, MBq for alpha emitters: `at least 12.2 MBq`."""
        text = activity_text(self.mbq, nuclides.unit_for(self.nuclide))
        if not self.at_least or self.mbq is None:
            return text
        return _("at least {activity}").format(activity=text)


def cumulative(administrations: Iterable[Administration]) -> list[Cumulative]:
    """Return the sum for each nuclide, in order of first use; never across nuclides."""
    by_nuclide: dict[str, list[float | None]] = {}
    spellings: dict[str, str] = {}
    for administration in administrations:
        same = spellings.setdefault(fold(administration.nuclide), administration.nuclide)
        by_nuclide.setdefault(same, []).append(administration.activity_mbq)
    sums = []
    for nuclide, activities in by_nuclide.items():
        known = [activity for activity in activities if activity is not None]
        unknown = len(known) < len(activities)
        sums.append(Cumulative(nuclide, sum(known) if known else None, unknown))
    return sums

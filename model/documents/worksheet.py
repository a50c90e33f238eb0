"""Compute the worksheet of a cycle: the patient, the planned activities, and their decay."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from model.derived.profile import Profile, profile_of
from model.records.administrations import LARGEST_DEVIATION, Administration, Cumulative, cumulative
from model.records.cycles import Cycle, Treatment
from model.records.patient_records import PatientRecords
from model.reference import nuclides
from model.reference.nuclides import Nuclide, decay

HOURS_OF_DAY = range(7, 20)
"""The hours of the day at which a calibrated activity is stated."""
STEPS = range(-6, 7)
"""The steps before and after the start at which a prescribed activity is stated."""
_HOUR = timedelta(hours=1)
_SHORT_HOURS = 3.0
"""Nuclides with a shorter half-life are stated every ten minutes instead of every hour."""


@dataclass(frozen=True, slots=True)
class Decay:
    """The calibrated activity by time of day, or the prescribed one before and after the start.

    `of` is `calibrated` or `prescribed`. Each of `steps` is a time, or the minutes since the start,
    with the activity in MBq at it.
    """

    of: str
    mbq: float
    at: datetime | None
    nuclide: Nuclide
    steps: tuple[tuple[datetime | int, float], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class WorksheetPart:
    """One administration of the worksheet; activities within `allowed_mbq` are not flagged."""

    administration: Administration
    decay: Decay | None
    allowed_mbq: tuple[float, float] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Worksheet:
    """The worksheet of one cycle, which may not have been saved yet."""

    profile: Profile
    cycle: Cycle
    parts: tuple[WorksheetPart, ...]
    last: Cycle | None
    """The cycle before this one."""
    given_before: tuple[Cumulative, ...]

    @property
    def days_since_last(self) -> int | None:
        """Days since the cycle before; None for the first."""
        return (self.cycle.given_on - self.last.given_on).days if self.last else None


def worksheet_of(records: PatientRecords, treatment: Treatment) -> Worksheet:
    """Return the worksheet of a cycle as it is entered."""
    cycle = treatment.cycle
    before = [
        other
        for other in records.treatments
        if other.cycle.number < cycle.number and other.cycle.id != cycle.id
    ]
    return Worksheet(
        profile=profile_of(records, cycle.given_on),
        cycle=cycle,
        parts=tuple(_part(each, cycle.given_on) for each in treatment.administrations),
        last=before[-1].cycle if before else None,
        given_before=tuple(cumulative(each for other in before for each in other.administrations)),
    )


def decay_of(administration: Administration, day: date) -> Decay | None:
    """Return how an administration's activity decays; None without an activity or a half-life.

    If the time of calibration is known, it is the calibrated activity at the hours of the cycle's
    day, otherwise the prescribed activity before and after the start.
    """
    nuclide = nuclides.find(administration.nuclide)
    if nuclide is None:
        return None
    half_life, is_short = nuclide.half_life_h, nuclide.half_life_h < _SHORT_HOURS
    step = timedelta(minutes=10) if is_short else _HOUR
    if administration.calibrated_mbq is not None and administration.calibrated_at is not None:
        at, mbq = administration.calibrated_at, administration.calibrated_mbq
        times = [datetime.combine(day, time(hour)) for hour in HOURS_OF_DAY]
        if is_short:
            times = [at + step * number for number in range(len(HOURS_OF_DAY))]
        steps = tuple((when, decay(mbq, (when - at) / _HOUR, half_life)) for when in times)
        return Decay("calibrated", mbq, at, nuclide, steps)
    if administration.prescribed_mbq is None:
        return None
    minutes = step // timedelta(minutes=1)
    planned = tuple(
        (number * minutes, decay(administration.prescribed_mbq, number * minutes / 60, half_life))
        for number in STEPS
    )
    return Decay("prescribed", administration.prescribed_mbq, None, nuclide, planned)


def _part(administration: Administration, day: date) -> WorksheetPart:
    planned = administration.prescribed_mbq
    allowed = (
        (planned * (1 - LARGEST_DEVIATION), planned * (1 + LARGEST_DEVIATION)) if planned else None
    )
    decay = decay_of(administration, administration.given_on or day)
    return WorksheetPart(administration=administration, decay=decay, allowed_mbq=allowed)

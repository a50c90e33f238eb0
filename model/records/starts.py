"""Where the time before a cycle ends: by the hour where it is known, otherwise by the day.

The day of a cycle belongs to what came before it, as blood is taken before the infusion. Where the
start of the infusion and the time of a sample are both recorded, they decide instead: a sample
drawn after the start belongs to the cycle. Baseline, nadirs and everything else that is counted by
cycle follow this rule.

The rule has two forms, one for the records of a patient and one for the columns of many; a
property test holds them equal. Moments are minutes since the beginning of the year 1; a sample
without a time counts as of the beginning of its day.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Protocol

import numpy as np
import numpy.typing as npt

from model.records.cycles import Treatment

if TYPE_CHECKING:
    import pandas as pd

DAY_MINUTES = 24 * 60
_EPOCH = date(1970, 1, 1).toordinal()


class Sampled(Protocol):
    """What has a day on which it was sampled, and perhaps a time."""

    @property
    def taken_on(self) -> date:
        """The day of the sample."""
        ...

    @property
    def taken_at(self) -> time | None:
        """Its time of day, where that is recorded."""
        ...


@dataclass(frozen=True, slots=True)
class CycleStart:
    """When a cycle began: its day, and the start of its first administration if that is known."""

    number: int
    on: date
    started_at: datetime | None = None

    @property
    def begins(self) -> int:
        """The first moment whose samples belong to this cycle and not to what came before."""
        if self.started_at is None:
            return (self.on.toordinal() + 1) * DAY_MINUTES
        return moment_of(self.started_at.date(), self.started_at.time()) + 1

    def is_before(self, sample: Sampled) -> bool:
        """Return whether a sample was drawn before this cycle."""
        return moment_of(sample.taken_on, sample.taken_at) < self.begins

    def is_surely_before(self, sample: Sampled) -> bool:
        """Return whether it was by the hours of both, not only by the day."""
        is_known = self.started_at is not None and sample.taken_at is not None
        return is_known and self.is_before(sample)


def moment_of(day: date, at: time | None) -> int:
    """Return a day and a time of day, if known, as a moment."""
    return day.toordinal() * DAY_MINUTES + (at.hour * 60 + at.minute if at else 0)


def starts_of(treatments: Iterable[Treatment]) -> tuple[CycleStart, ...]:
    """Return when the cycles of a patient began, in order of time."""
    starts = [
        CycleStart(each.cycle.number, each.cycle.given_on, _first_start(each))
        for each in treatments
    ]
    return tuple(sorted(starts, key=lambda start: (start.begins, start.number)))


def _first_start(treatment: Treatment) -> datetime | None:
    """The earliest recorded start of the administrations on the first day of a cycle.

    A start on another day than that of its administration contradicts it and does not count.
    """
    days = [each.given_on or treatment.cycle.given_on for each in treatment.administrations]
    starts = [
        each.started_at
        for each, day in zip(treatment.administrations, days, strict=True)
        if each.started_at and each.started_at.date() == day == min(days)
    ]
    return min(starts, default=None)


STARTED_AT = """
    (select min(started_at)
       from administration
      where cycle_id = cycle.id and deleted_at is null
        and substr(started_at, 1, 10) = coalesce(given_on, cycle.given_on)
        and substr(started_at, 1, 10) = (
            select min(coalesce(first.given_on, cycle.given_on))
              from administration as first
             where first.cycle_id = cycle.id and first.deleted_at is null))
"""
"""SQL: the start of a row of `cycle`, as `CycleStart.started_at`."""

LAST_BEFORE = f"coalesce({STARTED_AT}, given_on || 'T24:00')"
"""SQL: the last moment before a row of `cycle`, as text that `SAMPLED_AT` is compared with."""

SAMPLED_AT = "taken_on || 'T' || coalesce(taken_at, '')"
"""SQL: the moment of a row of `lab_result`, as text."""


def begins_column(given_on: pd.Series, started_at: pd.Series) -> npt.NDArray[np.int64]:
    """Return `CycleStart.begins` of many cycles.

    `given_on` is datetime64, `started_at` the ISO text of `STARTED_AT`, missing where not known.
    """
    import pandas as pd

    started = pd.to_datetime(started_at, format="%Y-%m-%dT%H:%M")
    by_hour = _moments(started.fillna(given_on)) + 1
    begins: npt.NDArray[np.int64] = by_hour.where(
        started.notna(), _moments(given_on) + DAY_MINUTES
    ).to_numpy("int64")
    return begins


def moments_column(taken_on: pd.Series, minute: pd.Series) -> npt.NDArray[np.int64]:
    """Return `moment_of` many samples, of which `minute` is −1 where no time is recorded."""
    minutes = np.maximum(minute.to_numpy("int64"), 0)
    moments: npt.NDArray[np.int64] = _moments(taken_on).to_numpy("int64") + minutes
    return moments


def _moments(times: pd.Series) -> pd.Series:
    import pandas as pd

    return (times - pd.Timestamp(0)) // pd.Timedelta(minutes=1) + _EPOCH * DAY_MINUTES

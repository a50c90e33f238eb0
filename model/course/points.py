"""The points of a trend: values in one unit, with their days since the cycles."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, time
from functools import cached_property
from typing import NamedTuple, overload

import numpy as np
import numpy.typing as npt

from model.derived.values import DerivedValue
from model.grading.evidence import egfr_as_result
from model.language import _, ngettext
from model.records.labs import LabResult
from model.records.starts import CycleStart, Sampled

Floats = npt.NDArray[np.float64]


Moment = tuple[date, time | None]
"""The day of a sample, and its time where that is recorded."""


class DaysSinceCycle(NamedTuple):
    """The number of the last cycle up to a day, or up to a sample, and the days since that cycle.

    Before the first cycle, `cycle` is the first and `days` are negative. Without a cycle, both are
    None.
    """

    cycle: int | None
    days: int | None

    def __str__(self) -> str:
        if self.cycle is None or self.days is None:
            return ""
        if self.days == 0:
            return _("day of C{cycle}").format(cycle=self.cycle)
        days = abs(self.days)
        if self.days > 0:
            text = ngettext("{n} day since C{cycle}", "{n} days since C{cycle}", days)
        else:
            text = ngettext("{n} day before C{cycle}", "{n} days before C{cycle}", days)
        return text.format(n=days, cycle=self.cycle)


def days_since_cycle(day: date, cycle_days: Sequence[tuple[int, date]]) -> DaysSinceCycle:
    """Return the days since the last of the cycles, which are numbers and days in order."""
    before = [cycle for cycle in cycle_days if cycle[1] <= day]
    nearest = before[-1] if before else next(iter(cycle_days), None)
    return (
        DaysSinceCycle(nearest[0], (day - nearest[1]).days)
        if nearest
        else DaysSinceCycle(None, None)
    )


def days_since_start(sample: Sampled, starts: Sequence[CycleStart]) -> DaysSinceCycle:
    """Return the days from the last cycle to a sample; `starts` are in order of time.

    A sample from the day of a cycle counts from the cycle before if the recorded times show that it
    was drawn before the infusion.
    """
    begun = [start for start in starts if not start.is_surely_before(sample)]
    days = [(start.number, start.on) for start in begun or starts[:1]]
    return days_since_cycle(sample.taken_on, days)


def days_since_starts(
    results: Iterable[LabResult], starts: Sequence[CycleStart]
) -> dict[Moment, DaysSinceCycle]:
    """Return `days_since_start` for each moment of the results: a patient's visits are few."""
    samples = {(result.taken_on, result.taken_at): result for result in results}
    return {moment: days_since_start(sample, starts) for moment, sample in samples.items()}


class Point(NamedTuple):
    """One value in the unit of its trend: a laboratory result, or one derived from results."""

    source: LabResult | DerivedValue
    value: float
    since: DaysSinceCycle

    @property
    def result(self) -> LabResult | None:
        """The laboratory result; None for a derived value."""
        return self.source if isinstance(self.source, LabResult) else None

    @property
    def graded_result(self) -> LabResult | None:
        """What is graded: the result, or a computed eGFR; None for other derived values."""
        return self.source if isinstance(self.source, LabResult) else egfr_as_result(self.source)

    @property
    def derived(self) -> DerivedValue | None:
        """What the value was derived from; None for a laboratory result."""
        return None if isinstance(self.source, LabResult) else self.source

    @property
    def on(self) -> date:
        """The day on which the sample was taken."""
        return self.source.taken_on

    @property
    def day(self) -> float:
        """The position on a time axis: the ordinal of the day, with the time as a fraction."""
        return _axis_position(self.source.taken_on, self.source.taken_at)

    @property
    def comparator(self) -> str | None:
        """`<` or `>` if the true value is only known to be below or above the number."""
        return self.source.comparator if isinstance(self.source, LabResult) else None

    @property
    def written(self) -> str:
        """The result exactly as written, with its unit: `<0.3 g/dL`.

        For a derived value, what it was derived from: `from Creatinine 1.0 mg/dL, Age 58 years`.
        """
        if isinstance(self.source, LabResult):
            return " ".join(filter(None, (self.source.value_text, self.source.unit)))
        return self.source.derived_from


class Points(Sequence[Point]):
    """The points of one trend, created on access: a course has thousands.

    `sources` are oldest first. `factors` convert each written unit to that of the trend, which
    derived values already have. `since` has the days since the cycles for each moment.
    """

    def __init__(
        self,
        sources: Sequence[LabResult] | Sequence[DerivedValue],
        factors: Mapping[str | None, float],
        since: Mapping[Moment, DaysSinceCycle],
    ) -> None:
        self.sources = sources
        self._factors = factors
        self._since = since

    @cached_property
    def days(self) -> Floats:
        """The position of each point on a time axis (n,), as `Point.day`."""
        return np.array(
            [_axis_position(source.taken_on, source.taken_at) for source in self.sources],
            dtype=float,
        )

    @cached_property
    def values(self) -> Floats:
        """The value of each point (n,), in the unit of the trend."""
        return np.array([self._value(source) for source in self.sources], dtype=float)

    @cached_property
    def _points(self) -> tuple[Point, ...]:
        return tuple(map(self._point, self.sources))

    def _point(self, source: LabResult | DerivedValue) -> Point:
        return Point(source, self._value(source), self._since[source.taken_on, source.taken_at])

    def _value(self, source: LabResult | DerivedValue) -> float:
        if isinstance(source, DerivedValue):
            return source.value
        return float(source.value) * self._factors[source.unit]

    def __len__(self) -> int:
        return len(self.sources)

    @overload
    def __getitem__(self, index: int) -> Point: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Point, ...]: ...
    def __getitem__(self, index: int | slice) -> Point | tuple[Point, ...]:
        if isinstance(index, slice) or "_points" in self.__dict__:
            return self._points[index]
        return self._point(self.sources[index])

    def __iter__(self) -> Iterator[Point]:
        return iter(self._points)

    def __reversed__(self) -> Iterator[Point]:
        return reversed(self._points)

    def __eq__(self, other: object) -> bool:
        if isinstance(other, Points):
            return self._points == other._points
        return self._points == other if isinstance(other, tuple) else NotImplemented

    def __hash__(self) -> int:
        return hash(self._points)


def _axis_position(on: date, at: time | None) -> float:
    return on.toordinal() + ((at.hour + at.minute / 60) / 24 if at else 0.0)

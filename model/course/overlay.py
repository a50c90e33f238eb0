"""Align the results of one analyte by cycle: one line for each cycle, by days since infusion."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from itertools import zip_longest

import numpy as np
import numpy.typing as npt

from model.course.course import Course
from model.course.nadirs import NADIR_DAYS, Nadir, window_end
from model.course.points import Point
from model.course.trends import Trend
from model.records.starts import CycleStart

DAYS_BEFORE = 14
"""A line begins so many days before the infusion, with what was known when it was given."""

DAYS_AFTER = NADIR_DAYS
"""A line ends so many days after the infusion, unless the next cycle comes first."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CycleLine:
    """The results around one cycle, oldest first.

    `days` and `values` (n,) are days since the infusion, with the time of day, and values in the
    unit of the trend; `points` are the results they come from. The last result may be from the day
    of the next cycle if it was drawn before that began: it still shows the effect of this cycle.
    """

    cycle: int
    given_on: date
    days: npt.NDArray[np.float64]
    values: npt.NDArray[np.float64]
    points: tuple[Point, ...]
    nadir: Nadir | None

    def since(self, point: Point) -> int:
        """Return the whole days from the infusion to a result; negative before it."""
        return (point.on - self.given_on).days

    def at(self, day: int, within: int = 0) -> Point | None:
        """Return the result nearest to a day since the infusion, at most `within` days away."""
        near = [point for point in self.points if abs(self.since(point) - day) <= within]
        return min(near, key=lambda point: abs(self.since(point) - day), default=None)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Overlay:
    """One analyte aligned by cycle: a line for each cycle that has results, in their order."""

    trend: Trend
    lines: tuple[CycleLine, ...]

    @property
    def extreme(self) -> CycleLine | None:
        """The line with the lowest nadir or the highest peak.

        None if fewer than two cycles have one, or if two are equal.
        """
        keys = sorted(
            (_sort_key(line.nadir), number) for number, line in enumerate(self.lines) if line.nadir
        )
        if len(keys) < 2 or keys[0][0] == keys[1][0]:
            return None
        return self.lines[keys[0][1]]


def align_by_cycle(course: Course, analyte: str) -> Overlay:
    """Return the results of an analyte, by its key, aligned on the cycles of a course."""
    trend = course.trend(analyte)
    lines = [
        _line(trend, cycle, following)
        for cycle, following in zip_longest(trend.cycles, trend.cycles[1:])
    ]
    return Overlay(trend=trend, lines=tuple(line for line in lines if line.points))


def _sort_key(nadir: Nadir) -> float:
    """Return a sort key that is smallest for the lowest nadir or the highest peak."""
    return -nadir.point.value if nadir.is_peak else nadir.point.value


def _line(trend: Trend, cycle: CycleStart, following: CycleStart | None) -> CycleLine:
    day = cycle.on.toordinal()
    first = int(np.searchsorted(trend.days, day - DAYS_BEFORE))
    end = window_end(cycle, following, trend.days)
    return CycleLine(
        cycle=cycle.number,
        given_on=cycle.on,
        days=trend.days[first:end] - day,
        values=trend.values[first:end],
        points=tuple(trend.points[first:end]),
        nadir=next((nadir for nadir in trend.nadirs if nadir.cycle == cycle.number), None),
    )

"""The nadir of each cycle: how low an analyte fell, when, and when it had recovered.

A nadir is the lowest result between a cycle and the next, at most 84 days on. The day of a cycle
belongs to what came before it: blood is taken before the infusion. So a sample of the day of the
next cycle may still be this one's nadir, one of its own day never is.

Where CTCAE has criteria for high values only (creatinine, bilirubin, transaminases), what counts is
the highest result: it is then named a peak. This follows from the criteria of both versions.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache, cached_property

import numpy as np

from model.course.points import Floats, Point
from model.ctcae import criteria
from model.ctcae.terms import VERSIONS
from model.dates import shown
from model.grading.lab_grades import grade_result
from model.records.labs import LabResult

NADIR_DAYS = 84
"""A result later after a cycle is not its nadir."""
RECOVERED = 1
"""Up to this grade a result has recovered, whatever the baseline was."""

_RANKS = {"<": -1, None: 0, ">": 1}


@dataclass(frozen=True, slots=True, kw_only=True)
class Nadir:
    """The lowest (of a peak: highest) result after a cycle, with its recovery.

    `days` are since the cycle. `recovered_on` is the first later result back at the grade of the
    baseline, or at grade 1 or below, `recovered_after` the days from the nadir to it. Where they
    are None, `why_not` says why in a sentence: nothing to recover from, not yet, or not graded.
    """

    cycle: int
    point: Point
    days: int
    is_peak: bool = False
    grade: int | None = None
    recovered_on: date | None = None
    recovered_after: int | None = None
    why_not: str = ""

    @property
    def name(self) -> str:
        """What it is called: nadir or peak."""
        return "peak" if self.is_peak else "nadir"


@cache
def is_peak(analyte_key: str) -> bool:
    """Whether the highest result is the one that counts: CTCAE grades high values only."""
    return _directions(analyte_key) == {"H"}


def find(
    analyte_key: str,
    points: Sequence[Point],
    days: Floats,
    values: Floats,
    cycles: Sequence[tuple[int, date]],
    version: str,
) -> tuple[Nadir, ...]:
    """The nadir (or peak) of each cycle that has results after it, in the order of the cycles.

    `points` (n) are one trend's, oldest first, with their `days` (n,) and `values` (n,); `cycles`
    number and day, by day; `version` is that of CTCAE. A value with `<` or `>` counts with its
    number, before or after the same number without. Of equal ones the first counts. Derived values
    have a nadir only where CTCAE knows their analyte, and are not graded.
    """
    if not points or not cycles or (points[0].derived and not _directions(analyte_key)):
        return ()
    peak = is_peak(analyte_key)
    base = last_until(points, days, cycles[0][1])
    grades = _Grades(points, base.result if base else None, version, "H" if peak else "L")
    found = []
    nexts = [*(on for _, on in cycles[1:]), date.max]
    for (number, on), next_on in zip(cycles, nexts, strict=True):
        start = _end_of(on, days)
        end = _end_of(min(next_on, on + timedelta(days=NADIR_DAYS)), days)
        if start == end:
            continue
        among = values[start:end]
        same = start + np.flatnonzero(among == (among.max() if peak else among.min()))
        # Of one number, `<` lies below it and `>` above.
        of_rank = [_RANKS[points[int(i)].comparator] for i in same]
        place = int(same[of_rank.index(max(of_rank) if peak else min(of_rank))])
        point = points[place]
        judged = Nadir(cycle=number, point=point, days=(point.on - on).days, is_peak=peak)
        found.append(_judged(judged, place, _after(days, place), points, grades))
    return tuple(found)


def last_until(points: Sequence[Point], days: Floats, on: date) -> Point | None:
    """The last of the points, oldest first, up to the end of a day."""
    count = _end_of(on, days)
    return points[count - 1] if count else None


def _end_of(on: date, days: Floats) -> int:
    """How many points lie before the end of a day."""
    return int(np.searchsorted(days, on.toordinal() + 1))


def _after(days: Floats, place: int) -> int:
    """The place of the first point later than another."""
    return int(np.searchsorted(days, days[place], side="right"))


class _Grades:
    """Grades of a trend's points in one direction, each against the baseline."""

    def __init__(
        self, points: Sequence[Point], base: LabResult | None, version: str, direction: str
    ) -> None:
        self._points, self._base = points, base
        self._version, self._direction = version, direction
        self._known: dict[int, tuple[int | None, str]] = {}

    def at(self, place: int) -> tuple[int | None, str]:
        """The grade of the point at a place, or None and why it has none."""
        if place not in self._known:
            # What never recovers is looked through again for each cycle.
            self._known[place] = self._of(self._points[place].result)
        return self._known[place]

    @cached_property
    def enough(self) -> int:
        """Up to which grade a result has recovered."""
        return max(RECOVERED, self._of(self._base)[0] or 0)

    def _of(self, result: LabResult | None) -> tuple[int | None, str]:
        if result is None:
            return None, "there is no result"
        lines = grade_result(result, self._base, self._version)
        for line in lines:
            if line.direction == self._direction:
                return line.grade, line.reason.removeprefix("cannot grade: ")
        return None, lines[0].reason


def _judged(
    nadir: Nadir, place: int, after: int, points: Sequence[Point], grades: _Grades
) -> Nadir:
    """The nadir at a place with its grade, and its recovery among the points from `after` on."""
    if nadir.point.result is None:
        return replace(nadir, why_not="A derived value is not graded.")
    grade, reason = grades.at(place)
    if grade is None:
        return replace(nadir, why_not=f"Not graded: {reason}.")
    nadir = replace(nadir, grade=grade)
    if grade <= grades.enough:
        return replace(nadir, why_not=f"Grade {grade}: nothing to recover from.")
    for later in range(after, len(points)):
        found, _ = grades.at(later)
        if found is not None and found <= grades.enough:
            on = points[later].on
            return replace(nadir, recovered_on=on, recovered_after=(on - nadir.point.on).days)
    if after == len(points):
        return replace(nadir, why_not="There is no later result.")
    return replace(nadir, why_not=f"Not recovered by {shown(points[-1].on)}.")


@cache
def _directions(analyte_key: str) -> frozenset[str]:
    """The directions, L and H, in which either version of CTCAE grades an analyte."""
    return frozenset(
        direction
        for version in VERSIONS
        for _, direction in criteria.terms_of(version, analyte_key)
    )

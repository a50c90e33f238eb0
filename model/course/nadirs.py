"""The nadir of each cycle: how low an analyte fell, when, and when it recovered.

A nadir is the lowest result between a cycle and the next, at most 84 days later. Which results were
drawn before a cycle follows from `model.records.starts`: a sample from the day of the next cycle
may still be this cycle's nadir, but a sample from the cycle's own day may be only if it was drawn
after the infusion began.

Where CTCAE has criteria for high values only (creatinine, bilirubin, transaminases), the highest
result counts and is called a peak. This follows from the criteria of both versions.

The rule is written twice: `find_nadirs` for the trend of one patient, and `nadirs_of_cohort` for
the columns of all results in a known unit. Tests check that both give the same nadirs.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from itertools import zip_longest
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from model.course.points import Floats, Point
from model.ctcae import criteria
from model.ctcae.reasons import cannot_grade
from model.ctcae.terms import VERSIONS
from model.dates import date_text
from model.grading.evidence import is_graded_by
from model.grading.lab_grades import grade_result
from model.grading.recovery import RECOVERED
from model.grading.samples import NO_SAMPLES, Samples
from model.language import _
from model.records.labs import LabResult
from model.records.starts import DAY_MINUTES, CycleStart

if TYPE_CHECKING:
    import pandas as pd

Array = npt.NDArray[Any]

NADIR_DAYS = 84
"""The most days after a cycle at which a result may be its nadir."""

_RANKS: dict[str | None, int] = {"<": -1, None: 0, ">": 1}
"""The order of results with the same number: `<` is below it and `>` above."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Nadir:
    """The lowest (of a peak: highest) result after a cycle, with its recovery.

    `days` are since the cycle. `recovered_on` is the first later result back at the grade of the
    baseline, or at grade 1 or below, `recovered_after` the days from the nadir to it. Where they
    are None, `why_not` gives the reason: nothing to recover from, not yet, or not graded.
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
        """The word for it: nadir or peak."""
        return _("peak") if self.is_peak else _("nadir")


@cache
def is_peak(analyte_key: str) -> bool:
    """Return whether the highest result counts, as CTCAE grades only high values of the analyte."""
    return _directions(analyte_key) == {"H"}


def find_nadirs(
    analyte_key: str,
    points: Sequence[Point],
    days: Floats,
    values: Floats,
    cycles: Sequence[CycleStart],
    version: str,
    samples: Samples = NO_SAMPLES,
) -> tuple[Nadir, ...]:
    """Return the nadir (or peak) of each cycle with results after it, in the order of the cycles.

    `points` (n) are one trend's, oldest first, with their `days` (n,) and `values` (n,); `cycles`
    are in order of time; `version` is that of CTCAE. A value with `<` ranks just below its number,
    one with `>` just above. Of equal results the first counts. Derived values have a nadir only if
    CTCAE grades their analyte; of them only eGFR is graded.
    """
    if not points or not cycles or (points[0].derived and not _directions(analyte_key)):
        return ()
    peak = is_peak(analyte_key)
    baseline = last_before(points, days, cycles[0])
    base, direction = baseline.graded_result if baseline else None, "H" if peak else "L"
    recovery_grade = max(RECOVERED, _grade_of(base, base, version, direction, samples)[0] or 0)

    @cache  # A result may be looked at again for each cycle.
    def grade_at(index: int) -> tuple[int | None, str]:
        return _grade_of(points[index].graded_result, base, version, direction, samples)

    results = []
    for cycle, following in zip_longest(cycles, cycles[1:]):
        start, end = _count_before(cycle, days), window_end(cycle, following, days)
        if start >= end:
            continue
        window = values[start:end]
        same = start + np.flatnonzero(window == (window.max() if peak else window.min()))
        of_rank = [_RANKS[points[int(i)].comparator] for i in same]
        index = int(same[of_rank.index(max(of_rank) if peak else min(of_rank))])
        point = points[index]
        nadir = Nadir(
            cycle=cycle.number, point=point, days=(point.on - cycle.on).days, is_peak=peak
        )
        results.append(_graded(nadir, index, _after(days, index), points, grade_at, recovery_grade))
    return tuple(results)


def last_before(points: Sequence[Point], days: Floats, cycle: CycleStart) -> Point | None:
    """Return the last of the points, oldest first, that was drawn before a cycle."""
    count = _count_before(cycle, days)
    return points[count - 1] if count else None


def window_end(cycle: CycleStart, following: CycleStart | None, days: Floats) -> int:
    """Return the number of points up to 84 days after a cycle, or else up to the following one."""
    end = int(np.searchsorted(days, cycle.on.toordinal() + NADIR_DAYS + 1))
    return end if following is None else min(end, _count_before(following, days))


def _count_before(cycle: CycleStart, days: Floats) -> int:
    """Return the number of points before a cycle, with half a minute of tolerance for rounding."""
    return int(np.searchsorted(days, (cycle.begins - 0.5) / DAY_MINUTES))


def _after(days: Floats, index: int) -> int:
    """Return the index of the first point later than the point at an index."""
    return int(np.searchsorted(days, days[index], side="right"))


def _grade_of(
    result: LabResult | None,
    base: LabResult | None,
    version: str,
    direction: str,
    samples: Samples,
) -> tuple[int | None, str]:
    """Return the grade of a result in one direction, or None and the reason why it has none."""
    if result is None:
        return None, _("there is no result")
    lines = grade_result(result, base, version, samples)
    in_direction = [
        line
        for line in lines
        if line.direction == direction and is_graded_by(line.result, line.term)
    ]
    if not in_direction:
        return None, lines[0].reason
    # If several terms grade the result, the highest grade counts.
    worst = max(in_direction, key=lambda line: -1 if line.grade is None else line.grade)
    return worst.grade, worst.reason.removeprefix(cannot_grade(""))


def _graded(
    nadir: Nadir,
    index: int,
    after: int,
    points: Sequence[Point],
    grade_at: Callable[[int], tuple[int | None, str]],
    recovery_grade: int,
) -> Nadir:
    """Return the nadir with its grade, and with its recovery among the points from `after` on."""
    if nadir.point.graded_result is None:
        return replace(nadir, why_not=_("A derived value is not graded."))
    grade, reason = grade_at(index)
    if grade is None:
        return replace(nadir, why_not=_("Not graded: {reason}.").format(reason=reason))
    nadir = replace(nadir, grade=grade)
    if grade <= recovery_grade:
        sentence = _("Grade {grade}: nothing to recover from.").format(grade=grade)
        return replace(nadir, why_not=sentence)
    for later in range(after, len(points)):
        later_grade = grade_at(later)[0]
        if later_grade is not None and later_grade <= recovery_grade:
            on = points[later].on
            return replace(nadir, recovered_on=on, recovered_after=(on - nadir.point.on).days)
    if after == len(points):
        return replace(nadir, why_not=_("There is no later result."))
    sentence = _("Not recovered by {date}.").format(date=date_text(points[-1].on))
    return replace(nadir, why_not=sentence)


@cache
def _directions(analyte_key: str) -> frozenset[str]:
    """Return the directions (L, H) in which any version of CTCAE grades an analyte."""
    return frozenset(
        direction
        for version in VERSIONS
        for _, direction in criteria.terms_of(version, analyte_key)
    )


def nadirs_of_cohort(labs: pd.DataFrame, cycles: pd.DataFrame) -> pd.DataFrame:
    """Return one row for each patient, analyte and cycle with results after it.

    `labs` are graded results as `model.cohort.labs.grading.graded` returns them, whose order is
    kept; `cycles` have patient_id, number, given_on and begins. Columns:
    patient_id, analyte (key), cycle, is_peak, taken_on, days (since the cycle), value (canonical
    unit), comparator, grade (missing where it cannot be graded), baseline_grade (as grade),
    to_recover (a grade above that of the baseline, and above 1), recovered_on, recovered_after
    (days from the nadir, missing where it has not recovered).
    """
    import pandas as pd

    cycle, given_on = _cycle_of(cycles, labs)
    taken = labs["taken_on"].to_numpy()
    within = np.flatnonzero((cycle > 0) & (taken <= given_on + np.timedelta64(NADIR_DAYS, "D")))
    peaks = _by_category(
        labs["analyte"], {str(name): is_peak(str(name)) for name in labs["analyte"].cat.categories}
    )
    chosen = within[_lowest(labs, cycle, peaks, within)]
    grades = np.where(peaks, labs["grade_H"].to_numpy(), labs["grade_L"].to_numpy())
    base = _of_baseline(labs, grades)
    recovery_grade = np.maximum(RECOVERED, base)
    grade = grades[chosen]
    to_recover = (grade >= 0) & (grade > recovery_grade[chosen])
    recovered = _next_recovered(labs, (grades >= 0) & (grades <= recovery_grade))[chosen]
    recovered = np.where(to_recover, recovered, -1)
    on = np.where(recovered >= 0, taken[recovered], np.datetime64("NaT"))
    rows = labs.iloc[chosen]
    table = pd.DataFrame(
        {
            "patient_id": rows["patient_id"].to_numpy(),
            "analyte": rows["analyte"].array,
            "cycle": cycle[chosen],
            "is_peak": peaks[chosen],
            "taken_on": rows["taken_on"].array,
            "days": (taken[chosen] - given_on[chosen]).astype("timedelta64[D]").astype("int64"),
            "value": rows["value"].to_numpy(),
            "comparator": rows["comparator"].array,
            "grade": np.where(grade >= 0, grade, np.nan),
            "baseline_grade": np.where(base[chosen] >= 0, base[chosen], np.nan),
            "to_recover": to_recover,
            "recovered_on": on.astype("datetime64[s]"),
        }
    )
    table["recovered_after"] = (table["recovered_on"] - table["taken_on"]).dt.days
    return table


def _cycle_of(cycles: pd.DataFrame, labs: pd.DataFrame) -> tuple[Array, Array]:
    """Return the number and the day of the cycle that each result belongs to; number 0 for none.

    That is the last cycle that had begun before the sample was drawn.
    """
    begun = cycles.sort_values(["patient_id", "begins", "number"], kind="stable")
    if begun.empty:
        return np.zeros(len(labs), "int64"), np.full(len(labs), np.datetime64(0, "D"))
    numbers, patient = np.unique(begun["patient_id"].to_numpy(), return_inverse=True)
    of_result = np.searchsorted(numbers, labs["patient_id"].to_numpy())
    # Patient and moment as one number that keeps their order.
    wide = 1 << 32
    begins = patient * wide + begun["begins"].to_numpy()
    index = np.searchsorted(begins, of_result * wide + labs["moment"].to_numpy(), "right") - 1
    is_own = (index >= 0) & (patient[index] == of_result)
    cycle = np.where(is_own, begun["number"].to_numpy()[index], 0)
    return cycle, begun["given_on"].to_numpy()[index].astype("datetime64[D]")


def _lowest(labs: pd.DataFrame, cycle: Array, peaks: Array, within: Array) -> Array:
    """Return the index in `within` of the lowest (of a peak: highest) per series and cycle.

    Of equal results the first counts. The rows of a series are in order of time, hence of cycles.
    """
    if not len(within):
        return within
    series, of_cycle = labs["series"].to_numpy()[within], cycle[within]
    begins = np.append(True, (np.diff(series) != 0) | (np.diff(of_cycle) != 0))
    group, starts = np.cumsum(begins) - 1, np.flatnonzero(begins)
    sign = np.where(peaks[within], -1, 1)
    value = sign * labs["value"].to_numpy()[within]
    rank = sign * _by_category(labs["comparator"], _RANKS)[within]
    least = value == np.minimum.reduceat(value, starts)[group]
    rank = np.where(least, rank, max(_RANKS.values()) + 1)
    least &= rank == np.minimum.reduceat(rank, starts)[group]
    lowest = np.flatnonzero(least)
    first: Array = lowest[np.append(True, np.diff(group[lowest]) != 0)]
    return first


def _of_baseline(labs: pd.DataFrame, grades: Array) -> Array:
    """Return the grade of each result's baseline; −1 without one, or where it cannot be graded."""
    series = labs["series"].to_numpy()
    of_series = np.full(int(series.max()) + 1 if len(series) else 0, -1)
    is_baseline = labs["is_baseline"].to_numpy()
    of_series[series[is_baseline]] = np.maximum(grades[is_baseline], -1)
    of_each: Array = of_series[series]
    return of_each


def _next_recovered(labs: pd.DataFrame, is_recovered: Array) -> Array:
    """Return for each result the index of the next recovered one of its series; −1 for none."""
    size = len(labs)
    if not size:
        return np.empty(0, dtype="int64")
    series = labs["series"].to_numpy()
    moment = labs["moment"].to_numpy()
    indices = np.where(is_recovered, np.arange(size), size)
    following = np.append(np.minimum.accumulate(indices[::-1])[::-1], size)
    # Results of one moment are not later than one another.
    new = np.append((series[1:] != series[:-1]) | (moment[1:] != moment[:-1]), True)
    ends = np.flatnonzero(new) + 1
    after = ends[np.searchsorted(ends, np.arange(size), side="right")]
    nearest = following[after]
    same = np.append(series, -1)[np.minimum(nearest, size)] == series
    recovered: Array = np.where(same, nearest, -1)
    return recovered


def _by_category(column: pd.Series, values: Mapping[str | None, int]) -> Array:
    """Return the value of each row's category; 0 where it has none."""
    of_code = np.array([*(values.get(name, 0) for name in column.cat.categories), 0])
    of_row: Array = of_code[column.cat.codes.to_numpy()]
    return of_row

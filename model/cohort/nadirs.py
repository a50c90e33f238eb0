"""The nadir of each cycle over a cohort: how low an analyte fell, when, and when it recovered.

What a nadir, a peak and a recovery are is said in `model.nadirs`: a patient's are the same here and
in the Course, for all results in a known unit.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from model.cohort.frames import Frames
from model.cohort.lines import TableLine, Why, median_and_range
from model.course.nadirs import NADIR_DAYS, RECOVERED, is_peak
from model.dates import shown
from model.reference import analytes

Array = npt.NDArray[Any]
_RANKS = {"<": -1, ">": 1}
SECTION = "nadirs"


def nadirs(frames: Frames) -> pd.DataFrame:
    """One row a patient, analyte and cycle with results after it, in the order of `frames.labs`.

    patient_id, analyte (key), cycle, is_peak, taken_on, days (since the cycle), value (canonical
    unit), comparator, grade (missing where it cannot be graded), baseline_grade (as grade),
    to_recover (a grade above that of the baseline, and above 1), recovered_on, recovered_after
    (days from the nadir, missing where it has not recovered).
    """
    labs = frames.graded
    cycle, given_on, next_on = _cycles_of(frames, labs)
    taken = labs["taken_on"].to_numpy()
    last = np.minimum(next_on, given_on + np.timedelta64(NADIR_DAYS, "D"))
    within = np.flatnonzero((cycle > 0) & (taken <= last))
    peaks = _by_category(labs["analyte"], {name: is_peak(name) for name in _names(labs)})
    chosen = within[_lowest(labs, cycle, peaks, within)]
    grades = np.where(peaks, labs["grade_H"].to_numpy(), labs["grade_L"].to_numpy())
    base = _of_baseline(labs, grades)
    enough = np.maximum(RECOVERED, base)
    grade = grades[chosen]
    to_recover = (grade >= 0) & (grade > enough[chosen])
    recovered = _next_recovered(labs, (grades >= 0) & (grades <= enough))[chosen]
    recovered = np.where(to_recover, recovered, -1)
    on = np.where(recovered >= 0, taken[recovered], np.datetime64("NaT"))
    rows = labs.iloc[chosen]
    found = pd.DataFrame(
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
    found["recovered_after"] = (found["recovered_on"] - found["taken_on"]).dt.days
    return found


def lines(frames: Frames) -> list[TableLine]:
    """The section “nadirs”: for each analyte and cycle the nadir, when it came, and recovery."""
    found = nadirs(frames)
    listed = []
    order = {analyte.key: place for place, analyte in enumerate(analytes.ANALYTES)}
    groups = [*found.groupby(["analyte", "cycle"], observed=True)]
    for (key, cycle), rows in sorted(groups, key=lambda one: (order.get(one[0][0], 0), one[0])):
        listed += _of_cycle(str(key), int(cycle), rows)
    return listed


def _of_cycle(key: str, cycle: int, rows: pd.DataFrame) -> list[TableLine]:
    analyte = analytes.find(key)
    name, unit = (analyte.name, analyte.display_unit()) if analyte else (key, "")
    what = "peak" if is_peak(key) else "nadir"
    side = "highest" if is_peak(key) else "lowest"
    by_patient = rows.set_index("patient_id")
    of = len(rows)
    to_recover = by_patient[by_patient["to_recover"]]
    recovered = to_recover[to_recover["recovered_on"].notna()]
    because = _by_rows(by_patient, unit, what)
    span = f"cycle {cycle} until the next, at most {NADIR_DAYS} days"
    listed = [
        *median_and_range(
            SECTION,
            name,
            by_patient["value"],
            of,
            unit,
            f"The {side} result after {span}",
            part=what,
            cycle=cycle,
        ),
        *median_and_range(
            SECTION,
            name,
            by_patient["days"].astype("float64"),
            of,
            "days",
            f"Days from the cycle to the {what}",
            part=f"time to {what}",
            cycle=cycle,
        ),
        TableLine(
            section=SECTION,
            measure=name,
            part="recovered",
            cycle=cycle,
            n=len(recovered),
            of=len(to_recover),
            unit="patients",
            definition=f"Patients with a later result back at the baseline's grade, or at grade"
            f" {RECOVERED} or below, of those whose {what} was above both",
            patients=tuple(recovered.index.tolist()),
            because=because,
        ),
    ]
    if len(to_recover):
        listed += median_and_range(
            SECTION,
            name,
            to_recover["recovered_after"].astype("float64"),
            len(to_recover),
            "days",
            f"Days from the {what} to recovery, of those who recovered",
            part="time to recovery",
            cycle=cycle,
        )
    return listed


def _by_rows(rows: pd.DataFrame, unit: str, what: str) -> Why:
    """A patient's nadir: `nadir 48 ×10⁹/L, day 21, grade 3; recovered 24 days later`."""

    def because(patient_id: int) -> str:
        row = rows.loc[patient_id]
        sign = row["comparator"] if isinstance(row["comparator"], str) else ""
        told = f"{what} {sign}{row['value']:g} {unit}, {shown(row['taken_on'].date())}"
        if not pd.isna(row["grade"]):
            told += f", grade {row['grade']:.0f}"
        if not pd.isna(row["recovered_after"]):
            told += f"; recovered {row['recovered_after']:.0f} days later"
        return told

    return because


def _cycles_of(frames: Frames, labs: pd.DataFrame) -> tuple[Array, Array, Array]:
    """Of each result the cycle before whose window it is in (0 for none), its day, and the next's.

    The day of a cycle belongs to what came before it.
    """
    given = frames.cycles.sort_values(["patient_id", "given_on"], kind="stable")
    patients = given["patient_id"].to_numpy()
    days = given["given_on"].to_numpy().astype("datetime64[D]").astype("int64")
    next_day = np.append(days[1:], 0)
    last = np.append(patients[1:] != patients[:-1], True) if len(patients) else np.empty(0, bool)
    next_day[last] = np.iinfo("int32").max
    numbers, patient = np.unique(patients, return_inverse=True)
    of_result = np.searchsorted(numbers, labs["patient_id"].to_numpy())
    taken = labs["taken_on"].to_numpy().astype("datetime64[D]").astype("int64")
    # Patient and day as one number that keeps their order.
    wide = 1 << 32
    place = np.searchsorted(patient * wide + days, of_result * wide + taken, side="left") - 1
    known = (place >= 0) & (patient[place] == of_result) if len(patient) else place >= 0
    cycle = np.where(known, given["number"].to_numpy()[place] if len(patient) else 0, 0)
    on = np.where(known, days[place] if len(patient) else 0, 0)
    following = np.where(known, next_day[place] if len(patient) else 0, 0)
    return cycle, on.astype("datetime64[D]"), following.astype("datetime64[D]")


def _lowest(labs: pd.DataFrame, cycle: Array, peaks: Array, within: Array) -> Array:
    """Where among the rows `within` is the lowest (of a peak: highest) of each series and cycle.

    Of one number, `<` lies below it and `>` above; of equals the first. The rows of a series
    stand by time, and so by cycle.
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
    found = np.flatnonzero(least)
    first: Array = found[np.append(True, np.diff(group[found]) != 0)]
    return first


def _of_baseline(labs: pd.DataFrame, grades: Array) -> Array:
    """The grade of each result's baseline; −1 where it has none, or it cannot be graded."""
    series = labs["series"].to_numpy()
    found = np.full(int(series.max()) + 1 if len(series) else 0, -1)
    is_baseline = labs["is_baseline"].to_numpy()
    found[series[is_baseline]] = np.maximum(grades[is_baseline], -1)
    of_each: Array = found[series]
    return of_each


def _next_recovered(labs: pd.DataFrame, has: Array) -> Array:
    """For each result the place of the first later one of its series that has it; −1 for none."""
    size = len(labs)
    if not size:
        return np.empty(0, dtype="int64")
    series = labs["series"].to_numpy()
    day = labs["taken_on"].to_numpy().astype("datetime64[D]").astype("int64")
    # Without a time, a result counts as of the beginning of its day.
    minute = np.maximum(labs["minute"].to_numpy().astype("int64"), 0)
    moment = day * 1440 + minute
    places = np.where(has, np.arange(size), size)
    following = np.append(np.minimum.accumulate(places[::-1])[::-1], size)
    # Results of one moment are not later than one another.
    new = np.append((series[1:] != series[:-1]) | (moment[1:] != moment[:-1]), True)
    ends = np.flatnonzero(new) + 1
    after = ends[np.searchsorted(ends, np.arange(size), side="right")]
    found = following[after]
    same = np.append(series, -1)[np.minimum(found, size)] == series
    recovered: Array = np.where(same, found, -1)
    return recovered


def _by_category(column: pd.Series, values: dict[str, Any]) -> Array:
    """What belongs to each row's category; 0 where it has none."""
    of_code = np.array([*(values.get(name, 0) for name in column.cat.categories), 0])
    found: Array = of_code[column.cat.codes.to_numpy()]
    return found


def _names(labs: pd.DataFrame) -> list[str]:
    return [str(name) for name in labs["analyte"].cat.categories]

"""Collect the results of one analyte around each cycle of all patients, by days since it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from model.cohort.figures.table import FigureTable
from model.cohort.frames import Frames
from model.course.overlay import DAYS_AFTER, DAYS_BEFORE
from model.reference import analytes

Floats = npt.NDArray[np.float64]

WINDOW_DAYS = 7
"""The days that one point of the median line combines."""

LEAST_COURSES = 3
"""A point of the median needs so many courses, and at least half of all.

If few patients are measured, they are those with low values, and their median would be too low.
"""


@dataclass(frozen=True, slots=True)
class Strand:
    """The course of one patient after one cycle: `start` to `end` of the joined arrays."""

    patient_id: int
    code: str
    cycle: int
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Spaghetti:
    """All courses of one analyte as one line: `days` and `values`, (n,), NaN between courses.

    Days are counted from the cycle: from 14 before it to the start of the next, at most 84.
    `comparators` are `<` or `>` if a result is only known to be below or above its value, otherwise
    empty. `median_days` and `median_values` are of the weeks in which at least half of the courses,
    and at least three, have a result; several results of a course in a week count with their
    median. `low` and `high` are the most frequent limits of normal; None if there are none.
    """

    analyte: str
    name: str
    unit: str
    days: Floats
    values: Floats
    comparators: tuple[str, ...]
    strands: tuple[Strand, ...]
    median_days: Floats
    median_values: Floats
    low: float | None
    high: float | None

    def numbers(self) -> FigureTable:
        """Return one row per result."""
        header = ("code", "cycle", "day_since_cycle", "analyte", "comparator", "value", "unit")
        return FigureTable(
            header,
            [
                (strand.code, strand.cycle, int(day), self.analyte, sign, value, self.unit)
                for strand in self.strands
                for day, sign, value in zip(
                    self.days[strand.start : strand.end].tolist(),
                    self.comparators[strand.start : strand.end],
                    self.values[strand.start : strand.end].tolist(),
                    strict=True,
                )
            ],
        )


def spaghetti(frames: Frames, analyte: str, cycle: int | None = None) -> Spaghetti:
    """Return the courses of an analyte, by key, after every cycle or after one.

    The first access to `frames.labs` takes a while. Results that are questioned or in an unknown
    unit are left out.
    """
    labs = frames.labs
    known = analytes.by_key(analyte)
    cycles = frames.cycles[frames.cycles["patient_id"].isin(frames.patients.index)]
    results = labs[(labs["analyte"] == analyte) & labs["value"].notna() & ~labs["is_questioned"]]
    results = results[results["patient_id"].isin(frames.patients.index)]
    around = _around(results, cycles)
    if cycle is not None:
        around = around[around["number"] == cycle]
    around = around.sort_values(["patient_id", "number", "moment"], kind="stable")
    days, values, comparators, strands = _join_courses(around, frames.codes)
    median_days, median_values = _medians(around)
    return Spaghetti(
        analyte=analyte,
        name=known.name if known else analyte,
        unit=known.display_unit() if known else "",
        days=days,
        values=values,
        comparators=comparators,
        strands=strands,
        median_days=median_days,
        median_values=median_values,
        low=_most_frequent(around["lln"]),
        high=_most_frequent(around["uln"]),
    )


def _around(results: pd.DataFrame, cycles: pd.DataFrame) -> pd.DataFrame:
    """Return each result with the cycle it follows, and again with a cycle it shortly precedes."""
    columns = ["patient_id", "taken_on", "moment", "value", "lln", "uln", "comparator"]
    left = results[columns].sort_values("moment", kind="stable")
    right = cycles[["patient_id", "number", "given_on", "begins"]].sort_values("begins")
    right["given_on"] = right["given_on"].astype(left["taken_on"].dtype)
    if left.empty or right.empty:
        nothing = left.assign(number=0, day=0.0)
        return nothing.iloc[:0]
    matches = [
        pd.merge_asof(
            left,
            right,
            left_on="moment",
            right_on="begins",
            by="patient_id",
            direction=direction,
            allow_exact_matches=direction == "backward",
        )
        for direction in ("backward", "forward")
    ]
    both = pd.concat(matches, ignore_index=True).dropna(subset=["given_on"])
    both["day"] = (both["taken_on"] - both["given_on"]).dt.days.astype("float64")
    return both[(both["day"] >= -DAYS_BEFORE) & (both["day"] < DAYS_AFTER + 1)]


def _join_courses(
    around: pd.DataFrame, codes: Mapping[int, str]
) -> tuple[Floats, Floats, tuple[str, ...], tuple[Strand, ...]]:
    """Join the courses into one line, with NaN between them."""
    count = len(around)
    if not count:
        return np.empty(0), np.empty(0), (), ()
    patients = around["patient_id"].to_numpy(np.int64)
    numbers = around["number"].to_numpy(np.int64)
    begins = np.ones(count, dtype=bool)
    begins[1:] = (np.diff(patients) != 0) | (np.diff(numbers) != 0)
    starts = np.flatnonzero(begins)
    gaps = starts[1:]
    days = np.insert(around["day"].to_numpy(np.float64), gaps, np.nan)
    values = np.insert(around["value"].to_numpy(np.float64), gaps, np.nan)
    signs = around["comparator"].astype(object).fillna("").to_numpy(dtype=object)
    comparators = tuple(np.insert(signs, gaps, "").tolist())
    ends = [*gaps.tolist(), count]
    strands = tuple(
        Strand(
            int(patients[start]),
            codes[int(patients[start])],
            int(numbers[start]),
            start + gap_count,
            end + gap_count,
        )
        for gap_count, (start, end) in enumerate(zip(starts.tolist(), ends, strict=True))
    )
    return days, values, comparators, strands


def _medians(around: pd.DataFrame) -> tuple[Floats, Floats]:
    """Return the middle of each week since the cycle, and the median of the courses in it."""
    if around.empty:
        return np.empty(0), np.empty(0)
    # Day 0 and the days before it show the state at the cycle: weeks begin at day 1.
    week = np.floor((around["day"] - 1) / WINDOW_DAYS).rename("week")
    by_course = around.groupby([week, "patient_id", "number"])["value"].median()
    weeks = by_course.groupby("week").agg(["median", "size"])
    half = len(around[["patient_id", "number"]].drop_duplicates()) / 2
    weeks = weeks[weeks["size"] >= max(LEAST_COURSES, half)]
    middles = weeks.index.to_numpy(np.float64) * WINDOW_DAYS + 1 + (WINDOW_DAYS - 1) / 2
    return middles, weeks["median"].to_numpy(np.float64)


def _most_frequent(limits: Iterable[float]) -> float | None:
    modes = pd.Series(limits, dtype="float64").dropna().mode()
    return float(modes.iloc[0]) if len(modes) else None

"""Estimate the time to an event by Kaplan and Meier, and compare groups by the log-rank test."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from model.cohort.frames import Frames
from model.cohort.patient_columns import values_of_patients
from model.dates import DAYS_PER_MONTH
from model.language import N_

Floats = npt.NDArray[np.float64]
Counts = npt.NDArray[np.int64]

KINDS = {"OS": N_("overall survival"), "PFS": N_("progression-free survival")}
OS_DEFINITION = N_(
    "OS: time from T0 to death of any cause; all others are censored on the last day that they are"
    " known to have been alive, which is that of their last dated record: cycle, administration,"
    " laboratory result, assessment or image, toxicity, biopsy, metastasis, therapy, quality of"
    " life, or a follow-up that found them alive."
)
PFS_DEFINITION = N_(
    "PFS: time from T0 to the first progressive disease (PD) read or judged clinically after T0, or"
    " to death of any cause, whichever is first; others are censored at their last assessment with"
    " a response other than NE, or at T0 without such an assessment."
)

LEVEL = 0.95
_TOLERANCE = math.sqrt(np.finfo(np.float64).eps)  # for reaching 0.5, as in R's survival package


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """A number with its interval; each is None if it was not reached or is unknown."""

    value: float | None
    low: float | None
    high: float | None


NOT_REACHED = Estimate(value=None, low=None, high=None)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Curve:
    """A Kaplan-Meier estimate: a step at each distinct time, all arrays of one length.

    `survival` applies from its time until the next, with the bounds `low` and `high`. These are NaN
    while all patients are without the event, and once none is. `at_risk` counts the patients
    observed just before the time, `events` and `censored` those at it.
    """

    times: Floats
    survival: Floats
    low: Floats
    high: Floats
    at_risk: Counts
    events: Counts
    censored: Counts

    @property
    def n(self) -> int:
        """The number observed."""
        return int(self.at_risk[0]) if len(self.at_risk) else 0

    @property
    def n_events(self) -> int:
        """The number with the event."""
        return int(self.events.sum())

    def at(self, time: float) -> Estimate:
        """Return the share without the event at a time; None beyond the last observation."""
        if not len(self.times) or time > self.times[-1] or time < 0:
            return NOT_REACHED
        step = int(np.searchsorted(self.times, time, side="right")) - 1
        if step < 0:
            return Estimate(value=1.0, low=1.0, high=1.0)
        return Estimate(
            value=float(self.survival[step]),
            low=_known(self.low[step]),
            high=_known(self.high[step]),
        )

    def still_at_risk(self, time: float) -> int:
        """Return the number observed just before a time."""
        step = int(np.searchsorted(self.times, time, side="left"))
        return int(self.at_risk[step]) if step < len(self.at_risk) else 0

    @property
    def median(self) -> Estimate:
        """The time at which half have had the event, with its interval (Brookmeyer and Crowley).

        If the curve is exactly one half over a step, it is the middle of the step, as in R's
        survival package.
        """
        return Estimate(
            value=_half(self.times, self.survival),
            low=_half(self.times, self.low),
            high=_half(self.times, self.high),
        )


def observation_times(frames: Frames, kind: str = "OS") -> pd.DataFrame:
    """Return each followed patient's months from T0, and whether they ended with the event.

    The index is patient_id, the columns are months, event and ended_on. Raises ValueError for a
    kind that is not in `KINDS`.
    """
    if kind not in KINDS:
        raise ValueError(f"No such survival: {kind}.")
    patients = frames.patients
    died = patients["status"] == "dead"
    known = patients["index_on"].notna() & (patients["last_on"] >= patients["index_on"])
    ended_on, event = patients["last_on"], died
    if kind == "PFS":
        read = frames.assessments[frames.assessments["patient_id"].isin(patients.index)]
        # An assessment on the day of T0 is the baseline.
        read = read[read["assessed_on"] > values_of_patients(patients["index_on"], read)]
        by_patient = "patient_id"
        worse = read[read["response"] == "PD"].groupby(by_patient)["assessed_on"].min()
        evaluable = read[read["response"].isin(["CR", "PR", "SD", "PD"])]
        last = evaluable.groupby(by_patient)["assessed_on"].max().reindex(patients.index)
        worse = worse.reindex(patients.index)
        event = worse.notna() | died
        censored_on = last.fillna(patients["index_on"])
        ended_on = worse.fillna(patients["last_on"].where(died, censored_on))
        known = patients["index_on"].notna() & (ended_on >= patients["index_on"])
    days = (ended_on - patients["index_on"]).dt.days
    result = pd.DataFrame({"months": days / DAYS_PER_MONTH, "event": event, "ended_on": ended_on})
    return result[known]


def log_rank(one: pd.DataFrame, other: pd.DataFrame) -> float | None:
    """Return the two-sided p of the log-rank test between two groups; None without any event."""
    from scipy import stats

    if not len(one) or not len(other) or not (one["event"].any() or other["event"].any()):
        return None
    first, second = (
        stats.CensoredData.right_censored(
            group["months"].to_numpy(), ~group["event"].to_numpy(dtype=bool)
        )
        for group in (one, other)
    )
    with np.errstate(all="ignore"):
        p = float(stats.logrank(first, second).pvalue)
    return None if np.isnan(p) else p


def estimate_curve(times: npt.ArrayLike, had_event: npt.ArrayLike, level: float = LEVEL) -> Curve:
    """Return the Kaplan-Meier estimate of times (not negative, any unit) with or without an event.

    Estimates and counts are those of `scipy.stats.ecdf`; the interval has Greenwood's variance on
    the log-log scale. An event counts as before a censoring at the same time. Raises ValueError if
    a time is negative or unknown. Without times, the curve has no steps.
    """
    from scipy import stats

    observed = np.asarray(times, dtype=np.float64)
    event = np.asarray(had_event, dtype=bool)
    if not np.all(observed >= 0):
        raise ValueError("Times to an event must be known and not negative.")
    if not len(observed):
        nothing, none = np.empty(0), np.empty(0, dtype=np.int64)
        return Curve(
            times=nothing,
            survival=nothing,
            low=nothing,
            high=nothing,
            at_risk=none,
            events=none,
            censored=none,
        )
    known = stats.ecdf(stats.CensoredData.right_censored(observed, ~event)).sf
    at = np.asarray(known.quantiles, dtype=np.float64)
    ended = np.searchsorted(np.sort(observed), at, side="right")
    at_risk = len(observed) - np.searchsorted(np.sort(observed), at, side="left")
    died = np.diff(np.searchsorted(np.sort(observed[event]), at, side="right"), prepend=0)
    survival = np.asarray(known.probabilities, dtype=np.float64)
    low, high = _interval(survival, at_risk, died, float(stats.norm.ppf((1 + level) / 2)))
    return Curve(
        times=at,
        survival=survival,
        low=low,
        high=high,
        at_risk=at_risk.astype(np.int64),
        events=died.astype(np.int64),
        censored=(np.diff(ended, prepend=0) - died).astype(np.int64),
    )


def estimate_follow_up(
    times: npt.ArrayLike, had_event: npt.ArrayLike, level: float = LEVEL
) -> Curve:
    """Return the curve of follow-up, in which events are censored and censoring is the event.

    Its median is the median follow-up (Schemper and Smith 1996).
    """
    return estimate_curve(times, ~np.asarray(had_event, dtype=bool), level)


def _interval(survival: Floats, at_risk: Counts, died: Counts, z: float) -> tuple[Floats, Floats]:
    """Return the bounds on the log-log scale, with Greenwood's variance (Kalbfleisch and Prentice).

    scipy computes the same interval, but warns about the steps without one.
    """
    low, high = np.full_like(survival, np.nan), np.full_like(survival, np.nan)
    inside = (survival > 0) & (survival < 1)
    left = np.where(inside, at_risk - died, 1)
    variance = np.cumsum(np.where(inside, died / (at_risk * left), 0.0))[inside]
    width = z * np.sqrt(variance) / np.log(survival[inside])
    low[inside] = survival[inside] ** np.exp(-width)
    high[inside] = survival[inside] ** np.exp(width)
    return low, high


def _half(times: Floats, bound: Floats) -> float | None:
    at_most = np.flatnonzero(bound < 0.5 + _TOLERANCE)  # NaN is not
    if not len(at_most):
        return None
    first = at_most[0]
    below = np.flatnonzero(bound[at_most] < bound[first])
    if abs(bound[first] - 0.5) < _TOLERANCE and len(below):
        return float((times[first] + times[at_most[below[0]]]) / 2)
    return float(times[first])


def _known(value: float) -> float | None:
    return None if math.isnan(value) else float(value)

"""The times to death or progression that survival is made of, and how two groups' compare."""

from __future__ import annotations

import numpy as np
import pandas as pd

from model.cohort.frames import Frames, of_patients
from model.cohort.lines import DAYS_A_MONTH

KINDS = {"OS": "overall survival", "PFS": "progression-free survival"}
OS_DEFINITION = (
    "OS: time from T0 to death of any cause; the living are censored at their last follow-up."
)
PFS_DEFINITION = (
    "PFS: time from T0 to the first progressive disease (PD) read or judged clinically after T0, or"
    " to death of any cause, whichever is first; others are censored at their last assessment with"
    " a response other than NE, or at T0 where there is none after it."
)


def times(frames: Frames, kind: str = "OS") -> pd.DataFrame:
    """The months from T0 and whether the event came, of each patient who can be followed.

    Index patient_id; columns months, event, ended_on. Raises ValueError for a kind that is none of
    `KINDS`.
    """
    if kind not in KINDS:
        raise ValueError(f"There is no survival “{kind}”.")
    patients = frames.patients
    died = patients["status"] == "dead"
    known = patients["index_on"].notna() & (patients["last_on"] >= patients["index_on"])
    ended_on, event = patients["last_on"], died
    if kind == "PFS":
        read = frames.assessments[frames.assessments["patient_id"].isin(patients.index)]
        # Of the day of T0 is the baseline.
        read = read[read["assessed_on"] > of_patients(patients["index_on"], read)]
        by_patient = "patient_id"
        worse = read[read["response"] == "PD"].groupby(by_patient)["assessed_on"].min()
        told = read[read["response"].isin(["CR", "PR", "SD", "PD"])]
        last = told.groupby(by_patient)["assessed_on"].max().reindex(patients.index)
        worse = worse.reindex(patients.index)
        event = worse.notna() | died
        censored_on = last.fillna(patients["index_on"])
        ended_on = worse.fillna(patients["last_on"].where(died, censored_on))
        known = patients["index_on"].notna() & (ended_on >= patients["index_on"])
    days = (ended_on - patients["index_on"]).dt.days
    found = pd.DataFrame({"months": days / DAYS_A_MONTH, "event": event, "ended_on": ended_on})
    return found[known]


def log_rank(one: pd.DataFrame, other: pd.DataFrame) -> float | None:
    """The two-sided p of the log-rank test between two groups' times; None where it has none."""
    from scipy import stats

    if not len(one) or not len(other) or not (one["event"].any() or other["event"].any()):
        return None
    sides = [
        stats.CensoredData.right_censored(
            side["months"].to_numpy(), ~side["event"].to_numpy(dtype=bool)
        )
        for side in (one, other)
    ]
    with np.errstate(all="ignore"):
        p = float(stats.logrank(*sides).pvalue)
    return None if np.isnan(p) else p

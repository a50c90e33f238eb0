"""Best response to treatment, one category per patient: for one patient, and for a whole cohort.

Responses count if they were read on or after the day of the first cycle, not at the baseline time
point, and up to the first progression after that day. Best response ends there (RECIST 1.1, section
4.6), so that responses to a later treatment do not count. Progression is a response PD, whether
from imaging or clinical. Another therapy without progression does not end it. The best response on
imaging is the category. A patient without any, who died or whose clinical assessment is NE or PD,
has the category `BEFORE_IMAGING`; every other treated patient is `NOT_ASSESSED`.

On a day with PD on imaging, no other response counts; on the day of a clinical progression, imaging
still counts. After the progression only PD counts, because imaging then documents a progression
that was diagnosed clinically. The rules are here twice, for one patient and for data frames, and a
test holds both equal.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING

from model.records.assessments import Assessment

if TYPE_CHECKING:
    import pandas as pd

BEST_FIRST = ("CR", "PR", "SD", "PD", "NE")
BEFORE_IMAGING = "clinical progression or death before imaging"
NOT_ASSESSED = "not assessed"
CLINICAL = "clinical"
"""The time point, or modality, of an assessment made without imaging."""
_LOST = ("NE", "PD")


def best_response(
    assessments: Iterable[Assessment], first_cycle_on: date | None, *, has_died: bool
) -> str | None:
    """Return the category of one patient; None for one without a cycle."""
    if first_cycle_on is None:
        return None
    counted = counted_of_patient(assessments, first_cycle_on)
    clinical = {each.response for each in counted if CLINICAL in (each.timepoint, each.modality)}
    imaged = {each.response for each in counted if CLINICAL not in (each.timepoint, each.modality)}
    for response in BEST_FIRST:
        if response in imaged:
            return response
    return BEFORE_IMAGING if has_died or clinical.intersection(_LOST) else NOT_ASSESSED


def counted_of_patient(assessments: Iterable[Assessment], first_cycle_on: date) -> list[Assessment]:
    """Return the assessments of one patient whose response counts."""
    read = [
        each
        for each in assessments
        if each.response and each.assessed_on >= first_cycle_on and each.timepoint != "baseline"
    ]
    ended_on = progressed_on(read, first_cycle_on)
    if ended_on is None:
        return read
    by_imaging = any(
        each.response == "PD" and CLINICAL not in (each.timepoint, each.modality)
        for each in read
        if each.assessed_on == ended_on
    )
    return [
        each
        for each in read
        if each.response == "PD"
        or each.assessed_on < ended_on
        or (each.assessed_on == ended_on and not by_imaging)
    ]


def progressed_on(assessments: Iterable[Assessment], first_cycle_on: date) -> date | None:
    """Return the day of the first progression of one patient, if there was one."""
    return min(
        (
            each.assessed_on
            for each in assessments
            if each.response == "PD"
            and each.assessed_on > first_cycle_on
            and each.timepoint != "baseline"
        ),
        default=None,
    )


def best_responses(assessments: pd.DataFrame, treated: pd.DataFrame) -> pd.Series:
    """Return the category of each treated patient, by the index of `treated`, a patient's id.

    `assessments` has patient_id, assessed_on, timepoint, modality and response; `treated` has
    first_on and status.
    """
    import pandas as pd

    counted = counted_responses(assessments, treated)
    clinical = is_clinical(counted)
    ranks = counted["response"].map({name: rank for rank, name in enumerate(BEST_FIRST)})
    best = ranks[~clinical].groupby(counted["patient_id"]).min().map(dict(enumerate(BEST_FIRST)))
    worse = counted[clinical & counted["response"].isin(_LOST)]["patient_id"]
    category = pd.Series(NOT_ASSESSED, index=treated.index, dtype=object)
    category[(treated["status"] == "dead") | treated.index.isin(worse)] = BEFORE_IMAGING
    category[best.index] = best
    return category


def counted_responses(assessments: pd.DataFrame, treated: pd.DataFrame) -> pd.DataFrame:
    """Return the assessments whose response counts, of treated patients."""
    read = assessments[assessments["patient_id"].isin(treated.index)]
    first_on = treated["first_on"].reindex(read["patient_id"]).set_axis(read.index)
    after = read["assessed_on"] >= first_on
    read = read[after & (read["timepoint"] != "baseline") & read["response"].notna()]
    ended = progressions(read, treated).reindex(read["patient_id"])
    ended_on = ended.set_axis(read.index)
    is_worse, is_last = read["response"] == "PD", read["assessed_on"] == ended_on
    by_imaging = read.loc[is_last & is_worse & ~is_clinical(read), "patient_id"]
    is_before = ended_on.isna() | (read["assessed_on"] < ended_on)
    return read[is_worse | is_before | (is_last & ~read["patient_id"].isin(by_imaging))]


def progressions(assessments: pd.DataFrame, treated: pd.DataFrame) -> pd.Series:
    """Return the day of the first progression of each treated patient who had one, by patient."""
    read = assessments[assessments["patient_id"].isin(treated.index)]
    first_on = treated["first_on"].reindex(read["patient_id"]).set_axis(read.index)
    after = (read["assessed_on"] > first_on) & (read["timepoint"] != "baseline")
    return read[after & (read["response"] == "PD")].groupby("patient_id")["assessed_on"].min()


def is_clinical(assessments: pd.DataFrame) -> pd.Series:
    """Return which assessments were made without imaging."""
    return (assessments["timepoint"] == CLINICAL) | (assessments["modality"] == CLINICAL)

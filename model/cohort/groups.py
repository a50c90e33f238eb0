"""Group patients to compare their survival, and CTCAE terms to report them together.

Groups of patients are known when treatment begins. The groups of terms, such as “liver
impairment”, are in `resources/ctcae/reporting_groups.csv`; each term is in one group at most.
"""

from __future__ import annotations

from enum import StrEnum
from functools import cache

import pandas as pd

from model.cohort import histology
from model.cohort.frames import Frames
from model.cohort.lines import NOT_RECORDED
from model.records.cycles import modality_of
from model.reference.tables import rows

_KI67_CUT = 55
"""Ki-67 in per cent that divides NET G3 in two: NORDIC NEC (Sorbye, Ann Oncol 2013;24:152-160)."""


class Group(StrEnum):
    """What divides the patients: only facts that are known when treatment begins.

    A group defined by later facts has only patients who lived until then (immortal time bias).
    """

    SEX = "sex"
    PRIMARY_SITE = "primary site"
    GRADE = "grade before therapy"
    KI67 = "Ki-67 before therapy"
    PRIOR_PRRT = "prior PRRT"
    FIRST_CYCLE = "modality of the first cycle"


def labels(frames: Frames, group: Group) -> pd.Series:
    """Return the group of each patient, by patient_id; “not recorded” if it is unknown."""
    index = frames.patients.index
    match group:
        case Group.SEX:
            by_patient = frames.patients["sex"]
        case Group.PRIMARY_SITE:
            by_patient = frames.patients["primary_site"]
        case Group.GRADE:
            by_patient = histology.latest_grade(frames)
        case Group.KI67:
            ki67 = histology.latest_ki67(frames)
            above = ki67 > _KI67_CUT
            names = {True: f"Ki-67 above {_KI67_CUT} %", False: f"Ki-67 up to {_KI67_CUT} %"}
            by_patient = above.map(names).where(ki67.notna())
        case Group.PRIOR_PRRT:
            prior = frames.prior_therapies
            had = prior.loc[prior["category"] == "prrt", "patient_id"]
            names = {True: "prior PRRT", False: "no prior PRRT"}
            by_patient = pd.Series(index.isin(had), index=index).map(names)
        case Group.FIRST_CYCLE:
            by_patient = _first_modality(frames)
    return by_patient.reindex(index).astype("str").fillna(NOT_RECORDED)


def _first_modality(frames: Frames) -> pd.Series:
    first = frames.cycles.sort_values("given_on", kind="stable").drop_duplicates("patient_id")
    agents = frames.administrations.groupby("cycle_id")["agent"].nunique()
    number = first.set_index("patient_id")["cycle_id"].map(agents)
    return number.map(modality_of).where(number.notna())


def group_of(term: str) -> str | None:
    """Return the reporting group of a term, ignoring case; None if it has none."""
    return _groups().get(term.casefold())


def groups() -> dict[str, tuple[str, ...]]:
    """Return the terms of each group, in the order of the table."""
    terms: dict[str, tuple[str, ...]] = {}
    for row in rows("ctcae/reporting_groups.csv"):
        terms[row["group"]] = (*terms.get(row["group"], ()), row["term"])
    return terms


@cache
def _groups() -> dict[str, str]:
    return {term.casefold(): group for group, terms in groups().items() for term in terms}

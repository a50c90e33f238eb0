"""Shift: from the grade at baseline to the worst grade since the first cycle, by laboratory result.

Graded are the results, in the CTCAE version of each patient, not the recorded toxicities.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from model.cohort.frames import Frames
from model.cohort.labs.grading import DIRECTIONS, TERMS, term_of
from model.cohort.lines import NO_BASELINE, Reason, TableLine, count
from model.cohort.patient_columns import values_of_patients
from model.dates import date_text
from model.grading.evidence import EGFR, KIDNEY_TERM, WEIGHT
from model.language import N_, _
from model.reference import analytes

SECTION = "shift"
_DEFINITION = N_(
    "Patients by grade at baseline → worst grade after the first cycle, by laboratory result, of"
    " those with a graded result"
)


def shifts(frames: Frames) -> pd.DataFrame:
    """One row a patient and term with a graded result drawn after the first cycle began.

    patient_id, term, direction (L or H), analyte (key), version (of CTCAE), baseline (grade,
    missing where there is none or it cannot be graded), worst (grade), worst_on (its first day).
    If a term grades several analytes, the worst grade of any is its grade.
    """
    parts = []
    for labs in (frames.graded, frames.graded_besides):
        version = values_of_patients(frames.patients["version"], labs).to_numpy()
        parts += [
            _by_term(labs, version, direction, place)
            for direction in DIRECTIONS
            for place in range(TERMS)
        ]
    results, weights = pd.concat(parts[: len(parts) // 2]), pd.concat(parts[len(parts) // 2 :])
    # Weights among the results are part of those of visits; computed eGFR is of the kidney only.
    results = results[results["analyte"] != WEIGHT]
    weights = weights[(weights["analyte"] != EGFR) | (weights["term"] == KIDNEY_TERM)]
    found = pd.concat([weights, results], ignore_index=True)
    order = found.sort_values(["worst", "baseline"], ascending=[False, False], kind="stable")
    return order.drop_duplicates(["patient_id", "term"]).sort_index().reset_index(drop=True)


def lines(frames: Frames) -> list[TableLine]:
    """Count the section “shift”: patients by `0 → 3`, from the baseline's grade to the worst since.

    The denominator is the patients with a graded result of the term after the first cycle. The
    term that most patients became worse by is first; terms that graded nobody above 0 are left out.
    """
    found = shifts(frames)
    worse = found["worst"] > found["baseline"].fillna(0)
    toxic = (found["worst"] > 0) | (found["baseline"] > 0)
    counts = worse.groupby(found["term"]).sum()[toxic.groupby(found["term"]).any()]
    listed = []
    members = found.groupby("term").indices
    for term in sorted(counts.index, key=lambda name: (-counts[name], name)):
        listed += _of_term(str(term), found.iloc[members[term]])
    return listed


def _of_term(term: str, rows: pd.DataFrame) -> list[TableLine]:
    reason = _by_rows(rows.set_index("patient_id"))
    base = rows["baseline"].fillna(-1).astype("int64").to_numpy()
    worst, ids = rows["worst"].to_numpy(), rows["patient_id"].to_numpy()
    listed = []
    for pair in sorted({*zip(base.tolist(), worst.tolist(), strict=True)}):
        here = ids[(base == pair[0]) & (worst == pair[1])]
        first = NO_BASELINE if pair[0] < 0 else f"{pair[0]}"
        listed.append(
            count(
                SECTION,
                term,
                "",
                here.tolist(),
                len(rows),
                _DEFINITION,
                reason,
                baseline=first,
                grade=f"{pair[1]}",
            )
        )
    return listed


def _by_term(labs: pd.DataFrame, version: np.ndarray, direction: str, place: int) -> pd.DataFrame:
    """Return the worst grade of each series by the term at a place of its direction."""
    grade = labs[f"grade_{direction}_{place}"].to_numpy()
    series = labs["series"].to_numpy()
    after = np.flatnonzero(labs["is_after"].to_numpy() & (grade >= 0))
    # The worst of each series first, the earliest of equals.
    order = after[np.lexsort((after, -grade[after].astype("int64"), series[after]))]
    first = np.ones(len(order), dtype=bool)
    first[1:] = series[order][1:] != series[order][:-1]
    chosen = order[first]
    base = np.full(int(series.max()) + 1 if len(series) else 0, np.nan)
    graded = np.flatnonzero(labs["is_baseline"].to_numpy() & (grade >= 0))
    base[series[graded]] = grade[graded]
    rows = labs.iloc[chosen]
    names = rows["analyte"].astype("str")
    keys = [*zip(version[chosen].tolist(), names.tolist(), strict=True)]
    terms = {key: term_of(*key, direction, place) for key in set(keys)}
    return pd.DataFrame(
        {
            "patient_id": rows["patient_id"].to_numpy(),
            "term": pd.Series([terms[key] for key in keys], dtype="str"),
            "direction": direction,
            "analyte": names.to_numpy(),
            "version": version[chosen],
            "baseline": base[series[chosen]],
            "worst": grade[chosen].astype("int64"),
            "worst_on": rows["taken_on"].array,
        }
    )


def _by_rows(rows: pd.DataFrame) -> Reason:
    """A patient's worst result: `Platelets: grade 0 at baseline, grade 3 on 6 Nov 2023`."""

    def reason(patient_id: int) -> str:
        row = rows.loc[patient_id].to_dict()
        analyte = analytes.find(row["analyte"])
        values = {
            "analyte": analyte.name if analyte else row["analyte"],
            "worst": row["worst"],
            "date": date_text(row["worst_on"].date()),
            "version": row["version"],
        }
        if pd.isna(row["baseline"]):
            return _(
                "{analyte}: no grade at baseline, worst grade {worst} on {date} (CTCAE {version})"
            ).format(**values)
        return _(
            "{analyte}: grade {baseline} at baseline, worst grade {worst} on {date}"
            " (CTCAE {version})"
        ).format(baseline=int(row["baseline"]), **values)

    return reason

"""Count shifts from the grade at baseline to the worst grade since the first cycle.

The grades are those of laboratory results, in the CTCAE version of each patient, and not those of
recorded toxicities.
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
    """Return a row for each patient and term with a graded result after the first cycle began.

    The columns are patient_id, term, direction (L or H), analyte (key), version (of CTCAE),
    baseline (grade, missing if there is none or it cannot be graded), worst (grade) and worst_on
    (its first day). If a term grades several analytes, the worst of their grades counts.
    """
    parts = []
    for labs in (frames.graded, frames.graded_besides):
        version = values_of_patients(frames.patients["version"], labs).to_numpy()
        parts += [
            _by_term(labs, version, direction, index)
            for direction in DIRECTIONS
            for index in range(TERMS)
        ]
    results, weights = pd.concat(parts[: len(parts) // 2]), pd.concat(parts[len(parts) // 2 :])
    # Weights among the results are graded with those of visits; eGFR only by the kidney term.
    results = results[results["analyte"] != WEIGHT]
    weights = weights[(weights["analyte"] != EGFR) | (weights["term"] == KIDNEY_TERM)]
    table = pd.concat([weights, results], ignore_index=True)
    order = table.sort_values(["worst", "baseline"], ascending=[False, False], kind="stable")
    return order.drop_duplicates(["patient_id", "term"]).sort_index().reset_index(drop=True)


def count_shifts(frames: Frames) -> list[TableLine]:
    """Count the section “shift”: patients by grade at baseline and worst grade since, `0 → 3`.

    The denominator is the patients with a graded result of the term after the first cycle. The term
    by which most patients became worse is first. Terms without any grade above 0 are left out.
    """
    table = shifts(frames)
    worse = table["worst"] > table["baseline"].fillna(0)
    toxic = (table["worst"] > 0) | (table["baseline"] > 0)
    counts = worse.groupby(table["term"]).sum()[toxic.groupby(table["term"]).any()]
    table_lines = []
    members = table.groupby("term").indices
    for term in sorted(counts.index, key=lambda name: (-counts[name], name)):
        table_lines += _of_term(str(term), table.iloc[members[term]])
    return table_lines


def _of_term(term: str, rows: pd.DataFrame) -> list[TableLine]:
    reason = _by_rows(rows.set_index("patient_id"))
    base = rows["baseline"].fillna(-1).astype("int64").to_numpy()
    worst, ids = rows["worst"].to_numpy(), rows["patient_id"].to_numpy()
    table_lines = []
    for pair in sorted({*zip(base.tolist(), worst.tolist(), strict=True)}):
        at_pair = ids[(base == pair[0]) & (worst == pair[1])]
        first = NO_BASELINE if pair[0] < 0 else f"{pair[0]}"
        table_lines.append(
            count(
                SECTION,
                term,
                "",
                at_pair.tolist(),
                len(rows),
                _DEFINITION,
                reason,
                baseline=first,
                grade=f"{pair[1]}",
            )
        )
    return table_lines


def _by_term(labs: pd.DataFrame, version: np.ndarray, direction: str, index: int) -> pd.DataFrame:
    """Return the worst grade of each series by one of the terms of a direction, by index."""
    grade = labs[f"grade_{direction}_{index}"].to_numpy()
    series = labs["series"].to_numpy()
    after = np.flatnonzero(labs["is_after"].to_numpy() & (grade >= 0))
    # The worst grade of each series comes first, and the earliest of equal ones.
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
    terms = {key: term_of(*key, direction, index) for key in set(keys)}
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
    """Return the reason by worst grade: `Platelets: grade 0 at baseline, …`."""

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

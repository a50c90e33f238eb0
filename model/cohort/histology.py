"""Return the grade and the Ki-67 of each patient from the biopsies up to the first cycle.

A biopsy up to the day of the first cycle is pre-therapy. One without a date counts as pre-therapy
too, as dates are usually missing in a patient's history. `model.records.biopsies` decides which
biopsy is the first and which is the latest.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

import pandas as pd

from model.cohort.frames import Frames
from model.cohort.patient_columns import values_of_patients
from model.dates import PartialDate
from model.records import biopsies
from model.records.biopsies import Biopsy


def before_therapy(frames: Frames) -> pd.DataFrame:
    """Return the biopsies up to the first cycle, and all biopsies of untreated patients."""
    biopsies = frames.biopsies[frames.biopsies["patient_id"].isin(frames.patients.index)]
    first_on = frames.patients["first_on"].dt.strftime("%Y-%m-%d")
    limits = values_of_patients(first_on, biopsies)
    # As text, a partial date sorts by its first day: it counts as early if it may be early.
    is_early = biopsies["taken_on"].isna() | limits.isna() | (biopsies["taken_on"] <= limits)
    return biopsies[is_early]


def first_grade(frames: Frames) -> pd.Series:
    """Return the WHO grade at diagnosis, otherwise of the first graded biopsy, by patient_id."""
    return _apply_rule(frames, "who_grade", biopsies.first_grade, 0)


def latest_grade(frames: Frames) -> pd.Series:
    """Return the WHO grade of the latest graded biopsy up to the first cycle, by patient_id."""
    return _apply_rule(frames, "who_grade", biopsies.latest_grade)


def latest_ki67(frames: Frames) -> pd.Series:
    """Return the latest Ki-67 in per cent up to the first cycle, by patient_id."""
    return _apply_rule(frames, "ki67_percent", biopsies.latest_ki67)


def _apply_rule(
    frames: Frames, column: str, rule: Callable[[Sequence[Biopsy]], object], index: int = -1
) -> pd.Series:
    """Return the result of a rule on the biopsies that state a column, by patient_id.

    If the order of the biopsies is certain, the result is the value at `index` (0 or -1) and the
    slower `rule` is not called.
    """
    known = before_therapy(frames).dropna(subset=[column])
    by_patient: dict[int, list[tuple[object, object, Any]]] = {}
    columns = (known[name].tolist() for name in ("patient_id", "event", "taken_on", column))
    for patient_id, event, taken_on, value in zip(*columns, strict=True):
        by_patient.setdefault(patient_id, []).append((event, taken_on, value))
    results = {
        patient_id: rows[index][2] if _is_in_order(rows) else rule(_biopsies(rows, column))
        for patient_id, rows in by_patient.items()
    }
    return pd.Series(results, dtype=known[column].dtype).reindex(frames.patients.index)


def _is_in_order(rows: Sequence[tuple[object, object, Any]]) -> bool:
    """Return whether each is certainly before the next, and only the first may be the diagnosis."""
    for (_, taken_on, _), (event, later_on, _) in pairwise(rows):
        if not isinstance(taken_on, str) or not isinstance(later_on, str):
            return False
        # Partial dates are compared as far as both are known.
        length = min(len(taken_on), len(later_on))
        if event == biopsies.DIAGNOSIS or taken_on[:length] >= later_on[:length]:
            return False
    return True


def _biopsies(rows: Sequence[tuple[object, object, Any]], column: str) -> list[Biopsy]:
    return [
        Biopsy(
            patient_id=0,
            event=event if isinstance(event, str) else None,
            taken_on=PartialDate.parse(taken_on) if isinstance(taken_on, str) else None,
            **{column: value},
        )
        for event, taken_on, value in rows
    ]

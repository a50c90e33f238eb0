"""Grade and Ki-67 of each patient by the biopsies up to the first cycle.

A biopsy is pre-therapy up to the day of the first cycle; one without a date counts as pre-therapy,
as history is what lacks dates. `model.records.biopsies` decides which is first and which latest.
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
    """Return the biopsies up to the first cycle; all of untreated patients."""
    biopsies = frames.biopsies[frames.biopsies["patient_id"].isin(frames.patients.index)]
    first_on = frames.patients["first_on"].dt.strftime("%Y-%m-%d")
    limits = values_of_patients(first_on, biopsies)
    # A partial date sorts as text by its first day, and so counts as before where it may be.
    early = biopsies["taken_on"].isna() | limits.isna() | (biopsies["taken_on"] <= limits)
    return biopsies[early]


def first_grade(frames: Frames) -> pd.Series:
    """Return the WHO grade at diagnosis, otherwise of the first graded biopsy, by patient_id."""
    return _of_each(frames, "who_grade", biopsies.first_grade, 0)


def latest_grade(frames: Frames) -> pd.Series:
    """Return the WHO grade of the latest graded biopsy up to the first cycle, by patient_id."""
    return _of_each(frames, "who_grade", biopsies.latest_grade)


def latest_ki67(frames: Frames) -> pd.Series:
    """Return the latest Ki-67 in per cent up to the first cycle, by patient_id."""
    return _of_each(frames, "ki67_percent", biopsies.latest_ki67)


def _of_each(
    frames: Frames, column: str, asked: Callable[[Sequence[Biopsy]], object], place: int = -1
) -> pd.Series:
    """What a question to the biopsies that state a column gives, by patient_id.

    Where their order is beyond doubt the answer is at a `place`, 0 or -1; the others are asked.
    """
    known = before_therapy(frames).dropna(subset=[column])
    by_patient: dict[int, list[tuple[object, object, Any]]] = {}
    columns = (known[name].tolist() for name in ("patient_id", "event", "taken_on", column))
    for patient_id, event, taken_on, value in zip(*columns, strict=True):
        by_patient.setdefault(patient_id, []).append((event, taken_on, value))
    answers = {
        patient_id: rows[place][2] if _in_plain_order(rows) else asked(_biopsies(rows, column))
        for patient_id, rows in by_patient.items()
    }
    found = pd.Series(answers, dtype=known[column].dtype)
    return found.reindex(frames.patients.index)


def _in_plain_order(rows: Sequence[tuple[object, object, Any]]) -> bool:
    """Whether each is known to be before the next, and none but the first is the diagnosis."""
    for (_, taken_on, _), (event, later_on, _) in pairwise(rows):
        if not isinstance(taken_on, str) or not isinstance(later_on, str):
            return False
        # Of a partial date only what both state can be compared.
        stated = min(len(taken_on), len(later_on))
        if event == biopsies.DIAGNOSIS or taken_on[:stated] >= later_on[:stated]:
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

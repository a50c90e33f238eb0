"""Compute the columns of the patients that follow from their records: T0, age, and vital status."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pandas as pd

from model.cohort.selection import T0, Selection
from model.dates import PartialDate
from model.records.life import age_on, t0_column, vital_columns
from model.reference import nuclides
from model.reference.vocabulary import fold


def values_of_patients(values: pd.Series, rows: pd.DataFrame) -> pd.Series:
    """Return for each row the value of its patient; `values` are by patient_id."""
    return values.reindex(rows["patient_id"]).set_axis(rows.index)


def records_of(rows: pd.DataFrame, patient_id: int, *columns: str) -> Iterator[tuple[Any, ...]]:
    """Iterate over a patient's rows, with the values of these columns."""
    own = rows[rows["patient_id"] == patient_id]
    return zip(*(own[name].tolist() for name in columns), strict=True)


def with_derived_columns(
    patients: pd.DataFrame,
    cycles: pd.DataFrame,
    administrations: pd.DataFrame,
    biopsies: pd.DataFrame,
    follow_ups: pd.DataFrame,
    selection: Selection,
) -> pd.DataFrame:
    """Return the patients with the columns that follow from the other frames and the chosen T0.

    The cut-off must have been applied to the follow-ups and to the last day alive.
    """
    columns = patients.copy()
    cycle_days = cycles.groupby("patient_id")["given_on"]
    columns["cycles"] = cycle_days.size().reindex(columns.index).fillna(0).astype("int64")
    columns["first_on"] = cycle_days.min().reindex(columns.index)
    columns["t0_is_about"] = False
    usual_t0 = t0_column(columns["chosen_on"], columns["first_on"])
    match selection.t0:
        case T0.FIRST_CYCLE:
            columns["index_on"] = usual_t0
        case T0.RECORDED:
            columns["index_on"] = columns["chosen_on"]
        case T0.FIRST_OF_NUCLIDE:
            matches = administrations["nuclide"].map(fold) == fold(
                nuclides.spell(selection.t0_nuclide)
            )
            first = administrations[matches].groupby("patient_id")["given_on"].min()
            columns["index_on"] = first.reindex(columns.index)
        case T0.DIAGNOSIS:
            diagnoses = [
                _estimate_diagnosis(text, first_on)
                for text, first_on in zip(
                    _diagnosis_dates(columns, biopsies), columns["first_on"], strict=True
                )
            ]
            days = [None if day is None else day[0].isoformat() for day in diagnoses]
            columns["index_on"] = pd.to_datetime(
                pd.Series(days, index=columns.index, dtype="str"), format="%Y-%m-%d"
            )
            columns["t0_is_about"] = [day is not None and day[1] for day in diagnoses]
    dates = zip(
        columns["age_at_index"], columns["born_on"], columns["index_on"], usual_t0, strict=True
    )
    columns["age"] = pd.Series(
        [_age(*each) for each in dates], index=columns.index, dtype="float64"
    )
    columns["status"], columns["last_on"] = vital_columns(
        follow_ups, columns.index, columns["alive_on"]
    )
    return columns


def _diagnosis_dates(patients: pd.DataFrame, biopsies: pd.DataFrame) -> pd.Series:
    """Return the recorded date of diagnosis, otherwise that of the first biopsy at diagnosis."""
    matches = biopsies[(biopsies["event"] == "diagnosis") & biopsies["taken_on"].notna()]
    first = matches.groupby("patient_id")["taken_on"].first().reindex(patients.index)
    return patients["diagnosed_on"].fillna(first)


def _estimate_diagnosis(text: object, first_on: pd.Timestamp) -> tuple[date, bool] | None:
    """Return the day of diagnosis, and whether it is an estimate.

    A month or a year is estimated by the middle of its days up to the first cycle.
    """
    if not isinstance(text, str):
        return None
    partial = PartialDate.parse(text)
    first, last = partial.earliest, partial.latest
    if first == last:
        return first, False
    if not pd.isna(first_on):
        last = max(first, min(last, first_on.date()))
    return first + (last - first) // 2, True


def _age(recorded: float, born_on: object, index_on: pd.Timestamp, usual_t0: pd.Timestamp) -> float:
    """Return the age at T0, from the date of birth if both are known.

    Otherwise it is the recorded age, but only if T0 is the usual one, to which that age refers.
    """
    if isinstance(born_on, str) and not pd.isna(index_on):
        return age_on(PartialDate.parse(born_on), index_on.date())
    is_usual = index_on == usual_t0 or (pd.isna(index_on) and pd.isna(usual_t0))
    return recorded if is_usual else float("nan")

"""Columns of the patients that follow from their records: T0, age, cycles, vital status."""

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
    """Return the value of each row's patient, from values by patient_id."""
    return values.reindex(rows["patient_id"]).set_axis(rows.index)


def records_of(rows: pd.DataFrame, patient_id: int, *columns: str) -> Iterator[tuple[Any, ...]]:
    """Return some columns of a patient's rows, row by row."""
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
    found = patients.copy()
    given = cycles.groupby("patient_id")["given_on"]
    found["cycles"] = given.size().reindex(found.index).fillna(0).astype("int64")
    found["first_on"] = given.min().reindex(found.index)
    found["t0_is_about"] = False
    usual = t0_column(found["chosen_on"], found["first_on"])
    match selection.t0:
        case T0.FIRST_CYCLE:
            found["index_on"] = usual
        case T0.RECORDED:
            found["index_on"] = found["chosen_on"]
        case T0.FIRST_OF_NUCLIDE:
            of_it = administrations["nuclide"].map(fold) == fold(
                nuclides.spelled(selection.t0_nuclide)
            )
            first = administrations[of_it].groupby("patient_id")["given_on"].min()
            found["index_on"] = first.reindex(found.index)
        case T0.DIAGNOSIS:
            diagnosed = [
                _diagnosis(text, first_on)
                for text, first_on in zip(
                    _diagnosed(found, biopsies), found["first_on"], strict=True
                )
            ]
            days = [None if day is None else day[0].isoformat() for day in diagnosed]
            found["index_on"] = pd.to_datetime(
                pd.Series(days, index=found.index, dtype="str"), format="%Y-%m-%d"
            )
            found["t0_is_about"] = [day is not None and day[1] for day in diagnosed]
    dates = zip(found["age_at_index"], found["born_on"], found["index_on"], usual, strict=True)
    found["age"] = pd.Series([_age(*each) for each in dates], index=found.index, dtype="float64")
    found["status"], found["last_on"] = vital_columns(follow_ups, found.index, found["alive_on"])
    return found


def _diagnosed(patients: pd.DataFrame, biopsies: pd.DataFrame) -> pd.Series:
    """The recorded date of diagnosis, otherwise of the first biopsy of the event diagnosis."""
    of_it = biopsies[(biopsies["event"] == "diagnosis") & biopsies["taken_on"].notna()]
    first = of_it.groupby("patient_id")["taken_on"].first().reindex(patients.index)
    return patients["diagnosed_on"].fillna(first)


def _diagnosis(text: object, first_on: pd.Timestamp) -> tuple[date, bool] | None:
    """The day of diagnosis, and whether it is an estimate.

    For a month or a year it is the middle of its days up to the first cycle.
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


def _age(recorded: float, born_on: object, index_on: pd.Timestamp, usual_on: pd.Timestamp) -> float:
    """Age at T0, by the date of birth where both are known.

    A recorded age is the age at the usual T0 only.
    """
    if isinstance(born_on, str) and not pd.isna(index_on):
        return age_on(PartialDate.parse(born_on), index_on.date())
    is_usual = index_on == usual_on or (pd.isna(index_on) and pd.isna(usual_on))
    return recorded if is_usual else float("nan")

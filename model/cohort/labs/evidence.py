"""Collect what is graded besides laboratory results: weights of visits and computed eGFR.

This is the column form of `model.grading.evidence`, with rows like those of `labs.results.frame`. A
property test checks that both forms give the same values.
"""

from __future__ import annotations

from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from model.dates import PartialDate
from model.derived import formulas
from model.derived.person import Person
from model.grading.evidence import EGFR, WEIGHT, round_egfr
from model.records.starts import moments_column

Array = npt.NDArray[Any]

_COLUMNS = ["patient_id", "taken_on", "minute", "analyte", "comparator", "written", "unit", "value"]
_TEXTS = ("analyte", "comparator", "written", "unit", "lln_text", "uln_text")


def evidence_frame(
    labs: pd.DataFrame, patients: pd.DataFrame, cycles: pd.DataFrame, follow_ups: pd.DataFrame
) -> pd.DataFrame:
    """Return weights and computed eGFR as rows, by patient, analyte and time.

    Weights among the laboratory results are included, so that each patient has one series. The
    frames are those of `Frames`.
    """
    recorded = labs[(labs["analyte"] == WEIGHT).to_numpy()]
    parts = [
        recorded[_COLUMNS].astype(dict.fromkeys(_TEXTS[:4], "object")),
        _weights(cycles, "given_on"),
        _weights(follow_ups, "seen_on"),
        _filtration(labs, patients, cycles),
    ]
    rows = pd.concat([part for part in parts if len(part)] or parts[:1], ignore_index=True)
    rows = rows.sort_values(["patient_id", "analyte", "taken_on", "minute"], kind="stable")
    rows = rows.reset_index(drop=True)
    for name in _TEXTS:
        texts = rows[name] if name in rows else pd.Series(None, index=rows.index, dtype="object")
        rows[name] = pd.Categorical(texts.where(texts.notna(), None))
    for name in ("fasting", "lln", "uln"):
        rows[name] = np.full(len(rows), np.nan)
    rows["is_questioned"] = False
    rows["taken_on"] = rows["taken_on"].astype("datetime64[s]")
    rows["minute"] = rows["minute"].astype("int16")
    rows["moment"] = moments_column(rows["taken_on"], rows["minute"])
    return rows


def _weights(visits: pd.DataFrame, day: str) -> pd.DataFrame:
    weighed = visits[visits["weight_kg"].notna()]
    return _rows(
        weighed["patient_id"].to_numpy(),
        weighed[day].to_numpy(),
        np.full(len(weighed), -1),
        WEIGHT,
        [repr(kg) for kg in weighed["weight_kg"].tolist()],
        "kg",
    )


def _filtration(labs: pd.DataFrame, patients: pd.DataFrame, cycles: pd.DataFrame) -> pd.DataFrame:
    """Return eGFR from each usable creatinine, for patients without a reported eGFR."""
    usable = ~labs["is_questioned"].to_numpy()
    analyte = labs["analyte"]
    measured = labs.loc[usable & (analyte == EGFR).to_numpy(), "patient_id"].unique()
    chosen = usable & (analyte == "crea").to_numpy() & labs["value"].notna().to_numpy()
    creatinine = labs[chosen & labs["comparator"].isna().to_numpy()]
    creatinine = creatinine[~creatinine["patient_id"].isin(measured)]
    people = _people(patients, cycles)
    known: dict[tuple[float, int, str], str] = {}
    kept, texts = [], []
    for index, (patient, day, value) in enumerate(
        zip(
            creatinine["patient_id"].tolist(),
            creatinine["taken_on"].dt.date.tolist(),
            creatinine["value"].tolist(),
            strict=True,
        )
    ):
        person = people.get(patient)
        age = person.age_on(day) if person else None
        sex = person.sex if person else None
        if age is None or sex not in ("F", "M") or age[0] < formulas.YOUNGEST or value <= 0:
            continue
        facts = (value, age[0], sex)
        if facts not in known:
            known[facts] = f"{round_egfr(formulas.egfr(*facts))}"
        kept.append(index)
        texts.append(known[facts])
    rows = creatinine.iloc[kept]
    return _rows(
        rows["patient_id"].to_numpy(),
        rows["taken_on"].to_numpy(),
        rows["minute"].to_numpy(),
        EGFR,
        texts,
        formulas.EGFR.unit,
    )


def _rows(
    patients: Array, days: Array, minutes: Array, analyte: str, texts: list[str], unit: str
) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "patient_id": patients,
            "taken_on": days.astype("datetime64[s]"),
            "minute": minutes,
            "analyte": pd.Series([analyte] * len(texts), dtype="object"),
            "comparator": pd.Series([None] * len(texts), dtype="object"),
            "written": pd.Series(texts, dtype="object"),
            "unit": pd.Series([unit] * len(texts), dtype="object"),
            "value": np.array([float(text) for text in texts], dtype="float64"),
        }
    )


def _people(patients: pd.DataFrame, cycles: pd.DataFrame) -> dict[int, Person]:
    """Return for each patient the facts besides creatinine that eGFR depends on."""
    first_on = cycles.groupby("patient_id")["given_on"].min()
    index_on = patients["chosen_on"].fillna(first_on.reindex(patients.index))
    columns = (patients["sex"], patients["born_on"], patients["age_at_index"], index_on)
    return {
        int(patient): Person(
            sex=sex if isinstance(sex, str) else None,
            born_on=PartialDate.parse(born_on) if isinstance(born_on, str) and born_on else None,
            age_at_index=None if pd.isna(age) else int(age),
            index_on=None if pd.isna(t0) else date(t0.year, t0.month, t0.day),
        )
        for patient, sex, born_on, age, t0 in zip(
            patients.index.tolist(), *(column.tolist() for column in columns), strict=True
        )
    }

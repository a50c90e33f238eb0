"""Grade every result of a cohort by CTCAE against its patient's baseline.

The grades are those of `model.grading.lab_grades` for results in a known unit. Results with the
same text, limits and baseline are graded once.
"""

from __future__ import annotations

from fractions import Fraction
from functools import cache
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from model.cohort.labs.results import as_numbers
from model.cohort.patient_columns import values_of_patients
from model.ctcae import criteria
from model.ctcae.grading_frame import grade_frame
from model.grading.baselines import FLAGS, are_baselines, baseline_flags
from model.grading.samples import albumin_rows, anticoagulation_column, neutropenia_column
from model.reference import analytes, units

NO_TERM = -2
"""The value in place of a grade if CTCAE has no term for the analyte in that direction."""
DIRECTIONS = ("L", "H")
TERMS = 2
"""The most terms that grade an analyte in one direction; a test checks it."""
_GRADE_COLUMNS = tuple(
    f"grade_{direction}_{index}" for direction in DIRECTIONS for index in range(TERMS)
)

Array = npt.NDArray[Any]
_BASE_COLUMNS = ("base_written", "base_unit", "base_flag")


def graded(
    labs: pd.DataFrame, patients: pd.DataFrame, cycles: pd.DataFrame, therapies: pd.DataFrame
) -> pd.DataFrame:
    """Grade the usable results of treated patients in a known unit, and keep their order.

    `labs`, `patients`, `cycles` and `therapies` are those of `Frames`. Further columns: series (a
    number for each patient and analyte), is_after (drawn after the first cycle began), is_baseline
    (the last before that), grade_L and grade_H (the highest grade by any term; −1 if it cannot be
    graded, −2 if there is no such term), and grade_L_0, grade_L_1 … by each of several terms.
    """
    treated = patients.index[patients["first_on"].notna()]
    labs = labs[labs["value"].notna() & ~labs["is_questioned"] & labs["patient_id"].isin(treated)]
    labs = labs.reset_index(drop=True)
    begins = values_of_patients(cycles.groupby("patient_id")["begins"].min(), labs)
    labs["is_after"] = labs["moment"] >= begins
    labs["series"] = _series(labs)
    labs["is_baseline"] = are_baselines(labs["series"].to_numpy(), labs["is_after"].to_numpy())
    version = values_of_patients(patients["version"], labs)
    keys = _keys(labs, therapies)
    columns = {name: np.full(len(labs), NO_TERM, dtype="int8") for name in _GRADE_COLUMNS}
    for name in version.unique():
        rows = np.flatnonzero((version == name).to_numpy())
        for column, grades in _grades(keys.iloc[rows], str(name)).items():
            columns[column][rows] = grades
    for direction in DIRECTIONS:
        by_term = [columns[f"grade_{direction}_{index}"] for index in range(TERMS)]
        labs[f"grade_{direction}"] = np.maximum.reduce(by_term)
    return labs.assign(**columns)


@cache
def term_of(version: str, analyte: str, direction: str, index: int = 0) -> str | None:
    """Return the term at an index among those that grade a result in a direction, if any.

    Its grades are in the column `grade_{direction}_{index}`.
    """
    known_analyte = analytes.find(analyte)
    if known_analyte is None:
        return None
    terms = [
        term
        for term, graded_in in criteria.terms_of(version, known_analyte.key)
        if graded_in == direction
    ]
    return terms[index] if index < len(terms) else None


def _series(labs: pd.DataFrame) -> Array:
    """Number the patients and analytes, whose rows must be adjacent."""
    if not len(labs):
        return np.empty(0, dtype="int64")
    patient, analyte = labs["patient_id"].to_numpy(), labs["analyte"].cat.codes.to_numpy()
    new = (patient[1:] != patient[:-1]) | (analyte[1:] != analyte[:-1])
    series: Array = np.concatenate([[0], np.cumsum(new)])
    return series


def _keys(labs: pd.DataFrame, therapies: pd.DataFrame) -> pd.DataFrame:
    """Return what determines each row's grade: the written result, limits, baseline and sample."""
    keys = labs[
        ["analyte", "comparator", "written", "unit", "lln_text", "uln_text", "fasting"]
    ].copy()
    keys["is_baseline"] = labs["is_baseline"]
    base = labs[labs["is_baseline"]]
    base_row = np.full(int(labs["series"].max()) + 1 if len(labs) else 0, -1)
    base_row[base["series"].to_numpy()] = np.arange(len(base))
    of_row = base_row[labs["series"].to_numpy()]
    flags = pd.Categorical.from_codes(
        np.append(_flags(base), -1)[of_row], categories=pd.Index(FLAGS, dtype="str")
    )
    # A baseline with < or > cannot be multiplied, but has a flag.
    usable = np.append(base["comparator"].isna().to_numpy(), False)[of_row]
    usable &= ~labs["is_baseline"].to_numpy()
    for name, column in (("base_written", "written"), ("base_unit", "unit")):
        codes = np.append(base[column].cat.codes.to_numpy(), -1)[of_row]
        codes = np.where(usable, codes, -1)
        keys[name] = pd.Categorical.from_codes(codes, categories=base[column].cat.categories)
    keys["base_flag"] = flags
    # If no criterion depends on the baseline, results are equal whatever their baselines.
    depends = labs["analyte"].cat.codes.map(_codes_with_baseline(labs["analyte"])).to_numpy(bool)
    for name in _BASE_COLUMNS:
        keys.loc[~depends, name] = np.nan
    albumin = albumin_rows(labs)
    for name in ("written", "unit"):
        codes = np.append(labs[name].cat.codes.to_numpy(), -1)[albumin]
        keys[f"albumin_{name}"] = pd.Categorical.from_codes(
            codes, categories=labs[name].cat.categories
        )
    keys["anticoagulated"] = pd.Categorical(anticoagulation_column(labs, therapies))
    keys["neutropenic"] = pd.Categorical(neutropenia_column(labs))
    return keys


def _codes_with_baseline(column: pd.Series) -> dict[int, bool]:
    return {
        code: any(_depends_on_baseline(version, name) for version in ("5.0", "6.0"))
        for code, name in enumerate(column.cat.categories)
    }


@cache
def _depends_on_baseline(version: str, analyte: str) -> bool:
    """Return whether a criterion of an analyte has a condition or a limit from the baseline."""
    known_analyte = analytes.find(analyte)
    return known_analyte is not None and any(
        "baseline" in row.condition
        or any(part.limit == "BASE" for parts in row.grades.values() for part in parts)
        or any(part.limit == "BASE" for part in row.refused_if or ())
        for row in criteria.criteria(version, known_analyte.key)
    )


def _flags(base: pd.DataFrame) -> Array:
    """Return whether each baseline was low, normal or high by its limits, as index in `FLAGS`."""
    value, lln, uln = (as_numbers(base[name]) for name in ("written", "lln_text", "uln_text"))
    return baseline_flags(value, lln, uln, base["comparator"].astype("str").fillna("").to_numpy())


def _grades(keys: pd.DataFrame, version: str) -> dict[str, Array]:
    """Grade each row in each direction; equal rows are graded once."""
    code = np.zeros(len(keys), dtype="int64")
    for name in keys:
        part, size = _codes(keys[name])
        # Codes are renumbered after each column, so that they never exceed the number of rows.
        code = pd.factorize(code * size + part)[0]
    # Codes are numbered by first occurrence: a code is new where the running maximum rises.
    highest = np.maximum.accumulate(code) if len(code) else code
    distinct = keys.iloc[np.flatnonzero(np.diff(highest, prepend=-1))]
    texts = {
        name: _texts(distinct[name])
        for name in distinct
        if isinstance(distinct[name].dtype, pd.CategoricalDtype)
    }
    base = zip(
        *(texts[name] for name in ("analyte", "unit", "base_written", "base_unit")), strict=True
    )
    lines = grade_frame(
        version=version,
        analyte=texts["analyte"],
        value=[
            f"{sign}{value}"
            for sign, value in zip(texts["comparator"], texts["written"], strict=True)
        ],
        unit=texts["unit"],
        lln=texts["lln_text"],
        uln=texts["uln_text"],
        baseline_value=[_in_unit(*each) for each in base],
        baseline_flag=texts["base_flag"],
        fasting=[{1.0: "Y", 0.0: "N"}.get(each, "") for each in distinct["fasting"].tolist()],
        is_baseline=distinct["is_baseline"].tolist(),
        anticoagulated=texts["anticoagulated"],
        albumin=texts["albumin_written"],
        albumin_unit=texts["albumin_unit"],
        neutropenic=texts["neutropenic"],
    )
    grades = {}
    for direction in DIRECTIONS:
        in_direction = np.flatnonzero(lines.direction == direction)
        rows, levels = lines.row[in_direction], lines.grade[in_direction]
        # The lines of a result are adjacent, in the order of its terms.
        count = np.arange(len(rows))
        first = np.maximum.accumulate(np.where(np.diff(rows, prepend=-1) != 0, count, 0))
        for index in range(TERMS):
            column = np.full(len(distinct), NO_TERM, dtype="int8")
            is_of_term = count - first == index
            column[rows[is_of_term]] = levels[is_of_term]
            grades[f"grade_{direction}_{index}"] = column[code]
    return grades


def _codes(column: pd.Series) -> tuple[Array, int]:
    """Return a column as numbers from 0 on, and the size of their range."""
    if isinstance(column.dtype, pd.CategoricalDtype):
        return column.cat.codes.to_numpy().astype("int64") + 1, len(column.cat.categories) + 1
    return column.fillna(2).to_numpy().astype("int64"), 3


def _texts(column: pd.Series) -> list[str]:
    names = [*column.cat.categories, ""]
    return [names[code] for code in column.cat.codes.tolist()]


@cache
def _in_unit(analyte: str, unit: str, base: str, base_unit: str) -> str:
    """Return the baseline's value in the unit of the result; empty if it cannot be converted."""
    if not base or base_unit == unit:
        return base
    known_analyte = analytes.find(analyte)
    written = units.parse(known_analyte.key, unit) if known_analyte else None
    other = units.parse(known_analyte.key, base_unit) if known_analyte else None
    if written is None or other is None:
        return ""
    return f"{float(Fraction(base) * other.factor / written.factor):.12g}"

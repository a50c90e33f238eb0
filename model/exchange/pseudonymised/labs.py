"""The laboratory results of a pseudonymised export, from the columns of all results.

Results of unknown analytes, visits, times of day and comments are left out; of a confirmation only
that there is one is kept. A unit that is not one
of the analyte's is free text, and is written as `other unit`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal
from operator import add

import numpy as np

from model.cohort.labs.results import DAY, LabColumns, SharedFields
from model.exchange.tidy.labs import PART, analyte_cell, columns, fasting_cell, texts
from model.records.labs import COMPARATORS
from model.records.without_identity import CONFIRMED
from model.reference import analytes, units

_OTHER_UNIT = "other unit"


def cells(
    results: LabColumns, codes: Mapping[int, str], days_zero: Mapping[int, date]
) -> Iterator[tuple[str, ...]]:
    """Yield the rows of `labs.csv`, sorted by code and time.

    `codes` and `days_zero` are by the patient's id. Only patients with a code are written; the day
    is empty for a patient without day zero.
    """
    listed = sorted(codes, key=codes.__getitem__)
    order, patient = results.by_patient(listed)
    is_known = np.array(
        [analytes.find(about.analyte) is not None for about in results.shared_fields], bool
    )
    is_exported = is_known[results.shared[order]]
    order, patient = order[is_exported], patient[is_exported]
    if not len(order):
        return
    taken = np.array([moment[:DAY] for moment in results.moments], dtype="datetime64[D]")
    zero = np.array([days_zero.get(key) for key in listed], dtype="datetime64[D]")
    code = texts(codes[key] for key in listed)
    values = texts(map(_number, results.values))
    analyte, signs, *others = columns(map(_cells_about, results.shared_fields))
    for start in range(0, len(order), PART):
        rows, of_patient = order[start : start + PART], patient[start : start + PART]
        about = results.shared[rows]
        days = (taken[results.moment[rows]] - zero[of_patient]).tolist()
        yield from zip(
            code[of_patient].tolist(),
            ("" if day is None else f"{day.days}" for day in days),
            analyte[about].tolist(),
            map(add, signs[about].tolist(), values[results.value[rows]].tolist()),
            *(cells[about].tolist() for cells in others),
            strict=True,
        )


def _cells_about(about: SharedFields) -> tuple[str, ...]:
    """Return the cells that hold no free text.

    Numbers are parsed, so that other text in their place would raise an error and not be exported.
    """
    analyte = analytes.find(about.analyte)
    unit = about.unit or ""
    is_unit = analyte is not None and unit.isprintable() and units.parse(analyte.key, unit)
    return (
        analyte_cell(analyte.key) if analyte else "",
        about.comparator if about.comparator in COMPARATORS else "",
        unit if is_unit or not unit else _OTHER_UNIT,
        _number(about.lln),
        _number(about.uln),
        fasting_cell(about.fasting),
        about.source,
        CONFIRMED if about.confirmed else "",
    )


def _number(text: str | None) -> str:
    return "" if text is None else f"{Decimal(text):f}"

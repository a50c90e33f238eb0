"""Load the results of one analyte in all other patients, to be drawn behind a patient's trend.

The days are counted from cycles, so that a usual course can be told from an unusual one. The other
patients are not identifiable.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any

import numpy as np
import numpy.typing as npt

from model.course.overlay import DAYS_AFTER, DAYS_BEFORE
from model.records.labs import acceptable_values
from model.records.starts import LAST_BEFORE, SAMPLED_AT
from model.reference import units
from model.store.reader import Reader


class Alignment(StrEnum):
    """The event that days are counted from."""

    FIRST_CYCLE = "first cycle"
    EACH_CYCLE = "each cycle"


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class OtherCurves:
    """The lines of other patients joined into one line (n,), separated by NaN.

    `days` are counted from each patient's first cycle, or from every cycle; `values` are in the
    requested unit. `left_out` is the number of results that are questioned, or whose unit cannot
    be converted to that unit.
    """

    days: npt.NDArray[np.float64]
    values: npt.NDArray[np.float64]
    patients: int
    left_out: int


def load_curves(
    reader: Reader,
    analyte: str,
    unit: str,
    without: int,
    aligned: Alignment = Alignment.FIRST_CYCLE,
) -> OtherCurves:
    """Return the results of an analyte, by its key, of all treated patients but one.

    `unit` is that of the patient's own trend, as printed. If aligned on each cycle, a line spans
    the same days as in an overlay: from 14 before the cycle to 84 after it, or to the next cycle.
    """
    results = reader.rows(
        _RESULTS,
        analyte=analyte,
        without=without,
        each=aligned is Alignment.EACH_CYCLE,
        before=f"-{DAYS_BEFORE} days",
        after=f"+{DAYS_AFTER} days",
    )
    factors = _factors(analyte, unit, {row["unit"] for row in results})
    rows = [row for row in results if row["unit"] in factors and _is_acceptable(analyte, row)]
    days = np.array([row["day"] for row in rows], dtype=float)
    values = np.array([float(row["value"]) * factors[row["unit"]] for row in rows], dtype=float)
    # A gap before each line but the first, so that they can be drawn as one.
    lines = np.array([row["line"] for row in rows])
    gaps = np.flatnonzero(lines[1:] != lines[:-1]) + 1
    return OtherCurves(
        days=np.insert(days, gaps, np.nan),
        values=np.insert(values, gaps, np.nan),
        patients=len({row["patient_id"] for row in rows}),
        left_out=len({row["id"] for row in results} - {row["id"] for row in rows}),
    )


def _is_acceptable(analyte: str, row: Mapping[str, Any]) -> bool:
    """Return whether a result is not questioned, by the rule of `LabResult.is_questioned`."""
    lln, uln = (None if row[name] is None else Decimal(row[name]) for name in ("lln", "uln"))
    values = acceptable_values(analyte, row["unit"], lln, uln, row["confirmed"])
    return values.holds(float(row["value"]))


def _factors(analyte: str, unit: str, written: set[str | None]) -> dict[str | None, float]:
    """Return the factor from each written unit to the requested one, where there is one."""
    target = units.parse(analyte, unit)
    if target is None:
        return {unit: 1.0} if unit in written else {}
    return {
        text: float(known.factor / target.factor)
        for text in written
        if (known := units.parse(analyte, text or ""))
    }


_RESULTS = f"""
    with cycle_start as (
        select id, patient_id, given_on, {LAST_BEFORE} as last_before
          from cycle
         where deleted_at is null
    ),
    given as (
        select id, patient_id, given_on,
               lead(last_before) over cycles as next_from, row_number() over cycles as nth
          from cycle_start
        window cycles as (partition by patient_id order by last_before, id)
    )
    select result.id, result.patient_id, given.id as line, result.value, result.unit,
           result.lln, result.uln, result.confirmed,
           julianday(result.taken_on) - julianday(given.given_on) as day
      from lab_result as result
      join patient on patient.id = result.patient_id and patient.deleted_at is null
      join given on given.patient_id = result.patient_id and (:each or given.nth = 1)
     where result.analyte = :analyte and result.patient_id <> :without
       and result.deleted_at is null
       and (not :each
            or (result.taken_on >= date(given.given_on, :before)
                and result.taken_on <= date(given.given_on, :after)
                and (given.next_from is null or {SAMPLED_AT} <= given.next_from)))
     order by given.patient_id, given.given_on, given.id, result.taken_on, result.taken_at,
              result.id
    """

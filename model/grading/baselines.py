"""The baseline of an analyte, and whether it was normal: for one patient, and for a cohort.

A baseline is the last result before the first cycle began: see `model.records.starts`. It was low
or high by the limits of its own day. Each rule has two forms here, one for records and one for
columns of many results, which a property test holds equal.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from typing import Any

import numpy as np
import numpy.typing as npt

from model.records.labs import LabResult
from model.records.starts import CycleStart

Array = npt.NDArray[Any]

FLAGS = ("", "low", "normal", "high")
"""What a baseline can be by its own limits; empty where they do not tell."""


def baselines_of(
    results: Iterable[LabResult], first_start: CycleStart | None
) -> dict[str, LabResult]:
    """Return each analyte's baseline; none without a cycle. `results` are oldest first."""
    if first_start is None:
        return {}
    return {result.analyte: result for result in results if first_start.is_before(result)}


def are_baselines(series: Array, is_after: Array) -> Array:
    """Return which results (n,) are baselines.

    `series` numbers patient and analyte, whose results are together and oldest first; `is_after`
    are those drawn after the patient's first cycle began.
    """
    last = np.ones(len(series), dtype=bool)
    last[:-1] = (series[1:] != series[:-1]) | is_after[1:]
    chosen: Array = ~is_after & last
    return chosen


def baseline_flag(baseline: LabResult | None) -> str:
    """Return whether a baseline was low, normal or high: one of `FLAGS`.

    A value written as `>100` is above a limit of 100 and `<100` below it. Laboratories print no
    LLN for many enzymes: not above ULN then counts as normal.
    """
    if baseline is None:
        return ""
    sign, uln, lln = baseline.comparator, baseline.upper_limit, baseline.lower_limit
    if uln is not None and sign != "<" and _is_beyond(baseline, uln, ">"):
        return "high"
    if lln is not None and sign != ">" and _is_beyond(baseline, lln, "<"):
        return "low"
    return "normal" if uln is not None and not sign else ""


def _is_beyond(result: LabResult, limit: Decimal, side: str) -> bool:
    if result.value == limit:
        return result.comparator == side
    return result.value > limit if side == ">" else result.value < limit


def baseline_flags(value: Array, lln: Array, uln: Array, sign: Array) -> Array:
    """Return the index in `FLAGS` of each baseline (n,), as `baseline_flag`.

    Value and limits are numbers in the unit as written, NaN where missing; `sign` is the
    comparator, empty for none.
    """
    high = (sign != "<") & ((value > uln) | ((value == uln) & (sign == ">")))
    low = (sign != ">") & ((value < lln) | ((value == lln) & (sign == "<")))
    normal = ~np.isnan(uln) & (sign == "")
    flags: Array = np.select([high, low, normal], [3, 1, 2], 0)
    return flags

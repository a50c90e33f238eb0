"""The baseline of an analyte, and whether it was normal: for one patient, and for a cohort.

A baseline is the last result before the first cycle began (`model.records.starts`). Whether it was
low or high is decided by its own limits. Each rule has a row form and a column form, which a
property test holds equal.
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
"""What a baseline is by its own limits; empty if they do not decide it."""


def baselines_of(
    results: Iterable[LabResult], first_start: CycleStart | None
) -> dict[str, LabResult]:
    """Return each analyte's baseline; empty without a cycle. `results` are oldest first."""
    if first_start is None:
        return {}
    return {result.analyte: result for result in results if first_start.is_before(result)}


def are_baselines(series: Array, is_after: Array) -> Array:
    """Return which results (n,) are baselines.

    `series` has one number for each patient and analyte; results of a series are together and
    oldest first. `is_after` states which were drawn after the patient's first cycle began.
    """
    is_last_before = np.ones(len(series), dtype=bool)
    is_last_before[:-1] = (series[1:] != series[:-1]) | is_after[1:]
    is_baseline: Array = ~is_after & is_last_before
    return is_baseline


def baseline_flag(baseline: LabResult | None) -> str:
    """Return whether a baseline was low, normal or high: one of `FLAGS`.

    A value written as `>100` is above a limit of 100, and `<100` is below it. A baseline without an
    LLN that is not above ULN counts as normal, because laboratories print no LLN for many enzymes.
    """
    if baseline is None:
        return ""
    comparator, uln, lln = baseline.comparator, baseline.upper_limit, baseline.lower_limit
    if uln is not None and comparator != "<" and _is_beyond(baseline, uln, ">"):
        return "high"
    if lln is not None and comparator != ">" and _is_beyond(baseline, lln, "<"):
        return "low"
    return "normal" if uln is not None and not comparator else ""


def _is_beyond(result: LabResult, limit: Decimal, sign: str) -> bool:
    """Return whether a result is above (">") or below ("<") a limit."""
    if result.value == limit:
        return result.comparator == sign
    return result.value > limit if sign == ">" else result.value < limit


def baseline_flags(value: Array, lln: Array, uln: Array, comparator: Array) -> Array:
    """Return the index in `FLAGS` of what `baseline_flag` returns for each baseline (n,).

    Value and limits are numbers in the unit as written, NaN if missing; a comparator is empty for
    none.
    """
    high = (comparator != "<") & ((value > uln) | ((value == uln) & (comparator == ">")))
    low = (comparator != ">") & ((value < lln) | ((value == lln) & (comparator == "<")))
    normal = ~np.isnan(uln) & (comparator == "")
    flags: Array = np.select([high, low, normal], [3, 1, 2], 0)
    return flags

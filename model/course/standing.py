"""Where a lab result stands against its limits of normal."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from model.records.labs import LabResult
from model.reference import analytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """A result that lies outside its limits: on which side, and of which limit."""

    below: bool
    limit: Decimal
    unit: str
    customary: bool
    """The laboratory gave no limits with the result; the customary ones of the sex serve."""

    @property
    def mark(self) -> str:
        """The arrow beside the value."""
        return "↓" if self.below else "↑"

    @property
    def sentence(self) -> str:
        """What the mark says, in words."""
        limit = f"{self.limit} {self.unit}".strip()
        if self.customary:
            side = "Below" if self.below else "Above"
            return f"{side} the customary limit of {limit}: none is recorded with the result."
        return f"{'Below the lower' if self.below else 'Above the upper'} limit of {limit}."


def standing(result: LabResult, sex: str | None) -> Standing | None:
    """How a result lies outside its limits; None when it lies within or this cannot be told.

    The result's own limits are compared in its own unit. Customary ones (by sex, F or M) serve
    only where it has none, and where the written unit is known.
    """
    low, high, customary = result.lln, result.uln, False
    if low is None and high is None:
        analyte = analytes.find(result.analyte)
        limits = analyte.default_limits_in(result.unit or "", sex) if analyte else None
        if limits is None:
            return None
        low, high, customary = limits.low, limits.high, True
    unit = result.shown_unit
    # A result “< 5” may lie anywhere below 5: it is low only when 5 is, and never known to be high.
    if low is not None and result.comparator != ">":
        surely = result.value <= low if result.comparator == "<" else result.value < low
        if surely:
            return Standing(below=True, limit=low, unit=unit, customary=customary)
    if high is not None and result.comparator != "<":
        surely = result.value >= high if result.comparator == ">" else result.value > high
        if surely:
            return Standing(below=False, limit=high, unit=unit, customary=customary)
    return None

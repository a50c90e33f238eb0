"""Where a lab result stands against its limits of normal."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from model.records.labs import LabResult
from model.reference import analytes, units


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
        found = _customary(result, sex)
        if found is None:
            return None
        low, high, customary = *found, True
    unit = _shown_unit(result)
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


def _shown_unit(result: LabResult) -> str:
    analyte = analytes.find(result.analyte)
    unit = units.parse(analyte.key, result.unit or "") if analyte else None
    return unit.shown if unit else result.unit or ""


def _customary(result: LabResult, sex: str | None) -> tuple[Decimal | None, Decimal | None] | None:
    """The customary limits in the unit in which the result was written."""
    analyte = analytes.find(result.analyte)
    limits = analyte.default_limits(sex) if analyte and sex in ("F", "M") else None
    if analyte is None or limits is None:
        return None
    written = units.parse(analyte.key, result.unit or "")
    if written is None:
        return None
    factor = analyte.units[limits.unit].factor / written.factor

    def converted(limit: Decimal | None) -> Decimal | None:
        if limit is None:
            return None
        return limit * Decimal(factor.numerator) / Decimal(factor.denominator)

    return converted(limits.low), converted(limits.high)

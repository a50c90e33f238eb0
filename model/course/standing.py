"""Laboratory results outside their limits of normal."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from model.language import _
from model.records.labs import LabResult
from model.reference import analytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """The side on which a result is outside its limits, and the limit."""

    below: bool
    limit: Decimal
    unit: str
    is_default: bool
    """The result has no limits of its own; the default ones for the sex are used."""

    @property
    def mark(self) -> str:
        """The arrow next to the value."""
        return "↓" if self.below else "↑"

    @property
    def sentence(self) -> str:
        """The mark in words."""
        if self.is_default:
            below = _("Below the default limit of {limit}: none is recorded with the result.")
            above = _("Above the default limit of {limit}: none is recorded with the result.")
        else:
            below, above = (
                _("Below the lower limit of {limit}."),
                _("Above the upper limit of {limit}."),
            )
        text = below if self.below else above
        return text.format(limit=f"{self.limit} {self.unit}".strip())


def standing(result: LabResult, sex: str | None) -> Standing | None:
    """Return how a result is outside its limits; None when it is within, or this is unknown.

    Its own limits are compared in its own unit. Default ones (by sex, F or M) are used only where
    it has none, and where its unit is known.
    """
    low, high, is_default = result.lln, result.uln, False
    if low is None and high is None:
        analyte = analytes.find(result.analyte)
        limits = analyte.default_limits_in(result.unit or "", sex) if analyte else None
        if limits is None:
            return None
        low, high, is_default = limits.low, limits.high, True
    unit = result.shown_unit
    # A result “< 5” may be anything below 5: it is low only if 5 is, and never known to be high.
    if low is not None and result.comparator != ">":
        surely = result.value <= low if result.comparator == "<" else result.value < low
        if surely:
            return Standing(below=True, limit=low, unit=unit, is_default=is_default)
    if high is not None and result.comparator != "<":
        surely = result.value >= high if result.comparator == ">" else result.value > high
        if surely:
            return Standing(below=False, limit=high, unit=unit, is_default=is_default)
    return None

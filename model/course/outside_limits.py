"""Decide whether a laboratory result is outside its limits of normal."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from model.language import _
from model.records.labs import LabResult, LimitSource


@dataclass(frozen=True, slots=True, kw_only=True)
class OutsideLimit:
    """The limit of normal that a result is below or above."""

    below: bool
    limit: Decimal
    unit: str
    source: LimitSource
    """Where the limit is from; default limits are not used for grading."""

    @property
    def is_default(self) -> bool:
        """Whether the limit is a default one."""
        return self.source is LimitSource.DEFAULT

    @property
    def mark(self) -> str:
        """The arrow next to the value."""
        return "↓" if self.below else "↑"

    @property
    def sentence(self) -> str:
        """The mark in words."""
        below, above = {
            LimitSource.RESULT: (
                _("Below the lower limit of {limit}."),
                _("Above the upper limit of {limit}."),
            ),
            LimitSource.LABORATORY: (
                _("Below the laboratory's limit of {limit}: none is recorded with the result."),
                _("Above the laboratory's limit of {limit}: none is recorded with the result."),
            ),
            LimitSource.DEFAULT: (
                _("Below the default limit of {limit}: none is recorded with the result."),
                _("Above the default limit of {limit}: none is recorded with the result."),
            ),
        }[self.source]
        text = below if self.below else above
        return text.format(limit=f"{self.limit} {self.unit}".strip())


def outside_limit(result: LabResult, sex: str | None) -> OutsideLimit | None:
    """Return the limit that a result is outside of; None if it is within, or this is unknown.

    It is unknown for a questioned result. The limits are those of `LabResult.limits` for the sex.
    """
    limits = None if result.is_questioned else result.limits(sex)
    if limits is None:
        return None
    low, high, source = limits
    unit = result.unit_symbol
    # A result “< 5” may be anything below 5: it is low only if 5 is, and never known to be high.
    if low is not None and result.comparator != ">":
        surely = result.value <= low if result.comparator == "<" else result.value < low
        if surely:
            return OutsideLimit(below=True, limit=low, unit=unit, source=source)
    if high is not None and result.comparator != "<":
        surely = result.value >= high if result.comparator == ">" else result.value > high
        if surely:
            return OutsideLimit(below=False, limit=high, unit=unit, source=source)
    return None

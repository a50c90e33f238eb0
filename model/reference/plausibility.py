"""Which numbers can be right in the unit that they are written in.

A value outside the plausible range of its analyte was probably reported in another unit, such as
platelets of 45000 ×10⁹/L. A limit of normal must lie in that range too, and near the customary
limits: an ULN of 1.2 µmol/L for bilirubin is probably in mg/dL.
"""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from fractions import Fraction
from functools import cache
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from model.language import _
from model.reference import analytes, units
from model.reference.analytes import Analyte

Array = npt.NDArray[Any]

LIMIT_FACTOR = 15
"""A limit this many times above or below a customary one is implausible; our own choice.

Limits of laboratories differ less, and the smallest factor between units that the plausible ranges
do not separate is 17.1 (bilirubin in µmol/L and mg/dL).
"""


class NumberRange(NamedTuple):
    """Numbers from `low` to `high`, and 0 where `zero` is true."""

    low: float
    high: float
    zero: bool = False

    def holds(self, number: float) -> bool:
        """Return whether a number is in the range."""
        return self.low <= number <= self.high or (self.zero and number == 0)


def each_holds(ranges: Sequence[NumberRange], index: Array, numbers: Array) -> Array:
    """Return whether each of many numbers (n,) is in its range, `ranges[index]` (n,)."""
    low, high = (np.array([each[end] for each in ranges], dtype=float) for end in (0, 1))
    zero = np.array([each.zero for each in ranges], dtype=bool)
    is_inside = (low[index] <= numbers) & (numbers <= high[index])
    holds: Array = is_inside | (zero[index] & (numbers == 0))
    return holds


ANY = NumberRange(float("-inf"), float("inf"))
"""The range for an unknown analyte or unit, of which nothing is known."""

NONE = NumberRange(float("inf"), float("-inf"))


@cache
def plausible_values(analyte_text: str, unit_text: str) -> NumberRange:
    """Return the plausible values of an analyte in a written unit."""
    analyte = analytes.find(analyte_text)
    unit = units.parse(analyte.key, unit_text) if analyte else None
    if analyte is None or unit is None:
        return ANY
    low, high = (float(Fraction(bound) / unit.factor) for bound in analyte.plausible)
    return NumberRange(low, high, analyte.can_be_zero)


@cache
def plausible_limits(analyte_text: str, unit_text: str, *, upper: bool) -> NumberRange:
    """Return the plausible upper or lower limits of normal in a written unit; 0 always is."""
    values = plausible_values(analyte_text, unit_text)
    analyte = analytes.find(analyte_text)
    customary = _customary(analyte, unit_text, upper=upper) if analyte else []
    if values is ANY or not customary:
        return values._replace(zero=True)
    low, high = min(customary) / LIMIT_FACTOR, max(customary) * LIMIT_FACTOR
    return NumberRange(max(low, values.low), min(high, values.high), zero=True)


def _customary(analyte: Analyte, unit_text: str, *, upper: bool) -> list[float]:
    """Return the customary upper or lower limits of both sexes, without limits of 0."""
    of_sexes = (analyte.default_limits_in(unit_text, sex) for sex in ("F", "M"))
    limits = [limits.high if upper else limits.low for limits in of_sexes if limits]
    return [float(limit) for limit in limits if limit]


@cache
def unquestioned_values(
    analyte_text: str, unit_text: str, lln: Decimal | None, uln: Decimal | None
) -> NumberRange:
    """Return the values that can be right in a unit; none with a limit that cannot be."""
    for limit, upper in ((lln, False), (uln, True)):
        if limit is None:
            continue
        if not is_plausible_limit(analyte_text, unit_text, limit, upper=upper):
            return NONE
    return plausible_values(analyte_text, unit_text)


def is_plausible_limit(analyte_text: str, unit_text: str, limit: Decimal, *, upper: bool) -> bool:
    """Return whether a limit of normal can be right in its unit."""
    return plausible_limits(analyte_text, unit_text, upper=upper).holds(float(limit))


class Doubt(NamedTuple):
    """A sentence that a number cannot be right, with its field: `value`, `lln` or `uln`."""

    field: str
    sentence: str
    unit: str
    """As it is printed."""


def doubt_about(
    analyte_text: str,
    value: Decimal,
    comparator: str | None,
    unit_text: str,
    lln: Decimal | None,
    uln: Decimal | None,
) -> Doubt | None:
    """Return why a value, or a limit reported with it, cannot be right in its unit; else None."""
    if unquestioned_values(analyte_text, unit_text, lln, uln).holds(float(value)):
        return None
    analyte = analytes.find(analyte_text)
    unit = units.parse(analyte.key, unit_text) if analyte else None
    symbol = unit.symbol if unit else unit_text
    limits = (
        ("lln", lln, _("A lower limit of {limit} is implausible in this unit.")),
        ("uln", uln, _("An upper limit of {limit} is implausible in this unit.")),
    )
    for field, limit, text in limits:
        if limit is None:
            continue
        if not is_plausible_limit(analyte_text, unit_text, limit, upper=field == "uln"):
            check = _("Check the limits and the unit ({unit}).").format(unit=symbol)
            return Doubt(field, f"{text.format(limit=limit)} {check}", symbol)
    text = _("{value} is implausible in this unit. Check the unit ({unit}).")
    if not symbol:
        text = _("{value} is implausible. Check it.")
    return Doubt("value", text.format(value=f"{comparator or ''}{value}", unit=symbol), symbol)

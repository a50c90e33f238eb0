"""The texts of a result as they are written: what they mean, and their exact comparison.

A written number is decimal and is compared as such, never as the binary number nearest to it: 0.3
is not above 1.5 × 0.2, and 80.00000000000001 is not below 80.
"""

import re
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from math import nan
from operator import ge, gt, le, lt
from typing import NamedTuple

from model.ctcae.criteria import Comparison
from model.ctcae.facts import (
    ANTICOAGULATED,
    ANY_FLAG,
    FALSE,
    FASTING,
    FASTING_UNKNOWN,
    HIGH,
    LOW,
    MISSING,
    NO_BASELINE,
    NORMAL,
    NOT_ANTICOAGULATED,
    NOT_FASTING,
    NOT_KNOWN,
    NOT_RECORDED,
    TRUE,
    UNKNOWN,
    UNUSABLE,
    USABLE,
)
from model.language import _
from model.reference.plausibility import NumberRange, doubt_about, unquestioned_values
from model.reference.written_numbers import ambiguity

Number = str | Decimal | float | None

# A comma is refused, because 75,000 and 3,5 look the same. Nan and inf are no results.
_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,2})?", re.ASCII)
_WITH_COMPARATOR = re.compile(r"(<=|>=|<|>|≤|≥)\s*(.+)")
_MAX_LENGTH = 60
_FLAGS = {"low": LOW, "normal": NORMAL, "high": HIGH, "l": LOW, "n": NORMAL, "h": HIGH}
_YES, _NO = ("y", "yes", "true", "1", "t"), ("n", "no", "false", "0", "f")
_FASTING = {
    **dict.fromkeys([*_YES, "fasting"], FASTING),
    **dict.fromkeys([*_NO, "non-fasting"], NOT_FASTING),
}
_ANTICOAGULATION = {
    "": NOT_RECORDED,
    **dict.fromkeys(_YES, ANTICOAGULATED),
    **dict.fromkeys(_NO, NOT_ANTICOAGULATED),
}
_OPERATORS = {"<": lt, "<=": le, ">": gt, ">=": ge}
_INFINITE = Fraction(10) ** 300
"""Greater than any value or cut-off."""


class Bound(NamedTuple):
    """A value at a number (`side` 0), or one just below (−1) or just above it (+1)."""

    number: Fraction
    side: int


class ValueRange(NamedTuple):
    """The values that `<5` or `>1000` may stand for, with the number as it is written.

    `near` is the bound at the number, `far` the other end.
    """

    written_number: str
    near: Bound
    far: Bound


def as_text(value: object) -> str:
    """Return a value as text without surrounding blanks; empty for None and NaN."""
    if value is None or value != value:
        return ""
    return repr(float(value)) if isinstance(value, float) else str(value).strip()


def is_number(text: str) -> bool:
    """Return whether a text is a decimal number with a point, without ``<`` or ``>``."""
    return len(text) <= _MAX_LENGTH and _NUMBER.fullmatch(text) is not None


@lru_cache(maxsize=65536)
def number(text: str) -> Fraction | None:
    """Return the exact number that was written; None if it is not a number."""
    return Fraction(text) if is_number(text) else None


def value_fault(text: str) -> str:
    """Return why a written value (without ``<`` or ``>``) is not a result; empty if it is."""
    if not text:
        return _("no value")
    amount = number(text)
    if amount is None:
        readings = (ambiguity(text) or "").removesuffix(".")
        return readings or _("'{text}' is not a number").format(text=text)
    return _("a value cannot be negative") if amount < 0 else ""


@lru_cache(maxsize=65536)
def doubt_note(analyte: str, value: str, unit: str, lln: str, uln: str) -> str:
    """Return the note that a value or limit cannot be right in its unit; empty for no doubt.

    The note begins with a semicolon, to be added to a reason.
    """
    amount = _not_negative(split_comparator(value)[1])
    doubt = amount is not None and doubt_about(
        analyte, amount, None, unit, *_ordered_limits(lln, uln)
    )
    if not doubt:
        return ""
    notes = {
        "value": _("check the unit: {number} is implausible"),
        "lln": _("check the limits: LLN {number} is implausible"),
        "uln": _("check the limits: ULN {number} is implausible"),
    }
    text = {"value": value, "lln": lln, "uln": uln}[doubt.field]
    return "; " + notes[doubt.field].format(number=f"{text} {doubt.unit}".rstrip())


@lru_cache(maxsize=65536)
def baseline_note(analyte: str, baseline: str, unit: str) -> str:
    """Return the note that a baseline cannot be right in its unit; empty for no doubt.

    The note begins with a semicolon, to be added to a reason.
    """
    amount = _not_negative(baseline.strip())
    doubt = amount is not None and doubt_about(analyte, amount, None, unit, None, None)
    if not doubt:
        return ""
    note = _("check the baseline: {number} is implausible")
    return "; " + note.format(number=f"{amount} {doubt.unit}".rstrip())


def acceptable_values(analyte: str, unit: str, lln: str, uln: str) -> NumberRange:
    """Return the values for which `doubt_note` is empty."""
    return unquestioned_values(analyte, unit, *_ordered_limits(lln, uln))


def amount_of(value: str) -> float:
    """Return the number of a written value, without its comparator; NaN for none or a negative."""
    amount = _not_negative(split_comparator(value)[1])
    return nan if amount is None else float(amount)


def _ordered_limits(lln: str, uln: str) -> tuple[Decimal | None, Decimal | None]:
    """Return the limits that are numbers; none if LLN is above ULN, which has its own remark."""
    low, high = _not_negative(lln), _not_negative(uln)
    return (None, None) if low is not None and high is not None and low > high else (low, high)


def _not_negative(text: str) -> Decimal | None:
    amount = number(text)
    return None if amount is None or amount < 0 else Decimal(text)


def limit_status(text: str, limit: str) -> int:
    """Return whether a written number ("value", "LLN", "ULN" or "BASE") is usable or missing."""
    if not text:
        return MISSING
    amount = number(text)
    # Multiples of an ULN of zero would make every value toxic.
    if amount is None or amount < 0 or (limit == "ULN" and amount == 0):
        return UNUSABLE
    return USABLE


def split_comparator(text: str) -> tuple[str, str]:
    """Return the comparator of a written value, empty for none, and the text behind it."""
    match = _WITH_COMPARATOR.fullmatch(text)
    return (match[1], match[2]) if match else ("", text)


def value_range(text: str) -> ValueRange | None:
    """Return the values that ``<5`` or ``>1000`` may stand for; None without a comparator."""
    comparator, written_number = split_comparator(text)
    if not comparator:
        return None
    side = {"<": -1, ">": 1}.get(comparator, 0)
    near = Bound(number(written_number) or Fraction(0), side)
    far = Bound(Fraction(0) if comparator in ("<", "<=", "≤") else _INFINITE, 0)
    return ValueRange(written_number, near, far)


def truth(comparison: Comparison, value: Fraction, limit: Fraction | None, side: int = 0) -> int:
    """Return whether a value fulfils a comparison: TRUE, FALSE, or UNKNOWN without its limit.

    With a `side` it is the value just below (−1) or just above (+1) the given number.
    """
    if comparison.limit and limit is None:
        return UNKNOWN
    if comparison.limit == "BASE" and limit == 0 and comparison.factor != 1:
        return UNKNOWN
    # Computed with integers, because fractions give the same result several times slower.
    numerator, denominator = comparison.offset.numerator, comparison.offset.denominator
    if limit is not None and comparison.limit:
        factor = comparison.factor
        numerator = (
            numerator * factor.denominator * limit.denominator
            + factor.numerator * limit.numerator * denominator
        )
        denominator *= factor.denominator * limit.denominator
    difference = value.numerator * denominator - numerator * value.denominator or side
    return TRUE if _OPERATORS[comparison.sign](difference, 0) else FALSE


def written_flag(text: str) -> int | None:
    """Return the flag that was written, NO_BASELINE for none; None if it is not a known flag."""
    return _FLAGS.get(text.casefold()) if text else NO_BASELINE


def derived_flags(base_status: int, below: int, above: int) -> int:
    """Return the possible flags of a baseline, from whether it is below LLN and above ULN."""
    if base_status != USABLE:
        return NO_BASELINE if base_status == MISSING else ANY_FLAG
    if above == TRUE:
        return HIGH
    if below == TRUE:
        return LOW
    return NORMAL | (LOW if below == UNKNOWN else 0) | (HIGH if above == UNKNOWN else 0)


def fasting_state(value: object) -> int:
    """Return FASTING or NOT_FASTING for Y, N, yes, no, true, false, 1, 0; else FASTING_UNKNOWN."""
    return _FASTING.get(as_text(value).casefold(), FASTING_UNKNOWN)


def anticoagulation_state(value: object) -> int:
    """Return ANTICOAGULATED or NOT_ANTICOAGULATED for Y, N, yes, no, true, false, 1, 0.

    An empty text is NOT_RECORDED; any other text is NOT_KNOWN.
    """
    return _ANTICOAGULATION.get(as_text(value).casefold(), NOT_KNOWN)

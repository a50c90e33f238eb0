"""The numbers of a result as they are written, and their exact comparison.

A written number is decimal and is compared as such, never as the binary number nearest to it: 0.3
is not above 1.5 × 0.2, and 80.00000000000001 is not below 80.
"""

import re
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from math import nan
from operator import ge, gt, le, lt

from model.ctcae.criteria import Comparison
from model.ctcae.judging import (
    ANTICOAGULATED,
    ANY_FLAG,
    FALSE,
    FASTING,
    FASTING_UNKNOWN,
    GIVEN,
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
    UNREADABLE,
)
from model.language import _
from model.reference.plausibility import NumberRange, doubt_about, unquestioned_values
from model.reference.written_numbers import ambiguity

Number = str | Decimal | float | None

# No comma: 75,000 and 3,5 look the same. No names: nan and inf are no results.
_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,2})?", re.ASCII)
_COMPARED = re.compile(r"(<=|>=|<|>|≤|≥)\s*(.+)")
_LONGEST = 60
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
_HOLDS = {"<": lt, "<=": le, ">": gt, ">=": ge}
INFINITE = Fraction(10) ** 300


def as_text(value: object) -> str:
    """Return a value as text without surrounding blanks; empty for None and NaN."""
    if value is None or value != value:
        return ""
    return repr(float(value)) if isinstance(value, float) else str(value).strip()


def is_number(text: str) -> bool:
    """Return whether a text is a decimal number with a point, without ``<`` or ``>``."""
    return len(text) <= _LONGEST and _NUMBER.fullmatch(text) is not None


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
    """Return the note that a value or limit cannot be right in its unit; empty for no doubt."""
    reach = bounds(value)
    amount = _not_negative(reach[0] if reach else value)
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
    written = {"value": value, "lln": lln, "uln": uln}[doubt.field]
    return "; " + notes[doubt.field].format(number=f"{written} {doubt.unit}".rstrip())


@lru_cache(maxsize=65536)
def baseline_note(analyte: str, baseline: str, unit: str) -> str:
    """Return the note that a baseline cannot be right in its unit; empty for no doubt."""
    amount = _not_negative(baseline.strip())
    doubt = amount is not None and doubt_about(analyte, amount, None, unit, None, None)
    if not doubt:
        return ""
    note = _("check the baseline: {number} is implausible")
    return "; " + note.format(number=f"{amount} {doubt.unit}".rstrip())


def acceptable_values(analyte: str, unit: str, lln: str, uln: str) -> NumberRange:
    """Return the values that `doubt_note` has no doubt about."""
    return unquestioned_values(analyte, unit, *_ordered_limits(lln, uln))


def amount_of(value: str) -> float:
    """Return the number of a written value, behind its comparator; NaN for none or a negative."""
    reach = bounds(value)
    amount = _not_negative(reach[0] if reach else value)
    return nan if amount is None else float(amount)


def _ordered_limits(lln: str, uln: str) -> tuple[Decimal | None, Decimal | None]:
    """The limits that are numbers; none if they are crossed, which grading says in other words."""
    low, high = _not_negative(lln), _not_negative(uln)
    return (None, None) if low is not None and high is not None and low > high else (low, high)


def _not_negative(text: str) -> Decimal | None:
    amount = number(text)
    return None if amount is None or amount < 0 else Decimal(text)


def limit_status(text: str, limit: str) -> int:
    """Return whether a written number ("value", "LLN", "ULN", "BASE") is given, or readable."""
    if not text:
        return MISSING
    amount = number(text)
    # Multiples of an ULN of zero would make every value toxic.
    if amount is None or amount < 0 or (limit == "ULN" and amount == 0):
        return UNREADABLE
    return GIVEN


def bounds(text: str) -> tuple[str, tuple[Fraction, int], tuple[Fraction, int]] | None:
    """Split ``<5`` or ``>1000`` into the number, the bound at it, and the far bound.

    A bound is a number and the side of the values (−1 just below, +1 just above, 0 at the number).
    None for a text that does not begin with a comparator.
    """
    match = _COMPARED.fullmatch(text)
    if match is None:
        return None
    sign, written = match[1], match[2]
    amount = number(written) or Fraction(0)
    side = {"<": -1, ">": 1}.get(sign, 0)
    far = Fraction(0) if sign in "<=≤" else INFINITE
    return written, (amount, side), (far, 0)


def truth(part: Comparison, value: Fraction, limit: Fraction | None, side: int = 0) -> int:
    """Return whether a value, or one just next to it, fulfils a comparison; else UNKNOWN."""
    if part.limit and limit is None:
        return UNKNOWN
    if part.limit == "BASE" and limit == 0 and part.factor != 1:
        return UNKNOWN
    # With integers: fractions give the same result several times slower.
    above, below = part.offset.numerator, part.offset.denominator
    if limit is not None and part.limit:
        above = (
            above * part.factor.denominator * limit.denominator
            + part.factor.numerator * limit.numerator * below
        )
        below *= part.factor.denominator * limit.denominator
    difference = value.numerator * below - above * value.denominator or side
    return TRUE if _HOLDS[part.sign](difference, 0) else FALSE


def written_flag(text: str) -> int | None:
    """Return the written flag, `NO_BASELINE` for none; None unless low, normal or high."""
    return _FLAGS.get(text.casefold()) if text else NO_BASELINE


def derived_flags(base_status: int, below: int, above: int) -> int:
    """Return the possible flags of a baseline, from whether it is below LLN and above ULN."""
    if base_status != GIVEN:
        return NO_BASELINE if base_status == MISSING else ANY_FLAG
    if above == TRUE:
        return HIGH
    if below == TRUE:
        return LOW
    return NORMAL | (LOW if below == UNKNOWN else 0) | (HIGH if above == UNKNOWN else 0)


def fasting_state(value: object) -> int:
    """Return FASTING, NOT_FASTING or unknown for Y, N, yes, no, true, false, 1, 0 or nothing."""
    return _FASTING.get(as_text(value).casefold(), FASTING_UNKNOWN)


def anticoagulation_state(value: object) -> int:
    """Return whether on anticoagulation, for Y, N, yes, no, true, false, 1, 0.

    Nothing is "not recorded"; any other text is "not known".
    """
    return _ANTICOAGULATION.get(as_text(value).casefold(), NOT_KNOWN)

"""The numbers of a result as they are written, and exact comparison of what they say.

A written number is decimal and is compared as such, never as the binary number nearest to it: 0.3
is not above 1.5 × 0.2, and 80.00000000000001 is not below 80.
"""

import re
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from operator import ge, gt, le, lt

from model.ctcae.criteria import Comparison
from model.ctcae.judging import (
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
    NOT_FASTING,
    TRUE,
    UNKNOWN,
    UNREADABLE,
)

Number = str | Decimal | float | None

# No comma: 75,000 and 3,5 look the same. No names: nan and inf are no results.
_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d{1,2})?", re.ASCII)
_COMPARED = re.compile(r"(<=|>=|<|>|≤|≥)\s*(.+)")
_LONGEST = 60
_FLAGS = {"low": LOW, "normal": NORMAL, "high": HIGH, "l": LOW, "n": NORMAL, "h": HIGH}
_FASTING = {
    **dict.fromkeys(["y", "yes", "true", "1", "t", "fasting"], FASTING),
    **dict.fromkeys(["n", "no", "false", "0", "f", "non-fasting"], NOT_FASTING),
}
_HOLDS = {"<": lt, "<=": le, ">": gt, ">=": ge}
INFINITE = Fraction(10) ** 300


def as_text(value: object) -> str:
    """A value as text, without blanks around it; empty for None and NaN."""
    if value is None or value != value:
        return ""
    return repr(float(value)) if isinstance(value, float) else str(value).strip()


def is_number(text: str) -> bool:
    """Whether a text is a decimal number with a point, without ``<`` or ``>``."""
    return len(text) <= _LONGEST and _NUMBER.fullmatch(text) is not None


@lru_cache(maxsize=65536)
def number(text: str) -> Fraction | None:
    """The exact number that was written, or None when it is not one."""
    return Fraction(text) if is_number(text) else None


def value_fault(text: str) -> str:
    """Why a written value (without ``<`` or ``>``) is no result; empty when it is one."""
    if not text:
        return "no value"
    amount = number(text)
    if amount is None:
        return f"'{text}' is not a number"
    return "a value cannot be negative" if amount < 0 else ""


def limit_status(text: str, limit: str) -> int:
    """Whether a written LLN, ULN or baseline is given, missing or unreadable."""
    if not text:
        return MISSING
    amount = number(text)
    # Multiples of an ULN of zero would make every value toxic.
    if amount is None or amount < 0 or (limit == "ULN" and amount == 0):
        return UNREADABLE
    return GIVEN


def bounds(text: str) -> tuple[str, tuple[Fraction, int], tuple[Fraction, int]] | None:
    """What ``<5`` or ``>1000`` says: the number, the bound beside it, and the far bound.

    A bound is a number and the side on which the values lie (−1 just below, +1 just above, 0 on
    it). None for a text that does not begin with a comparator.
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
    """Whether a value (or one just beside it) fulfils a comparison; unknown with no limit."""
    if part.limit and limit is None:
        return UNKNOWN
    if part.limit == "BASE" and limit == 0 and part.factor != 1:
        return UNKNOWN
    # In whole numbers: fractions do the same, several times slower.
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
    """The flag that was written, `NO_BASELINE` for none; None unless low, normal or high."""
    return _FLAGS.get(text.casefold()) if text else NO_BASELINE


def derived_flags(base_status: int, below: int, above: int) -> int:
    """The flags a baseline may have, from whether it is below LLN and above ULN."""
    if base_status != GIVEN:
        return NO_BASELINE if base_status == MISSING else ANY_FLAG
    if above == TRUE:
        return HIGH
    if below == TRUE:
        return LOW
    return NORMAL | (LOW if below == UNKNOWN else 0) | (HIGH if above == UNKNOWN else 0)


def fasting_state(value: object) -> int:
    """Fasting, not fasting or not known, from Y, N, yes, no, true, false, 1, 0 or nothing."""
    return _FASTING.get(as_text(value).casefold(), FASTING_UNKNOWN)

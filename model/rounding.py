"""Round numbers for print: in decimal and half up, everywhere.

A number is rounded as the decimal that it stands for, so that 0.285 is 0.29 and 6.25 is 6.3,
however they are held in binary. A float stands for the shortest decimal that equals it, or for one
of twelve significant figures where that is nearer than the error of a calculation: 13/16 counts as
0.8125 also where it was computed as 0.8124999999999999. Rounding is for print only: no
calculation uses a rounded number.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

_FIGURES_OF_A_FLOAT = 12
_ERROR = Decimal("1e-14")  # relative error of a calculation with floats
_PRECISION = 27  # digits that the decimal context holds, less one

Number = float | Decimal | Fraction


def rounded(value: Number, decimals: int) -> Decimal:
    """Round a value half up to a number of decimals; zero is never negative."""
    exact = _exact(value)
    if not exact.is_finite() or exact.adjusted() + decimals >= _PRECISION:
        return exact  # there is nothing to round, or no room for the zeros that would follow
    return exact.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP) + 0


def round_to_figures(value: Number, figures: int) -> Decimal:
    """Round a value half up to a number of significant figures."""
    exact = _exact(value)
    return rounded(exact, figures - 1 - exact.adjusted()) if exact else Decimal(0)


def plain(value: Decimal) -> str:
    """Write a decimal without exponent and without needless zeros: `0.031`, `1240`."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def figures(value: Number, count: int) -> str:
    """Write a value to a number of significant figures, without needless zeros."""
    return plain(round_to_figures(value, count))


def decimals(value: Number, count: int) -> str:
    """Write a value with exactly `count` decimals: `7.0`."""
    return f"{rounded(value, count):f}"


def group_thousands(count: int) -> str:
    """Write a count with spaces between thousands: `12 345`."""
    return f"{count:,}".replace(",", " ")


def _exact(value: Number) -> Decimal:
    if isinstance(value, Decimal):
        return value
    if isinstance(value, Fraction):
        return Decimal(value.numerator) / value.denominator
    exact, short = Decimal(repr(float(value))), Decimal(f"{value:.{_FIGURES_OF_A_FLOAT}g}")
    return short if exact.is_finite() and abs(short - exact) <= abs(exact) * _ERROR else exact

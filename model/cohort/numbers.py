"""How numbers are printed: the one place that rounds for window, PDF, CSV files and paragraph.

Rounding is decimal and half up, of the shortest decimal that equals the float: 0.95 to one
decimal is 1.0, where binary rounding would print 0.9. Nothing here is rounded before it is counted
with; only what is printed is.
"""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal

from model.language import _

_FIGURES = 3
_CSV_FIGURES = 6
_PRECISION = 27  # digits that the decimal context holds, less one
_WHOLE_FROM = 100  # estimates from here on are printed without decimals
_ONE_DECIMAL = ("%", "months")
_KEEPS_ZERO = "months"  # 7.0 months, as in papers
_UNPRINTED_UNITS = ("patients", "cycles", "administrations")  # they are in the label of the row


def rounded(value: float | Decimal, decimals: int) -> Decimal:
    """Return a value rounded half up to so many decimals, never a negative zero."""
    exact = _exact(value)
    if not exact.is_finite() or exact.adjusted() + decimals >= _PRECISION:
        return exact  # there is nothing to round, or no room for the zeros that would follow
    return exact.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP) + 0


def to_figures(value: float | Decimal, figures: int) -> Decimal:
    """Return a value rounded half up to so many significant figures."""
    exact = _exact(value)
    return rounded(exact, figures - 1 - exact.adjusted()) if exact else Decimal(0)


def plain(value: Decimal) -> str:
    """Write a decimal without exponent and without needless zeros: `0.031`, `1240`."""
    text = f"{value:f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def figures(value: float | Decimal, count: int) -> str:
    """Write a value to so many significant figures, without needless zeros."""
    return plain(to_figures(value, count))


def csv_estimate(value: float | Decimal) -> str:
    """Write an estimate for a CSV file: six significant figures, whole numbers as `46.0`."""
    text = figures(value, _CSV_FIGURES)
    return text if "." in text else f"{text}.0"


def csv_percent(value: float | Decimal) -> str:
    """Write a percentage for a CSV file, with its one decimal: `75.0`."""
    return f"{rounded(value, 1)}"


def percent(n: int, of: int | None) -> float | None:
    """Return `n` as a percentage of `of`, to one decimal; None where `of` is nobody."""
    return float(rounded(Decimal(100 * n) / of, 1)) if of else None


def estimate(value: float, unit: str = "") -> str:
    """Write an estimate: percentages and months to one decimal, others to three figures.

    Numbers from 100 on are whole. Only months keep a zero after the point: `7.0`.
    """
    if unit in _ONE_DECIMAL:
        number = rounded(value, 1)
        return f"{number}" if unit == _KEEPS_ZERO else plain(number)
    return plain(rounded(value, 0) if abs(value) >= _WHOLE_FROM else to_figures(value, _FIGURES))


def with_unit(value: float, unit: str) -> str:
    """Write an estimate with its unit: `14.1 MBq`, `22.0 months`, `55 %`."""
    return estimate(value, unit) if unit in _UNPRINTED_UNITS else f"{estimate(value, unit)} {unit}"


def interval(low: float | None, high: float | None, unit: str = "") -> str:
    """Write the bounds of an interval, `13.0–NR` (not reached); empty where there is neither."""
    if low is None and high is None:
        return ""
    return "–".join(_("NR") if each is None else estimate(each, unit) for each in (low, high))


def share(n: int, of: int | None) -> str:
    """Write a count with its percentage, `15 (75 %)`; the count alone out of nobody."""
    per_cent = percent(n, of)
    return f"{n}" if per_cent is None else f"{n} ({estimate(per_cent, '%')} %)"


def count_of(n: int, of: int | None) -> str:
    """Write a count with what it is out of: `11 of 20`; the count alone without it."""
    return f"{n}" if of is None else _("{n} of {of}").format(n=n, of=of)


def share_of(n: int, of: int | None) -> str:
    """Write a count with its denominator and percentage: `11 of 20 (55 %)`."""
    per_cent = percent(n, of)
    counted = count_of(n, of)
    return counted if per_cent is None else f"{counted} ({estimate(per_cent, '%')} %)"


def p_value(p: float) -> str:
    """Write the p of a test to three figures; a very small one with an exponent."""
    return f"{to_figures(p, _FIGURES).normalize():g}"


def _exact(value: float | Decimal) -> Decimal:
    return value if isinstance(value, Decimal) else Decimal(repr(float(value)))

"""Write the numbers of a cohort, in the same way in window, PDF, CSV files and paragraph.

Numbers are rounded by `model.rounding`, in decimal and half up. They are rounded only for print:
no calculation uses a rounded number.
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from model.language import _
from model.rounding import figures, group_thousands, plain, round_to_figures, rounded

_FIGURES = 3
_CSV_FIGURES = 6
_WHOLE_FROM = 100  # estimates from this value on are printed without decimals
_ONE_DECIMAL = ("%", "months")
_KEEPS_ZERO = "months"  # 7.0 months, as in papers
_UNPRINTED_UNITS = ("patients", "cycles", "administrations")  # they are in the label of the row


def csv_estimate(value: float | Decimal) -> str:
    """Write an estimate for a CSV file: six significant figures, whole numbers as `46.0`."""
    text = figures(value, _CSV_FIGURES)
    return text if "." in text else f"{text}.0"


def csv_percent(value: float | Decimal) -> str:
    """Write a percentage for a CSV file, with its one decimal: `75.0`."""
    return f"{rounded(value, 1)}"


def percent(n: int, of: int | None) -> float | None:
    """Return `n` as a percentage of `of`, to one decimal; None if `of` is 0 or missing."""
    return float(rounded(Fraction(100 * n, of), 1)) if of else None


def estimate(value: float, unit: str = "") -> str:
    """Write an estimate: percentages and months to one decimal, others to three figures.

    Numbers from 100 on are whole. Only months keep a zero after the point: `7.0`.
    """
    if unit in _ONE_DECIMAL:
        number = rounded(value, 1)
        return f"{number}" if unit == _KEEPS_ZERO else plain(number)
    return plain(
        rounded(value, 0) if abs(value) >= _WHOLE_FROM else round_to_figures(value, _FIGURES)
    )


def estimate_with_unit(value: float, unit: str) -> str:
    """Write an estimate with its unit: `14.1 MBq`, `22.0 months`, `55 %`."""
    return estimate(value, unit) if unit in _UNPRINTED_UNITS else f"{estimate(value, unit)} {unit}"


def interval(
    low: float | None, high: float | None, unit: str = "", not_reached: str = _("NR")
) -> str:
    """Write the bounds of an interval, `13.0–NR` (not reached); empty if both are missing."""
    if low is None and high is None:
        return ""
    return "–".join(not_reached if each is None else estimate(each, unit) for each in (low, high))


def share(n: int, of: int | None) -> str:
    """Write a count with its percentage, `15 (75 %)`; only the count if `of` is 0 or missing."""
    per_cent = percent(n, of)
    return (
        group_thousands(n)
        if per_cent is None
        else f"{group_thousands(n)} ({estimate(per_cent, '%')} %)"
    )


def count_of(n: int, of: int | None) -> str:
    """Write a count with its denominator, `11 of 20`; only the count if that is missing."""
    return (
        group_thousands(n)
        if of is None
        else _("{n} of {of}").format(n=group_thousands(n), of=group_thousands(of))
    )


def share_of(n: int, of: int | None) -> str:
    """Write a count with its denominator and percentage: `11 of 20 (55 %)`."""
    per_cent = percent(n, of)
    counted = count_of(n, of)
    return counted if per_cent is None else f"{counted} ({estimate(per_cent, '%')} %)"


def p_value(p: float) -> str:
    """Write a p value to three figures, and a very small one with an exponent."""
    return f"{round_to_figures(p, _FIGURES).normalize():g}"

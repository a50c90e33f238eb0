"""Total calcium corrected for albumin: the formula, and its use on a written result.

CTCAE grades calcium as corrected for albumin. A written total calcium is corrected by the albumin
of its sample, exactly and in its own unit. It is then graded as the analyte "ca_corr", by the
limits of the total calcium. Without a usable albumin it stays as measured. Ionised calcium is
another analyte and is never corrected.
"""

from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple, TypeVar

from model.ctcae.results import number, split_comparator
from model.language import _
from model.reference import analytes, units

Real = TypeVar("Real", float, Fraction)

_DIGITS = 12
"""Significant digits of a corrected value that has no finite decimal form."""


class CorrectedResult(NamedTuple):
    """A result to be graded in place of a total calcium; `note` is added to its reason."""

    analyte: str
    value: str
    note: str


def corrected_calcium(calcium_mg_dl: Real, albumin_g_dl: Real) -> Real:
    """Return total calcium corrected for albumin, in mg/dL: Ca + 0.8 · (4.0 − albumin in g/dL).

    Source: Payne et al., Br Med J 1973;4:643, in the form used with conventional units.
    """
    return calcium_mg_dl + (4 - albumin_g_dl) * 8 / 10


def corrected_calcium_si(calcium_mmol_l: Real, albumin_g_l: Real) -> Real:
    """Return total calcium corrected for albumin, in mmol/L: Ca + 0.02 · (40 − albumin in g/L).

    The two forms are rounded separately and are not exact conversions of each other. Source: Payne
    et al., Br Med J 1973;4:643, in the form used with SI units.
    """
    return calcium_mmol_l + (40 - albumin_g_l) * 2 / 100


def is_total_calcium(analyte_text: str) -> bool:
    """Return whether a written name means total calcium, the only analyte that is corrected."""
    analyte = analytes.find(analyte_text)
    return analyte is not None and analyte.key == "ca"


@lru_cache(maxsize=65536)
def correct(
    analyte_text: str, value: str, unit_text: str, albumin: str, albumin_unit_text: str
) -> CorrectedResult | None:
    """Return a written total calcium as corrected for a written albumin.

    A calcium with `<` or `>` keeps its sign. None for any other analyte; where calcium or albumin
    has no number or no known unit; and where the albumin has a sign or is implausible, as is 0.
    """
    if not albumin or not is_total_calcium(analyte_text):
        return None
    _comparator, digits = split_comparator(value)
    calcium, unit = number(digits), units.parse("ca", unit_text)
    usable_albumin = _usable_albumin(albumin, albumin_unit_text)
    if calcium is None or calcium < 0 or unit is None or usable_albumin is None:
        return None
    if unit.quantity == "mass":
        factor = unit.factor / units.units_of("ca")["mg/dL"].factor
        exact = corrected_calcium(calcium * factor, usable_albumin.in_g_l / 10) / factor
    else:
        factor = unit.factor / units.units_of("ca")["mmol/L"].factor
        exact = corrected_calcium_si(calcium * factor, usable_albumin.in_g_l) / factor
    sign = value.removesuffix(digits)
    note = _("calcium {calcium} corrected for albumin {albumin}").format(
        calcium=f"{value} {unit.symbol}",
        albumin=f"{albumin} {usable_albumin.unit_symbol}",
    )
    return CorrectedResult("ca_corr", f"{sign}{_as_decimal(max(exact, Fraction(0)))}", f"; {note}")


class _Albumin(NamedTuple):
    in_g_l: Fraction
    unit_symbol: str


def _usable_albumin(text: str, unit_text: str) -> _Albumin | None:
    """Return a written albumin; None unless it is a plausible number in a known unit."""
    amount, unit = number(text), units.parse("alb", unit_text)
    analyte = analytes.by_key("alb")
    if amount is None or unit is None or analyte is None:
        return None
    low, high = analyte.plausible
    in_g_l = amount * unit.factor
    return _Albumin(in_g_l, unit.symbol) if low <= in_g_l <= high else None


def _as_decimal(exact: Fraction) -> str:
    """Return a fraction as a decimal number: exactly if that is finite, else with 12 digits."""
    decimal = Decimal(exact.numerator) / Decimal(exact.denominator)
    if Fraction(decimal) != exact:
        decimal = Decimal(f"{float(exact):.{_DIGITS}g}")
    return f"{decimal.normalize():f}"

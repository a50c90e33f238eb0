"""The units that laboratories print, and their conversion for each analyte.

`resources/units.csv` lists the units of each analyte (UCUM codes) with the exact factor to its
canonical unit; `resources/unit_spellings.csv` lists how each unit is printed and spelled. Spellings
differ in micro signs, superscripts, blanks and case; `fold` removes these differences. Case matters
for one unit only: `G/L` is giga per litre (cells), `g/L` is grams per litre. A unit that the
analyte does not have counts as unknown.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache, lru_cache

from model.reference.tables import rows

_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
_SUPERSCRIPT_RUN = re.compile("[⁰¹²³⁴⁵⁶⁷⁸⁹]+")
_GIGA_PER_LITRE = re.compile(r"[x*]?G/(l|L|liter|litre|Liter|Litre)$")
_CUBIC_MILLIMETRE = re.compile(r"/(cu\.?mm|cmm|mmc|mm\*?3|mcl|microl|microliter)$")
_PER_LITRE = re.compile(r"/(liter|litre)$")
# 10*9/l, x10e9/l, 10(9)/l, and 109/l, which has lost its superscript.
_POWER = re.compile(
    r"[x*]?10(?:\*|e\+?|exp|x|\()?0?(3|6|9|12)\)?(?:cells|\{cells\}|zellen|#)?/(l|ml|ul|nl)$"
)
_EXPONENT = re.compile(r"[x*]?(?:1(?:\.0)?)?e\+?0?(3|6|9|12)/(l|ml|ul|nl)$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """A UCUM unit of one analyte; one of it is `factor` canonical units.

    `quantity` is what the unit measures (mass, amount, count, activity …). Conversion within a
    quantity is exact by definition; between mass and amount it depends on a molar mass.
    """

    ucum: str
    quantity: str
    factor: Fraction
    source: str

    @property
    def symbol(self) -> str:
        """The unit as it is printed after a number (`×10⁹/L`); empty for a pure number."""
        return display_unit(self.ucum)


def parse(analyte_key: str, text: str) -> Unit | None:
    """Return the unit of an analyte that a text means; None if the analyte has no such unit.

    An empty text is a unit only of analytes that are pure numbers (INR, pH).
    """
    units = units_of(analyte_key)
    meanings = _codes_by_spelling().get(fold(text), ())
    return next((units[ucum] for ucum in meanings if ucum in units), None)


@cache
def units_of(analyte_key: str) -> Mapping[str, Unit]:
    """Return the units of an analyte by UCUM code; empty for an unknown analyte."""
    return _units_by_analyte().get(analyte_key, {})


def display_unit(ucum: str) -> str:
    """Return a UCUM unit as it is printed: `×10⁹/L`, `µmol/L`; an unlisted one as it is."""
    return _symbols().get(ucum, ucum)


@lru_cache(maxsize=4096)
def fold(text: str) -> str:
    """Return one form for all spellings of a unit that differ in case, blanks or signs."""
    text = _SUPERSCRIPT_RUN.sub(lambda run: "*" + run[0].translate(_SUPERSCRIPTS), text)
    text = unicodedata.normalize("NFKC", text)
    text = "".join(text.split()).replace("μ", "u").replace("×", "x")
    text = text.replace("^", "*").replace("**", "*")
    text = "giga/l" if _GIGA_PER_LITRE.match(text) else text.lower()
    text = _CUBIC_MILLIMETRE.sub("/ul", _PER_LITRE.sub("/l", text))
    if power := _POWER.match(text) or _EXPONENT.match(text):
        text = f"10*{power[1]}/{power[2]}"
    return text


def factor_from(text: str) -> Fraction:
    """Return a factor of the tables, such as `0.1` or `1/88.4`, as an exact number."""
    numerator, _slash, denominator = text.partition("/")
    return Fraction(numerator) / Fraction(denominator or "1")


@cache
def _units_by_analyte() -> dict[str, dict[str, Unit]]:
    table: dict[str, dict[str, Unit]] = defaultdict(dict)
    for row in rows("units.csv"):
        unit = Unit(
            ucum=row["unit"],
            quantity=row["quantity"],
            factor=factor_from(row["factor"]),
            source=row["source"],
        )
        for key in row["analyte"].split():
            table[key][unit.ucum] = unit
    return dict(table)


@cache
def _symbols() -> dict[str, str]:
    return {row["unit"]: row["shown"] for row in rows("unit_spellings.csv")}


@cache
def _codes_by_spelling() -> dict[str, tuple[str, ...]]:
    """Return the UCUM codes that each folded spelling may mean."""
    meanings: dict[str, dict[str, None]] = defaultdict(dict)
    for row in rows("unit_spellings.csv"):
        for spelling in filter(None, (row["unit"], row["shown"], *row["spellings"].split("|"))):
            meanings[fold(spelling)][row["unit"]] = None
    meanings[""] = {unit: None for unit, symbol in _symbols().items() if not symbol}
    return {spelling: tuple(codes) for spelling, codes in meanings.items()}

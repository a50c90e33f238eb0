"""The units that laboratories print, with their conversion factors for each analyte.

`resources/units.csv` has, for each analyte, the UCUM units that fit it and the exact factor to its
canonical unit; `resources/unit_spellings.csv` how each unit is shown and spelled. A written unit is
normalised (micro signs, superscripts, blanks, case), then looked up among the units of its analyte
only: a unit that does not fit its analyte is unknown.

Case is ignored except for one pair: `G/L` is giga per litre (cells), `g/L` grams per litre.
"""

import re
import unicodedata
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cache

from model.reference.tables import rows

_SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")
_SUPERSCRIPT_RUN = re.compile("[⁰¹²³⁴⁵⁶⁷⁸⁹]+")
_GIGA = re.compile(r"[x*]?G/(l|L|liter|litre|Liter|Litre)$")
_CUBIC_MILLIMETRE = re.compile(r"/(cu\.?mm|cmm|mmc|mm\*?3|mcl|microl|microliter)$")
_PER_LITRE = re.compile(r"/(liter|litre)$")
# 10*9/l, x10e9/l, 10(9)/l, and 109/l where a superscript was lost on the way.
_POWER = re.compile(
    r"[x*]?10(?:\*|e\+?|exp|x|\()?0?(3|6|9|12)\)?(?:cells|\{cells\}|zellen|#)?/(l|ml|ul|nl)$"
)
_EXPONENT = re.compile(r"[x*]?(?:1(?:\.0)?)?e\+?0?(3|6|9|12)/(l|ml|ul|nl)$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """A UCUM unit of one analyte, equal to `factor` canonical units.

    `quantity` is what it measures (mass, amount, count, activity …): between units of the same
    quantity a conversion is exact by definition, between mass and amount it needs a molar mass.
    """

    ucum: str
    quantity: str
    factor: Fraction
    source: str

    @property
    def shown(self) -> str:
        """The unit as it is printed after a number (`×10⁹/L`); empty for a pure number."""
        return display_unit(self.ucum)


def parse(analyte_key: str, text: str) -> Unit | None:
    """Return the unit written for an analyte; None if it is unknown or does not fit.

    An empty text is a unit only for analytes that are pure numbers (INR, pH).
    """
    fitting = units_of(analyte_key)
    for ucum in _spellings().get(fold(text), ()):
        if ucum in fitting:
            return fitting[ucum]
    return None


@cache
def units_of(analyte_key: str) -> Mapping[str, Unit]:
    """Return the units that fit an analyte, by UCUM code; empty for an unknown analyte."""
    return _table().get(analyte_key, {})


def display_unit(ucum: str) -> str:
    """Return a UCUM unit as it is printed: `×10⁹/L`, `µmol/L`; the code if unlisted."""
    return _shown().get(ucum, ucum)


def fold(text: str) -> str:
    """Return the same form for every spelling of a unit, for comparison only."""
    text = _SUPERSCRIPT_RUN.sub(lambda run: "*" + run[0].translate(_SUPERSCRIPTS), text)
    text = unicodedata.normalize("NFKC", text)
    text = "".join(text.split()).replace("μ", "u").replace("×", "x")
    text = text.replace("^", "*").replace("**", "*")
    text = "giga/l" if _GIGA.match(text) else text.lower()
    text = _CUBIC_MILLIMETRE.sub("/ul", _PER_LITRE.sub("/l", text))
    if power := _POWER.match(text) or _EXPONENT.match(text):
        text = f"10*{power[1]}/{power[2]}"
    return text


def factor_from(text: str) -> Fraction:
    """Return the exact value of a factor in the tables, such as `0.1` or `1/88.4`."""
    above, _, below = text.partition("/")
    return Fraction(above) / Fraction(below or "1")


@cache
def _table() -> dict[str, dict[str, Unit]]:
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
def _shown() -> dict[str, str]:
    return {row["unit"]: row["shown"] for row in rows("unit_spellings.csv")}


@cache
def _spellings() -> dict[str, tuple[str, ...]]:
    """Return the UCUM units that a normalised spelling may mean; the analyte decides which."""
    spellings: dict[str, list[str]] = defaultdict(list)
    for row in rows("unit_spellings.csv"):
        for spelling in (row["unit"], row["shown"], *row["spellings"].split("|")):
            if row["unit"] not in spellings[fold(spelling)]:
                spellings[fold(spelling)].append(row["unit"])
    # A row without further spellings lists an empty one, which only pure numbers have.
    spellings[""] = [unit for unit, shown in _shown().items() if not shown]
    return {spelling: tuple(units) for spelling, units in spellings.items()}

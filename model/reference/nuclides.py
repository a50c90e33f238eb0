"""Radionuclides: half-lives, emissions, and decay."""

import math
import re
import unicodedata
from dataclasses import dataclass
from functools import cache

from model.reference.tables import rows
from model.reference.vocabulary import collapsed

_MASS_FIRST = re.compile(r"(\d{1,3}m?)([a-z]+)")
_NAME = re.compile(r"\d{1,3}m?([A-Z][a-z]?)")
_ELEMENT_FIRST = re.compile(r"([a-z]+?)(\d{1,3}m?)")
_NOISE = re.compile(r"[\s\-\u2010-\u2015\u2212_\[\]()^.]+")
_ELEMENTS = {
    **{"actinium": "Ac", "astatine": "At", "bismuth": "Bi", "copper": "Cu", "fluorine": "F"},
    **{"fluoro": "F", "francium": "Fr", "gallium": "Ga", "indium": "In", "iodine": "I"},
    **{"lead": "Pb", "lutetium": "Lu", "radium": "Ra", "technetium": "Tc", "terbium": "Tb"},
    **{"thorium": "Th", "yttrium": "Y", "zirconium": "Zr"},
}


@dataclass(frozen=True, slots=True)
class Nuclide:
    """A radionuclide, named as on a label: mass number, then element (`177Lu`)."""

    name: str
    half_life_h: float
    mode: str

    @property
    def is_alpha(self) -> bool:
        """Whether it is given for its alpha particles."""
        return self.mode.startswith("alpha") or "alpha daughters" in self.mode

    @property
    def unit(self) -> str:
        """The usual unit of its activity: MBq for alpha emitters, GBq for others."""
        return "MBq" if self.is_alpha else "GBq"


@cache
def nuclides() -> dict[str, Nuclide]:
    """Return all known nuclides by name (half-lives: ICRP Publication 107)."""
    return {
        row["nuclide"]: Nuclide(row["nuclide"], float(row["half_life_h"]), row["mode"])
        for row in rows("nuclides.csv")
    }


def find(text: str) -> Nuclide | None:
    """Return the nuclide written `225Ac`, `Ac-225`, `ac 225`, `Actinium-225` or `[225Ac]`.

    None for an unknown one.
    """
    # NFKC makes the raised figures of ²²⁵Ac plain ones.
    typed = _NOISE.sub("", unicodedata.normalize("NFKC", text)).lower()
    if match := _MASS_FIRST.fullmatch(typed):
        mass, element = match.groups()
    elif match := _ELEMENT_FIRST.fullmatch(typed):
        element, mass = match.groups()
    else:
        return None
    return nuclides().get(f"{mass}{_ELEMENTS.get(element, element.capitalize())}")


def spelled(text: str) -> str:
    """Return the name of a known nuclide however it is written; any other as written."""
    nuclide = find(text)
    return nuclide.name if nuclide else collapsed(text)


def element(name: str) -> str:
    """Return the symbol of a nuclide's element: `Ac` for `225Ac`; any other text as it is."""
    match = _NAME.fullmatch(name)
    return match[1] if match else name


def unit_for(name: str) -> str:
    """Return the unit of a nuclide's activity; GBq for an unknown one."""
    nuclide = find(name)
    return nuclide.unit if nuclide else "GBq"


def decayed(activity: float, hours: float, half_life_h: float) -> float:
    """Return the activity after some hours (before, if negative): A · 2^(−Δt / T½).

    In any unit; infinite for times too far apart to be computed.
    """
    try:
        return activity * math.pow(2.0, -hours / half_life_h)
    except OverflowError:
        return math.inf

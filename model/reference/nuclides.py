"""Radionuclides: half-lives, emissions, and decay."""

import math
import re
import unicodedata
from dataclasses import dataclass
from functools import cache

from model.reference.tables import rows
from model.reference.vocabulary import collapse_blanks

_NAME = re.compile(r"\d{1,3}m?([A-Z][a-z]?)")
_PART = re.compile(r"(?P<mass>\d+m?)|[^\W\d_]+")
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
        """Whether the nuclide is given for its alpha particles."""
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
    """Return the nuclide written `225Ac`, `Ac-225`, `Actinium-225`, `[225Ac]Ac` or `²²⁵Ac`.

    The element may occur twice, as in `Lutetium (177Lu)`. None for an unknown nuclide.
    """
    # NFKC turns superscript digits into plain ones.
    parts = [*_PART.finditer(unicodedata.normalize("NFKC", text).lower())]
    masses = [part[0] for part in parts if part["mass"]]
    elements = {_ELEMENTS.get(part[0], part[0].capitalize()) for part in parts if not part["mass"]}
    if len(masses) != 1 or len(elements) != 1:
        return None
    return nuclides().get(f"{masses[0]}{elements.pop()}")


def spell(text: str) -> str:
    """Return the name of a nuclide, however it is written; an unknown one as written."""
    nuclide = find(text)
    return nuclide.name if nuclide else collapse_blanks(text)


def element(name: str) -> str:
    """Return the symbol of a nuclide's element: `Ac` for `225Ac`; any other text as it is."""
    match = _NAME.fullmatch(name)
    return match[1] if match else name


def unit_for(name: str) -> str:
    """Return the unit of a nuclide's activity; GBq for an unknown one."""
    nuclide = find(name)
    return nuclide.unit if nuclide else "GBq"


def decay(activity: float, hours: float, half_life_h: float) -> float:
    """Return an activity after some hours, or before if they are negative: A · 2^(−Δt / T½).

    The activity may be in any unit. It is infinite if the times are too far apart to compute it.
    """
    try:
        return activity * math.pow(2.0, -hours / half_life_h)
    except OverflowError:
        return math.inf

"""Activities: their units, how they are read, and how they are written. They are stored in MBq."""

import re
from decimal import Decimal

from model.errors import KnownError
from model.language import _
from model.reference.vocabulary import Vocabulary
from model.rounding import decimals, figures

UNITS = Vocabulary("MBq", "GBq")
"""The units that an activity is entered and shown in."""
UNITS_IN_MBQ = {
    "Bq": Decimal("0.000001"),
    "kBq": Decimal("0.001"),
    "MBq": Decimal(1),
    "GBq": Decimal(1000),
    "TBq": Decimal(1_000_000),
    "µCi": Decimal("0.037"),
    "mCi": Decimal(37),
    "Ci": Decimal(37_000),
}
"""Each unit that may be typed, in MBq; one curie is 37 GBq by definition."""
_UNITS_BY_FOLDED = {unit.casefold(): unit for unit in UNITS_IN_MBQ} | {"uci": "µCi"}
_WITH_UNIT = re.compile(r"(.*?)\s*([a-zµμ]+)\.?", re.IGNORECASE)


def split_unit(text: str) -> tuple[str, str | None]:
    """Split typed text into number and unit: `200 mci` gives `200` and `mCi`.

    The unit is None if none was typed. Raises KnownError for letters that are not a unit of
    activity.
    """
    match = _WITH_UNIT.fullmatch(text.strip())
    if match is None:
        return text.strip(), None
    # Case folding makes both micro signs the same.
    unit = _UNITS_BY_FOLDED.get(match[2].casefold())
    if unit is None:
        sentence = _("“{unit}” is not a unit of activity. Use MBq, GBq, mCi or µCi.")
        raise KnownError(sentence.format(unit=match[2]))
    return match[1].strip(), unit


def convert(value: Decimal, unit: str, into: str) -> Decimal:
    """Return an activity in another unit, exactly: 200 mCi is 7.4 GBq."""
    return (value * UNITS_IN_MBQ[unit] / UNITS_IN_MBQ[into]).normalize()


def in_mbq(value: float, unit: str) -> float:
    """Return an activity in MBq from one in MBq or GBq, with its digits unchanged."""
    return float(f"{value * float(UNITS_IN_MBQ[unit]):.12g}")


def from_mbq(mbq: float, unit: str) -> float:
    """Return an activity in MBq in another unit."""
    return float(f"{mbq / float(UNITS_IN_MBQ[unit]):.12g}")


def activity_text(mbq: float | None, unit: str, *, digits: int = 3) -> str:
    """Return an activity with its unit, rounded to significant digits: `7.4 GBq`."""
    if mbq is None:
        return _("activity unknown")
    activity = from_mbq(mbq, unit)
    is_whole = activity >= 10**digits
    return f"{decimals(activity, 0) if is_whole else figures(activity, digits)} {unit}"


def usual_unit_text(mbq: float) -> str:
    """Return an activity in the unit usual for its size: `300 MBq`, `7.4 GBq`."""
    return activity_text(mbq, "GBq" if mbq >= 1000 else "MBq")

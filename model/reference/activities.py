"""Activities: the units they are written in, and how they are read and shown. Kept in MBq."""

import re
from decimal import Decimal

from model.errors import KnownError

UNITS = ("MBq", "GBq")
"""The units that an activity is kept and shown in."""
WRITTEN_UNITS = {
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
_SPELLED = {unit.casefold(): unit for unit in WRITTEN_UNITS} | {"uci": "µCi"}
_WITH_UNIT = re.compile(r"(.*?)\s*([a-zµμ]+)\.?", re.IGNORECASE)


def split_unit(text: str) -> tuple[str, str | None]:
    """What was typed before a unit, and that unit: `200 mci` gives `200` and `mCi`.

    The unit is None where none was typed. Raises KnownError for letters that are no unit of
    activity.
    """
    match = _WITH_UNIT.fullmatch(text.strip())
    if match is None:
        return text.strip(), None
    # Both signs for micro are one after folding.
    unit = _SPELLED.get(match[2].casefold())
    if unit is None:
        raise KnownError(f"“{match[2]}” is no unit of activity: use MBq, GBq, mCi or µCi.")
    return match[1].strip(), unit


def converted(value: Decimal, unit: str, into: str) -> Decimal:
    """An activity in another unit, exactly: 200 mCi are 7.4 GBq."""
    return (value * WRITTEN_UNITS[unit] / WRITTEN_UNITS[into]).normalize()


def in_mbq(value: float, unit: str) -> float:
    """An activity written in MBq or GBq, in MBq; digits as written are kept."""
    return float(f"{value * float(WRITTEN_UNITS[unit]):.12g}")


def from_mbq(mbq: float, unit: str) -> float:
    """An activity in MBq, in the unit it is shown in."""
    return float(f"{mbq / float(WRITTEN_UNITS[unit]):.12g}")


def activity_text(mbq: float | None, unit: str) -> str:
    """An activity as screens show it, with three significant digits: `7.4 GBq`."""
    if mbq is None:
        return "activity unknown"
    activity = from_mbq(mbq, unit)
    return f"{activity:.0f} {unit}" if activity >= 1000 else f"{activity:.3g} {unit}"


def exact_text(mbq: float, unit: str) -> str:
    """An activity as a reckoning shows it, with four significant digits: `6.496 GBq`."""
    activity = from_mbq(mbq, unit)
    return f"{activity:.0f} {unit}" if activity >= 10_000 else f"{activity:.4g} {unit}"


def near_text(mbq: float) -> str:
    """An activity in whichever unit it is spoken of by its size: `300 MBq`, `7.4 GBq`."""
    return activity_text(mbq, "GBq" if mbq >= 1000 else "MBq")

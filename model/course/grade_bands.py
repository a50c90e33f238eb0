"""The areas of CTCAE grades behind a trend, in the unit and with the limits it is drawn with."""

from dataclasses import dataclass
from datetime import date

from model.course.trends import Trend
from model.ctcae.grading import cut_offs
from model.reference import units
from model.reference.analytes import by_key


@dataclass(frozen=True, slots=True)
class GradeBand:
    """Values of one grade; None where it is open to that side."""

    grade: int
    low: float | None
    high: float | None


def grade_bands(trend: Trend, version: str, first_cycle_on: date | None) -> tuple[GradeBand, ...]:
    """The bands of an analyte in a version of CTCAE, by the latest limits and the baseline.

    Empty where no criterion or unit is known. Customary limits are no limits of the laboratory and
    give no band. Only for shading: which grade a value on an edge has is the grading's business.
    """
    analyte = by_key(trend.analyte)
    unit = units.parse(trend.analyte, trend.unit)
    if analyte is None or unit is None or not trend.points:
        return ()
    limits = trend.limits[-1] if trend.limits and not trend.assumed else None
    baseline = _baseline(trend, first_cycle_on)
    return tuple(
        GradeBand(*band)
        for direction in ("L", "H")
        for band in cut_offs(
            trend.analyte,
            unit.ucum,
            version,
            direction,
            lln=_text(limits.lower if limits else None),
            uln=_text(limits.upper if limits else None),
            baseline=_text(baseline),
        )
    )


def _baseline(trend: Trend, first_cycle_on: date | None) -> float | None:
    """The last value up to the day of the first cycle; none where it only says `<` or `>`."""
    if first_cycle_on is None:
        return None
    before = [point for point in trend.points if point.on <= first_cycle_on]
    return before[-1].value if before and not before[-1].comparator else None


def _text(value: float | None) -> str:
    """A limit to so many digits that its conversion leaves no trace."""
    return "" if value is None else f"{value:.12g}"

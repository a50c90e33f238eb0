"""A result and a nadir in the words of the cursor."""

from __future__ import annotations

from model.course.nadirs import RECOVERED, Nadir
from model.course.trends import Point, Trend
from model.language import ngettext


def value_words(trend: Trend, point: Point, grade: int | None) -> str:
    """A value with its unit and, where it is toxic, its grade: `48 ×10⁹/L, grade 3`."""
    return ", ".join(filter(None, (trend.value_text(point), f"grade {grade}" if grade else "")))


def bare_value(trend: Trend, point: Point) -> str:
    """A value without its unit, which stands beside the panel: `<20`."""
    return trend.value_text(point).removesuffix(trend.unit).strip()


def nadir_words(nadir: Nadir) -> str:
    """How far a nadir is from its cycle, and when it was recovered from, where that was needed."""
    lies = f"{nadir.name} day {nadir.days} after C{nadir.cycle}"
    if nadir.recovered_after is not None:
        return ngettext(
            "{lies}, recovered after {n} day",
            "{lies}, recovered after {n} days",
            nadir.recovered_after,
        ).format(lies=lies, n=nadir.recovered_after)
    if nadir.grade is None or nadir.grade <= RECOVERED:
        return lies
    return f"{lies}, {nadir.why_not[:1].lower()}{nadir.why_not[1:].rstrip('.')}"

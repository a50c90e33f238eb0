"""Texts of results and nadirs, as shown at the cursor."""

from __future__ import annotations

from model.course.nadirs import Nadir
from model.course.points import Point
from model.course.trends import Trend
from model.grading.recovery import RECOVERED
from model.language import _, ngettext


def value_with_grade(trend: Trend, point: Point, grade: int | None) -> str:
    """Return a value with its unit and its grade, unless that is 0: `48 ×10⁹/L, grade 3`."""
    value = trend.value_text(point)
    return _("{value}, grade {grade}").format(value=value, grade=grade) if grade else value


def value_without_unit(trend: Trend, point: Point) -> str:
    """Return a value without its unit, which the panel names: `<20`."""
    return trend.value_text(point).removesuffix(trend.unit).strip()


def describe_nadir(nadir: Nadir) -> str:
    """Return how many days after its cycle a nadir is, and when it recovered, if it had to."""
    text = _("{nadir} day {day} after C{cycle}").format(
        nadir=nadir.name, day=nadir.days, cycle=nadir.cycle
    )
    if nadir.recovered_after is not None:
        return ngettext(
            "{nadir}, recovered after {n} day",
            "{nadir}, recovered after {n} days",
            nadir.recovered_after,
        ).format(nadir=text, n=nadir.recovered_after)
    if nadir.grade is None or nadir.grade <= RECOVERED:
        return text
    return f"{text}, {nadir.why_not[:1].lower()}{nadir.why_not[1:].rstrip('.')}"

"""The ranges of values of each grade, for shading a plot."""

from fractions import Fraction

from model.ctcae.criteria import GRADES, Plan
from model.ctcae.facts import FASTING, NEUTROPENIA_UNKNOWN, TRUE, Facts, condition_holds
from model.ctcae.grading import WrittenResult, facts_about, limit_of, method_for
from model.ctcae.results import Number, anticoagulation_state, as_text


def cut_offs(
    analyte_key: str,
    unit: str,
    version: str,
    direction: str,
    lln: Number = None,
    uln: Number = None,
    baseline: Number = None,
    anticoagulated: str | bool | None = None,
) -> list[tuple[int, float | None, float | None]]:
    """Return the bands of the grades of one direction ("L" or "H"), in the written unit.

    Each band is a grade with its lowest and highest value, None where the band is open; the mildest
    grade comes first. A grade whose limit is missing is left out, as are all grades if analyte or
    unit is unknown. Glucose counts as fasting. Of several terms the highest grade counts. Which
    grade a value at the edge of a band has is decided by `grading.grade` alone.
    """
    written = WrittenResult(
        value="", lln=as_text(lln), uln=as_text(uln), base=as_text(baseline), flag=""
    )
    state = anticoagulation_state(anticoagulated)
    facts = facts_about(written, FASTING, False, state, NEUTROPENIA_UNKNOWN)
    sign = -1 if direction == "L" else 1
    starts: dict[int, float] = {}
    refused_from: list[float | None] = []
    for plan in method_for(version, analyte_key, unit).plans:
        if plan.direction != direction:
            continue
        refused_from.append(
            float(plan.comparisons[plan.refused_if[0]].offset) if plan.refused_if else None
        )
        for grade in GRADES:
            start = _start(plan, facts, written, grade)
            # Of several terms, the one whose grade begins nearest to normal counts.
            if start is not None and (grade not in starts or (start - starts[grade]) * sign < 0):
                starts[grade] = start
    bands: list[tuple[int, float | None, float | None]] = []
    edge = None if None in refused_from else next(iter(refused_from), None)
    for grade in GRADES:
        if grade not in starts or (edge is not None and (edge - starts[grade]) * sign <= 0):
            continue
        start = starts[grade]
        bands.append((grade, start, edge) if sign > 0 else (grade, edge, start))
        edge = start
    return bands[::-1]


def _start(plan: Plan, facts: Facts, written: WrittenResult, grade: int) -> float | None:
    """Return where a grade begins: of all criteria that apply, the cut-off nearest to normal."""
    outermost = max if plan.direction == "L" else min
    innermost = min if plan.direction == "L" else max
    starts = []
    for row in plan.rows:
        if grade not in row.grades or row.criterion.is_clinical:
            continue
        comparisons = [plan.comparisons[i] for i in row.grades[grade]]
        limits = [limit_of(comparison, facts, written) for comparison in comparisons]
        pairs = list(zip(comparisons, limits, strict=True))
        if all(limit is not None or not comparison.limit for comparison, limit in pairs) and (
            condition_holds(row.criterion.condition, facts) == TRUE
        ):
            starts.append(
                innermost(
                    float(comparison.factor * (limit or Fraction(0)) + comparison.offset)
                    for comparison, limit in pairs
                )
            )
    return outermost(starts) if starts else None

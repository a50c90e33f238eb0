"""A patient's laboratory results graded by CTCAE, each against the baseline of its analyte."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from model.ctcae import criteria
from model.ctcae.grading import grade
from model.ctcae.grading_frame import CANNOT_GRADE, grade_frame
from model.grading.baselines import baseline_flag
from model.grading.samples import NO_SAMPLES, Samples
from model.records.labs import LabResult, canonical
from model.reference import analytes, units

Series = tuple[str, str, str]
"""Term, direction and analyte."""


@dataclass(frozen=True, slots=True)
class LabGrade:
    """The grade of a result by one term: 0 is "not toxic", None "cannot be graded".

    `at_most` is the highest grade that is possible where something is missing; None if that is not
    known.
    """

    result: LabResult
    term: str
    direction: str
    grade: int | None
    reason: str
    could_raise: str
    is_baseline: bool
    at_most: int | None = None


def grade_results(
    results: Sequence[LabResult],
    baselines: Mapping[str, LabResult],
    version: str,
    samples: Samples = NO_SAMPLES,
) -> list[LabGrade]:
    """Grade every result of one patient by every term of its analyte, in the order of the results.

    `baselines` has each analyte's baseline, which is itself graded by its limits. `samples` has
    what is known from all results of the patient.
    """
    if not results:
        return []
    albumins = [samples.albumin_of(result) for result in results]
    own_baselines = [baselines.get(result.analyte) for result in results]
    is_baseline = [result is base for result, base in zip(results, own_baselines, strict=True)]
    gradings = grade_frame(
        version=version,
        analyte=[result.analyte for result in results],
        value=[result.value_text for result in results],
        unit=[result.unit or "" for result in results],
        lln=[_limit_text(result.lower_limit) for result in results],
        uln=[_limit_text(result.upper_limit) for result in results],
        baseline_value=[
            _baseline_text(result, base)
            for result, base in zip(results, own_baselines, strict=True)
        ],
        baseline_flag=[baseline_flag(base) for base in own_baselines],
        fasting=[{True: "Y", False: "N", None: ""}[result.fasting] for result in results],
        is_baseline=is_baseline,
        confirmed=[result.confirmed for result in results],
        anticoagulated=[samples.anticoagulated(result) for result in results],
        albumin=[_value_text(albumin) for albumin in albumins],
        albumin_unit=[_unit_text(albumin) for albumin in albumins],
        neutropenic=[samples.neutropenic(result) for result in results],
    )
    columns = (
        *(gradings.term, gradings.direction, gradings.reason, gradings.could_raise),
        gradings.at_most,
    )
    return [
        LabGrade(
            results[row],
            term,
            direction,
            None if grade == CANNOT_GRADE else grade,
            reason,
            could_raise,
            is_baseline[row],
            at_most,
        )
        for row, grade, term, direction, reason, could_raise, at_most in zip(
            gradings.row.tolist(), gradings.grade.tolist(), *columns, strict=True
        )
    ]


def grade_result(
    result: LabResult, baseline: LabResult | None, version: str, samples: Samples = NO_SAMPLES
) -> list[LabGrade]:
    """Grade one result by every term of its analyte, with the same grades as `grade_results`.

    This is faster for a few results. `baseline` is the patient's baseline of this analyte.
    """
    is_baseline, albumin = result is baseline, samples.albumin_of(result)
    return [
        LabGrade(
            result,
            grading.term,
            grading.direction,
            grading.grade,
            grading.reason,
            grading.could_raise or "",
            is_baseline,
            grading.at_most,
        )
        for grading in grade(
            result.analyte,
            result.value_text,
            result.unit or "",
            version=version,
            lln=_limit_text(result.lower_limit),
            uln=_limit_text(result.upper_limit),
            baseline_value=_baseline_text(result, baseline),
            baseline_flag=baseline_flag(baseline),
            fasting=result.fasting,
            is_baseline=is_baseline,
            confirmed=bool(result.confirmed),
            anticoagulated=samples.anticoagulated(result),
            albumin=_value_text(albumin),
            albumin_unit=_unit_text(albumin),
            neutropenic=samples.neutropenic(result),
        )
    ]


def baseline_lines(graded: Iterable[LabGrade]) -> dict[Series, LabGrade]:
    """Return the grade of the baseline itself in each series."""
    return {series_of(line): line for line in graded if line.is_baseline}


def series_of(line: LabGrade) -> Series:
    """Return the series that a grade belongs to."""
    return line.term, line.direction, line.result.analyte


def is_worse_than_baseline(line: LabGrade, baseline: LabGrade | None, version: str) -> bool:
    """Return whether a result is toxic and worse than the baseline.

    A result that is graded by multiples of an abnormal baseline is worse if its value is. Any other
    result is worse if its grade is higher than that of the baseline.
    """
    if not line.grade or baseline is None or not baseline.grade:
        return bool(line.grade)
    if criteria.is_relative(version, line.result.analyte, line.term):
        return _is_beyond(line.result, baseline.result, line.direction)
    return line.grade > baseline.grade


def _is_beyond(result: LabResult, base: LabResult, direction: str) -> bool:
    """Return whether a result is further from normal than the baseline; true if not known."""
    value, other = (canonical(each.analyte, each.value, each.unit) for each in (result, base))
    if value is None or other is None:
        return True
    return value < other if direction == "L" else value > other


def _baseline_text(result: LabResult, base: LabResult | None) -> str:
    """Return the baseline's value in the unit of the result; empty if it has none."""
    if base is None or base is result or base.comparator:
        return ""
    if base.unit == result.unit:
        return str(base.value)
    analyte = analytes.find(result.analyte)
    written = units.parse(analyte.key, result.unit or "") if analyte else None
    other = units.parse(analyte.key, base.unit or "") if analyte else None
    if written is None or other is None:
        return ""
    exact = Fraction(base.value) * other.factor / written.factor
    return f"{float(exact):.12g}"


def _value_text(result: LabResult | None) -> str:
    return result.value_text if result else ""


def _unit_text(result: LabResult | None) -> str:
    return (result.unit or "") if result else ""


def _limit_text(limit: Decimal | None) -> str:
    return "" if limit is None else str(limit)

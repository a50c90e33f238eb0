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
class Graded:
    """A result graded by one term: `grade` 0 is not toxic, None cannot be graded.

    `at_most` is the highest grade that it may have, whatever is missing; None if not known.
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
) -> list[Graded]:
    """Grade every result of one patient by every term of its analyte, in the order of the results.

    `baselines` has each analyte's baseline; that sample itself is graded by its limits. `samples`
    are of all results of the patient.
    """
    if not results:
        return []
    albumin = [samples.albumin_of(result) for result in results]
    of_each = [baselines.get(result.analyte) for result in results]
    is_baseline = [result is base for result, base in zip(results, of_each, strict=True)]
    gradings = grade_frame(
        version=version,
        analyte=[result.analyte for result in results],
        value=[result.value_text for result in results],
        unit=[result.unit or "" for result in results],
        lln=[_text(result.lower_limit) for result in results],
        uln=[_text(result.upper_limit) for result in results],
        baseline_value=[
            _baseline_text(result, base) for result, base in zip(results, of_each, strict=True)
        ],
        baseline_flag=[baseline_flag(base) for base in of_each],
        fasting=[{True: "Y", False: "N", None: ""}[result.fasting] for result in results],
        is_baseline=is_baseline,
        confirmed=[result.confirmed for result in results],
        anticoagulated=[samples.anticoagulated(result) for result in results],
        albumin=[_value(each) for each in albumin],
        albumin_unit=[_unit(each) for each in albumin],
        neutropenic=[samples.neutropenic(result) for result in results],
    )
    columns = (
        *(gradings.term, gradings.direction, gradings.reason, gradings.could_raise),
        gradings.at_most,
    )
    return [
        Graded(
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
) -> list[Graded]:
    """Grade one result by every term of its analyte: faster than `grade_results` for a few results.

    The grades are the same; `baseline` is the patient's for this analyte.
    """
    is_baseline, albumin = result is baseline, samples.albumin_of(result)
    return [
        Graded(
            result,
            line.term,
            line.direction,
            line.grade,
            line.reason,
            line.could_raise or "",
            is_baseline,
            line.at_most,
        )
        for line in grade(
            result.analyte,
            result.value_text,
            result.unit or "",
            version=version,
            lln=_text(result.lower_limit),
            uln=_text(result.upper_limit),
            baseline_value=_baseline_text(result, baseline),
            baseline_flag=baseline_flag(baseline),
            fasting=result.fasting,
            is_baseline=is_baseline,
            confirmed=bool(result.confirmed),
            anticoagulated=samples.anticoagulated(result),
            albumin=_value(albumin),
            albumin_unit=_unit(albumin),
            neutropenic=samples.neutropenic(result),
        )
    ]


def baseline_lines(graded: Iterable[Graded]) -> dict[Series, Graded]:
    """Return the baseline sample's line of each series."""
    return {series_of(line): line for line in graded if line.is_baseline}


def series_of(line: Graded) -> Series:
    """Return the series in which a line is compared: term, direction and analyte."""
    return line.term, line.direction, line.result.analyte


def is_worse_than_baseline(line: Graded, baseline: Graded | None, version: str) -> bool:
    """Return whether a toxic line is worse than the baseline.

    A grade by multiples of an abnormal baseline is, if its value is worse; any other grade must be
    higher than that of the baseline sample.
    """
    if not line.grade or baseline is None or not baseline.grade:
        return bool(line.grade)
    if criteria.is_relative(version, line.result.analyte, line.term):
        return _is_beyond(line.result, baseline.result, line.direction)
    return line.grade > baseline.grade


def _is_beyond(result: LabResult, base: LabResult, direction: str) -> bool:
    """Whether a result is further from normal than the baseline; also where that is unknown."""
    value, other = (canonical(each.analyte, each.value, each.unit) for each in (result, base))
    if value is None or other is None:
        return True
    return value < other if direction == "L" else value > other


def _baseline_text(result: LabResult, base: LabResult | None) -> str:
    """The baseline's value in the unit of the result; empty where there is none."""
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


def _value(result: LabResult | None) -> str:
    return result.value_text if result else ""


def _unit(result: LabResult | None) -> str:
    return (result.unit or "") if result else ""


def _text(limit: Decimal | None) -> str:
    return "" if limit is None else str(limit)

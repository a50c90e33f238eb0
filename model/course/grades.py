"""CTCAE grades in a course: of each result, and as the bands of values behind a trend."""

from __future__ import annotations

from dataclasses import dataclass

from model.course.course import Course
from model.course.points import Point
from model.course.trends import Trend
from model.ctcae.grading import cut_offs
from model.grading.evidence import is_graded_by
from model.grading.lab_grades import grade_results
from model.records.labs import LabResult
from model.reference import units
from model.reference.analytes import by_key


class PointGrades:
    """The grade of each result of a course, in the version its patient is graded in.

    Of several terms the highest grade counts. The results of an analyte are graded together, when
    the first is asked for.
    """

    def __init__(self, course: Course) -> None:
        self._course = course
        self._grades_of: dict[str, dict[int, int]] = {}

    def __call__(self, point: Point) -> int | None:
        """Return the grade; 0 is not toxic. None for ungradable and most derived values."""
        result = point.graded_result
        if result is None:
            return None
        if result.analyte not in self._grades_of:
            self._grades_of[result.analyte] = self._grades(result.analyte)
        return self._grades_of[result.analyte].get(id(result.source or result))

    def _grades(self, analyte: str) -> dict[int, int]:
        trend = self._course.trend(analyte)
        results = [result for point in trend.points if (result := point.graded_result)]
        first = trend.baseline.graded_result if trend.baseline else None
        # Computed results are made anew each time: the one among `results` is the baseline.
        base = next((result for result in results if _is_same(result, first)), None)
        baselines = {analyte: base} if base else {}
        grades: dict[int, int] = {}
        graded = grade_results(results, baselines, self._course.version, trend.samples)
        for line in graded:
            if line.grade is not None and is_graded_by(line.result, line.term):
                recorded = id(line.result.source or line.result)
                grades[recorded] = max(line.grade, grades.get(recorded, 0))
        return grades


def _is_same(result: LabResult, other: LabResult | None) -> bool:
    return other is not None and (result.source or result) is (other.source or other)


@dataclass(frozen=True, slots=True)
class GradeBand:
    """The values of one grade; None where it is open to that side."""

    grade: int
    low: float | None
    high: float | None


def grade_bands(trend: Trend, version: str) -> tuple[GradeBand, ...]:
    """Return the bands of an analyte in a version of CTCAE, by the latest limits and the baseline.

    None where no criterion or unit is known, or by default limits, which are not the laboratory's.
    INR has those of a patient on anticoagulation if that was so at the latest result. Only for
    shading: the grade of a value on an edge is decided by grading.
    """
    analyte = by_key(trend.analyte)
    unit = units.parse(trend.analyte, trend.unit)
    if analyte is None or unit is None or not trend.points:
        return ()
    limits = trend.limits[-1] if trend.limits and not trend.assumed else None
    baseline = trend.baseline
    latest = trend.points[-1].result
    exact = baseline.value if baseline and not baseline.comparator else None
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
            baseline=_text(exact),
            anticoagulated=trend.samples.anticoagulated(latest) if latest else None,
        )
    )


def _text(value: float | None) -> str:
    """A limit with enough digits that its conversion leaves no trace."""
    return "" if value is None else f"{value:.12g}"

"""CTCAE grades in a course: the grade of each result, and the bands of values behind a trend."""

from __future__ import annotations

from dataclasses import dataclass

from model.course.course import Course
from model.course.points import Point
from model.course.trends import Trend
from model.ctcae.cut_offs import cut_offs
from model.grading.evidence import is_graded_by
from model.grading.lab_grades import grade_results
from model.records.labs import LabResult
from model.reference import units
from model.reference.analytes import by_key


class PointGrades:
    """The grade of each result of a course, in the version its patient is graded in.

    If several terms grade a result, the highest grade counts. All results of an analyte are graded
    together when the grade of the first is requested.
    """

    def __init__(self, course: Course) -> None:
        self._course = course
        self._grades_of: dict[str, dict[int, int]] = {}

    def __call__(self, point: Point) -> int | None:
        """Return the grade of a point (0: not toxic); None if it cannot be graded."""
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
        # Computed results are new objects at each access: find the baseline's among `results`.
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
    """The range of values of one grade; `low` or `high` is None where the range is open."""

    grade: int
    low: float | None
    high: float | None


def grade_bands(trend: Trend, version: str) -> tuple[GradeBand, ...]:
    """Return the bands of an analyte in a version of CTCAE, by the latest limits and the baseline.

    There are none if no criterion or unit is known, or if only default limits are, as these are not
    the laboratory's. For INR, the bands are those of an anticoagulated patient if the patient was
    anticoagulated at the latest result. The bands are only for shading: they do not decide the
    grade of a value at an edge.
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
    """Write a limit with twelve digits, which hide the rounding error of its conversion."""
    return "" if value is None else f"{value:.12g}"

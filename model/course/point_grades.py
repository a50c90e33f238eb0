"""The CTCAE grades of a course's results, worked out when they are first asked for."""

from __future__ import annotations

from model.course.course import Course
from model.course.points import Point
from model.grading.lab_grades import grade_results


class PointGrades:
    """Gives the grade of a result of one course, in the version that its patient is graded in.

    Of several terms the highest grade counts. The results of an analyte are graded together.
    """

    def __init__(self, course: Course) -> None:
        self._course = course
        self._known: dict[str, dict[int, int]] = {}

    def __call__(self, point: Point) -> int | None:
        """The grade; 0 is not toxic. None for a derived value and where it cannot be graded."""
        result = point.result
        if result is None:
            return None
        if result.analyte not in self._known:
            self._known[result.analyte] = self._grades(result.analyte)
        return self._known[result.analyte].get(id(result))

    def _grades(self, analyte: str) -> dict[int, int]:
        trend = self._course.trend(analyte)
        results = [point.result for point in trend.points if point.result is not None]
        base = trend.baseline.result if trend.baseline else None
        baselines = {analyte: base} if base else {}
        found: dict[int, int] = {}
        for line in grade_results(results, baselines, self._course.version):
            if line.grade is not None:
                found[id(line.result)] = max(line.grade, found.get(id(line.result), 0))
        return found

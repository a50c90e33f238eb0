"""Table rows of a course: the marks of its lanes, and the results of its panels."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from gui.widgets.row_model import CENTRE, RIGHT, Column
from model.course.course import Course
from model.course.grades import PointGrades
from model.course.marks import Bar
from model.course.points import Point
from model.course.trends import LimitsFrom, Trend, number_text
from model.dates import date_text
from model.language import _


@dataclass(frozen=True, slots=True)
class EventRow:
    """One mark of a lane, as text."""

    number: int
    on: date | None
    kind: str
    title: str
    when: str
    since: str
    detail: str


@dataclass(frozen=True, slots=True)
class ResultRow:
    """One point of a panel with its trend; `mark` names it as baseline, nadir or peak."""

    trend: Trend
    point: Point
    grade: int | None
    mark: str

    @property
    def key(self) -> tuple[str, float, int | None]:
        """The key that identifies this row."""
        result = self.point.result
        return self.trend.analyte, self.point.day, result.id if result else None

    @property
    def value(self) -> str:
        """The value without its unit."""
        return value_without_unit(self.trend, self.point)

    @property
    def limits(self) -> LimitsFrom | None:
        """The limits on that day: the last recorded up to it, or the first if none was."""
        steps = [step for step in self.trend.limits if step.on <= self.point.on]
        return steps[-1] if steps else next(iter(self.trend.limits), None)

    def limit_text(self, limit: float | None) -> str:
        """Return a limit as text, with a mark if it was not recorded with the result."""
        if limit is None:
            return "–"
        text = number_text(limit)
        mark = self.trend.mark(self.limits) if self.limits else ""
        return f"{text} ({mark})" if mark else text


def value_without_unit(trend: Trend, point: Point) -> str:
    """Return a value without its unit: `<20`."""
    return trend.value_text(point).removesuffix(trend.unit).strip()


def event_rows(course: Course) -> list[EventRow]:
    """Return a row for each mark of the lanes by date; those without a date come last."""
    marks = [
        *(
            (
                cycle.on,
                _("Cycle"),
                f"C{cycle.number}",
                date_text(cycle.on),
                ", ".join(filter(None, (" + ".join(cycle.nuclides), cycle.activity))),
            )
            for cycle in course.cycles
        ),
        *(
            (image.on, _("Imaging"), image.label, date_text(image.on), image.detail)
            for image in course.images
        ),
        *(_bar_fields(_("Therapy"), bar) for bar in course.therapies),
        *(_bar_fields(_("Toxicity"), bar) for bar in course.toxicities),
        *((None, _("Therapy"), name, _("no date"), "") for name in course.undated_therapies),
        *((None, _("Toxicity"), name, _("no date"), "") for name in course.undated_toxicities),
    ]
    if course.died_on:
        marks.append((course.died_on, _("Follow-up"), _("Died"), date_text(course.died_on), ""))
    marks.sort(key=lambda event: event[0] or date.max)
    return [
        EventRow(
            number,
            on,
            kind,
            title,
            when,
            str(course.since_cycle(on)) if on else "",
            detail,
        )
        for number, (on, kind, title, when, detail) in enumerate(marks)
    ]


def result_rows(course: Course, analytes: Sequence[str]) -> list[ResultRow]:
    """Return a row for each result of these analytes, latest first, then in their order."""
    grade_of = PointGrades(course)
    rows = [
        result for trend in map(course.trend, analytes) for result in _trend_rows(trend, grade_of)
    ]
    rows.sort(key=lambda result: result.point.day, reverse=True)
    return rows


def _trend_rows(trend: Trend, grade_of: PointGrades) -> list[ResultRow]:
    marks: dict[Point, list[str]] = {}
    if trend.baseline:
        marks[trend.baseline] = [_("baseline")]
    for nadir in trend.nadirs:
        marks.setdefault(nadir.point, []).append(
            _("{nadir} of C{number}").format(nadir=nadir.name, number=nadir.cycle)
        )
    return [
        ResultRow(
            trend,
            point,
            grade_of(point),
            ", ".join(marks.get(point, ())),
        )
        for point in trend.points
    ]


EVENTS: list[Column[EventRow]] = [
    Column(_("Date"), lambda event: event.when, sort_by=lambda event: event.on),
    Column(_("Kind"), lambda event: event.kind),
    Column(_("What"), lambda event: event.title),
    Column(_("Since cycle"), lambda event: event.since, tone=lambda _each: "soft"),
    Column(_("Detail"), lambda event: event.detail, tone=lambda _each: "soft"),
]

RESULTS: list[Column[ResultRow]] = [
    Column(
        _("Date"),
        lambda result: date_text(result.point.on),
        sort_by=lambda result: result.point.day,
    ),
    Column(
        _("Since cycle"),
        lambda result: str(result.point.since),
        sort_by=lambda result: result.point.day,
    ),
    Column(_("Analyte"), lambda result: result.trend.name),
    Column(
        _("Value"),
        lambda result: result.value,
        sort_by=lambda result: result.point.value,
        align=RIGHT,
    ),
    Column(_("Unit"), lambda result: result.trend.unit, tone=lambda _each: "soft"),
    Column(
        _("Grade"),
        lambda result: "" if result.grade is None else str(result.grade),
        sort_by=lambda result: result.grade,
        align=CENTRE,
        grade=lambda result: result.grade,
    ),
    Column(
        _("Mark"),
        lambda result: result.mark,
        tone=lambda result: "alert" if result.grade else "soft",
        optional=True,
    ),
    Column(
        _("LLN"),
        lambda result: result.limit_text(result.limits.lower if result.limits else None),
        align=RIGHT,
        tone=lambda _each: "soft",
    ),
    Column(
        _("ULN"),
        lambda result: result.limit_text(result.limits.upper if result.limits else None),
        align=RIGHT,
        tone=lambda _each: "soft",
    ),
    Column(_("As written"), lambda result: result.point.written, tone=lambda _each: "soft"),
]


def _bar_fields(kind: str, bar: Bar) -> tuple[date | None, str, str, str, str]:
    day = bar.began or bar.ended
    return day.earliest if day else None, kind, bar.label, bar.when, bar.detail

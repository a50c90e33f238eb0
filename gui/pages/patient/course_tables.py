"""The course as tables, for those who cannot see the plots, and for exact reading."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from PySide6.QtWidgets import QVBoxLayout, QWidget

from gui.row_table import RIGHT, Column, RowTable
from model.course import Course
from model.dates import shown
from model.marks import Bar
from model.trends import LimitsFrom, Point, Trend, number_text


@dataclass(frozen=True, slots=True)
class Event:
    """One mark of the lanes in words."""

    number: int
    on: date | None
    kind: str
    what: str
    when: str
    since: str
    detail: str


@dataclass(frozen=True, slots=True)
class Result:
    """One point of a panel with the trend it belongs to."""

    trend: Trend
    point: Point

    @property
    def limits(self) -> str:
        """The limits that held on that day: `12 – 16`, `≤ 100`, `12 – 16 (assumed)`."""
        steps = [step for step in self.trend.limits if step.on <= self.point.on]
        step = steps[-1] if steps else next(iter(self.trend.limits), None)
        return f"{limits_text(step)}{' (assumed)' if self.trend.assumed else ''}" if step else "–"


def limits_text(limits: LimitsFrom) -> str:
    """Limits of normal in words, with one side where there is only one."""
    lower = None if limits.lower is None else number_text(limits.lower)
    upper = None if limits.upper is None else number_text(limits.upper)
    if lower and upper:
        return f"{lower} – {upper}"
    return f"≤ {upper}" if upper else f"≥ {lower}"


def events(course: Course) -> list[Event]:
    """All marks of the lanes by date; those without a date at the end."""
    found = [
        *(
            (
                cycle.on,
                "Cycle",
                f"C{cycle.number}",
                shown(cycle.on),
                _agents(cycle.nuclides, cycle.activity),
            )
            for cycle in course.cycles
        ),
        *(
            (image.on, "Imaging", image.label, shown(image.on), image.detail)
            for image in course.images
        ),
        *(_of_bar("Therapy", bar) for bar in course.therapies),
        *(_of_bar("Toxicity", bar) for bar in course.toxicities),
        *((None, "Therapy", name, "no date", "") for name in course.undated_therapies),
        *((None, "Toxicity", name, "no date", "") for name in course.undated_toxicities),
    ]
    if course.died_on:
        found.append((course.died_on, "Follow-up", "Died", shown(course.died_on), ""))
    found.sort(key=lambda event: event[0] or date.max)
    return [
        Event(
            number,
            on,
            kind,
            what,
            when,
            str(course.since_cycle(on)) if on else "",
            detail,
        )
        for number, (on, kind, what, when, detail) in enumerate(found)
    ]


def results(course: Course, analytes: Sequence[str]) -> list[Result]:
    """All points of the chosen analytes, latest first, of one day in the order of the panels."""
    found = [
        Result(trend, point) for trend in map(course.trend, analytes) for point in trend.points
    ]
    found.sort(key=lambda result: result.point.day, reverse=True)
    return found


EVENTS: list[Column[Event]] = [
    Column("Date", lambda event: event.when, sort_by=lambda event: event.on),
    Column("Kind", lambda event: event.kind),
    Column("What", lambda event: event.what),
    Column("Since cycle", lambda event: event.since, tone=lambda _: "soft"),
    Column("Detail", lambda event: event.detail, tone=lambda _: "soft"),
]

RESULTS: list[Column[Result]] = [
    Column("Date", lambda result: shown(result.point.on), sort_by=lambda result: result.point.day),
    Column("Analyte", lambda result: result.trend.name),
    Column(
        "Value",
        lambda result: result.trend.value_text(result.point),
        sort_by=lambda result: result.point.value,
        align=RIGHT,
    ),
    Column("Limits", lambda result: result.limits, tone=lambda _: "soft"),
    Column(
        "Since cycle",
        lambda result: str(result.point.since),
        sort_by=lambda result: result.point.day,
    ),
    Column("As written", lambda result: result.point.written, tone=lambda _: "soft"),
]


class CourseTables(QWidget):
    """The lanes and the panels of a course as two tables."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.events: RowTable[Event] = RowTable(
            EVENTS,
            name=self.tr("Course: therapies, cycles, imaging and toxicities"),
            empty=self.tr("Nothing is recorded yet."),
            key=lambda event: event.number,
        )
        self.results: RowTable[Result] = RowTable(
            RESULTS,
            name=self.tr("Course: results of the chosen analytes"),
            empty=self.tr("No results of the chosen analytes."),
            key=lambda result: result.point.result.id,
        )
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.events, 2)
        layout.addWidget(self.results, 3)
        self.setFocusProxy(self.results)

    def show_course(self, course: Course, analytes: Sequence[str]) -> None:
        """Show a course with the results of these analytes, by key."""
        self.events.show_records(events(course))
        self.results.show_records(results(course, analytes))


def _of_bar(kind: str, bar: Bar) -> tuple[date | None, str, str, str, str]:
    known = bar.began or bar.ended
    return known.earliest if known else None, kind, bar.label, bar.when, bar.detail


def _agents(nuclides: Sequence[str], activity: str) -> str:
    return ", ".join(filter(None, (" + ".join(nuclides), activity)))

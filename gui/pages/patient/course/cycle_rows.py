"""Table rows of a course: nadirs, results by day of each cycle, and derived values."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from gui.pages.patient.course.course_rows import value_without_unit
from gui.widgets.row_model import CENTRE, RIGHT, Column
from model.course.course import Course
from model.course.nadirs import Nadir
from model.course.overlay import align_by_cycle
from model.course.trends import Trend
from model.dates import date_text
from model.derived.values import LatestValue
from model.language import _, ngettext


@dataclass(frozen=True, slots=True)
class NadirRow:
    """The nadir or peak of one analyte after one cycle."""

    trend: Trend
    nadir: Nadir

    @property
    def key(self) -> tuple[str, int]:
        """The key that identifies this row."""
        return self.trend.analyte, self.nadir.cycle

    @property
    def recovery(self) -> str:
        """When the value recovered, or why that is unknown."""
        if self.nadir.recovered_on is None or self.nadir.recovered_after is None:
            return self.nadir.why_not
        n = self.nadir.recovered_after
        recovered = ngettext("{date}, after {n} day", "{date}, after {n} days", n)
        return recovered.format(date=date_text(self.nadir.recovered_on), n=n)


@dataclass(frozen=True, slots=True)
class DayRow:
    """The results of one analyte on one day since infusion, by cycle; None for a missing one."""

    trend: Trend
    day: int
    values: tuple[str | None, ...]


def nadir_rows(course: Course, analytes: Sequence[str]) -> list[NadirRow]:
    """Return a row for each nadir of these analytes, in the order of analytes and cycles."""
    return [
        NadirRow(trend, nadir) for trend in map(course.trend, analytes) for nadir in trend.nadirs
    ]


def day_rows(course: Course, analytes: Sequence[str]) -> list[DayRow]:
    """Return each analyte's results by day since infusion, one value per cycle of the course.

    A result on the day of the next cycle appears twice: as the last of one cycle and as day 0 of
    the next.
    If there are several results on a day, the last is shown.
    """
    columns = {cycle.number: index for index, cycle in enumerate(course.cycles)}
    rows: list[DayRow] = []
    for key in analytes:
        aligned = align_by_cycle(course, key)
        by_day: dict[int, list[str | None]] = {}
        for line in aligned.lines:
            for point in line.points:
                values = by_day.setdefault(line.since(point), [None] * len(columns))
                values[columns[line.cycle]] = value_without_unit(aligned.trend, point)
        rows += [DayRow(aligned.trend, day, tuple(by_day[day])) for day in sorted(by_day)]
    return rows


def day_columns(course: Course) -> list[Column[DayRow]]:
    """Return the columns of `day_rows`: analyte, unit, day, and one for each cycle."""
    return [
        Column(_("Analyte"), lambda row: row.trend.name),
        Column(_("Unit"), lambda row: row.trend.unit, tone=lambda _each: "soft"),
        Column(
            _("Day since infusion"),
            lambda row: f"−{-row.day}" if row.day < 0 else str(row.day),
            sort_by=lambda row: row.day,
            align=RIGHT,
        ),
        *(
            Column(f"C{cycle.number}", _value_of(index), align=RIGHT)
            for index, cycle in enumerate(course.cycles)
        ),
        Column("", lambda _each: ""),
    ]


NADIRS: list[Column[NadirRow]] = [
    Column(_("Analyte"), lambda row: row.trend.name),
    Column(_("Cycle"), lambda row: f"C{row.nadir.cycle}", sort_by=lambda row: row.nadir.cycle),
    Column(
        _("Value"),
        lambda row: value_without_unit(row.trend, row.nadir.point),
        sort_by=lambda row: row.nadir.point.value,
        align=RIGHT,
    ),
    Column(_("Unit"), lambda row: row.trend.unit, tone=lambda _each: "soft"),
    Column(
        _("Grade"),
        lambda row: "" if row.nadir.grade is None else str(row.nadir.grade),
        sort_by=lambda row: row.nadir.grade,
        align=CENTRE,
        grade=lambda row: row.nadir.grade,
    ),
    Column(
        _("Day"), lambda row: str(row.nadir.days), sort_by=lambda row: row.nadir.days, align=RIGHT
    ),
    Column(
        _("Recovery"),
        lambda row: row.recovery,
        tone=lambda row: "" if row.nadir.recovered_on else "soft",
        stretch=True,
    ),
    Column(
        _("Date"),
        lambda row: date_text(row.nadir.point.on),
        sort_by=lambda row: row.nadir.point.day,
    ),
    Column(_("Kind"), lambda row: row.nadir.name, tone=lambda _each: "soft"),
]

DERIVED: list[Column[LatestValue]] = [
    Column(_("Derived value"), lambda value: value.name),
    Column(_("Value"), lambda value: value.text, sort_by=lambda value: value.value, align=RIGHT),
    Column(_("Unit"), lambda value: value.unit, tone=lambda _each: "soft"),
    Column(_("Date"), lambda value: date_text(value.on), sort_by=lambda value: value.on),
    Column(_("Inputs"), lambda value: value.why_not or ", ".join(map(str, value.inputs))),
    Column(_("Formula"), lambda value: value.expression, tone=lambda _each: "soft"),
    Column(_("Remark"), lambda value: value.remark, tone=lambda _each: "soft", optional=True),
]


def _value_of(index: int) -> Callable[[DayRow], str]:
    return lambda row: row.values[index] or ""

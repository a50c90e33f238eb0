"""The tables under the course on paper: what was given, what it did, what is open."""

from __future__ import annotations

from collections.abc import Iterator

from gui.reports.table import Cell, Column, Table
from gui.words import nuclide_text, words
from model.derived.values import Derived, Input
from model.documents.summary import Calendar, Report
from model.grading.emergent import WorstGrade
from model.records.administrations import percent_text
from model.records.cycles import Administration, Treatment, activity_text

_NONE = "–"


def cycles(report: Report) -> Table:
    """Each cycle with what was prescribed and administered, and the sum of each nuclide."""
    intervals = (None, *report.course.intervals)
    return Table(
        title="Cycles",
        columns=(
            Column(),
            Column("Given"),
            Column("Agent", gives_way=True),
            Column("Prescribed", right=True),
            Column("Administered", right=True),
            Column("Off by", right=True),
            Column("Interval", right=True),
        ),
        rows=tuple(
            _cycle(report.calendar, treatment, interval)
            for treatment, interval in zip(report.profile.treatments, intervals, strict=False)
        ),
        nothing="No cycles recorded",
        under=f"Cumulative: {'; '.join(cumulative(report))}" if report.course.exposure else "",
        keep_last=True,
    )


def cumulative(report: Report) -> list[str]:
    """The cumulative activity of each nuclide: `at least 12.2 MBq Ac-225`, `Lu-177 unknown`."""
    return [
        f"{nuclide_text(one.nuclide)} unknown"
        if one.mbq is None
        else f"{one.text} {nuclide_text(one.nuclide)}"
        for one in report.course.exposure
    ]


def _cycle(calendar: Calendar, treatment: Treatment, interval: int | None) -> tuple[Cell, ...]:
    given = treatment.administrations
    far = any(one.deviates for one in given)
    return (
        Cell(f"C{treatment.cycle.number}", strong=True),
        Cell(calendar.text(treatment.cycle.given_on)),
        Cell("\n".join(one.agent for one in given) or "not recorded"),
        Cell("\n".join(_activity(one.prescribed_mbq, one, _NONE) for one in given)),
        Cell("\n".join(_activity(one.activity_mbq, one, "unknown") for one in given)),
        Cell("\n".join(map(_deviation, given)), tone="warn" if far else "", strong=far),
        Cell("" if interval is None else f"{interval} d"),
    )


def _activity(mbq: float | None, given: Administration, otherwise: str) -> str:
    return otherwise if mbq is None else activity_text(mbq, given.unit)


def _deviation(given: Administration) -> str:
    if given.deviation is None:
        return _NONE
    return f"{percent_text(given.deviation)}{' !' if given.deviates else ''}"


def toxicities(report: Report) -> Table:
    """The worst treatment-emergent grade of each term, with its dates."""
    calendar = report.calendar
    return Table(
        title="Worst treatment-emergent toxicities",
        columns=(
            Column(),
            Column(gives_way=True, lines=2),
        ),
        rows=tuple(
            (
                Cell(f"G{one.grade}", grade=one.grade),
                Cell(one.term, below=_when(calendar, one)),
            )
            for one in report.course.worst
        ),
        nothing="None recorded" if report.profile.treatments else "None: no cycle is recorded",
    )


def _when(calendar: Calendar, worst: WorstGrade) -> str:
    """From when to when an event was at its grade, and after which cycle."""
    event = worst.toxicity
    onset = calendar.text(worst.onset) or "onset not recorded"
    after = f" (C{worst.cycle})" if worst.cycle else ""
    end = "goes on" if event.goes_on else calendar.text(event.resolved_on) or "end not recorded"
    return f"{onset}{after} – {end}"


def responses(report: Report) -> Table:
    """The imaging assessments with criteria and response."""
    best = report.profile.stated_response
    return Table(
        title=f"Responses · best {best}" if best else "Responses",
        columns=(
            Column("Assessed"),
            Column(),
            Column("Imaging", gives_way=True, lines=2),
            Column("Criteria", gives_way=True, lines=2),
            Column("Response"),
        ),
        rows=tuple(
            (
                Cell(report.calendar.text(one.assessed_on)),
                Cell(f"after C{one.after_cycle}" if one.after_cycle else words(one.timepoint)),
                Cell(one.modality or _NONE),
                Cell(one.criteria or _NONE),
                Cell(one.response or _NONE, strong=True),
            )
            for one in report.imaged
        ),
        nothing="No assessments recorded",
        keep_last=True,
    )


def derived(report: Report) -> Table:
    """The latest derived values with formula and inputs, so that each can be checked."""
    return Table(
        title="Derived values · latest, reckoned and not measured",
        columns=(
            Column(),
            Column(),
            Column(),
            Column(gives_way=True, lines=2),
        ),
        rows=tuple(
            _derived(report.calendar, one) for one in report.derived if one.value is not None
        ),
        nothing="None: what the formulas need is not recorded",
        under=_not_derived(report),
    )


def _not_derived(report: Report) -> str:
    missing = [one for one in report.derived if one.value is None]
    reported = [one.name for one in missing if one.key in report.course.trends]
    others = [one.name for one in missing if one.name not in reported]
    why = "not recorded" if report.identified else "not recorded or withheld"
    said = []
    if reported:
        said.append(f"Not derived, as laboratories report it: {', '.join(reported)}.")
    if others:
        said.append(f"Not derived, as what they need is {why}: {', '.join(others)}.")
    return " ".join(said)


def _derived(calendar: Calendar, one: Derived) -> tuple[Cell, ...]:
    value = " ".join(filter(None, (one.text, one.unit)))
    remark = f" ({one.remark})" if one.remark else ""
    return (
        Cell(one.name),
        Cell(f"{value}{remark}", strong=True),
        Cell(calendar.text(one.on)),
        Cell(
            f"from {', '.join(_input(calendar, put_in, one) for put_in in one.inputs)}",
            below=one.formula,
        ),
    )


def _input(calendar: Calendar, put_in: Input, one: Derived) -> str:
    """An input, with its day where that is another than the value's."""
    when = f" ({calendar.text(put_in.on)})" if put_in.on and put_in.on != one.on else ""
    return f"{put_in}{when}"


def still_open(report: Report) -> Table:
    """What waits for a decision, what is due, and what is not known."""
    return Table(
        title="Open and unknown",
        columns=(Column(gives_way=True, lines=2),),
        rows=tuple((cell,) for cell in _open(report)),
        nothing="Nothing to review, nothing due",
    )


def _open(report: Report) -> Iterator[Cell]:
    calendar = report.calendar
    for one in report.to_review:
        said = f"To review: {one.term} grade {one.grade}, {one.reason}"
        yield Cell(f"{said}, {calendar.text(one.result.taken_on)}", tone="warn")
    for item in report.due:
        tone = "alert" if item.state == "overdue" else ""
        yield Cell(f"Due: {item.title} {calendar.text(item.due_on)}, {item.words}", tone=tone)
    for sentence in report.unknown:
        yield Cell(sentence)
    if missing := _missing(report):
        yield Cell(f"Not recorded: {', '.join(missing)}.")


def _missing(report: Report) -> list[str]:
    """The facts of the head that are not recorded."""
    profile = report.profile
    facts = (
        ("sex", profile.patient.sex),
        ("age", report.age),
        ("primary site", profile.patient.primary_site),
        ("WHO grade", profile.grade),
        ("Ki-67", profile.ki67_percent),
        ("ECOG", profile.ecog),
    )
    return [name for name, value in facts if value is None]

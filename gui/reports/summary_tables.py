"""The tables under the course on paper: what was given, what it did, what is open."""

from __future__ import annotations

from collections.abc import Iterator

from gui.reports.paper_table import PaperCell, PaperColumn, PaperTable
from gui.words import nuclide_text, words
from model.derived.values import Derived, Input
from model.documents.summary import Calendar, Report
from model.grading.emergent import WorstGrade
from model.records.administrations import percent_text
from model.records.cycles import Administration, Treatment, activity_text

_NONE = "–"


def cycles(report: Report) -> PaperTable:
    """Each cycle with what was prescribed and administered, and the sum of each nuclide."""
    intervals = (None, *report.course.intervals)
    return PaperTable(
        title="Cycles",
        columns=(
            PaperColumn(),
            PaperColumn("Given"),
            PaperColumn("Agent", gives_way=True),
            PaperColumn("Prescribed", right=True),
            PaperColumn("Administered", right=True),
            PaperColumn("Off by", right=True),
            PaperColumn("Interval", right=True),
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


def _cycle(calendar: Calendar, treatment: Treatment, interval: int | None) -> tuple[PaperCell, ...]:
    given = treatment.administrations
    far = any(one.deviates for one in given)
    return (
        PaperCell(f"C{treatment.cycle.number}", strong=True),
        PaperCell(calendar.text(treatment.cycle.given_on)),
        PaperCell("\n".join(one.agent for one in given) or "not recorded"),
        PaperCell("\n".join(_activity(one.prescribed_mbq, one, _NONE) for one in given)),
        PaperCell("\n".join(_activity(one.activity_mbq, one, "unknown") for one in given)),
        PaperCell("\n".join(map(_deviation, given)), tone="warn" if far else "", strong=far),
        PaperCell("" if interval is None else f"{interval} d"),
    )


def _activity(mbq: float | None, given: Administration, otherwise: str) -> str:
    return otherwise if mbq is None else activity_text(mbq, given.unit)


def _deviation(given: Administration) -> str:
    if given.deviation is None:
        return _NONE
    return f"{percent_text(given.deviation)}{' !' if given.deviates else ''}"


def toxicities(report: Report) -> PaperTable:
    """The worst treatment-emergent grade of each term, with its dates."""
    calendar = report.calendar
    return PaperTable(
        title="Worst treatment-emergent toxicities",
        columns=(
            PaperColumn(),
            PaperColumn(gives_way=True, lines=2),
        ),
        rows=tuple(
            (
                PaperCell(f"G{one.grade}", grade=one.grade),
                PaperCell(one.term, below=_when(calendar, one)),
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


def responses(report: Report) -> PaperTable:
    """The imaging assessments with criteria and response."""
    best = report.profile.stated_response
    return PaperTable(
        title=f"Responses · best {best}" if best else "Responses",
        columns=(
            PaperColumn("Assessed"),
            PaperColumn(),
            PaperColumn("Imaging", gives_way=True, lines=2),
            PaperColumn("Criteria", gives_way=True, lines=2),
            PaperColumn("Response"),
        ),
        rows=tuple(
            (
                PaperCell(report.calendar.text(one.assessed_on)),
                PaperCell(f"after C{one.after_cycle}" if one.after_cycle else words(one.timepoint)),
                PaperCell(one.modality or _NONE),
                PaperCell(one.criteria or _NONE),
                PaperCell(one.response or _NONE, strong=True),
            )
            for one in report.imaged
        ),
        nothing="No assessments recorded",
        keep_last=True,
    )


def derived(report: Report) -> PaperTable:
    """The latest derived values with formula and inputs, so that each can be checked."""
    return PaperTable(
        title="Derived values · latest, reckoned and not measured",
        columns=(
            PaperColumn(),
            PaperColumn(),
            PaperColumn(),
            PaperColumn(gives_way=True, lines=2),
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


def _derived(calendar: Calendar, one: Derived) -> tuple[PaperCell, ...]:
    value = " ".join(filter(None, (one.text, one.unit)))
    remark = f" ({one.remark})" if one.remark else ""
    return (
        PaperCell(one.name),
        PaperCell(f"{value}{remark}", strong=True),
        PaperCell(calendar.text(one.on)),
        PaperCell(
            f"from {', '.join(_input(calendar, put_in, one) for put_in in one.inputs)}",
            below=one.formula,
        ),
    )


def _input(calendar: Calendar, put_in: Input, one: Derived) -> str:
    """An input, with its day where that is another than the value's."""
    when = f" ({calendar.text(put_in.on)})" if put_in.on and put_in.on != one.on else ""
    return f"{put_in}{when}"


def still_open(report: Report) -> PaperTable:
    """What waits for a decision, what is due, and what is not known."""
    return PaperTable(
        title="Open and unknown",
        columns=(PaperColumn(gives_way=True, lines=2),),
        rows=tuple((cell,) for cell in _open(report)),
        nothing="Nothing to review, nothing due",
    )


def _open(report: Report) -> Iterator[PaperCell]:
    calendar = report.calendar
    for one in report.to_review:
        said = f"To review: {one.term} grade {one.grade}, {one.reason}"
        yield PaperCell(f"{said}, {calendar.text(one.result.taken_on)}", tone="warn")
    for item in report.due:
        tone = "alert" if item.state == "overdue" else ""
        yield PaperCell(f"Due: {item.title} {calendar.text(item.due_on)}, {item.words}", tone=tone)
    for sentence in report.unknown:
        yield PaperCell(sentence)
    if missing := _missing(report):
        yield PaperCell(f"Not recorded: {', '.join(missing)}.")


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

"""The tables of the patient summary: cycles, toxicities, responses, derived values, open points."""

from __future__ import annotations

from collections.abc import Iterator

from gui.reports.paper_table import PaperCell, PaperColumn, PaperTable
from gui.words import sum_text, words
from model.derived.values import Input, LatestValue
from model.documents.summary import Calendar, Summary
from model.grading.emergent import WorstGrade
from model.grading.recovery import RecoveryProposal
from model.language import _
from model.records.administrations import Administration, percent_text
from model.records.cycles import Treatment
from model.reference.activities import activity_text

_NONE = "–"


def cycles(report: Summary) -> PaperTable:
    """Return the cycles with what was prescribed and administered, and each nuclide's sum."""
    intervals = (None, *report.course.intervals)
    summed = "; ".join(cumulative(report))
    return PaperTable(
        title=_("Cycles"),
        columns=(
            PaperColumn(),
            PaperColumn(_("Date")),
            PaperColumn(_("Agent"), gives_way=True),
            PaperColumn(_("Prescribed"), right=True),
            PaperColumn(_("Administered"), right=True),
            PaperColumn(_("Deviation"), right=True),
            PaperColumn(_("Interval"), right=True),
        ),
        rows=tuple(
            _cycle(report.calendar, treatment, interval)
            for treatment, interval in zip(report.profile.treatments, intervals, strict=False)
        ),
        nothing=_("No cycles recorded"),
        under=_("Cumulative: {activities}").format(activities=summed) if summed else "",
        keep_last=True,
    )


def cumulative(report: Summary) -> list[str]:
    """Return each nuclide's cumulative activity: `at least 12.2 MBq 225Ac`, `177Lu unknown`."""
    return [*map(sum_text, report.course.exposure)]


def _cycle(calendar: Calendar, treatment: Treatment, interval: int | None) -> tuple[PaperCell, ...]:
    administrations = treatment.administrations
    far = any(one.deviates for one in administrations)
    return (
        PaperCell(f"C{treatment.cycle.number}", strong=True),
        PaperCell(calendar.text(treatment.cycle.given_on)),
        PaperCell("\n".join(one.agent for one in administrations) or _("not recorded")),
        PaperCell("\n".join(_activity(one.prescribed_mbq, one, _NONE) for one in administrations)),
        PaperCell(
            "\n".join(_activity(one.activity_mbq, one, _("unknown")) for one in administrations)
        ),
        PaperCell(
            "\n".join(map(_deviation, administrations)), tone="warn" if far else "", strong=far
        ),
        PaperCell("" if interval is None else _("{n} d").format(n=interval)),
    )


def _activity(mbq: float | None, administration: Administration, otherwise: str) -> str:
    return otherwise if mbq is None else activity_text(mbq, administration.unit)


def _deviation(administration: Administration) -> str:
    if administration.deviation is None:
        return _NONE
    return f"{percent_text(administration.deviation)}{' !' if administration.deviates else ''}"


def toxicities(report: Summary) -> PaperTable:
    """Return the worst treatment-emergent grade of each term, with its dates."""
    calendar = report.calendar
    return PaperTable(
        title=_("Worst treatment-emergent toxicities"),
        columns=(
            PaperColumn(),
            PaperColumn(gives_way=True, lines=2),
        ),
        rows=tuple(
            (
                PaperCell(f"G{one.toxicity.grade}", grade=one.toxicity.grade),
                PaperCell(one.toxicity.label, below=_when(calendar, one)),
            )
            for one in report.course.worst
        ),
        nothing=_("None recorded") if report.profile.treatments else _("None: no cycle recorded"),
    )


def _when(calendar: Calendar, worst: WorstGrade) -> str:
    """Return from when to when an event had its grade, and after which cycle it began."""
    event = worst.toxicity
    onset = calendar.text(event.onset_on) or _("onset not recorded")
    after = f" (C{worst.cycle})" if worst.cycle else ""
    end = calendar.text(event.resolved_on) or _("end not recorded")
    if event.is_ongoing:
        end = _("ongoing")
    return f"{onset}{after} – {end}"


def responses(report: Summary) -> PaperTable:
    """Return the imaging assessments with criteria and response."""
    best = report.profile.stated_response
    return PaperTable(
        title=_("Responses · best {response}").format(response=best) if best else _("Responses"),
        columns=(
            PaperColumn(_("Assessed")),
            PaperColumn(),
            PaperColumn(_("Imaging"), gives_way=True, lines=2),
            PaperColumn(_("Criteria"), gives_way=True, lines=2),
            PaperColumn(_("Response")),
        ),
        rows=tuple(
            (
                PaperCell(report.calendar.text(one.assessed_on)),
                PaperCell(
                    _("after C{number}").format(number=one.after_cycle)
                    if one.after_cycle
                    else words(one.timepoint)
                ),
                PaperCell(one.modality or _NONE),
                PaperCell(one.criteria or _NONE),
                PaperCell(one.response or _NONE, strong=True),
            )
            for one in report.imaged
        ),
        nothing=_("No assessments recorded"),
        keep_last=True,
    )


def derived(report: Summary) -> PaperTable:
    """Return the latest derived values with formula and inputs, so that each can be checked."""
    return PaperTable(
        title=_("Derived values · latest, calculated, not measured"),
        columns=(
            PaperColumn(),
            PaperColumn(),
            PaperColumn(),
            PaperColumn(gives_way=True, lines=2),
        ),
        rows=tuple(
            _derived(report.calendar, one) for one in report.derived if one.value is not None
        ),
        nothing=_("None: the inputs of the formulas are not recorded"),
        under=_not_derived(report),
    )


def _not_derived(report: Summary) -> str:
    missing = [one for one in report.derived if one.value is None]
    reported = [one.name for one in missing if one.key in report.course.trends]
    others = [one.name for one in missing if one.name not in reported]
    sentences = []
    if reported:
        sentences.append((_("Not derived, as reported by the laboratory: {values}."), reported))
    if others and report.identified:
        sentences.append((_("Not derived, as inputs are not recorded: {values}."), others))
    elif others:
        text = _("Not derived, as inputs are not recorded or withheld: {values}.")
        sentences.append((text, others))
    return " ".join(text.format(values=", ".join(names)) for text, names in sentences)


def _derived(calendar: Calendar, one: LatestValue) -> tuple[PaperCell, ...]:
    value = " ".join(filter(None, (one.text, one.unit)))
    remark = f" ({one.remark})" if one.remark else ""
    inputs = ", ".join(_input(calendar, each, one) for each in one.inputs)
    return (
        PaperCell(one.name),
        PaperCell(f"{value}{remark}", strong=True),
        PaperCell(calendar.text(one.on)),
        PaperCell(
            _("from {inputs}").format(inputs=inputs),
            below=one.expression,
        ),
    )


def _input(calendar: Calendar, one: Input, value: LatestValue) -> str:
    """Return an input, with its date if that is not the value's."""
    when = f" ({calendar.text(one.on)})" if one.on and one.on != value.on else ""
    return f"{one}{when}"


def still_open(report: Summary) -> PaperTable:
    """Return what is to be reviewed, what is due, and what is unknown."""
    return PaperTable(
        title=_("Open and unknown"),
        columns=(PaperColumn(gives_way=True, lines=2),),
        rows=tuple((cell,) for cell in _open(report)),
        # What is due is withheld where dates are.
        nothing=_("Nothing to review, nothing due") if report.identified else "",
    )


def _open(report: Summary) -> Iterator[PaperCell]:
    calendar = report.calendar
    for one in report.to_review:
        text = _("To review: {term} grade {grade}, {reason}, {date}")
        if isinstance(one, RecoveryProposal):
            text = _("To review: {term} back at grade {grade}, {reason}, {date}")
        text = text.format(
            term=one.term,
            grade=one.grade,
            reason=one.reason,
            date=calendar.text(one.result.taken_on),
        )
        yield PaperCell(text, tone="warn")
    for item in report.due:
        tone = "alert" if item.state == "overdue" else ""
        text = _("Due: {item} {date}, {when}").format(
            item=item.title, date=calendar.text(item.due_on), when=item.words
        )
        yield PaperCell(text, tone=tone)
    for sentence in report.unknown:
        yield PaperCell(sentence)
    if missing := _missing(report):
        yield PaperCell(_("Not recorded: {facts}.").format(facts=", ".join(missing)))


def _missing(report: Summary) -> list[str]:
    """Return the facts of the head that are not recorded."""
    profile = report.profile
    facts = (
        (_("sex"), profile.patient.sex),
        (_("age"), report.age or None),
        (_("primary site"), profile.patient.primary_site),
        (_("WHO grade"), profile.grade),
        (_("Ki-67"), profile.ki67),
        (_("ECOG"), profile.ecog),
    )
    return [name for name, value in facts if value is None]

"""The tables of the patient summary: cycles, toxicities, responses, derived values, open items."""

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


def cycles_table(summary: Summary) -> PaperTable:
    """Return the cycles with prescribed and administered activities, and the cumulative ones."""
    intervals = (None, *summary.course.intervals)
    sums = "; ".join(cumulative_texts(summary))
    return PaperTable(
        title=_("Cycles"),
        columns=(
            PaperColumn(),
            PaperColumn(_("Date")),
            PaperColumn(_("Agent"), is_flexible=True),
            PaperColumn(_("Prescribed"), is_right=True),
            PaperColumn(_("Administered"), is_right=True),
            PaperColumn(_("Deviation"), is_right=True),
            PaperColumn(_("Interval"), is_right=True),
        ),
        rows=tuple(
            _cycle_row(summary.calendar, treatment, interval)
            for treatment, interval in zip(summary.profile.treatments, intervals, strict=False)
        ),
        empty_text=_("No cycles recorded"),
        note=_("Cumulative: {activities}").format(activities=sums) if sums else "",
        keep_last=True,
    )


def cumulative_texts(summary: Summary) -> list[str]:
    """Return each nuclide's cumulative activity: `at least 12.2 MBq 225Ac`, `177Lu unknown`."""
    return list(map(sum_text, summary.course.exposure))


def _cycle_row(
    calendar: Calendar, treatment: Treatment, interval: int | None
) -> tuple[PaperCell, ...]:
    administrations = treatment.administrations
    deviates = any(each.deviates for each in administrations)
    return (
        PaperCell(f"C{treatment.cycle.number}", strong=True),
        PaperCell(calendar.text(treatment.cycle.given_on)),
        PaperCell("\n".join(each.agent for each in administrations) or _("not recorded")),
        PaperCell(
            "\n".join(_activity(each.prescribed_mbq, each, _NONE) for each in administrations)
        ),
        PaperCell(
            "\n".join(_activity(each.activity_mbq, each, _("unknown")) for each in administrations)
        ),
        PaperCell(
            "\n".join(map(_deviation, administrations)),
            tone="warn" if deviates else "",
            strong=deviates,
        ),
        PaperCell("" if interval is None else _("{n} d").format(n=interval)),
    )


def _activity(mbq: float | None, administration: Administration, missing: str) -> str:
    return missing if mbq is None else activity_text(mbq, administration.unit)


def _deviation(administration: Administration) -> str:
    if administration.deviation is None:
        return _NONE
    return f"{percent_text(administration.deviation)}{' !' if administration.deviates else ''}"


def toxicities_table(summary: Summary) -> PaperTable:
    """Return the worst treatment-emergent toxicity of each term, with its dates."""
    calendar = summary.calendar
    return PaperTable(
        title=_("Worst treatment-emergent toxicities"),
        columns=(
            PaperColumn(),
            PaperColumn(is_flexible=True, max_lines=2),
        ),
        rows=tuple(
            (
                PaperCell(f"G{each.toxicity.grade}", grade=each.toxicity.grade),
                PaperCell(each.toxicity.label, below=_period_text(calendar, each)),
            )
            for each in summary.course.worst
        ),
        empty_text=_("None recorded")
        if summary.profile.treatments
        else _("None: no cycle recorded"),
    )


def _period_text(calendar: Calendar, worst: WorstGrade) -> str:
    """Return onset and end of a toxicity, with the cycle after which it began."""
    event = worst.toxicity
    onset = calendar.text(event.onset_on) or _("onset not recorded")
    after = f" (C{worst.cycle})" if worst.cycle else ""
    end = calendar.text(event.resolved_on) or _("end not recorded")
    if event.is_ongoing:
        end = _("ongoing")
    return f"{onset}{after} – {end}"


def responses_table(summary: Summary) -> PaperTable:
    """Return the imaging assessments with criteria and response."""
    best = summary.profile.stated_response
    return PaperTable(
        title=_("Responses · best {response}").format(response=best) if best else _("Responses"),
        columns=(
            PaperColumn(_("Assessed")),
            PaperColumn(),
            PaperColumn(_("Imaging"), is_flexible=True, max_lines=2),
            PaperColumn(_("Criteria"), is_flexible=True, max_lines=2),
            PaperColumn(_("Response")),
        ),
        rows=tuple(
            (
                PaperCell(summary.calendar.text(each.assessed_on)),
                PaperCell(
                    _("after C{number}").format(number=each.after_cycle)
                    if each.after_cycle
                    else words(each.timepoint)
                ),
                PaperCell(each.modality or _NONE),
                PaperCell(each.criteria or _NONE),
                PaperCell(each.response or _NONE, strong=True),
            )
            for each in summary.imaged
        ),
        empty_text=_("No assessments recorded"),
        keep_last=True,
    )


def derived_table(summary: Summary) -> PaperTable:
    """Return the latest derived values, with formula and inputs so that each can be checked."""
    return PaperTable(
        title=_("Derived values · latest, calculated, not measured"),
        columns=(
            PaperColumn(),
            PaperColumn(),
            PaperColumn(),
            PaperColumn(is_flexible=True, max_lines=2),
        ),
        rows=tuple(
            _derived_row(summary.calendar, each)
            for each in summary.derived
            if each.value is not None
        ),
        empty_text=_("None: the inputs of the formulas are not recorded"),
        note=_not_derived_text(summary),
    )


def _not_derived_text(summary: Summary) -> str:
    missing = [each for each in summary.derived if each.value is None]
    reported = [each.name for each in missing if each.key in summary.course.trends]
    others = [each.name for each in missing if each.name not in reported]
    sentences = []
    if reported:
        sentences.append((_("Not derived, as reported by the laboratory: {values}."), reported))
    if others and summary.identified:
        sentences.append((_("Not derived, as inputs are not recorded: {values}."), others))
    elif others:
        text = _("Not derived, as inputs are not recorded or withheld: {values}.")
        sentences.append((text, others))
    return " ".join(text.format(values=", ".join(names)) for text, names in sentences)


def _derived_row(calendar: Calendar, latest: LatestValue) -> tuple[PaperCell, ...]:
    value = " ".join(filter(None, (latest.text, latest.unit)))
    remark = f" ({latest.remark})" if latest.remark else ""
    inputs = ", ".join(_input_text(calendar, each, latest) for each in latest.inputs)
    return (
        PaperCell(latest.name),
        PaperCell(f"{value}{remark}", strong=True),
        PaperCell(calendar.text(latest.on)),
        PaperCell(
            _("from {inputs}").format(inputs=inputs),
            below=latest.expression,
        ),
    )


def _input_text(calendar: Calendar, source: Input, value: LatestValue) -> str:
    """Return an input, with its date if that differs from the date of the value."""
    when = f" ({calendar.text(source.on)})" if source.on and source.on != value.on else ""
    return f"{source}{when}"


def open_items_table(summary: Summary) -> PaperTable:
    """Return what is to be reviewed, what is due, and what is unknown."""
    return PaperTable(
        title=_("Open and unknown"),
        columns=(PaperColumn(is_flexible=True, max_lines=2),),
        rows=tuple((cell,) for cell in _open_cells(summary)),
        # A pseudonymised page has no dates, so it does not state what is due.
        empty_text=_("Nothing to review, nothing due") if summary.identified else "",
    )


def _open_cells(summary: Summary) -> Iterator[PaperCell]:
    calendar = summary.calendar
    for proposal in summary.to_review:
        text = _("To review: {term} grade {grade}, {reason}, {date}")
        if isinstance(proposal, RecoveryProposal):
            text = _("To review: {term} back at grade {grade}, {reason}, {date}")
        text = text.format(
            term=proposal.term,
            grade=proposal.grade,
            reason=proposal.reason,
            date=calendar.text(proposal.result.taken_on),
        )
        yield PaperCell(text, tone="warn")
    for item in summary.due:
        tone = "alert" if item.state == "overdue" else ""
        text = _("Due: {item} {date}, {when}").format(
            item=item.title, date=calendar.text(item.due_on), when=item.time_text
        )
        yield PaperCell(text, tone=tone)
    for sentence in summary.unknown:
        yield PaperCell(sentence)
    if missing := _missing_facts(summary):
        yield PaperCell(_("Not recorded: {facts}.").format(facts=", ".join(missing)))


def _missing_facts(summary: Summary) -> list[str]:
    """Return the names of the facts in the head that are not recorded."""
    profile = summary.profile
    facts = (
        (_("sex"), profile.patient.sex),
        (_("age"), summary.age or None),
        (_("primary site"), profile.patient.primary_site),
        (_("WHO grade"), profile.grade),
        (_("Ki-67"), profile.ki67),
        (_("ECOG"), profile.ecog),
    )
    return [name for name, value in facts if value is None]

"""Recovery from a toxicity, as results show it: the rule, and proposals to close toxicities.

A result has recovered if its grade is 1 or lower, or no worse than that of the baseline. An open
toxicity of a term that results grade is proposed to be closed on the first day from which all later
results have recovered. Results from the onset of the next toxicity of the term on belong to that
one. The rule also serves the nadirs of a course.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, time

from model.ctcae.reasons import cannot_grade
from model.dates import Day, first_day, is_before, last_day
from model.grading.evidence import evidence_of
from model.grading.lab_grades import LabGrade, baseline_lines, is_worse_than_baseline, series_of
from model.grading.proposals import already_decided, is_current, outdated, rests_on
from model.language import _
from model.records import kinds, toxicities
from model.records.labs import LabResult
from model.records.patient_records import PatientRecords
from model.records.toxicities import Dismissal, Toxicity
from model.store import rows as records
from model.store.step import Step

RECOVERED = 1
"""The highest grade at which a result has recovered whatever the baseline was."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecoveryProposal:
    """A proposal to close an open toxicity on the day of the result that shows its recovery."""

    toxicity: Toxicity
    result: LabResult
    grade: int
    """The grade of the result; 0 for none."""
    is_at_most: bool
    """Whether the true grade may be lower, because a limit is missing."""
    reason: str
    outcome: str
    """`recovered` if the result is no worse than the baseline, otherwise `improved`."""

    @property
    def term(self) -> str:
        """The term of the toxicity."""
        return self.toxicity.term

    @property
    def ctcae_version(self) -> str:
        """The version in which the toxicity is graded."""
        return self.toxicity.ctcae_version

    @property
    def key(self) -> tuple[int | None, date, int | None]:
        """What identifies this proposal when proposals are made again."""
        return (self.result.id, self.result.taken_on, self.toxicity.id)


def propose_recoveries(patient: PatientRecords) -> list[RecoveryProposal]:
    """Return the proposals to close open toxicities that have recovered, in order of their onset.

    Each toxicity is graded in its own CTCAE version. Proposals that were dismissed for the same
    result are left out.
    """
    ongoing = [event for event in patient.toxicities if event.is_ongoing]
    versions = {event.ctcae_version for event in ongoing}
    graded = {version: _usable_grades(patient, version) for version in versions}
    return [
        proposal
        for event in ongoing
        if (proposal := _proposal(event, graded[event.ctcae_version], patient))
        and not any(_dismisses(dismissal, proposal) for dismissal in patient.dismissals)
    ]


def _dismisses(dismissal: Dismissal, proposal: RecoveryProposal) -> bool:
    is_same_toxicity = dismissal.toxicity_id == proposal.toxicity.id
    return is_same_toxicity and rests_on(dismissal, proposal.result)


def has_recovered(line: LabGrade, baseline: LabGrade | None, version: str) -> bool:
    """Return whether a result is certainly at grade 1 or lower, or no worse than the baseline."""
    if line.at_most is None or (line.grade is None and line.at_most > RECOVERED):
        return False
    return line.at_most <= RECOVERED or not is_worse_than_baseline(line, baseline, version)


def accept(step: Step, proposal: RecoveryProposal, edited: Toxicity | None = None) -> Toxicity:
    """Close the toxicity on the day of the result, or save it as a clinician has edited it.

    Raises Conflict when the proposal is out of date, InvalidRecord when a rule is broken.
    """
    _refuse_outdated(step, proposal)
    return toxicities.save(step, edited or as_closed(proposal))


def as_closed(proposal: RecoveryProposal) -> Toxicity:
    """Return the toxicity as it would be closed, before any edit."""
    return replace(
        proposal.toxicity, resolved_on=proposal.result.taken_on, outcome=proposal.outcome
    )


def dismiss(step: Step, proposal: RecoveryProposal, reason: str | None = None) -> Dismissal:
    """Dismiss a proposal. The toxicity stays open, and is not proposed again for this result.

    Raises Conflict when the proposal is out of date.
    """
    _refuse_outdated(step, proposal)
    event, result = proposal.toxicity, proposal.result
    return records.put(
        step,
        Dismissal(
            patient_id=event.patient_id,
            lab_result_id=result.id,
            value_on=result.taken_on if result.id is None else None,
            toxicity_id=event.id,
            term=event.term,
            ctcae_version=event.ctcae_version,
            grade=event.grade,
            reason=reason,
        ),
    )


def _refuse_outdated(step: Step, proposal: RecoveryProposal) -> None:
    """Raise Conflict when toxicity or result have changed, or the proposal was dismissed."""
    event, result = proposal.toxicity, proposal.result
    if (
        event.id is None
        or records.find(step, Toxicity, event.id) != event
        or not is_current(step, result)
    ):
        raise outdated()
    for dismissal in kinds.of_patient(step, Dismissal, event.patient_id):
        if _dismisses(dismissal, proposal):
            raise already_decided()


def _usable_grades(patient: PatientRecords, version: str) -> list[LabGrade]:
    return [line for line in evidence_of(patient).graded(version) if line.at_most is not None]


def _proposal(
    event: Toxicity, graded: Sequence[LabGrade], patient: PatientRecords
) -> RecoveryProposal | None:
    """Return the proposal to close a toxicity; None if results show no lasting recovery."""
    onset = _onset_of(event, patient)
    next_onset = _next_onset(event, patient)
    lines = [
        line
        for line in graded
        if line.term == event.term
        and not is_before(line.result.taken_on, onset)
        and (next_onset is None or line.result.taken_on < next_onset)
    ]
    baselines = baseline_lines(graded)
    first_on = patient.first_cycle_on
    if is_before(onset, first_on) is not False:
        # A toxicity that may have begun before treatment may have worsened the baseline itself.
        baselines = {}

    def is_recovered(line: LabGrade) -> bool:
        baseline = baselines.get(series_of(line))
        return (line.at_most or 0) < event.grade and has_recovered(
            line, baseline, event.ctcae_version
        )

    lines.sort(key=lambda line: _time_key(line.result))
    # A result without a grade shows recovery if it cannot be toxic. Otherwise it is ignored, unless
    # it has a comparator: `<50` may be grade 3 or 4, and counts as toxic.
    toxic = [
        line
        for line in lines
        if (line.grade is not None or line.result.comparator) and not is_recovered(line)
    ]
    if onset is None and not toxic:
        return None
    recovered = [line for line in lines if is_recovered(line) and _is_after(line, onset)]
    first = _first_lasting(recovered, toxic)
    if first is None:
        return None
    is_worse = is_worse_than_baseline(first, baselines.get(series_of(first)), event.ctcae_version)
    reason = first.reason
    if first.grade is None:
        text = _("at most grade {grade}: {reason}")
        missing = first.reason.removeprefix(cannot_grade(""))
        reason = text.format(grade=first.at_most, reason=missing)
    return RecoveryProposal(
        toxicity=event,
        result=first.result,
        grade=first.at_most or 0,
        is_at_most=first.grade is None,
        reason=reason,
        outcome="improved" if is_worse or first.grade is None else "recovered",
    )


def _is_after(line: LabGrade, onset: Day | None) -> bool:
    return onset is None or line.result.taken_on > last_day(onset)


def _first_lasting(recovered: Sequence[LabGrade], toxic: Sequence[LabGrade]) -> LabGrade | None:
    """Return the first result at which every analyte that was toxic has recovered for good.

    Every analyte needs a later result of its own: a normal urine protein does not show that eGFR
    has recovered. Both lists are in order of time.
    """
    if not toxic:
        return next(iter(recovered), None)
    firsts: list[LabGrade] = []
    for series in {series_of(line) for line in toxic}:
        toxic_results = [line.result for line in toxic if series_of(line) == series]
        later = (
            line
            for line in recovered
            if series_of(line) == series
            and all(_is_later(line.result, result) for result in toxic_results)
        )
        if (first := next(later, None)) is None:
            return None
        firsts.append(first)
    return max(firsts, key=lambda line: _time_key(line.result))


def _onset_of(event: Toxicity, patient: PatientRecords) -> Day | None:
    """Return the onset of a toxicity; if not recorded, the day of the result that graded it."""
    if event.onset_on is not None:
        return event.onset_on
    days = (each.taken_on for each in patient.results if each.id == event.lab_result_id)
    return next(days, None) if event.lab_result_id is not None else None


def _next_onset(event: Toxicity, patient: PatientRecords) -> date | None:
    """Return the first possible day of the onset of the next toxicity of the same term."""
    onsets = [
        first_day(other.onset_on)
        for other in patient.toxicities
        if (other.term, other.ctcae_version) == (event.term, event.ctcae_version)
        and other.onset_on is not None
        and is_before(event.onset_on, other.onset_on)
    ]
    return min(onsets, default=None)


def _time_key(result: LabResult) -> tuple[date, time]:
    return result.taken_on, result.taken_at or time.min


def _is_later(result: LabResult, other: LabResult) -> bool:
    """Return whether a result is certainly later than another: by day, or by known times."""
    if result.taken_on != other.taken_on:
        return result.taken_on > other.taken_on
    return bool(result.taken_at and other.taken_at and result.taken_at > other.taken_at)

"""When a toxicity has recovered, by the results: proposals to close it, and the rule for nadirs.

A result has recovered if its grade is 1 or lower, or no higher than that of the baseline. An open
toxicity of a term that results grade makes a proposal on the first day from which all later results
have recovered: a later toxic result means that it had not. Results from the onset of the next
toxicity of the term on belong to that one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, time

from model.ctcae.reasons import cannot_grade
from model.dates import Day, first_day, is_before, last_day
from model.grading.evidence import evidence_of
from model.grading.lab_grades import Graded, baseline_lines, is_worse_than_baseline, series_of
from model.grading.proposals import already_decided, is_current, outdated, rests_on
from model.language import _
from model.records import kinds, toxicities
from model.records.labs import LabResult
from model.records.patient_records import PatientRecords
from model.records.toxicities import Dismissal, Toxicity
from model.store import rows as records
from model.store.step import Step

RECOVERED = 1
"""Up to this grade a result has recovered, whatever the baseline was."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecoveryProposal:
    """A result from which on an open toxicity has recovered, to close it on that day."""

    toxicity: Toxicity
    result: LabResult
    grade: int
    """The grade of the result; 0 for none."""
    is_at_most: bool
    """Whether the grade is only known to be no higher, as a limit is missing."""
    reason: str
    outcome: str
    """Recovered at the grade of the baseline or at 0, otherwise improved."""

    @property
    def term(self) -> str:
        """The term of the toxicity."""
        return self.toxicity.term

    @property
    def ctcae_version(self) -> str:
        """The version in which it is graded."""
        return self.toxicity.ctcae_version

    @property
    def key(self) -> tuple[int | None, date, int | None]:
        """The identity of this proposal when proposals are made again."""
        return (self.result.id, self.result.taken_on, self.toxicity.id)


def recoveries(patient: PatientRecords) -> list[RecoveryProposal]:
    """Return the open toxicities that results show to have recovered, in order of their onset.

    Each is graded in its own CTCAE version. What was dismissed for the same result is left out.
    """
    ongoing = [event for event in patient.toxicities if event.is_ongoing]
    graded = {version: _graded(patient, version) for version in {e.ctcae_version for e in ongoing}}
    proposed = [
        proposal
        for event in ongoing
        if (proposal := _proposal(event, graded[event.ctcae_version], patient))
    ]
    return [one for one in proposed if not any(_is_of(each, one) for each in patient.dismissals)]


def _is_of(dismissal: Dismissal, proposal: RecoveryProposal) -> bool:
    """Return whether a proposal was dismissed by this."""
    is_same = dismissal.toxicity_id == proposal.toxicity.id
    return is_same and rests_on(dismissal, proposal.result)


def has_recovered(line: Graded, baseline: Graded | None, version: str) -> bool:
    """Return whether a result is at grade 1 or lower, or no worse than the baseline."""
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
    """Dismiss a proposal: the toxicity stays open, and it is not made again for this result.

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
    for one in kinds.of_patient(step, Dismissal, event.patient_id):
        if _is_of(one, proposal):
            raise already_decided()


def _graded(patient: PatientRecords, version: str) -> list[Graded]:
    return [line for line in evidence_of(patient).graded(version) if line.at_most is not None]


def _proposal(
    event: Toxicity, graded: Sequence[Graded], patient: PatientRecords
) -> RecoveryProposal | None:
    """Return the proposal to close a toxicity; None where no lasting recovery is known."""
    onset = _onset_of(event, patient)
    following = _next_onset(event, patient)
    lines = [
        line
        for line in graded
        if line.term == event.term
        and not is_before(line.result.taken_on, onset)
        and (following is None or line.result.taken_on < following)
    ]
    baselines = baseline_lines(graded)
    first_on = patient.first_cycle_on
    if is_before(onset, first_on) is not False:
        # What may have begun before treatment is not compared with a baseline that it is part of.
        baselines = {}

    def is_back(line: Graded) -> bool:
        baseline = baselines.get(series_of(line))
        return (line.at_most or 0) < event.grade and has_recovered(
            line, baseline, event.ctcae_version
        )

    lines.sort(key=lambda line: _moment(line.result))
    # A result without a grade shows recovery if it cannot be toxic, and nothing otherwise; but one
    # such as `<50`, which may be grade 3 or 4, is not passed over.
    toxic = [
        line
        for line in lines
        if (line.grade is not None or line.result.comparator) and not is_back(line)
    ]
    if onset is None and not toxic:
        return None
    first = _lasting([line for line in lines if is_back(line) and _is_after(line, onset)], toxic)
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


def _is_after(line: Graded, onset: Day | None) -> bool:
    return onset is None or line.result.taken_on > last_day(onset)


def _lasting(back: Sequence[Graded], toxic: Sequence[Graded]) -> Graded | None:
    """Return the first line at which every analyte that was toxic has recovered for good.

    A normal urine protein does not show that eGFR has recovered: each needs a later line of its
    own. Both lists are in order of time.
    """
    if not toxic:
        return next(iter(back), None)
    firsts: list[Graded] = []
    for series in {series_of(line) for line in toxic}:
        before = [line.result for line in toxic if series_of(line) == series]
        later = (
            line
            for line in back
            if series_of(line) == series
            and all(_is_later(line.result, result) for result in before)
        )
        if (first := next(later, None)) is None:
            return None
        firsts.append(first)
    return max(firsts, key=lambda line: _moment(line.result))


def _onset_of(event: Toxicity, patient: PatientRecords) -> Day | None:
    """Return the onset of a toxicity, or else the day of the result that it was graded by."""
    if event.onset_on is not None:
        return event.onset_on
    days = (each.taken_on for each in patient.results if each.id == event.lab_result_id)
    return next(days, None) if event.lab_result_id is not None else None


def _next_onset(event: Toxicity, patient: PatientRecords) -> date | None:
    """Return the first day that the onset of a later toxicity of the same term may be."""
    onsets = [
        first_day(other.onset_on)
        for other in patient.toxicities
        if (other.term, other.ctcae_version) == (event.term, event.ctcae_version)
        and other.onset_on is not None
        and is_before(event.onset_on, other.onset_on)
    ]
    return min(onsets, default=None)


def _moment(result: LabResult) -> tuple[date, time]:
    return result.taken_on, result.taken_at or time.min


def _is_later(result: LabResult, other: LabResult) -> bool:
    """Return whether a result is certainly later than another: by day, or by known times."""
    if result.taken_on != other.taken_on:
        return result.taken_on > other.taken_on
    return bool(result.taken_at and other.taken_at and result.taken_at > other.taken_at)

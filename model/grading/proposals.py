"""Proposals of grades: what laboratory results suggest, for a clinician to decide on.

An episode of toxic results makes one proposal, for the first result of its worst grade, if that
grade is higher than any recorded or dismissed for the episode. Once the patient is treated, only
grades worse than baseline are proposed. No grade is recorded without a decision, and grades that
need a clinical fact are never derived. `model.grading.recovery` proposes when to close a toxicity.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from model.ctcae import criteria
from model.ctcae.terms import VERSIONS
from model.dates import PartialDate, first_day, is_before
from model.errors import Conflict
from model.grading.episodes import Episode, episodes, recorded_in, since_recovery
from model.grading.evidence import evidence_of
from model.grading.lab_grades import LabGrade
from model.language import _
from model.records import cycles, kinds, toxicities
from model.records.labs import LabResult
from model.records.life import Life, life_of
from model.records.patient_records import PatientRecords
from model.records.starts import starts_of
from model.records.toxicities import Dismissal, Toxicity
from model.store import rows as records
from model.store.reader import Reader
from model.store.step import Step


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A grade that a result suggests and that has not been decided on."""

    result: LabResult
    term: str
    direction: str
    """L or H: below or above normal."""
    ctcae_version: str
    grade: int
    reason: str
    could_raise: str
    """The clinical facts that would make the grade higher; empty for none."""
    from_grade: int
    """The worst grade recorded for this episode so far; 0 for none."""
    replaces: Toxicity | None
    """The ongoing toxicity that would be closed."""
    other: tuple[LabGrade, ...]
    """The different grades of this result in the other version, by the same or a similar term."""
    treatment_emergent: bool | None

    @property
    def key(self) -> tuple[int | None, date, str, str, int]:
        """What identifies this proposal when proposals are made again."""
        result = self.result
        return (result.id, result.taken_on, self.term, self.ctcae_version, self.grade)


def propose_grades(records: PatientRecords) -> list[Proposal]:
    """Return the grades that a patient's results suggest, newest first.

    Results are graded in the patient's CTCAE version. This takes tens of milliseconds, and may be
    called on any thread.
    """
    first_start, version = records.first_start, records.ctcae_version
    evidence = evidence_of(records)
    graded = evidence.graded(version)
    proposals = _without_overlapping(
        (proposal, episode)
        for whole in episodes(graded, first_start, version)
        for episode in [since_recovery(whole, records.toxicities, version)]
        if (proposal := _proposal(episode, records))
    )
    (other_version,) = (other for other in VERSIONS if other != version)
    other_grades = evidence.grade(tuple(each.result for each in proposals), other_version)
    return sorted(
        (replace(each, other=_different_grades(each, other_grades)) for each in proposals),
        key=lambda each: (each.result.taken_on, each.grade, each.term),
        reverse=True,
    )


def accept(step: Step, proposal: Proposal, toxicity: Toxicity | None = None) -> Toxicity:
    """Record the proposed grade, linked to its result, and close the toxicity that it replaces.

    `toxicity` is the proposal as edited by a clinician. If its grade is lower or its term another,
    the proposal is also dismissed, so that it is not made again. Raises Conflict when the proposal
    is out of date or was decided on, InvalidRecord when a rule is broken.
    """
    _refuse_outdated(step, proposal)
    life = life_of(step, proposal.result.patient_id)
    as_proposed = as_toxicity(proposal, life, cycle_id_of(step, proposal, life))
    toxicity = toxicity or as_proposed
    if proposal.replaces:
        _close(step, proposal.replaces, toxicity, proposal.result.taken_on)
    saved = toxicities.save(step, toxicity)
    if not _is_same_term(toxicity, as_proposed) or toxicity.grade < as_proposed.grade:
        _put_dismissal(step, proposal, f"Recorded as {toxicity.term}, grade {toxicity.grade}")
    return saved


def dismiss(step: Step, proposal: Proposal, reason: str | None = None) -> Dismissal:
    """Dismiss a proposal; it is not made again for this result at this grade.

    Raises Conflict when the proposal is out of date or was decided on.
    """
    _refuse_outdated(step, proposal)
    return _put_dismissal(step, proposal, reason)


def as_toxicity(proposal: Proposal, life: Life, cycle_id: int | None) -> Toxicity:
    """Return the toxicity that a proposal would become, before any edit.

    It begins on the day of the first result of its grade, which is the result of the proposal.
    """
    onset = proposal.result.taken_on
    return Toxicity(
        patient_id=proposal.result.patient_id,
        cycle_id=cycle_id,
        term=proposal.term,
        ctcae_version=proposal.ctcae_version,
        phase=toxicities.suggested_phase(onset, life),
        grade=proposal.grade,
        onset_on=PartialDate.of(onset),
        treatment_emergent=proposal.treatment_emergent,
        lab_result_id=proposal.result.id,
    )


def cycle_id_of(reader: Reader, proposal: Proposal, life: Life) -> int | None:
    """Return the id of the last cycle before the proposed toxicity; None if there is none.

    A sample drawn on the day of a cycle, but certainly before its infusion, belongs to the previous
    cycle.
    """
    result = proposal.result
    treatments = cycles.of_patient(reader, result.patient_id)
    number = toxicities.suggested_cycle(result.taken_on, life)
    starts = starts_of(treatments)
    if any(start.number == number and start.is_surely_before(result) for start in starts):
        earlier = [start.number for start in starts if not start.is_before(result)]
        number = earlier[-1] if earlier else None
    return next((each.cycle.id for each in treatments if each.cycle.number == number), None)


def outdated() -> Conflict:
    """Return the error for a proposal whose records have changed since it was made."""
    return Conflict(
        _("This proposal is out of date: the records behind it have changed. Nothing was recorded.")
    )


def already_decided() -> Conflict:
    """Return the error for a proposal that was accepted or dismissed since it was made."""
    return Conflict(_("This proposal was already decided on. Nothing was recorded."))


def _refuse_outdated(step: Step, proposal: Proposal) -> None:
    """Raise Conflict when a proposal no longer holds, or was decided on in the meantime."""
    result, replaces = proposal.result, proposal.replaces
    if not is_current(step, result):
        raise outdated()
    if replaces and replaces.id and records.find(step, Toxicity, replaces.id) != replaces:
        raise outdated()
    decisions: list[Toxicity | Dismissal] = [
        *kinds.of_patient(step, Toxicity, result.patient_id),
        *kinds.of_patient(step, Dismissal, result.patient_id),
    ]
    if any(
        rests_on(decision, result)
        and not (isinstance(decision, Dismissal) and decision.toxicity_id)
        and (decision.term, decision.ctcae_version) == (proposal.term, proposal.ctcae_version)
        and decision.grade >= proposal.grade
        for decision in decisions
    ):
        raise already_decided()


def is_current(reader: Reader, result: LabResult) -> bool:
    """Return whether a result, or the record that it was derived from, is stored unchanged."""
    stored = result.source or result
    return stored.id is not None and records.find(reader, type(stored), stored.id) == stored


def rests_on(decision: Toxicity | Dismissal, result: LabResult) -> bool:
    """Return whether a decision is about a result, or about the weight of a visit on its day."""
    if result.id is not None or decision.lab_result_id is not None:
        return decision.lab_result_id == result.id
    if isinstance(decision, Dismissal):
        return decision.value_on == result.taken_on
    return decision.onset_on == PartialDate.of(result.taken_on)


def _close(step: Step, before: Toxicity, after: Toxicity, result_on: date) -> None:
    """Close a toxicity that continues at another grade of the same term; leave any other open."""
    if not _is_same_term(after, before) or after.grade == before.grade:
        return
    onset_on = after.onset_on or PartialDate.of(result_on)
    is_within = onset_on.earliest <= result_on <= onset_on.latest
    changed_on = result_on if is_within else onset_on.earliest
    if before.onset_on and is_before(changed_on, before.onset_on):
        changed_on = before.onset_on.earliest
    outcome = "worsened" if after.grade > before.grade else "improved"
    toxicities.save(step, replace(before, resolved_on=changed_on, outcome=outcome))


def _is_same_term(toxicity: Toxicity, other: Toxicity) -> bool:
    return (toxicity.term, toxicity.ctcae_version) == (other.term, other.ctcae_version)


def _put_dismissal(step: Step, proposal: Proposal, reason: str | None) -> Dismissal:
    result = proposal.result
    return records.put(
        step,
        Dismissal(
            patient_id=result.patient_id,
            lab_result_id=result.id,
            value_on=result.taken_on if result.id is None else None,
            term=proposal.term,
            ctcae_version=proposal.ctcae_version,
            grade=proposal.grade,
            reason=reason,
        ),
    )


def _proposal(episode: Episode, patient: PatientRecords) -> Proposal | None:
    """Return the proposal of an episode; None if it is no worse than what is recorded."""
    version, worst = patient.ctcae_version, episode.worst
    recorded = recorded_in(episode, patient.toxicities, version)
    results = [line.result for line in episode.toxic]
    dismissed_grades = [
        dismissal.grade
        for dismissal in patient.dismissals
        if dismissal.toxicity_id is None
        and (dismissal.term, dismissal.ctcae_version) == (worst.term, version)
        and any(rests_on(dismissal, result) for result in results)
    ]
    from_grade = max((event.grade for event in recorded), default=0)
    grade = worst.grade or 0
    if grade <= max([from_grade, *dismissed_grades]):
        return None
    ongoing = [
        event
        for event in recorded
        if event.is_ongoing and first_day(event.onset_on or date.min) <= worst.result.taken_on
    ]
    return Proposal(
        result=worst.result,
        term=worst.term,
        direction=worst.direction,
        ctcae_version=version,
        grade=grade,
        reason=worst.reason,
        could_raise=worst.could_raise,
        from_grade=from_grade,
        replaces=max(
            ongoing, key=lambda event: first_day(event.onset_on or date.min), default=None
        ),
        other=(),
        treatment_emergent=None if patient.first_cycle_on is None else True,
    )


def _without_overlapping(candidates: Iterable[tuple[Proposal, Episode]]) -> list[Proposal]:
    """Return one proposal where episodes of a term overlap: the worst, of equals the earliest."""
    chosen: list[tuple[Proposal, Episode]] = []
    for proposal, episode in sorted(
        candidates, key=lambda each: (-each[0].grade, each[0].result.taken_on)
    ):
        if not any(
            other.term == proposal.term and episode.overlaps(other_episode)
            for other, other_episode in chosen
        ):
            chosen.append((proposal, episode))
    return [proposal for proposal, _episode in chosen]


def _different_grades(proposal: Proposal, other_grades: Sequence[LabGrade]) -> tuple[LabGrade, ...]:
    """Return the grades in the other version that differ from the proposed one.

    They are those of the same result by the same term; if there is no such grade, those by terms
    that the version of the proposal does not have for the analyte.
    """
    lines = [
        line
        for line in other_grades
        if line.result is proposal.result and line.direction == proposal.direction
    ]
    terms = dict(criteria.terms_of(proposal.ctcae_version, proposal.result.analyte))
    same_term = [line for line in lines if line.term == proposal.term]
    compared = same_term or [line for line in lines if line.term not in terms]
    return tuple(line for line in compared if line.grade != proposal.grade)

"""Grades suggested by laboratory results: proposals with a reason, which a clinician decides on.

For each CTCAE term a patient's results form episodes: runs of toxic results between results that
are not. An episode makes one proposal, for the first result of its worst grade, if that grade is
higher than what was recorded (or dismissed) for the episode. Once the patient is treated, only
grades worse than baseline are proposed; results up to the first cycle count as baseline. No grade
is recorded without a decision, and grades that need a clinical fact are never derived.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import groupby

from model.errors import Conflict, InvalidRecord
from model.grading.baselines import baselines_of
from model.grading.lab_grades import (
    Graded,
    Series,
    baseline_lines,
    grade_results,
    is_worse_than_baseline,
    series_of,
)
from model.grading.samples import samples_of
from model.language import _
from model.records import kinds, toxicities
from model.records.labs import LabResult
from model.records.life import Life, life_of
from model.records.patient_records import PatientRecords
from model.records.starts import CycleStart
from model.records.toxicities import VERSIONS, Dismissal, Toxicity
from model.store import rows as records
from model.store.reader import Reader
from model.store.step import Step


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A grade that a result suggests and that has not been decided on yet."""

    result: LabResult
    term: str
    direction: str
    """L or H: below or above normal."""
    ctcae_version: str
    grade: int
    reason: str
    could_raise: str
    """Which clinical fact would make the grade higher; empty if there is none."""
    from_grade: int
    """The worst grade recorded for this episode so far; 0 for none."""
    replaces: Toxicity | None
    """The ongoing toxicity that would be closed."""
    other: tuple[Graded, ...]
    """The same result in the other version, where its grade differs."""
    treatment_emergent: bool | None

    @property
    def key(self) -> tuple[int | None, str, str, int]:
        """The identity of this proposal when proposals are made again."""
        return (self.result.id, self.term, self.ctcae_version, self.grade)


def proposals(records: PatientRecords) -> list[Proposal]:
    """Return what a patient's results suggest, newest first: tens of milliseconds, on any thread.

    Results are graded in the patient's CTCAE version.
    """
    first_start, version = records.first_start, records.ctcae_version
    baselines = baselines_of(records.results, first_start)
    samples = samples_of(records.results, records.therapies)
    graded = grade_results(records.results, baselines, version, samples)
    proposed = _one_of_each_episode(
        (proposal, episode)
        for lines in _by_series(graded)
        for episode in _episodes(lines, first_start, version)
        if (proposal := _proposal(episode, lines, records))
    )
    (other_version,) = (other for other in VERSIONS if other != version)
    in_other = grade_results([one.result for one in proposed], baselines, other_version, samples)
    compared = [
        replace(
            one,
            other=tuple(
                line
                for line in in_other
                if line.result is one.result
                and line.direction == one.direction
                and line.grade != one.grade
            ),
        )
        for one in proposed
    ]
    return sorted(
        compared,
        key=lambda one: (one.result.taken_on, one.grade, one.term),
        reverse=True,
    )


def accept(step: Step, proposal: Proposal, toxicity: Toxicity | None = None) -> Toxicity:
    """Record the proposed grade, linked to its result, and close the toxicity that it replaces.

    `toxicity` is the proposal as edited by a clinician. Where its grade is lower or its term
    another, the proposal is also dismissed, so that it is not made again. Raises Conflict when the
    proposal is out of date, InvalidRecord when a rule is broken.
    """
    _refuse_outdated(step, proposal)
    life = life_of(step, proposal.result.patient_id)
    proposed = as_toxicity(proposal, life, cycle_id_of(step, proposal, life))
    decided = toxicity or proposed
    if proposal.replaces:
        _close(step, proposal.replaces, decided, proposal.result.taken_on)
    saved = toxicities.save(step, decided)
    same_term = (decided.term, decided.ctcae_version) == (proposed.term, proposed.ctcae_version)
    if not same_term or decided.grade < proposed.grade:
        dismiss(step, proposal, f"Recorded as {decided.term}, grade {decided.grade}")
    return saved


def _refuse_outdated(step: Step, proposal: Proposal) -> None:
    """Raise Conflict when the records behind the proposal have changed since it was made."""
    result, replaces = proposal.result, proposal.replaces
    is_current = result.id is not None and records.find(step, LabResult, result.id) == result
    if replaces is not None and replaces.id is not None:
        is_current = is_current and records.find(step, Toxicity, replaces.id) == replaces
    decided = any(
        event.lab_result_id == result.id
        and (event.term, event.ctcae_version) == (proposal.term, proposal.ctcae_version)
        and event.grade >= proposal.grade
        for event in kinds.of_patient(step, Toxicity, result.patient_id)
    )
    if not is_current or decided:
        raise Conflict(
            _(
                "This proposal is out of date: the records behind it have changed."
                " Nothing was recorded."
            )
        )


def _close(step: Step, before: Toxicity, after: Toxicity, result_on: date) -> None:
    """Close a toxicity that continues at another grade of the same term; leave any other."""
    same_term = (after.term, after.ctcae_version) == (before.term, before.ctcae_version)
    if not same_term or after.grade == before.grade:
        return
    changed_on = after.onset_on or result_on
    if before.onset_on and changed_on < before.onset_on:
        changed_on = before.onset_on
    outcome = "worsened" if after.grade > before.grade else "improved"
    toxicities.save(step, replace(before, resolved_on=changed_on, outcome=outcome))


def as_toxicity(proposal: Proposal, life: Life, cycle_id: int | None) -> Toxicity:
    """Return the toxicity that a proposal would become, before any edit."""
    onset = proposal.result.taken_on
    return Toxicity(
        patient_id=proposal.result.patient_id,
        cycle_id=cycle_id,
        term=proposal.term,
        ctcae_version=proposal.ctcae_version,
        phase=toxicities.suggested_phase(onset, life),
        grade=proposal.grade,
        onset_on=onset,
        treatment_emergent=proposal.treatment_emergent,
        lab_result_id=proposal.result.id,
    )


def cycle_id_of(reader: Reader, proposal: Proposal, life: Life) -> int | None:
    """Return the id of the cycle before the proposed toxicity, if there is one."""
    rows = reader.rows(
        """
        select id from cycle
         where patient_id = :patient_id and number = :number and deleted_at is null
        """,
        patient_id=proposal.result.patient_id,
        number=toxicities.suggested_cycle(proposal.result.taken_on, life),
    )
    return rows[0]["id"] if rows else None


def dismiss(step: Step, proposal: Proposal, reason: str | None = None) -> Dismissal:
    """Dismiss a proposal; it is not made again for this result at this grade."""
    if proposal.result.id is None:
        raise InvalidRecord({"lab_result_id": _("The result was never saved.")})
    return records.put(
        step,
        Dismissal(
            patient_id=proposal.result.patient_id,
            lab_result_id=proposal.result.id,
            term=proposal.term,
            ctcae_version=proposal.ctcae_version,
            grade=proposal.grade,
            reason=reason,
        ),
    )


def _by_series(graded: Sequence[Graded]) -> Iterator[list[Graded]]:
    """Yield the lines of each term, direction and analyte, in order of time."""
    by_series: dict[Series, list[Graded]] = {}
    for line in graded:
        if line.term and line.grade is not None:
            by_series.setdefault(series_of(line), []).append(line)
    yield from by_series.values()


def _episodes(
    lines: Sequence[Graded], first_start: CycleStart | None, version: str
) -> Iterator[list[Graded]]:
    """Yield the runs of toxic results; a result that is not worse than baseline ends a run."""
    baseline = next(iter(baseline_lines(lines).values()), None)

    def is_toxic(line: Graded) -> bool:
        before = first_start is not None and first_start.is_before(line.result)
        return not before and is_worse_than_baseline(line, baseline, version)

    for toxic, episode in groupby(lines, is_toxic):
        if toxic:
            yield [*episode]


def _one_of_each_episode(candidates: Iterable[tuple[Proposal, Sequence[Graded]]]) -> list[Proposal]:
    """Keep one proposal where episodes of a term overlap: the worst, among equals the earliest."""
    chosen: list[tuple[Proposal, Sequence[Graded]]] = []
    for proposal, episode in sorted(
        candidates, key=lambda each: (-each[0].grade, each[0].result.taken_on)
    ):
        is_covered = any(
            other.term == proposal.term
            and series[0].result.taken_on <= episode[-1].result.taken_on
            and series[-1].result.taken_on >= episode[0].result.taken_on
            for other, series in chosen
        )
        if not is_covered:
            chosen.append((proposal, episode))
    return [proposal for proposal, _episode in chosen]


def _proposal(
    episode: Sequence[Graded], lines: Sequence[Graded], records: PatientRecords
) -> Proposal | None:
    """Return the proposal of an episode; None if it is no worse than what is recorded."""
    version = records.ctcae_version
    worst = max(episode, key=lambda line: line.grade or 0)
    end = episode[-1].result.taken_on if episode[-1] is not lines[-1] else date.max
    known = [
        event
        for event in records.toxicities
        if event.term == worst.term
        and event.ctcae_version == version
        and (event.onset_on or date.min) <= end
        and _last_day(event, lines) >= episode[0].result.taken_on
    ]
    results = {line.result.id for line in episode}
    dismissed_grades = [
        one.grade
        for one in records.dismissals
        if one.term == worst.term and one.ctcae_version == version and one.lab_result_id in results
    ]
    from_grade = max((event.grade for event in known), default=0)
    grade = worst.grade or 0
    if grade <= max([from_grade, *dismissed_grades]):
        return None
    ongoing = [
        event
        for event in known
        if event.is_ongoing and (event.onset_on or date.min) <= worst.result.taken_on
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
        replaces=max(ongoing, key=lambda event: event.onset_on or date.min, default=None),
        other=(),
        treatment_emergent=None if records.first_cycle_on is None else True,
    )


def _last_day(event: Toxicity, lines: Sequence[Graded]) -> date:
    """Return the last day of an event; without one, the day of the next result of grade 0."""
    if event.resolved_on or event.is_ongoing:
        return event.resolved_on or date.max
    good = (line.result.taken_on for line in lines if not line.grade)
    return next((day for day in good if day > (event.onset_on or date.min)), date.max)

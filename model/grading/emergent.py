"""Which toxicities are treatment-emergent: of one patient as records, of a cohort as a frame.

The clinician's judgement decides. Without one, a toxicity is emergent if its onset is on or after
the first cycle and its grade is higher than that of the same term when treatment began. Without a
cycle no toxicity is emergent. For a term “Other, specify”, the specified text counts as the term.

A partial onset is the interval of days on which it may have been; an unknown onset is any day up to
the end of the toxicity. If the interval does not decide, it is not known whether it is emergent.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from model.dates import first_day, is_before
from model.records.life import Life
from model.records.toxicities import Toxicity, suggested_cycle

if TYPE_CHECKING:
    import pandas as pd


class WorstGrade(NamedTuple):
    """The first treatment-emergent toxicity of the highest grade of its term.

    `cycle` is the last one on or before the onset; None where the onset is not known.
    """

    toxicity: Toxicity
    cycle: int | None


def worst_grades(events: Sequence[Toxicity], life: Life) -> tuple[WorstGrade, ...]:
    """Return the worst treatment-emergent grade of each term, highest first, then by term.

    Toxicities of which it is not known whether they are emergent count too.
    """
    worst: dict[str, Toxicity] = {}
    for event in emergent_toxicities(events, life.first_cycle_on):
        other = worst.get(event.same_as)
        if other is None or _rank(event) > _rank(other):
            worst[event.same_as] = event
    return tuple(
        WorstGrade(event, suggested_cycle(event.onset_on, life) if event.onset_on else None)
        for event in sorted(worst.values(), key=lambda event: (-event.grade, event.label))
    )


def emergent_toxicities(events: Sequence[Toxicity], first_cycle_on: date | None) -> list[Toxicity]:
    """Return the toxicities of one patient that are treatment-emergent, or may be."""
    answers = are_emergent(events, first_cycle_on)
    return [event for event, answer in zip(events, answers, strict=True) if answer is not False]


def are_emergent(events: Sequence[Toxicity], first_cycle_on: date | None) -> list[bool | None]:
    """Return whether each toxicity of one patient is treatment-emergent; None if not known."""
    if first_cycle_on is None:
        return [False] * len(events)
    began_before = [_began_before(event, first_cycle_on) for event in events]
    # The grade of each term when treatment began: at least this high, and at most that high.
    at_least: dict[str, int] = {}
    at_most: dict[str, int] = {}
    for event, before in zip(events, began_before, strict=True):
        if before is False or is_before(event.resolved_on, first_cycle_on):
            continue
        at_most[event.same_as] = max(event.grade, at_most.get(event.same_as, 0))
        if before:
            at_least[event.same_as] = max(event.grade, at_least.get(event.same_as, 0))
    answers: list[bool | None] = []
    for event, before in zip(events, began_before, strict=True):
        if event.treatment_emergent is not None:
            answers.append(event.treatment_emergent)
        elif before or event.grade <= at_least.get(event.same_as, 0):
            answers.append(False)
        else:
            is_certain = before is False and event.grade > at_most.get(event.same_as, 0)
            answers.append(True if is_certain else None)
    return answers


def emergent_column(toxicities: pd.DataFrame, first_cycle_on: pd.Series) -> pd.Series:
    """Return what `are_emergent` does, for many patients, by row: 1, 0, or missing if not known.

    The columns are patient_id, same_as (a number for each term), grade, onset_from and onset_to
    (the first and last possible day of the onset), resolved_on (datetime64) and treatment_emergent
    (1, 0 or missing). `first_cycle_on` is by patient id, and has only patients with a cycle.
    """
    rows = toxicities
    first_on = first_cycle_on.reindex(rows["patient_id"]).set_axis(rows.index)
    had_ended = rows["resolved_on"] < first_on
    began_before = (rows["onset_to"] < first_on) | had_ended
    may_have_begun_before = ~(rows["onset_from"] >= first_on)
    terms = [rows["patient_id"], rows["same_as"]]
    was_present = began_before & ~had_ended
    may_have_been_present = may_have_begun_before & ~had_ended
    at_least = rows["grade"].where(was_present, 0).groupby(terms).transform("max")
    at_most = rows["grade"].where(may_have_been_present, 0).groupby(terms).transform("max")
    is_not = began_before | (rows["grade"] <= at_least)
    is_emergent = ~is_not & ~may_have_begun_before & (rows["grade"] > at_most)
    by_date = is_emergent.astype("float64").where(is_emergent | is_not)
    return rows["treatment_emergent"].fillna(by_date).where(first_on.notna(), 0.0)


def _began_before(event: Toxicity, first_cycle_on: date) -> bool | None:
    """Return whether a toxicity began before the first cycle; None if that is not known."""
    if is_before(event.resolved_on, first_cycle_on):
        return True
    return is_before(event.onset_on, first_cycle_on)


def _rank(event: Toxicity) -> tuple[int, int]:
    """Return a rank that is higher for a higher grade, then for an earlier onset."""
    return event.grade, -first_day(event.onset_on or date.max).toordinal()

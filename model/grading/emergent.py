"""Treatment-emergent toxicities: of one patient as records, of a cohort as rows of a frame.

As the clinician judged. Without a judgement: onset on or after the first cycle, and a higher grade
than the same term had when treatment began. Without a cycle none is emergent. Of a term “Other,
specify” what was specified counts as the term.

An onset is the interval of days that it may be, and an unknown one ends with the event; where that
does not decide, it is not known whether the event is emergent.
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

    Events that may be emergent count.
    """
    worst: dict[str, Toxicity] = {}
    for event in emergent(events, life.first_cycle_on):
        known = worst.get(event.same_as)
        if known is None or _rank(event) > _rank(known):
            worst[event.same_as] = event
    return tuple(
        WorstGrade(event, suggested_cycle(event.onset_on, life) if event.onset_on else None)
        for event in sorted(worst.values(), key=lambda event: (-event.grade, event.label))
    )


def emergent(events: Sequence[Toxicity], first_cycle_on: date | None) -> list[Toxicity]:
    """Return the toxicities of one patient that are treatment-emergent, or may be."""
    known = are_emergent(events, first_cycle_on)
    return [event for event, is_it in zip(events, known, strict=True) if is_it is not False]


def are_emergent(events: Sequence[Toxicity], first_cycle_on: date | None) -> list[bool | None]:
    """Return whether each toxicity of one patient is treatment-emergent; None if not known."""
    if first_cycle_on is None:
        return [False] * len(events)
    earlier = [_is_earlier(event, first_cycle_on) for event in events]
    certain: dict[str, int] = {}
    possible: dict[str, int] = {}
    for event, before in zip(events, earlier, strict=True):
        if before is False or is_before(event.resolved_on, first_cycle_on):
            continue
        possible[event.same_as] = max(event.grade, possible.get(event.same_as, 0))
        if before:
            certain[event.same_as] = max(event.grade, certain.get(event.same_as, 0))
    answers: list[bool | None] = []
    for event, before in zip(events, earlier, strict=True):
        if event.treatment_emergent is not None:
            answers.append(event.treatment_emergent)
        elif before or event.grade <= certain.get(event.same_as, 0):
            answers.append(False)
        else:
            is_certain = before is False and event.grade > possible.get(event.same_as, 0)
            answers.append(True if is_certain else None)
    return answers


def emergent_column(toxicities: pd.DataFrame, first_cycle_on: pd.Series) -> pd.Series:
    """Return `are_emergent` of many patients, by row: 1, 0, or missing if not known.

    Columns: patient_id, same_as (a number for each term), grade, onset_from and onset_to (the days
    that the onset may be), resolved_on (datetime64), treatment_emergent (1, 0 or missing).
    `first_cycle_on` is by patient id, and holds the patients with a cycle only.
    """
    rows = toxicities
    first_on = first_cycle_on.reindex(rows["patient_id"]).set_axis(rows.index)
    had_ended = rows["resolved_on"] < first_on
    earlier = (rows["onset_to"] < first_on) | had_ended
    maybe_earlier = ~(rows["onset_from"] >= first_on)
    of_term = [rows["patient_id"], rows["same_as"]]
    still_present = ~had_ended
    certain = rows["grade"].where(earlier & still_present, 0).groupby(of_term).transform("max")
    maybe_present = maybe_earlier & still_present
    possible = rows["grade"].where(maybe_present, 0).groupby(of_term).transform("max")
    is_not = earlier | (rows["grade"] <= certain)
    is_emergent = ~is_not & ~maybe_earlier & (rows["grade"] > possible)
    by_date = is_emergent.astype("float64").where(is_emergent | is_not)
    return rows["treatment_emergent"].fillna(by_date).where(first_on.notna(), 0.0)


def _is_earlier(event: Toxicity, first_cycle_on: date) -> bool | None:
    """Whether an event began before the first cycle; None where it may have or not."""
    if is_before(event.resolved_on, first_cycle_on):
        return True
    return is_before(event.onset_on, first_cycle_on)


def _rank(event: Toxicity) -> tuple[int, int]:
    """Higher grade first, then earlier onset; one without an onset last."""
    return event.grade, -first_day(event.onset_on or date.max).toordinal()

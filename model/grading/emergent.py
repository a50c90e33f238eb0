"""Treatment-emergent toxicities: of one patient as records, of a cohort as rows of a frame.

As the clinician judged. Without a judgement: onset on or after the first cycle (or not known), and
a higher grade than the same term had when treatment began. Without a cycle none is emergent.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from model.records.toxicities import Toxicity

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True, slots=True, kw_only=True)
class WorstGrade:
    """The highest treatment-emergent grade of a term, with its first onset at that grade.

    `cycle` is the last one on or before the onset; None where the onset is not known.
    """

    term: str
    grade: int
    ctcae_version: str
    onset: date | None
    cycle: int | None
    toxicity: Toxicity


def worst_grades(
    events: Sequence[Toxicity], cycles: Sequence[tuple[int, date]]
) -> tuple[WorstGrade, ...]:
    """Return the worst treatment-emergent grade of each term, highest first, then by term.

    `cycles` are number and day, by day; without one nothing is treatment-emergent.
    """
    worst: dict[str, Toxicity] = {}
    for event in emergent(events, cycles[0][1] if cycles else None):
        known = worst.get(event.term)
        if known is None or _rank(event) > _rank(known):
            worst[event.term] = event
    return tuple(
        WorstGrade(
            term=event.term,
            grade=event.grade,
            ctcae_version=event.ctcae_version,
            onset=event.onset_on,
            cycle=_cycle_of(event.onset_on, cycles),
            toxicity=event,
        )
        for event in sorted(worst.values(), key=lambda event: (-event.grade, event.term))
    )


def emergent(events: Sequence[Toxicity], first_cycle_on: date | None) -> list[Toxicity]:
    """Return the treatment-emergent toxicities of one patient."""
    if first_cycle_on is None:
        return []
    before: dict[str, int] = {}
    for event in events:
        if _is_earlier(event, first_cycle_on) and not _had_ended(event, first_cycle_on):
            before[event.term] = max(event.grade, before.get(event.term, 0))
    return [
        event
        for event in events
        if event.treatment_emergent
        or (
            event.treatment_emergent is None
            and not _is_earlier(event, first_cycle_on)
            and event.grade > before.get(event.term, 0)
        )
    ]


def emergent_rows(toxicities: pd.DataFrame, first_cycle_on: pd.Series) -> pd.DataFrame:
    """Return the treatment-emergent rows of a frame of toxicities, in their order.

    Columns: patient_id, term, grade, onset_on, resolved_on (datetime64), treatment_emergent (1, 0
    or missing). `first_cycle_on` is by patient id, and holds the patients with a cycle only.
    """
    rows = toxicities[toxicities["patient_id"].isin(first_cycle_on.index)]
    first_on = first_cycle_on.reindex(rows["patient_id"]).set_axis(rows.index)
    earlier = rows["onset_on"] < first_on
    still_present = ~(rows["resolved_on"] < first_on)
    of_term = [rows["patient_id"], rows["term"]]
    before = rows["grade"].where(earlier & still_present, 0).groupby(of_term).transform("max")
    judged = rows["treatment_emergent"]
    is_worse = ~earlier & (rows["grade"] > before)
    return rows[judged.eq(1) | (judged.isna() & is_worse)]


def _is_earlier(event: Toxicity, first_cycle_on: date) -> bool:
    return event.onset_on is not None and event.onset_on < first_cycle_on


def _had_ended(event: Toxicity, first_cycle_on: date) -> bool:
    return event.resolved_on is not None and event.resolved_on < first_cycle_on


def _rank(event: Toxicity) -> tuple[int, int]:
    """Higher grade first, then earlier onset; one without an onset last."""
    return event.grade, -(event.onset_on or date.max).toordinal()


def _cycle_of(onset: date | None, cycles: Iterable[tuple[int, date]]) -> int | None:
    if onset is None:
        return None
    return max((number for number, on in cycles if on <= onset), default=None)

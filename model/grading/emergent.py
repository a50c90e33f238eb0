"""Treatment-emergent toxicities: of one patient as records, of a cohort as rows of a frame.

As the clinician judged. Without a judgement: onset on or after the first cycle (or not known), and
a higher grade than the same term had when treatment began. Without a cycle none is emergent.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

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
    """Return the worst treatment-emergent grade of each term, highest first, then by term."""
    worst: dict[str, Toxicity] = {}
    for event in emergent(events, life.first_cycle_on):
        known = worst.get(event.term)
        if known is None or _rank(event) > _rank(known):
            worst[event.term] = event
    return tuple(
        WorstGrade(event, suggested_cycle(event.onset_on, life) if event.onset_on else None)
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

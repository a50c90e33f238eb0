"""Find the ranges of days over which a course is shown: treatment, observation, everything."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from model.course.marks import Bar, covered_days
from model.records.patient_records import PatientRecords

BEFORE_TREATMENT = timedelta(weeks=6)
AFTER_TREATMENT = timedelta(days=183)
"""How long before the first and after the last cycle a course is shown on opening."""

_SHORTEST = timedelta(days=42)
_MARGIN, _LEAST_MARGIN = 0.03, timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """Three ranges of days, each within the next.

    `first` to `last` are shown on opening: the treatment, or everything if there is no cycle. The
    observed days, used on paper, contain all records except earlier therapies, and the last contact
    unless it is long after the last record. The whole range contains everything.
    """

    first: date
    last: date
    observed_first: date
    observed_last: date
    whole_first: date
    whole_last: date


def find_span(
    records: PatientRecords, therapies: Sequence[Bar], toxicities: Sequence[Bar]
) -> Span | None:
    """Return the ranges of a patient with these bars; None if nothing has a date."""
    cycles = [day for _number, day in records.cycle_days]
    results, contact = records.results, records.last_contact_on
    observed = [
        *cycles,
        *((results[0].taken_on, results[-1].taken_on) if results else ()),
        *(assessment.assessed_on for assessment in records.assessments),
        *(day for bar in toxicities for day in _recorded_days(bar)),
    ]
    treated = [day for bar in therapies for day in covered_days(bar)]
    if not (observed or treated):
        return None
    contacts = [contact] if contact else []
    whole_first, whole_last = _with_margins([*observed, *treated, *contacts])
    observed = observed or treated
    if contact and contact - max(observed) <= (max(observed) - min(observed)) / 4:
        observed += contacts
    observed_first, observed_last = _with_margins(observed)
    first, last = whole_first, whole_last
    if cycles:
        first = max(first, cycles[0] - BEFORE_TREATMENT)
        last = min(last, cycles[-1] + AFTER_TREATMENT)
    return Span(
        first=first,
        last=last,
        observed_first=observed_first,
        observed_last=observed_last,
        whole_first=min(whole_first, observed_first),
        whole_last=max(whole_last, observed_last),
    )


def _recorded_days(bar: Bar) -> Iterable[date]:
    """Yield the recorded days of a toxicity; an ongoing one has no end yet."""
    if bar.began:
        yield bar.began.earliest
    if bar.ended and not bar.ongoing:
        yield bar.ended.latest


def _with_margins(days: Sequence[date]) -> tuple[date, date]:
    """Return the first and the last day with a margin, at least six weeks apart."""
    first, last = min(days), max(days)
    margin = max(_LEAST_MARGIN, (last - first) * _MARGIN)
    return first - margin, max(last, first + _SHORTEST) + margin

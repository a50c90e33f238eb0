"""How the WHO grade of a patient's tumour changed from biopsy to biopsy, said in words.

NEC is poorly differentiated: a tumour of its own, and not a fourth grade of NET (WHO
classification 2019 and 2022).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from model.course.grade_conflicts import conflict
from model.dates import PartialDate, shown
from model.records.biopsies import (
    DIAGNOSIS,
    Biopsy,
    Moment,
    in_order,
    is_before,
    moments_of,
    placed_of,
)

_AT = {DIAGNOSIS: "at diagnosis", "rebiopsy": "at re-biopsy", "surgery": "at surgery"}
_FEW = 4


@dataclass(frozen=True, slots=True)
class GradeStory:
    """What the biopsies say together: one sentence, and what it leaves open in further ones."""

    sentence: str = ""
    """Empty without a biopsy."""
    remarks: tuple[str, ...] = ()
    """Grades that do not fit their Ki-67, and biopsies that have no place in time."""


def grade_story(biopsies: Sequence[Biopsy], first_cycle_on: date | None) -> GradeStory:
    """The grades over time in words; nothing is concluded that the biopsies do not state.

    A change is told only between grades that are stated and where the order is known, from the
    dates or because one is the diagnosis. Where one day has several grades, the highest counts
    and this is said.
    """
    moments = moments_of(biopsies)
    if not moments:
        return GradeStory()
    placed = placed_of(moments)
    open_ones = [moment for moment in moments if moment not in placed]
    told = "; ".join(_words(moment) for moment in _worth_telling(placed))
    verdict = "one biopsy only" if len(biopsies) == 1 else _verdict(placed, first_cycle_on)
    sentence = f"{told}: {verdict}."
    remarks = [f"{_capital(_words(moment))}: not placed in time." for moment in open_ones]
    remarks += _out_of_order(placed)
    remarks += [found for biopsy in in_order(biopsies) if (found := _disagreement(biopsy))]
    return GradeStory(_capital(sentence), tuple(remarks))


def biopsy_text(biopsy: Biopsy, *, with_site: bool = False) -> str:
    """A biopsy in words: `NET G2 (Ki-67 12 %) at diagnosis, Mar 2021`."""
    found = _found_text(biopsy, with_site=with_site)
    when = shown(biopsy.taken_on) if biopsy.taken_on else "no date"
    return f"{' '.join(filter(None, (found, _event_text(biopsy))))}, {when}"


def _found_text(biopsy: Biopsy, *, with_site: bool) -> str:
    grade = biopsy.who_grade or "grade not stated"
    ki67 = biopsy.ki67_percent
    facts = [f"Ki-67 {ki67:g} %" if ki67 is not None else "Ki-67 not stated"]
    if with_site:
        facts.append((biopsy.site or "site not stated").replace("_", " "))
    return f"{grade} ({', '.join(facts)})"


def _event_text(biopsy: Biopsy) -> str:
    event = biopsy.event or ""
    return _AT.get(event, f"at {event.replace('_', ' ')}" if event else "")


def _words(moment: Moment) -> str:
    """All biopsies of a moment, with their sites where there are several."""
    if len(moment.biopsies) == 1:
        return biopsy_text(moment.biopsies[0])
    *others, last = moment.biopsies
    events = {_event_text(biopsy) for biopsy in moment.biopsies}
    if len(events) > 1:
        return " and ".join(biopsy_text(each, with_site=True) for each in moment.biopsies)
    found = ", ".join(_found_text(each, with_site=True) for each in others)
    return f"{found} and {biopsy_text(last, with_site=True)}"


def _worth_telling(placed: Sequence[Moment]) -> list[Moment]:
    """All moments where they are few; of many the first, the last, and each of another grade."""
    if len(placed) <= _FEW:
        return list(placed)
    told = [placed[0]]
    told += [moment for before, moment in pairwise(placed[:-1]) if moment.highest != before.highest]
    return [*told, placed[-1]]


def _verdict(placed: Sequence[Moment], first_cycle_on: date | None) -> str:
    """What the grades of several biopsies say together."""
    graded = [moment for moment in placed if moment.grades]
    if len(graded) < 2:
        if len(placed) == 1 and len(placed[0].grades) > 1:
            return "different grades at the same time, so no change can be told"
        return "whether the grade changed cannot be said"
    changes = [
        (before, after) for before, after in pairwise(graded) if before.highest != after.highest
    ]
    if not all(is_before(*change) for change in changes):
        return "which came first is not known from the dates"
    if not changes:
        return _unchanged(placed, graded)
    said: list[str] = []
    for before, after in changes:
        old, new = before.highest or "", after.highest or ""
        said.append(f"{_change(old, new, is_first=not said)} {_after(graded[0].on, after.on)}")
    verdict = ", then ".join(said)
    if any(len(moment.grades) > 1 for moment in graded):
        verdict = f"by the highest grade of each date, {verdict}"
    relation = _to_treatment(changes[-1][1].on, first_cycle_on)
    return ", ".join(filter(None, (verdict, relation)))


def _unchanged(placed: Sequence[Moment], graded: Sequence[Moment]) -> str:
    """That the grade stayed, for as long as it is stated."""
    grade = graded[-1].highest
    over = _after(graded[0].on, graded[-1].on)
    same = f"{grade} in all" if len(graded) == len(placed) else f"{grade} in all that state it"
    return f"{same}, the last {over}" if over.startswith("after") else same


def _change(old: str, new: str, *, is_first: bool) -> str:
    """A change of grade; a change between NET and NEC is no step of grade."""
    if "NEC" in (old, new):
        return f"classified as {new} instead of {old}, which is not a step of grade,"
    old, new = old.removeprefix("NET "), new.removeprefix("NET ")
    verb = "upgraded" if new > old else "downgraded"
    return f"{verb} from {old} to {new}" if is_first else f"{verb} to {new}"


def _to_treatment(on: PartialDate | None, first_cycle_on: date | None) -> str:
    """Whether a biopsy was taken before the first cycle, where both are known."""
    if first_cycle_on is None or on is None:
        return ""
    if on.latest < first_cycle_on:
        return "before the first cycle"
    if on.earliest > first_cycle_on:
        return "after the first cycle"
    if on.earliest == on.latest:
        return "on the day of the first cycle"
    return "not known whether before the first cycle"


def _after(first: PartialDate | None, last: PartialDate | None) -> str:
    """How long after the first biopsy, as exactly as both dates are known."""
    if last is None:
        return "at a time that is not recorded"
    if first is None:
        return f"by {shown(last)}"
    if first.month is None or last.month is None:
        years = last.year - first.year
        # From one year to the next it may be a day or two years.
        few = "within the same year" if not years else "in the year after"
        return few if years < 2 else f"after about {_count(years, 'year')}"
    months = (last.year - first.year) * 12 + last.month - first.month
    if first.day is not None and last.day is not None:
        months -= last.day < first.day
        if not months:
            return f"after {_count((last.earliest - first.earliest).days, 'day')}"
    if not months:
        return "within the same month"
    years, rest = divmod(months, 12)
    parts = [_count(years, "year")] if years else []
    parts += [_count(rest, "month")] if rest else []
    return f"after {' '.join(parts)}"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _count(number: int, unit: str) -> str:
    return f"{number} {unit}" if number == 1 else f"{number} {unit}s"


def _out_of_order(placed: Sequence[Moment]) -> list[str]:
    """That a diagnosis is dated after another biopsy, which one of the two must have wrong."""
    found = any(moment.is_diagnosis for moment in placed[1:]) and not placed[0].is_diagnosis
    return ["The biopsy at diagnosis is dated after another."] if found else []


def _disagreement(biopsy: Biopsy) -> str:
    """That a stated grade does not fit what else is recorded of the biopsy."""
    found = conflict(biopsy)
    where = " ".join(filter(None, (biopsy.who_grade, _event_text(biopsy))))
    when = f", {shown(biopsy.taken_on)}" if biopsy.taken_on else ""
    return f"{where}{when}: {found}. Both are shown as recorded." if found else ""

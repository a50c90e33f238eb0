"""Describe in words how the WHO grade of a patient's tumour changed from biopsy to biopsy.

NEC is a poorly differentiated tumour of its own, and not a fourth grade of NET.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import reduce
from itertools import pairwise

from model.dates import PartialDate, date_text
from model.language import _, ngettext
from model.records.biopsies import (
    DIAGNOSIS,
    Biopsy,
    Moment,
    in_order,
    is_earlier,
    moments_of,
    placed_of,
)

_AT = {DIAGNOSIS: _("at diagnosis"), "rebiopsy": _("at re-biopsy"), "surgery": _("at surgery")}
_FEW = 4


@dataclass(frozen=True, slots=True)
class GradeHistory:
    """The grades over time in one sentence, and remarks on what does not fit into it."""

    sentence: str = ""
    """Empty without a biopsy."""
    remarks: tuple[str, ...] = ()
    """Sentences on grades that contradict their Ki-67, and on biopsies that cannot be dated."""


def describe_grade_history(biopsies: Sequence[Biopsy], first_cycle_on: date | None) -> GradeHistory:
    """Return the grades over time in words, without conclusions that the biopsies do not state.

    A change is stated only between stated grades whose order is known, from the dates or because
    one is the diagnosis. Where one day has several grades, the highest counts, and the sentence
    states that.
    """
    moments = moments_of(biopsies)
    if not moments:
        return GradeHistory()
    placed = placed_of(moments)
    steps = "; ".join(_describe_moment(moment) for moment in _shown_moments(placed))
    verdict = _("one biopsy only") if len(biopsies) == 1 else _verdict(placed, first_cycle_on)
    remarks = [
        _("{biopsy}: not placed in time.").format(biopsy=_capitalise(_describe_moment(moment)))
        for moment in moments
        if moment not in placed
    ]
    remarks += _out_of_order(placed)
    remarks += [remark for biopsy in in_order(biopsies) if (remark := _disagreement(biopsy))]
    return GradeHistory(_capitalise(f"{steps}: {verdict}."), tuple(remarks))


def biopsy_text(biopsy: Biopsy, *, with_site: bool = False) -> str:
    """Return a biopsy in words: `NET G2 (Ki-67 12 %) at diagnosis, Mar 2021`."""
    finding = _finding(biopsy, with_site=with_site)
    when = date_text(biopsy.taken_on) if biopsy.taken_on else _("no date")
    return f"{' '.join(filter(None, (finding, _event_text(biopsy))))}, {when}"


def _finding(biopsy: Biopsy, *, with_site: bool) -> str:
    ki67 = biopsy.ki67_text
    facts = [f"Ki-67 {ki67} %" if ki67 else _("Ki-67 not stated")]
    if with_site:
        facts.append((biopsy.site or _("site not stated")).replace("_", " "))
    return f"{biopsy.who_grade or _('grade not stated')} ({', '.join(facts)})"


def _event_text(biopsy: Biopsy) -> str:
    if not biopsy.event:
        return ""
    return _AT.get(biopsy.event) or _("at {event}").format(event=biopsy.event.replace("_", " "))


def _describe_moment(moment: Moment) -> str:
    """Describe all biopsies of a moment, with their sites if there are several."""
    if len(moment.biopsies) == 1:
        return biopsy_text(moment.biopsies[0])
    *others, last = moment.biopsies
    if len({_event_text(biopsy) for biopsy in moment.biopsies}) > 1:
        texts = [biopsy_text(each, with_site=True) for each in others]
    else:
        texts = [", ".join(_finding(each, with_site=True) for each in others)]
    texts.append(biopsy_text(last, with_site=True))
    return reduce(
        lambda first, second: _("{one} and {other}").format(one=first, other=second), texts
    )


def _shown_moments(placed: Sequence[Moment]) -> list[Moment]:
    """Return all moments if they are few, or else the first, the last and each with a new grade."""
    if len(placed) <= _FEW:
        return list(placed)
    changed = [now for before, now in pairwise(placed[:-1]) if now.highest != before.highest]
    return [placed[0], *changed, placed[-1]]


def _verdict(placed: Sequence[Moment], first_cycle_on: date | None) -> str:
    """Return the conclusion from the grades of several biopsies."""
    graded = [moment for moment in placed if moment.grades]
    if len(graded) < 2:
        if len(placed) == 1 and len(placed[0].grades) > 1:
            return _("different grades at the same time, so a change cannot be determined")
        return _("whether the grade changed is not known")
    changes = [
        (before, after) for before, after in pairwise(graded) if before.highest != after.highest
    ]
    if not all(is_earlier(*change) for change in changes):
        return _("which came first is not known from the dates")
    if not changes:
        return _unchanged(placed, graded)
    steps: list[str] = []
    for before, after in changes:
        old, new = before.highest or "", after.highest or ""
        steps.append(f"{_change(old, new, is_first=not steps)} {_after(graded[0].on, after.on)}")
    verdict = reduce(
        lambda first, second: _("{one}, then {other}").format(one=first, other=second), steps
    )
    if any(len(moment.grades) > 1 for moment in graded):
        verdict = _("by the highest grade of each date, {change}").format(change=verdict)
    relation = _to_treatment(changes[-1][1].on, first_cycle_on)
    return ", ".join(filter(None, (verdict, relation)))


def _unchanged(placed: Sequence[Moment], graded: Sequence[Moment]) -> str:
    """State that the grade stayed the same, and for how long."""
    text = _("{grade} in all") if len(graded) == len(placed) else _("{grade} in all that state it")
    same = text.format(grade=graded[-1].highest)
    first, last = graded[0].on, graded[-1].on
    if first is None or last is None or not _is_later(first, last):
        return same
    return _("{same}, the last {time}").format(same=same, time=_after(first, last))


def _change(old: str, new: str, *, is_first: bool) -> str:
    """Describe a change of grade; a change between NET and NEC is not a step of grade."""
    if "NEC" in (old, new):
        text = _("classified as {new} instead of {old}, which is not a step of grade,")
        return text.format(new=new, old=old)
    old, new = old.removeprefix("NET "), new.removeprefix("NET ")
    if new > old:
        text = _("upgraded from {old} to {new}") if is_first else _("upgraded to {new}")
    else:
        text = _("downgraded from {old} to {new}") if is_first else _("downgraded to {new}")
    return text.format(old=old, new=new)


def _to_treatment(on: PartialDate | None, first_cycle_on: date | None) -> str:
    """State whether a biopsy was taken before the first cycle, if both dates are known."""
    if first_cycle_on is None or on is None:
        return ""
    if on.latest < first_cycle_on:
        return _("before the first cycle")
    if on.earliest > first_cycle_on:
        return _("after the first cycle")
    if on.earliest == on.latest:
        return _("on the day of the first cycle")
    return _("not known whether before the first cycle")


def _is_later(first: PartialDate, last: PartialDate) -> bool:
    """Return whether `_after` gives a length of time between two dates."""
    if first.month is None or last.month is None:
        return last.year - first.year >= 2
    days = first.day is not None and last.day is not None
    return days or (first.year, first.month) != (last.year, last.month)


def _after(first: PartialDate | None, last: PartialDate | None) -> str:
    """State how long after the first biopsy, as exactly as both dates are known."""
    if last is None:
        return _("at a time that is not recorded")
    if first is None:
        return _("by {date}").format(date=date_text(last))
    if first.month is None or last.month is None:
        years = last.year - first.year
        if years >= 2:
            text = ngettext("after about {n} year", "after about {n} years", years)
            return text.format(n=years)
        # From one year to the next it may be a day or two years.
        return _("within the same year") if not years else _("in the year after")
    months = (last.year - first.year) * 12 + last.month - first.month
    if first.day is not None and last.day is not None:
        months -= last.day < first.day
        if not months:
            days = (last.earliest - first.earliest).days
            return ngettext("after {n} day", "after {n} days", days).format(n=days)
    if not months:
        return _("within the same month")
    years, rest = divmod(months, 12)
    parts = [ngettext("{n} year", "{n} years", years).format(n=years)] if years else []
    parts += [ngettext("{n} month", "{n} months", rest).format(n=rest)] if rest else []
    return _("after {time}").format(time=" ".join(parts))


def _capitalise(text: str) -> str:
    return text[:1].upper() + text[1:]


def _out_of_order(placed: Sequence[Moment]) -> list[str]:
    """Remark that the diagnosis is dated after another biopsy: one of the dates must be wrong."""
    is_late = any(moment.is_diagnosis for moment in placed[1:]) and not placed[0].is_diagnosis
    return [_("The biopsy at diagnosis is dated after another.")] if is_late else []


def _disagreement(biopsy: Biopsy) -> str:
    """Remark that the stated grade does not fit the other findings of a biopsy."""
    reason = biopsy.grade_conflict
    if not reason:
        return ""
    where = " ".join(filter(None, (biopsy.who_grade, _event_text(biopsy))))
    when = date_text(biopsy.taken_on) if biopsy.taken_on else ""
    return _("{biopsy}: {conflict}. Both are shown as recorded.").format(
        biopsy=", ".join(filter(None, (where, when))), conflict=reason
    )

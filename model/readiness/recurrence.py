"""A toxicity that recurs after a lower activity, by the limits of the same rule set.

The label of 177Lu-DOTATATE reduces the activity after a toxicity, and ends treatment when the
toxicity recurs. A limit counts as exceeded on the days of its own results, and as long as a
recorded toxicity of that grade lasts. So a recurrence is found even if it has ended since.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

from model.dates import date_text, first_day
from model.language import _
from model.readiness.facts import Facts
from model.readiness.limits import Finding, Verdict, not_assessable
from model.readiness.rule_sets import Limit
from model.records.administrations import LARGEST_DEVIATION
from model.records.cycles import Cycle, Treatment
from model.records.labs import label
from model.reference import nuclides

ExceededLimits = Callable[[date], dict[str, str]]
"""Returns what was exceeded on a day (`Platelets`), by the key of its rule."""


def check_recurrence(
    limit: Limit, facts: Facts, nuclide: str, exceeded_limits: ExceededLimits
) -> Finding:
    """Check whether a limit was exceeded both before and after the first reduced activity."""
    reduced = _reduced_cycle(limit, facts, nuclide)
    if reduced is None:
        return Finding(verdict=Verdict.DOES_NOT_APPLY, reason=_("No lower activity was given."))
    days = {each.taken_on for each in facts.records.results}
    days |= {first_day(each.onset_on) for each in facts.records.toxicities if each.onset_on}
    first_on = facts.records.first_cycle_on or reduced.given_on
    before: dict[str, str] = {}
    for day in sorted(day for day in days if first_on < day <= reduced.given_on):
        before |= exceeded_limits(day)
    since = _("Since the lower activity of cycle {n}, {date}.").format(
        n=reduced.number, date=date_text(reduced.given_on)
    )
    if not before:
        text = _("No limit of this set was exceeded before the lower activity of cycle {n}.")
        return Finding(verdict=Verdict.DOES_NOT_APPLY, reason=text.format(n=reduced.number))
    later = sorted(day for day in days if day > reduced.given_on)
    for day in later:
        recurred = [name for key, name in exceeded_limits(day).items() if key in before]
        if recurred:
            return Finding(verdict=Verdict.FAIL, recorded=", ".join(recurred), on=day, reason=since)
    for result in facts.records.results:
        if result.taken_on in later and result.is_questioned:
            return not_assessable(f"{label(result.analyte)}: {result.doubt}")
    if not later:
        return not_assessable(f"{_('No result recorded.')} {since}")
    return Finding(verdict=Verdict.PASS, recorded=_("none recorded"), reason=since)


def _reduced_cycle(limit: Limit, facts: Facts, nuclide: str) -> Cycle | None:
    """Return the first cycle of at most the lower activity, in GBq, that followed a higher one."""
    max_mbq = float(limit.value or 0) * 1000 * (1 + LARGEST_DEVIATION)
    had_higher = False
    for each in sorted(facts.records.treatments, key=lambda each: each.cycle.given_on):
        mbq = _activity_mbq(each, nuclide)
        if mbq is not None and mbq <= max_mbq and had_higher:
            return each.cycle
        had_higher = had_higher or (mbq is not None and mbq > max_mbq)
    return None


def _activity_mbq(treatment: Treatment, nuclide: str) -> float | None:
    """Return a nuclide's activity in a cycle, as prescribed or else as given; None if unknown."""
    activities = [
        each.prescribed_mbq or each.activity_mbq
        for each in treatment.administrations
        if not nuclide or nuclides.spell(each.nuclide) == nuclide
    ]
    known = [mbq for mbq in activities if mbq is not None]
    return sum(known) if known and len(known) == len(activities) else None

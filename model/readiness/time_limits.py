"""Limits on intervals, delays, the age of results, the number of cycles, and activities.

Days are counted exactly: an interval of 8 weeks is 56 days and is reached on the 56th day.
"""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import timedelta
from fractions import Fraction

from model.dates import date_text
from model.language import _, ngettext
from model.readiness.facts import Facts
from model.readiness.limits import Finding, Verdict, days_text, not_assessable, over_age_text
from model.readiness.rule_sets import Against, Limit
from model.records.administrations import is_beyond, percent_text
from model.records.outcome.finished import given_text

_NONE_YET = Finding(verdict=Verdict.DOES_NOT_APPLY, reason=_("No cycle given yet."))


def max_age_of(limit: Limit) -> int:
    """Return how many days old a result may be at most."""
    return _last_day(limit)


def check_age(limit: Limit, facts: Facts) -> Finding:
    """Check the age of the newest result of any analyte."""
    if not facts.records.results:
        return not_assessable(_("No result recorded."))
    newest = facts.records.results[-1].taken_on
    days = (facts.today - newest).days
    is_old = days > _last_day(limit)
    return Finding(
        verdict=Verdict.NOT_ASSESSABLE if is_old else Verdict.PASS,
        recorded=_("today") if days == 0 else days_text(days),
        on=newest,
        reason=over_age_text(_last_day(limit)) if is_old else "",
    )


def check_interval(limit: Limit, facts: Facts, nuclide: str) -> Finding:
    """Check that enough time has passed since a nuclide was last given.

    `nuclide` is `alpha`, a nuclide such as `177Lu`, or empty for any. If it is not recorded what
    was given since, the limit cannot be assessed.
    """
    if (last := facts.last_cycle_of(nuclide)) is None:
        return _NONE_YET
    (cycle, given_on), today = last, facts.today
    interval = timedelta(days=_first_day(limit))
    earliest = given_on + interval
    verdict = Verdict.PASS if today >= earliest else Verdict.FAIL
    text = _("Since cycle {n} on {date}.")
    if verdict is Verdict.FAIL:
        text = _("Since cycle {n} on {date}; minimum interval reached on {earliest}.")
    reason = text.format(n=cycle.number, date=date_text(given_on), earliest=date_text(earliest))
    for other in facts.cycles_of_unknown_nuclide() if nuclide else ():
        if other.given_on > given_on and today < other.given_on + interval:
            verdict = verdict if verdict is Verdict.FAIL else Verdict.NOT_ASSESSABLE
            reason += " " + not_recorded_text(other.number)
    return Finding(
        verdict=verdict,
        recorded=weeks_text((today - given_on).days),
        reason=reason,
        earliest=earliest,
    )


def check_cycles(limit: Limit, facts: Facts, nuclide: str) -> Finding:
    """Compare the number of cycles with a nuclide in the present course with the planned number.

    A cycle of which it is not recorded what was given may count.
    """
    planned = int(limit.value or 0)
    certain, possible = facts.records.treatment_course.count(nuclide)
    recorded = given_text(certain, planned)
    if certain < planned <= possible:
        return replace(
            not_assessable(not_recorded_text(facts.cycles_of_unknown_nuclide()[-1].number)),
            recorded=recorded,
        )
    return Finding(verdict=Verdict.PASS if certain < planned else Verdict.FAIL, recorded=recorded)


def check_delay(limit: Limit, facts: Facts, nuclide: str) -> Finding:
    """Check that a delay that toxicity caused is not too long, and return the time that is left.

    A delay that is too long fails if a toxicity is recorded in that time. Without one the cause is
    not known, and the limit cannot be assessed.
    """
    if (last := facts.last_cycle_of(nuclide)) is None:
        return _NONE_YET
    cycle, given_on = last
    days, max_days = (facts.today - given_on).days, _last_day(limit)
    cycle_on = {"n": cycle.number, "date": date_text(given_on)}
    if days <= max_days:
        text = _("Since cycle {n} on {date}; the last day within the limit is {last}.")
        return Finding(
            verdict=Verdict.PASS,
            recorded=weeks_text(days),
            reason=text.format(**cycle_on, last=date_text(given_on + timedelta(days=max_days))),
            left=_("{time} left").format(time=weeks_text(max_days - days)),
        )
    over = _("over by {time}").format(time=weeks_text(days - max_days))
    events = dict.fromkeys(
        f"{event.label} {event.grade}"
        for event in facts.records.toxicities
        if event.is_ongoing or (event.resolved_on and event.resolved_on > given_on)
    )
    if not events:
        text = _(
            "Since cycle {n} on {date}. No toxicity is recorded in this time, and no other cause."
        )
        reason = text.format(**cycle_on)
        return replace(not_assessable(reason), recorded=weeks_text(days), left=over)
    text = _(
        "Since cycle {n} on {date}. Toxicity recorded in this time: {events}."
        " Whether it is the cause is not recorded."
    )
    return Finding(
        verdict=Verdict.FAIL,
        recorded=weeks_text(days),
        reason=text.format(**cycle_on, events=", ".join(events)),
        left=over,
    )


def check_deviation(limit: Limit, facts: Facts) -> Finding:
    """Compare the largest deviation from a prescribed activity in the last cycle with its limit."""
    last = max(
        facts.records.treatments,
        key=lambda each: (each.cycle.given_on, each.cycle.number),
        default=None,
    )
    if last is None or not last.administrations:
        return not_assessable(_("What was given in the last cycle is not recorded."))
    deviations = []
    for each in last.administrations:
        if each.activity_mbq is None:
            text = _("The administered activity of {agent} is not recorded.")
            return not_assessable(text.format(agent=each.agent))
        if not each.prescribed_mbq:
            text = _("The prescribed activity of {agent} is not recorded.")
            return not_assessable(text.format(agent=each.agent))
        deviations.append((each.activity_mbq / each.prescribed_mbq - 1, each.agent))
    largest, agent = max(deviations, key=lambda pair: abs(pair[0]))
    allowed = float(limit.value or 0) / 100
    return Finding(
        verdict=Verdict.FAIL if is_beyond(largest, allowed) else Verdict.PASS,
        recorded=percent_text(largest, allowed),
        on=last.cycle.given_on,
        reason=_("{agent} in cycle {n}.").format(agent=agent, n=last.cycle.number),
    )


def weeks_text(days: int) -> str:
    """Return a number of days in weeks and days: `5 weeks 2 days`."""
    weeks, rest = divmod(days, 7)
    parts = [ngettext("{n} week", "{n} weeks", weeks).format(n=weeks)] if weeks else []
    return " ".join([*parts, *([days_text(rest)] if rest or not weeks else [])])


def not_recorded_text(number: int) -> str:
    """Return that it is not recorded what was given in a cycle."""
    return _("What was given in cycle {n} is not recorded.").format(n=number)


def _days(limit: Limit) -> Fraction:
    return Fraction(limit.value or 0) * (7 if limit.against is Against.WEEKS else 1)


def _first_day(limit: Limit) -> int:
    """Return the lowest number of days that is not blocked by an interval limit (`<` or `<=`)."""
    days = _days(limit)
    return math.ceil(days) if limit.operator == "<" else math.floor(days) + 1


def _last_day(limit: Limit) -> int:
    """Return the highest number of days not blocked by a limit to delay or age (`>` or `>=`)."""
    days = _days(limit)
    return math.floor(days) if limit.operator == ">" else math.ceil(days) - 1

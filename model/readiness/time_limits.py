"""Limits on time, number and activity: intervals, delays, age of results, cycles, deviation.

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
from model.readiness.limits import Finding, Verdict, days_text, over_age_text, unknown
from model.readiness.rule_sets import Against, Limit
from model.records.administrations import is_beyond, percent_text
from model.records.outcome.finished import given_text

_NONE_YET = Finding(verdict=Verdict.DOES_NOT_APPLY, reason=_("No cycle given yet."))


def oldest_age(limit: Limit) -> int:
    """Return how many days old a result may be at most."""
    return _last_day(limit)


def find_age(limit: Limit, facts: Facts) -> Finding:
    """Check the age of the newest result of all; each other limit checks that of its own."""
    if not facts.records.results:
        return unknown(_("No result recorded."))
    newest = facts.records.results[-1].taken_on
    days = (facts.today - newest).days
    is_old = days > _last_day(limit)
    return Finding(
        verdict=Verdict.NOT_ASSESSABLE if is_old else Verdict.PASS,
        recorded=_("today") if days == 0 else days_text(days),
        on=newest,
        reason=over_age_text(_last_day(limit)) if is_old else "",
    )


def find_interval(limit: Limit, facts: Facts, kind: str) -> Finding:
    """Check that the time since a kind of nuclide (`alpha`, `177Lu`, any) was last given is enough.

    Where it is not recorded what was given since, the interval may be too short.
    """
    if (last := facts.last_given(kind)) is None:
        return _NONE_YET
    (cycle, given_on), today = last, facts.today
    needed = timedelta(days=_first_day(limit))
    earliest = given_on + needed
    verdict = Verdict.PASS if today >= earliest else Verdict.FAIL
    text = _("Since cycle {n} on {date}.")
    if verdict is Verdict.FAIL:
        text = _("Since cycle {n} on {date}; minimum interval reached on {earliest}.")
    reason = text.format(n=cycle.number, date=date_text(given_on), earliest=date_text(earliest))
    for other in facts.unclear() if kind else ():
        if other.given_on > given_on and today < other.given_on + needed:
            verdict = verdict if verdict is Verdict.FAIL else Verdict.NOT_ASSESSABLE
            reason += " " + not_recorded_text(other.number)
    return Finding(
        verdict=verdict,
        recorded=weeks_text((today - given_on).days),
        reason=reason,
        earliest=earliest,
    )


def find_cycles(limit: Limit, facts: Facts, kind: str) -> Finding:
    """Compare the number of cycles of the present course, of a kind of nuclide, with the planned.

    Cycles of which it is not recorded what was given may count.
    """
    planned = int(limit.value or 0)
    certain, possible = facts.records.treatment_course.count(kind)
    recorded = given_text(certain, planned)
    if certain < planned <= possible:
        return replace(unknown(not_recorded_text(facts.unclear()[-1].number)), recorded=recorded)
    return Finding(verdict=Verdict.PASS if certain < planned else Verdict.FAIL, recorded=recorded)


def find_delay(limit: Limit, facts: Facts, kind: str) -> Finding:
    """Return the time left until a delay that toxicity caused is too long.

    Past the limit it fails if a toxicity is recorded in that time; without one, the cause is open.
    """
    if (last := facts.last_given(kind)) is None:
        return _NONE_YET
    cycle, given_on = last
    days, most = (facts.today - given_on).days, _last_day(limit)
    cycle_on = {"n": cycle.number, "date": date_text(given_on)}
    if days <= most:
        text = _("Since cycle {n} on {date}; the last day within the limit is {last}.")
        return Finding(
            verdict=Verdict.PASS,
            recorded=weeks_text(days),
            reason=text.format(**cycle_on, last=date_text(given_on + timedelta(days=most))),
            left=_("{time} left").format(time=weeks_text(most - days)),
        )
    over = _("over by {time}").format(time=weeks_text(days - most))
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
        return replace(unknown(reason), recorded=weeks_text(days), left=over)
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


def find_deviation(limit: Limit, facts: Facts) -> Finding:
    """Return the largest deviation of the last cycle's activities from the prescribed ones."""
    by_day = max(
        facts.records.treatments,
        key=lambda each: (each.cycle.given_on, each.cycle.number),
        default=None,
    )
    if by_day is None or not by_day.administrations:
        return unknown(_("What was given in the last cycle is not recorded."))
    deviations = []
    for each in by_day.administrations:
        if each.activity_mbq is None:
            text = _("The administered activity of {agent} is not recorded.")
            return unknown(text.format(agent=each.agent))
        if not each.prescribed_mbq:
            text = _("The prescribed activity of {agent} is not recorded.")
            return unknown(text.format(agent=each.agent))
        deviations.append((each.activity_mbq / each.prescribed_mbq - 1, each.agent))
    largest, agent = max(deviations, key=lambda pair: abs(pair[0]))
    allowed = float(limit.value or 0) / 100
    return Finding(
        verdict=Verdict.FAIL if is_beyond(largest, allowed) else Verdict.PASS,
        recorded=percent_text(largest, allowed),
        on=by_day.cycle.given_on,
        reason=_("{agent} in cycle {n}.").format(agent=agent, n=by_day.cycle.number),
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
    """The first number of days that an interval limit (`<` or `<=`) no longer blocks."""
    days = _days(limit)
    return math.ceil(days) if limit.operator == "<" else math.floor(days) + 1


def _last_day(limit: Limit) -> int:
    """The last number of days that a limit to delay or age (`>` or `>=`) does not block yet."""
    days = _days(limit)
    return math.floor(days) if limit.operator == ">" else math.ceil(days) - 1

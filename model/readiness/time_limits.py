"""Limits in time and activity: intervals, delays, the age of results, the deviation of an activity.

Days are counted exactly: a limit of 8 weeks is 56 days, and is kept from the 56th day on.
"""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import date, timedelta
from fractions import Fraction

from model.dates import shown
from model.readiness.facts import Facts
from model.readiness.limits import Finding, Verdict, days_text, unknown
from model.readiness.rule_sets import Against, Limit

_NONE_YET = Finding(verdict=Verdict.DOES_NOT_APPLY, reason="No cycle was given yet.")


def oldest_age(limit: Limit) -> int:
    """How many days old a result may be at most."""
    return _last_day(limit)


def newest_age(limit: Limit, facts: Facts, today: date) -> Finding:
    """The age of the newest result of all; each limit besides minds the age of its own."""
    newest = facts.newest_on
    if newest is None:
        return unknown("No result recorded.")
    days = (today - newest).days
    is_old = days > _last_day(limit)
    return Finding(
        verdict=Verdict.NOT_ASSESSABLE if is_old else Verdict.PASS,
        recorded="today" if days == 0 else days_text(days),
        on=newest,
        reason=f"Over {days_text(_last_day(limit))} old." if is_old else "",
    )


def find_interval(limit: Limit, facts: Facts, kind: str, today: date) -> Finding:
    """The time since a kind of nuclide (`alpha`, `177Lu`, empty for any) was given last.

    It has to be long enough; where it is not known what was given since, it may be too short.
    """
    if (last := facts.last_given(kind)) is None:
        return _NONE_YET
    cycle, given_on = last
    needed = timedelta(days=_first_day(limit))
    earliest = given_on + needed
    since = f"Since cycle {cycle.number} of {shown(given_on)}"
    verdict = Verdict.PASS if today >= earliest else Verdict.FAIL
    wait = f"; long enough from {shown(earliest)} on" if verdict is Verdict.FAIL else ""
    reason = f"{since}{wait}."
    for other in facts.unclear() if kind else ():
        if other.given_on > given_on and today < other.given_on + needed:
            verdict = verdict if verdict is Verdict.FAIL else Verdict.NOT_ASSESSABLE
            reason += f" What was given in cycle {other.number} is not recorded."
    return Finding(
        verdict=verdict,
        recorded=weeks_text((today - given_on).days),
        reason=reason,
        earliest=earliest,
    )


def find_delay(limit: Limit, facts: Facts, kind: str, today: date) -> Finding:
    """The time left until an interval is too long, where toxicity is the cause of it.

    Past the limit it fails if a toxicity is recorded in that time; without one, the cause is open.
    """
    if (last := facts.last_given(kind)) is None:
        return _NONE_YET
    cycle, given_on = last
    days, most = (today - given_on).days, _last_day(limit)
    since = f"Since cycle {cycle.number} of {shown(given_on)}"
    if days <= most:
        until = shown(given_on + timedelta(days=most))
        return Finding(
            verdict=Verdict.PASS,
            recorded=weeks_text(days),
            reason=f"{since}; the last day within the limit is {until}.",
            left=f"{weeks_text(most - days)} left",
        )
    over = f"over by {weeks_text(days - most)}"
    events = dict.fromkeys(
        f"{event.term} {event.grade}"
        for event in facts.events
        if event.goes_on or (event.resolved_on and event.resolved_on > given_on)
    )
    if not events:
        said = f"{since}. No toxicity is recorded in this time, and no other cause."
        return replace(unknown(said), recorded=weeks_text(days), left=over)
    said = f"{since}. Toxicity recorded in this time: {', '.join(events)}."
    return Finding(
        verdict=Verdict.FAIL,
        recorded=weeks_text(days),
        reason=f"{said} Whether it is the cause is not recorded.",
        left=over,
    )


def deviation(limit: Limit, facts: Facts) -> Finding:
    """How far the last cycle's activities lie from the prescribed ones; the furthest counts."""
    treatments = [each for each in facts.treatments if each.administrations]
    last = facts.last_given()
    if last is None or not any(each.cycle == last[0] for each in treatments):
        return unknown("What was given in the last cycle is not recorded.")
    cycle = last[0]
    parts = []
    for each in next(each for each in treatments if each.cycle == cycle).administrations:
        if each.activity_mbq is None or not each.prescribed_mbq:
            missing = "administered" if each.activity_mbq is None else "prescribed"
            return unknown(f"The {missing} activity of {each.agent} is not recorded.")
        # Binary numbers: to twelve digits they are what was written.
        given, wanted = Fraction(f"{each.activity_mbq:.12g}"), f"{each.prescribed_mbq:.12g}"
        parts.append((given / Fraction(wanted) - 1, each.agent))
    furthest, agent = max(parts, key=lambda part: abs(part[0]))
    over = abs(furthest) * 100 > Fraction(limit.value or 0)
    return Finding(
        verdict=Verdict.FAIL if over else Verdict.PASS,
        recorded=f"{'−' if furthest < 0 else '+'}{abs(float(furthest)) * 100:.4g} %",
        on=cycle.given_on,
        reason=f"{agent} in cycle {cycle.number}.",
    )


def weeks_text(days: int) -> str:
    """A number of days in weeks and days: `5 weeks 2 days`."""
    weeks, rest = divmod(days, 7)
    parts = [f"{weeks} week" + ("" if weeks == 1 else "s")] if weeks else []
    return " ".join([*parts, *([days_text(rest)] if rest or not weeks else [])])


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

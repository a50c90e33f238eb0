"""What a course does not know, in sentences: the page says it rather than leave a gap."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from model.course.marks import CycleMark
from model.course.trends import Trend

OLD_DAYS = 28
"""From more days on it is said how old the last result is."""

MOST_NAMES = 5
"""Of more analytes than this not all are named: each panel says it of its own."""


def unknowns(
    trends: Mapping[str, Trend],
    cycles: Sequence[CycleMark],
    last_result_on: date | None,
    died_on: date | None,
    today: date,
) -> tuple[str, ...]:
    """What is not known of a patient on a day, most weighty first; empty when nothing is missing.

    `trends` are those that matter, by key; derived ones are passed over, since they say themselves
    what they rest on.
    """
    measured = [trend for trend in trends.values() if not trend.formula]
    drawn = [trend for trend in measured if trend.points]
    said = []
    if drawn and not cycles:
        said.append("No cycle is recorded: no result is a baseline.")
    if cycles and last_result_on is None:
        said.append("No result is recorded: there is no baseline.")
    if cycles and (without := [trend.name for trend in drawn if trend.baseline is None]):
        said.append(f"No baseline of {_listed(without)}.")
    said += [sentence for cycle in cycles if (sentence := _of_cycle(cycle))]
    if assumed := [trend.name for trend in drawn if trend.assumed]:
        said.append(f"Limits assumed for {_listed(assumed)}: none are recorded.")
    for trend in measured:
        if trend.not_drawn:
            results = "1 result" if trend.not_drawn == 1 else f"{trend.not_drawn} results"
            said.append(f"{trend.name}: {results} in an unknown unit not drawn.")
    if last_result_on and died_on is None:
        days = (today - last_result_on).days
        if days > OLD_DAYS:
            said.append(f"Last result {days} days old.")
    return tuple(said)


def _of_cycle(cycle: CycleMark) -> str:
    if not cycle.nuclides:
        return f"Nothing is recorded as given in C{cycle.number}."
    if not cycle.unknown:
        return ""
    if len(cycle.unknown) == len(cycle.nuclides):
        return f"Activity of C{cycle.number} unknown."
    return f"Activity of {_listed(cycle.unknown)} in C{cycle.number} unknown."


def _listed(names: Sequence[str]) -> str:
    """Names as a sentence has them: `Platelets, Leukocytes and Haemoglobin`; of many, the first."""
    if len(names) > MOST_NAMES:
        names = [*names[: MOST_NAMES - 1], f"{len(names) - MOST_NAMES + 1} more"]
    *others, last = names
    return f"{', '.join(others)} and {last}" if others else last

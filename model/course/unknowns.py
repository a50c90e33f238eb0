"""State in sentences what is not known in a course, so that no gap is left unexplained."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from model.course.marks import CycleMark
from model.course.trends import Trend
from model.language import _, ngettext

OLD_DAYS = 28
"""The age of the last result is stated if it is more days old than this."""

MOST_NAMES = 5
"""If there are more analytes than this, only the first are named in a sentence."""


def unknowns(
    trends: Mapping[str, Trend],
    cycles: Sequence[CycleMark],
    last_result_on: date | None,
    died_on: date | None,
    today: date,
) -> tuple[str, ...]:
    """Return what is not known of a patient on a day, most important first.

    `trends` are those of interest, by key; derived ones are ignored, as their panels state what
    they were derived from.
    """
    measured = [trend for trend in trends.values() if not trend.formula]
    with_points = [trend for trend in measured if trend.points]
    sentences = []
    if with_points and not cycles:
        sentences.append(_("No cycle is recorded: no result is a baseline."))
    if cycles and last_result_on is None:
        sentences.append(_("No result is recorded: there is no baseline."))
    if cycles and (without := [trend.name for trend in with_points if trend.baseline is None]):
        sentences.append(_("No baseline of {analytes}.").format(analytes=_list_names(without)))
    sentences += [sentence for cycle in cycles if (sentence := _cycle_sentence(cycle))]
    if assumed := [trend.name for trend in with_points if trend.assumed]:
        text = _("Limits assumed for {analytes}: none are recorded.")
        sentences.append(text.format(analytes=_list_names(assumed)))
    for trend in measured:
        if trend.questioned:
            text = ngettext(
                "{analyte}: {n} implausible result is not used: check its unit.",
                "{analyte}: {n} implausible results are not used: check their units.",
                trend.questioned,
            )
            sentences.append(text.format(analyte=trend.name, n=trend.questioned))
        if trend.not_drawn:
            text = ngettext(
                "{analyte}: {n} result in an unknown unit not drawn.",
                "{analyte}: {n} results in an unknown unit not drawn.",
                trend.not_drawn,
            )
            sentences.append(text.format(analyte=trend.name, n=trend.not_drawn))
    if last_result_on and died_on is None and (days := (today - last_result_on).days) > OLD_DAYS:
        text = ngettext("Last result {n} day old.", "Last result {n} days old.", days)
        sentences.append(text.format(n=days))
    return tuple(sentences)


def _cycle_sentence(cycle: CycleMark) -> str:
    if not cycle.nuclides:
        return _("Nothing is recorded as given in C{n}.").format(n=cycle.number)
    if not cycle.unknown:
        return ""
    if len(cycle.unknown) == len(cycle.nuclides):
        return _("Activity of C{n} unknown.").format(n=cycle.number)
    text = _("Activity of {nuclides} in C{n} unknown.")
    return text.format(nuclides=_list_names(cycle.unknown), n=cycle.number)


def _list_names(names: Sequence[str]) -> str:
    """List names as in a sentence: `Platelets, Leukocytes and Haemoglobin`; only a few of many."""
    last = names[-1]
    others = names[:-1]
    if len(names) > MOST_NAMES:
        others = names[: MOST_NAMES - 1]
        last = _("{n} more").format(n=len(names) - len(others))
    if not others:
        return last
    return _("{names} and {last}").format(names=", ".join(others), last=last)

"""Response by the sum of diameters by RECIST 1.1, shown next to the response as read.

Source: Eisenhauer et al., Eur J Cancer 2009;45:228-247 (sections 4.3.1 and 4.6, tables 1 to 3). A
sum does not include non-target or new lesions, and lymph nodes that are normal again (short axis
below 10 mm) still add to it: the computed response never replaces the response as read.
"""

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from model.language import _
from model.records.assessments import Assessment
from model.records.best_response import BEST_FIRST, progressed_on
from model.store.settings import SettingsSource, save_setting, setting
from model.store.step import Step

CONFIRMED_AFTER = 28
"""Days after which a second assessment confirms a response: 4 weeks (section 4.6)."""

SETTING = "recist_rules"
_LEAST_GROWTH = Decimal(5)  # mm: a smaller one is within the error of measuring (section 4.3.1)

NODES_WARNING = _(
    "A sum of 0 mm is complete response of the target lesions. Lymph nodes below 10 mm in short"
    " axis are normal but still add to the sum, which then does not show a complete response."
)
SAME_DAY_WARNING = _(
    "There are several sums on one day: each is compared with those of earlier days, and of several"
    " baselines the one entered last counts."
)
AFTER_COMPLETE_WARNING = _(
    "The sum was 0 mm before: a lesion that reappears after complete response is progression,"
    " however small."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SumReading:
    """One sum of diameters compared with those before it."""

    assessment_id: int | None
    on: date
    sum_mm: Decimal
    is_baseline: bool = False
    from_baseline: Decimal | None = None
    """Change from the baseline in per cent of it."""
    from_nadir: Decimal | None = None
    """Change from the smallest sum of an earlier day, the baseline included, in per cent of it."""
    nadir_mm: Decimal | None = None
    response: str | None = None
    """Of the target lesions, computed; None where there is nothing to compare with."""
    as_read: str | None = None
    remarks: tuple[str, ...] = ()

    @property
    def disagrees(self) -> bool:
        """Whether the response as read differs from the computed one."""
        return None not in (self.response, self.as_read) and self.response != self.as_read


@dataclass(frozen=True, slots=True, kw_only=True)
class ResponseBySums:
    """A patient's sums of diameters by date, with nadir and best response."""

    readings: tuple[SumReading, ...] = ()
    baseline: SumReading | None = None
    nadir: SumReading | None = None
    """The smallest sum since the baseline, which it may be itself; of equal ones the first."""
    best: str | None = None
    progressed_on: date | None = None
    """The first day after the first cycle read as PD; later sums do not count for `best`."""
    why_not: str = ""
    """The reason why nothing was computed, in a sentence; empty when it was."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ResponseRules:
    """How a casebook determines the best response."""

    confirm: bool = False
    """Complete and partial response count when confirmed at least 28 days later."""
    stable_days: int = 0
    """Days from the first cycle before which a disease does not count as stable."""


def load_rules(source: SettingsSource) -> ResponseRules:
    """Return the rules of a casebook; without confirmation unless it has others."""
    text = setting(source, SETTING)
    try:
        kept = json.loads(text) if text else {}
        days = int(kept.get("stable_days", 0))
        return ResponseRules(confirm=kept.get("confirm") is True, stable_days=days)
    except (ValueError, TypeError, AttributeError):
        return ResponseRules()


def save_rules(step: Step, rules: ResponseRules) -> None:
    """Save the rules of a casebook."""
    kept = {"confirm": rules.confirm, "stable_days": rules.stable_days}
    save_setting(step, SETTING, json.dumps(kept))


def evaluate(
    assessments: Sequence[Assessment],
    first_cycle_on: date | None,
    rules: ResponseRules | None = None,
) -> ResponseBySums:
    """Compute a patient's response by sums of diameters; assessments without one are ignored.

    The baseline is the last sum on or before the first cycle; sums before it are only listed. Best
    response ends with progression (section 4.6), by the sum or, as with new lesions, as read.
    """
    ordered = sorted(
        (each for each in assessments if each.sum_of_diameters_mm is not None),
        key=lambda each: (each.assessed_on, each.id or 0),
    )
    listed = [_listed(each) for each in ordered]
    if not listed:
        return ResponseBySums(why_not=_("No sum of diameters is recorded."))
    if first_cycle_on is None:
        return ResponseBySums(
            readings=tuple(listed),
            why_not=_("No cycle is recorded: the baseline is the last sum up to the first cycle."),
        )
    before = [place for place, each in enumerate(listed) if each.on <= first_cycle_on]
    if not before:
        return ResponseBySums(
            readings=tuple(listed),
            why_not=_("No baseline: no sum of diameters is recorded up to the first cycle."),
        )
    start = before[-1]
    followed = list(_followed(listed[start:]))
    if start and listed[start - 1].on == listed[start].on:
        followed[0] = replace(followed[0], remarks=(SAME_DAY_WARNING,))
    nadir = min(followed, key=lambda each: each.sum_mm)
    timed = [(each.on, each.response) for each in followed if each.response]
    ended_on = progressed_on(assessments, first_cycle_on)
    if ended_on and timed:
        timed = [(on, response) for on, response in timed if on < ended_on]
        timed.append((ended_on, "PD"))
    zero = _("The sum at baseline is 0 mm: there is nothing to compare with.")
    why_not = "" if followed[0].sum_mm else zero
    return ResponseBySums(
        readings=(*listed[:start], *followed),
        baseline=followed[0],
        nadir=nadir,
        best=best_overall_response(timed, first_cycle_on, rules or ResponseRules()),
        progressed_on=ended_on,
        why_not=why_not,
    )


def response_of(sum_mm: Decimal, baseline_mm: Decimal, nadir_mm: Decimal) -> str:
    """Return the response of the target lesions by their sum, exact at the boundaries.

    CR at 0; PD at any sum after one of 0, and at 20 % or more and 5 mm or more above the nadir; PR
    at 30 % or more below the baseline, SD otherwise. `baseline_mm` is above 0, `nadir_mm` the
    smallest sum before.
    """
    growth = sum_mm - nadir_mm
    if sum_mm == 0:
        return "CR"
    if nadir_mm == 0:  # What is seen after complete response has come back (table 3, note a).
        return "PD"
    if growth >= _LEAST_GROWTH and growth * 5 >= nadir_mm:
        return "PD"
    return "PR" if sum_mm * 10 <= baseline_mm * 7 else "SD"


def best_overall_response(
    responses: Sequence[tuple[date, str]], start: date, rules: ResponseRules | None = None
) -> str | None:
    """Return the best overall response from responses by date, up to the first progression.

    `start` is the day from which a disease has to be stable for `rules.stable_days`. With
    `rules.confirm`, a response counts when the next assessment at least 28 days later that could
    be evaluated upholds it; otherwise it counts as stable disease (table 3). Disease after
    complete response is progression (its note a). None without any response.
    """
    rules = rules or ResponseRules()
    timed = list(_until_progression(sorted(responses, key=lambda each: each[0])))
    if not timed:
        return None
    counted = set()
    for place, (on, response) in enumerate(timed):
        counts = response
        if rules.confirm and response in ("CR", "PR"):
            counts = response if _is_confirmed(timed, place) else "SD"
        if counts == "SD" and (on - start).days < rules.stable_days:
            # Too early to count as stable: what follows decides.
            continue
        counted.add(counts)
    return next((response for response in BEST_FIRST if response in counted), "NE")


def _is_confirmed(timed: Sequence[tuple[date, str]], place: int) -> bool:
    on, response = timed[place]
    later = (
        after
        for day, after in timed[place + 1 :]
        if after == "PD" or ((day - on).days >= CONFIRMED_AFTER and after != "NE")
    )
    upholding = ("CR",) if response == "CR" else ("CR", "PR")
    return next(later, None) in upholding


def _until_progression(timed: Sequence[tuple[date, str]]) -> Iterator[tuple[date, str]]:
    was_complete = False
    for on, response in timed:
        if was_complete and response in ("PR", "SD"):
            response = "PD"
        yield on, response
        if response == "PD":
            return
        was_complete |= response == "CR"


def _listed(assessment: Assessment) -> SumReading:
    return SumReading(
        assessment_id=assessment.id,
        on=assessment.assessed_on,
        # As written: 0.1 is a tenth, not the nearest float.
        sum_mm=Decimal(repr(float(assessment.sum_of_diameters_mm or 0))),
        as_read=assessment.response,
    )


def _followed(listed: Sequence[SumReading]) -> Iterator[SumReading]:
    """The baseline and the sums after it, each compared with those before."""
    baseline, *later = listed
    days = Counter(each.on for each in listed)
    yield replace(baseline, is_baseline=True)
    for each in later:
        # Two sums of one day measure the same: neither is growth of the other.
        nadir = min([baseline.sum_mm, *(other.sum_mm for other in later if other.on < each.on)])
        remarks = []
        if days[each.on] > 1:
            remarks.append(SAME_DAY_WARNING)
        if each.sum_mm == 0:
            remarks.append(NODES_WARNING)
        elif nadir == 0:
            remarks.append(AFTER_COMPLETE_WARNING)
        yield replace(
            each,
            from_baseline=_per_cent(each.sum_mm, baseline.sum_mm),
            from_nadir=_per_cent(each.sum_mm, nadir),
            nadir_mm=nadir,
            response=response_of(each.sum_mm, baseline.sum_mm, nadir) if baseline.sum_mm else None,
            remarks=tuple(remarks),
        )


def _per_cent(now: Decimal, then: Decimal) -> Decimal | None:
    return (now - then) * 100 / then if then else None

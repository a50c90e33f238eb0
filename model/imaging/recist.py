"""Compute the response from sums of diameters by RECIST 1.1, next to the response as read.

Source: Eisenhauer et al., Eur J Cancer 2009;45:228-247 (sections 4.3.1 and 4.6, tables 1 to 3). A
sum does not include non-target or new lesions, and lymph nodes that are normal again (short axis
below 10 mm) still add to it. The computed response therefore never replaces the response as read.
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
    """The change from the baseline, in per cent of the baseline."""
    from_nadir: Decimal | None = None
    """The change from `nadir_mm`, in per cent of it."""
    nadir_mm: Decimal | None = None
    """The smallest sum of an earlier day, the baseline included."""
    response: str | None = None
    """The computed response of the target lesions; None if there is nothing to compare with."""
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
    """The smallest sum since the baseline, the baseline included; the first of equal ones."""
    best: str | None = None
    progressed_on: date | None = None
    """The first day after the first cycle read as PD; later sums do not count for `best`."""
    why_not: str = ""
    """The reason why nothing was computed, in a sentence; empty when it was."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ResponseRules:
    """How a casebook determines the best response."""

    confirm: bool = False
    """Complete and partial response count only if confirmed at least 28 days later."""
    stable_days: int = 0
    """A disease counts as stable only from so many days after the first cycle."""


def load_rules(source: SettingsSource) -> ResponseRules:
    """Return the rules of a casebook, or the default rules if it has none."""
    text = setting(source, SETTING)
    try:
        saved = json.loads(text) if text else {}
        days = int(saved.get("stable_days", 0))
        return ResponseRules(confirm=saved.get("confirm") is True, stable_days=days)
    except (ValueError, TypeError, AttributeError):
        return ResponseRules()


def save_rules(step: Step, rules: ResponseRules) -> None:
    """Save the rules of a casebook."""
    saved = {"confirm": rules.confirm, "stable_days": rules.stable_days}
    save_setting(step, SETTING, json.dumps(saved))


def evaluate(
    assessments: Sequence[Assessment],
    first_cycle_on: date | None,
    rules: ResponseRules | None = None,
) -> ResponseBySums:
    """Compute a patient's response by sums of diameters; assessments without a sum are ignored.

    The baseline is the last sum on or before the first cycle; earlier sums are listed without a
    comparison. No sum after progression counts for the best response (section 4.6), whether the
    progression follows from a sum or was read, as with new lesions.
    """
    ordered = sorted(
        (each for each in assessments if each.sum_of_diameters_mm is not None),
        key=lambda each: (each.assessed_on, each.id or 0),
    )
    readings = [_reading(each) for each in ordered]
    if not readings:
        return ResponseBySums(why_not=_("No sum of diameters is recorded."))
    if first_cycle_on is None:
        return ResponseBySums(
            readings=tuple(readings),
            why_not=_("No cycle is recorded: the baseline is the last sum up to the first cycle."),
        )
    before = [index for index, each in enumerate(readings) if each.on <= first_cycle_on]
    if not before:
        return ResponseBySums(
            readings=tuple(readings),
            why_not=_("No baseline: no sum of diameters is recorded up to the first cycle."),
        )
    start = before[-1]
    compared = list(_compare(readings[start:]))
    if start and readings[start - 1].on == readings[start].on:
        compared[0] = replace(compared[0], remarks=(SAME_DAY_WARNING,))
    nadir = min(compared, key=lambda each: each.sum_mm)
    timed = [(each.on, each.response) for each in compared if each.response]
    ended_on = progressed_on(assessments, first_cycle_on)
    if ended_on and timed:
        timed = [(on, response) for on, response in timed if on < ended_on]
        timed.append((ended_on, "PD"))
    zero = _("The sum at baseline is 0 mm: there is nothing to compare with.")
    why_not = "" if compared[0].sum_mm else zero
    return ResponseBySums(
        readings=(*readings[:start], *compared),
        baseline=compared[0],
        nadir=nadir,
        best=best_overall_response(timed, first_cycle_on, rules or ResponseRules()),
        progressed_on=ended_on,
        why_not=why_not,
    )


def response_of(sum_mm: Decimal, baseline_mm: Decimal, nadir_mm: Decimal) -> str:
    """Return the response of the target lesions by their sum, exact at the boundaries.

    CR for a sum of 0. PD for any sum after a sum of 0, and for a sum that is at least 20 % and at
    least 5 mm above the nadir. PR for a sum at least 30 % below the baseline, otherwise SD.
    `baseline_mm` is above 0; `nadir_mm` is the smallest sum before.
    """
    growth = sum_mm - nadir_mm
    if sum_mm == 0:
        return "CR"
    if nadir_mm == 0:  # A lesion reappeared after complete response (table 3, note a).
        return "PD"
    if growth >= _LEAST_GROWTH and growth * 5 >= nadir_mm:
        return "PD"
    return "PR" if sum_mm * 10 <= baseline_mm * 7 else "SD"


def best_overall_response(
    responses: Sequence[tuple[date, str]], start: date, rules: ResponseRules | None = None
) -> str | None:
    """Return the best overall response from responses by date, up to the first progression.

    `start` is the day from which a disease has to be stable for `rules.stable_days`. With
    `rules.confirm`, a response counts if the next evaluable assessment at least 28 days later
    confirms it; otherwise it counts as stable disease (table 3). Disease after complete response is
    progression (note a of table 3). Returns None without any response.
    """
    rules = rules or ResponseRules()
    timed = list(_until_progression(sorted(responses, key=lambda each: each[0])))
    if not timed:
        return None
    counted = set()
    for index, (on, response) in enumerate(timed):
        counts = response
        if rules.confirm and response in ("CR", "PR"):
            counts = response if _is_confirmed(timed, index) else "SD"
        if counts == "SD" and (on - start).days < rules.stable_days:
            # Too early to count as stable: the later responses decide.
            continue
        counted.add(counts)
    return next((response for response in BEST_FIRST if response in counted), "NE")


def _is_confirmed(timed: Sequence[tuple[date, str]], index: int) -> bool:
    on, response = timed[index]
    later = (
        after
        for day, after in timed[index + 1 :]
        if after == "PD" or ((day - on).days >= CONFIRMED_AFTER and after != "NE")
    )
    confirming = ("CR",) if response == "CR" else ("CR", "PR")
    return next(later, None) in confirming


def _until_progression(timed: Sequence[tuple[date, str]]) -> Iterator[tuple[date, str]]:
    was_complete = False
    for on, response in timed:
        if was_complete and response in ("PR", "SD"):
            response = "PD"
        yield on, response
        if response == "PD":
            return
        was_complete |= response == "CR"


def _reading(assessment: Assessment) -> SumReading:
    return SumReading(
        assessment_id=assessment.id,
        on=assessment.assessed_on,
        # As written: 0.1 is a tenth, not the nearest float.
        sum_mm=Decimal(repr(float(assessment.sum_of_diameters_mm or 0))),
        as_read=assessment.response,
    )


def _compare(readings: Sequence[SumReading]) -> Iterator[SumReading]:
    """Yield the baseline, then each later sum compared with the sums before it."""
    baseline, *later = readings
    days = Counter(each.on for each in readings)
    yield replace(baseline, is_baseline=True)
    for each in later:
        # Two sums of one day are of the same state: neither shows growth of the other.
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

"""Comparing one limit with what is recorded: it passes, fails or cannot be assessed, with a reason.

Numbers are compared exactly, as fractions. A value with `<` or `>` decides only if all values that
it may stand for are on one side of the limit.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from fractions import Fraction
from operator import ge, gt, le, lt

from model.dates import Day, date_text
from model.language import _, ngettext
from model.readiness.facts import Facts, Sample
from model.readiness.rule_sets import SIGNS, Against, Limit
from model.records.labs import LimitSource
from model.reference import analytes, units
from model.rounding import decimals

_OPERATORS = {"<": lt, "<=": le, ">": gt, ">=": ge}
_TOLERANCE = Fraction(1, 10**6)
"""A derived value this near to a limit equals it, because it was computed in floating point."""


class Verdict(StrEnum):
    """The outcome of comparing a limit."""

    PASS = _("passes")
    FAIL = _("fails")
    NOT_ASSESSABLE = _("not assessable")
    DOES_NOT_APPLY = _("does not apply")


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """The outcome of a limit, with the value it was compared with.

    `recorded` is the value as written, `on` its date. `earliest` is the first day on which an
    interval is long enough; `left` is the time that remains until a limit in time is exceeded.
    """

    verdict: Verdict
    recorded: str = ""
    on: Day | None = None
    reason: str = ""
    earliest: date | None = None
    left: str = ""
    is_derived: bool = False
    """Whether the value was derived from others; the reason says from which."""


def not_assessable(reason: str, sample: Sample | None = None) -> Finding:
    """Return the finding of a limit that cannot be assessed."""
    return Finding(
        verdict=Verdict.NOT_ASSESSABLE,
        recorded=sample.written if sample else "",
        on=sample.on if sample else None,
        reason=reason,
        is_derived=sample is not None and sample.result is None,
    )


def blocks(operator: str, value: Fraction, limit: Fraction, comparator: str | None) -> bool | None:
    """Return whether `value operator limit` holds; None if a comparator leaves it open."""
    if comparator is None:
        return bool(_OPERATORS[operator](value, limit))
    if comparator == "<":
        return operator in ("<", "<=") if value <= limit else None
    return operator in (">", ">=") if value >= limit else None


def check_lab(limit: Limit, facts: Facts, max_age_days: int | None) -> Finding:
    """Compare a laboratory or derived value with its limit."""
    sample = _usable(limit, facts, max_age_days)
    if isinstance(sample, Finding):
        return sample
    match limit.against:
        case Against.ULN:
            return _against_uln(limit, sample)
        case Against.RISE | Against.FALL:
            return _against_baseline(limit, sample, facts)
        case _:
            return _against_number(limit, sample)


def check_ecog(limit: Limit, facts: Facts, max_age_days: int | None) -> Finding:
    """Compare the last recorded ECOG performance status with its limit."""
    records = facts.records
    scores = [(each.cycle.given_on, each.cycle.ecog) for each in records.treatments]
    scores += [(each.seen_on, each.ecog) for each in records.follow_ups]
    known = [(day, score) for day, score in scores if score is not None]
    if not known:
        return not_assessable(_("No ECOG is recorded."))
    day, score = max(known)
    sample = Sample(on=day, number=Fraction(score), comparator=None, written=f"ECOG {score}")
    if problem := age_problem(sample, facts, max_age_days):
        return replace(not_assessable(problem, sample), is_derived=False)
    is_blocked = blocks(limit.operator, Fraction(score), Fraction(limit.value or 0), None)
    return Finding(
        verdict=Verdict.FAIL if is_blocked else Verdict.PASS, recorded=sample.written, on=day
    )


def _usable(limit: Limit, facts: Facts, max_age_days: int | None) -> Sample | Finding:
    """Return the value to compare, or the finding that there is none."""
    key = limit.parameter
    if analytes.by_key(key) is None:
        return not_assessable(_("{what} is not recorded in Theralog.").format(what=limit.name))
    oldest_on = date.min if max_age_days is None else facts.today - timedelta(days=max_age_days)
    sample = facts.newest(key, oldest_on)
    if sample is None:
        if reason := facts.why_not_derived(key):
            return not_assessable(_("Cannot be derived: {reason}").format(reason=_lower(reason)))
        return not_assessable(_("No result recorded."))
    if problem := age_problem(sample, facts, max_age_days):
        return not_assessable(problem, sample)
    if doubt := facts.doubt(key, sample):
        return not_assessable(doubt, sample)
    if sample.number is None:
        return not_assessable(_unit_problem(sample), sample)
    return sample


def age_problem(sample: Sample, facts: Facts, max_age_days: int | None) -> str:
    """Return that a value is too old to be used; empty if it is not."""
    days = (facts.today - sample.on).days
    if max_age_days is None or days <= max_age_days:
        return ""
    return over_age_text(max_age_days)


def _against_number(limit: Limit, sample: Sample) -> Finding:
    unit = units.units_of(limit.parameter).get(limit.unit)
    if unit is None or limit.value is None or sample.number is None:
        return not_assessable(
            _("Unknown unit of the limit: {unit}.").format(unit=limit.unit), sample
        )
    is_blocked = blocks(
        limit.operator, sample.number, Fraction(limit.value) * unit.factor, sample.comparator
    )
    value = _number_text(sample, sample.number / unit.factor, limit.operator, Fraction(limit.value))
    limit_text = f"{limit.value} {unit.symbol}".rstrip()
    converted = f"{value} {unit.symbol}".rstrip()
    is_same_text = converted == sample.written or sample.written.startswith(f"{value} ")
    conversion = "" if is_same_text or sample.comparator else f"{sample.written} = {converted}. "
    shown = sample if sample.result is not None else replace(sample, written=converted)
    reason = conversion + _source_text(sample)
    return _finding(is_blocked, shown, limit.operator, value, limit_text, reason)


def _against_uln(limit: Limit, sample: Sample) -> Finding:
    result = sample.result
    uln = result.upper_limit if result else None
    if result is None or uln is None:
        reason = _("The laboratory's ULN is not recorded; a default ULN is not used.")
        return not_assessable(reason, sample)
    if uln <= 0:
        return not_assessable(_("A ULN of {uln} cannot be right.").format(uln=uln), sample)
    threshold = Fraction(limit.value or 0) * Fraction(uln)
    is_blocked = blocks(limit.operator, Fraction(result.value), threshold, result.comparator)
    times = "" if limit.value == 1 else f"{limit.value} × "
    uln_text = f"{uln}"
    if result.limits_source is LimitSource.LABORATORY:
        uln_text = _("{uln} (limit of the laboratory)").format(uln=uln)
    reason = f"ULN {uln_text}." if is_blocked is False else ""
    return _finding(
        is_blocked, sample, limit.operator, str(result.value), f"{times}ULN {uln_text}", reason
    )


def _against_baseline(limit: Limit, sample: Sample, facts: Facts) -> Finding:
    base = facts.baseline(limit.parameter, of=sample)
    if base is None:
        if sample.result:
            return not_assessable(_("No baseline: nothing recorded up to the first cycle."), sample)
        return not_assessable(
            _("No baseline: nothing could be derived up to the first cycle."), sample
        )
    if base == sample:
        return not_assessable(_("No result since the baseline."), sample)
    if base.number is None or sample.number is None:
        return not_assessable(_("Baseline: {problem}").format(problem=_unit_problem(base)), sample)
    if base.comparator or base.number == 0:
        text = _("The baseline, {value}, is not a number to compare with.")
        return not_assessable(text.format(value=base.written), sample)
    is_rise = limit.against is Against.RISE
    fraction = Fraction(limit.value or 0) / 100
    threshold = base.number * (1 + fraction if is_rise else 1 - fraction)
    number = sample.number
    if sample.result is None and abs(number - threshold) < _TOLERANCE:
        number = threshold
    operator = limit.operator if is_rise else {">=": "<=", ">": "<"}[limit.operator]
    is_blocked = blocks(operator, number, threshold, sample.comparator)
    change = (number / base.number - 1) * 100
    values = {"value": base.written, "date": date_text(base.on), "change": _percent(change)}
    if sample.comparator is None:
        comparison = _("Baseline {value} of {date}, change {change} %.").format(**values)
    else:
        comparison = _("Baseline {value} of {date}.").format(**values)
    if is_blocked is None:
        text = _("{value} may be on either side of the limit.")
        return not_assessable(f"{comparison} {text.format(value=sample.written)}", sample)
    return Finding(
        verdict=Verdict.FAIL if is_blocked else Verdict.PASS,
        recorded=sample.written,
        on=sample.on,
        reason=f"{comparison} {_source_text(sample)}".strip(),
        is_derived=sample.result is None,
    )


def _finding(
    is_blocked: bool | None, sample: Sample, operator: str, value: str, limit: str, reason: str
) -> Finding:
    """Return the finding of a comparison; if it fails, the reason begins with the numbers."""
    if is_blocked is None:
        text = _("{value} may be on either side of {limit}.")
        return not_assessable(text.format(value=sample.written, limit=limit), sample)
    if is_blocked:
        reason = f"{sample.comparator or ''}{value} {SIGNS[operator]} {limit}. {reason}"
    return Finding(
        verdict=Verdict.FAIL if is_blocked else Verdict.PASS,
        recorded=sample.written,
        on=sample.on,
        reason=reason.strip(),
        is_derived=sample.result is None,
    )


def days_text(days: int) -> str:
    """Return a number of days: `1 day`, `41 days`."""
    return ngettext("{n} day", "{n} days", days).format(n=days)


def over_age_text(days: int) -> str:
    """Return that a result is older than so many days."""
    return ngettext("Over {n} day old.", "Over {n} days old.", days).format(n=days)


def _number_text(sample: Sample, value: Fraction, operator: str, limit: Fraction) -> str:
    """Return a value with enough digits that rounding does not move it across the limit."""
    if sample.result is not None and value == Fraction(sample.result.value):
        return str(sample.result.value)
    holds, min_digits = _OPERATORS[operator], 3 if sample.result else 1
    text = ""
    for digits in range(1, 12):
        text = decimals(value, digits)
        rounded = Fraction(text)
        is_enough = rounded == value or digits >= min_digits
        if is_enough and holds(rounded, limit) == holds(value, limit):
            break
    return text


def _percent(change: Fraction) -> str:
    """Return a change with its sign, cut after one decimal so that 39.99 is not read as 40."""
    tenths = math.trunc(change * 10)
    whole, rest = divmod(abs(tenths), 10)
    sign = "−" if tenths < 0 else "+"
    return f"{sign}{whole}.{rest}" if rest or change * 10 != tenths else f"{sign}{whole}"


def _unit_problem(sample: Sample) -> str:
    unit = sample.result.unit if sample.result else None
    return _("Unknown unit “{unit}”.").format(unit=unit) if unit else _("No unit is recorded.")


def _source_text(sample: Sample) -> str:
    return _("Derived {from_what}.").format(from_what=sample.source) if sample.source else ""


def _lower(sentence: str) -> str:
    return f"{sentence[:1].lower()}{sentence[1:]}"

"""Readiness: the records of a patient compared with the centre's own limits.

Each limit passes, fails, does not apply or cannot be assessed. Readiness recommends nothing and
proposes no activity; what a source asks for is shown as that source's. There is no green light
while something is missing: all limits are met only when every limit that applies passes.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import partial

from model.dates import date_text, first_day, last_day
from model.language import _
from model.readiness.facts import Facts, facts_of
from model.readiness.grade_limits import check_grade
from model.readiness.limits import Finding, Verdict, check_ecog, check_lab, not_assessable
from model.readiness.outcomes import NO_SET, PARAMETERS_WITHOUT_VALUE, Readiness, RuleOutcome
from model.readiness.own_rule_sets import chosen_set
from model.readiness.recurrence import check_recurrence
from model.readiness.rule_sets import Against, Limit, Rule, RuleSet
from model.readiness.time_limits import (
    check_age,
    check_cycles,
    check_delay,
    check_deviation,
    check_interval,
    max_age_of,
    not_recorded_text,
)
from model.records.patient_records import PatientRecords


def of_patient(records: PatientRecords, today: date) -> Readiness:
    """Return the readiness of a patient by the casebook's rule set, as of a day.

    Raises KnownError when the casebook's rule sets cannot be read.
    """
    return readiness(chosen_set(records.settings), facts_of(records, today))


def readiness(rules: RuleSet | None, facts: Facts) -> Readiness:
    """Return the outcome of the rules for these facts.

    No rule is checked for a patient who has died. No rule about the next cycle is checked for a
    patient whose treatment is finished.
    """
    text = rules.question if rules else _("Ready for cycle {cycle}?")
    question = text.replace("{cycle}", str(facts.next_cycle))
    name = rules.name if rules else ""
    why_no_outcomes = _why_no_outcomes(rules, facts)
    if why_no_outcomes and why_no_outcomes != NO_SET:
        question = _("Readiness")
    if rules is None or why_no_outcomes:
        return Readiness(
            question=question,
            set_name=name,
            outcomes=(),
            earliest=None,
            why_no_outcomes=why_no_outcomes,
        )
    used_rules = [rule for rule in rules.rules if rule.used]
    max_age_days = _max_age_days(used_rules, facts)
    outcomes = [_check_rule(rule, facts, max_age_days, used_rules) for rule in used_rules]
    outcomes.sort(
        key=lambda each: (each.verdict is Verdict.DOES_NOT_APPLY, not each.concerns_next_cycle)
    )
    days = [each.finding.earliest for each in outcomes if each.finding.earliest]
    return Readiness(
        question=question,
        set_name=name,
        outcomes=tuple(outcomes),
        earliest=max(days, default=None),
        left_out=rules.left_out,
    )


def _why_no_outcomes(rules: RuleSet | None, facts: Facts) -> str:
    """Return why no rule is checked; empty if rules are."""
    died_on = facts.records.life.died_on
    if died_on is not None:
        return _("The patient died on {date}.").format(date=date_text(died_on))
    course = facts.records.treatment_course
    if rules is None:
        return course.why_finished(None) or NO_SET
    return course.why_finished(rules.planned) if rules.is_of_next_cycle else ""


def _max_age_days(rules: list[Rule], facts: Facts) -> int | None:
    """Return the maximum age of a result by the strictest rule that applies; None without one."""
    limits = [
        limit
        for rule in rules
        for limit in rule.limits
        if limit.parameter == "lab_age" and _exemption(rule, facts) is None
    ]
    return min((max_age_of(limit) for limit in limits), default=None)


def _check_rule(
    rule: Rule, facts: Facts, max_age_days: int | None, rules: list[Rule]
) -> RuleOutcome:
    """Return the outcome of a rule; `rules` are all used rules of its set."""
    finding = _exemption(rule, facts) or _combine(
        rule, [_check_limit(limit, rule, facts, max_age_days, rules) for limit in rule.limits]
    )
    day = finding.on
    is_whole_date = day is not None and first_day(day) == last_day(day)
    age = (facts.today - first_day(day)).days if day and is_whole_date else None
    return RuleOutcome(rule=rule, finding=finding, age_days=age)


def _exemption(rule: Rule, facts: Facts) -> Finding | None:
    """Return the finding that a rule does not apply, or may not; None if it applies."""
    applies_to = rule.applies_to
    reason = ""
    if applies_to == "first_cycle" and facts.records.treatments:
        reason = _("Only before the first cycle.")
    elif applies_to in ("later_cycles", "after_administration") and not facts.records.treatments:
        reason = _("Only after the first cycle.")
    elif (nuclide := rule.nuclide) and facts.last_cycle_of(nuclide) is None:
        if unknown := facts.cycles_of_unknown_nuclide():
            return not_assessable(not_recorded_text(unknown[-1].number))
        reason = _("No {nuclide} given yet.").format(nuclide=nuclide)
        if nuclide == "alpha":
            reason = _("No alpha emitter given yet.")
    return Finding(verdict=Verdict.DOES_NOT_APPLY, reason=reason) if reason else None


def _check_limit(
    limit: Limit, rule: Rule, facts: Facts, max_age_days: int | None, rules: list[Rule]
) -> Finding:
    match limit.parameter:
        case "lab_age":
            return check_age(limit, facts)
        case "interval":
            return check_interval(limit, facts, rule.nuclide)
        case "delay":
            return check_delay(limit, facts, rule.nuclide)
        case "cycles":
            return check_cycles(limit, facts, rule.nuclide)
        case "ecog":
            return check_ecog(limit, facts, max_age_days)
        case "recurrence":
            exceeded_limits = partial(_exceeded_limits, rules, facts)
            return check_recurrence(limit, facts, rule.nuclide, exceeded_limits)
        case "deviation":
            return check_deviation(limit, facts)
    if limit.against is Against.GRADE:
        return check_grade(limit, facts, max_age_days)
    return check_lab(limit, facts, max_age_days)


def _exceeded_limits(rules: list[Rule], facts: Facts, day: date) -> dict[str, str]:
    """Return what was exceeded on a day, of the limits on values and grades, by the rule's key."""
    facts_of_day = facts_of(facts.records, day)
    rules_on_values = [
        rule
        for rule in rules
        if not any(each.parameter in PARAMETERS_WITHOUT_VALUE for each in rule.limits)
    ]
    return {
        rule.key: rule.limits[0].name
        for rule in rules_on_values
        # A maximum age of 0 days: only results of that day count.
        if _check_rule(rule, facts_of_day, 0, []).verdict is Verdict.FAIL
    }


def _combine(rule: Rule, findings: list[Finding]) -> Finding:
    """Return the finding of a rule from those of its limits.

    A rule joined by "and" fails only if all its limits do, one joined by "or" if any does.
    """
    if len(findings) == 1:
        return findings[0]
    needs_all = rule.joined == "and"
    order = (
        (Verdict.PASS, Verdict.NOT_ASSESSABLE, Verdict.FAIL, Verdict.DOES_NOT_APPLY)
        if needs_all
        else (Verdict.FAIL, Verdict.PASS, Verdict.NOT_ASSESSABLE, Verdict.DOES_NOT_APPLY)
    )
    verdicts = {finding.verdict for finding in findings}
    verdict = next(each for each in order if each in verdicts)
    pairs = list(zip(rule.limits, findings, strict=True))
    decisive = [(limit, finding) for limit, finding in pairs if finding.verdict is verdict]
    with_value = [(limit, finding) for limit, finding in pairs if finding.recorded]
    shown = decisive if verdict is not Verdict.NOT_ASSESSABLE else with_value or decisive
    earliest = [finding.earliest for finding in findings if finding.earliest]
    return replace(
        decisive[0][1],
        recorded="; ".join(
            finding.recorded
            if limit.name in finding.recorded
            else f"{limit.name} {finding.recorded}"
            for limit, finding in shown
            if finding.recorded
        ),
        on=min(
            (finding.on for _limit, finding in shown if finding.on), key=first_day, default=None
        ),
        reason=" ".join(
            f"{limit.name}: {finding.reason}" for limit, finding in decisive if finding.reason
        ),
        earliest=(min if needs_all else max)(earliest, default=None),
    )

"""Readiness: the centre's own limits compared with the records; each passes, fails or is undecided.

It recommends nothing and proposes no activity; what a source asks for is shown as its own.
There is no green light while something is missing: all limits are met only when every limit that
applies passes.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from functools import partial

from model.dates import date_text, first_day, last_day
from model.language import _, ngettext
from model.readiness.facts import Facts, facts_of
from model.readiness.grade_limits import find_grade
from model.readiness.limits import Finding, Verdict, days_text, find_ecog, find_lab, unknown
from model.readiness.own_rule_sets import chosen_set
from model.readiness.recurrence import find_recurrence
from model.readiness.rule_sets import Against, Limit, Rule, RuleSet
from model.readiness.time_limits import (
    find_age,
    find_cycles,
    find_delay,
    find_deviation,
    find_interval,
    not_recorded_text,
    oldest_age,
)
from model.records.patient_records import PatientRecords

NOT_COUNTED = _("not counted for the next cycle")
ALL_MET = _("all limits met")
_NO_VALUE_PARAMETERS = {
    *("lab_age", "interval", "delay", "cycles", "ecog", "deviation", "recurrence"),
}
"""Limits that are not on a value or a grade."""

NO_SET = _("No rule set is chosen for this casebook.")


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleOutcome:
    """One rule with its finding. `age_days` is the age of the recorded value, if known."""

    rule: Rule
    finding: Finding
    age_days: int | None

    @property
    def verdict(self) -> Verdict:
        """Whether the rule passes, fails, cannot be assessed or does not apply."""
        return self.finding.verdict

    @property
    def limit(self) -> str:
        """The condition for passing: `Platelets ≥ 75 ×10⁹/L`."""
        return self.rule.passing

    @property
    def short_value(self) -> str:
        """The recorded value, without its unit where that is the unit of the limit."""
        limit = self.rule.limits[0]
        in_unit = limit.against is Against.ABSOLUTE and len(self.rule.limits) == 1
        return self.finding.recorded.removesuffix(f" {limit.unit_text}" if in_unit else "")

    @property
    def counts(self) -> bool:
        """Whether it concerns the next cycle, not the last one."""
        return self.rule.applies_to != "after_administration"

    @property
    def when(self) -> str:
        """Day and age of the recorded value: `27 Nov 2023, 3 days old`; empty without one."""
        if self.finding.on is None:
            return ""
        day = date_text(self.finding.on)
        if self.age_days is None:
            return day
        if self.age_days == 0:
            return _("{date}, today").format(date=day)
        return _("{date}, {age} old").format(date=day, age=days_text(self.age_days))

    @property
    def text(self) -> str:
        """Everything about it as one text, for screen readers."""
        finding, rule = self.finding, self.rule
        parts = [
            self.limit,
            f"{finding.recorded or _('nothing recorded')}: {finding.verdict}",
            self.when,
            finding.left,
            "" if self.counts else NOT_COUNTED,
            finding.reason.rstrip("."),
            _("What blocks: {limit}").format(limit=rule.stated),
            _("What the source then asks for: {action}").format(action=rule.action),
            _("Source: {source}").format(source=rule.source),
        ]
        return ". ".join(filter(None, parts)) + "."


@dataclass(frozen=True, slots=True, kw_only=True)
class Readiness:
    """The outcome of a rule set for one patient on a day.

    `outcomes` has one for each rule, those that do not apply last; `why_none` is the reason why
    there are none. `earliest` is the first day that all intervals allow, whatever else is missing.
    """

    question: str
    set_name: str
    outcomes: tuple[RuleOutcome, ...]
    earliest: date | None
    why_none: str = ""
    left_out: str = ""
    """The criteria of the set's source that are not among its rules."""

    def count(self, verdict: Verdict) -> int:
        """Return how many limits on the next cycle have a verdict."""
        return sum(each.verdict is verdict and each.counts for each in self.outcomes)

    @property
    def summary(self) -> tuple[str, ...]:
        """The outcome in words: `1 fails`, `2 not assessable`, or `all limits met`."""
        fails, not_assessable = self.count(Verdict.FAIL), self.count(Verdict.NOT_ASSESSABLE)
        parts = []
        if fails:
            parts.append(ngettext("{n} fails", "{n} fail", fails).format(n=fails))
        if not_assessable:
            parts.append(_("{n} not assessable").format(n=not_assessable))
        if parts or self.why_none:
            return tuple(parts)
        passed = [each for each in self.outcomes if each.verdict is Verdict.PASS and each.counts]
        if not passed:
            return (_("no limit applies"),)
        # Recent results alone are no green light, nor are days and cycles: no value was compared.
        parameters = {each.rule.limits[0].parameter for each in passed}
        if parameters == {"lab_age"}:
            return (_("only the limit on the age of labs applies"),)
        if parameters <= _NO_VALUE_PARAMETERS:
            return (_("no limit on a value applies"),)
        return (ALL_MET,)


def of_patient(records: PatientRecords, today: date) -> Readiness:
    """Return the readiness of a patient by the casebook's rule set, as of a day.

    Raises KnownError when the casebook's rule sets cannot be read.
    """
    return readiness(chosen_set(records.settings), facts_of(records, today))


def readiness(rules: RuleSet | None, facts: Facts) -> Readiness:
    """Return the outcome of the rules for these facts.

    None is checked for the dead, nor, by a set on the next cycle, for whom treatment is finished.
    """
    text = rules.question if rules else _("Ready for cycle {cycle}?")
    question = text.replace("{cycle}", str(facts.next_cycle))
    name = rules.name if rules else ""
    why_none = _why_none(rules, facts)
    if why_none and why_none != NO_SET:
        question = _("Readiness")
    if rules is None or why_none:
        return Readiness(
            question=question, set_name=name, outcomes=(), earliest=None, why_none=why_none
        )
    used = [rule for rule in rules.rules if rule.used]
    oldest_days = _oldest_days(used, facts)
    outcomes = [_check_rule(rule, facts, oldest_days, used) for rule in used]
    outcomes.sort(key=lambda each: (each.verdict is Verdict.DOES_NOT_APPLY, not each.counts))
    days = [each.finding.earliest for each in outcomes if each.finding.earliest]
    return Readiness(
        question=question,
        set_name=name,
        outcomes=tuple(outcomes),
        earliest=max(days, default=None),
        left_out=rules.left_out,
    )


def _why_none(rules: RuleSet | None, facts: Facts) -> str:
    """Return why no rule is checked; empty where they are."""
    died_on = facts.records.life.died_on
    if died_on is not None:
        return _("The patient died on {date}.").format(date=date_text(died_on))
    course = facts.records.treatment_course
    if rules is None:
        return course.why_finished(None) or NO_SET
    return course.why_finished(rules.planned) if rules.is_of_next_cycle else ""


def _oldest_days(rules: list[Rule], facts: Facts) -> int | None:
    """Return the maximum age of a result in days, by the strictest rule that applies, if any."""
    limits = [
        limit
        for rule in rules
        for limit in rule.limits
        if limit.parameter == "lab_age" and _exemption(rule, facts) is None
    ]
    return min((oldest_age(limit) for limit in limits), default=None)


def _check_rule(
    rule: Rule, facts: Facts, oldest_days: int | None, rules: list[Rule]
) -> RuleOutcome:
    """Return the outcome of one of the rules of a set."""
    finding = _exemption(rule, facts) or _joined(
        rule, [_find(limit, rule, facts, oldest_days, rules) for limit in rule.limits]
    )
    on = finding.on
    is_whole = on is not None and first_day(on) == last_day(on)
    age = (facts.today - first_day(on)).days if on and is_whole else None
    return RuleOutcome(rule=rule, finding=finding, age_days=age)


def _exemption(rule: Rule, facts: Facts) -> Finding | None:
    """Return that a rule does not apply now, or that this is not known; None where it applies."""
    kind = rule.applies_to
    reason = ""
    if kind == "first_cycle" and facts.records.treatments:
        reason = _("Only before the first cycle.")
    elif kind in ("later_cycles", "after_administration") and not facts.records.treatments:
        reason = _("Only after the first cycle.")
    elif (nuclide := rule.nuclide) and facts.last_given(nuclide) is None:
        if unclear := facts.unclear():
            return unknown(not_recorded_text(unclear[-1].number))
        reason = _("No {nuclide} given yet.").format(nuclide=nuclide)
        if nuclide == "alpha":
            reason = _("No alpha emitter given yet.")
    return Finding(verdict=Verdict.DOES_NOT_APPLY, reason=reason) if reason else None


def _find(
    limit: Limit, rule: Rule, facts: Facts, oldest_days: int | None, rules: list[Rule]
) -> Finding:
    match limit.parameter:
        case "lab_age":
            return find_age(limit, facts)
        case "interval":
            return find_interval(limit, facts, rule.nuclide)
        case "delay":
            return find_delay(limit, facts, rule.nuclide)
        case "cycles":
            return find_cycles(limit, facts, rule.nuclide)
        case "ecog":
            return find_ecog(limit, facts, oldest_days)
        case "recurrence":
            failing = partial(_failing, rules, facts)
            return find_recurrence(limit, facts, rule.nuclide, failing)
        case "deviation":
            return find_deviation(limit, facts)
    if limit.against is Against.GRADE:
        return find_grade(limit, facts, oldest_days)
    return find_lab(limit, facts, oldest_days)


def _failing(rules: list[Rule], facts: Facts, day: date) -> dict[str, str]:
    """Return the limits on values and grades that were exceeded on a day, by rule."""
    then = facts_of(facts.records, day)
    of_values = [
        rule
        for rule in rules
        if not any(each.parameter in _NO_VALUE_PARAMETERS for each in rule.limits)
    ]
    return {
        rule.key: rule.limits[0].words
        for rule in of_values
        # Only results of that very day count.
        if _check_rule(rule, then, 0, []).verdict is Verdict.FAIL
    }


def _joined(rule: Rule, findings: list[Finding]) -> Finding:
    """Combine findings: joined by "and" the rule fails only if all do, by "or" if any does."""
    if len(findings) == 1:
        return findings[0]
    needs_all = rule.joined == "and"
    order = (
        (Verdict.PASS, Verdict.NOT_ASSESSABLE, Verdict.FAIL, Verdict.DOES_NOT_APPLY)
        if needs_all
        else (Verdict.FAIL, Verdict.PASS, Verdict.NOT_ASSESSABLE, Verdict.DOES_NOT_APPLY)
    )
    verdict = next(each for each in order if any(one.verdict is each for one in findings))
    pairs = list(zip(rule.limits, findings, strict=True))
    decisive = [(limit, finding) for limit, finding in pairs if finding.verdict is verdict]
    with_value = [(limit, finding) for limit, finding in pairs if finding.recorded]
    stated = decisive if verdict is not Verdict.NOT_ASSESSABLE else with_value or decisive
    earliest = [finding.earliest for finding in findings if finding.earliest]
    return replace(
        decisive[0][1],
        recorded="; ".join(
            finding.recorded
            if limit.words in finding.recorded
            else f"{limit.words} {finding.recorded}"
            for limit, finding in stated
            if finding.recorded
        ),
        on=min((one.on for _limit, one in stated if one.on), key=first_day, default=None),
        reason=" ".join(
            f"{limit.words}: {finding.reason}" for limit, finding in decisive if finding.reason
        ),
        earliest=(min if needs_all else max)(earliest, default=None),
    )

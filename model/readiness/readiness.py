"""Readiness: the centre's own limits beside what is recorded, each passed, failed or left open.

It recommends nothing and proposes no activity; what a source says to do is shown as the source's
words. Never one green light while something is missing: all limits are met only when every limit
that applies was passed.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from model.dates import shown
from model.readiness.facts import Facts, facts_of
from model.readiness.grade_limits import find_grade
from model.readiness.limits import Finding, Verdict, days_text, find_lab, unknown
from model.readiness.own_rule_sets import chosen_set
from model.readiness.rule_sets import Against, Limit, Rule, RuleSet
from model.readiness.time_limits import deviation, find_delay, find_interval, newest_age, oldest_age
from model.records.patient_records import PatientRecords

__all__ = ["Judged", "Readiness", "Verdict", "of_patient", "readiness"]

NOT_COUNTED = "not counted for the next cycle"
NO_SET = "No rule set is chosen for this casebook."


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """One rule with what became of it. `age_days` is that of the recorded value."""

    rule: Rule
    finding: Finding
    age_days: int | None

    @property
    def verdict(self) -> Verdict:
        """Whether the rule passes, fails, cannot be assessed or does not apply."""
        return self.finding.verdict

    @property
    def limit(self) -> str:
        """The limit as what lets pass: `Platelets ≥ 75 ×10⁹/L`."""
        return self.rule.passing

    @property
    def figure(self) -> str:
        """The recorded value, without its unit where that is the unit of the limit."""
        limit = self.rule.limits[0]
        in_unit = limit.against is Against.ABSOLUTE and len(self.rule.limits) == 1
        return self.finding.recorded.removesuffix(f" {limit.unit_text}" if in_unit else "")

    @property
    def counts(self) -> bool:
        """Whether it says something of the next cycle: not what flags the last one."""
        return self.rule.applies_to != "after_administration"

    @property
    def when(self) -> str:
        """Day and age of the recorded value: `27 Nov 2023, 3 days old`; empty without one."""
        if self.finding.on is None or self.age_days is None:
            return ""
        age = "today" if self.age_days == 0 else f"{days_text(self.age_days)} old"
        return f"{shown(self.finding.on)}, {age}"

    @property
    def text(self) -> str:
        """All that is known of it, as one text to be read out."""
        finding, rule = self.finding, self.rule
        parts = [
            self.limit,
            f"{finding.recorded or 'nothing recorded'}: {finding.verdict}",
            self.when,
            finding.left,
            "" if self.counts else NOT_COUNTED,
            finding.reason.rstrip("."),
            f"Limit as its source states it: {rule.stated}",
            f"Source's own words on it: {rule.action}",
            f"Source: {rule.source}",
        ]
        return ". ".join(filter(None, parts)) + "."


@dataclass(frozen=True, slots=True, kw_only=True)
class Readiness:
    """What the limits of a set say of one patient on a day.

    `why_none` says why nothing is judged; then `judged` is empty. `earliest` is the first day that
    all intervals allow, whatever else is missing.
    """

    question: str
    set_name: str
    judged: tuple[Judged, ...]
    earliest: date | None
    why_none: str = ""

    def count(self, verdict: Verdict) -> int:
        """How many limits on the next cycle have a verdict."""
        return sum(each.verdict is verdict and each.counts for each in self.judged)

    @property
    def summary(self) -> tuple[str, ...]:
        """The outcome in words: `1 fails`, `2 not assessable`, or `all limits met`."""
        fails, open_ones = self.count(Verdict.FAIL), self.count(Verdict.NOT_ASSESSABLE)
        said = []
        if fails:
            said.append(f"{fails} fails" if fails == 1 else f"{fails} fail")
        if open_ones:
            said.append(f"{open_ones} not assessable")
        if said or self.why_none:
            return tuple(said)
        passed = [each for each in self.judged if each.verdict is Verdict.PASS and each.counts]
        if not passed:
            return ("no limit applies",)
        # Recent results alone are no reason for a green light: nothing was held against them.
        if all(each.rule.limits[0].parameter == "lab_age" for each in passed):
            return ("no limit but the age of labs applies",)
        return ("all limits met",)

    @property
    def all_met(self) -> bool:
        """Whether every limit that applies was passed, and there is one."""
        return not self.why_none and self.summary == ("all limits met",)


def of_patient(records: PatientRecords, today: date) -> Readiness:
    """Return the readiness of a patient by the casebook's rule set, as of a day.

    Raises KnownError when the casebook's rule sets cannot be read.
    """
    return readiness(chosen_set(records.settings), facts_of(records, today), today)


def readiness(rules: RuleSet | None, facts: Facts, today: date) -> Readiness:
    """What the rules say of these facts; those that do not apply come last."""
    asked = rules.question if rules else "Ready for cycle {cycle}?"
    question = asked.replace("{cycle}", str(facts.next_cycle))
    name = rules.name if rules else ""
    if facts.died_on is not None and facts.died_on <= today:
        why_none = f"The patient died on {shown(facts.died_on)}."
    else:
        why_none = "" if rules else NO_SET
    if rules is None or why_none:
        return Readiness(
            question=question, set_name=name, judged=(), earliest=None, why_none=why_none
        )
    used = [rule for rule in rules.rules if rule.used]
    oldest_days = _oldest_days(used)
    judged = [_judged(rule, facts, today, oldest_days) for rule in used]
    judged.sort(key=lambda each: (each.verdict is Verdict.DOES_NOT_APPLY, not each.counts))
    days = [each.finding.earliest for each in judged if each.finding.earliest]
    return Readiness(
        question=question, set_name=name, judged=tuple(judged), earliest=max(days, default=None)
    )


def _oldest_days(rules: list[Rule]) -> int | None:
    """How old a result may be, by the rule on the age of results; None without one."""
    limits = [limit for rule in rules for limit in rule.limits if limit.parameter == "lab_age"]
    return min((oldest_age(limit) for limit in limits), default=None)


def _judged(rule: Rule, facts: Facts, today: date, oldest_days: int | None) -> Judged:
    finding = _applies(rule, facts) or _joined(
        rule, [_find(limit, rule, facts, today, oldest_days) for limit in rule.limits]
    )
    age = None if finding.on is None else (today - finding.on).days
    return Judged(rule=rule, finding=finding, age_days=age)


def _applies(rule: Rule, facts: Facts) -> Finding | None:
    """Why a rule does not apply to this patient now, or cannot be told to; None if it does."""
    kind = rule.applies_to
    reason = ""
    if kind == "first_cycle" and facts.treatments:
        reason = "Only before the first cycle."
    elif kind in ("later_cycles", "after_administration") and not facts.treatments:
        reason = "Only after the first cycle."
    elif kind.startswith("after_") and kind != "after_administration":
        wanted = kind.removeprefix("after_")
        if facts.last_given(wanted) is None:
            if unclear := facts.unclear():
                return unknown(f"What was given in cycle {unclear[-1].number} is not recorded.")
            reason = f"No {'alpha emitter' if wanted == 'alpha' else wanted} was given yet."
    return Finding(verdict=Verdict.DOES_NOT_APPLY, reason=reason) if reason else None


def _find(limit: Limit, rule: Rule, facts: Facts, today: date, oldest_days: int | None) -> Finding:
    match limit.parameter:
        case "lab_age":
            return newest_age(limit, facts, today)
        case "interval":
            return find_interval(limit, facts, _kind_of(rule), today)
        case "delay":
            return find_delay(limit, facts, _kind_of(rule), today)
        case "deviation":
            return deviation(limit, facts)
    if limit.against is Against.GRADE:
        return find_grade(limit, facts, today, oldest_days)
    return find_lab(limit, facts, today, oldest_days)


def _kind_of(rule: Rule) -> str:
    """The nuclide, or `alpha`, that an interval is counted from; empty for any cycle."""
    prefix, _, kind = rule.applies_to.partition("_")
    return kind if prefix == "after" else ""


def _joined(rule: Rule, findings: list[Finding]) -> Finding:
    """One finding of several: those joined by "and" fail together, by "or" each for itself."""
    if len(findings) == 1:
        return findings[0]
    order = (
        (Verdict.PASS, Verdict.NOT_ASSESSABLE, Verdict.FAIL, Verdict.DOES_NOT_APPLY)
        if rule.joined == "and"
        else (Verdict.FAIL, Verdict.PASS, Verdict.NOT_ASSESSABLE, Verdict.DOES_NOT_APPLY)
    )
    verdict = next(each for each in order if any(found.verdict is each for found in findings))
    pairs = list(zip(rule.limits, findings, strict=True))
    decisive = [(limit, found) for limit, found in pairs if found.verdict is verdict]
    known = [(limit, found) for limit, found in pairs if found.recorded]
    told = decisive if verdict is not Verdict.NOT_ASSESSABLE else known or decisive
    first = decisive[0][1]
    return replace(
        first,
        verdict=verdict,
        recorded="; ".join(
            found.recorded if limit.words in found.recorded else f"{limit.words} {found.recorded}"
            for limit, found in told
            if found.recorded
        ),
        on=min((found.on for _, found in told if found.on), default=None),
        reason=" ".join(
            f"{limit.words}: {found.reason}" for limit, found in decisive if found.reason
        ),
    )

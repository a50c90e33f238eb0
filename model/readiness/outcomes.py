"""What a rule set gives for one patient: the outcome of each rule, and all of them in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from model.dates import date_text
from model.language import _, ngettext
from model.readiness.limits import Finding, Verdict, days_text
from model.readiness.rule_sets import Against, Rule

NOT_COUNTED = _("not counted for the next cycle")
ALL_MET = _("all limits met")
NO_SET = _("No rule set is chosen for this casebook.")
PARAMETERS_WITHOUT_VALUE = frozenset(
    ["lab_age", "interval", "delay", "cycles", "ecog", "deviation", "recurrence"]
)
"""The parameters of limits that are not on a value or a grade."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleOutcome:
    """One rule with its finding; `age_days` is the age of the recorded value, if known."""

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
        """The recorded value, without its unit if that is also the unit of the limit."""
        limit = self.rule.limits[0]
        is_same_unit = limit.against is Against.ABSOLUTE and len(self.rule.limits) == 1
        return self.finding.recorded.removesuffix(f" {limit.unit_text}" if is_same_unit else "")

    @property
    def concerns_next_cycle(self) -> bool:
        """Whether the rule is about the next cycle, and not about the last one."""
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
        """The whole outcome as one text, for screen readers."""
        finding, rule = self.finding, self.rule
        parts = [
            self.limit,
            f"{finding.recorded or _('nothing recorded')}: {finding.verdict}",
            self.when,
            finding.left,
            "" if self.concerns_next_cycle else NOT_COUNTED,
            finding.reason.rstrip("."),
            _("What blocks: {limit}").format(limit=rule.stated),
            _("What the source then asks for: {action}").format(action=rule.action),
            _("Source: {source}").format(source=rule.source),
        ]
        return ". ".join(filter(None, parts)) + "."


@dataclass(frozen=True, slots=True, kw_only=True)
class Readiness:
    """The outcome of a rule set for one patient on a day.

    There is one outcome for each rule; those of rules that do not apply are last. If there are
    none, `why_no_outcomes` is the reason. `earliest` is the first day that all intervals allow,
    whatever else is missing.
    """

    question: str
    set_name: str
    outcomes: tuple[RuleOutcome, ...]
    earliest: date | None
    why_no_outcomes: str = ""
    left_out: str = ""
    """The criteria of the set's source that are not among its rules."""

    def count(self, verdict: Verdict) -> int:
        """Return how many rules about the next cycle have a verdict."""
        return sum(each.verdict is verdict and each.concerns_next_cycle for each in self.outcomes)

    @property
    def summary(self) -> tuple[str, ...]:
        """The outcome in words: `1 fails`, `2 not assessable`, or `all limits met`."""
        fails, not_assessable = self.count(Verdict.FAIL), self.count(Verdict.NOT_ASSESSABLE)
        texts = []
        if fails:
            texts.append(ngettext("{n} fails", "{n} fail", fails).format(n=fails))
        if not_assessable:
            texts.append(_("{n} not assessable").format(n=not_assessable))
        if texts or self.why_no_outcomes:
            return tuple(texts)
        passed = [
            each
            for each in self.outcomes
            if each.verdict is Verdict.PASS and each.concerns_next_cycle
        ]
        if not passed:
            return (_("no limit applies"),)
        # Recent results, days and cycles alone are no green light, because no value was compared.
        parameters = {each.rule.limits[0].parameter for each in passed}
        if parameters == {"lab_age"}:
            return (_("only the limit on the age of labs applies"),)
        if parameters <= PARAMETERS_WITHOUT_VALUE:
            return (_("no limit on a value applies"),)
        return (ALL_MET,)

"""Rule sets: the limits that recorded values are compared with before the next cycle.

The shipped sets are in `resources/rule_sets`, one file each, where rows with the same key are one
rule. A set that lacks a criterion of its source names it (`left_out`). The set that a casebook has
chosen, and its own sets, are in `model.readiness.own_rule_sets`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from functools import cache

from model.language import _
from model.records.outcome.finished import PlannedCycles
from model.reference import units
from model.reference.tables import rows

GENERIC = "GENERIC"
OPERATORS = ("<", "<=", ">", ">=")
SIGNS = {"<": "<", "<=": "≤", ">": ">", ">=": "≥"}
_OPPOSITE_SIGNS = {"<": "≥", "<=": ">", ">": "≤", ">=": "<"}


class Against(StrEnum):
    """What a limit is relative to."""

    ABSOLUTE = "absolute"
    ULN = "uln"
    RISE = "rise"
    """Per cent above the baseline."""
    FALL = "fall"
    """Per cent below the baseline."""
    GRADE = "grade"
    """A CTCAE grade."""
    WEEKS = "weeks"
    DAYS = "days"
    PRESCRIBED = "prescribed"
    """Per cent of the prescribed activity."""
    CYCLES = "cycles"
    """A number of cycles that were given."""
    REDUCED = "reduced"
    """A reduced activity in GBq, after which a toxicity recurred."""
    SCORE = "score"
    """A score without a unit: ECOG."""


_UNITS = {
    Against.ULN: _("× ULN"),
    Against.WEEKS: _("weeks"),
    Against.DAYS: _("days old"),
    Against.GRADE: "",
    Against.CYCLES: "",
    Against.REDUCED: "GBq",
    Against.SCORE: "",
}
"""The unit after the value of a limit. Absolute limits have their own, all others per cent."""
_SUBJECTS = {
    Against.RISE: _("{what}: rise"),
    Against.FALL: _("{what}: fall"),
    Against.GRADE: _("{what}: grade"),
    Against.REDUCED: _("{what}: after"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """A limit that blocks a cycle if `parameter operator value` holds, such as `plt < 75 10*9/L`.

    `parameter` is an analyte's key (measured or derived) or one of `interval`, `delay`, `lab_age`,
    `deviation`, `cycles`, `recurrence`, `ecog`, `non_haematological`, `hypersensitivity`. A limit
    without a value is not used.
    """

    name: str
    parameter: str
    operator: str
    value: Decimal | None
    unit: str
    against: Against

    @property
    def blocking(self) -> str:
        """The condition for blocking: `Platelets < 75 ×10⁹/L`."""
        return self._text(SIGNS[self.operator])

    @property
    def passing(self) -> str:
        """The condition for passing: `Platelets ≥ 75 ×10⁹/L`."""
        if self.against is Against.GRADE and self.operator == ">=" and self.value is not None:
            return _("{what}: grade ≤ {grade}").format(what=self.name, grade=self.value - 1)
        if self.against is Against.REDUCED:
            return _("{what}: none after a lower activity").format(what=self.name)
        return self._text(_OPPOSITE_SIGNS[self.operator])

    @property
    def unit_text(self) -> str:
        """The unit after the value: `×10⁹/L`, `× ULN`, `weeks`; empty for a grade."""
        if self.against is Against.ABSOLUTE:
            return units.display_unit(self.unit)
        return _UNITS.get(self.against, "%")

    @property
    def label(self) -> str:
        """The condition for blocking without its value, as the label of a field: `Platelets <`."""
        return f"{self._subject} {SIGNS[self.operator]}"

    @property
    def _subject(self) -> str:
        """What is limited: `Platelets`, `Creatinine: rise`."""
        return _SUBJECTS.get(self.against, "{what}").format(what=self.name)

    def _text(self, sign: str) -> str:
        return " ".join(filter(None, (self._subject, sign, f"{self.value}", self.unit_text)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule of a set with its source.

    If `joined` is "and", the rule blocks only when all its limits do; "or" joins several measures
    of the same thing. `applies_to` is any_cycle, first_cycle, later_cycles, after_administration,
    after_alpha (an alpha emitter was given) or after_<nuclide>. `stated` is the source's statement
    of what blocks, `action` what the source then asks for.
    """

    key: str
    limits: tuple[Limit, ...]
    joined: str
    applies_to: str
    stated: str
    action: str
    source: str

    @property
    def used(self) -> bool:
        """Whether all its limits have values; otherwise the rule is not used."""
        return all(limit.value is not None for limit in self.limits)

    @property
    def nuclide(self) -> str:
        """The nuclide, or `alpha`, after which the rule applies; empty for any cycle."""
        prefix, _underscore, nuclide = self.applies_to.partition("_")
        return nuclide if prefix == "after" and nuclide != "administration" else ""

    @property
    def passing(self) -> str:
        """The condition for passing: `Platelets ≥ 75 ×10⁹/L`."""
        if self.joined == "and":
            blocking = [limit.blocking for limit in self.limits]
            text = _("Not both: {limits} and {last}")
            return text.format(limits=", ".join(blocking[:-1]), last=blocking[-1])
        first, *others = self.limits
        if not others:
            return first.passing
        names = [limit.name for limit in self.limits]
        text = _("{names} or {last}").format(names=", ".join(names[:-1]), last=names[-1])
        return replace(first, name=text).passing


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleSet:
    """A set of rules, `shipped` with the program or a casebook's own.

    `question` is the question that it answers, with `{cycle}` for the number of the next cycle.
    `left_out` names the criteria of its source that are not part of it.
    """

    key: str
    name: str
    question: str
    meant_for: str
    editable: bool
    shipped: bool
    rules: tuple[Rule, ...]
    left_out: str = ""

    @property
    def choosable(self) -> bool:
        """Whether a casebook can choose it; the generic limits always apply."""
        return self.key != GENERIC

    @property
    def is_of_next_cycle(self) -> bool:
        """Whether the set is about the next cycle, and not about a treatment after the cycles."""
        return "{cycle}" in self.question

    @property
    def planned(self) -> PlannedCycles | None:
        """How many cycles the set plans; None if it does not."""
        return next(
            (
                PlannedCycles(int(limit.value), rule.nuclide)
                for rule in self.rules
                for limit in rule.limits
                if self.is_of_next_cycle and limit.parameter == "cycles" and limit.value
            ),
            None,
        )


@cache
def shipped_sets() -> tuple[RuleSet, ...]:
    """Return the shipped sets, in the order in which they are offered."""
    return tuple(
        RuleSet(
            key=row["key"],
            name=row["name"],
            question=row["question"],
            meant_for=row["for"],
            editable=row["editable"] == "yes",
            shipped=True,
            rules=from_lines(rows(f"rule_sets/{row['key'].lower()}.csv")),
            left_out=row["left_out"],
        )
        for row in rows("rule_sets/sets.csv")
    )


def with_generic(chosen: RuleSet, generic: RuleSet) -> RuleSet:
    """Return a set with those generic rules whose parameters it does not limit itself.

    The rule on the number of cycles is not added to a set that is not about the next cycle.
    """
    parameters = {limit.parameter for rule in chosen.rules for limit in rule.limits}
    if chosen.choosable and not chosen.is_of_next_cycle:
        parameters.add("cycles")
    added = [rule for rule in generic.rules if rule.limits[0].parameter not in parameters]
    return replace(chosen, rules=(*chosen.rules, *added))


def from_lines(lines: Iterable[Mapping[str, str]]) -> tuple[Rule, ...]:
    """Return the rules in these lines; raises ValueError or KeyError if they cannot be read."""
    by_key: dict[str, list[Mapping[str, str]]] = {}
    for line in lines:
        by_key.setdefault(line["key"], []).append(line)
    return tuple(
        Rule(
            key=key,
            limits=tuple(_limit(line) for line in same_key),
            joined=same_key[-1]["joined"],
            applies_to=same_key[0]["applies_to"],
            stated=same_key[0]["stated"],
            action=same_key[0]["action"],
            source=same_key[0]["source"],
        )
        for key, same_key in by_key.items()
    )


def as_lines(rules: Iterable[Rule]) -> list[dict[str, str]]:
    """Return the rules as lines like those of the shipped files: one for each limit."""
    return [
        {
            "key": rule.key,
            "joined": rule.joined if index else "",
            "words": limit.name,
            "parameter": limit.parameter,
            "operator": limit.operator,
            "value": "" if limit.value is None else str(limit.value),
            "unit": limit.unit,
            "relative_to": limit.against.value,
            "applies_to": rule.applies_to,
            "stated": rule.stated,
            "action": rule.action,
            "source": rule.source,
        }
        for rule in rules
        for index, limit in enumerate(rule.limits)
    ]


def _limit(line: Mapping[str, str]) -> Limit:
    if line["operator"] not in OPERATORS:
        raise ValueError(f"{line['operator']!r} is not an operator")
    value = Decimal(line["value"]) if line["value"] else None
    if value is not None and not value.is_finite():
        raise ValueError(f"{value} is not a limit")
    return Limit(
        name=line["words"],
        parameter=line["parameter"],
        operator=line["operator"],
        value=value,
        unit=line["unit"],
        against=Against(line["relative_to"]),
    )

"""Rule sets: the limits that recorded values are compared with before the next cycle.

The named sets are in `resources/rule_sets`, one file each. A set is as published only if it has
every criterion of its source; otherwise it says which are left out. Rows with the same key are one
rule. Which one a casebook uses, and its own sets, are in `model.readiness.own_rule_sets`.
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
_PASSES = {"<": "≥", "<=": ">", ">": "≤", ">=": "<"}


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
"""The unit after the value of a limit; per cent for all others but absolute ones."""
_LIMITED = {
    Against.RISE: _("{what}: rise"),
    Against.FALL: _("{what}: fall"),
    Against.GRADE: _("{what}: grade"),
    Against.REDUCED: _("{what}: after"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """What blocks a cycle: `parameter operator value`, such as `plt < 75 10*9/L`.

    `parameter` is an analyte's key (measured or derived) or one of `interval`, `delay`, `lab_age`,
    `deviation`, `cycles`, `recurrence`, `ecog`, `non_haematological`, `hypersensitivity`. A limit
    without a value is not used.
    """

    words: str
    parameter: str
    operator: str
    value: Decimal | None
    unit: str
    against: Against

    @property
    def blocking(self) -> str:
        """The limit as what blocks: `Platelets < 75 ×10⁹/L`."""
        return self._written(SIGNS[self.operator])

    @property
    def passing(self) -> str:
        """The limit as what passes: `Platelets ≥ 75 ×10⁹/L`."""
        if self.against is Against.GRADE and self.operator == ">=" and self.value is not None:
            return _("{what}: grade ≤ {grade}").format(what=self.words, grade=self.value - 1)
        if self.against is Against.REDUCED:
            return _("{what}: none after a lower activity").format(what=self.words)
        return self._written(_PASSES[self.operator])

    @property
    def unit_text(self) -> str:
        """The unit after the value: `×10⁹/L`, `× ULN`, `weeks`; empty for a grade."""
        if self.against is Against.ABSOLUTE:
            return units.display_unit(self.unit)
        return _UNITS.get(self.against, "%")

    @property
    def label(self) -> str:
        """What blocks, without its value, which is edited next to it: `Platelets <`."""
        return f"{self._limited} {SIGNS[self.operator]}"

    @property
    def _limited(self) -> str:
        """What is limited: `Platelets`, `Creatinine: rise`."""
        return _LIMITED.get(self.against, "{what}").format(what=self.words)

    def _written(self, sign: str) -> str:
        return " ".join(filter(None, (self._limited, sign, f"{self.value}", self.unit_text)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule of a set with its source.

    `joined`: "and" blocks only when all its limits do; "or" joins several measures of the same.
    `applies_to`: any_cycle, first_cycle, later_cycles, after_administration, after_alpha (an alpha
    emitter was given) or after_<nuclide>. `stated` says what blocks, and `action` what the source
    then asks for.
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
        """Whether its limits have values; a rule without them is not used."""
        return all(limit.value is not None for limit in self.limits)

    @property
    def nuclide(self) -> str:
        """The nuclide, or `alpha`, after which it applies; empty for any cycle."""
        prefix, _underscore, kind = self.applies_to.partition("_")
        return kind if prefix == "after" and kind != "administration" else ""

    @property
    def passing(self) -> str:
        """The rule as what passes: `Platelets ≥ 75 ×10⁹/L`."""
        if self.joined == "and":
            blocking = [limit.blocking for limit in self.limits]
            text = _("Not both: {limits} and {last}")
            return text.format(limits=", ".join(blocking[:-1]), last=blocking[-1])
        first, *others = self.limits
        if not others:
            return first.passing
        names = [limit.words for limit in self.limits]
        text = _("{names} or {last}").format(names=", ".join(names[:-1]), last=names[-1])
        return replace(first, words=text).passing


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleSet:
    """A set of rules: `shipped` with the program, or else a casebook's own.

    `question` is what it answers, with `{cycle}` for the number of the next cycle. `left_out` names
    the criteria of its source that are not part of it.
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
        """Whether it is about the next cycle, and not about what may follow the cycles."""
        return "{cycle}" in self.question

    @property
    def planned(self) -> PlannedCycles | None:
        """How many cycles it plans, if it says so."""
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
    """Return the named sets as shipped, in the order in which they are offered."""
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
    """Return a set with the generic rules whose parameters it does not limit itself.

    The number of planned cycles is not added to a set that is about something else.
    """
    limited = {limit.parameter for rule in chosen.rules for limit in rule.limits}
    limited |= set() if chosen.is_of_next_cycle or not chosen.choosable else {"cycles"}
    added = [rule for rule in generic.rules if rule.limits[0].parameter not in limited]
    return replace(chosen, rules=(*chosen.rules, *added))


def from_lines(lines: Iterable[Mapping[str, str]]) -> tuple[Rule, ...]:
    """Return the rules in these lines; raises ValueError or KeyError where they cannot be read."""
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
    """Return the rules as in the files of the named sets: a line for each limit."""
    return [
        {
            "key": rule.key,
            "joined": rule.joined if index else "",
            "words": limit.words,
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
        words=line["words"],
        parameter=line["parameter"],
        operator=line["operator"],
        value=value,
        unit=line["unit"],
        against=Against(line["relative_to"]),
    )

"""Rule sets: the limits that are held against recorded values before the next cycle.

The named sets stand in `resources/rule_sets`, one file each, as their sources give them; rows of
one key are one rule. Which of them a casebook uses, and what it has of its own, stands in
`model.own_rule_sets`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from enum import StrEnum
from functools import cache

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Limit:
    """What blocks: `parameter operator value`, such as `plt < 75 10*9/L`.

    `parameter` is an analyte's key (measured or derived) or one of `interval`, `delay`, `lab_age`,
    `deviation`, `non_haematological`, `hypersensitivity`. A value of None: not used.
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
        """The limit as what lets pass: `Platelets ≥ 75 ×10⁹/L`."""
        if self.against is Against.GRADE and self.operator == ">=" and self.value is not None:
            return f"{self.words}: grade ≤ {self.value - 1}"
        return self._written(_PASSES[self.operator])

    @property
    def unit_text(self) -> str:
        """What stands behind the value: `×10⁹/L`, `× ULN`, `weeks`; empty for a grade."""
        match self.against:
            case Against.ABSOLUTE:
                return units.display_unit(self.unit)
            case Against.ULN:
                return "× ULN"
            case Against.RISE | Against.FALL | Against.PRESCRIBED:
                return "%"
            case Against.WEEKS:
                return "weeks"
            case Against.DAYS:
                return "days old"
            case Against.GRADE:
                return ""

    @property
    def label(self) -> str:
        """What blocks without its value, to be edited beside it: `Platelets <`."""
        return f"{self._limited} {SIGNS[self.operator]}"

    @property
    def _limited(self) -> str:
        kind = {Against.RISE: ": rise", Against.FALL: ": fall", Against.GRADE: ": grade"}
        return f"{self.words}{kind.get(self.against, '')}"

    def _written(self, sign: str) -> str:
        return " ".join(filter(None, (self._limited, sign, f"{self.value}", self.unit_text)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One rule of a set with its source.

    `joined`: "and" blocks only when all its limits do; "or" are several ways to measure the same.
    `applies_to`: any_cycle, first_cycle, later_cycles, after_administration, after_alpha (an alpha
    emitter was given) or after_<nuclide>. `stated` and `action` are the source's own words.
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
        """Whether it has its values: one that was emptied is left out."""
        return all(limit.value is not None for limit in self.limits)

    @property
    def passing(self) -> str:
        """The rule as what lets pass: `Platelets ≥ 75 ×10⁹/L`."""
        if self.joined == "and":
            return f"Not both: {' and '.join(limit.blocking for limit in self.limits)}"
        first, *others = self.limits
        if not others:
            return first.passing
        names = [limit.words for limit in self.limits]
        return replace(first, words=f"{', '.join(names[:-1])} or {names[-1]}").passing


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleSet:
    """A set of rules; `shipped` as it stands in its source, or else a casebook's own.

    `question` is what it answers, with `{cycle}` for the number of the next cycle.
    """

    key: str
    name: str
    question: str
    meant_for: str
    editable: bool
    shipped: bool
    rules: tuple[Rule, ...]

    @property
    def choosable(self) -> bool:
        """Whether a casebook can choose it; the generic limits hold in any case."""
        return self.key != GENERIC


@cache
def shipped_sets() -> tuple[RuleSet, ...]:
    """The named sets as they ship, in the order in which they are offered."""
    return tuple(
        RuleSet(
            key=row["key"],
            name=row["name"],
            question=row["question"],
            meant_for=row["for"],
            editable=row["editable"] == "yes",
            shipped=True,
            rules=from_lines(rows(f"rule_sets/{row['key'].lower()}.csv")),
        )
        for row in rows("rule_sets/sets.csv")
    )


def with_generic(chosen: RuleSet, generic: RuleSet) -> RuleSet:
    """A set with those generic rules whose parameters it does not limit itself."""
    limited = {limit.parameter for rule in chosen.rules for limit in rule.limits}
    added = [rule for rule in generic.rules if rule.limits[0].parameter not in limited]
    return replace(chosen, rules=(*chosen.rules, *added))


def from_lines(lines: Iterable[Mapping[str, str]]) -> tuple[Rule, ...]:
    """The rules that such lines make; `ValueError` or `KeyError` where they cannot be read."""
    by_key: dict[str, list[Mapping[str, str]]] = {}
    for line in lines:
        by_key.setdefault(line["key"], []).append(line)
    return tuple(
        Rule(
            key=key,
            limits=tuple(_limit(line) for line in found),
            joined=found[-1]["joined"],
            applies_to=found[0]["applies_to"],
            stated=found[0]["stated"],
            action=found[0]["action"],
            source=found[0]["source"],
        )
        for key, found in by_key.items()
    )


def as_lines(rules: Iterable[Rule]) -> list[dict[str, str]]:
    """The rules as the files of the named sets write them: a line for each limit."""
    return [
        {
            "key": rule.key,
            "joined": rule.joined if place else "",
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
        for place, limit in enumerate(rule.limits)
    ]


def _limit(line: Mapping[str, str]) -> Limit:
    if line["operator"] not in OPERATORS:
        raise ValueError(f"{line['operator']!r} is no operator")
    value = Decimal(line["value"]) if line["value"] else None
    if value is not None and not value.is_finite():
        raise ValueError(f"{value} is no limit")
    return Limit(
        words=line["words"],
        parameter=line["parameter"],
        operator=line["operator"],
        value=value,
        unit=line["unit"],
        against=Against(line["relative_to"]),
    )

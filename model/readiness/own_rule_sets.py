"""The rule sets of a casebook: the one it has chosen, its own copies, and what was edited.

A casebook chooses one set; the limits of `GENERIC` are added to whichever it is. Sets of a named
source are not edited but copied; the two that are a centre's own to set (`ALPHA_PRRT_DEFAULT` and
`GENERIC`) can be edited where they stand. All of it is kept among the casebook's settings.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from typing import Any

from model.errors import InvalidRecord, KnownError
from model.readiness.rule_sets import (
    GENERIC,
    Against,
    Limit,
    Rule,
    RuleSet,
    as_lines,
    from_lines,
    shipped_sets,
    with_generic,
)
from model.store.settings import SettingsSource, save_setting, setting
from model.store.step import Step

CHOSEN = "readiness_rule_set"
OWN_SETS = "readiness_own_sets"
_OWN = "OWN_"
_UNREADABLE = "The casebook's own rule sets cannot be read."
_LARGEST_VALUE = Decimal(1_000_000)
_LARGEST = {Against.WEEKS: Decimal(520), Against.DAYS: Decimal(3650)}
"""Ten years: what lies beyond is no interval, and may be no date."""


def all_sets(source: SettingsSource) -> list[RuleSet]:
    """The named sets, edited ones as they were edited, then the casebook's own.

    Raises KnownError when what the casebook holds cannot be read.
    """
    own = {one.key: one for one in own_sets(source)}
    named = [own.pop(one.key, one) for one in shipped_sets()]
    return [*named, *own.values()]


def chosen_key(source: SettingsSource) -> str:
    """The key of the set that the casebook has chosen; empty before one was."""
    return setting(source, CHOSEN) or ""


def chosen_set(source: SettingsSource) -> RuleSet | None:
    """The set that the casebook has chosen with the generic limits, or None.

    Raises KnownError when the chosen set is no longer there.
    """
    key = chosen_key(source)
    if not key:
        return None
    by_key = {one.key: one for one in all_sets(source)}
    if key not in by_key:
        raise KnownError(f"The chosen rule set “{key}” is no longer there. Choose another one.")
    return with_generic(by_key[key], by_key[GENERIC])


def choose(step: Step, key: str) -> None:
    """Choose a set for the casebook; an empty key chooses none."""
    if key and key not in {one.key for one in all_sets(step) if one.choosable}:
        raise InvalidRecord({"rule_set": f"There is no rule set “{key}”."})
    save_setting(step, CHOSEN, key)


def copy(step: Step, original: RuleSet, name: str) -> RuleSet:
    """Keep an editable copy under a name of its own; raises InvalidRecord for one in use."""
    keys = {one.key for one in own_sets(step)}
    number = next(n for n in range(1, len(keys) + 2) if f"{_OWN}{n}" not in keys)
    made = replace(original, key=f"{_OWN}{number}", name=name.strip(), editable=True, shipped=False)
    return save(step, made)


def save(step: Step, edited: RuleSet) -> RuleSet:
    """Keep an editable set as it was edited; raises InvalidRecord when a rule is broken."""
    edited = replace(edited, name=edited.name.strip(), shipped=False)
    if problems := problems_of(edited, all_sets(step)):
        raise InvalidRecord(problems)
    own = {one.key: one for one in own_sets(step)} | {edited.key: edited}
    _keep_own(step, own.values())
    return edited


def remove(step: Step, edited: RuleSet) -> None:
    """Delete a casebook's own set, or bring an edited named one back to how it ships.

    A deleted set that was chosen leaves none chosen.
    """
    _keep_own(step, [one for one in own_sets(step) if one.key != edited.key])
    if chosen_key(step) == edited.key and edited.key not in _named():
        save_setting(step, CHOSEN, "")


def discard(step: Step) -> None:
    """Let go of all own and edited sets, also of what cannot be read; none is chosen then."""
    save_setting(step, OWN_SETS, "")
    save_setting(step, CHOSEN, "")


def problems_of(edited: RuleSet, others: Sequence[RuleSet]) -> dict[str, str]:
    """Why a set may not be kept, by field (`name`, or a rule's key with the limit's place)."""
    found = _problems_of_limits(edited.rules)
    if not edited.editable:
        found["name"] = "A set of a named source is not edited. Make a copy of it."
    elif not edited.name:
        found["name"] = "A rule set needs a name."
    elif any(
        one.name.casefold() == edited.name.casefold() and one.key != edited.key for one in others
    ):
        found["name"] = "There is a rule set of this name already."
    return found


def field_of(rule: Rule, place: int) -> str:
    """The name of the field in which a limit of a rule is edited."""
    return f"{rule.key}.{place}"


def own_sets(source: SettingsSource) -> list[RuleSet]:
    """The casebook's own and edited sets; KnownError when they cannot be read."""
    text = setting(source, OWN_SETS) or ""
    if problem := problem_of_setting(OWN_SETS, text):
        raise KnownError(
            f"{problem} All other records are sound. Undo what changed them last, or discard them"
            " in the Settings."
        )
    return [_set_from(each) for each in json.loads(text)] if text else []


def problem_of_setting(name: str, value: str) -> str | None:
    """Why a setting of this module holds what cannot be read, if it does."""
    if name == CHOSEN and value and not _is_choosable(value):
        return f"There is no rule set “{value}”."
    if name != OWN_SETS or not value:
        return None
    try:
        sets = [_set_from(each) for each in json.loads(value)]
    except (ValueError, KeyError, TypeError, AttributeError, InvalidOperation, RecursionError):
        return _UNREADABLE
    return _UNREADABLE if any(_problems_of_limits(one.rules) for one in sets) else None


def _is_choosable(key: str) -> bool:
    """Whether a set of this key may be chosen, as far as the key says."""
    named = {one.key for one in shipped_sets() if one.choosable}
    return key in named or key.startswith(_OWN)


def _problems_of_limits(rules: Iterable[Rule]) -> dict[str, str]:
    """What is wrong with the values of rules, by field."""
    found = {}
    for rule in rules:
        values = [limit.value for limit in rule.limits]
        for place, limit in enumerate(rule.limits):
            if problem := _problem_of(limit, all_empty=not any(v is not None for v in values)):
                found[field_of(rule, place)] = problem
    return found


def _problem_of(limit: Limit, *, all_empty: bool) -> str | None:
    if limit.value is None:
        return None if all_empty else "Both limits of this rule are needed, or neither."
    if not limit.value.is_finite() or limit.value < 0:
        return "A limit is a number and not negative."
    if limit.value > _LARGEST.get(limit.against, _LARGEST_VALUE):
        return "This is larger than any limit can be."
    if limit.against is Against.GRADE and limit.value not in {*map(Decimal, range(1, 6))}:
        return "A CTCAE grade lies between 1 and 5."
    if limit.against is Against.FALL and limit.value > 100:
        return "A value cannot fall by more than 100 %."
    return None


def _named() -> set[str]:
    return {one.key for one in shipped_sets()}


def _keep_own(step: Step, own: Iterable[RuleSet]) -> None:
    kept = [_as_json(one) for one in own]
    save_setting(step, OWN_SETS, json.dumps(kept, ensure_ascii=False) if kept else "")


def _as_json(one: RuleSet) -> dict[str, Any]:
    return {
        "key": one.key,
        "name": one.name,
        "question": one.question,
        "for": one.meant_for,
        "rules": as_lines(one.rules),
    }


def _set_from(kept: dict[str, Any]) -> RuleSet:
    return RuleSet(
        key=str(kept["key"]),
        name=str(kept["name"]),
        question=str(kept["question"]),
        meant_for=str(kept["for"]),
        editable=True,
        shipped=False,
        rules=from_lines(kept["rules"]),
    )

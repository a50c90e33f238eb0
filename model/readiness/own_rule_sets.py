"""The rule sets of a casebook: the chosen one, and those that were copied or edited.

A casebook chooses one set, to which the rules of `GENERIC` are added. A published set must be
copied before it is edited. The two sets whose values each centre chooses (`ALPHA_PRRT_DEFAULT` and
`GENERIC`) can be edited directly. The choice and the sets are stored in the casebook's settings.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from typing import Any

from model.errors import InvalidRecord, KnownError
from model.language import _
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
from model.records.outcome.finished import PlannedCycles
from model.store.settings import SettingsSource, save_setting, setting
from model.store.step import Step

CHOSEN = "readiness_rule_set"
OWN_SETS = "readiness_own_sets"
_OWN = "OWN_"
_UNREADABLE = _("The casebook's own rule sets cannot be read.")
_MAX_VALUE = Decimal(1_000_000)
_MAX_VALUES = {Against.WEEKS: Decimal(520), Against.DAYS: Decimal(3650)}
"""Ten years. A longer interval is a mistake, and might lead to a date that does not exist."""


def all_sets(source: SettingsSource) -> list[RuleSet]:
    """Return the shipped sets, as the casebook has edited them, then the casebook's own.

    Raises KnownError when the casebook's own sets cannot be read.
    """
    own = {each.key: each for each in own_sets(source)}
    shipped = [own.pop(each.key, each) for each in shipped_sets()]
    return [*shipped, *own.values()]


def chosen_key(source: SettingsSource) -> str:
    """Return the key of the chosen set; empty for none."""
    return setting(source, CHOSEN) or ""


def chosen_set(source: SettingsSource) -> RuleSet | None:
    """Return the chosen set with the generic rules; None if none is chosen.

    Raises KnownError when the chosen set no longer exists.
    """
    key = chosen_key(source)
    if not key:
        return None
    by_key = {each.key: each for each in all_sets(source)}
    if key not in by_key:
        text = _("The chosen rule set “{key}” no longer exists. Choose another one.")
        raise KnownError(text.format(key=key))
    return with_generic(by_key[key], by_key[GENERIC])


def planned_cycles(source: SettingsSource) -> PlannedCycles | None:
    """Return how many cycles the chosen set plans; None if it does not, or cannot be read."""
    try:
        rules = chosen_set(source)
    except KnownError:
        # The readiness card names the fault. Without a planned number a next cycle stays due.
        return None
    return rules.planned if rules else None


def choose(step: Step, key: str) -> None:
    """Choose a set for the casebook; an empty key chooses none."""
    if key and key not in {each.key for each in all_sets(step) if each.choosable}:
        raise InvalidRecord({"rule_set": _("There is no rule set “{key}”.").format(key=key)})
    save_setting(step, CHOSEN, key)


def copy(step: Step, original: RuleSet, name: str) -> RuleSet:
    """Save an editable copy under another name; raises InvalidRecord for a name in use."""
    keys = {each.key for each in own_sets(step)}
    number = next(n for n in range(1, len(keys) + 2) if f"{_OWN}{n}" not in keys)
    return save(step, replace(original, key=f"{_OWN}{number}", name=name, editable=True))


def save(step: Step, edited: RuleSet) -> RuleSet:
    """Save an edited set; raises InvalidRecord when a rule is broken."""
    edited = replace(edited, name=edited.name.strip(), shipped=False)
    if problems := problems_of(edited, all_sets(step)):
        raise InvalidRecord(problems)
    own = {each.key: each for each in own_sets(step)} | {edited.key: edited}
    _save_own(step, own.values())
    return edited


def remove(step: Step, edited: RuleSet) -> None:
    """Delete a casebook's own set, or undo all edits of a shipped one.

    If the deleted set was chosen, none is chosen then.
    """
    _save_own(step, [each for each in own_sets(step) if each.key != edited.key])
    if chosen_key(step) == edited.key and edited.key not in {each.key for each in shipped_sets()}:
        save_setting(step, CHOSEN, "")


def discard(step: Step) -> None:
    """Delete all own and edited sets, unreadable ones too; none is chosen then."""
    save_setting(step, OWN_SETS, "")
    save_setting(step, CHOSEN, "")


def problems_of(edited: RuleSet, others: Sequence[RuleSet]) -> dict[str, str]:
    """Return why a set may not be saved, by field: `name`, or a limit's name by `field_of`."""
    problems = _problems_of_limits(edited.rules)
    if not edited.editable:
        problems["name"] = _("A published set cannot be edited. Make a copy of it.")
    elif not edited.name:
        problems["name"] = _("A rule set needs a name.")
    elif any(
        other.name.casefold() == edited.name.casefold() and other.key != edited.key
        for other in others
    ):
        problems["name"] = _("A rule set with this name already exists.")
    return problems


def field_of(rule: Rule, index: int) -> str:
    """Return the name of the field in which a limit of a rule is edited."""
    return f"{rule.key}.{index}"


def own_sets(source: SettingsSource) -> list[RuleSet]:
    """Return the casebook's own and edited sets; raises KnownError when they cannot be read."""
    text = setting(source, OWN_SETS) or ""
    if problem := problem_of_setting(OWN_SETS, text):
        raise KnownError(
            _(
                "{problem} All other records are intact. Undo the last change to them, or discard"
                " them in the settings."
            ).format(problem=problem)
        )
    return [_set_from(each) for each in json.loads(text)] if text else []


def problem_of_setting(name: str, value: str) -> str | None:
    """Return why a setting of this module cannot be read; None if it can."""
    choosable = {"", *(each.key for each in shipped_sets() if each.choosable)}
    if name == CHOSEN and value not in choosable and not value.startswith(_OWN):
        return _("There is no rule set “{key}”.").format(key=value)
    if name != OWN_SETS or not value:
        return None
    try:
        sets = [_set_from(each) for each in json.loads(value)]
    except (ValueError, KeyError, TypeError, AttributeError, InvalidOperation, RecursionError):
        return _UNREADABLE
    return _UNREADABLE if any(_problems_of_limits(each.rules) for each in sets) else None


def _problems_of_limits(rules: Iterable[Rule]) -> dict[str, str]:
    """Return what is wrong with the values of these rules, by field."""
    problems = {}
    for rule in rules:
        is_unused = all(limit.value is None for limit in rule.limits)
        for index, limit in enumerate(rule.limits):
            if problem := _problem_of(limit, is_unused=is_unused):
                problems[field_of(rule, index)] = problem
    return problems


def _problem_of(limit: Limit, *, is_unused: bool) -> str | None:
    if limit.value is None:
        return None if is_unused else _("Both limits of this rule are needed, or neither.")
    if not limit.value.is_finite() or limit.value < 0:
        return _("A limit is a number and not negative.")
    if limit.value > _MAX_VALUES.get(limit.against, _MAX_VALUE):
        return _("This is larger than any limit can be.")
    if limit.against is Against.CYCLES and limit.value not in {*map(Decimal, range(1, 100))}:
        return _("A number of cycles is whole and at least 1.")
    if limit.against is Against.GRADE and limit.value not in {*map(Decimal, range(1, 6))}:
        return _("A CTCAE grade is between 1 and 5.")
    if limit.against is Against.FALL and limit.value > 100:
        return _("A value cannot fall by more than 100 %.")
    return None


def _save_own(step: Step, own: Iterable[RuleSet]) -> None:
    sets = [_as_json(each) for each in own]
    save_setting(step, OWN_SETS, json.dumps(sets, ensure_ascii=False) if sets else "")


def _as_json(rule_set: RuleSet) -> dict[str, Any]:
    return {
        "key": rule_set.key,
        "name": rule_set.name,
        "question": rule_set.question,
        "for": rule_set.meant_for,
        "left_out": rule_set.left_out,
        "rules": as_lines(rule_set.rules),
    }


def _set_from(values: dict[str, Any]) -> RuleSet:
    return RuleSet(
        key=str(values["key"]),
        name=str(values["name"]),
        question=str(values["question"]),
        meant_for=str(values["for"]),
        editable=True,
        shipped=False,
        rules=from_lines(values["rules"]),
        left_out=str(values.get("left_out", "")),
    )

"""The rule sets of a casebook: the chosen one, its own copies, and edited ones.

A casebook chooses one set, to which the limits of `GENERIC` are added. Published sets are copied
before they are edited; the two that each centre sets itself (`ALPHA_PRRT_DEFAULT` and `GENERIC`)
can be edited directly. All of it is stored in the casebook's settings.
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
_LARGEST_VALUE = Decimal(1_000_000)
_LARGEST = {Against.WEEKS: Decimal(520), Against.DAYS: Decimal(3650)}
"""Ten years: longer is not an interval, and may not be a date."""


def all_sets(source: SettingsSource) -> list[RuleSet]:
    """Return the named sets, edited ones as edited, then the casebook's own.

    Raises KnownError when the casebook's own sets cannot be read.
    """
    own = {one.key: one for one in own_sets(source)}
    named = [own.pop(one.key, one) for one in shipped_sets()]
    return [*named, *own.values()]


def chosen_key(source: SettingsSource) -> str:
    """Return the key of the chosen set; empty for none."""
    return setting(source, CHOSEN) or ""


def chosen_set(source: SettingsSource) -> RuleSet | None:
    """Return the chosen set with the generic limits, or None.

    Raises KnownError when the chosen set no longer exists.
    """
    key = chosen_key(source)
    if not key:
        return None
    by_key = {one.key: one for one in all_sets(source)}
    if key not in by_key:
        text = _("The chosen rule set “{key}” no longer exists. Choose another one.")
        raise KnownError(text.format(key=key))
    return with_generic(by_key[key], by_key[GENERIC])


def planned_cycles(source: SettingsSource) -> PlannedCycles | None:
    """Return how many cycles the chosen set plans; None where none says so, or none can be read."""
    try:
        rules = chosen_set(source)
    except KnownError:
        # The readiness card shows what is wrong; until then a next cycle stays due.
        return None
    return rules.planned if rules else None


def choose(step: Step, key: str) -> None:
    """Choose a set for the casebook; an empty key chooses none."""
    if key and key not in {one.key for one in all_sets(step) if one.choosable}:
        raise InvalidRecord({"rule_set": _("There is no rule set “{key}”.").format(key=key)})
    save_setting(step, CHOSEN, key)


def copy(step: Step, original: RuleSet, name: str) -> RuleSet:
    """Save an editable copy under another name; raises InvalidRecord for a name in use."""
    keys = {one.key for one in own_sets(step)}
    number = next(n for n in range(1, len(keys) + 2) if f"{_OWN}{n}" not in keys)
    copied = replace(
        original, key=f"{_OWN}{number}", name=name.strip(), editable=True, shipped=False
    )
    return save(step, copied)


def save(step: Step, edited: RuleSet) -> RuleSet:
    """Save an edited set; raises InvalidRecord when a rule is broken."""
    edited = replace(edited, name=edited.name.strip(), shipped=False)
    if problems := problems_of(edited, all_sets(step)):
        raise InvalidRecord(problems)
    own = {one.key: one for one in own_sets(step)} | {edited.key: edited}
    _save_own(step, own.values())
    return edited


def remove(step: Step, edited: RuleSet) -> None:
    """Delete a casebook's own set, or restore an edited named set to how it ships.

    Deleting the chosen set leaves none chosen.
    """
    _save_own(step, [one for one in own_sets(step) if one.key != edited.key])
    if chosen_key(step) == edited.key and edited.key not in {one.key for one in shipped_sets()}:
        save_setting(step, CHOSEN, "")


def discard(step: Step) -> None:
    """Delete all own and edited sets, unreadable ones too; none is chosen then."""
    save_setting(step, OWN_SETS, "")
    save_setting(step, CHOSEN, "")


def problems_of(edited: RuleSet, others: Sequence[RuleSet]) -> dict[str, str]:
    """Return why a set may not be saved, by field: `name`, or as `field_of` names a limit."""
    problems = _problems_of_limits(edited.rules)
    if not edited.editable:
        problems["name"] = _("A published set cannot be edited. Make a copy of it.")
    elif not edited.name:
        problems["name"] = _("A rule set needs a name.")
    elif any(
        one.name.casefold() == edited.name.casefold() and one.key != edited.key for one in others
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
    """Return why a setting of this module cannot be read; None where it can."""
    choosable = {"", *(one.key for one in shipped_sets() if one.choosable)}
    if name == CHOSEN and value not in choosable and not value.startswith(_OWN):
        return _("There is no rule set “{key}”.").format(key=value)
    if name != OWN_SETS or not value:
        return None
    try:
        sets = [_set_from(each) for each in json.loads(value)]
    except (ValueError, KeyError, TypeError, AttributeError, InvalidOperation, RecursionError):
        return _UNREADABLE
    return _UNREADABLE if any(_problems_of_limits(one.rules) for one in sets) else None


def _problems_of_limits(rules: Iterable[Rule]) -> dict[str, str]:
    """The problems of the values of rules, by field."""
    problems = {}
    for rule in rules:
        values = [limit.value for limit in rule.limits]
        for index, limit in enumerate(rule.limits):
            if problem := _problem_of(limit, all_empty=not any(v is not None for v in values)):
                problems[field_of(rule, index)] = problem
    return problems


def _problem_of(limit: Limit, *, all_empty: bool) -> str | None:
    if limit.value is None:
        return None if all_empty else _("Both limits of this rule are needed, or neither.")
    if not limit.value.is_finite() or limit.value < 0:
        return _("A limit is a number and not negative.")
    if limit.value > _LARGEST.get(limit.against, _LARGEST_VALUE):
        return _("This is larger than any limit can be.")
    if limit.against is Against.CYCLES and limit.value not in {*map(Decimal, range(1, 100))}:
        return _("A number of cycles is whole and at least 1.")
    if limit.against is Against.GRADE and limit.value not in {*map(Decimal, range(1, 6))}:
        return _("A CTCAE grade is between 1 and 5.")
    if limit.against is Against.FALL and limit.value > 100:
        return _("A value cannot fall by more than 100 %.")
    return None


def _save_own(step: Step, own: Iterable[RuleSet]) -> None:
    sets = [_as_json(one) for one in own]
    save_setting(step, OWN_SETS, json.dumps(sets, ensure_ascii=False) if sets else "")


def _as_json(one: RuleSet) -> dict[str, Any]:
    return {
        "key": one.key,
        "name": one.name,
        "question": one.question,
        "for": one.meant_for,
        "left_out": one.left_out,
        "rules": as_lines(one.rules),
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

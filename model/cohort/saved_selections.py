"""The selections that a casebook has saved by name, among its settings."""

from __future__ import annotations

import json
from dataclasses import replace

from model.cohort.selection import Selection, as_text, from_text
from model.errors import InvalidRecord, KnownError
from model.store.reader import Reader
from model.store.settings import save_setting
from model.store.step import Step

SETTING = "cohort_selections"


def saved(reader: Reader) -> tuple[Selection, ...]:
    """The saved selections by name; raises KnownError when they cannot be read."""
    rows = reader.rows("select value from setting where name = :name", name=SETTING)
    try:
        listed = json.loads(rows[0]["value"]) if rows else []
        found = [from_text(json.dumps(each)) for each in listed]
    except (ValueError, TypeError) as error:
        raise KnownError(
            "The saved selections of this casebook cannot be read. The records are as they were."
        ) from error
    return tuple(sorted(found, key=lambda each: each.name.casefold()))


def save(step: Step, selection: Selection) -> Selection:
    """Save a selection under its name, in place of one of the same name.

    Raises InvalidRecord for one without a name, or with a filter that asks nothing.
    """
    selection = replace(selection, name=selection.name.strip())
    problems = selection.problems()
    if not selection.name:
        problems["name"] = "Give the selection a name."
    if problems:
        raise InvalidRecord(problems)
    others = [each for each in saved(step) if each.name != selection.name]
    _keep(step, [*others, selection])
    return selection


def remove(step: Step, name: str) -> None:
    """Forget the selection of a name; nothing happens when there is none."""
    kept = saved(step)
    left = [each for each in kept if each.name != name]
    if len(left) < len(kept):
        _keep(step, left)


def _keep(step: Step, selections: list[Selection]) -> None:
    listed = [json.loads(as_text(each)) for each in selections]
    save_setting(step, SETTING, json.dumps(listed, ensure_ascii=False))

"""Load and save the named selections in the settings of a casebook."""

from __future__ import annotations

import json
from dataclasses import replace

from model.cohort.selection import Selection, as_text, from_text
from model.errors import InvalidRecord, KnownError
from model.language import _
from model.store.reader import Reader
from model.store.settings import save_setting
from model.store.step import Step

SETTING = "cohort_selections"


def load_selections(reader: Reader) -> tuple[Selection, ...]:
    """Return the saved selections, sorted by name; raises KnownError if they cannot be read."""
    rows = reader.rows("select value from setting where name = :name", name=SETTING)
    try:
        entries = json.loads(rows[0]["value"]) if rows else []
        selections = [from_text(json.dumps(each)) for each in entries]
    except (ValueError, TypeError) as error:
        raise KnownError(
            _("The saved selections of this casebook cannot be read. No record is affected.")
        ) from error
    return tuple(sorted(selections, key=lambda each: each.name.casefold()))


def save_selection(step: Step, selection: Selection) -> Selection:
    """Save a selection under its name; it replaces one with the same name.

    Raises InvalidRecord if the selection has no name or an incomplete filter.
    """
    selection = replace(selection, name=selection.name.strip())
    problems = selection.problems()
    if not selection.name:
        problems["name"] = _("Enter a name for the selection.")
    if problems:
        raise InvalidRecord(problems)
    others = [each for each in load_selections(step) if each.name != selection.name]
    _save_all(step, [*others, selection])
    return selection


def remove_selection(step: Step, name: str) -> None:
    """Remove the selection with a name, if there is one."""
    selections = load_selections(step)
    others = [each for each in selections if each.name != name]
    if len(others) < len(selections):
        _save_all(step, others)


def _save_all(step: Step, selections: list[Selection]) -> None:
    entries = [json.loads(as_text(each)) for each in selections]
    save_setting(step, SETTING, json.dumps(entries, ensure_ascii=False))

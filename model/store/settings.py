"""Settings that are stored in a casebook."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from model.errors import EditConflict
from model.store.reader import Reader
from model.store.step import Step

CTCAE_VERSION = "ctcae_version"
USUAL_CTCAE_VERSION = "5.0"

SYNTHETIC = "synthetic"
"""The setting that is `yes` in a casebook whose patients are invented."""

DATA_CUTOFF = "data_cutoff"
"""The setting with the last day whose records count, as ISO text."""

SettingsSource = Reader | Mapping[str, str]
"""Where settings are read from: a casebook or step, or all settings as `all_settings` read them."""


def casebook_version(source: SettingsSource) -> str:
    """Return the CTCAE version of a casebook; a patient may have another."""
    version = setting(source, CTCAE_VERSION)
    return USUAL_CTCAE_VERSION if version is None else version


def setting(source: SettingsSource, name: str) -> str | None:
    """Return the value of a setting; None where it is not set."""
    if isinstance(source, Mapping):
        return source.get(name)
    rows = source.rows("select value from setting where name = :name", name=name)
    return str(rows[0]["value"]) if rows else None


def fixed_day(source: SettingsSource) -> date | None:
    """Return the day at which the clock of a casebook stands; None if it goes with the calendar.

    Invented patients get no older: their day is the data cut-off.
    """
    return data_cut_off(source) if setting(source, SYNTHETIC) == "yes" else None


def data_cut_off(source: SettingsSource) -> date | None:
    """Return the last day whose records count in a cohort; None where there is no such day."""
    text = setting(source, DATA_CUTOFF) or ""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if day.isoformat() == text else None


def all_settings(reader: Reader) -> dict[str, str]:
    """Return all settings of a casebook by name, in one query."""
    rows = reader.rows("select name, value from setting order by name")
    return {row["name"]: str(row["value"]) for row in rows}


def refuse_changed_setting(step: Step, name: str, opened: str | None) -> None:
    """Raise EditConflict when a setting has not the value any more that the user has seen."""
    present = _present(step, name)
    if (present["value"] or "") != (opened or ""):
        raise EditConflict("setting", {**present, "value": opened}, present, present)


def part_conflict(step: Step, name: str, *, was_deleted: bool) -> EditConflict:
    """Return the conflict of a form that edits a part of a setting, which was changed meanwhile.

    `was_deleted` is whether that part is there no more.
    """
    present = _present(step, name)
    deleted_at = step.at if was_deleted else None
    return EditConflict("setting", present, {**present, "deleted_at": deleted_at}, present)


def _present(step: Step, name: str) -> dict[str, Any]:
    rows = step.rows("select id, name, value from setting where name = :name", name=name)
    return rows[0] if rows else {"id": None, "name": name, "value": None}


def save_setting(step: Step, name: str, value: str) -> None:
    """Save a setting in place of its former value."""
    rows = step.rows("select id from setting where name = :name", name=name)
    step.put("setting", {"id": rows[0]["id"] if rows else None, "name": name, "value": value})

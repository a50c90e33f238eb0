"""The settings that belong to a casebook and go with it."""

from __future__ import annotations

from collections.abc import Mapping

from model.store.reader import Reader
from model.store.step import Step

CTCAE_VERSION = "ctcae_version"
USUAL_CTCAE_VERSION = "5.0"

SYNTHETIC = "synthetic"
"""The setting that is `yes` in a casebook whose patients are invented."""

SettingsSource = Reader | Mapping[str, str]
"""Where settings are read from: a casebook or step, or all settings as `all_settings` read them."""


def casebook_version(source: SettingsSource) -> str:
    """The CTCAE version that a casebook is graded in, unless a patient has another."""
    kept = setting(source, CTCAE_VERSION)
    return USUAL_CTCAE_VERSION if kept is None else kept


def setting(source: SettingsSource, name: str) -> str | None:
    """Return what a casebook holds under a name; None where it holds nothing."""
    if isinstance(source, Mapping):
        return source.get(name)
    rows = source.rows("select value from setting where name = :name", name=name)
    return str(rows[0]["value"]) if rows else None


def all_settings(reader: Reader) -> dict[str, str]:
    """Return all settings of a casebook by name, in one query."""
    rows = reader.rows("select name, value from setting order by id")
    return {row["name"]: str(row["value"]) for row in rows}


def save_setting(step: Step, name: str, value: str) -> None:
    """Keep a value under a name, in place of what stood there."""
    rows = step.rows("select id from setting where name = :name", name=name)
    known = {"id": rows[0]["id"]} if rows else {}
    step.put("setting", {**known, "name": name, "value": value})

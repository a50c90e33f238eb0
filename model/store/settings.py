"""The settings that belong to a casebook and go with it."""

from __future__ import annotations

from model.store.reader import Reader
from model.store.step import Step

CTCAE_VERSION = "ctcae_version"
USUAL_CTCAE_VERSION = "5.0"

SYNTHETIC = "synthetic"
"""The setting that is `yes` in a casebook whose patients are invented."""


def casebook_version(reader: Reader) -> str:
    """The CTCAE version that a casebook is graded in, unless a patient has another."""
    kept = setting(reader, CTCAE_VERSION)
    return USUAL_CTCAE_VERSION if kept is None else kept


def setting(reader: Reader, name: str) -> str | None:
    """What a casebook holds under a name; None where it holds nothing."""
    rows = reader.rows("select value from setting where name = :name", name=name)
    return str(rows[0]["value"]) if rows else None


def save_setting(step: Step, name: str, value: str) -> None:
    """Keep a value under a name, in place of what stood there."""
    rows = step.rows("select id from setting where name = :name", name=name)
    known = {"id": rows[0]["id"]} if rows else {}
    step.put("setting", {**known, "name": name, "value": value})

"""How the Course tab is looked at: kept by the program for each casebook, and not in it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path

from PySide6.QtCore import QSettings

DEFAULT = ("hb", "plt", "anc", "wbc", "crea")


class Way(StrEnum):
    """A way of looking that is on or off."""

    LOG = "log"
    BROKEN = "broken_axis"


def chosen_for(casebook: Path) -> tuple[str, ...]:
    """The keys of the analytes that were chosen for a casebook, in order, or the usual five."""
    kept = QSettings().value(_key("course_analytes", casebook))
    if not isinstance(kept, str):
        return DEFAULT
    try:
        keys = json.loads(kept)
    except json.JSONDecodeError:
        return DEFAULT
    return tuple(key for key in keys if isinstance(key, str)) if isinstance(keys, list) else DEFAULT


def remember(casebook: Path, keys: Sequence[str]) -> None:
    """Keep the chosen analytes of a casebook; those of another are not touched."""
    QSettings().setValue(_key("course_analytes", casebook), json.dumps(list(keys)))


def is_on(casebook: Path, way: Way) -> bool:
    """Whether a casebook is looked at in this way; at first it is not."""
    return QSettings().value(_key(f"course_{way}", casebook)) in (True, "true")


def turn(casebook: Path, way: Way, on: bool) -> None:
    """Keep whether a casebook is looked at in this way."""
    QSettings().setValue(_key(f"course_{way}", casebook), on)


def _key(group: str, casebook: Path) -> str:
    """A name for the casebook: QSettings would read the slashes of its path as groups."""
    digest = hashlib.sha256(str(casebook.absolute()).encode()).hexdigest()
    return f"{group}/{digest[:16]}"

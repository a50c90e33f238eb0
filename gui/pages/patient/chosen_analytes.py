"""Which analytes the Course tab draws: a view of a casebook, kept by the program and not in it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QSettings

DEFAULT = ("hb", "plt", "anc", "wbc", "crea")


def chosen_for(casebook: Path) -> tuple[str, ...]:
    """The keys of the analytes that were chosen for a casebook, or the usual five."""
    kept = QSettings().value(_key(casebook))
    if not isinstance(kept, str):
        return DEFAULT
    try:
        keys = json.loads(kept)
    except json.JSONDecodeError:
        return DEFAULT
    return tuple(key for key in keys if isinstance(key, str)) if isinstance(keys, list) else DEFAULT


def remember(casebook: Path, keys: Sequence[str]) -> None:
    """Keep the chosen analytes of a casebook; those of another are not touched."""
    QSettings().setValue(_key(casebook), json.dumps(list(keys)))


def _key(casebook: Path) -> str:
    """A name for the casebook: QSettings would read the slashes of its path as groups."""
    digest = hashlib.sha256(str(casebook.absolute()).encode()).hexdigest()
    return f"course_analytes/{digest[:16]}"

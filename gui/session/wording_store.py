"""NCI's wording as this user has loaded it: read once, and again when its file changes."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from model.ctcae import wording
from model.ctcae.wording import Wording
from model.errors import KnownError
from model.user_folder import user_folder


def official(version: str) -> Wording | None:
    """Return NCI's wording of a version; None if none was loaded or it cannot be read."""
    try:
        return loaded(version)
    except KnownError:
        # The settings page shows why; until then grades are described in our own words.
        return None


def loaded(version: str) -> Wording | None:
    """Return NCI's wording of a version, if loaded; raise KnownError if it cannot be read."""
    folder = user_folder()
    written = wording.stored_at(folder, version)
    return None if written is None else _read(folder, version, written)


def load(workbook: Path) -> Wording:
    """Read a workbook, store its wording and return it; takes a second.

    Raises KnownError when the workbook cannot be read.
    """
    read = wording.read_workbook(workbook)
    wording.save_wording(read, user_folder())
    return read


def forget(version: str) -> None:
    """Remove what was loaded for a version."""
    wording.remove_wording(user_folder(), version)


@lru_cache(maxsize=4)
def _read(folder: Path, version: str, _written: int) -> Wording | None:
    return wording.load_wording(folder, version)

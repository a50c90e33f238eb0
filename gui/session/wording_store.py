"""NCI's wording that the user has imported; a stored file is read again only when it changes."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from model.ctcae import wording
from model.ctcae.wording import Wording
from model.ctcae.wording_workbook import read_workbook
from model.errors import KnownError
from model.user_folder import user_folder


def wording_to_show(version: str) -> Wording | None:
    """Return NCI's wording of a version; None if there is none, or it cannot be read."""
    try:
        return stored_wording(version)
    except KnownError:
        # The settings page says why; until then grades are described in our own words.
        return None


def stored_wording(version: str) -> Wording | None:
    """Return NCI's wording of a version; None if there is none. KnownError if unreadable."""
    folder = user_folder()
    modified_at = wording.modification_time(folder, version)
    return None if modified_at is None else _cached(folder, version, modified_at)


def import_workbook(workbook: Path) -> Wording:
    """Read a workbook, store its wording and return it; takes a second.

    Raises KnownError when the workbook cannot be read.
    """
    imported = read_workbook(workbook)
    wording.save_wording(imported, user_folder())
    return imported


def remove(version: str) -> None:
    """Delete the stored wording of a version."""
    wording.remove_wording(user_folder(), version)


@lru_cache(maxsize=4)
def _cached(folder: Path, version: str, _modified_at: int) -> Wording | None:
    return wording.load_wording(folder, version)

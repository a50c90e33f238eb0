"""NCI's wording as this user has loaded it: read once, and again when its file has changed."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from model.ctcae import wording
from model.ctcae.wording import Wording
from model.errors import KnownError
from model.user_folder import user_folder


def official(version: str) -> Wording | None:
    """NCI's wording of a version; None when none was loaded or what was kept cannot be read."""
    try:
        return kept(version)
    except KnownError:
        # The settings say so; a grade is told in our own words meanwhile.
        return None


def kept(version: str) -> Wording | None:
    """NCI's wording of a version, if it was loaded; `KnownError` when it cannot be read."""
    folder = user_folder()
    written = wording.kept_at(folder, version)
    return None if written is None else _read(folder, version, written)


def load(workbook: Path) -> Wording:
    """Read a workbook and keep its wording; `KnownError` when it cannot be. Takes a second."""
    read = wording.read_workbook(workbook)
    wording.save_wording(read, user_folder())
    return read


def forget(version: str) -> None:
    """Remove what was loaded for a version."""
    wording.remove_wording(user_folder(), version)


@lru_cache(maxsize=4)
def _read(folder: Path, version: str, _written: int) -> Wording | None:
    return wording.load_wording(folder, version)

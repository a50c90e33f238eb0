"""Files and folders under temporary names, so that those of a killed program are removed later.

Each program has a folder of its own in the user's folder, with a lock that it holds until it ends
and a note for every temporary path. The next start follows the notes of programs that ended.
"""

from __future__ import annotations

import re
import secrets
import shutil
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from model.user_folder import user_folder

if TYPE_CHECKING:
    import filelock

_FOLDER = "unfinished"
_TEMPORARY = re.compile(r"\.(?P<name>.+)\.[0-9a-f]{8}")
"""The names that `model.whole_file` gives: nothing else is ever removed."""


class _Notes:
    """The notes of this program; its folder is made with the first one."""

    def __init__(self) -> None:
        self.folder: Path | None = None
        self._lock: filelock.BaseFileLock | None = None

    def begin(self) -> Path:
        """Return the folder of this program's notes."""
        if self.folder is None or not self.folder.is_dir():
            folder = _notes_folder() / secrets.token_hex(8)
            folder.mkdir(parents=True, mode=0o700)
            import filelock

            self._lock = filelock.FileLock(folder / "lock", is_singleton=False)
            self._lock.acquire(timeout=1)
            self.folder = folder
        return self.folder


_notes = _Notes()


def note(path: Path) -> Path | None:
    """Note a temporary path before it is used; returns the note, None where it cannot be kept."""
    with suppress(OSError):
        entry = _notes.begin() / secrets.token_hex(8)
        entry.write_text(str(path.absolute()), encoding="utf-8")
        return entry
    return None


def forget(entry: Path | None) -> None:
    """Remove the note of a temporary path that is gone."""
    if entry is not None:
        with suppress(OSError):
            entry.unlink()


def sweep() -> list[str]:
    """Remove what programs that were killed left under temporary names.

    Returns the names that the files or folders were to have.
    """
    swept: list[str] = []
    with suppress(OSError):
        folders = sorted(_notes_folder().iterdir())
        if folders:
            import filelock  # not needed at most starts
        for folder in folders:
            if folder == _notes.folder:
                continue
            lock = filelock.FileLock(folder / "lock", timeout=0, is_singleton=False)
            with suppress(OSError):  # a Timeout, too: that program still runs
                with lock:
                    swept += [name for entry in folder.iterdir() if (name := _follow(entry))]
                shutil.rmtree(folder, ignore_errors=True)
    return swept


def _follow(entry: Path) -> str | None:
    """Remove what a note names; returns the name that it was to have, None if nothing is there."""
    if entry.name == "lock":
        return None
    path = Path(entry.read_text(encoding="utf-8"))
    match = _TEMPORARY.fullmatch(path.name)
    if match is None:
        return None
    is_there = path.exists()
    remove(path)
    return match["name"] if is_there else None


def remove(path: Path) -> None:
    """Remove a temporary file or folder, with the files that SQLite and a holder put next to it."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
        return
    for end in ("", "-journal", "-wal", "-shm", "-lock", "-open"):
        path.with_name(path.name + end).unlink(missing_ok=True)


def _notes_folder() -> Path:
    return user_folder() / _FOLDER

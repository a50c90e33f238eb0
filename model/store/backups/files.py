"""The backup files of a casebook, known by their names."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from model.language import _

_TIME = "%Y-%m-%d %H-%M-%S"


@dataclass(frozen=True, slots=True)
class Backup:
    """A backup file, with the local time that its name says."""

    path: Path
    at: datetime


def folder_of(casebook_path: Path) -> Path:
    """Return the folder of a casebook's automatic backups, which may not exist."""
    return casebook_path.with_name(f"{casebook_path.stem} backups")


def named(casebook_path: Path, folder: Path, at: datetime) -> Path:
    """Return the path of a backup that is written at a time."""
    return folder / f"{casebook_path.stem} {at.strftime(_TIME)}{casebook_path.suffix}"


def named_before_upgrade(casebook_path: Path, at: datetime) -> Path:
    """Return the path of the backup from before an upgrade at a time."""
    name = f"{casebook_path.stem} before upgrade {at.strftime(_TIME)}{casebook_path.suffix}"
    return casebook_path.with_name(name)


def all_backups(casebook_path: Path, more_folders: Iterable[Path] = ()) -> list[Backup]:
    """Return the backups of a casebook next to it, in its own and in other folders, newest first.

    Files count by their names; whether they can be opened is not looked at.
    """
    folders = [casebook_path.parent, folder_of(casebook_path), *more_folders]
    found = [each for folder in folders for each in in_folder(casebook_path, folder)]
    return sorted(found, key=lambda each: each.at, reverse=True)


def in_folder(casebook_path: Path, folder: Path) -> list[Backup]:
    """Return the backups of a casebook in one folder, none if the folder cannot be read."""
    stem, suffix = re.escape(casebook_path.stem), re.escape(casebook_path.suffix)
    name = re.compile(rf"{stem}(?: before upgrade)? (\d{{4}}-\d\d-\d\d \d\d-\d\d-\d\d){suffix}")
    try:
        entries = sorted(folder.iterdir())
    except OSError:
        return []
    found = []
    for entry in entries:
        if match := name.fullmatch(entry.name):
            try:
                at = datetime.strptime(match[1], _TIME)
            except ValueError:
                continue
            found.append(Backup(entry, at))
    return found


def casebook_of(path: Path) -> Path:
    """Return the casebook that a file is a backup of, by its name and folder; else the file."""
    folder = path.parent
    stem = folder.name.removesuffix(" backups")
    casebook = folder.with_name(stem + path.suffix)
    is_backup = folder == folder_of(casebook) and path.name.startswith(f"{stem} ")
    return casebook if is_backup else path


def age_text(backup: Backup, now: datetime) -> str:
    """Return how long ago a backup was written, in the largest unit that fits: “3 h ago”."""
    minutes = int((now - backup.at).total_seconds() // 60)
    if minutes < 1:
        return _("just now")
    if minutes < 60:
        return _("{n} min ago").format(n=minutes)
    if minutes < 48 * 60:
        return _("{n} h ago").format(n=minutes // 60)
    return _("{n} d ago").format(n=minutes // (24 * 60))

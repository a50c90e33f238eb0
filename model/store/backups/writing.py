"""Backups: verified copies of a casebook, next to it or in its folder of automatic backups."""

import hashlib
import json
from datetime import datetime, timedelta
from pathlib import Path

from model import whole_file
from model.errors import KnownError
from model.language import N_, _
from model.store.backups import thinning
from model.store.backups.files import folder_of, in_folder, named
from model.store.casebook import Casebook


def backup(casebook: Casebook, to: Path | None = None, *, at: datetime) -> Path:
    """Write a verified copy of a casebook as it is now; returns its path.

    Without `to` it is next to the casebook, named after it with date and time. Raises KnownError,
    and leaves no copy behind, when it cannot be written or does not open.
    """
    path = to or named(casebook.path, casebook.path.parent, at)
    if path.exists():
        raise KnownError(
            _("There is already a file “{path}”. Choose another name.").format(path=path)
        )
    try:
        casebook.copy_to(path)
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise whole_file.write_error(path, error) from error
    try:
        casebook.log(N_("Backup"), {"file": path.name, "sha256": digest})
    except KnownError as error:
        sentence = _("The backup “{path}” is complete, but could not be journalled. {reason}")
        raise KnownError(sentence.format(path=path, reason=error)) from error
    return path


def back_up_changes(
    casebook: Casebook, *, at: datetime, second_folder: Path | None = None
) -> Path | None:
    """Write the automatic backups that lack the last change of a row; returns the first path.

    One belongs into the folder of automatic backups, and one into `second_folder`. Older automatic
    backups in both are thinned. Raises KnownError when one of them cannot be written; the other one
    is written all the same.
    """
    names = _backups_since_last_change(casebook)
    if names is None:
        return None
    folders = _folders(casebook, second_folder)
    outdated = [each for each in folders if not any((each / name).exists() for name in names)]
    return _back_up_into(casebook, outdated, at) if outdated else None


def back_up_now(casebook: Casebook, *, at: datetime, second_folder: Path | None = None) -> Path:
    """Write the same backups as `back_up_changes`, whether or not anything changed."""
    return _back_up_into(casebook, _folders(casebook, second_folder), at)


def has_changes(casebook: Casebook) -> bool:
    """Return whether a row was changed since the last backup."""
    rows = casebook.rows(
        """
        select action from journal
         where table_name is not null or action = 'Backup'
         order by seq desc limit 1
        """
    )
    return bool(rows) and rows[0]["action"] != "Backup"


def _folders(casebook: Casebook, second_folder: Path | None) -> list[Path]:
    return [folder_of(casebook.path), *([second_folder] if second_folder else [])]


def _back_up_into(casebook: Casebook, folders: list[Path], at: datetime) -> Path:
    """Write a backup into each folder; raises the first error after all have been tried."""
    written, errors = [], []
    for folder in folders:
        try:
            written.append(_back_up_into_folder(casebook, folder, at))
        except KnownError as error:
            errors.append(error)
    if errors:
        raise errors[0]
    return written[0]


def _back_up_into_folder(casebook: Casebook, folder: Path, at: datetime) -> Path:
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        raise whole_file.write_error(folder, error) from error
    while (path := named(casebook.path, folder, at)).exists():
        at += timedelta(seconds=1)
    backup(casebook, path, at=at)
    known = in_folder(casebook.path, folder)
    if folder != folder_of(casebook.path):
        # Another casebook with the same name may have its backups there too.
        written = _names_written(casebook)
        known = [each for each in known if each.path.name in written]
    kept = thinning.kept(each.at for each in known)
    for each in known:
        if each.at not in kept:
            each.path.unlink(missing_ok=True)
    return path


def _backups_since_last_change(casebook: Casebook) -> set[str] | None:
    """Return the names of the backups that have the last change; None if no row was changed."""
    rows = casebook.rows(
        "select seq from journal where table_name is not null order by seq desc limit 1"
    )
    return _names_written(casebook, after=rows[0]["seq"]) if rows else None


def _names_written(casebook: Casebook, after: int = 0) -> set[str]:
    """Return the file names of the backups that are journalled after an entry."""
    rows = casebook.rows(
        "select after from journal where seq > :after and action = 'Backup'", after=after
    )
    return {str(json.loads(row["after"])["file"]) for row in rows if row["after"]}

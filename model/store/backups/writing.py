"""Backups: verified copies of a casebook, next to it or in its folder of automatic backups."""

import hashlib
from datetime import datetime, timedelta
from pathlib import Path

from model import whole_file
from model.errors import Conflict, KnownError
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
        with whole_file.temporary_path(path) as making:
            casebook.copy_to(making)
            with making.open("rb") as file:
                digest = hashlib.file_digest(file, "sha256").hexdigest()
            making.rename(path)
    except OSError as error:
        raise whole_file.write_error(path, error) from error
    try:
        casebook.log(N_("Backup"), {"file": path.name, "sha256": digest})
    except Conflict as error:
        sentence = _(
            "The backup “{path}” is complete, but could not be journalled: another program is"
            " writing to the casebook."
        )
        raise KnownError(sentence.format(path=path)) from error
    return path


def back_up_changes(
    casebook: Casebook, *, at: datetime, second_folder: Path | None = None
) -> Path | None:
    """Write an automatic backup if rows were changed since the last one; returns its path.

    It goes into the folder of automatic backups, and its copy into `second_folder`. Older automatic
    backups in both folders are thinned. Raises KnownError when one of them cannot be written.
    """
    folder = folder_of(casebook.path)
    last = _last_change_or_backup(casebook)
    if last is None or (last == "Backup" and in_folder(casebook.path, folder)):
        return None
    folders = [folder, *([second_folder] if second_folder else [])]
    written = [_back_up_into(casebook, each, at) for each in folders]
    return written[0]


def _back_up_into(casebook: Casebook, folder: Path, at: datetime) -> Path:
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
    except OSError as error:
        raise whole_file.write_error(folder, error) from error
    while (path := named(casebook.path, folder, at)).exists():
        at += timedelta(seconds=1)
    backup(casebook, path, at=at)
    known = in_folder(casebook.path, folder)
    kept = thinning.kept(each.at for each in known)
    for each in known:
        if each.at not in kept:
            each.path.unlink(missing_ok=True)
    return path


def _last_change_or_backup(casebook: Casebook) -> str | None:
    """Return the label of the last step that changed a row or wrote a backup, if any."""
    rows = casebook.rows(
        """
        select action from journal
         where table_name is not null or action = 'Backup'
         order by seq desc limit 1
        """
    )
    return str(rows[0]["action"]) if rows else None

"""Backups: a copy of a casebook next to it, opened and read through before it counts."""

import hashlib
from datetime import datetime
from pathlib import Path

from model import whole_file
from model.errors import Conflict, KnownError
from model.language import _
from model.store.casebook import Casebook


def backup(casebook: Casebook, to: Path | None = None, *, at: datetime) -> Path:
    """Write a verified copy of a casebook as it is now; returns its path.

    Without `to` it is next to the casebook, named after it with date and time. Raises KnownError,
    and leaves no copy behind, when it cannot be written or does not open.
    """
    path = to or casebook.path.with_name(
        f"{casebook.path.stem} {at:%Y-%m-%d %H-%M-%S}{casebook.path.suffix}"
    )
    if path.exists():
        raise KnownError(
            _("There is already a file “{path}”. Choose another name.").format(path=path)
        )
    try:
        with whole_file.next_to(path) as making:
            casebook.copy_to(making)
            with making.open("rb") as file:
                digest = hashlib.file_digest(file, "sha256").hexdigest()
            making.rename(path)
    except OSError as error:
        raise whole_file.refused(path, error) from error
    try:
        casebook.log("Backup", {"file": path.name, "sha256": digest})
    except Conflict as error:
        sentence = _(
            "The backup “{path}” is complete, but could not be journalled: another program is"
            " writing to the casebook."
        )
        raise KnownError(sentence.format(path=path)) from error
    return path

"""The folder that an export writes: a new or empty one, or one that holds only an earlier export.

Files are written to a temporary folder next to it, which is moved into place once it is complete.
"""

import csv
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from model import whole_file
from model.exchange import codebook, spreadsheet
from model.exchange.tidy import pictures
from model.exchange.tidy.columns import Table
from model.exchange.tidy.course_tables import KEY_IMAGES
from model.language import _

ABSTRACT = "abstract.txt"
FIGURES = "figures"
_FOLDERS: dict[str, tuple[Table, tuple[str, ...]]] = {
    pictures.FOLDER: (KEY_IMAGES, ("file", "thumbnail")),
    FIGURES: (codebook.FIGURES, ("file",)),
}
"""Subfolders of an export; for each, the table and the columns that name all of its files."""


def problem_of(folder: Path) -> str | None:
    """Return why an export cannot be written to a folder, as a sentence; None if it can."""
    folder = folder.resolve()
    if not folder.parent.is_dir():
        return _("There is no folder “{folder}” to export into.").format(folder=folder.parent)
    if not folder.exists():
        return None
    if not folder.is_dir():
        return _("“{folder}” is a file: choose the name of a folder.").format(folder=folder)
    there = {entry.name for entry in folder.iterdir()}
    own = {table.file for table in codebook.FILES} | {spreadsheet.FILE, ABSTRACT} | set(_FOLDERS)
    if there and (not there <= own or not _is_export(folder) or _mixed(folder)):
        return _(
            "“{folder}” contains files that are not of an earlier export, and was left unchanged:"
            " choose a new folder or an empty one."
        ).format(folder=folder)
    return None


@contextmanager
def temporary_folder(folder: Path) -> Iterator[Path]:
    """Yield a temporary folder; it is removed at the end of the block if it is still there.

    Raises KnownError if the folder or anything in it cannot be written.
    """
    try:
        with whole_file.temporary_path(folder) as temporary:
            temporary.mkdir(mode=0o700)
            yield temporary
    except OSError as error:
        raise whole_file.write_error(folder, error) from error


def move_into_place(temporary: Path, folder: Path) -> None:
    """Move the finished folder into place; an earlier export is removed only if that succeeds."""
    if not folder.exists():
        temporary.rename(folder)
        return
    old = whole_file.free_name(folder)
    folder.rename(old)
    try:
        temporary.rename(folder)
    except OSError:
        old.rename(folder)
        raise
    shutil.rmtree(old, ignore_errors=True)


def _is_export(folder: Path) -> bool:
    """Return whether a folder has the codebook or the workbook of an export."""
    try:
        with (folder / codebook.CODEBOOK.file).open(encoding="utf-8-sig") as file:
            return file.readline().rstrip("\n") == ",".join(codebook.CODEBOOK.header)
    except (OSError, UnicodeDecodeError):
        return spreadsheet.is_export(folder / spreadsheet.FILE)


def _mixed(folder: Path) -> bool:
    """Return whether the subfolders of an earlier export also contain other files."""
    for name, (table, columns) in _FOLDERS.items():
        try:
            there = {entry.name for entry in (folder / name).iterdir()}
        except FileNotFoundError:
            continue
        except OSError:
            return True
        if not there <= _listed(folder, table, columns):
            return True
    return False


def _listed(folder: Path, table: Table, columns: tuple[str, ...]) -> set[str]:
    """Return the files listed in a table of an earlier export; none if it is unreadable."""
    if spreadsheet.is_export(folder / spreadsheet.FILE):
        return spreadsheet.texts_of(folder / spreadsheet.FILE, table.name, columns)
    try:
        with (folder / table.file).open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
    except (OSError, UnicodeDecodeError, csv.Error):
        return set()
    return {row.get(column) or "" for row in rows for column in columns}

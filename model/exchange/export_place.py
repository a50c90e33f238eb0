"""Where an export goes: a new folder, an empty one, or that of an earlier export; never a mixture.

Files are written beside their place and moved there when all are whole.
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

ABSTRACT = "abstract.txt"
FIGURES = "figures"
_FOLDERS: dict[str, tuple[Table, tuple[str, ...]]] = {
    pictures.FOLDER: (KEY_IMAGES, ("file", "thumbnail")),
    FIGURES: (codebook.FIGURES, ("file",)),
}
"""Folders of an export, with the table and its columns that name all of their files."""


def problem_of(folder: Path) -> str | None:
    """Why a casebook cannot be exported into a folder, in a sentence; None when it can."""
    folder = folder.resolve()
    if not folder.parent.is_dir():
        return f"There is no folder “{folder.parent}” to export into."
    if not folder.exists():
        return None
    if not folder.is_dir():
        return f"“{folder}” is a file: choose the name of a folder."
    there = {entry.name for entry in folder.iterdir()}
    own = {table.file for table in codebook.FILES} | {spreadsheet.FILE, ABSTRACT} | set(_FOLDERS)
    if there and (not there <= own or not _is_of_ours(folder) or _mixed(folder)):
        return (
            f"“{folder}” holds files that are not of an earlier export, and was left as it is:"
            " choose a new folder or an empty one."
        )
    return None


@contextmanager
def temporary_folder(folder: Path) -> Iterator[Path]:
    """A folder to write into; what is left of it when the block ends is removed.

    Raises KnownError, also for what the block could not write, naming the place.
    """
    try:
        with whole_file.next_to(folder) as temporary:
            temporary.mkdir()
            yield temporary
    except OSError as error:
        raise whole_file.refused(folder, error) from error


def move_into_place(temporary: Path, folder: Path) -> None:
    """Move the finished folder to its place; what stood there leaves only when that succeeded."""
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


def _is_of_ours(folder: Path) -> bool:
    """Whether a folder has the codebook or the workbook that every export brings."""
    try:
        with (folder / codebook.CODEBOOK.file).open(encoding="utf-8-sig") as file:
            return file.readline().rstrip("\n") == ",".join(codebook.CODEBOOK.header)
    except (OSError, UnicodeDecodeError):
        return spreadsheet.is_of_ours(folder / spreadsheet.FILE)


def _mixed(folder: Path) -> bool:
    """Whether pictures or figures of an earlier export lie beside files that are none of its."""
    for name, (table, columns) in _FOLDERS.items():
        try:
            there = {entry.name for entry in (folder / name).iterdir()}
        except FileNotFoundError:
            continue
        except OSError:
            return True
        if not there <= _named(folder, table, columns):
            return True
    return False


def _named(folder: Path, table: Table, columns: tuple[str, ...]) -> set[str]:
    """The files that a table of an earlier export names; none where it cannot be read."""
    if spreadsheet.is_of_ours(folder / spreadsheet.FILE):
        return spreadsheet.texts_of(folder / spreadsheet.FILE, table.name, columns)
    try:
        with (folder / table.file).open(encoding="utf-8-sig", newline="") as file:
            rows = list(csv.DictReader(file))
    except (OSError, UnicodeDecodeError, csv.Error):
        return set()
    return {row.get(column) or "" for row in rows for column in columns}

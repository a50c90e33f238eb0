"""A casebook written as a folder: tables, codebook and summary; whole, or not at all."""

import secrets
import shutil
from collections.abc import Callable
from pathlib import Path

from model import images
from model.casebook import Casebook
from model.errors import Conflict, KnownError
from model.exchange import codebook, contents, summary, tidy_pictures, tidy_writing
from model.exchange.summary_layout import SUMMARY
from model.exchange.tidy_layout import KEY_IMAGES


def export(
    casebook: Casebook,
    folder: Path,
    tell: Callable[[int, int, str], object] | None = None,
) -> list[str]:
    """Write a casebook into a folder; gives back the names of the files.

    The folder is made, or takes the place of an earlier export, once all files are written: a
    failure leaves what was there. Raises KnownError for a folder that holds anything else. `tell`
    hears how far it is; what it raises stops the export, and nothing is left of it.
    """
    folder = folder.resolve()
    if problem := problem_of(folder):
        raise KnownError(problem)
    making = folder.parent / f".{folder.name}.{secrets.token_hex(4)}"
    say = tell or _keep_quiet
    try:
        making.mkdir()
        say(0, 3, "Reading the casebook")
        with casebook.reading():
            recorded = contents.load(casebook)
            counted = summary.summary(casebook)
        say(1, 3, "Writing the tables")
        files = tidy_writing.write(making, recorded)
        files += tidy_pictures.write(
            making, recorded, lambda data_id: images.content(casebook, data_id)
        )
        codebook.write(making / codebook.CODEBOOK.file)
        say(2, 3, "Writing the summary")
        summary.write(making / SUMMARY.file, counted)
        files += [codebook.CODEBOOK.file, SUMMARY.file]
        say(3, 3, "Moving the folder into place")
        _put_in_place(making, folder)
    except OSError as error:
        raise KnownError(
            f"“{folder}” cannot be written: {error.strerror}. What was there is as it was."
        ) from error
    finally:
        shutil.rmtree(making, ignore_errors=True)
    _note(casebook, folder, files)
    return files


def _note(casebook: Casebook, folder: Path, files: list[str]) -> None:
    """Note the export in the journal."""
    try:
        casebook.log("Export folder", {"folder": folder.name, "files": files})
    except Conflict as error:
        raise KnownError(
            f"“{folder}” was written whole, but the journal could not note it, as another program"
            " is writing to the casebook. Export again when it has finished."
        ) from error


def _keep_quiet(_done: int, _total: int, _doing: str) -> None:
    """Tell nobody."""


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
    own = {table.file for table in codebook.FILES} | {tidy_pictures.FOLDER}
    mixed = not there <= own or tidy_pictures.holds_others(folder, KEY_IMAGES.file)
    if there and (mixed or not _is_of_ours(folder)):
        return (
            f"“{folder}” holds files that are not of an earlier export, and was left as it is:"
            " choose a new folder or an empty one."
        )
    return None


def _is_of_ours(folder: Path) -> bool:
    """Whether a folder has the codebook that every export brings."""
    try:
        with (folder / codebook.CODEBOOK.file).open(encoding="utf-8") as file:
            return file.readline().rstrip("\n") == ",".join(codebook.CODEBOOK.header)
    except (OSError, UnicodeDecodeError):
        return False


def _put_in_place(making: Path, folder: Path) -> None:
    """Move the finished folder to its place; what stood there leaves only when that succeeded."""
    if not folder.exists():
        making.rename(folder)
        return
    old = folder.parent / f".{folder.name}.{secrets.token_hex(4)}"
    folder.rename(old)
    try:
        making.rename(folder)
    except OSError:
        old.rename(folder)
        raise
    shutil.rmtree(old, ignore_errors=True)

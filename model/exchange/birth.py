"""How a casebook comes to be: empty, or from a tidy folder; whole, or not at all."""

import json
import secrets
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from model import records
from model.casebook import Casebook
from model.errors import KnownError
from model.exchange import tidy_reading
from model.exchange.tidy_reading import Reading


def new_casebook(
    path: Path,
    passphrase: str | None = None,
    *,
    folder: Path | None = None,
    settings: Mapping[str, str] | None = None,
) -> list[str]:
    """Make a casebook, from a tidy folder where one is given; gives back what was left out of it.

    Each note is a sentence. Raises BadFolder with all the folder's faults, KnownError when the
    place is taken or not writable; then there is no file. `settings` are added to the folder's.
    """
    reading = tidy_reading.read(folder) if folder else None
    with _made_beside(path) as making, Casebook.create(making, passphrase) as casebook:
        if reading and folder:
            _fill(casebook, reading, folder.resolve().name)
        if settings:
            _keep_settings(casebook, settings)
    return reading.notes if reading else []


def _fill(casebook: Casebook, reading: Reading, folder_name: str) -> None:
    """Put all that was read into an empty casebook; nothing that undo would take back."""
    with casebook.step("Import folder", undoable=False) as step:
        batch = {
            "kind": "folder",
            "file_name": folder_name,
            "sha256": reading.sha256,
            "imported_at": step.at,
            "row_counts": json.dumps(reading.row_counts),
        }
        rows = ((record.TABLE, records.to_row(record)) for record in reading.contents.records())
        step.import_rows(batch, rows)
        for name, value in reading.contents.settings.items():
            step.put("setting", {"name": name, "value": value})


def _keep_settings(casebook: Casebook, settings: Mapping[str, str]) -> None:
    with casebook.step("Set up casebook", undoable=False) as step:
        for name, value in settings.items():
            step.put("setting", {"name": name, "value": value})


@contextmanager
def _made_beside(path: Path) -> Iterator[Path]:
    """A place to make a file in, which is moved to its own place once it is whole."""
    _refuse_taken(path)
    workshop = path.parent / f".{path.name}.{secrets.token_hex(4)}"
    try:
        workshop.mkdir()
    except OSError as error:
        raise KnownError(f"“{path}” cannot be made: {error.strerror}.") from error
    try:
        yield workshop / path.name
        _refuse_taken(path)
        (workshop / path.name).rename(path)
    finally:
        shutil.rmtree(workshop, ignore_errors=True)


def _refuse_taken(path: Path) -> None:
    if path.exists():
        raise KnownError(f"There is a file “{path}” already. Choose another name.")

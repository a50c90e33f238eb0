"""A new casebook: empty, or from a tidy folder; complete, or not created at all."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from pathlib import Path

from model import whole_file
from model.errors import KnownError
from model.exchange.tidy.reading import Reading, read
from model.language import N_, _
from model.records import images
from model.records.images import KeyImage
from model.store import examine
from model.store import rows as records
from model.store.casebook import Casebook
from model.store.rows import Record
from model.store.step import Step


def new_casebook(
    path: Path,
    passphrase: str | None = None,
    *,
    folder: Path | None = None,
    settings: Mapping[str, str] | None = None,
    today: date | None = None,
    undoable: bool = True,
) -> list[str]:
    """Create a casebook, from a tidy folder if there is one, and return notes.

    Each note is a sentence on what was ignored or, with `today`, on what is unlikely. `settings`
    are added to the folder's. The import can be undone as a whole if it is `undoable`. Raises
    BadFolder with all the folder's faults, KnownError if the file exists or cannot be written; then
    no file is created.
    """
    reading = read(folder, today) if folder else None
    with _temporary_file(path) as temporary:
        with Casebook.create(temporary, passphrase) as casebook:
            if reading and folder:
                _fill(casebook, reading, folder.resolve().name, undoable=undoable)
            if settings:
                with casebook.step(N_("Set up casebook"), undoable=False) as step:
                    _save_settings(step, settings)
        examine.unlock(temporary, passphrase)  # on a full disk it may not open
    return reading.notes if reading else []


def _fill(casebook: Casebook, reading: Reading, folder_name: str, *, undoable: bool) -> None:
    """Store all that was read in an empty casebook, in one step."""
    with casebook.step(N_("Import folder"), undoable=undoable) as step:
        batch = {
            "kind": "folder",
            "file_name": folder_name,
            "sha256": reading.sha256,
            "imported_at": step.at,
            "row_counts": json.dumps(reading.row_counts),
        }
        content = reading.pictures.content
        stored = {each: images.store(step, content(each)) for each in reading.pictures.paths}
        rows = (
            (record.TABLE, records.to_row(_with_pictures(record, stored)))
            for record in reading.contents.everything()
        )
        step.import_rows(batch, rows)
        _save_settings(step, reading.contents.settings)


def _with_pictures(record: Record, stored: Mapping[int, int]) -> Record:
    """Return a key image with the ids of its bytes in the casebook; other records unchanged."""
    if not isinstance(record, KeyImage):
        return record
    thumbnail = record.thumbnail_data_id
    return replace(
        record,
        image_data_id=stored[record.image_data_id],
        thumbnail_data_id=None if thumbnail is None else stored[thumbnail],
    )


def _save_settings(step: Step, settings: Mapping[str, str]) -> None:
    for name, value in settings.items():
        step.put("setting", {"name": name, "value": value})


@contextmanager
def _temporary_file(path: Path) -> Iterator[Path]:
    """Yield a file in a temporary folder, which is moved into place once it is complete."""
    _refuse_existing(path)
    with whole_file.temporary_path(path) as folder, _not_created(path):
        try:
            folder.mkdir(mode=0o700)
        except OSError as error:
            text = _("“{path}” cannot be created: {reason}.")
            raise KnownError(text.format(path=path, reason=error.strerror)) from error
        yield folder / path.name
        _refuse_existing(path)
        (folder / path.name).rename(path)


@contextmanager
def _not_created(path: Path) -> Iterator[None]:
    """Say of a disk that refuses that the casebook was not created, and not what was left where."""
    text = _("“{path}” cannot be created: {reason}. No file was left.")
    try:
        yield
    except OSError as error:
        raise KnownError(text.format(path=path, reason=error.strerror)) from error
    except KnownError as error:
        if type(error) is not KnownError or error.__cause__ is None:
            raise
        cause = error.__cause__
        reason = cause.strerror if isinstance(cause, OSError) else cause
        raise KnownError(text.format(path=path, reason=reason)) from error


def _refuse_existing(path: Path) -> None:
    if path.exists():
        raise KnownError(
            _("There is already a file “{file}”. Choose another name.").format(file=path)
        )

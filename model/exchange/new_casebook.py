"""How a casebook comes to be: empty, or from a tidy folder; whole, or not at all."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from model import whole_file
from model.errors import KnownError
from model.exchange.tidy.reading import Reading, read
from model.records import images
from model.records.images import KeyImage
from model.store import rows as records
from model.store.casebook import Casebook
from model.store.rows import Record


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
    reading = read(folder) if folder else None
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
        content = reading.pictures.content
        kept = {each: images.store(step, content(each)) for each in reading.pictures.paths}
        rows = (
            (record.TABLE, records.to_row(_with_pictures(record, kept)))
            for record in reading.contents.records()
        )
        step.import_rows(batch, rows)
        for name, value in reading.contents.settings.items():
            step.put("setting", {"name": name, "value": value})


def _with_pictures(record: Record, kept: Mapping[int, int]) -> Record:
    """A key image that names its bytes as the casebook does; any other record as it is."""
    if not isinstance(record, KeyImage):
        return record
    thumbnail = record.thumbnail_data_id
    return replace(
        record,
        image_data_id=kept[record.image_data_id],
        thumbnail_data_id=None if thumbnail is None else kept[thumbnail],
    )


def _keep_settings(casebook: Casebook, settings: Mapping[str, str]) -> None:
    with casebook.step("Set up casebook", undoable=False) as step:
        for name, value in settings.items():
            step.put("setting", {"name": name, "value": value})


@contextmanager
def _made_beside(path: Path) -> Iterator[Path]:
    """A place to make a file in, which is moved to its own place once it is whole."""
    _refuse_taken(path)
    with whole_file.next_to(path) as workshop:
        try:
            workshop.mkdir()
        except OSError as error:
            raise KnownError(f"“{path}” cannot be made: {error.strerror}.") from error
        yield workshop / path.name
        _refuse_taken(path)
        (workshop / path.name).rename(path)


def _refuse_taken(path: Path) -> None:
    if path.exists():
        raise KnownError(f"There is a file “{path}” already. Choose another name.")

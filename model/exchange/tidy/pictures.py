"""The folder `images` of a tidy folder: each key image as its original file, with its thumbnail.

`key_images.csv` has the patients. A file name begins with patient and date for people who look into
the folder; on import only the file's content matters.
"""

import hashlib
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from model.errors import KnownError
from model.exchange.tidy.cells import UnreadableError
from model.language import _
from model.records import images
from model.records.contents import Contents
from model.records.images import KeyImage
from model.records.patients import Patient
from model.store.ids import new_id

_LONGEST_NAME = 200  # file systems allow 255 bytes
FOLDER = "images"
_HASH_DIGITS = 16
_LONGEST_CODE = 40
_UNSAFE = re.compile(r"[^A-Za-z0-9-]+")


def file_of(image: KeyImage, code: str, sha256: str) -> str:
    """Return the name of a picture's file: patient, date and the start of its hash."""
    patient = _UNSAFE.sub("-", code)[:_LONGEST_CODE]
    when = image.taken_on.isoformat() if image.taken_on else "undated"
    return f"{patient}_{when}_{sha256[:_HASH_DIGITS]}{images.SUFFIXES[image.media_type]}"


def thumbnail_of(sha256: str) -> str:
    """Return the name of a thumbnail's file."""
    return f"thumbnail_{sha256[:_HASH_DIGITS]}.png"


def write(folder: Path, contents: Contents, content: Callable[[int], bytes]) -> list[str]:
    """Write the pictures into their folder, one at a time; return their paths from `folder`.

    `content` returns the bytes of a picture by the id of its row. Without pictures there is no
    folder.
    """
    files = dict(_files(contents))
    if files:
        (folder / FOLDER).mkdir()
    for name, data_id in files.items():
        (folder / FOLDER / name).write_bytes(content(data_id))
    return [f"{FOLDER}/{name}" for name in files]


def _files(contents: Contents) -> Iterator[tuple[str, int]]:
    codes = {patient.id: patient.code for patient in contents.of(Patient)}
    hashes = contents.image_hashes
    for image in contents.of(KeyImage):
        data_id = image.image_data_id
        yield file_of(image, codes[image.patient_id], hashes[data_id]), data_id
        if image.thumbnail_data_id is not None:
            yield thumbnail_of(hashes[image.thumbnail_data_id]), image.thumbnail_data_id


@dataclass(slots=True)
class Pictures:
    """The picture files of a folder, each read once and not kept in memory."""

    folder: Path
    hashes: dict[int, str] = field(default_factory=dict)
    """SHA-256 by a temporary id, until the bytes are in a casebook."""
    paths: dict[int, Path] = field(default_factory=dict)
    _ids: dict[str, int] = field(default_factory=dict)

    def find(self, name: str) -> tuple[int, str]:
        """Return the id of a file's bytes and its media type.

        Raises UnreadableError for a name that leads out of the folder, a missing file, and a file
        that is not a picture.
        """
        if name != Path(name).name or "\\" in name or name.startswith("."):
            raise UnreadableError(
                _("“{name}” is not the name of a file in the folder {folder}.").format(
                    name=name, folder=FOLDER
                )
            )
        path = self.folder / FOLDER / name
        if len(name) > _LONGEST_NAME or not path.is_file() or path.is_symlink():
            raise UnreadableError(
                _("There is no file “{name}” in the folder {folder}.").format(
                    name=name, folder=FOLDER
                )
            )
        try:
            content = read_bounded(path)
            kind = images.media_type_of(content)
        except OSError as error:
            raise UnreadableError(
                _("“{name}” cannot be read: {reason}.").format(name=name, reason=error.strerror)
            ) from error
        except KnownError as error:
            raise UnreadableError(
                _("“{name}”: {problem}").format(name=name, problem=error)
            ) from error
        sha256 = hashlib.sha256(content).hexdigest()
        data_id = self._ids.setdefault(sha256, new_id())
        self.hashes[data_id], self.paths[data_id] = sha256, path
        return data_id, kind

    def content(self, data_id: int) -> bytes:
        """Return a file's bytes; raises KnownError if it has changed since `find`."""
        path = self.paths[data_id]
        try:
            content = read_bounded(path)
        except OSError as error:
            raise KnownError(
                _("“{name}” cannot be read: {reason}.").format(name=path, reason=error.strerror)
            ) from error
        if hashlib.sha256(content).hexdigest() != self.hashes[data_id]:
            raise KnownError(_("“{file}” changed while it was read. Try again.").format(file=path))
        return content


def read_bounded(path: Path) -> bytes:
    """Return a file's bytes, at most one byte more than a picture may have."""
    with path.open("rb") as file:
        return file.read(images.MOST_BYTES + 1)

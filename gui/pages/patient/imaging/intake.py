"""How pictures come in: files that are dropped or chosen, and what was copied, read off the thread.

Whatever cannot be read is said in one sentence each; nothing is added before the form is saved.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from PySide6.QtCore import QMimeData
from PySide6.QtGui import QImage

from gui.plots.images.image_pixels import png, prepare
from gui.session.background import Job
from model.errors import KnownError
from model.records import images
from model.records.images import NewImage

FILTER = "PNG, JPEG, TIFF, DICOM (*.png *.jpg *.jpeg *.tif *.tiff *.dcm *.dicom *.ima)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Taken:
    """What could be read, the days it says it is of, and a sentence for each that could not."""

    images: tuple[NewImage, ...] = ()
    days: tuple[date, ...] = ()
    """Each day that a file says, once, the first first."""
    problems: tuple[str, ...] = ()

    @property
    def taken_on(self) -> date | None:
        """The day that all of those that say a day are of; None where they differ."""
        return self.days[0] if len(self.days) == 1 else None


def files_of(mime: QMimeData | None) -> list[Path]:
    """The files on this computer that are dropped or copied."""
    if mime is None or not mime.hasUrls():
        return []
    return [Path(url.toLocalFile()) for url in mime.urls() if url.isLocalFile()]


def picture_of(mime: QMimeData | None) -> QImage | None:
    """The picture that is dropped or copied, where it is no file."""
    if mime is None or not mime.hasImage():
        return None
    found = QImage(mime.imageData())
    return None if found.isNull() else found


def take_files(job: Job, paths: Sequence[Path]) -> Taken:
    """Read files; called off the GUI thread."""
    found, days, problems = [], set(), []
    for done, path in enumerate(paths):
        job.progress(done, len(paths))
        try:
            new, picture = prepare(_read(path))
        except KnownError as error:
            problems.append(f"“{path.name}”: {error}")
            continue
        found.append(new)
        if picture.taken_on:
            days.add(picture.taken_on)
    return Taken(images=tuple(found), days=tuple(sorted(days)), problems=tuple(problems))


def take_picture(_job: Job, picture: QImage) -> Taken:
    """Make a copied picture one that can be added; called off the GUI thread."""
    try:
        new, _ = prepare(png(picture))
    except KnownError as error:
        return Taken(problems=(f"{error}",))
    return Taken(images=(new,))


def _read(path: Path) -> bytes:
    """A file's bytes, no more of them than a picture may have and one."""
    try:
        if not path.is_file():
            raise KnownError("It is no file. Nothing was added.")
        if path.stat().st_size > images.MOST_BYTES:
            raise KnownError(images.TOO_LARGE)
        return path.read_bytes()
    except OSError as error:
        raise KnownError(f"It cannot be read: {error.strerror}. Nothing was added.") from error

"""Read images that are added: chosen or dropped files, and copied pictures.

Each problem is one sentence. Nothing is added before the form is saved.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from PySide6.QtCore import QMimeData
from PySide6.QtGui import QImage

from gui.plots.images.decoder import prepare
from gui.plots.images.image_pixels import png
from gui.session.background import Job
from model import input_file
from model.errors import KnownError
from model.language import _
from model.records import images
from model.records.images import NewImage

FILTER = "PNG, JPEG, TIFF, DICOM (*.png *.jpg *.jpeg *.tif *.tiff *.dcm *.dicom *.ima)"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadImages:
    """The images that could be read, the dates in their headers, and the problems."""

    images: tuple[NewImage, ...] = ()
    days: tuple[date, ...] = ()
    """The different dates in the headers, earliest first."""
    problems: tuple[str, ...] = ()

    @property
    def taken_on(self) -> date | None:
        """The date in the headers; None if there is none, or if they differ."""
        return self.days[0] if len(self.days) == 1 else None


def files_of(mime: QMimeData | None) -> list[Path]:
    """Return the dropped or copied local files."""
    if mime is None or not mime.hasUrls():
        return []
    return [Path(url.toLocalFile()) for url in mime.urls() if url.isLocalFile()]


def picture_of(mime: QMimeData | None) -> QImage | None:
    """Return the dropped or copied picture, if it is not a file."""
    if mime is None or not mime.hasImage():
        return None
    picture = QImage(mime.imageData())
    return None if picture.isNull() else picture


def read_files(job: Job, paths: Sequence[Path]) -> ReadImages:
    """Read and prepare files. Called off the GUI thread."""
    new_images, days, problems = [], set(), []
    for done, path in enumerate(paths):
        job.progress(done, len(paths))
        try:
            new, picture = prepare(_read(path))
        except KnownError as error:
            problems.append(f"“{path.name}”: {error}")
            continue
        new_images.append(new)
        if picture.taken_on:
            days.add(picture.taken_on)
    return ReadImages(images=tuple(new_images), days=tuple(sorted(days)), problems=tuple(problems))


def read_picture(_job: Job, picture: QImage) -> ReadImages:
    """Prepare a copied picture. Called off the GUI thread."""
    try:
        new, _picture = prepare(png(picture))
    except KnownError as error:
        return ReadImages(problems=(f"{error}",))
    return ReadImages(images=(new,))


def _read(path: Path) -> bytes:
    """Return a file's bytes; raise KnownError if it is too large or cannot be read."""
    try:
        if not path.is_file():
            raise KnownError(_("This is not a file. Nothing was added."))
        if path.stat().st_size > images.MOST_BYTES:
            raise KnownError(images.TOO_LARGE)
        return input_file.read_bytes(path, images.MOST_BYTES)
    except OSError as error:
        text = _("It cannot be read: {reason}. Nothing was added.")
        raise KnownError(text.format(reason=error.strerror)) from error

"""Reading of image files, and drawing of images by Qt; usable on any thread."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QBuffer, QByteArray, QIODevice, Qt
from PySide6.QtGui import QColor, QImage, QImageReader, QImageWriter, QPainter

from model.errors import KnownError
from model.imaging.picture import DAMAGED, MOST_PIXELS, Picture, grey_shades, picture_of
from model.imaging.tiff import count_pages, has_unsigned_integers
from model.language import _
from model.records import images
from model.records.images import THUMBNAIL_SIDE, NewImage

_FORMATS = {images.PNG: b"png", images.JPEG: b"jpeg", images.TIFF: b"tiff"}


def decode(content: bytes) -> Picture:
    """Return the image in a file's bytes; raise KnownError with what is wrong with them."""
    kind = images.media_type_of(content)
    if kind == images.DICOM:
        from model.imaging.dicom import read_dicom

        return read_dicom(content, _decode_jpeg)
    if kind == images.TIFF and not has_unsigned_integers(content):
        raise KnownError(
            _(
                "Its values are fractions or below zero, which would be drawn wrongly. Save it as"
                " DICOM, PNG or a TIFF of 8 or 16 bits and add that. Nothing was added."
            )
        )
    picture = _decoded(content, kind)
    # Qt's reader counts one page, however many there are.
    count = count_pages(content) if kind == images.TIFF else 1
    remarks = (_("Page 1 of {n}").format(n=count),) if count > 1 else ()
    return picture_of(_values(picture), remarks=remarks)


def prepare(content: bytes) -> tuple[NewImage, Picture]:
    """Return a file ready to be added, with its image; raise as `decode` does."""
    picture = decode(content)
    new = NewImage(
        content=content, media_type=images.media_type_of(content), thumbnail=thumbnail(picture)
    )
    return new, picture


def drawn(
    picture: Picture, low: float | None = None, high: float | None = None, every: int = 1
) -> QImage:
    """Return an image as it is drawn, with black and white at these values or as at first.

    `every` is the step between the rows and columns that are used.
    """
    values = grey_shades(
        picture,
        picture.low if low is None else low,
        picture.high if high is None else high,
        every,
    )
    rows, columns = values.shape[:2]
    grey = values.ndim == 2
    kind = QImage.Format.Format_Grayscale8 if grey else QImage.Format.Format_RGB888
    # Qt does not keep the array alive: the copy is its own.
    return QImage(values.tobytes(), columns, rows, columns * (1 if grey else 3), kind).copy()


def thumbnail(picture: Picture) -> bytes:
    """Return a small PNG of an image, with square pixels."""
    rows, columns = picture.values.shape[:2]
    shape = picture.aspect * rows / columns
    width = THUMBNAIL_SIDE if shape <= 1 else max(round(THUMBNAIL_SIDE / shape), 1)
    height = THUMBNAIL_SIDE if shape >= 1 else max(round(THUMBNAIL_SIDE * shape), 1)
    if max(columns, rows) < THUMBNAIL_SIDE:
        part = max(columns, rows) / THUMBNAIL_SIDE
        width, height = max(round(width * part), 1), max(round(height * part), 1)
    small = drawn(picture).scaled(
        width,
        height,
        Qt.AspectRatioMode.IgnoreAspectRatio,
        Qt.TransformationMode.SmoothTransformation,
    )
    return png(small)


def png(picture: QImage) -> bytes:
    """Return an image of Qt as the bytes of a PNG."""
    content = QByteArray()
    buffer = QBuffer(content)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    if not QImageWriter(buffer, QByteArray(b"png")).write(picture):
        raise KnownError(_("This image cannot be stored. Nothing was added."))
    return bytes(content.data())


_MOST_BYTES = 8
"""Bytes of a pixel at most: 16 bits of red, green, blue and opacity."""


def _decode_jpeg(content: bytes) -> NDArray[Any]:
    return _values(_decoded(content, images.JPEG))


def _decoded(content: bytes, kind: str) -> QImage:
    buffer = QBuffer()
    buffer.setData(content)
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    reader = QImageReader(buffer, QByteArray(_FORMATS[kind]))
    try:
        reader.setAutoTransform(True)
        size = reader.size()
        pixels = size.width() * size.height()
        # The reader must not be asked for the format before it has read: for a damaged JPEG that is
        # not initialised (Qt 6.11). It refuses by itself what does not fit, as a null image.
        room = QImageReader.allocationLimit() * 1024 * 1024
        picture = QImage() if pixels > MOST_PIXELS else reader.read()
        size_in_bytes = pixels * _MOST_BYTES if picture.isNull() else picture.sizeInBytes()
        if pixels > MOST_PIXELS or 0 < room < size_in_bytes:
            raise KnownError(_("It has more pixels than can be shown. Nothing was added."))
    finally:
        # Before the buffer: the TIFF reader still reads it when it is deleted, and would crash.
        del reader
    if picture.isNull():
        raise KnownError(DAMAGED)
    return picture


def _values(picture: QImage) -> NDArray[Any]:
    """Return the pixels of an image of Qt: grey if it is grey, else red, green and blue."""
    if picture.hasAlphaChannel():
        picture = _on_white(picture)
    if picture.format() == QImage.Format.Format_Grayscale16:
        return _array(picture, np.uint16, 1)[..., 0]
    if picture.isGrayscale():
        return _array(picture.convertToFormat(QImage.Format.Format_Grayscale8), np.uint8, 1)[..., 0]
    return _array(picture.convertToFormat(QImage.Format.Format_RGB888), np.uint8, 3)


def _array(picture: QImage, kind: Any, samples: int) -> NDArray[Any]:
    lines = np.frombuffer(picture.constBits(), kind)
    across = picture.bytesPerLine() // np.dtype(kind).itemsize
    lines = lines.reshape(picture.height(), across)[:, : picture.width() * samples]
    return lines.reshape(picture.height(), picture.width(), samples).copy()


def _on_white(picture: QImage) -> QImage:
    paper = QImage(picture.size(), QImage.Format.Format_RGB32)
    paper.fill(QColor(Qt.GlobalColor.white))
    painter = QPainter(paper)
    painter.drawImage(0, 0, picture)
    painter.end()
    return paper

"""Read image files and draw images with Qt; works on any thread."""

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
from model.records.images import THUMBNAIL_SIDE

_FORMATS = {images.PNG: b"png", images.JPEG: b"jpeg", images.TIFF: b"tiff"}


def decode(content: bytes) -> Picture:
    """Return the image in the bytes of a file; raise KnownError if they cannot be read or shown.

    The program calls `decoder.decode`, which calls this in a child process.
    """
    media_type = images.media_type_of(content)
    if media_type == images.DICOM:
        from model.imaging.dicom import read_dicom

        return read_dicom(content, _decode_jpeg)
    if media_type == images.TIFF and not has_unsigned_integers(content):
        raise KnownError(
            _(
                "Its values are fractions or below zero, which would be drawn wrongly. Save it as"
                " DICOM, PNG or a TIFF of 8 or 16 bits and add that. Nothing was added."
            )
        )
    image = _decode_with_qt(content, media_type)
    # Qt's reader always counts one page.
    count = count_pages(content) if media_type == images.TIFF else 1
    remarks = (_("Page 1 of {n}").format(n=count),) if count > 1 else ()
    return picture_of(_values(image), remarks=remarks)


def draw_picture(
    picture: Picture, low: float | None = None, high: float | None = None, step: int = 1
) -> QImage:
    """Return an image of Qt, with `low` as black and `high` as white, or as it is shown at first.

    Only every `step`-th row and column is used.
    """
    values = grey_shades(
        picture,
        picture.low if low is None else low,
        picture.high if high is None else high,
        step,
    )
    rows, columns = values.shape[:2]
    is_grey = values.ndim == 2
    format_ = QImage.Format.Format_Grayscale8 if is_grey else QImage.Format.Format_RGB888
    samples = 1 if is_grey else 3
    # Qt does not keep the bytes alive, so the image gets a copy of its own.
    return QImage(values.tobytes(), columns, rows, columns * samples, format_).copy()


def thumbnail(picture: Picture) -> bytes:
    """Return a small PNG of an image, with square pixels."""
    rows, columns = picture.values.shape[:2]
    ratio = picture.aspect * rows / columns
    width = THUMBNAIL_SIDE if ratio <= 1 else max(round(THUMBNAIL_SIDE / ratio), 1)
    height = THUMBNAIL_SIDE if ratio >= 1 else max(round(THUMBNAIL_SIDE * ratio), 1)
    if max(columns, rows) < THUMBNAIL_SIDE:
        scale = max(columns, rows) / THUMBNAIL_SIDE
        width, height = max(round(width * scale), 1), max(round(height * scale), 1)
    small = draw_picture(picture).scaled(
        width,
        height,
        Qt.AspectRatioMode.IgnoreAspectRatio,
        Qt.TransformationMode.SmoothTransformation,
    )
    return png(small)


def png(image: QImage) -> bytes:
    """Return an image of Qt as the bytes of a PNG; raise KnownError if Qt cannot write it."""
    content = QByteArray()
    buffer = QBuffer(content)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    if not QImageWriter(buffer, QByteArray(b"png")).write(image):
        raise KnownError(_("This image cannot be stored. Nothing was added."))
    return bytes(content.data())


_MAX_PIXEL_BYTES = 8
"""The most bytes of a pixel: 16 bits each for red, green, blue and opacity."""


def _decode_jpeg(content: bytes) -> NDArray[Any]:
    return _values(_decode_with_qt(content, images.JPEG))


def _decode_with_qt(content: bytes, media_type: str) -> QImage:
    buffer = QBuffer()
    buffer.setData(content)
    buffer.open(QIODevice.OpenModeFlag.ReadOnly)
    reader = QImageReader(buffer, QByteArray(_FORMATS[media_type]))
    try:
        reader.setAutoTransform(True)
        size = reader.size()
        pixels = size.width() * size.height()
        # Asking for the format before reading crashes on a damaged JPEG (Qt 6.11). For an image
        # that is larger than its limit the reader returns a null image.
        max_bytes = QImageReader.allocationLimit() * 1024 * 1024
        image = QImage() if pixels > MOST_PIXELS else reader.read()
        size_in_bytes = pixels * _MAX_PIXEL_BYTES if image.isNull() else image.sizeInBytes()
        if pixels > MOST_PIXELS or 0 < max_bytes < size_in_bytes:
            raise KnownError(_("It has more pixels than can be shown. Nothing was added."))
    finally:
        # The TIFF reader uses the buffer while it is deleted, so it must go before the buffer.
        del reader
    if image.isNull():
        raise KnownError(DAMAGED)
    return image


def _values(image: QImage) -> NDArray[Any]:
    """Return the pixels of an image of Qt: grey if it is grey, else red, green and blue."""
    if image.hasAlphaChannel():
        image = _on_white(image)
    if image.format() == QImage.Format.Format_Grayscale16:
        return _array(image, np.uint16, 1)[..., 0]
    if image.isGrayscale():
        return _array(image.convertToFormat(QImage.Format.Format_Grayscale8), np.uint8, 1)[..., 0]
    return _array(image.convertToFormat(QImage.Format.Format_RGB888), np.uint8, 3)


def _array(image: QImage, dtype: Any, samples: int) -> NDArray[Any]:
    """Return the samples of an image as (rows, columns, samples)."""
    lines = np.frombuffer(image.constBits(), dtype)
    # Qt may pad the end of each line.
    line_length = image.bytesPerLine() // np.dtype(dtype).itemsize
    lines = lines.reshape(image.height(), line_length)[:, : image.width() * samples]
    return lines.reshape(image.height(), image.width(), samples).copy()


def _on_white(image: QImage) -> QImage:
    paper = QImage(image.size(), QImage.Format.Format_RGB32)
    paper.fill(QColor(Qt.GlobalColor.white))
    painter = QPainter(paper)
    painter.drawImage(0, 0, image)
    painter.end()
    return paper

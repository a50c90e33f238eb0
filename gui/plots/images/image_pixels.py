"""Files into pictures and pictures into what Qt draws; of use on any thread."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QBuffer, QByteArray, QIODevice, Qt
from PySide6.QtGui import QColor, QImage, QImageReader, QImageWriter, QPainter

from model.errors import KnownError
from model.imaging.picture import DAMAGED, MOST_PIXELS, Picture, of_values, shades
from model.imaging.tiff import count_pages, is_of_whole_numbers
from model.records import images
from model.records.images import THUMBNAIL_SIDE, NewImage

_FORMATS = {images.PNG: b"png", images.JPEG: b"jpeg", images.TIFF: b"tiff"}


def decode(content: bytes) -> Picture:
    """The picture in a file's bytes; raises KnownError with what is wrong with them."""
    kind = images.media_type_of(content)
    if kind == images.DICOM:
        from model.imaging.dicom import read_dicom

        return read_dicom(content, _decode_jpeg)
    if kind == images.TIFF and not is_of_whole_numbers(content):
        raise KnownError(
            "Its values are fractions or below zero, which would be drawn wrongly. Save it as"
            " DICOM, PNG or a TIFF of 8 or 16 bits and add that. Nothing was added."
        )
    picture = _decoded(content, kind)
    # A reader of Qt's counts one page, whatever the file holds.
    count = count_pages(content) if kind == images.TIFF else 1
    remarks = (f"Page 1 of {count}",) if count > 1 else ()
    return of_values(_values(picture), remarks=remarks)


def prepare(content: bytes) -> tuple[NewImage, Picture]:
    """A file made ready to be added, with its picture; raises what `decode` does."""
    picture = decode(content)
    new = NewImage(
        content=content, media_type=images.media_type_of(content), thumbnail=thumbnail(picture)
    )
    return new, picture


def drawn(
    picture: Picture, low: float | None = None, high: float | None = None, every: int = 1
) -> QImage:
    """A picture as it is drawn, black and white at these values or as it is shown at first.

    Of every so many rows and columns.
    """
    values = shades(
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
    """A small PNG of a picture, with square pixels."""
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
    """A picture of Qt's as the bytes of a PNG."""
    held = QByteArray()
    buffer = QBuffer(held)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    if not QImageWriter(buffer, QByteArray(b"png")).write(picture):
        raise KnownError("This picture cannot be kept. Nothing was added.")
    return bytes(held.data())


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
        room = QImageReader.allocationLimit() * 1024 * 1024
        depth = QImage.toPixelFormat(reader.imageFormat()).bitsPerPixel()
        if pixels > MOST_PIXELS or 0 < room < pixels * depth // 8:
            raise KnownError("It has more pixels than can be shown. Nothing was added.")
        picture = reader.read()
    finally:
        # Before the buffer goes: a reader of TIFF still looks into it when it ends, and crashes.
        del reader
    if picture.isNull():
        raise KnownError(DAMAGED)
    return picture


def _values(picture: QImage) -> NDArray[Any]:
    """The pixels of a picture of Qt's: grey where it is, else red, green and blue."""
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

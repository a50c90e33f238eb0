"""Files of every kind become pictures, and pictures what is drawn."""

from __future__ import annotations

import struct
from io import BytesIO

import numpy as np
import pytest
from pydicom.dataset import FileDataset, FileMetaDataset
from pydicom.encaps import encapsulate
from pydicom.uid import UID, JPEGBaseline8Bit, generate_uid
from PySide6.QtCore import QBuffer, QByteArray, QIODevice
from PySide6.QtGui import QColor, QImage, QImageReader, QImageWriter

from gui.plots.images.decoder import prepare
from gui.plots.images.image_pixels import decode, draw_picture, png, thumbnail
from model.errors import KnownError
from model.imaging.picture import picture_of
from model.records import images

pytestmark = pytest.mark.usefixtures("qapp")


def written(picture: QImage, kind: str) -> bytes:
    held = QByteArray()
    buffer = QBuffer(held)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    assert QImageWriter(buffer, QByteArray(kind.encode())).write(picture)
    return bytes(held.data())


def coloured(format_=QImage.Format.Format_RGB32) -> QImage:
    made = QImage(30, 20, format_)
    made.fill(QColor(200, 40, 10))
    return made


@pytest.mark.parametrize(
    ("kind", "media_type"), [("png", images.PNG), ("jpeg", images.JPEG), ("tiff", images.TIFF)]
)
def test_files_of_every_kind_are_read(kind, media_type):
    new, picture = prepare(written(coloured(), kind))
    assert new.media_type == media_type
    assert picture.values.shape == (20, 30, 3)
    assert np.abs(picture.values[10, 10].astype(int) - (200, 40, 10)).max() < 6
    assert images.media_type_of(new.thumbnail) == images.PNG


def test_grey_stays_grey_with_all_its_bits():
    made = QImage(2, 2, QImage.Format.Format_Grayscale16)
    made.fill(0)
    made.setPixelColor(1, 1, QColor.fromRgba64(40_000, 40_000, 40_000))
    found = decode(written(made, "png"))
    assert found.values.ndim == 2
    assert found.values[1, 1] == pytest.approx(40_000, abs=200)  # Qt sets 8 of its bits
    assert found.high == found.values[1, 1]


def test_what_is_transparent_lies_on_white():
    made = QImage(4, 4, QImage.Format.Format_ARGB32)
    made.fill(0)
    made.setPixelColor(0, 0, QColor(255, 0, 0))
    found = decode(written(made, "png"))
    assert tuple(found.values[3, 3]) == (255, 255, 255)
    assert tuple(found.values[0, 0]) == (255, 0, 0)


@pytest.mark.parametrize(("size", "wanted"), [((900, 300), (256, 85)), ((40, 20), (40, 20))])
def test_a_thumbnail_is_small_and_keeps_the_shape(size, wanted):
    values = np.zeros((size[1], size[0]), np.uint8)
    small = QImage.fromData(thumbnail(picture_of(values)))
    assert (small.width(), small.height()) == wanted


def test_a_thumbnail_has_square_pixels():
    tall = picture_of(np.zeros((100, 100), np.uint8), aspect=4.0)
    small = QImage.fromData(thumbnail(tall))
    assert small.height() == pytest.approx(4 * small.width(), abs=2)


def test_what_is_drawn_follows_the_window():
    ramp = picture_of(np.arange(256, dtype=np.uint8).reshape(16, 16))
    assert draw_picture(ramp).pixelColor(0, 1).red() == 16
    harder = draw_picture(ramp, 100, 101)
    assert harder.pixelColor(3, 6).red() == 0
    assert harder.pixelColor(15, 15).red() == 255


@pytest.mark.qt_log_ignore("TIFF directory|at offset")
@pytest.mark.parametrize("kind", ["png", "tiff"])
@pytest.mark.parametrize("part", [0.2, 0.5])
def test_a_torn_file_is_one_sentence(kind, part):
    noise = np.random.default_rng(1).integers(0, 255, (40, 40), dtype=np.uint8)
    whole = written(draw_picture(picture_of(noise)), kind)
    with pytest.raises(KnownError, match="damaged"):
        decode(whole[: int(len(whole) * part)])


def test_a_baseline_jpeg_within_dicom_is_read():
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID = UID("1.2.840.10008.5.1.4.1.1.7")
    meta.MediaStorageSOPInstanceUID = generate_uid(entropy_srcs=["synthetic"])
    meta.TransferSyntaxUID = JPEGBaseline8Bit
    made = FileDataset("", {}, file_meta=meta, preamble=bytes(128))
    made.Rows, made.Columns, made.SamplesPerPixel = 20, 30, 3
    made.PhotometricInterpretation, made.PlanarConfiguration = "YBR_FULL_422", 0
    made.BitsAllocated = made.BitsStored = 8
    made.HighBit, made.PixelRepresentation = 7, 0
    made.PixelData = encapsulate([written(coloured(), "jpeg")])
    held = BytesIO()
    made.save_as(held, enforce_file_format=True)
    found = decode(held.getvalue())
    assert found.values.shape == (20, 30, 3)
    assert np.abs(found.values[10, 10].astype(int) - (200, 40, 10)).max() < 6


def tiff(*pages: np.ndarray, sample_format: int = 1) -> bytes:
    """An uncompressed grey TIFF with these pages."""
    out, before = bytearray(b"II*\0\0\0\0\0"), 4
    for page in pages:
        data, at = page.tobytes(), len(out)
        out += data + b"\0" * (len(data) % 2)
        struct.pack_into("<I", out, before, len(out))
        rows, columns = page.shape
        entries = (
            *((256, 4, columns), (257, 4, rows), (258, 3, page.itemsize * 8), (259, 3, 1)),
            *((262, 3, 1), (273, 4, at), (277, 3, 1), (278, 4, rows), (279, 4, len(data))),
            (339, 3, sample_format),
        )
        out += struct.pack("<H", len(entries))
        for tag, kind, value in entries:
            out += struct.pack("<HHII", tag, kind, 1, value)
        before = len(out)
        out += bytes(4)
    return bytes(out)


def test_of_several_pages_the_first_is_shown_and_this_is_remarked():
    ramp = np.arange(60, dtype=np.uint8).reshape(6, 10)
    found = decode(tiff(ramp, 255 - ramp, ramp))
    assert (found.values == ramp).all()
    assert found.remarks == ("Page 1 of 3",)
    assert decode(tiff(ramp)).remarks == ()


@pytest.mark.parametrize(("kind", "sample_format"), [(np.float32, 3), (np.int16, 2)])
def test_values_that_would_be_drawn_wrongly_are_refused(kind, sample_format):
    values = np.linspace(-300, 5000, 60).reshape(6, 10).astype(kind)
    with pytest.raises(KnownError, match="drawn wrongly"):
        decode(tiff(values, sample_format=sample_format))
    whole = np.arange(60, dtype=np.uint16).reshape(6, 10) * 900
    assert (decode(tiff(whole)).values == whole).all()


def test_an_orientation_is_followed():
    plain = written(coloured(), "jpeg")
    said = b"Exif\0\0II*\0" + struct.pack("<IHHHIHHI", 8, 1, 0x0112, 3, 1, 6, 0, 0)
    turned = plain[:2] + b"\xff\xe1" + struct.pack(">H", len(said) + 2) + said + plain[2:]
    assert decode(turned).values.shape == (30, 20, 3)


@pytest.mark.parametrize("kind", ["jpeg", "tiff"])
def test_colours_for_print_become_colours_of_the_screen(kind):
    found = decode(written(coloured().convertToFormat(QImage.Format.Format_CMYK8888), kind))
    assert np.abs(found.values[10, 10].astype(int) - (200, 40, 10)).max() < 6


def test_a_picture_too_large_for_the_memory_is_not_called_damaged(monkeypatch):
    monkeypatch.setattr(QImageReader, "allocationLimit", staticmethod(lambda: 1))
    large = QImage(400, 400, QImage.Format.Format_RGBA64)
    large.fill(0)
    with pytest.raises(KnownError, match="more pixels"):
        decode(png(large))


def test_a_picture_with_too_many_pixels_is_refused(monkeypatch):
    monkeypatch.setattr("gui.plots.images.image_pixels.MOST_PIXELS", 100)
    with pytest.raises(KnownError, match="more pixels"):
        decode(png(coloured()))


def test_a_picture_drawn_small_is_drawn_of_fewer_pixels():
    values = np.arange(96, dtype=np.uint8).reshape(8, 12)
    few = draw_picture(picture_of(values), step=4)
    assert (few.width(), few.height()) == (3, 2)
    whole = draw_picture(picture_of(values))
    assert few.pixelColor(2, 1) == whole.pixelColor(8, 4)


def test_colours_follow_the_window_as_greys_do():
    grey = np.arange(256, dtype=np.uint8).reshape(16, 16)
    colour = picture_of(np.repeat(grey[..., None], 3, axis=2))
    for window in ((0, 255), (40, 90), (90, 40), (7, 7)):
        one, other = draw_picture(picture_of(grey), *window), draw_picture(colour, *window)
        for across in range(16):
            assert one.pixelColor(across, 5) == other.pixelColor(across, 5)

"""Read a DICOM file into a picture.

Only the date and what is needed to draw the picture are read from the header; nothing else is kept.
Loading pydicom takes half a second, so this module is imported when the first such file is read.
"""

from __future__ import annotations

import logging
import zlib
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from io import BytesIO
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydicom import config, dcmread, encaps
from pydicom.errors import InvalidDicomError
from pydicom.filereader import _read_file_meta_info, read_preamble
from pydicom.pixels.decoders.base import get_decoder
from pydicom.pixels.processing import apply_color_lut, apply_modality_lut
from pydicom.pixels.utils import pixel_array
from pydicom.uid import DeflatedExplicitVRLittleEndian, JPEGBaseline8Bit

from model.errors import KnownError
from model.imaging.picture import DAMAGED, MOST_PIXELS, Picture, picture_of
from model.language import _

_MOST_INFLATED = 250_000_000
"""Bytes of a deflated data set at most: a long series of frames, but no bomb."""
_GREY = ("MONOCHROME1", "MONOCHROME2")
_GROUPS = ("PixelValueTransformationSequence", "FrameVOILUTSequence", "PixelMeasuresSequence")

# Warnings of pydicom quote headers, which may contain names: not shown and not logged.
config.settings.reading_validation_mode = config.IGNORE
logging.getLogger("pydicom").setLevel(logging.CRITICAL)


def read_dicom(content: bytes, decode_jpeg: Callable[[bytes], NDArray[Any]]) -> Picture:
    """Return the picture in a DICOM file; if it has several frames, the middle one and a remark.

    `decode_jpeg` decodes baseline JPEG, which pydicom cannot. Raises KnownError for a file that is
    damaged, contains no picture, or is compressed in an unknown format.
    """
    try:
        return _read(content, decode_jpeg)
    except KnownError:
        raise
    except InvalidDicomError as error:
        raise KnownError(_("This is not a DICOM file. Nothing was added.")) from error
    except Exception as error:  # a damaged file can make the parser raise anything
        raise KnownError(DAMAGED) from error


def _read(content: bytes, decode_jpeg: Callable[[bytes], NDArray[Any]]) -> Picture:
    _refuse_bomb(content)
    header = dcmread(BytesIO(content))
    if "PixelData" not in header:
        raise KnownError(_("This is a DICOM file without a picture. Nothing was added."))
    if int(header.Rows) * int(header.Columns) > MOST_PIXELS:
        raise KnownError(_("The picture has too many pixels to be shown. Nothing was added."))
    frames = int(header.get("NumberOfFrames") or 1)
    frame = frames // 2
    remark = _("Frame {n} of {total}").format(n=frame + 1, total=frames)
    remarks = (remark,) if frames > 1 else ()
    values = _pixels(header, frame, frames, decode_jpeg)
    _flatten_groups(header, frame)
    properties = {
        "aspect": _aspect(header),
        "taken_on": _acquisition_day(header),
        "remarks": remarks,
    }
    if header.PhotometricInterpretation == "PALETTE COLOR":
        values = apply_color_lut(values, header)
    if values.ndim == 3:
        return picture_of(_eight_bits(values[..., :3]), **properties)
    if header.PhotometricInterpretation not in _GREY:
        return picture_of(values, **properties)
    picture = picture_of(
        apply_modality_lut(values, header),
        inverted=header.PhotometricInterpretation == "MONOCHROME1",
        **properties,
    )
    return _windowed(picture, header)


def _refuse_bomb(content: bytes) -> None:
    """Raise KnownError for a deflated data set of more than `_MOST_INFLATED` bytes (PS3.5, A.5)."""
    file = BytesIO(content)
    read_preamble(file, force=False)
    meta = _read_file_meta_info(file)
    if meta.get("TransferSyntaxUID") != DeflatedExplicitVRLittleEndian:
        return
    inflated = zlib.decompressobj(-zlib.MAX_WBITS).decompress(file.read(), _MOST_INFLATED + 1)
    if len(inflated) > _MOST_INFLATED:
        raise KnownError(_("The picture has too many pixels to be shown. Nothing was added."))


def _pixels(
    header: Any, frame: int, frames: int, decode_jpeg: Callable[[bytes], NDArray[Any]]
) -> NDArray[Any]:
    syntax = header.file_meta.TransferSyntaxUID
    if syntax.is_encapsulated:
        if syntax == JPEGBaseline8Bit:
            values = decode_jpeg(encaps.get_frame(header.PixelData, frame, number_of_frames=frames))
            return values[..., 0] if header.SamplesPerPixel == 1 and values.ndim == 3 else values
        if not get_decoder(syntax).is_available:
            raise KnownError(
                _(
                    "The picture is compressed in a format that Theralog cannot read ({format})."
                    " Save it uncompressed or as PNG and add that. Nothing was added."
                ).format(format=syntax.name)
            )
    return pixel_array(header, index=frame)


def _flatten_groups(header: Any, frame: int) -> None:
    """Move the functional groups of a frame of an enhanced file to the top level of the header.

    Source: PS3.3, C.7.6.16; per-frame groups take precedence over shared ones.
    """
    shared = header.get("SharedFunctionalGroupsSequence") or ()
    frames = header.get("PerFrameFunctionalGroupsSequence") or ()
    for group in (*shared[:1], *frames[frame : frame + 1]):
        for name in _GROUPS:
            for item in (group.get(name) or ())[:1]:
                header.update({element.tag: element for element in item})


def _windowed(picture: Picture, header: Any) -> Picture:
    """Set the window to the first one in the file, as a linear one (PS3.3, C.11.2.1.2)."""
    centre, width = _first(header.get("WindowCenter")), _first(header.get("WindowWidth"))
    if centre is None or width is None:
        return picture
    if header.get("VOILUTFunction") == "LINEAR_EXACT" and width > 0:
        return replace(picture, low=centre - width / 2, high=centre + width / 2)
    if width < 1:
        return picture
    half = max(width - 1, 1e-3) / 2
    return replace(picture, low=centre - 0.5 - half, high=centre - 0.5 + half)


def _first(value: Any) -> float | None:
    """Return the first number of a value that may have several."""
    if value in (None, ""):
        return None
    return float(value if isinstance(value, (int, float, str)) else next(iter(value)))


def _eight_bits(values: NDArray[Any]) -> NDArray[Any]:
    return values if values.dtype == np.uint8 else (values >> (8 * (values.dtype.itemsize - 1)))


def _aspect(header: Any) -> float:
    spacing = header.get("PixelSpacing") or header.get("PixelAspectRatio")
    if not spacing or len(spacing) != 2:
        return 1.0
    down, across = float(spacing[0]), float(spacing[1])
    return min(max(down / across, 0.05), 20.0) if down > 0 and across > 0 else 1.0


def _acquisition_day(header: Any) -> date | None:
    for name in ("AcquisitionDate", "SeriesDate", "StudyDate", "ContentDate"):
        try:
            return datetime.strptime(str(header.get(name) or ""), "%Y%m%d").date()
        except ValueError:
            continue
    return None

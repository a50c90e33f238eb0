"""DICOM: what is drawn is what the file asks for; what cannot be read is said in one sentence."""

from datetime import date
from io import BytesIO

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydicom.dataset import Dataset, FileDataset, FileMetaDataset
from pydicom.encaps import encapsulate
from pydicom.sequence import Sequence
from pydicom.uid import UID, ExplicitVRLittleEndian, JPEG2000Lossless, generate_uid

from model.errors import KnownError
from model.imaging.dicom import read_dicom
from model.imaging.picture import Picture, grey_shades, picture_of

RAMP = np.arange(12, dtype=np.uint16).reshape(3, 4)


def dicom(values=RAMP, *, photometric="MONOCHROME2", syntax=ExplicitVRLittleEndian, **facts):
    """The bytes of a DICOM file with these pixels; several frames when they have a third side."""
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID = UID("1.2.840.10008.5.1.4.1.1.7")
    meta.MediaStorageSOPInstanceUID = generate_uid(entropy_srcs=["synthetic"])
    meta.TransferSyntaxUID = syntax
    made = FileDataset("", {}, file_meta=meta, preamble=bytes(128))
    made.PatientName = "SYNTHETIC^NOBODY"
    colour = photometric == "RGB"
    frames = values.shape[0] if values.ndim == 3 and not colour else 1
    made.Rows, made.Columns = values.shape[-3:-1] if colour else values.shape[-2:]
    made.SamplesPerPixel = 3 if colour else 1
    made.PhotometricInterpretation = photometric
    made.PlanarConfiguration = 0
    made.BitsAllocated = made.BitsStored = values.dtype.itemsize * 8
    made.HighBit = made.BitsStored - 1
    made.PixelRepresentation = int(values.dtype.kind == "i")
    if frames > 1:
        made.NumberOfFrames = frames
    for name, value in facts.items():
        setattr(made, name, value)
    raw = values.tobytes()
    made.PixelData = encapsulate([raw]) if syntax.is_encapsulated else raw
    held = BytesIO()
    made.save_as(held, enforce_file_format=True)
    return held.getvalue()


def no_jpeg(_content):
    raise AssertionError("not a JPEG")


def read(content) -> Picture:
    return read_dicom(content, no_jpeg)


def test_grey_is_shown_from_the_smallest_to_the_largest():
    found = read(dicom())
    assert (found.values == RAMP).all()
    assert (found.low, found.high, found.inverted) == (0, 11, False)
    assert grey_shades(found, found.low, found.high)[0, 0] == 0
    assert grey_shades(found, found.low, found.high)[2, 3] == 255


def test_monochrome1_is_drawn_the_other_way_round():
    found = read(dicom(photometric="MONOCHROME1"))
    assert found.inverted
    assert grey_shades(found, found.low, found.high)[0, 0] == 255


def test_slope_intercept_and_window_are_those_of_the_file():
    found = read(
        dicom(
            RAMP.astype(np.int16),
            RescaleSlope="2",
            RescaleIntercept="-10",
            WindowCenter=["40", "9"],
            WindowWidth=["401", "9"],
        )
    )
    assert (found.values == RAMP * 2.0 - 10).all()
    assert (found.low, found.high) == (-160.5, 239.5)


def test_of_several_frames_the_middle_one_is_shown_and_said():
    frames = np.stack([RAMP + 100 * frame for frame in range(5)]).astype(np.uint16)
    found = read(dicom(frames))
    assert (found.values == RAMP + 200).all()
    assert found.remarks == ("Frame 3 of 5",)


def test_colours_stay_colours():
    values = np.zeros((2, 3, 3), np.uint8)
    values[0, 1] = (250, 10, 20)
    found = read(dicom(values, photometric="RGB"))
    assert (found.values == values).all()
    assert (found.low, found.high) == (0, 255)


def test_pixels_that_are_not_square_and_the_date_are_known():
    found = read(dicom(PixelSpacing=["2", "0.5"], StudyDate="20240307"))
    assert found.aspect == 4
    assert found.taken_on == date(2024, 3, 7)
    assert read(dicom(PixelSpacing=["0", "1"], StudyDate="")).aspect == 1


def test_a_compression_that_cannot_be_read_is_named():
    with pytest.raises(KnownError, match=r"Theralog cannot read \(JPEG 2000"):
        read(dicom(syntax=JPEG2000Lossless))


def test_a_file_without_a_picture_says_so():
    whole = dicom()
    tag = b"\xe0\x7f\x10\x00"
    with pytest.raises(KnownError, match="without a picture"):
        read(whole[: whole.index(tag)])


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("part", [0.3, 0.5, 0.7, 0.9, 0.99])
def test_a_torn_file_is_one_sentence(part):
    whole = dicom()
    with pytest.raises(KnownError, match="Nothing was added") as caught:
        read(whole[: int(len(whole) * part)])
    assert "NOBODY" not in str(caught.value)


@pytest.mark.filterwarnings("ignore")
@settings(deadline=None, max_examples=150)
@given(st.lists(st.tuples(st.integers(132, 700), st.integers(0, 255)), max_size=12))
def test_whatever_the_bytes_a_picture_or_one_sentence_comes_of_them(changes):
    spoiled = bytearray(dicom())
    for place, byte in changes:
        spoiled[place % len(spoiled)] = byte
    said = ""
    try:
        read(bytes(spoiled))
    except KnownError as error:
        said = str(error)
    assert not said or said.endswith("Nothing was added.")


@given(st.integers(1, 5), st.integers(1, 5), st.floats(-1e6, 1e6, width=32))
def test_an_even_picture_can_be_shown(rows, columns, value):
    found = picture_of(np.full((rows, columns), value, np.float32))
    assert found.high > found.low
    assert grey_shades(found, found.low, found.high).shape == (rows, columns)


def test_an_exact_window_is_one_also_where_it_is_narrow():
    exact = {"WindowCenter": "0.5", "WindowWidth": "0.8", "VOILUTFunction": "LINEAR_EXACT"}
    found = read(dicom(RescaleSlope="0.1", RescaleIntercept="0", **exact))
    assert (found.low, found.high) == pytest.approx((0.1, 0.9))


def test_an_enhanced_file_is_drawn_as_its_frame_asks():
    def of(name, **facts):
        item, group = Dataset(), Dataset()
        for keyword, value in facts.items():
            setattr(item, keyword, value)
        setattr(group, name, Sequence([item]))
        return group

    shared = of("PixelMeasuresSequence", PixelSpacing=["4", "2"])
    shared.update(of("FrameVOILUTSequence", WindowCenter="1", WindowWidth="2"))
    frames = [
        of("PixelValueTransformationSequence", RescaleSlope=f"{slope}", RescaleIntercept="5")
        for slope in (1, 2, 3)
    ]
    frames[1].update(of("FrameVOILUTSequence", WindowCenter="40", WindowWidth="21"))
    values = np.arange(36, dtype=np.uint16).reshape(3, 3, 4)
    found = read(
        dicom(
            values,
            SharedFunctionalGroupsSequence=Sequence([shared]),
            PerFrameFunctionalGroupsSequence=Sequence(frames),
        )
    )
    assert found.remarks == ("Frame 2 of 3",)
    assert (found.values == values[1] * 2 + 5).all()
    assert (found.low, found.high, found.aspect) == (29.5, 49.5, 2.0)

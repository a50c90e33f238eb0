"""Thousands of damaged files, of fixed seeds: each gives a result or one sentence, in bounded time.

`make torture` runs them; each kind takes up to a few minutes.
"""

from __future__ import annotations

import io
import random
import shutil
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from pydicom import dcmwrite
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import UID, ExplicitVRLittleEndian, RLELossless, generate_uid
from PySide6.QtCore import QBuffer, QIODevice
from PySide6.QtGui import QImage, qRgb

import main
from gui.plots.images.decoder import Decoder
from model.ctcae.wording_workbook import read_workbook
from model.errors import KnownError
from model.store import holder
from tests.model.ctcae.test_wording_workbook import save_workbook
from tests.model.ctcae.workbooks import made_up

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("qapp")]

DEMO = Path(__file__).parents[1] / "files" / "demo_v1"
MAX_SECONDS = 40
"""For one file; any of them takes less than a second on a computer that is not busy."""
TOKENS = (
    *(
        b"1" * 100_000,
        b"-" * 50,
        b"=1+1",
        b"\x00",
        b"\xff\xfe",
        b'"',
        b'""',
        b"\r",
        b"\n",
        b",",
        b";",
    ),
    *(b"../../etc/passwd", b"nan", b"1e999", b"-1e-999", b"9999-99-99", "٣".encode(), b"\xf0\x9f"),
    *(
        b"a" * 300 + b".png",
        b"CON",
        b"/dev/zero",
        b"\xef\xbb\xbf",
        b"0x10",
        b"1_000",
        b"{name}",
        b"%s",
    ),
)


def mutated(content: bytes, chance: random.Random) -> bytes:
    """A file that was cut off, overwritten, shortened or doubled at one to six places."""
    changed = bytearray(content)
    for _round in range(chance.randrange(1, 7)):
        at = chance.randrange(len(changed) + 1)
        end = min(len(changed), at + chance.choice((1, 1, 2, 4, 16, 200)))
        match chance.randrange(7):
            case 0:
                changed = changed[:at]
            case 1:
                changed[at:end] = chance.randbytes(end - at)
            case 2:
                del changed[at:end]
            case 3:
                changed[at:at] = changed[at:end] * chance.randrange(1, 20)
            case 4:
                changed[at:end] = chance.choice(TOKENS)
            case 5:
                changed[at:end] = bytes([chance.choice((0, 1, 0x7F, 0x80, 0xFF))]) * (end - at)
            case _:
                if at < len(changed):
                    changed[at] ^= 1 << chance.randrange(8)
    return bytes(changed)


def in_time(work: Callable[[], object]) -> bool:
    """Whether `work` succeeds rather than raises a KnownError; any other error fails the test."""
    begun = time.monotonic()
    try:
        work()
        sentence = ""
    except KnownError as error:
        sentence = str(error)
    assert time.monotonic() - begun < MAX_SECONDS
    assert len(sentence) < 1_000
    return not sentence


def picture(form: str) -> bytes:
    image = QImage(120, 90, QImage.Format.Format_RGB32)
    for x in range(120):
        for y in range(90):
            image.setPixel(x, y, qRgb(x * 2, y * 2, x * y % 256))
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    assert image.save(buffer, form)  # type: ignore[call-overload]
    return bytes(buffer.data().data())


def dicom(syntax: UID) -> bytes:
    image = Dataset()
    image.file_meta = FileMetaDataset()
    image.file_meta.TransferSyntaxUID = ExplicitVRLittleEndian
    image.file_meta.MediaStorageSOPClassUID = UID("1.2.840.10008.5.1.4.1.1.7")
    image.file_meta.MediaStorageSOPInstanceUID = generate_uid()
    image.SOPClassUID = image.file_meta.MediaStorageSOPClassUID
    image.SOPInstanceUID = image.file_meta.MediaStorageSOPInstanceUID
    image.StudyDate, image.WindowCenter, image.WindowWidth = "20240301", "400", "800"
    image.Rows = image.Columns = 64
    image.SamplesPerPixel, image.PhotometricInterpretation = 1, "MONOCHROME2"
    image.BitsAllocated = image.BitsStored = 16
    image.HighBit, image.PixelRepresentation = 15, 0
    image.PixelData = np.arange(64 * 64, dtype=np.uint16).tobytes()
    if syntax == RLELossless:
        image.compress(RLELossless)
    file = io.BytesIO()
    dcmwrite(file, image, enforce_file_format=True)
    return file.getvalue()


@pytest.mark.parametrize("form", ["PNG", "JPG", "TIFF", "DICOM", "DICOM RLE"])
def test_mutated_pictures(form: str) -> None:
    whole = (
        dicom(RLELossless if "RLE" in form else ExplicitVRLittleEndian)
        if form.startswith("DICOM")
        else picture(form)
    )
    chance, decoder = random.Random(form), Decoder()
    try:
        assert in_time(lambda: decoder.decode(whole))
        for _number in range(800):
            content = mutated(whole, chance)
            in_time(lambda content=content: decoder.decode(content))  # type: ignore[misc]
        assert in_time(lambda: decoder.decode(whole))
    finally:
        decoder.stop()


def test_mutated_workbooks(tmp_path: Path) -> None:
    whole = save_workbook(tmp_path / "whole.xlsx", "6.0", made_up("6.0")).read_bytes()
    chance, path = random.Random("workbook"), tmp_path / "mutated.xlsx"
    for number in range(1_000):
        path.write_bytes(mutated_part(whole, chance) if number % 2 else mutated(whole, chance))
        in_time(lambda: read_workbook(path))


def mutated_part(workbook: bytes, chance: random.Random) -> bytes:
    """The workbook with one of its parts mutated, and packed again."""
    packed = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook)) as before, zipfile.ZipFile(packed, "w") as after:
        chosen = chance.choice(before.namelist())
        for name in before.namelist():
            part = before.read(name)
            after.writestr(name, mutated(part, chance) if name == chosen else part)
    return packed.getvalue()


def test_mutated_tidy_folders(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    chance, folder, new = random.Random("folder"), tmp_path / "folder", tmp_path / "new.theralog"
    shutil.copytree(DEMO, folder)
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    for _number in range(400):
        path = chance.choice(files)
        whole = path.read_bytes()
        path.write_bytes(mutated(whole, chance))
        run_command(capsys, "new", new, "--from", folder)
        path.write_bytes(whole)
        for made in tmp_path.glob("*new.theralog*"):
            made.unlink()
    run_command(capsys, "new", new, "--from", folder)
    assert new.exists()


def test_mutated_results_are_graded_or_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    whole = b"patient,date,analyte,value,unit,lln,uln\n" + b"".join(
        b"A%d,2024-01-%02d,%s,%s,%s,1,10\n" % (day, day, *line)
        for day in range(1, 20)
        for line in ((b"plt", b"60", b"10*9/l"), (b"hb", b"7,5", b"g/dL"), (b"alb", b"30", b"g/l"))
    )
    chance, path = random.Random("grade"), tmp_path / "labs.csv"
    for _number in range(800):
        path.write_bytes(mutated(whole, chance))
        run_command(capsys, "grade", path, "--ctcae", "5.0")


def test_mutated_files_of_limits(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    whole = b"laboratory,analyte,sex,unit,lln,uln,valid_from\nA,plt,,10*9/L,150,400,2020-01-01\n"
    casebook = tmp_path / "limits.theralog"
    run_command(capsys, "new", casebook)
    chance, path = random.Random("limits"), tmp_path / "limits.csv"
    for _number in range(150):
        path.write_bytes(mutated(whole * chance.randrange(1, 3), chance))
        run_command(capsys, "limits", path, casebook)


def test_mutated_casebooks_are_left_byte_for_byte(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source, path = tmp_path / "whole.theralog", tmp_path / "mutated.theralog"
    run_command(capsys, "new", source, "--from", DEMO)
    whole, chance = source.read_bytes(), random.Random("casebook")
    for _number in range(100):
        content = mutated(whole, chance)
        path.write_bytes(content)
        run_command(capsys, "check", path)
        assert path.read_bytes() == content


def test_mutated_notes_of_a_holder(tmp_path: Path) -> None:
    path = tmp_path / "some.theralog"
    whole = b'{"user": "a", "host": "b", "pid": 3, "since": "2024-01-01T00:00:00Z", "seq": 4}'
    chance = random.Random("holder")
    for _number in range(1_000):
        holder.info_path(path).write_bytes(mutated(whole, chance))
        in_time(lambda: holder.read(path))


def run_command(capsys: pytest.CaptureFixture[str], *arguments: object) -> None:
    """Run a command; its end must be tidy, its sentences short, and it must not take long."""
    begun = time.monotonic()
    code = main.main([*map(str, arguments)])
    stderr = capsys.readouterr().err
    assert code in (0, 1, 2)
    assert "Internal error" not in stderr, stderr[:2_000]
    assert all(len(line) < 2_000 for line in stderr.splitlines()), stderr[:3_000]
    assert time.monotonic() - begun < MAX_SECONDS

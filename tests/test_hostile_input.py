"""Files that are made to hurt take neither minutes nor gigabytes, and get one sentence."""

import io
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import numpy as np
import pytest
from pydicom import dcmwrite
from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.uid import UID, DeflatedExplicitVRLittleEndian, generate_uid

from model.errors import KnownError
from model.imaging.dicom import read_dicom
from model.store import holder

ROOT = Path(__file__).parents[1]
DEMO = ROOT / "tests" / "files" / "demo_v1"
MEMORY = 1_500_000_000
SECONDS = 60
"""Many times what is needed, so that a busy computer fails no test; a bomb takes far more."""

_LIMITED = f"""
import resource, sys
import main
resource.setrlimit(resource.RLIMIT_AS, ({MEMORY}, {MEMORY}))
sys.exit(main.main(sys.argv[1:]))
"""

pytestmark = pytest.mark.skipif(os.name != "posix", reason="limits as on POSIX")


def _run(*arguments: object) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-c", _LIMITED, *map(str, arguments)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=SECONDS,
    )


def _refused(done: "subprocess.CompletedProcess[str]") -> str:
    assert done.returncode in (1, 2), done
    assert "Internal error" not in done.stderr
    assert "Traceback" not in done.stderr
    return done.stderr


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return Path(shutil.copytree(DEMO, tmp_path / "folder"))


def _set_cell(path: Path, column: str, text: str) -> None:
    lines = path.read_text("utf-8").split("\n")
    cells = lines[1].split(",")
    cells[lines[0].split(",").index(column)] = text
    path.write_text("\n".join([lines[0], ",".join(cells), *lines[2:]]), "utf-8")


def test_a_value_of_a_million_digits(folder: Path, tmp_path: Path) -> None:
    _set_cell(folder / "labs.csv", "value", "1" * 1_000_000)
    stderr = _refused(_run("new", tmp_path / "new.theralog", "--from", folder))
    assert "labs.csv, line 2, column value" in stderr
    assert len(stderr) < 1_000


def test_a_sentence_does_not_quote_all_of_a_long_cell(folder: Path, tmp_path: Path) -> None:
    _set_cell(folder / "labs.csv", "patient_id", "1" * 100_000)
    stderr = _refused(_run("new", tmp_path / "new.theralog", "--from", folder))
    assert "labs.csv, line 2" in stderr
    assert max(map(len, stderr.splitlines())) < 1_200


def test_a_pipe_as_the_note_of_a_holder_is_not_waited_for(tmp_path: Path) -> None:
    path = tmp_path / "some.theralog"
    os.mkfifo(holder.info_path(path))
    assert holder.read(path) is None


def test_a_comment_of_ninety_megabytes(folder: Path, tmp_path: Path) -> None:
    _set_cell(folder / "responses.csv", "comment", "x" * 90_000_000)
    assert "too long" in _refused(_run("new", tmp_path / "new.theralog", "--from", folder))


def test_a_header_of_two_hundred_thousand_columns(tmp_path: Path) -> None:
    names = ["analyte", "value", "unit", "lln", "uln", *(f"c{n}" for n in range(200_000))]
    (tmp_path / "labs.csv").write_text(",".join(names) + "\n" + "," * (len(names) - 1) + "\n")
    done = _run("grade", tmp_path / "labs.csv", "--ctcae", "5.0")
    assert "more than 2000 columns" in _refused(done)


@pytest.mark.parametrize("table", ["patients.csv", "labs.csv"])
@pytest.mark.parametrize("kind", ["pipe", "link", "device"])
def test_a_pipe_a_link_and_a_device_in_a_folder(
    folder: Path, tmp_path: Path, table: str, kind: str
) -> None:
    content = (folder / table).rename(tmp_path / "elsewhere.csv")
    match kind:
        case "pipe":
            os.mkfifo(folder / table)
        case "link":
            (folder / table).symlink_to(content)
        case "device":
            (folder / table).symlink_to("/dev/zero")
    assert table in _refused(_run("new", tmp_path / "new.theralog", "--from", folder))


@pytest.mark.parametrize(
    "command",
    [
        ("check", "{pipe}"),
        ("export", "{pipe}", "--to", "{folder}"),
        ("grade", "{pipe}", "--ctcae", "5.0"),
        ("ctcae-wording", "{pipe}"),
        ("salvage", "{pipe}", "--to", "{new}"),
    ],
)
def test_a_pipe_is_not_waited_for(tmp_path: Path, command: tuple[str, ...]) -> None:
    os.mkfifo(tmp_path / "pipe")
    values = {"pipe": tmp_path / "pipe", "folder": tmp_path / "out", "new": tmp_path / "new"}
    _refused(_run(*(part.format(**values) for part in command)))


@pytest.mark.parametrize("columns", ["c{}", "analyte"])
def test_limits_with_a_header_of_two_hundred_thousand_columns(
    folder: Path, tmp_path: Path, columns: str
) -> None:
    casebook, limits = tmp_path / "new.theralog", tmp_path / "limits.csv"
    _run("new", casebook, "--from", folder)
    names = ["laboratory", "analyte", *(columns.format(n) for n in range(200_000))]
    limits.write_text(",".join(names) + "\n")
    stderr = _refused(_run("limits", limits, casebook))
    assert "column" in stderr
    assert len(stderr) < 1_000


@pytest.mark.parametrize("table", ["labs.csv", "patients.csv"])
def test_a_table_with_a_header_of_two_hundred_thousand_columns(
    folder: Path, tmp_path: Path, table: str
) -> None:
    lines = (folder / table).read_text("utf-8").split("\n")
    lines[0] += "".join(f",c{n}" for n in range(200_000))
    (folder / table).write_text("\n".join(lines), "utf-8")
    stderr = _refused(_run("new", tmp_path / "new.theralog", "--from", folder))
    assert table in stderr
    assert len(stderr) < 20_000


def test_a_laboratory_of_limits_with_a_name_of_two_megabytes(folder: Path, tmp_path: Path) -> None:
    casebook, limits = tmp_path / "new.theralog", tmp_path / "limits.csv"
    _run("new", casebook, "--from", folder)
    limits.write_text("laboratory,analyte,unit,lln,uln\n" + "a" * 2_000_000 + ",plt,10*9/L,1,2\n")
    assert "limits.csv" in _refused(_run("limits", limits, casebook))


def test_a_picture_name_of_three_hundred_signs(folder: Path, tmp_path: Path) -> None:
    _set_cell(folder / "key_images.csv", "file", "a" * 300 + ".png")
    assert "key_images.csv" in _refused(_run("new", tmp_path / "new.theralog", "--from", folder))


def _workbook(path: Path, sheet: str) -> Path:
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    package = "http://schemas.openxmlformats.org/package/2006"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{package}/content-types">'
        '<Default Extension="xml" ContentType="application/xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{package}/relationships"><Relationship Id="r1"'
        f' Type="{office}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{main}"><sheets/></workbook>',
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{main}"><sheetData>{sheet}</sheetData>'
        "</worksheet>",
    }
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(name, text)
    return path


@pytest.mark.parametrize(
    "sheet", ["<row>" + "<c><v>1</v></c>" * 3_000_000 + "</row>", "<row><c/></row>" * 2_000_000]
)
def test_a_workbook_that_unpacks_to_millions_of_cells(tmp_path: Path, sheet: str) -> None:
    path = _workbook(tmp_path / "bomb.xlsx", sheet)
    assert path.stat().st_size < 1_000_000
    assert "far larger" in _refused(_run("ctcae-wording", path))


@pytest.mark.parametrize("change", ["version", "name"])
def test_a_workbook_that_the_zip_reader_does_not_know(tmp_path: Path, change: str) -> None:
    path = _workbook(tmp_path / "odd.xlsx", "")
    content = bytearray(path.read_bytes())
    entry = content.index(b"PK\x01\x02")
    if change == "version":
        content[entry + 6 : entry + 8] = (84).to_bytes(2, "little")
    else:
        content[entry + 8 : entry + 10] = (0x800).to_bytes(2, "little")
        content[entry + 46] = 0xFF
    path.write_bytes(content)
    _refused(_run("ctcae-wording", path))


def _deflated_dicom(rows: int, frames: int) -> bytes:
    image = Dataset()
    image.file_meta = FileMetaDataset()
    image.file_meta.TransferSyntaxUID = DeflatedExplicitVRLittleEndian
    image.file_meta.MediaStorageSOPClassUID = UID("1.2.840.10008.5.1.4.1.1.7")
    image.file_meta.MediaStorageSOPInstanceUID = generate_uid()
    image.SOPClassUID = image.file_meta.MediaStorageSOPClassUID
    image.SOPInstanceUID = image.file_meta.MediaStorageSOPInstanceUID
    image.Rows = image.Columns = rows
    image.SamplesPerPixel, image.PhotometricInterpretation = 1, "MONOCHROME2"
    image.BitsAllocated = image.BitsStored = 16
    image.HighBit, image.PixelRepresentation = 15, 0
    image.NumberOfFrames = frames
    image.PixelData = bytes(rows * rows * 2 * frames)
    file = io.BytesIO()
    dcmwrite(file, image, enforce_file_format=True)
    return file.getvalue()


def test_a_deflated_dicom_file_that_unpacks_to_half_a_gigabyte() -> None:
    picture = read_dicom(_deflated_dicom(100, 1), lambda _content: np.zeros((1, 1)))
    assert picture.values.shape == (100, 100)
    with pytest.raises(KnownError, match="too many pixels"):
        read_dicom(_deflated_dicom(1_000, 250), lambda _content: np.zeros((1, 1)))

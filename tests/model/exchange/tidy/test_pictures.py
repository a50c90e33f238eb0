"""The pictures of a tidy folder: faults in their place, nothing from elsewhere, nothing mixed."""

import csv
import hashlib
from datetime import date
from pathlib import Path

import pytest

from model.errors import BadFolder, KnownError
from model.exchange.export import export
from model.exchange.new_casebook import new_casebook
from model.exchange.tidy import reading as tidy_reading
from model.exchange.tidy.pictures import Pictures
from model.records import assessments, images, patients
from model.records.assessments import Assessment
from model.records.images import KeyImage, NewImage
from model.records.patients import Patient
from model.store.casebook import Casebook
from tests.model.exchange.conftest import DEMO


@pytest.fixture
def name() -> str:
    """The file of the demo's first picture."""
    with (DEMO / "key_images.csv").open(encoding="utf-8") as file:
        return next(csv.DictReader(file))["file"]


@pytest.fixture
def casebook(folder, tmp_path):
    new_casebook(tmp_path / "demo.theralog", folder=folder)
    with Casebook.open(tmp_path / "demo.theralog") as casebook:
        yield casebook


def faults(folder: Path) -> list[str]:
    with pytest.raises(BadFolder) as caught:
        tidy_reading.read(folder)
    return caught.value.faults


def test_the_demo_brings_its_pictures_with_their_assessments(casebook, name):
    rows = casebook.rows(
        """
        select key_image.taken_on, assessment.response, length(image_data.bytes) as size
          from key_image
          join assessment on assessment.id = key_image.assessment_id
          join image_data on image_data.id = key_image.image_data_id
         order by key_image.taken_on
        """
    )
    assert [(row["taken_on"], row["response"]) for row in rows] == [
        ("2023-07-18", None),
        ("2023-09-18", "PR"),
        ("2023-11-13", "PR"),
    ]
    assert all(row["size"] < 150_000 for row in rows)
    journal = casebook.rows("select sum(length(after)) as n from journal")[0]["n"]
    assert journal < 20_000


def test_pictures_are_exported_as_they_came(casebook, tmp_path, name):
    written = export(casebook, tmp_path / "out")
    assert f"images/{name}" in written
    assert (tmp_path / "out/images" / name).read_bytes() == (DEMO / "images" / name).read_bytes()
    again = export(casebook, tmp_path / "out")
    assert again == written


def test_pictures_of_somebody_else_in_the_folder_are_left_alone(casebook, tmp_path):
    export(casebook, tmp_path / "out")
    (tmp_path / "out/images/holiday.jpg").write_bytes(b"mine")
    with pytest.raises(KnownError, match="not of an earlier export"):
        export(casebook, tmp_path / "out")
    assert (tmp_path / "out/images/holiday.jpg").read_bytes() == b"mine"


def test_a_file_that_is_not_there_is_a_fault_of_its_line(folder, name):
    (folder / "images" / name).unlink()
    assert faults(folder) == [
        f"key_images.csv, line 2, column file: There is no file “{name}” in the folder images."
    ]


@pytest.mark.parametrize(
    "path", ["../patients.csv", "/etc/passwd", ".hidden.png", "a\\b.png", ".."]
)
def test_no_file_is_read_from_elsewhere(folder, edit, name, path):
    edit("key_images.csv", name, path)
    assert "is not the name of a file in the folder images" in faults(folder)[0]


def test_a_link_out_of_the_folder_is_not_followed(folder, name, tmp_path):
    (tmp_path / "secret.png").write_bytes(images_png())
    (folder / "images" / name).unlink()
    (folder / "images" / name).symlink_to(tmp_path / "secret.png")
    assert "There is no file" in faults(folder)[0]


def images_png() -> bytes:
    return next((DEMO / "images").iterdir()).read_bytes()


@pytest.mark.parametrize(
    ("content", "said"),
    [(b"GIF89a", "not a PNG, JPEG"), (b"\x89PNG\r\n\x1a\n" * 3_000_000, "20 MB")],
)
def test_a_file_that_cannot_be_kept_is_a_fault(folder, name, content, said):
    (folder / "images" / name).write_bytes(content)
    assert said in faults(folder)[0]


def test_an_assessment_that_is_not_there_is_a_fault(folder, edit):
    edit("key_images.csv", "(synthetic),2023-09-18", "(synthetic),2023-09-19")
    assert faults(folder) == [
        "key_images.csv, line 3, column assessment_date: There is no assessment of this patient and"
        " day in responses.csv."
    ]


def test_of_several_assessments_of_a_day_it_has_to_be_said_which(folder, edit):
    edit(
        "responses.csv",
        "SYN-001,2023-09-18",
        "SYN-001,2023-09-18,clinical,CT,SD,1,\nSYN-001,2023-09-18",
    )
    assert "There are 2 assessments" in faults(folder)[0]


def test_a_picture_that_changes_while_it_is_read_makes_no_casebook(
    folder, name, tmp_path, monkeypatch
):
    whole = Pictures.content

    def content(self: Pictures, data_id: int) -> bytes:
        (folder / "images" / name).write_bytes(images.content.__doc__.encode())
        return whole(self, data_id)

    monkeypatch.setattr(Pictures, "content", content)
    with pytest.raises(KnownError, match="changed while it was read"):
        new_casebook(tmp_path / "new.theralog", folder=folder)
    assert not (tmp_path / "new.theralog").exists()


def test_the_name_of_a_file_says_nothing_that_a_path_could_be_made_of(casebook, tmp_path):
    with casebook.step("Rename") as step:
        patient = step.rows("select id from patient where code = 'SYN-001'")[0]
        step.put("patient", {"id": patient["id"], "code": "../a b/ü:1"})
    export(casebook, tmp_path / "out")
    found = sorted(path.name for path in (tmp_path / "out/images").iterdir())
    assert len(found) == 3
    assert all(each.startswith("-a-b-1_2023-") for each in found)
    new_casebook(tmp_path / "again.theralog", folder=tmp_path / "out")
    with Casebook.open(tmp_path / "again.theralog") as again:
        kept = {row["sha256"] for row in again.rows("select sha256 from image_data")}
    assert kept == {
        hashlib.sha256(path.read_bytes()).hexdigest() for path in (DEMO / "images").iterdir()
    }


def test_a_picture_comes_back_to_the_right_one_of_two_assessments_of_a_day(tmp_path):
    day = date(2024, 3, 7)
    png = next((DEMO / "images").iterdir()).read_bytes()
    with Casebook.create(tmp_path / "first.theralog") as casebook:
        with casebook.step("Add") as step:
            patient = patients.save(step, Patient(code="P-1"))
            for modality in ("CT", "MRI"):
                scan = Assessment(patient_id=patient.id, assessed_on=day, modality=modality)
                scan = assessments.save(step, scan)
            new = NewImage(content=png, media_type=images.PNG, thumbnail=png)
            images.add(step, patient.id, new, taken_on=day, assessment_id=scan.id)
        export(casebook, tmp_path / "out")
    found = tidy_reading.read(tmp_path / "out").contents
    image = found.of(KeyImage)[0]
    tied = next(each for each in found.of(Assessment) if each.id == image.assessment_id)
    assert tied.modality == "MRI"
    assert found.image_hashes[image.image_data_id] == hashlib.sha256(png).hexdigest()
    assert image.thumbnail_data_id == image.image_data_id

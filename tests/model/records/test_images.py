"""Key images: kept once, outside the journal, and never lost by undo."""

from dataclasses import replace
from datetime import date

import pytest

from model.errors import InvalidRecord, KnownError
from model.records import assessments, checks, images, kinds, patients, whole_patient
from model.records.assessments import Assessment
from model.records.followups import FollowUp
from model.records.images import KeyImage, NewImage
from model.records.patients import Patient
from model.records.whole_patient import problem_of_death
from model.store import rows as records

PNG = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40
SMALL = b"\x89PNG\r\n\x1a\n small"
NEW = NewImage(content=PNG, media_type=images.PNG, thumbnail=SMALL)
DAY = date(2024, 3, 7)


@pytest.fixture
def image(casebook, patient):
    with casebook.step("Add key image") as step:
        return images.add(step, patient.id, NEW, taken_on=DAY, caption="Liver")


def stored(casebook):
    return casebook.rows("select count(*) as n from image_data")[0]["n"]


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (PNG, images.PNG),
        (b"\xff\xd8\xff\xe0 rest", images.JPEG),
        (b"II*\x00 rest", images.TIFF),
        (b"MM\x00* rest", images.TIFF),
        (bytes(128) + b"DICM rest", images.DICOM),
        (b"II*\x00" + bytes(124) + b"DICM rest", images.DICOM),
    ],
)
def test_the_media_type_is_determined_by_the_first_bytes(content, kind):
    assert images.media_type_of(content) == kind


def test_an_empty_picture_is_refused():
    with pytest.raises(KnownError, match="0 bytes"):
        images.media_type_of(b"")


@pytest.mark.parametrize("content", [b"GIF89a", b"%PDF-1.7", b"PK\x03\x04", b"\x89PN"])
def test_other_files_are_refused_in_a_sentence(content):
    with pytest.raises(KnownError, match="not a PNG, JPEG, TIFF or DICOM"):
        images.media_type_of(content)


def test_20_mb_is_accepted_and_a_byte_more_refused(casebook, patient):
    whole = PNG.ljust(images.MOST_BYTES, b"\0")
    with casebook.step("Add") as step:
        kept = images.store(step, whole)
    assert len(images.content(casebook, kept)) == images.MOST_BYTES
    with casebook.step("Add") as step, pytest.raises(KnownError, match="larger than 20 MB"):
        images.store(step, whole + b"\0")


def test_the_same_bytes_are_stored_once(casebook, patient, image):
    with casebook.step("Add key image") as step:
        again = images.add(step, patient.id, NEW, taken_on=date(2024, 9, 1))
    assert again.image_data_id == image.image_data_id
    assert stored(casebook) == 2
    assert images.content(casebook, again.image_data_id) == PNG


def test_the_journal_refers_to_the_bytes_without_containing_them(casebook, image):
    entries = casebook.rows("select * from journal where action = 'Add key image'")
    assert [entry["table_name"] for entry in entries] == ["key_image"]
    assert len(entries[0]["after"]) < 500
    assert str(image.image_data_id) in entries[0]["after"]


def test_undo_and_redo_of_adding(casebook, patient, image):
    change = casebook.undo()
    assert change.patients == {patient.id}
    assert kinds.of_patient(casebook, KeyImage, patient.id) == []
    assert stored(casebook) == 2
    casebook.redo()
    assert kinds.of_patient(casebook, KeyImage, patient.id) == [image]
    assert images.content(casebook, image.image_data_id) == PNG


def test_undo_of_deleting(casebook, patient, image):
    with casebook.step("Delete key image") as step:
        records.remove(step, image)
    assert kinds.of_patient(casebook, KeyImage, patient.id) == []
    casebook.undo()
    assert kinds.of_patient(casebook, KeyImage, patient.id) == [image]


def test_a_step_that_fails_leaves_no_bytes(casebook, patient):
    wrong = replace(NEW, thumbnail=b"no picture")
    with pytest.raises(KnownError), casebook.step("Add key image") as step:
        images.add(step, patient.id, wrong, taken_on=DAY)
    assert stored(casebook) == 0


def test_the_same_picture_twice_is_refused(casebook, patient, image):
    with pytest.raises(InvalidRecord, match="already"), casebook.step("Add") as step:
        images.add(step, patient.id, NEW, taken_on=DAY, caption="Liver")


def test_a_picture_after_death_is_refused_and_so_is_a_death_before_a_picture(
    casebook, patient, image
):
    assert "key image" in problem_of_death(casebook, patient.id, date(2024, 1, 1))
    with casebook.step("Death") as step:
        seen = FollowUp(patient_id=patient.id, seen_on=date(2024, 6, 1), status="dead")
        whole_patient.save_follow_up(step, seen)
    with pytest.raises(InvalidRecord, match="died"), casebook.step("Add") as step:
        images.add(step, patient.id, NEW, taken_on=date(2024, 7, 1))


def test_a_picture_is_linked_to_assessments_of_its_patient_only(casebook, patient):
    with casebook.step("Add") as step:
        other = patients.save(step, Patient(code="P-2"))
        theirs = assessments.save(step, Assessment(patient_id=other.id, assessed_on=DAY))
    with pytest.raises(InvalidRecord) as caught, casebook.step("Add") as step:
        images.add(step, patient.id, NEW, taken_on=DAY, assessment_id=theirs.id)
    assert set(caught.value.problems) == {"assessment_id"}


def test_a_deleted_assessment_leaves_its_pictures_and_undo_links_them_again(casebook, patient):
    with casebook.step("Add") as step:
        seen = assessments.save(step, Assessment(patient_id=patient.id, assessed_on=DAY))
        image = images.add(step, patient.id, NEW, taken_on=DAY, assessment_id=seen.id)
    with casebook.step("Delete assessment") as step:
        assessments.remove(step, seen)
    assert [each.assessment_id for each in kinds.of_patient(casebook, KeyImage, patient.id)] == [
        None
    ]
    assert checks.check(casebook) == []
    casebook.undo()
    assert kinds.of_patient(casebook, KeyImage, patient.id) == [image]


def test_bytes_that_were_changed_from_outside_are_found(casebook, patient, image):
    assert checks.check(casebook) == []
    with casebook.step("x") as step:
        step._db.execute("update image_data set bytes = x'00' where id = ?", [image.image_data_id])
    with pytest.raises(KnownError, match="is damaged"):
        images.content(casebook, image.image_data_id)
    assert ["Its file is damaged" in each for each in checks.check(casebook)] == [True]

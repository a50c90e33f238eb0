"""Key images: a picture's bytes as they came, kept once, and what is said of them.

The bytes are known by their SHA-256 and stand outside the journal: an entry names the row that
holds them. Taking back the adding of a picture leaves them there, so that it can be done again.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from model.errors import InvalidRecord, KnownError
from model.records.life import Life, life_of, non_empty
from model.store import rows as records
from model.store.reader import Reader
from model.store.step import Step

MOST_BYTES = 20 * 1024 * 1024
THUMBNAIL_SIDE = 256
PNG, JPEG, TIFF, DICOM = "image/png", "image/jpeg", "image/tiff", "application/dicom"
SUFFIXES = {PNG: ".png", JPEG: ".jpg", TIFF: ".tif", DICOM: ".dcm"}

HEADER_WARNING = (
    "The header of a DICOM file may hold the patient's name and number. The file is kept as it is,"
    " in the casebook; of its header only the date and how to draw the picture are used."
)
EXPORT_WARNING = (
    "Key images are written as the files they came as: DICOM headers and other metadata may hold"
    " names, and burned-in text cannot be judged. Look at each picture before it leaves your hands."
)
"""What whoever writes pictures to a file must have read, above all beside pseudonyms."""

TOO_LARGE = "It is larger than 20 MB, and a key image has at most 20 MB. Nothing was added."

_PREAMBLE = 128  # bytes before the mark of a DICOM file (PS3.10, section 7.1)


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyImage:
    """One picture of a patient, of a day, and of an assessment where it was tied to one."""

    TABLE: ClassVar[str] = "key_image"

    id: int | None = None
    patient_id: int
    assessment_id: int | None = None
    taken_on: date | None = None
    media_type: str
    caption: str | None = None
    image_data_id: int
    thumbnail_data_id: int | None = None

    def problems(self, life: Life) -> dict[str, str]:
        """Why this picture may not be saved, by field; empty when it may."""
        return non_empty(
            taken_on=life.problem_of(self.taken_on),
            media_type=None
            if self.media_type in SUFFIXES
            else f"“{self.media_type}” is no kind of picture that can be kept.",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class NewImage:
    """A picture that is not in the casebook yet: its bytes, their kind, and a thumbnail as PNG."""

    content: bytes
    media_type: str
    thumbnail: bytes


def media_type_of(content: bytes) -> str:
    """What kind of picture some bytes are, by how they begin, whatever the file is called.

    Raises KnownError for those that are too many or of no kind that can be kept.
    """
    if len(content) > MOST_BYTES:
        raise KnownError(TOO_LARGE)
    if not content:
        raise KnownError("It is empty (0 bytes). Nothing was added.")
    # First of all: the preamble of a DICOM file may make it a TIFF as well.
    if content[_PREAMBLE : _PREAMBLE + 4] == b"DICM":
        return DICOM
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    if content.startswith(b"\xff\xd8\xff"):
        return JPEG
    if content.startswith((b"II*\x00", b"MM\x00*")):
        return TIFF
    raise KnownError("It is no PNG, JPEG, TIFF or DICOM file. Nothing was added.")


def store(step: Step, content: bytes) -> int:
    """Keep a file's bytes, once, and give the id of their row; raises what `media_type_of` does."""
    media_type_of(content)
    return step.put_content(content, hashlib.sha256(content).hexdigest())


def add(
    step: Step,
    patient_id: int,
    new: NewImage,
    *,
    taken_on: date | None = None,
    assessment_id: int | None = None,
    caption: str | None = None,
) -> KeyImage:
    """Add a picture to a patient; raises InvalidRecord when a rule is broken."""
    image = KeyImage(
        patient_id=patient_id,
        assessment_id=assessment_id,
        taken_on=taken_on,
        media_type=new.media_type,
        caption=caption,
        image_data_id=store(step, new.content),
        thumbnail_data_id=store(step, new.thumbnail),
    )
    return save(step, image)


def save(step: Step, image: KeyImage) -> KeyImage:
    """Save what is said of a picture; raises InvalidRecord when a rule is broken."""
    if problems := image.problems(life_of(step, image.patient_id)):
        raise InvalidRecord(problems)
    if image.assessment_id is not None and not step.rows(
        """
        select id from assessment
         where id = :id and patient_id = :patient_id and deleted_at is null
        """,
        id=image.assessment_id,
        patient_id=image.patient_id,
    ):
        raise InvalidRecord({"assessment_id": "There is no such assessment of this patient."})
    records.refuse_copy(step, image)
    return records.put(step, image)


def of_patient(reader: Reader, patient_id: int) -> list[KeyImage]:
    """A patient's pictures, oldest first, those without a date last."""
    rows = reader.rows(
        """
        select * from key_image
         where patient_id = :patient_id and deleted_at is null
         order by taken_on is null, taken_on, id
        """,
        patient_id=patient_id,
    )
    return [records.from_row(KeyImage, row) for row in rows]


def content(reader: Reader, data_id: int) -> bytes:
    """The bytes of a picture or a thumbnail.

    Raises KnownError when they are not those that were put there.
    """
    rows = reader.rows("select sha256, bytes from image_data where id = :id", id=data_id)
    if not rows or hashlib.sha256(rows[0]["bytes"]).hexdigest() != rows[0]["sha256"]:
        raise KnownError(
            "The picture is no longer as it was put into the casebook. Open a backup to get it"
            " back; everything else is as it was."
        )
    return bytes(rows[0]["bytes"])


def hashes(reader: Reader, data_ids: Sequence[int]) -> dict[int, str]:
    """The SHA-256 of each of these rows' bytes, by id."""
    wanted = set(data_ids)
    rows = reader.rows("select id, sha256 from image_data order by id")
    return {row["id"]: row["sha256"] for row in rows if row["id"] in wanted}


def spoiled(reader: Reader) -> list[int]:
    """The ids of the rows whose bytes are not those that their hash was made of."""
    found_bad = []
    for row in reader.rows("select id from image_data order by id"):
        try:
            content(reader, row["id"])
        except KnownError:
            found_bad.append(row["id"])
    return found_bad


def count(reader: Reader) -> int:
    """How many pictures a casebook holds."""
    rows = reader.rows("select count(*) as n from key_image where deleted_at is null")
    return int(rows[0]["n"])

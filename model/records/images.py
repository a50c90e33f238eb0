"""Key images: a picture's bytes as imported, stored once, and what is recorded of them.

The bytes are identified by their SHA-256 and are not journalled: an entry refers to the row that
holds them. Undoing the addition of a picture leaves them in place, so that it can be redone.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from model.errors import InvalidRecord, KnownError
from model.language import _
from model.records.life import Life, life_of
from model.records.rules import OfPatient, non_empty, not_listed
from model.store import rows as records
from model.store.reader import Reader
from model.store.step import Step

MOST_BYTES = 20 * 1024 * 1024
THUMBNAIL_SIDE = 256
PNG, JPEG, TIFF, DICOM = "image/png", "image/jpeg", "image/tiff", "application/dicom"
SUFFIXES = {PNG: ".png", JPEG: ".jpg", TIFF: ".tif", DICOM: ".dcm"}

HEADER_WARNING = _(
    "The header of a DICOM file may contain the patient's name and number. The file is stored"
    " unchanged in the casebook; of its header only the date and the display settings are used."
)
EXPORT_WARNING = _(
    "Key images are exported as the files they were imported as: DICOM headers and other metadata"
    " may contain names, and burned-in text cannot be detected. Check each picture before you share"
    " it."
)
"""To be shown to anyone who exports pictures, above all with pseudonyms."""

TOO_LARGE = _("It is larger than 20 MB, the limit for a key image. Nothing was added.")

_PREAMBLE = 128  # bytes before the mark of a DICOM file (PS3.10, section 7.1)


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyImage(OfPatient):
    """One picture of a patient, with its day and the assessment it belongs to, if any."""

    TABLE: ClassVar[str] = "key_image"

    assessment_id: int | None = None
    taken_on: date | None = None
    media_type: str
    caption: str | None = None
    image_data_id: int
    thumbnail_data_id: int | None = None

    def problems(self, life: Life) -> dict[str, str]:
        """Return why this picture may not be saved, by field; empty when it may."""
        return non_empty(
            taken_on=life.problem_of(self.taken_on),
            media_type=not_listed(
                self.media_type, SUFFIXES, _("Pictures of type “{value}” cannot be stored.")
            ),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class NewImage:
    """A picture not yet in the casebook: its bytes, media type, and a thumbnail as PNG."""

    content: bytes
    media_type: str
    thumbnail: bytes


def media_type_of(content: bytes) -> str:
    """Return the media type of a picture by its first bytes, whatever the file is called.

    Raises KnownError if it is too large or of a type that cannot be stored.
    """
    if len(content) > MOST_BYTES:
        raise KnownError(TOO_LARGE)
    if not content:
        raise KnownError(_("It is empty (0 bytes). Nothing was added."))
    # Checked first: the preamble of a DICOM file may make it a TIFF as well.
    if content[_PREAMBLE : _PREAMBLE + 4] == b"DICM":
        return DICOM
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    if content.startswith(b"\xff\xd8\xff"):
        return JPEG
    if content.startswith((b"II*\x00", b"MM\x00*")):
        return TIFF
    raise KnownError(_("It is not a PNG, JPEG, TIFF or DICOM file. Nothing was added."))


def store(step: Step, content: bytes) -> int:
    """Store a file's bytes once; returns the id of their row. Raises what `media_type_of` does."""
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
    """Save what is recorded of a picture; raises InvalidRecord when a rule is broken."""
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
        raise InvalidRecord({"assessment_id": _("This patient has no such assessment.")})
    records.refuse_copy(step, image)
    return records.put(step, image)


def content(reader: Reader, data_id: int) -> bytes:
    """Return the bytes of a picture or a thumbnail.

    Raises KnownError when they are not the bytes that were added.
    """
    rows = reader.rows("select sha256, bytes from image_data where id = :id", id=data_id)
    if not rows or hashlib.sha256(rows[0]["bytes"]).hexdigest() != rows[0]["sha256"]:
        raise KnownError(
            _(
                "The stored picture is damaged. Open a backup to get it back; everything else is"
                " unaffected."
            )
        )
    return bytes(rows[0]["bytes"])


def hashes(reader: Reader, data_ids: Sequence[int]) -> dict[int, str]:
    """Return the SHA-256 of the bytes of some rows, by id."""
    wanted = set(data_ids)
    rows = reader.rows("select id, sha256 from image_data order by id")
    return {row["id"]: row["sha256"] for row in rows if row["id"] in wanted}


def damaged(reader: Reader) -> list[int]:
    """Return the ids of the rows whose bytes do not match their hash."""
    damaged_ids = []
    for row in reader.rows("select id from image_data order by id"):
        try:
            content(reader, row["id"])
        except KnownError:
            damaged_ids.append(row["id"])
    return damaged_ids


def count(reader: Reader) -> int:
    """Return the number of pictures in a casebook."""
    rows = reader.rows("select count(*) as n from key_image where deleted_at is null")
    return int(rows[0]["n"])

"""Notes, and what patients said of their quality of life."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from model.errors import InvalidRecord
from model.records.life import Life, life_of, non_empty
from model.store import rows as records
from model.store.reader import Reader
from model.store.step import Step


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """Free text of a day."""

    TABLE: ClassVar[str] = "note"

    id: int | None = None
    patient_id: int
    written_on: date
    text: str

    def problems(self, life: Life) -> dict[str, str]:  # noqa: ARG002 - a note may follow death
        """Why this note may not be saved, by field; empty when it may."""
        return non_empty(text=None if self.text.strip() else "A note needs its text.")


@dataclass(frozen=True, slots=True, kw_only=True)
class QualityOfLife:
    """What a patient said, or scored on an instrument, on a day."""

    TABLE: ClassVar[str] = "quality_of_life"

    id: int | None = None
    patient_id: int
    stated_on: date
    statement: str | None = None
    instrument: str | None = None
    score: float | None = None

    def problems(self, life: Life) -> dict[str, str]:
        """Why this statement may not be saved, by field; empty when it may."""
        return non_empty(
            stated_on=life.problem_of(self.stated_on),
            statement=None
            if self.statement or self.score is not None
            else "Quality of life needs a statement or a score.",
        )


def save(step: Step, note: Note) -> Note:
    """Save a note; raises InvalidRecord when it is empty."""
    if problems := note.problems(life_of(step, note.patient_id)):
        raise InvalidRecord(problems)
    records.refuse_copy(step, note)
    return records.put(step, note)


def save_quality_of_life(step: Step, stated: QualityOfLife) -> QualityOfLife:
    """Save what a patient said; raises InvalidRecord when a rule is broken."""
    if problems := stated.problems(life_of(step, stated.patient_id)):
        raise InvalidRecord(problems)
    records.refuse_copy(step, stated)
    return records.put(step, stated)


def of_patient(reader: Reader, patient_id: int) -> list[Note]:
    """A patient's notes, newest first."""
    rows = reader.rows(
        """
        select * from note
         where patient_id = :patient_id and deleted_at is null
         order by written_on desc, id desc
        """,
        patient_id=patient_id,
    )
    return [records.from_row(Note, row) for row in rows]


def quality_of_life_of(reader: Reader, patient_id: int) -> list[QualityOfLife]:
    """What a patient said of their quality of life, oldest first."""
    rows = reader.rows(
        """
        select * from quality_of_life
         where patient_id = :patient_id and deleted_at is null
         order by stated_on, id
        """,
        patient_id=patient_id,
    )
    return [records.from_row(QualityOfLife, row) for row in rows]

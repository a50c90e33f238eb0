"""Notes, and what patients report of their quality of life."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from model.language import _
from model.records import rules
from model.records.life import Life
from model.records.rules import OfPatient, non_empty
from model.reference.vocabulary import Spellings, Vocabulary
from model.store import rows as records
from model.store.reader import Reader

INSTRUMENTS = Vocabulary(
    *("EORTC QLQ-C30", "EORTC QLQ-GI.NET21", "EQ-5D-5L", "FACT-G", "FACIT-Fatigue"),
    "Norfolk QOL-NET",
)
"""Questionnaires whose names a pseudonymised export may hold."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Note(OfPatient):
    """A dated note in free text; it may be written before birth or after death."""

    TABLE: ClassVar[str] = "note"

    written_on: date
    text: str

    def problems(self, _life: Life) -> dict[str, str]:
        """Return why this note may not be saved, by field; empty when it may."""
        return non_empty(text=None if self.text.strip() else _("A note needs text."))


@dataclass(frozen=True, slots=True, kw_only=True)
class QualityOfLife(OfPatient):
    """What a patient reported, or scored on a questionnaire, on a day."""

    TABLE: ClassVar[str] = "quality_of_life"
    SPELLINGS: ClassVar[Spellings] = {"instrument": INSTRUMENTS.spell}

    stated_on: date
    statement: str | None = None
    instrument: str | None = None
    score: float | None = None

    def problems(self, life: Life) -> dict[str, str]:
        """Return why this entry may not be saved, by field; empty when it may."""
        return non_empty(
            stated_on=life.problem_of(self.stated_on),
            statement=None
            if self.statement or self.score is not None
            else _("A quality-of-life entry needs a statement or a score."),
        )


save = rules.save


def of_patient(reader: Reader, patient_id: int) -> list[Note]:
    """Return a patient's notes, newest first."""
    return records.of_patient(reader, Note, patient_id, "written_on desc, id desc")

"""Imaging response assessments."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from model.errors import InvalidRecord
from model.records.life import Life, life_of, non_empty
from model.store import rows as records
from model.store.reader import Reader
from model.store.step import Step

RESPONSES = ("CR", "PR", "SD", "PD", "NE")
TIMEPOINTS = ("baseline", "post_cycle", "end_of_treatment", "follow_up", "clinical")
CRITERIA = ("RECIST 1.1", "PERCIST 1.0", "EORTC", "molecular imaging, not stated")
MODALITIES = (
    *("68Ga-DOTA-LM3 PET/CT", "68Ga-DOTATATE PET/CT", "68Ga-DOTATOC PET/CT", "18F-FDG PET/CT"),
    *("64Cu-DOTATATE PET/CT", "post-therapy SPECT/CT", "CT", "MRI", "clinical"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    """What imaging showed on a day, and the response it was read as."""

    TABLE: ClassVar[str] = "assessment"

    id: int | None = None
    patient_id: int
    assessed_on: date
    timepoint: str | None = None
    modality: str | None = None
    criteria: str | None = None
    response: str | None = None
    after_cycle: int | None = None
    sum_of_diameters_mm: float | None = None
    suvmax: float | None = None
    krenning: int | None = None
    netpet: str | None = None
    comment: str | None = None

    def problems(self, life: Life) -> dict[str, str]:
        """Why this assessment may not be saved, by field; empty when it may."""
        return non_empty(
            assessed_on=life.problem_of(self.assessed_on),
            response=None
            if self.response in (None, *RESPONSES)
            else f"“{self.response}” is no response: it is one of {', '.join(RESPONSES)}.",
            after_cycle=None
            if self.after_cycle is None or self.after_cycle >= 0
            else "The number of a cycle is not negative; 0 stands for before the first.",
            sum_of_diameters_mm=None
            if (self.sum_of_diameters_mm or 0) >= 0
            else "A sum of diameters is not negative.",
            suvmax=None if (self.suvmax or 0) >= 0 else "An SUVmax is not negative.",
            krenning=None
            if self.krenning is None or 0 <= self.krenning <= 4
            else "A Krenning score lies between 0 and 4.",
        )


def save(step: Step, assessment: Assessment) -> Assessment:
    """Save an assessment; raises InvalidRecord when a rule is broken."""
    if problems := assessment.problems(life_of(step, assessment.patient_id)):
        raise InvalidRecord(problems)
    records.refuse_copy(step, assessment)
    return records.put(step, assessment)


def remove(step: Step, assessment: Assessment) -> None:
    """Put an assessment into the bin; its key images stay with the patient, tied to none."""
    for row in step.rows("select id from key_image where assessment_id = :id", id=assessment.id):
        step.put("key_image", {"id": row["id"], "assessment_id": None})
    records.remove(step, assessment)


def of_patient(reader: Reader, patient_id: int) -> list[Assessment]:
    """A patient's assessments, oldest first."""
    rows = reader.rows(
        """
        select * from assessment
         where patient_id = :patient_id and deleted_at is null
         order by assessed_on, id
        """,
        patient_id=patient_id,
    )
    return [records.from_row(Assessment, row) for row in rows]

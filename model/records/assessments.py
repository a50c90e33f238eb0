"""Imaging response assessments."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from model.language import _, ngettext
from model.records import rules
from model.records.life import Life
from model.records.rules import OfPatient, non_empty, not_listed, outside
from model.reference.vocabulary import Spellings, Vocabulary
from model.store import rows as records
from model.store.step import Step

RESPONSES = Vocabulary(
    *("CR", "PR", "SD", "PD", "NE"),
    synonyms={
        "CR": ("complete response", "complete remission"),
        "PR": ("partial response", "partial remission"),
        "SD": ("stable disease", "stable"),
        "PD": ("progressive disease", "progression"),
        "NE": ("not evaluable",),
    },
)
TIMEPOINTS = Vocabulary(
    *("baseline", "post_cycle", "end_of_treatment", "follow_up", "clinical"),
    synonyms={"end_of_treatment": ("EOT", "end of therapy"), "post_cycle": ("after cycle",)},
)
CRITERIA = Vocabulary("RECIST 1.1", "PERCIST 1.0", "EORTC", "molecular imaging, not stated")
MODALITIES = Vocabulary(
    *("68Ga-DOTA-LM3 PET/CT", "68Ga-DOTATATE PET/CT", "68Ga-DOTATOC PET/CT", "18F-FDG PET/CT"),
    *("64Cu-DOTATATE PET/CT", "post-therapy SPECT/CT", "CT", "MRI", "clinical"),
    synonyms={"MRI": ("MR",), "clinical": ("clinical assessment", "clinical examination")},
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment(OfPatient):
    """One imaging examination and the response it was read as."""

    TABLE: ClassVar[str] = "assessment"
    SPELLINGS: ClassVar[Spellings] = {
        "timepoint": TIMEPOINTS.spell,
        "modality": MODALITIES.spell,
        "criteria": CRITERIA.spell,
        "response": RESPONSES.spell,
    }

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
        """Return why this assessment may not be saved, by field; empty when it may."""
        return non_empty(
            assessed_on=life.problem_of(self.assessed_on),
            response=not_listed(
                self.response, RESPONSES, _("“{value}” is not a response. Use one of {listed}.")
            ),
            after_cycle=outside(
                self.after_cycle,
                _("The number of a cycle cannot be negative; 0 means before the first."),
                low=0,
            ),
            sum_of_diameters_mm=outside(
                self.sum_of_diameters_mm, _("A sum of diameters cannot be negative."), low=0
            ),
            suvmax=outside(self.suvmax, _("An SUVmax cannot be negative."), low=0),
            krenning=outside(
                self.krenning, _("A Krenning score must be between 0 and 4."), low=0, high=4
            ),
        )

    def questions(self, life: Life) -> dict[str, str]:
        """Return what is unlikely in this assessment, by field."""
        given = sum(1 for _number, day in life.cycles if day <= self.assessed_on)
        late = ngettext(
            "Only {n} cycle was given until then.", "Only {n} cycles were given until then.", given
        )
        return non_empty(
            after_cycle=late.format(n=given) if (self.after_cycle or 0) > given else None,
            response=_("There is no response at baseline.")
            if self.response and self.timepoint == "baseline"
            else None,
            suvmax=outside(self.suvmax, _("This is an unusual SUVmax."), low=0, high=300),
            sum_of_diameters_mm=outside(
                self.sum_of_diameters_mm,
                _("This is an unusual sum of diameters. It is in mm."),
                low=0,
                high=1000,
            ),
        )


save = rules.save


def remove(step: Step, assessment: Assessment) -> None:
    """Move an assessment to the bin; its key images stay, without an assessment."""
    for row in step.rows("select id from key_image where assessment_id = :id", id=assessment.id):
        step.put("key_image", {"id": row["id"], "assessment_id": None})
    records.remove(step, assessment)

"""Therapies before and alongside radioligand therapy."""

from dataclasses import dataclass
from typing import ClassVar

from model.dates import PartialDate, is_before
from model.errors import InvalidRecord
from model.language import _
from model.records.assessments import RESPONSES
from model.records.life import Life, life_of
from model.records.rules import OfPatient, non_empty, not_listed
from model.reference.vocabulary import Spellings, Vocabulary
from model.store import rows as records
from model.store.reader import Reader
from model.store.step import Step

CATEGORIES = Vocabulary(
    *("surgery", "ssa", "chemotherapy", "targeted", "prrt", "locoregional", "radiotherapy"),
    *("immunotherapy", "interferon", "anticoagulation", "other"),
    # What is meant by the word itself; a drug is not a category.
    synonyms={
        "ssa": (
            *("somatostatin analogue", "somatostatin analogues", "somatostatin analog"),
            "somatostatin analogs",
        ),
        "prrt": ("peptide receptor radionuclide therapy",),
        "targeted": ("targeted therapy",),
        "radiotherapy": ("radiation therapy",),
        "anticoagulation": (
            *("anticoagulant", "anticoagulants", "Antikoagulation", "anticoagulazione"),
            "blood thinner",
        ),
    },
)
ANTICOAGULATION = "anticoagulation"
"""A fact of the patient rather than a line of treatment: INR is graded by it."""

BEST_RESPONSES = RESPONSES


@dataclass(frozen=True, slots=True, kw_only=True)
class Therapy(OfPatient):
    """One line of treatment, with dates as far as they are known."""

    TABLE: ClassVar[str] = "therapy"
    SPELLINGS: ClassVar[Spellings] = {
        "category": CATEGORIES.spell,
        "best_response": BEST_RESPONSES.spell,
    }

    number: int
    """Its place among the patient's therapies, from 1."""
    category: str
    description: str | None = None
    started_on: PartialDate | None = None
    ended_on: PartialDate | None = None
    ongoing: bool = False
    concomitant: bool = False
    """Given alongside the cycles rather than before them."""
    best_response: str | None = None
    reason_stopped: str | None = None
    comment: str | None = None

    def problems(self, life: Life) -> dict[str, str]:
        """Return why this therapy may not be saved, by field; empty when it may."""
        start, end = self.started_on, self.ended_on
        return non_empty(
            category=None if self.category.strip() else _("A therapy needs a category."),
            number=None if self.number > 0 else _("Therapies are numbered from 1."),
            started_on=life.problem_of(start),
            ended_on=_("An ongoing therapy has no end.")
            if self.ongoing and end
            else _("This is before the start of the therapy.")
            if is_before(end, start)
            else life.problem_of(end),
            best_response=not_listed(
                self.best_response,
                BEST_RESPONSES,
                _("“{value}” is not a response. Use one of {listed}."),
            ),
        )

    def questions(self, _life: Life) -> dict[str, str]:
        """Return which dates of an anticoagulation leave open when it was given, by field."""
        of_inr = is_anticoagulation(self.category)
        return non_empty(
            started_on=_("Without a start, INR cannot be graded for certain.")
            if of_inr and self.started_on is None
            else None,
            ended_on=_("Neither ended nor ongoing: INR cannot be graded for certain.")
            if of_inr and self.started_on and not (self.ended_on or self.ongoing)
            else None,
        )


def is_anticoagulation(category: str) -> bool:
    """Return whether a category, however it is written, means anticoagulation."""
    return CATEGORIES.find(category) == ANTICOAGULATION


def save(step: Step, therapy: Therapy) -> Therapy:
    """Save a therapy; raises InvalidRecord when a rule is broken or its number is taken."""
    problems = therapy.problems(life_of(step, therapy.patient_id))
    others = records.of_patient(step, Therapy, therapy.patient_id)
    if any(other.number == therapy.number and other.id != therapy.id for other in others):
        problems["number"] = _("There is already a therapy {number}.").format(number=therapy.number)
    if problems:
        raise InvalidRecord(problems)
    return records.put(step, therapy)


def next_number(reader: Reader, patient_id: int) -> int:
    """Return the number of the therapy that would be added next."""
    return (
        max(
            (therapy.number for therapy in records.of_patient(reader, Therapy, patient_id)),
            default=0,
        )
        + 1
    )

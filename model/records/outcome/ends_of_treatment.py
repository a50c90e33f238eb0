"""Ends of treatment: the day on which a course of radioligand therapy ended, and why."""

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from model.dates import date_text
from model.errors import InvalidRecord
from model.language import _
from model.records.life import Life, life_of
from model.records.rules import OfPatient, non_empty
from model.reference.vocabulary import Spellings, Vocabulary
from model.store import rows as records
from model.store.step import Step

REASONS = Vocabulary(
    *("completed", "progression", "toxicity", "comorbidity", "patient_wish", "death", "other"),
    synonyms={
        "completed": ("complete", "finished", "as planned"),
        "progression": ("progressive disease", "PD"),
        "toxicity": ("adverse event", "AE"),
        "patient_wish": ("patient's wish", "withdrawal", "declined"),
        "death": ("died",),
    },
)
"""The usual reasons; others are kept as written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EndOfTreatment(OfPatient):
    """The day on which a course of treatment was ended, and the reason."""

    TABLE: ClassVar[str] = "end_of_treatment"
    SPELLINGS: ClassVar[Spellings] = {"reason": REASONS.spell}

    ended_on: date
    reason: str | None = None
    comment: str | None = None

    @property
    def sentence(self) -> str:
        """The end as a sentence, such as `Treatment ended on 3 Mar 2025: progression`."""
        if not self.reason:
            return _("Treatment ended on {date}.").format(date=date_text(self.ended_on))
        text = _("Treatment ended on {date}: {reason}.")
        reason = self.reason.replace("_", " ").rstrip(".")
        return text.format(date=date_text(self.ended_on), reason=reason)

    def problems(self, life: Life) -> dict[str, str]:
        """Return why this end may not be saved, by field; empty when it may."""
        return non_empty(ended_on=life.problem_of(self.ended_on))

    def questions(self, life: Life) -> dict[str, str]:
        """Return what is unlikely in this end, by field."""
        is_early = life.first_cycle_on is None or self.ended_on < life.first_cycle_on
        sentence = _("No cycle was given before this day: there is no treatment to end.")
        return non_empty(ended_on=sentence if is_early else None)


def save(step: Step, end: EndOfTreatment) -> EndOfTreatment:
    """Save an end of treatment; raises InvalidRecord for a second one of the same day."""
    problems = end.problems(life_of(step, end.patient_id))
    others = records.of_patient(step, EndOfTreatment, end.patient_id)
    if any(other.ended_on == end.ended_on and other.id != end.id for other in others):
        problems["ended_on"] = _("An end of treatment is already recorded for this day.")
    if problems:
        raise InvalidRecord(problems)
    return records.put(step, end)

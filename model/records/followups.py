"""Follow-ups: whether the patient was alive on a day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from model.dates import is_before
from model.language import _
from model.records.life import Life, died_on
from model.records.rules import (
    OfPatient,
    ecog_problem,
    ecog_question,
    non_empty,
    not_listed,
    weight_problem,
    weight_question,
)
from model.reference.vocabulary import Spellings, Vocabulary

STATUSES = Vocabulary(
    *("alive", "dead", "unknown"),
    synonyms={
        "alive": ("living",),
        "dead": ("died", "deceased", "death"),
        "unknown": ("lost to follow-up",),
    },
)
CAUSES = Vocabulary(
    *("disease", "treatment", "other", "unknown"),
    synonyms={"disease": ("tumour", "tumor", "progression"), "treatment": ("toxicity",)},
)


@dataclass(frozen=True, slots=True, kw_only=True)
class FollowUp(OfPatient):
    """Vital status at a date; `unknown` if contact was sought in vain."""

    TABLE: ClassVar[str] = "follow_up"
    SPELLINGS: ClassVar[Spellings] = {"status": STATUSES.spell, "cause": CAUSES.spell}

    seen_on: date
    status: str
    cause: str | None = None
    ecog: int | None = None
    weight_kg: float | None = None
    comment: str | None = None

    def problems(self, life: Life, others: Sequence["FollowUp"] = ()) -> dict[str, str]:
        """Return why this follow-up may not be saved, by field; empty when it may.

        `others` are the patient's other follow-ups.
        """
        return non_empty(
            status=not_listed(
                self.status, STATUSES, _("“{value}” is not a vital status. Use one of {listed}.")
            ),
            seen_on=self._problem_of_day(life, others),
            cause=_("Only a death has a cause.") if self.cause and self.status != "dead" else None,
            ecog=ecog_problem(self.ecog),
            weight_kg=weight_problem(self.weight_kg),
        )

    def questions(self, life: Life) -> dict[str, str]:
        """Return what is unlikely in this follow-up, by field."""
        is_late = self.status == "unknown" and life.died_on and self.seen_on > life.died_on
        return non_empty(
            seen_on=_("The patient had died before this date.") if is_late else None,
            ecog=None if self.status == "dead" else ecog_question(self.ecog),
            weight_kg=weight_question(self.weight_kg),
        )

    def _problem_of_day(self, life: Life, others: Sequence["FollowUp"]) -> str | None:
        if any(other.seen_on == self.seen_on for other in others):
            return _("There is already a follow-up on that day.")
        if is_before(self.seen_on, life.born_on):
            return _("This is before the patient was born.")
        death = died_on(others)
        if self.status == "dead":
            if death:
                return _("The patient's death is already recorded.")
            if any(given_on > self.seen_on for _number, given_on in life.cycles):
                return _("A cycle was given after this date of death.")
            if any(other.seen_on > self.seen_on for other in others if other.status == "alive"):
                return _("The patient was seen alive after this date of death.")
        elif self.status == "alive" and death and self.seen_on > death:
            return _("The patient had died before this date.")
        return None

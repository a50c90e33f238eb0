"""What the rules of several records have in common."""

import math
from abc import ABC, abstractmethod
from collections.abc import Collection
from dataclasses import dataclass
from typing import ClassVar, TypeVar

from model.errors import InvalidRecord
from model.language import _
from model.records.life import Life, life_of
from model.reference.vocabulary import Spellings, respell
from model.store import rows as records
from model.store.step import Step


def non_empty(**candidates: str | None) -> dict[str, str]:
    """Return the problems that there are, by field, of those that there may be."""
    return {field: problem for field, problem in candidates.items() if problem}


def outside(value: float | None, problem: str, *, low: float, high: float = math.inf) -> str | None:
    """Return the problem of a value that is given and below `low` or above `high`."""
    return None if value is None or low <= value <= high else problem


def not_listed(value: str | None, listed: Collection[str], problem: str) -> str | None:
    """Return the problem, with {value} and {listed} filled in, of a value that is not listed."""
    if value is None or value in listed:
        return None
    return problem.format(value=value, listed=", ".join(listed))


def ecog_problem(ecog: int | None) -> str | None:
    """Return what is wrong with an ECOG performance status."""
    return outside(ecog, _("ECOG must be between 0 and 5."), low=0, high=5)


def ecog_question(ecog: int | None) -> str | None:
    """Return what is unlikely about the performance status of a living patient."""
    return _("ECOG 5 is death.") if ecog == 5 else None


def weight_problem(weight_kg: float | None) -> str | None:
    """Return what is wrong with a body weight."""
    return outside(weight_kg, _("A weight must be between 1 and 400 kg."), low=1, high=400)


def weight_question(weight_kg: float | None) -> str | None:
    """Return what is unlikely about the body weight of an adult."""
    problem = _("{weight} kg is an unusual weight.").format(weight=f"{weight_kg or 0:g}")
    return outside(weight_kg, problem, low=30, high=200)


@dataclass(frozen=True, slots=True, kw_only=True)
class OfPatient(ABC):
    """A record of a patient."""

    TABLE: ClassVar[str]
    SPELLINGS: ClassVar[Spellings] = {}
    """The spelling of its fields that hold a word of a vocabulary."""

    id: int | None = None
    patient_id: int

    def __post_init__(self) -> None:
        respell(self, self.SPELLINGS)

    @abstractmethod
    def problems(self, life: Life, /) -> dict[str, str]:
        """Return why this record may not be saved, by field; empty when it may."""

    def questions(self, _life: Life, /) -> dict[str, str]:
        """Return what is unlikely in this record, by field, but for dates in the future."""
        return {}


P = TypeVar("P", bound=OfPatient)


def save(step: Step, record: P) -> P:
    """Save a record of a patient; raises InvalidRecord when a rule is broken or it is a copy."""
    if problems := record.problems(life_of(step, record.patient_id)):
        raise InvalidRecord(problems)
    records.refuse_copy(step, record)
    return records.put(step, record)

"""Toxicities: CTCAE-graded events, each at one grade; a change of grade starts another.

A proposed grade that a clinician dismissed is a record too, so that it is not proposed again.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, ClassVar

from model.ctcae import terms
from model.ctcae.terms import VERSIONS
from model.dates import Day, PartialDate, date_text, is_before, on_every_day
from model.language import _
from model.records import rules
from model.records.life import Life
from model.records.rules import OfPatient, non_empty, not_listed, outside
from model.reference.vocabulary import Spellings, Vocabulary, respell
from model.store import rows as records
from model.store.step import Step

if TYPE_CHECKING:
    import pandas as pd

PHASES = Vocabulary("acute", "long_term")
OUTCOMES = Vocabulary(
    *("recovered", "recovering", "recovered_with_sequelae", "not_recovered", "improved"),
    *("worsened", "fatal", "unknown"),
    # The words of ICH E2B name recovery twice.
    synonyms={
        "recovered": ("resolved", "recovered/resolved"),
        "recovering": ("resolving", "recovering/resolving"),
        "recovered_with_sequelae": (
            *("resolved with sequelae", "recovered/resolved with sequelae"),
            "recovered/resolved with sequel",
        ),
        "not_recovered": (
            *("ongoing", "not resolved", "not recovered/not resolved"),
            "not recovered/not resolved/ongoing",
        ),
        "fatal": ("death", "died"),
    },
)
ENDED = ("recovered", "recovered_with_sequelae", "improved", "worsened", "fatal")
"""Outcomes that end an event at its grade, even if the day is unknown."""

_SURVIVED = ("recovered", "recovering", "recovered_with_sequelae", "improved")

ATTRIBUTIONS = Vocabulary(
    *("unrelated", "unlikely", "possible", "probable", "definite"),
    synonyms={
        "unrelated": ("not related", "none"),
        "unlikely": ("unlikely related",),
        "possible": ("possibly", "possibly related"),
        "probable": ("probably", "probably related"),
        "definite": ("definitely", "definitely related", "certain"),
    },
)

RELATED = ("possible", "probable", "definite")
"""The attributions of a treatment-related toxicity."""

ACUTE_DAYS = 7
"""An onset up to this many days after a cycle is suggested as acute."""


_OTHER = " - Other, specify"
"""The end of the CTCAE terms for whatever else there is in an organ class."""

_SHORT = {
    "Anemia": _("anemia"),
    "CD4 lymphocytes decreased": _("CD4 lymphopenia"),
    "Lymphocyte count decreased": _("lymphopenia"),
    "Lymphocyte count increased": _("lymphocytosis"),
    "Neutrophil count decreased": _("neutropenia"),
    "Platelet count decreased": _("thrombocytopenia"),
    "White blood cell decreased": _("leukopenia"),
}
"""Common names of terms that are long; all others are short enough."""


def label(term: str, *verbatims: str | None) -> str:
    """Return how events of a term are named wherever they are shown: by the term.

    What was specified of a term “Other, specify” replaces it: `Liver impairment`, or where several
    were, `Liver impairment, biloma`. Without that it is `Hepatobiliary disorders, other`.
    """
    if not term.endswith(_OTHER):
        return term
    specified = {text.casefold(): text for text in reversed(verbatims) if text}
    if names := sorted(specified.values(), key=str.casefold):
        first, *others = names
        return ", ".join((first[:1].upper() + first[1:], *map(_lower_first, others)))
    return _("{organ_class}, other").format(organ_class=term.removesuffix(_OTHER))


def same_as_column(terms_of: pd.Series, verbatims: pd.Series) -> pd.Series:
    """Return a number for each `Toxicity.same_as` of many events."""
    named = terms_of.str.casefold().astype("object")
    is_other = terms_of.str.endswith(_OTHER).to_numpy(dtype=bool)
    pairs = zip(terms_of[is_other], verbatims[is_other], strict=True)
    named[is_other] = [
        label(term, verbatim if isinstance(verbatim, str) else None).casefold()
        for term, verbatim in pairs
    ]
    numbers: pd.Series = named.groupby(named).ngroup()
    return numbers.astype("int64")


def _lower_first(text: str) -> str:
    """Return a text as it is written within a line; an abbreviation stays as it is."""
    return text[:1].lower() + text[1:] if text[1:2].islower() else text


@dataclass(frozen=True, slots=True, kw_only=True)
class Toxicity(OfPatient):
    """One adverse event at one grade of one CTCAE version."""

    TABLE: ClassVar[str] = "toxicity"
    SPELLINGS: ClassVar[Spellings] = {
        "ctcae_version": VERSIONS.spell,
        "phase": PHASES.spell,
        "outcome": OUTCOMES.spell,
        "attribution": ATTRIBUTIONS.spell,
    }

    cycle_id: int | None = None
    verbatim: str | None = None
    """The event as reported."""
    term: str
    ctcae_version: str
    phase: str | None = None
    grade: int
    onset_on: PartialDate | None = None
    resolved_on: date | None = None
    outcome: str | None = None
    attribution: str | None = None
    treatment_emergent: bool | None = None
    lab_result_id: int | None = None
    comment: str | None = None

    def __post_init__(self) -> None:
        """Spell the words, and the term as its version does."""
        respell(self, self.SPELLINGS)
        object.__setattr__(self, "term", terms.spell_term(self.ctcae_version, self.term))

    @property
    def label(self) -> str:
        """The event as it is named: its term, or what was specified of a term “Other, specify”."""
        return label(self.term, self.verbatim)

    @property
    def same_as(self) -> str:
        """What two events have in common that are one event at different grades."""
        return self.label.casefold()

    @property
    def short_label(self) -> str:
        """The event in a few words that name its direction: `lymphopenia`."""
        return _SHORT.get(self.term) or _lower_first(self.label)

    @property
    def is_ongoing(self) -> bool:
        """Whether neither a date nor the outcome has ended the event."""
        return self.resolved_on is None and self.outcome not in ENDED

    @property
    def is_fatal(self) -> bool:
        """Whether the patient died of the event: grade 5, or outcome fatal."""
        return self.grade == 5 or self.outcome == "fatal"

    @property
    def days(self) -> tuple[date, ...]:
        """The first and last days that its onset and its end may be, as far as they are known."""
        onset = (self.onset_on.earliest, self.onset_on.latest) if self.onset_on else ()
        return (*onset, self.resolved_on) if self.resolved_on else onset

    @property
    def soc(self) -> str | None:
        """The system organ class of the term in its version."""
        term = self._term()
        return term.soc if term else None

    def _term(self) -> terms.Term | None:
        if self.ctcae_version not in VERSIONS:
            return None
        return terms.find_term(self.ctcae_version, self.term)

    def problems(self, life: Life) -> dict[str, str]:
        """Return why this toxicity may not be saved, by field; empty when it may."""
        if self.ctcae_version not in VERSIONS:
            sentence = _("The CTCAE version must be one of {listed}.")
            return {"ctcae_version": sentence.format(listed=", ".join(VERSIONS))}
        term = self._term()
        if term is None:
            sentence = _("CTCAE {version} has no term “{term}”.")
            return {"term": sentence.format(version=self.ctcae_version, term=self.term)}
        exists = self.grade in term.grades
        return non_empty(
            grade=None
            if exists
            else _("CTCAE {version} has no grade {grade} of “{term}”, only {grades}.").format(
                version=self.ctcae_version,
                grade=self.grade,
                term=term.name,
                grades=", ".join(map(str, term.grades)),
            ),
            phase=not_listed(
                self.phase, PHASES, _("“{value}” is not a phase. Use one of {listed}.")
            ),
            onset_on=life.problem_of(self.onset_on),
            resolved_on=_("This is before the onset.")
            if is_before(self.resolved_on, self.onset_on)
            else life.problem_of(self.resolved_on)
            or (self._problem_of_survival(life) if exists else None),
            outcome=_("Grade 5 is death: its outcome is fatal.")
            if exists and self.grade == 5 and self.outcome in _SURVIVED
            else None,
        )

    def questions(self, life: Life) -> dict[str, str]:
        """Return what is unlikely in this toxicity, by field."""
        return non_empty(
            onset_on=None
            if self.onset_on
            else _("There is no onset: it may not count as treatment-emergent."),
            **{"outcome" if self.outcome == "fatal" else "grade": self._question_of_death(life)},
        )

    def _question_of_death(self, life: Life) -> str | None:
        if not self.is_fatal:
            return None
        if life.died_on is None:
            return _("This toxicity is fatal, but no death of the patient is recorded.")
        if self.resolved_on in (None, life.died_on):
            return None
        sentence = _("This toxicity is fatal and ended on {resolved}, but the death was on {died}.")
        return sentence.format(resolved=date_text(self.resolved_on), died=date_text(life.died_on))

    def _problem_of_survival(self, life: Life) -> str | None:
        """Return why nobody can have died of this event: the patient was seen alive after it."""
        seen_on = life.seen_alive_on
        if not (self.is_fatal and self.resolved_on and seen_on and seen_on > self.resolved_on):
            return None
        sentence = _("This toxicity is fatal, but the patient was seen alive on {date}.")
        return sentence.format(date=date_text(seen_on))


save = rules.save


def remove(step: Step, event: Toxicity) -> None:
    """Move a toxicity to the bin, with the dismissed proposals to close it."""
    for row in step.rows(
        "select id from dismissal where toxicity_id = :id and deleted_at is null", id=event.id
    ):
        step.remove("dismissal", row["id"])
    records.remove(step, event)


def suggested_phase(onset_on: Day, life: Life) -> str | None:
    """Return the phase by onset: acute up to 7 days after a cycle, then long-term.

    None before the first cycle, and where a partial date does not decide.
    """

    def phase(day: date) -> str | None:
        days = [(day - given_on).days for _number, given_on in life.cycles if given_on <= day]
        if not days:
            return None
        return "acute" if min(days) <= ACUTE_DAYS else "long_term"

    return on_every_day(onset_on, phase)


def suggested_cycle(onset_on: Day, life: Life) -> int | None:
    """Return the number of the last cycle on or before the onset.

    None before the first cycle, and where a partial date does not decide.
    """

    def cycle(day: date) -> int | None:
        numbers = (number for number, given_on in life.cycles if given_on <= day)
        return max(numbers, default=None)

    return on_every_day(onset_on, cycle)


@dataclass(frozen=True, slots=True, kw_only=True)
class Dismissal(OfPatient):
    """A proposal made for one result, dismissed, and why.

    The proposal was to record a grade of a term or, where `toxicity_id` is set, to close that
    toxicity; term, version and grade are then the toxicity's.
    """

    TABLE: ClassVar[str] = "dismissal"
    SPELLINGS: ClassVar[Spellings] = {"ctcae_version": VERSIONS.spell}

    lab_result_id: int | None = None
    value_on: date | None = None
    """The day of the weight that the proposal rested on, where it was no laboratory result."""
    toxicity_id: int | None = None
    term: str
    ctcae_version: str
    grade: int
    reason: str | None = None

    def __post_init__(self) -> None:
        """Spell the version, and the term as it does."""
        respell(self, self.SPELLINGS)
        object.__setattr__(self, "term", terms.spell_term(self.ctcae_version, self.term))

    def problems(self, _life: Life) -> dict[str, str]:
        """Return why this dismissal may not be saved, by field; empty when it may."""
        return non_empty(
            ctcae_version=not_listed(
                self.ctcae_version,
                VERSIONS,
                _("“{value}” is not a version of CTCAE. Use one of {listed}."),
            ),
            grade=outside(self.grade, _("A grade must be between 1 and 5."), low=1, high=5),
            value_on=_("A dismissed proposal rests on a laboratory result or on a weight.")
            if self.lab_result_id is None and self.value_on is None
            else None,
        )

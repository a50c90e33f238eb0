"""What the tables of a cohort count and the denominator, where there is more than one way."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from enum import StrEnum

from model.cohort.messages import joined
from model.errors import KnownError
from model.language import N_, _


class Count(StrEnum):
    """What a toxicity table counts."""

    WORST = N_("worst grade per patient")
    EVENTS = N_("every recorded event")

    def sentence(self) -> str:
        """Return what it means, for the notes of a table."""
        return {
            Count.WORST: N_("Patients are counted, each once per term, by their worst grade."),
            Count.EVENTS: N_("Recorded events are counted: a patient may have several."),
        }[self]


class Denominator(StrEnum):
    """The patients that toxicity and response are counted out of."""

    TREATED = N_("all treated")
    IMAGED = N_("imaged")
    ALL = N_("all patients")

    def sentence(self) -> str:
        """Return what it means, for the notes of a table."""
        return {
            Denominator.TREATED: N_("Denominator: the patients with at least one cycle."),
            Denominator.IMAGED: N_(
                "Denominator: the patients with a response read from imaging after the first cycle."
            ),
            Denominator.ALL: N_("Denominator: all patients of the selection, treated or not."),
        }[self]


class By(StrEnum):
    """What the rows of a toxicity table are."""

    TERM = N_("CTCAE term")
    GROUP = N_("reporting group")

    def sentence(self) -> str:
        """Return what it means, for the notes of a table."""
        return {
            By.TERM: N_("Rows are CTCAE terms."),
            By.GROUP: N_(
                "Rows are reporting groups of several CTCAE terms: the worst grade of any of them"
                " counts. A term without a group has a row of its own."
            ),
        }[self]


class Phase(StrEnum):
    """The toxicities that a table or figure shows, by their recorded phase."""

    ACUTE = N_("acute")
    LONG_TERM = N_("long-term")
    ALL = N_("all")

    def sentence(self) -> str:
        """Return what it means, for the notes of a table."""
        return {
            Phase.ACUTE: N_("Only toxicities recorded as acute."),
            Phase.LONG_TERM: N_("Only toxicities recorded as long-term."),
            Phase.ALL: N_("Toxicities of every phase, and those without a recorded phase."),
        }[self]

    @property
    def recorded(self) -> str | None:
        """The phase as it is recorded; None for all."""
        return None if self is Phase.ALL else self.value.replace("-", "_")


class Events(StrEnum):
    """Which recorded toxicities count."""

    EMERGENT = N_("treatment-emergent")
    RECORDED = N_("all recorded")

    def sentence(self) -> str:
        """Return what it means, for the notes of a table."""
        return {
            Events.EMERGENT: N_(
                "Treatment-emergent as judged by the clinician; without a judgement, onset on or"
                " after the first cycle and worse than before it."
            ),
            Events.RECORDED: N_("All recorded toxicities count, also those before treatment."),
        }[self]


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How the tables of a cohort count.

    `phase` is the toxicity that the page shows; the tables have every phase. `landmarks` are the
    months at which survival is estimated, in their order.
    """

    count: Count = Count.WORST
    denominator: Denominator = Denominator.TREATED
    by: By = By.TERM
    phase: Phase = Phase.ALL
    events: Events = Events.EMERGENT
    landmarks: tuple[int, ...] = (6, 12, 24)

    def sentence(self) -> str:
        """Return all that was chosen about toxicity, in sentences."""
        parts = (self.events, self.count, self.by, self.denominator)
        return joined(" ", [part.sentence() for part in parts])

    def as_text(self) -> str:
        """Return the options as JSON, which is saved with a frozen cohort."""
        return json.dumps(asdict(self), ensure_ascii=False, sort_keys=True)

    @classmethod
    def from_text(cls, text: str) -> Options:
        """Return the options of a JSON text; raises KnownError when it cannot be read."""
        try:
            saved = json.loads(text)
            return cls(
                count=Count(saved["count"]),
                denominator=Denominator(saved["denominator"]),
                by=By(saved["by"]),
                phase=Phase(saved["phase"]),
                events=Events(saved["events"]),
                landmarks=tuple(map(int, saved["landmarks"])),
            )
        except (ValueError, TypeError, KeyError) as error:
            raise KnownError(
                _("How this cohort was counted cannot be read. No record is affected.")
            ) from error


USUAL = Options()
"""What most reports use: worst treatment-emergent grade by term, of all treated."""

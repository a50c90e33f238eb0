"""What a table counts and out of whom, where that can be meant in more than one way."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from enum import StrEnum

from model.errors import KnownError
from model.language import _


class Count(StrEnum):
    """What a toxicity table counts."""

    WORST = "worst grade per patient"
    EVENTS = "every recorded event"

    def sentence(self) -> str:
        """What it comes to, as a sentence of a table's notes."""
        if self is Count.WORST:
            return "Patients are counted, each once a term, by their worst grade."
        return "Recorded events are counted: a patient may stand behind several."


class Denominator(StrEnum):
    """Out of whom the patients of toxicity and response are counted."""

    TREATED = "all treated"
    IMAGED = "imaged"
    ALL = "all patients"

    def sentence(self) -> str:
        """What it comes to, as a sentence of a table's notes."""
        return {
            Denominator.TREATED: "Denominator: the patients with at least one cycle.",
            Denominator.IMAGED: "Denominator: the patients with a response read from imaging after"
            " the first cycle.",
            Denominator.ALL: "Denominator: all patients of the selection, treated or not.",
        }[self]


class By(StrEnum):
    """What the rows of a toxicity table are."""

    TERM = "CTCAE term"
    GROUP = "reporting group"

    def sentence(self) -> str:
        """What it comes to, as a sentence of a table's notes."""
        if self is By.TERM:
            return "Rows are CTCAE terms."
        return (
            "Rows are reporting groups, which take several CTCAE terms together: the worst grade of"
            " any of them counts. A term of no group stands for itself."
        )


class Phase(StrEnum):
    """Which toxicities a table or figure shows, by the phase recorded with them."""

    ACUTE = "acute"
    LONG_TERM = "long-term"
    ALL = "all"

    def sentence(self) -> str:
        """What it comes to, as a sentence of a table's notes."""
        return {
            Phase.ACUTE: "Only toxicities recorded as acute.",
            Phase.LONG_TERM: "Only toxicities recorded as long-term.",
            Phase.ALL: "Toxicities of every phase, and those of which none is recorded.",
        }[self]

    @property
    def recorded(self) -> str | None:
        """The phase as it is recorded; None for all."""
        return None if self is Phase.ALL else self.value.replace("-", "_")


class Events(StrEnum):
    """Which recorded toxicities count at all."""

    EMERGENT = "treatment-emergent"
    RECORDED = "all recorded"

    def sentence(self) -> str:
        """What it comes to, as a sentence of a table's notes."""
        if self is Events.EMERGENT:
            return (
                "Treatment-emergent as the clinician judged; where nothing is said, onset on or"
                " after the first cycle and worse than before it."
            )
        return "All recorded toxicities count, also those from before treatment."


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How the tables of a cohort count. `phase` is what is shown of toxicity; tables hold all.

    `landmarks` are the months at which survival is read, in their order.
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
        return " ".join(part.sentence() for part in parts)

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
"""What is usual in a report: worst treatment-emergent grade by term, of all treated."""

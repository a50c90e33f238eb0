"""What the tables of a cohort count and the denominator, where there is more than one way."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Self

from model.cohort.messages import joined
from model.errors import KnownError
from model.language import N_, _


class Choice(StrEnum):
    """A way to count, with what it means as a sentence for the notes of a table."""

    sentence: str

    def __new__(cls, value: str, sentence: str = "") -> Self:
        """Make a member from its value and its sentence."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.sentence = sentence
        return member


class Count(Choice):
    """What a toxicity table counts."""

    WORST = (
        N_("worst grade per patient"),
        N_("Patients are counted, each once per term, by their worst grade."),
    )
    EVENTS = (
        N_("every recorded event"),
        N_("Recorded events are counted: a patient may have several."),
    )


class Denominator(Choice):
    """The patients that toxicity and response are counted out of."""

    TREATED = N_("all treated"), N_("Denominator: the patients with at least one cycle.")
    IMAGED = (
        N_("imaged"),
        N_("Denominator: the patients with a response read from imaging after the first cycle."),
    )
    ALL = N_("all patients"), N_("Denominator: all patients of the selection, treated or not.")


class By(Choice):
    """What the rows of a toxicity table are."""

    TERM = N_("CTCAE term"), N_("Rows are CTCAE terms.")
    GROUP = (
        N_("reporting group"),
        N_(
            "Rows are reporting groups of several CTCAE terms: the worst grade of any of them"
            " counts. A term without a group has a row of its own."
        ),
    )


class Phase(Choice):
    """The toxicities that a table or figure shows, by their recorded phase."""

    ACUTE = N_("acute"), N_("Only toxicities recorded as acute.")
    LONG_TERM = N_("long-term"), N_("Only toxicities recorded as long-term.")
    ALL = N_("all"), N_("Toxicities of every phase, and those without a recorded phase.")

    @property
    def recorded(self) -> str | None:
        """The phase as it is recorded; None for all."""
        return None if self is Phase.ALL else self.value.replace("-", "_")


class Events(Choice):
    """Which recorded toxicities count."""

    EMERGENT = (
        N_("treatment-emergent"),
        N_(
            "Treatment-emergent as judged by the clinician; without a judgement, onset on or after"
            " the first cycle and worse than before it."
        ),
    )
    RECORDED = N_("all recorded"), N_("All recorded toxicities count, also those before treatment.")


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
        return joined(" ", [part.sentence for part in parts])

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

"""The options of a cohort's tables: what they count, and out of how many patients."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Self

from model.cohort.messages import Message, join
from model.errors import KnownError
from model.language import N_, _
from model.records.toxicities import ACUTE_DAYS


class Choice(StrEnum):
    """One option, with a sentence that explains it in the notes of a table."""

    sentence: str

    def __new__(cls, value: str, sentence: str = "") -> Self:
        """Make a member from its value and its sentence."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.sentence = sentence
        return member


class ToxicityCount(Choice):
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


class ToxicityRows(Choice):
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
    """The phase of toxicity that a table or figure shows; subacute only by day: see `Options`."""

    ACUTE = N_("acute"), N_("Only toxicities recorded as acute.")
    SUBACUTE = N_("subacute")
    LONG_TERM = N_("long-term"), N_("Only toxicities recorded as long-term.")
    ALL = N_("all"), N_("Toxicities of every phase, and those without a recorded phase.")

    @property
    def recorded(self) -> str | None:
        """The phase as it is recorded; None for all."""
        return None if self is Phase.ALL else self.value.replace("-", "_")


class PhaseSource(Choice):
    """How toxicities are divided into acute and long-term."""

    RECORDED = N_("as recorded")
    BY_DAY = N_("by the day of onset")


class Attribution(Choice):
    """Which toxicities count, by what the clinician attributed them to."""

    ALL = N_("all")
    RELATED = (
        N_("possible, probable or definite"),
        N_(
            "Treatment-related only: of possible, probable or definite attribution; a toxicity"
            " without a recorded attribution is not counted."
        ),
    )


class EventScope(Choice):
    """Which recorded toxicities count."""

    EMERGENT = (
        N_("treatment-emergent"),
        N_(
            "Treatment-emergent as judged by the clinician; without a judgement, onset on or after"
            " the first cycle and worse than before it."
        ),
    )
    RECORDED = N_("all recorded"), N_("All recorded toxicities count, also those before treatment.")


class UndecidedEvents(Choice):
    """Whether toxicities count whose dates leave that open."""

    COUNTED = N_("counted")
    LEFT_OUT = (
        N_("left out"),
        N_(
            "A toxicity is left out where its dates do not decide whether it is treatment-emergent,"
            " or whether it began before the data cut-off."
        ),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """How the tables of a cohort count.

    `phase` is the phase that the page shows; the tables have every phase. If `phases` are by day,
    an onset up to `acute_days` after the last cycle is acute, one up to `subacute_days` is
    subacute, and a later one is long-term; without `subacute_days` none is subacute. `landmarks`
    are the months at which survival is estimated, in order.
    """

    count: ToxicityCount = ToxicityCount.WORST
    denominator: Denominator = Denominator.TREATED
    by: ToxicityRows = ToxicityRows.TERM
    phase: Phase = Phase.ALL
    events: EventScope = EventScope.EMERGENT
    undecided: UndecidedEvents = UndecidedEvents.COUNTED
    attribution: Attribution = Attribution.ALL
    phases: PhaseSource = PhaseSource.RECORDED
    acute_days: int = ACUTE_DAYS
    subacute_days: int | None = None
    landmarks: tuple[int, ...] = (6, 12, 24)

    @property
    def sentences(self) -> list[str]:
        """A sentence for each option about toxicity."""
        parts = (
            *(self.events, self.undecided, self.attribution, self.count, self.by),
            self.denominator,
        )
        return [*(part.sentence for part in parts if part.sentence), self._phases_sentence()]

    def sentence(self) -> str:
        """Return the sentences on all options about toxicity as one text."""
        return join(" ", self.sentences)

    def problems(self) -> dict[str, str]:
        """Return why these options cannot be used, by field."""
        if self.acute_days < 0:
            return {"acute_days": _("A number of days cannot be negative.")}
        if self.subacute_days is not None and self.subacute_days <= self.acute_days:
            return {"subacute_days": _("Subacute must end later than acute.")}
        return {}

    def has(self, phase: Phase) -> bool:
        """Return whether toxicities can be of this phase."""
        return phase is not Phase.SUBACUTE or (
            self.phases is PhaseSource.BY_DAY and self.subacute_days is not None
        )

    def phase_on(self, day: int) -> str:
        """Return the phase of an onset `day` days after a cycle, in the spelling of records."""
        if day <= self.acute_days:
            return "acute"
        is_subacute = self.subacute_days is not None and day <= self.subacute_days
        return "subacute" if is_subacute else "long_term"

    def days_of(self, phase: Phase) -> str:
        """Return the days since a cycle that belong to a phase: `from day 8 to day 90`."""
        match phase:
            case Phase.ACUTE:
                return Message(N_("to day {last}"), last=self.acute_days)
            case Phase.SUBACUTE:
                return Message(
                    N_("from day {first} to day {last}"),
                    first=self.acute_days + 1,
                    last=self.subacute_days,
                )
            case _:
                last = self.acute_days if self.subacute_days is None else self.subacute_days
                return Message(N_("after day {last}"), last=last)

    def phase_sentence(self, phase: Phase) -> str:
        """Return a sentence on which toxicities a table of one phase has."""
        if self.phases is PhaseSource.RECORDED or phase is Phase.ALL:
            return phase.sentence
        return Message(
            N_("Only toxicities with an onset {days} since the last cycle before it."),
            days=self.days_of(phase),
        )

    def days_sentence(self) -> str:
        """Return the days of each phase: `acute to day 7, long-term after day 7`."""
        days = {
            phase.name.lower(): self.days_of(phase)
            for phase in (Phase.ACUTE, Phase.SUBACUTE, Phase.LONG_TERM)
        }
        if self.has(Phase.SUBACUTE):
            text = N_("acute {acute}, subacute {subacute}, long-term {long_term}")
            return Message(text, **days)
        return Message(N_("acute {acute}, long-term {long_term}"), **days)

    def _phases_sentence(self) -> str:
        if self.phases is PhaseSource.RECORDED:
            return Message(
                N_(
                    "Acute and long-term as recorded; an onset to day {last} after a cycle is"
                    " suggested as acute."
                ),
                last=ACUTE_DAYS,
            )
        return Message(
            N_("By the days from the last cycle before the onset: {phases}."),
            phases=self.days_sentence(),
        )

    def as_text(self) -> str:
        """Return the options as JSON, which is saved with a frozen cohort."""
        return json.dumps(asdict(self), ensure_ascii=False, sort_keys=True)

    @classmethod
    def from_text(cls, text: str) -> Options:
        """Parse the options in a JSON text; raises KnownError if it cannot be read."""
        try:
            saved = json.loads(text)
            return cls(
                count=ToxicityCount(saved["count"]),
                denominator=Denominator(saved["denominator"]),
                by=ToxicityRows(saved["by"]),
                phase=Phase(saved["phase"]),
                events=EventScope(saved["events"]),
                # Older frozen cohorts do not have these options.
                undecided=UndecidedEvents(saved.get("undecided", DEFAULT_OPTIONS.undecided)),
                attribution=Attribution(saved.get("attribution", DEFAULT_OPTIONS.attribution)),
                phases=PhaseSource(saved.get("phases", DEFAULT_OPTIONS.phases)),
                acute_days=int(saved.get("acute_days", DEFAULT_OPTIONS.acute_days)),
                subacute_days=None if (last := saved.get("subacute_days")) is None else int(last),
                landmarks=tuple(map(int, saved["landmarks"])),
            )
        except (ValueError, TypeError, KeyError) as error:
            raise KnownError(
                _("How this cohort was counted cannot be read. No record is affected.")
            ) from error


DEFAULT_OPTIONS = Options()
"""The usual options: the worst treatment-emergent grade by term, of all treated patients."""

"""The therapies of a patient on one time axis, with the cycles."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from model.course.marks import (
    Bar,
    CycleMark,
    covered_days,
    cycle_mark,
    response_text,
    stopped_text,
    therapy_bar,
    therapy_name,
)
from model.language import _
from model.records.patient_records import PatientRecords
from model.records.therapies import Therapy


@dataclass(frozen=True, slots=True)
class TherapyLine:
    """One therapy as a line of the timeline; its bar is None if it has no date."""

    number: int
    name: str
    bar: Bar | None
    best_response: str | None
    reason_stopped: str
    concomitant: bool

    @property
    def facts(self) -> str:
        """The text after name and response: `stopped: progression · concomitant`."""
        concomitant = _("concomitant") if self.concomitant else ""
        return " · ".join(filter(None, (stopped_text(self.reason_stopped), concomitant)))

    @property
    def sentence(self) -> str:
        """Everything known about the therapy, as one text."""
        when = self.bar.when if self.bar else _("no dates")
        response = response_text(self.best_response)
        return ", ".join(filter(None, (f"{self.number} {self.name}", when, response, self.facts)))


@dataclass(frozen=True, slots=True)
class TherapyTimeline:
    """The therapies on a time axis, with the cycles.

    `dated` therapies are sorted by their start, `undated` ones by number. `span` are the first and
    the last day; None if nothing has a date.
    """

    dated: tuple[TherapyLine, ...] = ()
    undated: tuple[TherapyLine, ...] = ()
    cycles: tuple[CycleMark, ...] = ()
    span: tuple[date, date] | None = None

    @property
    def is_empty(self) -> bool:
        """Whether no therapy is recorded."""
        return not self.dated and not self.undated


def build_timeline(records: PatientRecords) -> TherapyTimeline:
    """Return the timeline of a patient; an ongoing therapy extends to the last contact."""
    lines = [_line(therapy, records.last_contact_on) for therapy in records.therapies]
    dated = [(line, covered_days(line.bar)) for line in lines if line.bar]
    ends = [*(day for _, day in records.cycle_days), *(day for _, days in dated for day in days)]
    return TherapyTimeline(
        dated=tuple(line for line, _ in sorted(dated, key=lambda pair: (pair[1], pair[0].number))),
        undated=tuple(line for line in lines if line.bar is None),
        cycles=tuple(map(cycle_mark, records.treatments)),
        span=(min(ends), max(ends)) if ends else None,
    )


def _line(therapy: Therapy, last_contact: date | None) -> TherapyLine:
    has_date = therapy.started_on is not None or therapy.ended_on is not None
    return TherapyLine(
        number=therapy.number,
        name=therapy_name(therapy),
        bar=therapy_bar(therapy, last_contact) if has_date else None,
        best_response=therapy.best_response,
        reason_stopped=therapy.reason_stopped or "",
        concomitant=therapy.concomitant,
    )

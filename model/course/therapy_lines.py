"""The therapies of a patient on one axis of days, with the cycles among them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from model.course.marks import Bar, CycleMark, covered, cycle_mark, name_of, therapy_bar
from model.records import cycles as treatments
from model.records import therapies as given
from model.records.therapies import Therapy
from model.store.reader import Reader


@dataclass(frozen=True, slots=True)
class TherapyLine:
    """One therapy: its place among all, its name, and its bar; None without any date."""

    number: int
    name: str
    bar: Bar | None
    best_response: str | None
    reason_stopped: str
    concomitant: bool

    @property
    def facts(self) -> str:
        """What stands behind name and response: `stopped: progression · concomitant`."""
        stopped = f"stopped: {self.reason_stopped}" if self.reason_stopped else ""
        return " · ".join(filter(None, (stopped, "concomitant" if self.concomitant else "")))

    @property
    def sentence(self) -> str:
        """All that is known of it."""
        response = f"best response {self.best_response}" if self.best_response else ""
        when = self.bar.when if self.bar else "no dates"
        return ", ".join(filter(None, (f"{self.number} {self.name}", when, response, self.facts)))


@dataclass(frozen=True, slots=True)
class TherapyTimeline:
    """Dated therapies by their beginning, the others by number, the cycles, and the days spanned.

    `span` is None where nothing has a date.
    """

    dated: tuple[TherapyLine, ...] = ()
    undated: tuple[TherapyLine, ...] = ()
    cycles: tuple[CycleMark, ...] = ()
    span: tuple[date, date] | None = None

    @property
    def is_empty(self) -> bool:
        """Whether no therapy is recorded."""
        return not self.dated and not self.undated


def of_patient(reader: Reader, patient_id: int) -> TherapyTimeline:
    """The timeline of a patient's therapies and cycles."""
    marks = [cycle_mark(treatment) for treatment in treatments.of_patient(reader, patient_id)]
    return timeline(given.of_patient(reader, patient_id), marks, _last_contact(reader, patient_id))


def timeline(
    therapies: Sequence[Therapy], cycles: Sequence[CycleMark], last_contact: date | None
) -> TherapyTimeline:
    """The therapies as lines; one that goes on reaches to the last contact."""
    known = [cycle.on for cycle in cycles]
    lines = [_line(therapy, last_contact) for therapy in therapies]
    dated = [(line, covered(line.bar)) for line in lines if line.bar]
    ends = [*known, *(day for _, days in dated for day in days)]
    return TherapyTimeline(
        dated=tuple(line for line, _ in sorted(dated, key=lambda pair: (pair[1], pair[0].number))),
        undated=tuple(line for line in lines if line.bar is None),
        cycles=tuple(cycles),
        span=(min(ends), max(ends)) if ends else None,
    )


def _line(therapy: Therapy, last_contact: date | None) -> TherapyLine:
    has_date = therapy.started_on is not None or therapy.ended_on is not None
    return TherapyLine(
        number=therapy.number,
        name=name_of(therapy),
        bar=therapy_bar(therapy, last_contact) if has_date else None,
        best_response=therapy.best_response,
        reason_stopped=therapy.reason_stopped or "",
        concomitant=therapy.concomitant,
    )


def _last_contact(reader: Reader, patient_id: int) -> date | None:
    """The latest day on which something is recorded of a patient."""
    rows = reader.rows(
        """
        select max(day) as day from (
            select max(given_on) as day from cycle
             where patient_id = :patient_id and deleted_at is null
            union all select max(taken_on) from lab_result
             where patient_id = :patient_id and deleted_at is null
            union all select max(assessed_on) from assessment
             where patient_id = :patient_id and deleted_at is null
            union all select max(onset_on) from toxicity
             where patient_id = :patient_id and deleted_at is null
            union all select max(resolved_on) from toxicity
             where patient_id = :patient_id and deleted_at is null
            union all select max(seen_on) from follow_up
             where patient_id = :patient_id and deleted_at is null
               and status in ('alive', 'dead'))
        """,
        patient_id=patient_id,
    )
    return date.fromisoformat(rows[0]["day"]) if rows[0]["day"] else None

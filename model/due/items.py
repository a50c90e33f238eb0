"""What is due and overdue by the schedule: of one patient, and of all.

It compares dates with the schedule that the casebook holds. It recommends nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from model.dates import MONTHS, shown
from model.due import schedule as due_schedule
from model.due.facts import Facts, Situation, facts_of, facts_of_patient
from model.due.schedule import After, Applies, DueRule, Kind, Schedule
from model.language import _
from model.records.patient_records import PatientRecords
from model.store.reader import Reader

WEEK_DAYS, MONTH_DAYS = 7, 28
"""What is due within a week is to be done now; within four weeks it is worth a word."""


class State(StrEnum):
    """How a day that something is due on lies to today."""

    OVERDUE = "overdue"
    NOW = "due now"
    UPCOMING = "upcoming"


@dataclass(frozen=True, slots=True, kw_only=True)
class DueItem:
    """One thing that is to be done for a patient, and not recorded yet."""

    patient_id: int
    code: str
    """The patient's study code."""
    what: str
    kind: Kind
    cycle: int | None = None
    """Of a cycle, its number."""
    due_on: date
    opens_on: date
    closes_on: date
    """What is recorded from `opens_on` fulfils it; after `closes_on` it is overdue."""
    days: int
    """From today to `due_on`; negative when that has passed."""
    state: State
    rests_on: str
    """What the day is counted from: `14 d after C2, 27 Nov 2023`."""
    last_on: date | None = None
    """When the same was last recorded."""

    @property
    def key(self) -> tuple[int, str]:
        """What tells it from others: there is one of a name for a patient."""
        return self.patient_id, self.what

    @property
    def title(self) -> str:
        """What is due, with the number of a cycle: `Next cycle (C3)`."""
        return f"{self.what} (C{self.cycle})" if self.cycle else self.what

    @property
    def words(self) -> str:
        """How far off it is: `in 7 d`, `today`, `due 2 d ago`, `3 d overdue`."""
        if self.days > 0:
            return f"in {self.days} d"
        if self.days == 0:
            return "today"
        return (
            f"{-self.days} d overdue" if self.state is State.OVERDUE else f"due {-self.days} d ago"
        )

    @property
    def window_text(self) -> str:
        """The days in which a record fulfils it, as a sentence."""
        return _("Counts from {start}; overdue after {end}.").format(
            start=shown(self.opens_on), end=shown(self.closes_on)
        )

    def in_short(self, today: date) -> str:
        """In the two or three words of a row: `C3 due 4 Dec`, `labs overdue`."""
        name = f"C{self.cycle}" if self.cycle else _SHORT[self.kind]
        if self.state is State.OVERDUE:
            return f"{name} overdue"
        return f"{name} due {day_text(self.due_on, today)}"


_SHORT = {
    Kind.LABS: "labs",
    Kind.IMAGING: "scan",
    Kind.FOLLOW_UP: "call",
    Kind.CYCLE: "cycle",
}


def day_text(day: date, today: date) -> str:
    """A day as lists write it: without the year where that is today's, `4 Dec`."""
    return f"{day.day} {MONTHS[day.month - 1]}" if day.year == today.year else shown(day)


def due(schedule: Schedule, facts: Facts, today: date) -> tuple[DueItem, ...]:
    """What is due for one patient, by day; of each name only what is due first.

    Nothing for the dead. Of those out of reach only a follow-up. A repeated rule asks for the
    first day that nothing recorded since fulfils: a later record makes up for an earlier day that
    was missed. The next cycle is due while the patient is on treatment, as it is not recorded how
    many are planned.
    """
    situation = facts.situation(today)
    rules = [rule for rule in schedule if _holds(rule, situation)]
    # Rules about the next cycle come first: others count from it.
    found = [item for rule in rules if (item := _item(rule, facts, today, None)) is not None]
    next_on = min((item.due_on for item in found if item.kind is Kind.CYCLE), default=None)
    if next_on is not None:
        found += [item for rule in rules if (item := _item(rule, facts, today, next_on))]
    first: dict[str, DueItem] = {}
    for item in sorted(found, key=lambda item: (item.due_on, item.title)):
        first.setdefault(item.what, item)
    return tuple(first.values())


def of_patient(records: PatientRecords, today: date) -> tuple[DueItem, ...]:
    """Return what is due for one patient, by day.

    Raises KnownError when the casebook's schedule cannot be read.
    """
    schedule = due_schedule.of_casebook(records.settings)
    return due(schedule, facts_of_patient(records, today), today)


def of_casebook(
    reader: Reader, today: date, patient_ids: Collection[int] | None = None
) -> tuple[DueItem, ...]:
    """What is due for all patients, or for these, by day and code.

    Raises KnownError when the casebook's schedule cannot be read.
    """
    schedule = due_schedule.of_casebook(reader)
    everyone = facts_of(reader, today, patient_ids)
    found = (item for facts in everyone for item in due(schedule, facts, today))
    return tuple(sorted(found, key=lambda item: (item.due_on, item.code, item.title)))


def most_pressing(items: Iterable[DueItem]) -> dict[int, DueItem]:
    """Of each patient what comes first: what is overdue, or else the next within four weeks."""
    first: dict[int, DueItem] = {}

    def urgency(item: DueItem) -> tuple[bool, date, bool]:
        return item.state is not State.OVERDUE, item.due_on, item.kind is not Kind.CYCLE

    for item in sorted(items, key=urgency):
        if item.days <= MONTH_DAYS:
            first.setdefault(item.patient_id, item)
    return first


def _holds(rule: DueRule, situation: Situation) -> bool:
    match situation:
        case Situation.DECEASED:
            return False
        case Situation.OUT_OF_REACH:
            return rule.kind is Kind.FOLLOW_UP
        case _:
            return rule.applies is Applies.ALIVE or rule.applies.value == situation.value


def _item(rule: DueRule, facts: Facts, today: date, next_on: date | None) -> DueItem | None:
    """What a rule asks for now; rules counted from the next cycle only where that is given."""
    if (rule.after is After.NEXT_CYCLE) is not (next_on is not None):
        return None
    counted = _counted_from(rule, facts, next_on)
    if counted is None:
        return None
    start, name = counted
    last = _last(rule, facts)
    offset = _offset(rule, start, last)
    if offset is None:
        return None
    due_on = start + timedelta(days=offset)
    opens_on = due_on - timedelta(days=rule.early)
    closes_on = due_on + timedelta(days=rule.late)
    state = (
        State.OVERDUE if today > closes_on else State.NOW if today >= opens_on else State.UPCOMING
    )
    side = "before" if offset < 0 else "after"
    return DueItem(
        patient_id=facts.patient_id,
        code=facts.code,
        what=rule.what,
        kind=rule.kind,
        cycle=facts.cycle[0] + 1 if rule.kind is Kind.CYCLE and facts.cycle else None,
        due_on=due_on,
        opens_on=opens_on,
        closes_on=closes_on,
        days=(due_on - today).days,
        state=state,
        rests_on=f"{abs(offset)} d {side} {name}, {shown(start)}" if offset else f"On {name}",
        last_on=last,
    )


def _offset(rule: DueRule, start: date, last: date | None) -> int | None:
    """The first day of a rule, counted from `start`, that the last record does not fulfil."""
    opens = rule.day - rule.early
    reached = (last - start).days if last else None
    if reached is None or reached < opens:
        return rule.day
    if rule.every is None:
        return None
    offset = rule.day + ((reached - opens) // rule.every + 1) * rule.every
    return None if rule.until is not None and offset > rule.until else offset


def _counted_from(rule: DueRule, facts: Facts, next_on: date | None) -> tuple[date, str] | None:
    """The day that a rule counts from, and what it was."""
    if rule.after is After.NEXT_CYCLE:
        return (next_on, "the next cycle") if next_on else None
    if rule.after is After.CONTACT:
        missed, seen = facts.missed_on, facts.seen_on
        if missed and (seen is None or missed > seen):
            return missed, "the last attempt"
        return (seen, "the last contact") if seen else None
    if facts.cycle is None:
        return None
    if rule.after is not After.CYCLE and facts.is_alpha is not (rule.after is After.ALPHA_CYCLE):
        return None
    return facts.cycle[1], f"C{facts.cycle[0]}"


def _last(rule: DueRule, facts: Facts) -> date | None:
    """When what a rule asks for was last recorded, whole."""
    match rule.kind:
        case Kind.LABS:
            days = [
                max((facts.measured[key] for key in keys if key in facts.measured), default=None)
                for keys in rule.alternatives
            ]
            known = [day for day in days if day is not None]
            return min(known) if days and len(known) == len(days) else None
        case Kind.IMAGING:
            wanted = [part.casefold() for group in rule.alternatives for part in group]
            return max(
                (
                    day
                    for modality, day in facts.imaged.items()
                    if not wanted or any(part in modality.casefold() for part in wanted)
                ),
                default=None,
            )
        case Kind.FOLLOW_UP:
            return facts.followed_on
        case Kind.CYCLE:
            return facts.cycle[1] if facts.cycle else None

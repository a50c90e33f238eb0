"""List what is due and overdue by the casebook's schedule, for one patient or for all.

The list only compares dates with the schedule. It recommends nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from model.dates import MONTHS, date_text
from model.due import schedule as due_schedule
from model.due.facts import Facts, Situation, facts_of_patient, facts_of_patients
from model.due.schedule import AppliesTo, CountedFrom, DueKind, DueRule, Schedule
from model.language import _
from model.readiness.own_rule_sets import planned_cycles
from model.records.outcome.finished import PlannedCycles
from model.records.patient_records import PatientRecords
from model.store.reader import Reader

WEEK_DAYS, MONTH_DAYS = 7, 28
"""Items due within a week are due now; within four weeks they are shown in the list."""


class DueState(StrEnum):
    """Whether an item is overdue, due now or due later."""

    OVERDUE = "overdue"
    NOW = "due now"
    UPCOMING = "upcoming"


@dataclass(frozen=True, slots=True, kw_only=True)
class DueItem:
    """One thing that is due for a patient and not recorded yet."""

    patient_id: int
    code: str
    """The patient's study code."""
    what: str
    kind: DueKind
    cycle: int | None = None
    """The number of the cycle that is due, if a cycle is."""
    due_on: date
    opens_on: date
    closes_on: date
    """A record from `opens_on` on fulfils it; after `closes_on` it is overdue."""
    days: int
    """The days from today to `due_on`; negative if that has passed."""
    state: DueState
    counted_from: str
    """The event that the day is counted from: `14 d after C2, 27 Nov 2023`."""
    last_on: date | None = None
    """When it was last recorded."""

    @property
    def key(self) -> tuple[int, str]:
        """Patient and name, which identify the item."""
        return self.patient_id, self.what

    @property
    def title(self) -> str:
        """The name of what is due, with the number of a cycle: `Next cycle (C3)`."""
        return f"{self.what} (C{self.cycle})" if self.cycle else self.what

    @property
    def time_text(self) -> str:
        """The time until it is due: `in 7 d`, `today`, `due 2 d ago`, `3 d overdue`."""
        if self.days > 0:
            return _("in {n} d").format(n=self.days)
        if self.days == 0:
            return _("today")
        overdue = self.state is DueState.OVERDUE
        text = _("{n} d overdue") if overdue else _("due {n} d ago")
        return text.format(n=-self.days)

    @property
    def window_text(self) -> str:
        """The days in which a record fulfils it, as a sentence."""
        return _("Counts from {start}; overdue after {end}.").format(
            start=date_text(self.opens_on), end=date_text(self.closes_on)
        )

    def short_text(self, today: date) -> str:
        """Return a very short text: `C3 due 4 Dec`, `labs overdue`."""
        name = f"C{self.cycle}" if self.cycle else _SHORT_NAMES[self.kind]
        if self.state is DueState.OVERDUE:
            return _("{what} overdue").format(what=name)
        return _("{what} due {day}").format(what=name, day=day_text(self.due_on, today))


_SHORT_NAMES = {
    DueKind.LABS: _("labs"),
    DueKind.IMAGING: _("scan"),
    DueKind.FOLLOW_UP: _("call"),
    DueKind.CYCLE: _("cycle"),
}


def day_text(day: date, today: date) -> str:
    """Return a day without the year where that is today's: `4 Dec`."""
    return f"{day.day} {MONTHS[day.month - 1]}" if day.year == today.year else date_text(day)


def find_due(
    schedule: Schedule, facts: Facts, today: date, planned: PlannedCycles | None = None
) -> tuple[DueItem, ...]:
    """Return what is due for one patient, by day; of several items with one name only the first.

    Nothing is due for patients who have died, and only a follow-up for those out of reach. A
    repeated rule is due on its first day that no later record fulfils, as a record also counts for
    earlier days that were missed. The next cycle is due while the patient is on treatment, until an
    end of treatment is recorded or all `planned` cycles were given.
    """
    situation = facts.situation(today)
    is_finished = bool(facts.course.why_finished(planned))
    rules = [
        rule
        for rule in schedule
        if _applies(rule, situation) and not (is_finished and rule.kind is DueKind.CYCLE)
    ]
    # Rules for the next cycle come first: others count from it.
    items = [item for rule in rules if (item := _item(rule, facts, today, None)) is not None]
    next_on = min((item.due_on for item in items if item.kind is DueKind.CYCLE), default=None)
    if next_on is not None:
        items += [item for rule in rules if (item := _item(rule, facts, today, next_on))]
    first: dict[str, DueItem] = {}
    for item in sorted(items, key=lambda item: (item.due_on, item.title)):
        first.setdefault(item.what, item)
    return tuple(first.values())


def of_patient(records: PatientRecords, today: date) -> tuple[DueItem, ...]:
    """Return what is due for one patient, by day.

    Raises KnownError when the casebook's schedule cannot be read.
    """
    schedule = due_schedule.of_casebook(records.settings)
    planned = planned_cycles(records.settings)
    return find_due(schedule, facts_of_patient(records, today), today, planned)


def of_casebook(
    reader: Reader, today: date, patient_ids: Collection[int] | None = None
) -> tuple[DueItem, ...]:
    """Return what is due for all patients, or for these, by day and code.

    Raises KnownError when the casebook's schedule cannot be read.
    """
    schedule = due_schedule.of_casebook(reader)
    everyone = facts_of_patients(reader, today, patient_ids)
    planned = planned_cycles(reader)
    items = (item for facts in everyone for item in find_due(schedule, facts, today, planned))
    return tuple(sorted(items, key=lambda item: (item.due_on, item.code, item.title)))


def most_pressing(items: Iterable[DueItem]) -> dict[int, DueItem]:
    """Return each patient's first item: an overdue one, or else the next within four weeks."""
    first: dict[int, DueItem] = {}

    def urgency(item: DueItem) -> tuple[bool, date, bool]:
        return item.state is not DueState.OVERDUE, item.due_on, item.kind is not DueKind.CYCLE

    for item in sorted(items, key=urgency):
        if item.days <= MONTH_DAYS:
            first.setdefault(item.patient_id, item)
    return first


def _applies(rule: DueRule, situation: Situation) -> bool:
    match situation:
        case Situation.DECEASED:
            return False
        case Situation.OUT_OF_REACH:
            return rule.kind is DueKind.FOLLOW_UP
        case _:
            return rule.applies is AppliesTo.ALIVE or rule.applies.value == situation.value


def _item(rule: DueRule, facts: Facts, today: date, next_on: date | None) -> DueItem | None:
    """Return what is due by a rule; one counted from the next cycle needs `next_on`."""
    if (rule.after is CountedFrom.NEXT_CYCLE) is not (next_on is not None):
        return None
    event = _start_event(rule, facts, next_on)
    if event is None:
        return None
    start, name = event
    last = _last_record(rule, facts)
    offset = _offset(rule, start, last)
    if offset is None:
        return None
    due_on = start + timedelta(days=offset)
    opens_on = due_on - timedelta(days=rule.early)
    closes_on = due_on + timedelta(days=rule.late)
    state = (
        DueState.OVERDUE
        if today > closes_on
        else DueState.NOW
        if today >= opens_on
        else DueState.UPCOMING
    )
    text = _("{n} d before {event}, {date}") if offset < 0 else _("{n} d after {event}, {date}")
    text = text if offset else _("On {event}")
    return DueItem(
        patient_id=facts.patient_id,
        code=facts.code,
        what=rule.what,
        kind=rule.kind,
        cycle=facts.cycle[0] + 1 if rule.kind is DueKind.CYCLE and facts.cycle else None,
        due_on=due_on,
        opens_on=opens_on,
        closes_on=closes_on,
        days=(due_on - today).days,
        state=state,
        counted_from=text.format(n=abs(offset), event=name, date=date_text(start)),
        last_on=last,
    )


def _offset(rule: DueRule, start: date, last: date | None) -> int | None:
    """Return the first day of a rule, from `start`, that the last record does not fulfil."""
    opens = rule.day - rule.early
    last_offset = (last - start).days if last else None
    if last_offset is None or last_offset < opens:
        return rule.day
    if rule.every is None:
        return None
    offset = rule.day + ((last_offset - opens) // rule.every + 1) * rule.every
    return None if rule.until is not None and offset > rule.until else offset


def _start_event(rule: DueRule, facts: Facts, next_on: date | None) -> tuple[date, str] | None:
    """Return the day that a rule counts from, and the name of the event on it."""
    if rule.after is CountedFrom.NEXT_CYCLE:
        return (next_on, _("the next cycle")) if next_on else None
    if rule.after is CountedFrom.CONTACT:
        missed, seen = facts.missed_on, facts.seen_on
        if missed and (seen is None or missed > seen):
            return missed, _("the last attempt")
        return (seen, _("the last contact")) if seen else None
    if facts.cycle is None:
        return None
    if rule.after is not CountedFrom.CYCLE and facts.is_alpha is not (
        rule.after is CountedFrom.ALPHA_CYCLE
    ):
        return None
    return facts.cycle[1], f"C{facts.cycle[0]}"


def _last_record(rule: DueRule, facts: Facts) -> date | None:
    """Return the last record that fulfils a rule; of several needs, the one longest ago."""
    match rule.kind:
        case DueKind.LABS:
            days = [
                max((facts.measured[key] for key in keys if key in facts.measured), default=None)
                for keys in rule.alternatives
            ]
            known = [day for day in days if day is not None]
            return min(known) if days and len(known) == len(days) else None
        case DueKind.IMAGING:
            names = [part.casefold() for group in rule.alternatives for part in group]
            return max(
                (
                    day
                    for modality, day in facts.imaged.items()
                    if not names or any(part in modality.casefold() for part in names)
                ),
                default=None,
            )
        case DueKind.FOLLOW_UP:
            return facts.followed_on
        case DueKind.CYCLE:
            return facts.cycle[1] if facts.cycle else None

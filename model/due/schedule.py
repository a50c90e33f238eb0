"""When results, imaging, follow-up and the next cycle are due: a schedule, kept by the casebook.

A casebook that holds none uses the customary one of `resources/due_schedule.csv`, which is no
guideline: every centre sets its own.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from functools import cache
from typing import Any

from model.errors import InvalidRecord, KnownError
from model.records.life import non_empty
from model.reference.tables import rows
from model.store.settings import SettingsSource, save_setting, setting
from model.store.step import Step

DUE_SCHEDULE = "due_schedule"
"""The setting that holds a casebook's own schedule, as JSON."""
FARTHEST = 3650
"""Days that a rule may reach: ten years."""
_TOO_FAR = f"A rule reaches at most {FARTHEST} days."


class Kind(StrEnum):
    """What fulfils a rule."""

    LABS = "labs"
    IMAGING = "imaging"
    FOLLOW_UP = "follow_up"
    CYCLE = "cycle"


class After(StrEnum):
    """What a rule counts its days from; of several, the latest."""

    CYCLE = "cycle"
    ALPHA_CYCLE = "alpha cycle"
    """A cycle in which an alpha emitter was given."""
    BETA_CYCLE = "beta cycle"
    """A cycle in which none was."""
    CONTACT = "contact"
    """Whatever was last recorded of the patient with a date, an attempt to reach them included."""
    NEXT_CYCLE = "next cycle"
    """The day on which the next cycle is due by another rule; days before it are negative."""


class Applies(StrEnum):
    """Of whom a rule holds; of the dead none does."""

    ON_TREATMENT = "on treatment"
    AFTER_TREATMENT = "after treatment"
    ALIVE = "alive"


@dataclass(frozen=True, slots=True, kw_only=True)
class DueRule:
    """One line of the schedule. Rules called alike are about the same thing: the earliest counts.

    Days are counted from `after`: first on `day`, then `every` so many days, at most on `until`.
    What was recorded up to `early` days before fulfils it; from `late` days after on, it is
    overdue.
    """

    what: str
    kind: Kind
    needs: str = ""
    """Of labs: the analytes that are to be measured, by key, `|` between those of which one will
    do (`hb, plt, anc|wbc`). Of imaging: a part of the modality's name, `|` between alternatives;
    empty for any."""
    after: After
    day: int
    every: int | None = None
    until: int | None = None
    early: int = 0
    late: int = 0
    applies: Applies
    remark: str = ""
    """Where the rule comes from."""

    @property
    def alternatives(self) -> tuple[tuple[str, ...], ...]:
        """What is needed: one of each group."""
        groups = self.needs.split(",") if self.kind is Kind.LABS else [self.needs]
        parts = (tuple(filter(None, map(str.strip, group.split("|")))) for group in groups)
        return tuple(filter(None, parts))

    def problems(self) -> dict[str, str]:
        """Why this rule may not be kept, by field; empty when it may."""
        before = self.after is After.NEXT_CYCLE
        return non_empty(
            what=None if self.what.strip() else "A rule needs a name for what is due.",
            needs="Name the analytes that are to be measured."
            if self.kind is Kind.LABS and not any(self.alternatives)
            else None,
            after=self._problem_of_after(),
            day=_TOO_FAR
            if abs(self.day) > FARTHEST
            else "Days before the next cycle are written with a minus: -7."
            if before and self.day > 0
            else "The first day lies after what it counts from."
            if not before and self.day < 1
            else None,
            every=self._problem_of_every(),
            until="There is nothing to end: the rule is not repeated."
            if self.until is not None and self.every is None
            else "The last day is not before the first."
            if self.until is not None and self.until < self.day
            else None,
            early="Days are not negative."
            if self.early < 0
            else _TOO_FAR
            if self.early > FARTHEST
            else "What was recorded on the day itself would count already."
            if not before and self.early >= self.day > 0
            else None,
            late="Days are not negative."
            if self.late < 0
            else _TOO_FAR
            if self.late > FARTHEST
            else None,
        )

    def _problem_of_after(self) -> str | None:
        if self.kind is Kind.CYCLE and self.after in (After.CONTACT, After.NEXT_CYCLE):
            return "The next cycle is counted from a cycle."
        return None

    def _problem_of_every(self) -> str | None:
        if self.every is None:
            return None
        if self.after is After.NEXT_CYCLE or self.kind is Kind.CYCLE:
            return "There is one next cycle only: leave this empty."
        if self.every < 1:
            return "A rule is repeated after one day at the earliest."
        if self.every > FARTHEST:
            return _TOO_FAR
        if self.every <= self.early:
            return "What fulfils one day would fulfil the next one too: repeat later."
        return None


Schedule = tuple[DueRule, ...]


@cache
def usual() -> Schedule:
    """The customary schedule that comes with the program."""
    return tuple(_rule({**row}) for row in rows("due_schedule.csv"))


def of_casebook(source: SettingsSource) -> Schedule:
    """The schedule that a casebook goes by; raises KnownError when it cannot be read."""
    kept = setting(source, DUE_SCHEDULE)
    return usual() if kept is None else read(kept)


def keep(step: Step, schedule: Sequence[DueRule]) -> None:
    """Let the casebook go by a schedule; raises InvalidRecord for a rule that may not be kept."""
    for rule in schedule:
        if problems := rule.problems():
            raise InvalidRecord(problems)
    save_setting(step, DUE_SCHEDULE, written(schedule))


def written(schedule: Sequence[DueRule]) -> str:
    """A schedule as the setting holds it."""
    return json.dumps([asdict(rule) for rule in schedule], ensure_ascii=False)


def read(text: str) -> Schedule:
    """The schedule that a setting holds; raises KnownError when it cannot be read."""
    try:
        listed = json.loads(text)
        if not isinstance(listed, list):
            raise TypeError("A schedule is a list of rules.")
        schedule = tuple(_rule(one) for one in listed)
    except (
        *(ValueError, TypeError, KeyError, AttributeError),
        *(OverflowError, RecursionError),
    ) as error:
        raise KnownError(_UNREADABLE) from error
    if any(rule.problems() for rule in schedule):
        raise KnownError(_UNREADABLE)
    return schedule


def problem_of_setting(name: str, value: str) -> str | None:
    """Why a setting of this module holds what cannot be read, if it does."""
    if name != DUE_SCHEDULE:
        return None
    try:
        read(value)
    except KnownError:
        return "The due schedule cannot be read."
    return None


_UNREADABLE = (
    "The schedule of this casebook cannot be read, so nothing can be said to be due."
    " Set it anew under Settings."
)


def _rule(row: dict[str, Any]) -> DueRule:
    """A rule from a line of the table or of the setting; unknown columns are passed over."""
    return DueRule(
        what=str(row["what"]),
        kind=Kind(row["kind"]),
        needs=str(row.get("needs") or ""),
        after=After(row["after"]),
        day=int(row["day"]),
        every=_number(row.get("every")),
        until=_number(row.get("until")),
        early=int(row.get("early") or 0),
        late=int(row.get("late") or 0),
        applies=Applies(row["applies"]),
        remark=str(row.get("remark") or ""),
    )


def _number(value: object) -> int | None:
    return None if value in (None, "") else int(str(value))

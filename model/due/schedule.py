"""The schedule of a casebook, by which results, imaging, follow-up and the next cycle are due.

A casebook without a schedule uses the default in `resources/due_schedule.csv`. It reflects common
practice and is not a guideline: each centre sets its own.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from functools import cache
from typing import Any

from model.errors import InvalidRecord, KnownError
from model.language import _
from model.reference.tables import rows
from model.store.settings import SettingsSource, save_setting, setting
from model.store.step import Step

DUE_SCHEDULE = "due_schedule"
"""The setting with a casebook's own schedule, as JSON."""
FARTHEST = 3650
"""The highest number of days in a rule: ten years."""
_TOO_FAR = _("A rule counts at most {n} days.").format(n=FARTHEST)


class DueKind(StrEnum):
    """The kind of record that fulfils a rule."""

    LABS = "labs"
    IMAGING = "imaging"
    FOLLOW_UP = "follow_up"
    CYCLE = "cycle"


class CountedFrom(StrEnum):
    """The event that a rule counts its days from; the latest of its kind."""

    CYCLE = "cycle"
    ALPHA_CYCLE = "alpha cycle"
    """A cycle with an alpha emitter."""
    BETA_CYCLE = "beta cycle"
    """A cycle without one."""
    CONTACT = "contact"
    """The patient's last dated record, or a later attempt to reach them."""
    NEXT_CYCLE = "next cycle"
    """The day on which another rule makes the next cycle due; days before it are negative."""


class AppliesTo(StrEnum):
    """The patients that a rule applies to, which never include those who have died."""

    ON_TREATMENT = "on treatment"
    AFTER_TREATMENT = "after treatment"
    ALIVE = "alive"


@dataclass(frozen=True, slots=True, kw_only=True)
class DueRule:
    """One rule of the schedule. Of rules with the same name, the one due first counts.

    Days are counted from the event `after`. The rule is due on `day`, and then every `every` days
    up to `until`. A record up to `early` days before the due day fulfils it; `late` days after that
    day it becomes overdue.
    """

    what: str
    kind: DueKind
    needs: str = ""
    """For labs: the analytes to be measured, by key, with `|` between alternatives (`hb, plt,
    anc|wbc`). For imaging: a part of the modality's name, with `|` between alternatives; empty for
    any."""
    after: CountedFrom
    day: int
    every: int | None = None
    until: int | None = None
    early: int = 0
    late: int = 0
    applies: AppliesTo
    remark: str = ""
    """Where the rule comes from."""

    @property
    def alternatives(self) -> tuple[tuple[str, ...], ...]:
        """The groups of alternatives: one of each group is needed."""
        groups = self.needs.split(",") if self.kind is DueKind.LABS else [self.needs]
        parts = (tuple(filter(None, map(str.strip, group.split("|")))) for group in groups)
        return tuple(filter(None, parts))

    def problems(self) -> dict[str, str]:
        """Return why this rule may not be saved, by field; empty when it may."""
        is_before = self.after is CountedFrom.NEXT_CYCLE
        is_cycle = self.kind is DueKind.CYCLE
        every, until, day = self.every, self.until, self.day
        problems: dict[str, str] = {}

        def check(field: str, is_wrong: bool, sentence: str) -> None:
            if is_wrong:
                problems.setdefault(field, sentence)

        has_no_analytes = self.kind is DueKind.LABS and not any(self.alternatives)
        is_not_after_cycle = is_cycle and self.after in (
            CountedFrom.CONTACT,
            CountedFrom.NEXT_CYCLE,
        )
        check("what", not self.what.strip(), _("A rule needs a name for what is due."))
        check("needs", has_no_analytes, _("Name the analytes to be measured."))
        check("after", is_not_after_cycle, _("The next cycle is counted from a cycle."))
        check("day", abs(day) > FARTHEST, _TOO_FAR)
        text = _("Days before the next cycle are written with a minus: -7.")
        check("day", is_before and day > 0, text)
        text = _("The first day must be after the event it is counted from.")
        check("day", not is_before and day < 1, text)
        if every is not None:
            text = _("There is only one next cycle: leave this empty.")
            check("every", is_before or is_cycle, text)
            check("every", every < 1, _("A rule is repeated after at least one day."))
            check("every", every > FARTHEST, _TOO_FAR)
            text = _("A record for one day would also fulfil the next: repeat later.")
            check("every", every <= self.early, text)
        if until is not None:
            check("until", every is None, _("The rule is not repeated: leave this empty."))
            check("until", until < day, _("The last day cannot be before the first."))
        for field, days in (("early", self.early), ("late", self.late)):
            check(field, days < 0, _("Days cannot be negative."))
            check(field, days > FARTHEST, _TOO_FAR)
        text = _("A record on the day it is counted from would already fulfil it.")
        check("early", not is_before and self.early >= day > 0, text)
        return problems


Schedule = tuple[DueRule, ...]


@cache
def default_schedule() -> Schedule:
    """Return the schedule that comes with the program."""
    return tuple(_rule({**row}) for row in rows("due_schedule.csv"))


def of_casebook(source: SettingsSource) -> Schedule:
    """Return the schedule of a casebook; raises KnownError when it cannot be read."""
    text = setting(source, DUE_SCHEDULE)
    return default_schedule() if text is None else from_json(text)


def save(step: Step, schedule: Sequence[DueRule]) -> None:
    """Save a casebook's schedule; raises InvalidRecord for a rule that may not be saved."""
    for rule in schedule:
        if problems := rule.problems():
            raise InvalidRecord(problems)
    save_setting(step, DUE_SCHEDULE, to_json(schedule))


def to_json(schedule: Sequence[DueRule]) -> str:
    """Return a schedule as the setting stores it."""
    return json.dumps([asdict(rule) for rule in schedule], ensure_ascii=False)


def from_json(text: str) -> Schedule:
    """Return the schedule that a setting stores; raises KnownError when it cannot be read."""
    try:
        rules = json.loads(text)
        if not isinstance(rules, list):
            raise TypeError("A schedule is a list of rules.")
        schedule = tuple(map(_rule, rules))
    except (
        *(ValueError, TypeError, KeyError, AttributeError),
        *(OverflowError, RecursionError),
    ) as error:
        raise KnownError(_UNREADABLE) from error
    if any(rule.problems() for rule in schedule):
        raise KnownError(_UNREADABLE)
    return schedule


def problem_of_setting(name: str, value: str) -> str | None:
    """Return why the setting with the schedule cannot be read; None if it can, or for others."""
    if name != DUE_SCHEDULE:
        return None
    try:
        from_json(value)
    except KnownError:
        return _("The due schedule cannot be read.")
    return None


_UNREADABLE = _(
    "The schedule of this casebook cannot be read, so nothing is shown as due."
    " Set it again in the settings."
)


def _rule(row: dict[str, Any]) -> DueRule:
    """Return a rule from a row of the table or of the setting; unknown columns are ignored."""
    return DueRule(
        what=str(row["what"]),
        kind=DueKind(row["kind"]),
        needs=str(row.get("needs") or ""),
        after=CountedFrom(row["after"]),
        day=int(row["day"]),
        every=_number(row.get("every")),
        until=_number(row.get("until")),
        early=int(row.get("early") or 0),
        late=int(row.get("late") or 0),
        applies=AppliesTo(row["applies"]),
        remark=str(row.get("remark") or ""),
    )


def _number(value: object) -> int | None:
    return None if value in (None, "") else int(str(value))

"""The dates of a patient's life and treatment: birth, T0, age, vital status, on treatment.

Each rule is defined here once: for the records of one patient, and where many patients are read at
a time, as SQL or on columns next to it. A property test holds the forms equal.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any, Literal, Protocol

from model.dates import Day, PartialDate, is_before
from model.language import _
from model.store.reader import Reader
from model.store.rows import stored_date

if TYPE_CHECKING:
    import pandas as pd

ON_TREATMENT_DAYS = 182
"""A patient counts as on treatment for this many days after a cycle."""

DEATHS = """
    select patient_id, min(seen_on) as died_on from follow_up
     where deleted_at is null and status = 'dead' group by patient_id
"""
"""SQL: the day of death of each patient who died, as in `vital`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Life:
    """When a patient was born, was treated and died, as far as it is known."""

    born_on: PartialDate | None = None
    died_on: date | None = None
    seen_alive_on: date | None = None
    """The last follow-up at which the patient was alive."""
    cycles: tuple[tuple[int, date], ...] = ()
    """Number and date of each cycle, by number."""

    @property
    def first_cycle_on(self) -> date | None:
        """The date of the first cycle, if there was one."""
        return min((given_on for _number, given_on in self.cycles), default=None)

    def problem_of(self, when: Day | None) -> str | None:
        """Return why nothing can be recorded for that time: before birth or after death."""
        if is_before(when, self.born_on):
            return _("This is before the patient was born.")
        if is_before(self.died_on, when):
            return _("The patient had died before this date.")
        return None


@dataclass(frozen=True, slots=True)
class Vital:
    """Vital status: `status` alive, dead or unknown as the follow-ups have it, and its date."""

    status: Literal["alive", "dead", "unknown"]
    last_on: date | None
    """The day of death, or the last day that the patient is known to have been alive."""


class Seen(Protocol):
    """What vital status needs of a follow-up."""

    @property
    def status(self) -> str:
        """`alive`, `dead` or `unknown`."""
        ...

    @property
    def seen_on(self) -> date:
        """The day of the status."""
        ...


def vital(follow_ups: Iterable[Seen], alive_on: date | None = None) -> Vital:
    """Return vital status and its date; a death counts before any other follow-up.

    `alive_on` is the last day on which any record shows the patient alive: see `last_alive`. It
    dates the status of the living, also where no follow-up states it.
    """
    seen = [*follow_ups]
    if dead := [each.seen_on for each in seen if each.status == "dead"]:
        return Vital("dead", min(dead))
    alive = [each.seen_on for each in seen if each.status == "alive"]
    last_on = max([*alive, *([alive_on] if alive_on else [])], default=None)
    return Vital("alive" if alive else "unknown", last_on)


def died_on(follow_ups: Iterable[Seen]) -> date | None:
    """Return the day of death, as `vital` has it; None of the living."""
    now = vital(follow_ups)
    return now.last_on if now.status == "dead" else None


def seen_alive_on(follow_ups: Iterable[Seen]) -> date | None:
    """Return the last day a patient was seen alive, also of one who died later."""
    return max((each.seen_on for each in follow_ups if each.status == "alive"), default=None)


def vital_columns(
    follow_ups: pd.DataFrame, patients: pd.Index, alive_on: pd.Series | None = None
) -> tuple[pd.Series, pd.Series]:
    """Return `vital` of many patients: status and date, by patient.

    `follow_ups` has the columns patient_id, status and seen_on (datetime); `alive_on` has the last
    day alive by any record, by patient.
    """
    by_status = {
        status: follow_ups[follow_ups["status"] == status].groupby("patient_id")["seen_on"]
        for status in ("dead", "alive")
    }
    died = by_status["dead"].min().reindex(patients)
    seen = by_status["alive"].max().reindex(patients)
    status = seen.notna().map({True: "alive", False: "unknown"})
    last_on = seen
    if alive_on is not None:
        last_on = seen.where(~(alive_on > seen), alive_on).fillna(alive_on)
    return status.where(died.isna(), "dead"), died.fillna(last_on)


def t0(chosen_on: date | None, first_cycle_on: date | None) -> date | None:
    """Return T0, day zero of a patient's follow-up: the day chosen, otherwise the first cycle."""
    return chosen_on or first_cycle_on


def t0_column(chosen_on: pd.Series, first_cycle_on: pd.Series) -> pd.Series:
    """Return `t0` of many patients."""
    return chosen_on.fillna(first_cycle_on)


def age_on(born_on: PartialDate, day: date) -> int:
    """Return the age in whole years on a day; of a partial date of birth, by its first day."""
    born = born_on.earliest
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def age_then(
    born_on: PartialDate | None, age_at_index: int | None, index_on: date | None, day: date
) -> tuple[int, bool] | None:
    """Return the age in whole years on a day, and whether it is approximate; None if not known.

    From the date of birth; a partial one counts as its first day. Without one, from the age at T0
    and the whole years between.
    """
    if born_on:
        return age_on(born_on, day), born_on.day is None
    if age_at_index is None or index_on is None:
        return None
    earlier, later = sorted((index_on, day))
    not_yet = (later.month, later.day) < (earlier.month, earlier.day)
    years = later.year - earlier.year - not_yet
    return age_at_index + (years if day >= index_on else -years), True


def age_at_t0(
    recorded: int | None, born_on: PartialDate | None, index_on: date | None
) -> int | None:
    """Return the age at T0: by the date of birth where both are known, otherwise as recorded."""
    return age_on(born_on, index_on) if born_on and index_on else recorded


@dataclass(frozen=True, slots=True, kw_only=True)
class Age:
    """How old a patient is, or was at death, and at T0; in whole years, as far as it is known."""

    years: int | None = None
    is_approximate: bool = False
    """Whether it may be a year off, for want of the day of birth."""
    is_at_death: bool = False
    at_t0: int | None = None

    @property
    def text(self) -> str:
        """The age in words: `58 y`, `about 58 y`, `55 y at death`; `51 y at T0` if that is all."""
        if self.years is None:
            return "" if self.at_t0 is None else _("{age} y at T0").format(age=self.at_t0)
        if self.is_at_death:
            text = _("about {age} y at death") if self.is_approximate else _("{age} y at death")
        else:
            text = _("about {age} y") if self.is_approximate else _("{age} y")
        return text.format(age=self.years)

    @property
    def long_text(self) -> str:
        """The age in words, with that at T0 where it is another: `58 y (51 y at T0)`."""
        if self.at_t0 is None or self.years in (None, self.at_t0):
            return self.text
        return _("{age} ({at_t0} y at T0)").format(age=self.text, at_t0=self.at_t0)

    @property
    def short_text(self) -> str:
        """The age for a narrow column: `58`, or `51 at T0` if that is all that is known."""
        if self.years is not None:
            return f"{self.years}"
        return "" if self.at_t0 is None else _("{age} at T0").format(age=self.at_t0)


def age_of(
    born_on: PartialDate | None,
    age_at_index: int | None,
    index_on: date | None,
    *,
    died_on: date | None,
    today: date,
) -> Age:
    """Return the age today, or at a death before, with the age at T0 (see `age_then`)."""
    has_died = died_on is not None and died_on <= today
    age = age_then(born_on, age_at_index, index_on, died_on if died_on and has_died else today)
    years, is_approximate = age or (None, False)
    return Age(
        years=years,
        is_approximate=is_approximate,
        is_at_death=has_died,
        at_t0=age_at_t0(age_at_index, born_on, index_on),
    )


def is_on_treatment(last_cycle_on: date | None, ended_on: date | None, today: date) -> bool:
    """Return whether a living patient is on treatment.

    They had a cycle in the last 182 days, and nothing on or after its day ended the treatment:
    `ended_on` is the last assessment at its end, or the last end of treatment, whichever is later.
    """
    if last_cycle_on is None or last_cycle_on < today - timedelta(days=ON_TREATMENT_DAYS):
        return False
    return ended_on is None or ended_on < last_cycle_on


def life_of(reader: Reader, patient_id: int | None) -> Life:
    """Return a patient's dates in one query; empty for one not saved yet."""
    [dates] = reader.rows(
        """
        select min(seen_on) filter (where status = 'dead') as died_on,
               max(seen_on) filter (where status = 'alive') as seen_alive_on,
               (select born_on from identity
                 where patient_id = :patient_id and deleted_at is null) as born_on,
               (select json_group_array(json_array(number, given_on) order by number) from cycle
                 where patient_id = :patient_id and deleted_at is null) as cycles
          from follow_up
         where patient_id = :patient_id and deleted_at is null
        """,
        patient_id=patient_id,
    )
    return Life(
        born_on=PartialDate.parse(dates["born_on"]) if dates["born_on"] else None,
        died_on=_day(dates, "died_on"),
        seen_alive_on=_day(dates, "seen_alive_on"),
        cycles=tuple(
            (number, stored_date(given_on, "given_on"))
            for number, given_on in json.loads(dates["cycles"])
        ),
    )


def _day(row: Mapping[str, Any], column: str) -> date | None:
    return stored_date(row[column], column) if row[column] else None

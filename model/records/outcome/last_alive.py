"""The last day that a patient is known to have been alive: the last dated record of the living.

Every dated record that must lie within a life proves it: a cycle, an administration, a laboratory
result, an assessment or key image, onset and end of a toxicity, a biopsy, a metastasis, start and
end of a therapy, a statement on quality of life, and a follow-up that found the patient alive. What
may be recorded of somebody who was not seen proves nothing: a note, a follow-up in vain, an end of
treatment, T0 and the date of diagnosis. Neither does a date of which only the month or the year is
known.

The rule has three forms, for the records of a patient, for all records of a casebook in memory,
and as SQL; a property test holds them equal. Death, which ends a life, is a matter of `life.vital`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date
from functools import cache
from typing import TYPE_CHECKING

from model.dates import PartialDate
from model.records.administrations import Administration
from model.records.cycles import Cycle
from model.records.followups import FollowUp
from model.records.images import KeyImage
from model.records.kinds import BY_RECORD, KINDS
from model.records.notes import QualityOfLife
from model.records.outcome.ends_of_treatment import EndOfTreatment
from model.store.reader import Reader
from model.store.rows import Record, stored_date

if TYPE_CHECKING:
    from model.records.contents import Contents

_ALIVE = "alive"


@cache
def _columns(record: type[Record]) -> tuple[str, ...]:
    """The fields whose date proves life."""
    if record is EndOfTreatment:
        return ()
    if record in (Administration, FollowUp):
        return (BY_RECORD[record].undated or "",)
    return tuple(name for name, _words in BY_RECORD[record].dated)


def days_of(records: Iterable[Record]) -> Iterator[date]:
    """Yield the days on which these records show that the patient was alive."""
    for record in records:
        if isinstance(record, FollowUp) and record.status != _ALIVE:
            continue
        for name in _columns(type(record)):
            day = getattr(record, name)
            if isinstance(day, PartialDate):
                day = day.earliest if day.earliest == day.latest else None
            if day is not None:
                yield day


def of_contents(contents: Contents) -> dict[int, date]:
    """Return the last day of each patient who has one, by id."""
    patient_of_cycle = {cycle.id: cycle.patient_id for cycle in contents.of(Cycle)}
    last: dict[int, date] = {}
    for record in contents.records():
        for day in days_of((record,)):
            key = getattr(record, "patient_id", 0)
            if isinstance(record, Administration):
                key = patient_of_cycle.get(record.cycle_id, 0)
            last[key] = max(last.get(key, day), day)
    return last


def of_casebook(reader: Reader) -> dict[int, date]:
    """Return the last day of each patient who has one, by id, in one query."""
    return {patient_id: last for patient_id, (_first, last) in spans(reader).items()}


def spans(reader: Reader) -> dict[int, tuple[date, date]]:
    """Return the first and the last day of each patient who has any, by id, in one query."""
    return {
        row["patient_id"]: (stored_date(row["first"], "first"), stored_date(row["last"], "last"))
        for row in reader.rows(_SPANS)
    }


def other_days(reader: Reader, patient_id: int) -> tuple[date, ...]:
    """Return the days of a patient's key images and statements on quality of life."""
    rows = reader.rows(_OTHER_DAYS, patient_id=patient_id)
    return tuple(stored_date(row["day"], "day") for row in rows)


def _selects() -> Iterator[str]:
    for kind in KINDS:
        owner = kind.table
        sql = f" from {kind.table}"
        if kind.parent is Cycle:
            owner = Cycle.TABLE
            sql += f" join {owner} on {owner}.id = {owner}_id and {owner}.deleted_at is null"
        sql += f" where {kind.table}.deleted_at is null"
        if kind.record is FollowUp:
            sql += f" and status = '{_ALIVE}'"
        for column in _columns(kind.record):
            yield f"select {owner}.patient_id, {kind.table}.{column} as day{sql}"


_SPANS = f"""
    select patient_id, min(day) as first, max(day) as last
      from ({" union all ".join(_selects())})
     where length(day) = 10
     group by patient_id
     order by patient_id
    """
"""A date of which only the month or the year is known is shorter."""

_OTHER_DAYS = " union ".join(
    f"select {column} as day from {record.TABLE}"
    f" where patient_id = :patient_id and deleted_at is null and {column} is not null"
    for record, column in ((KeyImage, "taken_on"), (QualityOfLife, "stated_on"))
)

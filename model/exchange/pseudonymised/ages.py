"""Ages as a pseudonymised export tells them: none from which an age over 89 can be reckoned.

Days since day zero stand beside the age at it, so that whoever was over 89 on any recorded day is
told as 90+ throughout (45 CFR 164.514(b)(2), Safe Harbor).
"""

from collections.abc import Collection, Iterator, Mapping
from datetime import date
from typing import Any

from model.cohort.labs.results import LabColumns
from model.dates import PartialDate
from model.records import contents, without_identity
from model.records.contents import Contents
from model.records.cycles import Cycle
from model.records.kinds import KINDS
from model.records.life import Life, age_on, t0
from model.records.patients import Patient
from model.store.rows import field_types

_DATES = (date, PartialDate)
_DAYS_A_YEAR = 365.2425


def days_of(recorded: Contents, results: LabColumns) -> Iterator[tuple[int, date]]:
    """Every whole date of the records, with the id of the patient whose it is.

    Of the laboratory results of each patient, the first and the last.

    A date of which only the year or month is known is none of them: counted from its first day,
    the days since would tell the day of the year of all others.
    """
    whose = {cycle.id: cycle.patient_id for cycle in recorded.of(Cycle)}
    known = {patient.id for patient in recorded.of(Patient)}
    yield from ((key, day) for key, day in results.first_and_last() if key in known)
    for kind in KINDS:
        if kind.nameless is None:
            continue
        names = [name for name, held in field_types(kind.record).items() if held in _DATES]
        for record in recorded.of(kind.record):
            row: Any = record
            key = row.id if kind.parent is None else getattr(row, "patient_id", None)
            for name in names:
                day = getattr(row, name)
                if isinstance(day, PartialDate):
                    day = day.earliest if day.day else None
                if day is not None:
                    yield key or whose[row.cycle_id], day


def over_89(recorded: Contents, results: LabColumns) -> frozenset[int]:
    """The ids of the patients who were over 89 at T0 or on the last day that is recorded."""
    lives = contents.lives(recorded)
    last: dict[int, date] = {}
    for key, day in days_of(recorded, results):
        last[key] = max(last.get(key, day), day)
    return frozenset(
        patient.id or 0
        for patient in recorded.of(Patient)
        if _oldest_age(patient, lives[patient.id], last.get(patient.id or 0))
        > without_identity.OLDEST
    )


def age_at(patient: Patient, life: Life, day_zero: date | None) -> int | None:
    """Age on day zero; the age that is recorded is that at T0, and holds for no other day."""
    index_on = t0(patient.index_on, life.first_cycle_on)
    if life.born_on and (day_zero or index_on):
        return age_on(life.born_on, day_zero or index_on or date.min)
    return patient.age_at_index if index_on is None or day_zero in (None, index_on) else None


def texts(
    recorded: Contents, oldest: Collection[int], days_zero: Mapping[int, date]
) -> dict[int, str | None]:
    """The age of each patient on day zero as it is told, by the patient's id.

    `oldest` are the ids that `over_89` gives.
    """
    lives = contents.lives(recorded)
    told: dict[int, str | None] = {}
    for patient in recorded.of(Patient):
        key = patient.id or 0
        age = age_at(patient, lives[patient.id], days_zero.get(key))
        if age is not None and key in oldest:
            age = without_identity.OLDEST + 1
        told[key] = without_identity.age_text(age)
    return told


def _oldest_age(patient: Patient, life: Life, last_on: date | None) -> float:
    index_on = t0(patient.index_on, life.first_cycle_on)
    days = [day for day in (index_on, last_on) if day]
    if life.born_on and days:
        return age_on(life.born_on, max(days))
    age = patient.age_at_index or 0
    return age + (max(days) - index_on).days // _DAYS_A_YEAR if index_on else age

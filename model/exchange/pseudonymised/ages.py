"""Ages in a pseudonymised export: none from which an age over 89 could be computed.

Days since day zero are next to the age on day zero, so whoever was over 89 on any recorded day is
90+ throughout (45 CFR 164.514(b)(2), Safe Harbor).
"""

from collections.abc import Collection, Iterator, Mapping
from datetime import date
from typing import Any

from model.cohort.labs.results import LabColumns
from model.dates import PartialDate
from model.records import contents, without_identity
from model.records.contents import Contents
from model.records.cycles import Cycle
from model.records.kinds import pseudonymised_kinds
from model.records.life import Life, age_on, t0
from model.records.patients import Patient
from model.store.rows import field_types

_DATES = (date, PartialDate)
_DAYS_A_YEAR = 365.2425


def days_of(records: Contents, results: LabColumns) -> Iterator[tuple[int, date]]:
    """Yield every whole date of the records with its patient's id.

    Of a patient's laboratory results, only the first and the last date. A date of which only the
    year or month is known is left out: counted from its first day, the days since would reveal the
    day of the year of all other dates.
    """
    patient_of_cycle = {cycle.id: cycle.patient_id for cycle in records.of(Cycle)}
    patient_ids = {patient.id for patient in records.of(Patient)}
    yield from ((key, day) for key, day in results.first_and_last() if key in patient_ids)
    for kind in pseudonymised_kinds():
        names = [name for name, held in field_types(kind.record).items() if held in _DATES]
        for record in records.of(kind.record):
            row: Any = record
            key = row.id if kind.parent is None else getattr(row, "patient_id", None)
            for name in names:
                day = getattr(row, name)
                if isinstance(day, PartialDate):
                    day = day.earliest if day.day else None
                if day is not None:
                    yield key or patient_of_cycle[row.cycle_id], day


def over_89(records: Contents, results: LabColumns) -> frozenset[int]:
    """Return the ids of the patients who were over 89 at T0 or on their last recorded day."""
    lives = contents.lives(records)
    last: dict[int, date] = {}
    for key, day in days_of(records, results):
        last[key] = max(last.get(key, day), day)
    return frozenset(
        patient.id or 0
        for patient in records.of(Patient)
        if _highest_age(patient, lives[patient.id], last.get(patient.id or 0))
        > without_identity.OLDEST
    )


def age_at(patient: Patient, life: Life, day_zero: date | None) -> int | None:
    """Return the age on day zero; a recorded age is that at T0, and applies to no other day."""
    index_on = t0(patient.index_on, life.first_cycle_on)
    if life.born_on and (day := day_zero or index_on):
        return age_on(life.born_on, day)
    return patient.age_at_index if index_on is None or day_zero in (None, index_on) else None


def texts(
    records: Contents, oldest: Collection[int], days_zero: Mapping[int, date]
) -> dict[int, str | None]:
    """Return the age of each patient on day zero as it is exported, by the patient's id.

    `oldest` are the ids from `over_89`.
    """
    lives = contents.lives(records)
    age_texts: dict[int, str | None] = {}
    for patient in records.of(Patient):
        key = patient.id or 0
        age = age_at(patient, lives[patient.id], days_zero.get(key))
        if age is not None and key in oldest:
            age = without_identity.OLDEST + 1
        age_texts[key] = without_identity.age_text(age)
    return age_texts


def _highest_age(patient: Patient, life: Life, last_on: date | None) -> float:
    index_on = t0(patient.index_on, life.first_cycle_on)
    days = [day for day in (index_on, last_on) if day]
    if life.born_on and days:
        return age_on(life.born_on, max(days))
    age = patient.age_at_index or 0
    return age + (max(days) - index_on).days // _DAYS_A_YEAR if index_on else age

"""Apply the limits of laboratories to all results of a casebook, as columns.

This is the column form of the rule in `model.records.laboratory_limits`. The rule is applied once
to all results that are equal in everything that limits depend on. A property test checks that both
forms give the same limits.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import numpy as np
import numpy.typing as npt

from model.cohort.labs.results import DAY, LabColumns, SharedFields
from model.dates import PartialDate
from model.derived.person import Person
from model.records import laboratory_limits
from model.records.laboratory_limits import LaboratoryLimit
from model.records.labs import LabResult, LimitSource
from model.store.reader import Reader

Array = npt.NDArray[Any]
_UNKNOWN = -1


def with_laboratory_limits(results: LabColumns, reader: Reader) -> LabColumns:
    """Return the results with laboratory limits if they were reported without limits."""
    limits = laboratory_limits.all_limits(reader)
    return apply(results, limits, _people(reader)) if limits else results


def apply(
    results: LabColumns, limits: Sequence[LaboratoryLimit], people: Mapping[int, Person]
) -> LabColumns:
    """Return the results with the limits that apply to them; `people` are by patient id."""
    keys = {limit.analyte for limit in limits}
    without = np.array([_needs_limits(about, keys) for about in results.shared_fields], dtype=bool)
    rows = np.flatnonzero(without[results.shared]) if len(without) else np.empty(0, "int64")
    if not len(rows):
        return results
    patient, about, moment = results.patient[rows], results.shared[rows], results.moment[rows]
    listed, subject_index = np.unique(patient, return_inverse=True)
    subjects = [people.get(int(each), Person()) for each in listed]
    days = np.array([date.fromisoformat(text[:DAY]).toordinal() for text in results.moments])
    ages = np.full(len(rows), _UNKNOWN)
    if any(limit.age_from is not None or limit.age_to is not None for limit in limits):
        ages = _ages(subjects, subject_index, days[moment])
    sexes = [subject.sex for subject in subjects]
    sex_codes, sex_of = np.unique([sex or "" for sex in sexes], return_inverse=True)
    alike = np.column_stack(
        [
            about,
            sex_of[subject_index],
            np.searchsorted(_age_bounds(limits), ages, side="right"),
            np.searchsorted(_day_bounds(limits), days[moment], side="right"),
        ]
    )
    _distinct, first, group = np.unique(alike, axis=0, return_index=True, return_inverse=True)
    shared_fields, position_of_group = list(results.shared_fields), []
    for row in first.tolist():
        old = int(about[row])
        age = int(ages[row])
        new = _with_limits(
            results.shared_fields[old],
            limits,
            str(sex_codes[sex_of[subject_index[row]]]) or None,
            None if age == _UNKNOWN else age,
            date.fromordinal(int(days[moment[row]])),
        )
        if new is None:
            position_of_group.append(old)
        else:
            position_of_group.append(len(shared_fields))
            shared_fields.append(new)
    changed = results.shared.copy()
    changed[rows] = np.array(position_of_group)[group.reshape(-1)]
    return replace(results, shared=changed, shared_fields=shared_fields)


def _needs_limits(about: SharedFields, keys: set[str]) -> bool:
    return about.analyte in keys and about.lln is None and about.uln is None


def _with_limits(
    about: SharedFields,
    limits: Sequence[LaboratoryLimit],
    sex: str | None,
    age: int | None,
    day: date,
) -> SharedFields | None:
    """Return the shared fields with the limits that apply; None if none do."""
    result = LabResult(
        patient_id=0,
        taken_on=day,
        analyte=about.analyte,
        value=Decimal(0),
        unit=about.unit,
        laboratory=about.laboratory,
    )
    limit = laboratory_limits.find(limits, result, sex, age)
    interval = limit.limits_in(about.unit) if limit else None
    if interval is None:
        return None
    low, high = (None if bound is None else str(bound) for bound in (interval.low, interval.high))
    return about._replace(lln=low, uln=high, limits_from=LimitSource.LABORATORY.value)


def _ages(subjects: Sequence[Person], which: Array, days: Array) -> Array:
    """Return the age at each result; −1 if it is not known."""
    known: dict[tuple[int, int], int] = {}
    ages = []
    for pair in zip(which.tolist(), days.tolist(), strict=True):
        if pair not in known:
            age = subjects[pair[0]].age_on(date.fromordinal(pair[1]))
            known[pair] = age[0] if age else _UNKNOWN
        ages.append(known[pair])
    return np.array(ages)


def _age_bounds(limits: Sequence[LaboratoryLimit]) -> list[int]:
    """Return the ages from which other limits may apply; 0 is the bound of any known age."""
    starts = [limit.age_from for limit in limits] + [
        None if limit.age_to is None else limit.age_to + 1 for limit in limits
    ]
    return sorted({0, *(age for age in starts if age is not None)})


def _day_bounds(limits: Sequence[LaboratoryLimit]) -> list[int]:
    """Return the days, as ordinals, from which other limits may apply."""
    starts = [limit.valid_from for limit in limits] + [
        limit.valid_to + timedelta(days=1) if limit.valid_to else None for limit in limits
    ]
    return sorted({day.toordinal() for day in starts if day is not None})


def _people(reader: Reader) -> dict[int, Person]:
    """Return for each patient the facts that limits depend on."""
    rows = reader.rows(
        """
        select patient.id, sex, age_at_index, identity.born_on,
               coalesce(index_on, (select min(given_on) from cycle
                                    where patient_id = patient.id and deleted_at is null)) as t0
          from patient
          left join identity
            on identity.patient_id = patient.id and identity.deleted_at is null
         where patient.deleted_at is null
         order by patient.id
        """
    )
    return {
        row["id"]: Person(
            sex=row["sex"],
            born_on=PartialDate.parse(row["born_on"]) if row["born_on"] else None,
            age_at_index=row["age_at_index"],
            index_on=date.fromisoformat(row["t0"]) if row["t0"] else None,
        )
        for row in rows
    }

"""Collect the facts that decide what is due, from a loaded patient or for all by few queries."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from model.records.assessments import MODALITIES, TIMEPOINTS
from model.records.best_response import CLINICAL
from model.records.life import died_on, is_on_treatment
from model.records.outcome.ends_of_treatment import EndOfTreatment
from model.records.outcome.finished import END_OF_TREATMENT, TreatmentCourse
from model.records.patient_records import PatientRecords
from model.reference import nuclides
from model.store import rows as records
from model.store.reader import Reader

DUE_TABLES = frozenset(
    (
        *("patient", "cycle", "administration", "lab_result"),
        *("assessment", "follow_up", "end_of_treatment", "setting"),
    )
)
"""The tables that decide what is due."""


WATCHED_DAYS = 84
"""For so many days after a cycle, its effects are still watched for a nadir."""


class Situation(StrEnum):
    """The situation of a patient on a day."""

    DECEASED = "deceased"
    OUT_OF_REACH = "out of reach"
    """The last follow-up did not reach the patient, and nothing was recorded since."""
    ON_TREATMENT = "on treatment"
    AFTER_TREATMENT = "after treatment"
    NOT_TREATED = "not treated"


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """The latest records of one patient up to a day, as far as they decide what is due."""

    patient_id: int
    code: str
    cycle: tuple[int, date] | None = None
    """Number and date of the last cycle."""
    is_alpha: bool = False
    """Whether an alpha emitter was given in the last cycle."""
    course: TreatmentCourse = field(default_factory=TreatmentCourse)
    """All cycles, and the end of treatment."""
    measured: Mapping[str, date] = field(default_factory=dict)
    """The last day on which each analyte was measured, by key."""
    imaged: Mapping[str, date] = field(default_factory=dict)
    """The last day of imaging, by modality."""
    seen_on: date | None = None
    """The last contact of any kind: follow-up, cycle, result or assessment."""
    followed_on: date | None = None
    """The last follow-up, whatever its result."""
    missed_on: date | None = None
    """The last follow-up that did not establish whether the patient is alive."""
    has_died: bool = False

    def situation(self, today: date) -> Situation:
        """Return the situation on a day; `life.is_on_treatment` decides whether on treatment.

        A recorded end of treatment does not count until 84 days after the last cycle: its effects
        are watched until then.
        """
        if self.has_died:
            return Situation.DECEASED
        if self.missed_on and (self.seen_on is None or self.missed_on > self.seen_on):
            return Situation.OUT_OF_REACH
        if self.cycle is None:
            return Situation.NOT_TREATED
        ended = [self.course.assessed_on] if self.course.assessed_on else []
        if self.course.end and today > self.cycle[1] + timedelta(days=WATCHED_DAYS):
            ended.append(self.course.end.ended_on)
        if is_on_treatment(self.cycle[1], max(ended, default=None), today):
            return Situation.ON_TREATMENT
        return Situation.AFTER_TREATMENT


def facts_of_patient(patient: PatientRecords, today: date) -> Facts:
    """Return the same facts as `facts_of_patients` of one patient whose records are loaded."""
    known = patient.up_to(today)
    last = max(
        known.treatments, key=lambda each: (each.cycle.given_on, each.cycle.number), default=None
    )
    return _facts(
        patient.id,
        patient.patient.code,
        cycle=(last.cycle.number, last.cycle.given_on) if last else None,
        course=known.treatment_course,
        measured={each.analyte: each.taken_on for each in known.results},
        assessed=[(each.modality, each.timepoint, each.assessed_on) for each in known.assessments],
        seen=[(each.status, each.seen_on) for each in known.follow_ups],
        has_died=died_on(patient.follow_ups) is not None,
    )


def facts_of_patients(
    reader: Reader, today: date, patient_ids: Collection[int] | None = None
) -> tuple[Facts, ...]:
    """Return the facts of these patients, or of all, on a day; sorted by code.

    Later records are ignored, except a death. Each table is queried once, whatever the number of
    patients.
    """
    people = reader.rows(
        _PATIENTS, ids=None if patient_ids is None else json.dumps(sorted(patient_ids))
    )
    parameters = {"ids": json.dumps([row["id"] for row in people]), "today": today.isoformat()}
    by_table: list[dict[int, list[dict[str, Any]]]] = []
    for query in (_CYCLES, _LAST_RESULTS, _LAST_ASSESSMENTS, _LAST_FOLLOW_UPS, _ENDS):
        of_patient: dict[int, list[dict[str, Any]]] = defaultdict(list)
        for row in reader.rows(query, **parameters):
            day = row["last_on"]
            of_patient[row["patient_id"]].append(
                row | {"on": day and records.stored_date(day, "last_on")}
            )
        by_table.append(of_patient)
    cycles, results, assessments, follow_ups, ends = by_table
    return tuple(
        _facts(
            person["id"],
            person["code"],
            cycle=next(((row["number"], row["on"]) for row in cycles[person["id"]][-1:]), None),
            course=TreatmentCourse(
                cycles=tuple((row["on"], _names(row["nuclides"])) for row in cycles[person["id"]]),
                ends=tuple(records.from_row(EndOfTreatment, row) for row in ends[person["id"]]),
                assessed_on=max(
                    (
                        row["on"]
                        for row in assessments[person["id"]]
                        if TIMEPOINTS.spell(row["timepoint"] or "") == END_OF_TREATMENT
                    ),
                    default=None,
                ),
            ),
            measured={row["analyte"]: row["on"] for row in results[person["id"]]},
            assessed=[
                (
                    row["modality"] and MODALITIES.spell(row["modality"]),
                    row["timepoint"] and TIMEPOINTS.spell(row["timepoint"]),
                    row["on"],
                )
                for row in assessments[person["id"]]
            ],
            seen=[(row["status"], row["on"]) for row in follow_ups[person["id"]] if row["on"]],
            has_died=any(row["status"] == "dead" for row in follow_ups[person["id"]]),
        )
        for person in people
    )


def _names(joined: str | None) -> tuple[str, ...]:
    return tuple(joined.split("\n")) if joined else ()


def _facts(
    patient_id: int,
    code: str,
    *,
    cycle: tuple[int, date] | None,
    course: TreatmentCourse,
    measured: Mapping[str, date],
    assessed: Sequence[tuple[str | None, str | None, date]],
    seen: Sequence[tuple[str, date]],
    has_died: bool,
) -> Facts:
    """Build the facts of one patient; `assessed` are modality, time point and day, oldest first."""
    contacts = [*measured.values(), *(day for _modality, _timepoint, day in assessed)]
    contacts += [day for status, day in seen if status == "alive"]
    contacts += [cycle[1]] if cycle else []
    return Facts(
        patient_id=patient_id,
        code=code,
        cycle=cycle,
        is_alpha=any(
            (known := nuclides.find(name)) and known.is_alpha
            for _day, names in course.cycles[-1:]
            for name in names
        ),
        course=course,
        measured=measured,
        imaged={
            modality or "": day
            for modality, timepoint, day in assessed
            if CLINICAL not in (timepoint, modality)
        },
        seen_on=max(contacts, default=None),
        followed_on=max((day for _status, day in seen), default=None),
        missed_on=max((day for status, day in seen if status == "unknown"), default=None),
        has_died=has_died,
    )


_PATIENTS = """
    select id, code from patient
     where deleted_at is null and (:ids is null or id in (select value from json_each(:ids)))
     order by code, id
    """

_CYCLES = """
    select cycle.patient_id, cycle.number, cycle.given_on as last_on,
           (select group_concat(nuclide, char(10)) from (
                select nuclide from administration
                 where cycle_id = cycle.id and deleted_at is null
                   and (given_on is null or given_on <= :today)
                 order by number
           )) as nuclides
      from cycle
     where patient_id in (select value from json_each(:ids))
       and deleted_at is null and given_on <= :today
     order by cycle.patient_id, cycle.given_on, cycle.number
    """

_LAST_RESULTS = """
    select patient_id, analyte, max(taken_on) as last_on
      from lab_result
     where patient_id in (select value from json_each(:ids))
       and deleted_at is null and taken_on <= :today
     group by patient_id, analyte
     order by patient_id, analyte
    """

_LAST_ASSESSMENTS = """
    select patient_id, modality, timepoint, max(assessed_on) as last_on
      from assessment
     where patient_id in (select value from json_each(:ids))
       and deleted_at is null and assessed_on <= :today
     group by patient_id, modality, timepoint
     order by patient_id, last_on
    """

_LAST_FOLLOW_UPS = """
    select patient_id, status, max(seen_on) filter (where seen_on <= :today) as last_on
      from follow_up
     where patient_id in (select value from json_each(:ids)) and deleted_at is null
     group by patient_id, status
     order by patient_id, status
    """

_ENDS = """
    select *, ended_on as last_on
      from end_of_treatment
     where patient_id in (select value from json_each(:ids))
       and deleted_at is null and ended_on <= :today
     order by patient_id, ended_on, id
    """

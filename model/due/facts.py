"""What decides when something is due: facts of one loaded patient, or of all in few queries."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from model.records.assessments import MODALITIES, TIMEPOINTS
from model.records.best_response import CLINICAL
from model.records.life import died_on, is_on_treatment
from model.records.patient_records import PatientRecords
from model.reference import nuclides
from model.store.reader import Reader

DUE_TABLES = frozenset(
    (
        *("patient", "cycle", "administration", "lab_result"),
        *("assessment", "follow_up", "setting"),
    )
)
"""The tables that decide what is due."""


class Situation(StrEnum):
    """The situation of a patient on a day."""

    DECEASED = "deceased"
    OUT_OF_REACH = "out of reach"
    """A follow-up did not reach the patient, and nothing was recorded since."""
    ON_TREATMENT = "on treatment"
    AFTER_TREATMENT = "after treatment"
    NOT_TREATED = "not treated"


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """One patient on a day: the latest of everything recorded up to that day."""

    patient_id: int
    code: str
    cycle: tuple[int, date] | None = None
    """Number and date of the last cycle."""
    is_alpha: bool = False
    """An alpha emitter was given in the last cycle."""
    ended_on: date | None = None
    """The last assessment at the end of treatment."""
    measured: Mapping[str, date] = field(default_factory=dict)
    """The last day of each analyte, by key."""
    imaged: Mapping[str, date] = field(default_factory=dict)
    """The last day of each modality of imaging."""
    seen_on: date | None = None
    """The last contact of any kind: follow-up, cycle, result or assessment."""
    followed_on: date | None = None
    """The last follow-up, whatever its result."""
    missed_on: date | None = None
    """The last follow-up that did not establish whether the patient is alive."""
    has_died: bool = False

    def situation(self, today: date) -> Situation:
        """Return the situation on a day; on treatment by `life.is_on_treatment`."""
        if self.has_died:
            return Situation.DECEASED
        if self.missed_on and (self.seen_on is None or self.missed_on > self.seen_on):
            return Situation.OUT_OF_REACH
        if self.cycle is None:
            return Situation.NOT_TREATED
        if is_on_treatment(self.cycle[1], self.ended_on, today):
            return Situation.ON_TREATMENT
        return Situation.AFTER_TREATMENT


def facts_of_patient(records: PatientRecords, today: date) -> Facts:
    """Return the facts of one patient on a day, from records that are loaded: see `facts_of`."""
    past = [each for each in records.treatments if each.cycle.given_on <= today]
    last = max(past, key=lambda each: (each.cycle.given_on, each.cycle.number), default=None)
    return _facts(
        records.id,
        records.patient.code,
        cycle=(last.cycle.number, last.cycle.given_on) if last else None,
        nuclides_given=[each.nuclide for each in last.administrations] if last else [],
        measured={
            each.analyte: each.taken_on for each in records.results if each.taken_on <= today
        },
        assessed=[
            (each.modality, each.timepoint, each.assessed_on)
            for each in records.assessments
            if each.assessed_on <= today
        ],
        seen=[(each.status, each.seen_on) for each in records.follow_ups if each.seen_on <= today],
        has_died=died_on(records.follow_ups) is not None,
    )


def facts_of(
    reader: Reader, today: date, patient_ids: Collection[int] | None = None
) -> tuple[Facts, ...]:
    """Return the facts on a day of these patients, or of all, by code.

    Records dated later are ignored, except a death. One query a table, whatever the number of
    patients.
    """
    people = reader.rows(
        _PATIENTS, ids=None if patient_ids is None else json.dumps(sorted(patient_ids))
    )
    about = {"ids": json.dumps([row["id"] for row in people]), "today": today.isoformat()}
    by_table: list[dict[int, list[dict[str, Any]]]] = []
    for query in (_LAST_CYCLES, _LAST_RESULTS, _LAST_ASSESSMENTS, _LAST_FOLLOW_UPS):
        of_patient: dict[int, list[dict[str, Any]]] = defaultdict(list)
        for row in reader.rows(query, **about):
            day = row["last_on"]
            of_patient[row["patient_id"]].append(row | {"on": day and date.fromisoformat(day)})
        by_table.append(of_patient)
    cycles, results, assessments, follow_ups = by_table
    return tuple(
        _facts(
            person["id"],
            person["code"],
            cycle=next(((row["number"], row["on"]) for row in cycles[person["id"]]), None),
            nuclides_given=[
                name for row in cycles[person["id"]] for name in (row["nuclides"] or "").split("\n")
            ],
            measured={row["analyte"]: row["on"] for row in results[person["id"]]},
            assessed=[
                (
                    row["modality"] and MODALITIES.spelled(row["modality"]),
                    row["timepoint"] and TIMEPOINTS.spelled(row["timepoint"]),
                    row["on"],
                )
                for row in assessments[person["id"]]
            ],
            seen=[(row["status"], row["on"]) for row in follow_ups[person["id"]] if row["on"]],
            has_died=any(row["status"] == "dead" for row in follow_ups[person["id"]]),
        )
        for person in people
    )


def _facts(
    patient_id: int,
    code: str,
    *,
    cycle: tuple[int, date] | None,
    nuclides_given: Iterable[str],
    measured: Mapping[str, date],
    assessed: Sequence[tuple[str | None, str | None, date]],
    seen: Sequence[tuple[str, date]],
    has_died: bool,
) -> Facts:
    """The facts of one patient; `assessed` are modality, time point and day, oldest first."""
    ended = [day for _modality, timepoint, day in assessed if timepoint == "end_of_treatment"]
    contacts = [*measured.values(), *(day for _modality, _timepoint, day in assessed)]
    contacts += [day for status, day in seen if status == "alive"]
    contacts += [cycle[1]] if cycle else []
    return Facts(
        patient_id=patient_id,
        code=code,
        cycle=cycle,
        is_alpha=any((known := nuclides.find(name)) and known.is_alpha for name in nuclides_given),
        ended_on=max(ended, default=None),
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

_LAST_CYCLES = """
    with last as (
        select id, patient_id, number, given_on,
               row_number() over (
                   partition by patient_id order by given_on desc, number desc
               ) as from_last
          from cycle
         where patient_id in (select value from json_each(:ids))
           and deleted_at is null and given_on <= :today
    )
    select last.patient_id, last.number, last.given_on as last_on,
           group_concat(administration.nuclide, char(10)) as nuclides
      from last
      left join administration on administration.cycle_id = last.id
                              and administration.deleted_at is null
     where last.from_last = 1
     group by last.id
     order by last.patient_id
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

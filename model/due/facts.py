"""What decides when something is due: facts of one loaded patient, or of all in few queries."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

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
    treatments = [each for each in records.treatments if each.cycle.given_on <= today]
    last = max(treatments, key=lambda each: (each.cycle.given_on, each.cycle.number), default=None)
    assessed = [each for each in records.assessments if each.assessed_on <= today]
    seen = [each for each in records.follow_ups if each.seen_on <= today]
    measured = {each.analyte: each.taken_on for each in records.results if each.taken_on <= today}
    contacts = [
        *(each.cycle.given_on for each in treatments),
        *measured.values(),
        *(each.assessed_on for each in assessed),
        *(each.seen_on for each in seen if each.status == "alive"),
    ]
    return Facts(
        patient_id=records.id,
        code=records.patient.code,
        cycle=(last.cycle.number, last.cycle.given_on) if last else None,
        is_alpha=any(_is_alpha(each.nuclide) for each in last.administrations) if last else False,
        ended_on=max(
            (each.assessed_on for each in assessed if each.timepoint == "end_of_treatment"),
            default=None,
        ),
        measured=measured,
        imaged={
            each.modality or "": each.assessed_on
            for each in assessed
            if "clinical" not in (each.timepoint, each.modality)
        },
        seen_on=max(contacts, default=None),
        followed_on=max((each.seen_on for each in seen), default=None),
        missed_on=max((each.seen_on for each in seen if each.status == "unknown"), default=None),
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
        """
        select id, code from patient
         where deleted_at is null
           and (:ids is null or id in (select value from json_each(:ids)))
         order by code, id
        """,
        ids=None if patient_ids is None else json.dumps(sorted(patient_ids)),
    )
    about = {"ids": json.dumps([row["id"] for row in people]), "today": today.isoformat()}
    known: dict[int, dict[str, Any]] = defaultdict(lambda: {"measured": {}, "imaged": {}})
    contacts: dict[int, date] = {}

    def was_seen(patient_id: int, day: date) -> None:
        contacts[patient_id] = max(contacts.get(patient_id, day), day)

    for row in _cycles(reader, about):
        one = known[row["patient_id"]]
        day = date.fromisoformat(row["given_on"])
        one["cycle"] = (row["number"], day)
        one["is_alpha"] = any(map(_is_alpha, (row["nuclides"] or "").split("\n")))
        was_seen(row["patient_id"], day)
    for row in _results(reader, about):
        day = date.fromisoformat(row["last_on"])
        known[row["patient_id"]]["measured"][row["analyte"]] = day
        was_seen(row["patient_id"], day)
    for row in _assessments(reader, about):
        one, day = known[row["patient_id"]], date.fromisoformat(row["last_on"])
        if row["is_imaging"]:
            modality = row["modality"] or ""
            one["imaged"][modality] = max(one["imaged"].get(modality, day), day)
        if row["timepoint"] == "end_of_treatment":
            one["ended_on"] = max(one.get("ended_on", day), day)
        was_seen(row["patient_id"], day)
    for row in _follow_ups(reader, about):
        one = known[row["patient_id"]]
        one["has_died"] = bool(row["has_died"])
        if row["alive_on"]:
            was_seen(row["patient_id"], date.fromisoformat(row["alive_on"]))
        if row["missed_on"]:
            one["missed_on"] = date.fromisoformat(row["missed_on"])
        if row["followed_on"]:
            one["followed_on"] = date.fromisoformat(row["followed_on"])
    return tuple(
        Facts(
            patient_id=row["id"],
            code=row["code"],
            seen_on=contacts.get(row["id"]),
            **known.get(row["id"], {}),
        )
        for row in people
    )


def _cycles(reader: Reader, about: Mapping[str, str]) -> list[dict[str, Any]]:
    """The last cycle of each patient, with the nuclides given in it, one a line."""
    return reader.rows(
        """
        with last as (
            select id, patient_id, number, given_on,
                   row_number() over (
                       partition by patient_id order by given_on desc, number desc
                   ) as place
              from cycle
             where patient_id in (select value from json_each(:ids))
               and deleted_at is null and given_on <= :today
        )
        select last.patient_id, last.number, last.given_on,
               group_concat(administration.nuclide, char(10)) as nuclides
          from last
          left join administration on administration.cycle_id = last.id
                                  and administration.deleted_at is null
         where last.place = 1
         group by last.id
         order by last.patient_id
        """,
        **about,
    )


def _results(reader: Reader, about: Mapping[str, str]) -> list[dict[str, Any]]:
    """The last day of each analyte of each patient."""
    return reader.rows(
        """
        select patient_id, analyte, max(taken_on) as last_on
          from lab_result
         where patient_id in (select value from json_each(:ids))
           and deleted_at is null and taken_on <= :today
         group by patient_id, analyte
         order by patient_id, analyte
        """,
        **about,
    )


def _assessments(reader: Reader, about: Mapping[str, str]) -> list[dict[str, Any]]:
    """The last day of each modality and time point; a clinical assessment is not imaging."""
    return reader.rows(
        """
        select patient_id, modality, timepoint, max(assessed_on) as last_on,
               coalesce(timepoint, '') <> 'clinical' and coalesce(modality, '') <> 'clinical'
                   as is_imaging
          from assessment
         where patient_id in (select value from json_each(:ids))
           and deleted_at is null and assessed_on <= :today
         group by patient_id, modality, timepoint
         order by patient_id, last_on
        """,
        **about,
    )


def _follow_ups(reader: Reader, about: Mapping[str, str]) -> list[dict[str, Any]]:
    """When each patient was last known to be alive or not reached, and whether they died."""
    return reader.rows(
        """
        select patient_id,
               max(case when status = 'alive' and seen_on <= :today then seen_on end) as alive_on,
               max(case when status = 'unknown' and seen_on <= :today then seen_on end)
                   as missed_on,
               max(case when seen_on <= :today then seen_on end) as followed_on,
               max(status = 'dead') as has_died
          from follow_up
         where patient_id in (select value from json_each(:ids)) and deleted_at is null
         group by patient_id
         order by patient_id
        """,
        **about,
    )


def _is_alpha(name: str) -> bool:
    nuclide = nuclides.find(name)
    return nuclide is not None and nuclide.is_alpha

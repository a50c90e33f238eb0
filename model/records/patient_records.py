"""All records of one patient in one snapshot: loaded once, then handed to whatever reasons on them.

Course, proposals, readiness, due items, header and summary take a `PatientRecords` and ask the
casebook nothing. It is frozen, so it may be handed to another thread, which a connection may not.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from itertools import chain
from typing import TYPE_CHECKING

from model.dates import Day, is_before
from model.records import cycles, kinds, patients
from model.records.assessments import Assessment
from model.records.biopsies import Biopsy, Metastasis
from model.records.cycles import Treatment
from model.records.followups import FollowUp
from model.records.laboratory_limits import all_limits, with_limits
from model.records.labs import LabResult
from model.records.life import (
    Age,
    Life,
    Vital,
    age_of,
    age_then,
    died_on,
    seen_alive_on,
    t0,
    vital,
)
from model.records.outcome import last_alive
from model.records.outcome.ends_of_treatment import EndOfTreatment
from model.records.outcome.finished import END_OF_TREATMENT, TreatmentCourse
from model.records.patients import Identity, Patient
from model.records.starts import CycleStart, starts_of
from model.records.therapies import Therapy
from model.records.toxicities import Dismissal, Toxicity
from model.store.reader import Reader
from model.store.rows import Record
from model.store.settings import all_settings

if TYPE_CHECKING:
    from model.store.casebook import Casebook


@dataclass(frozen=True, kw_only=True)
class PatientRecords:
    """Everything of one patient that conclusions are drawn from, with the casebook's settings.

    Each tuple is in the order of its table's `of_patient`: cycles and therapies by number,
    everything dated oldest first. Notes, statements on quality of life and key images are only
    listed, never reasoned on, and are not part of it; the days of the latter two show the patient
    alive.
    """

    patient: Patient
    identity: Identity | None = None
    treatments: tuple[Treatment, ...] = ()
    results: tuple[LabResult, ...] = ()
    toxicities: tuple[Toxicity, ...] = ()
    dismissals: tuple[Dismissal, ...] = ()
    assessments: tuple[Assessment, ...] = ()
    follow_ups: tuple[FollowUp, ...] = ()
    ends: tuple[EndOfTreatment, ...] = ()
    """The ends of its courses of treatment."""
    therapies: tuple[Therapy, ...] = ()
    biopsies: tuple[Biopsy, ...] = ()
    metastases: tuple[Metastasis, ...] = ()
    other_days: tuple[date, ...] = ()
    """The days of key images and of statements on quality of life."""
    settings: Mapping[str, str] = field(default_factory=dict)
    """The casebook's settings by name."""

    @property
    def id(self) -> int:
        """The patient's id; 0 for one who was never saved."""
        return self.patient.id or 0

    @cached_property
    def life(self) -> Life:
        """The dates that all records must agree with, as `life.life_of` reads them."""
        return Life(
            born_on=self.identity.born_on if self.identity else None,
            died_on=died_on(self.follow_ups),
            seen_alive_on=seen_alive_on(self.follow_ups),
            cycles=tuple((each.cycle.number, each.cycle.given_on) for each in self.treatments),
        )

    @cached_property
    def alive_on(self) -> date | None:
        """The last day on which a record shows the patient alive: see `outcome.last_alive`."""
        records: Iterator[Record] = chain(
            (each.cycle for each in self.treatments),
            (one for each in self.treatments for one in each.administrations),
            *(self.results, self.toxicities, self.assessments, self.follow_ups),
            *(self.therapies, self.biopsies, self.metastases),
        )
        return max((*last_alive.days_of(records), *self.other_days), default=None)

    @cached_property
    def vital(self) -> Vital:
        """Vital status and its date, by all records."""
        return vital(self.follow_ups, self.alive_on)

    @cached_property
    def cycle_days(self) -> tuple[tuple[int, date], ...]:
        """Number and day of each cycle, by day."""
        return tuple(sorted(self.life.cycles, key=lambda cycle: cycle[1]))

    @cached_property
    def cycle_starts(self) -> tuple[CycleStart, ...]:
        """When each cycle began, in order of time: decides which samples were drawn before it."""
        return starts_of(self.treatments)

    @property
    def first_start(self) -> CycleStart | None:
        """When the first cycle began, if there was one."""
        return self.cycle_starts[0] if self.cycle_starts else None

    @property
    def first_cycle_on(self) -> date | None:
        """The day of the first cycle, if there was one."""
        return self.life.first_cycle_on

    @property
    def treatment_course(self) -> TreatmentCourse:
        """The cycles given, and what ended treatment."""
        by_day = sorted(self.treatments, key=lambda each: (each.cycle.given_on, each.cycle.number))
        assessed = [
            each.assessed_on for each in self.assessments if each.timepoint == END_OF_TREATMENT
        ]
        return TreatmentCourse(
            cycles=tuple(
                (each.cycle.given_on, tuple(given.nuclide for given in each.administrations))
                for each in by_day
            ),
            ends=self.ends,
            assessed_on=max(assessed, default=None),
        )

    @property
    def index_on(self) -> date | None:
        """T0: the recorded day, or else that of the first cycle."""
        return t0(self.patient.index_on, self.first_cycle_on)

    @property
    def sex(self) -> str | None:
        """F, M, X, or None where it is not recorded."""
        return self.patient.sex

    def age_on(self, day: date) -> tuple[int, bool] | None:
        """Return the age in whole years on a day, and whether it is approximate."""
        return age_then(self.life.born_on, self.patient.age_at_index, self.index_on, day)

    def age(self, today: date) -> Age:
        """Return the age today, or at death."""
        return age_of(
            self.life.born_on,
            self.patient.age_at_index,
            self.index_on,
            died_on=self.life.died_on,
            today=today,
        )

    @property
    def ctcae_version(self) -> str:
        """The CTCAE version that the patient is graded in: their own, else the casebook's."""
        return patients.ctcae_version(self.patient, self.settings)

    @cached_property
    def last_contact_on(self) -> date | None:
        """The latest day with a record of the patient: the last day alive, or that of death."""
        days = (self.alive_on, self.vital.last_on)
        return max((day for day in days if day), default=None)

    def up_to(self, day: date) -> PatientRecords:
        """Return what was recorded of the time up to a day.

        What began later is left out, and what ended later is ongoing. What has no date stays,
        and so does what may have begun by then. T0 stays, even where its cycle is later.
        """

        def begun(when: Day | None) -> bool:
            return not is_before(day, when)

        return replace(
            self,
            patient=replace(self.patient, index_on=self.index_on),
            treatments=tuple(
                Treatment(
                    each.cycle, tuple(one for one in each.administrations if begun(one.given_on))
                )
                for each in self.treatments
                if begun(each.cycle.given_on)
            ),
            results=tuple(each for each in self.results if begun(each.taken_on)),
            toxicities=tuple(
                each if begun(each.resolved_on) else replace(each, resolved_on=None, outcome=None)
                for each in self.toxicities
                if begun(each.onset_on)
            ),
            assessments=tuple(each for each in self.assessments if begun(each.assessed_on)),
            follow_ups=tuple(each for each in self.follow_ups if begun(each.seen_on)),
            ends=tuple(each for each in self.ends if begun(each.ended_on)),
            therapies=tuple(
                each if begun(each.ended_on) else replace(each, ended_on=None, ongoing=True)
                for each in self.therapies
                if begun(each.started_on)
            ),
            biopsies=tuple(each for each in self.biopsies if begun(each.taken_on)),
            metastases=tuple(each for each in self.metastases if begun(each.found_on)),
            other_days=tuple(filter(begun, self.other_days)),
        )

    @cached_property
    def usable_results(self) -> tuple[LabResult, ...]:
        """The results from which conclusions are drawn, oldest first: those not questioned."""
        return tuple(result for result in self.results if not result.is_questioned)

    @cached_property
    def results_by_analyte(self) -> Mapping[str, tuple[LabResult, ...]]:
        """The results of each analyte that has some, by key, oldest first."""
        found: dict[str, list[LabResult]] = {}
        for result in self.results:
            found.setdefault(result.analyte, []).append(result)
        return {analyte: tuple(results) for analyte, results in found.items()}

    @cached_property
    def usable_by_analyte(self) -> Mapping[str, tuple[LabResult, ...]]:
        """The usable results of each analyte that has results, by key, oldest first."""
        usable = set(map(id, self.usable_results))
        if len(usable) == len(self.results):
            return self.results_by_analyte
        return {
            analyte: tuple(result for result in results if id(result) in usable)
            for analyte, results in self.results_by_analyte.items()
        }


def load(casebook: Casebook, patient_id: int) -> PatientRecords | None:
    """Read all records of a patient in one transaction; None for one who is not there."""
    with casebook.snapshot():
        return read(casebook, patient_id)


def read(reader: Reader, patient_id: int) -> PatientRecords | None:
    """Read all records of a patient, one query a table; None for one who is not there.

    For callers that are inside a transaction already: a step, or a larger snapshot.
    """
    patient = patients.find(reader, patient_id)
    if patient is None:
        return None
    records = PatientRecords(
        patient=patient,
        identity=patients.identity_of(reader, patient_id),
        treatments=tuple(cycles.of_patient(reader, patient_id)),
        results=tuple(kinds.of_patient(reader, LabResult, patient_id)),
        toxicities=tuple(kinds.of_patient(reader, Toxicity, patient_id)),
        dismissals=tuple(kinds.of_patient(reader, Dismissal, patient_id)),
        assessments=tuple(kinds.of_patient(reader, Assessment, patient_id)),
        follow_ups=tuple(kinds.of_patient(reader, FollowUp, patient_id)),
        ends=tuple(kinds.of_patient(reader, EndOfTreatment, patient_id)),
        therapies=tuple(kinds.of_patient(reader, Therapy, patient_id)),
        biopsies=tuple(kinds.of_patient(reader, Biopsy, patient_id)),
        metastases=tuple(kinds.of_patient(reader, Metastasis, patient_id)),
        other_days=last_alive.other_days(reader, patient_id),
        settings=all_settings(reader),
    )
    if all(result.limits_source for result in records.results):
        return records
    limits = all_limits(reader)
    return replace(records, results=with_limits(records.results, limits, records))

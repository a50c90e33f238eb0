"""Compute one patient's whole course from the patient's records, independent of today's date."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial

from model.course.marks import (
    Bar,
    CycleMark,
    ImageMark,
    covered_days,
    cycle_mark,
    image_mark,
    therapy_bar,
    therapy_name,
    toxicity_bar,
)
from model.course.points import DaysSinceCycle, days_since_cycle, days_since_starts
from model.course.span import Span, find_span
from model.course.trends import Trend, Trends, build_derived_trend, build_trend
from model.course.unknowns import unknowns
from model.derived import formulas
from model.derived import values as derivation
from model.derived.person import Person, person_of
from model.derived.values import Formula, LatestValue
from model.grading.emergent import WorstGrade, worst_grades
from model.grading.samples import samples_of
from model.records import unit_system
from model.records.administrations import Cumulative, cumulative
from model.records.labs import LabResult
from model.records.patient_records import PatientRecords
from model.records.unit_system import UnitSystem
from model.reference import units


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """A patient's course: the axis, the four lanes, and a trend for each analyte with results.

    `span` is None when nothing with a date is recorded. Bars are in order of their start.
    `trends` also contain derived values (`egfr`, `albi` …), unless laboratories report the value
    themselves. `intervals` are the days from each cycle to the next, `worst` the worst
    treatment-emergent grade of each term, `derived` the latest value of each formula, or why there
    is none. `version` is the CTCAE version that the patient is graded in.
    """

    patient_id: int
    version: str
    system: UnitSystem
    span: Span | None
    therapies: tuple[Bar, ...]
    undated_therapies: tuple[str, ...]
    cycles: tuple[CycleMark, ...]
    images: tuple[ImageMark, ...]
    toxicities: tuple[Bar, ...]
    undated_toxicities: tuple[str, ...]
    trends: Mapping[str, Trend]
    last_result_on: date | None
    died_on: date | None
    exposure: tuple[Cumulative, ...]
    intervals: tuple[int, ...]
    worst: tuple[WorstGrade, ...]
    derived: tuple[LatestValue, ...]

    @property
    def first_cycle_on(self) -> date | None:
        """The day of the first cycle, if there was one."""
        return self.cycles[0].on if self.cycles else None

    def trend(self, analyte: str) -> Trend:
        """Return the trend of an analyte, by key; it has no points if there are no results."""
        return self.trends.get(analyte) or build_trend(analyte, (), {}, system=self.system)

    def since_cycle(self, day: date) -> DaysSinceCycle:
        """Return how many days a day is after the last cycle, or before the first."""
        return days_since_cycle(day, [(cycle.number, cycle.on) for cycle in self.cycles])

    def unknowns(self, today: date, analytes: Iterable[str] | None = None) -> tuple[str, ...]:
        """Return sentences on what is not known about these analytes, or about all."""
        keys = self.trends if analytes is None else analytes
        trends = {key: self.trends[key] for key in keys if key in self.trends}
        return unknowns(trends, self.cycles, self.last_result_on, self.died_on, today)


def build_course(records: PatientRecords, system: UnitSystem | None = None) -> Course:
    """Return the course of a patient, in the units of the casebook unless others are given."""
    days = records.cycle_days
    treated = sorted(records.treatments, key=lambda treatment: treatment.cycle.given_on)
    last_contact = records.last_contact_on
    dated = [therapy for therapy in records.therapies if therapy.started_on or therapy.ended_on]
    undated = [therapy for therapy in records.therapies if therapy not in dated]
    with_onset = [event for event in records.toxicities if event.onset_on or event.resolved_on]
    without_onset = [event for event in records.toxicities if event not in with_onset]
    therapies = sorted((therapy_bar(therapy, last_contact) for therapy in dated), key=covered_days)
    toxicities = sorted(
        (toxicity_bar(event, last_contact) for event in with_onset), key=covered_days
    )
    person = person_of(records)
    system = system or unit_system.of_casebook(records.settings)
    trends, derived = _trends(records, person, system)
    return Course(
        patient_id=records.id,
        version=records.ctcae_version,
        system=system,
        span=find_span(records, therapies, toxicities),
        therapies=tuple(therapies),
        undated_therapies=tuple(map(therapy_name, undated)),
        cycles=tuple(map(cycle_mark, treated)),
        images=tuple(map(image_mark, records.assessments)),
        toxicities=tuple(toxicities),
        undated_toxicities=tuple(f"{event.label} {event.grade}" for event in without_onset),
        trends=trends,
        last_result_on=records.results[-1].taken_on if records.results else None,
        died_on=records.life.died_on,
        exposure=tuple(
            cumulative(each for treatment in treated for each in treatment.administrations)
        ),
        intervals=tuple(
            (later - earlier).days for (_, earlier), (_, later) in itertools.pairwise(days)
        ),
        worst=worst_grades(records.toxicities, records.life),
        derived=derived,
    )


def _trends(
    records: PatientRecords, person: Person, system: UnitSystem
) -> tuple[Trends, tuple[LatestValue, ...]]:
    """Return the trend of each analyte and derived value, and the latest value of each formula."""
    by_analyte, version = records.results_by_analyte, records.ctcae_version
    cycles = records.cycle_starts
    since = days_since_starts(records.results, cycles)
    samples = samples_of(records.usable_results, records.therapies)
    measured = {
        key: build_trend(
            key,
            results,
            since,
            person.sex,
            cycles=cycles,
            version=version,
            system=system,
            samples=samples,
            questioned=len(by_analyte[key]) - len(results),
        )
        for key, results in records.usable_by_analyte.items()
    }

    def derive(formula: Formula) -> Trend:
        values, _ = derivation.derive_all(formula, by_analyte, person)
        return build_derived_trend(formula, values, since, person.sex, cycles, version)

    applied = formulas.formulas(_calcium_in_si(by_analyte.get("ca", ()), system))
    derived = [
        derivation.measured_instead(formula, by_analyte[formula.key][-1])
        if formula.key in by_analyte
        else derivation.derive_latest(formula, by_analyte, person)
        for formula in applied
    ]
    later = {
        formula.key: partial(derive, formula)
        for formula, last in zip(applied, derived, strict=True)
        if last.value is not None
    }
    return Trends(measured, later), (*derived, formulas.latest_body_surface(person))


def _calcium_in_si(results: Sequence[LabResult], system: UnitSystem) -> bool:
    """Return whether calcium is corrected in mmol/L: in SI, or if it was last recorded so."""
    if system is not UnitSystem.AS_RECORDED or not results:
        return system is UnitSystem.SI
    written = units.parse("ca", results[-1].unit or "")
    return written is not None and written.quantity == "amount"

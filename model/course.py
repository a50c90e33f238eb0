"""One patient's whole course as one value: what the Course tab draws.

`of_patient` asks for the records, `course` reasons over them: values in, value out, no clock.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from model import assessments, cycles, followups, labs, patients, therapies, toxicities
from model.asking import Asks
from model.assessments import Assessment
from model.cycles import Treatment
from model.followups import FollowUp
from model.labs import LabResult
from model.marks import (
    Bar,
    CycleMark,
    ImageMark,
    covered,
    cycle_mark,
    image_mark,
    name_of,
    therapy_bar,
    toxicity_bar,
)
from model.therapies import Therapy
from model.toxicities import Toxicity
from model.trends import Since, Trend, since_cycle, trend

BASELINE_DAYS = 120
"""Results and images up to so many days before the first cycle belong to its baseline."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """The days that are shown at first, and all days of which something is recorded."""

    first: date
    last: date
    whole_first: date
    whole_last: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """A patient's course: the axis, the four lanes, and a trend for each analyte with results.

    `span` is None when nothing with a date is recorded. Bars are in order of their beginning.
    """

    patient_id: int
    span: Span | None
    therapies: tuple[Bar, ...]
    undated_therapies: tuple[str, ...]
    cycles: tuple[CycleMark, ...]
    images: tuple[ImageMark, ...]
    toxicities: tuple[Bar, ...]
    undated_toxicities: tuple[str, ...]
    trends: Mapping[str, Trend]
    died_on: date | None

    def trend(self, analyte: str) -> Trend:
        """The trend of an analyte, by its key; one without points where there are no results."""
        return self.trends.get(analyte) or trend(analyte, (), {})

    def since_cycle(self, day: date) -> Since:
        """How a day lies to the cycles."""
        return since_cycle(day, [(cycle.number, cycle.on) for cycle in self.cycles])


def of_patient(asks: Asks, patient_id: int) -> Course:
    """The course of a patient of the casebook."""
    patient = patients.find(asks, patient_id)
    return course(
        patient_id=patient_id,
        sex=patient.sex if patient else None,
        treatments=cycles.of_patient(asks, patient_id),
        results=labs.of_patient(asks, patient_id),
        given=therapies.of_patient(asks, patient_id),
        events=toxicities.of_patient(asks, patient_id),
        imaged=assessments.of_patient(asks, patient_id),
        seen=followups.of_patient(asks, patient_id),
    )


def course(
    *,
    patient_id: int,
    sex: str | None,
    treatments: Sequence[Treatment],
    results: Sequence[LabResult],
    given: Sequence[Therapy],
    events: Sequence[Toxicity],
    imaged: Sequence[Assessment],
    seen: Sequence[FollowUp],
) -> Course:
    """The course that a patient's records tell; results and assessments oldest first."""
    treated = sorted(treatments, key=lambda treatment: treatment.cycle.given_on)
    days = tuple((treatment.cycle.number, treatment.cycle.given_on) for treatment in treated)
    vital = followups.vital(seen)
    known = [
        *(given_on for _, given_on in days),
        *((results[0].taken_on, results[-1].taken_on) if results else ()),
        *(assessment.assessed_on for assessment in imaged),
        *(day for event in events for day in (event.onset_on, event.resolved_on) if day),
    ]
    last_contact = max([*known, *([vital.last_on] if vital.last_on else [])], default=None)
    dated = [therapy for therapy in given if therapy.started_on or therapy.ended_on]
    with_onset = [event for event in events if event.onset_on or event.resolved_on]
    given_bars = sorted((therapy_bar(therapy, last_contact) for therapy in dated), key=covered)
    return Course(
        patient_id=patient_id,
        span=_span(days, known, results, imaged, given_bars, last_contact),
        therapies=tuple(given_bars),
        undated_therapies=tuple(name_of(therapy) for therapy in given if therapy not in dated),
        cycles=tuple(cycle_mark(treatment) for treatment in treated),
        images=tuple(image_mark(assessment) for assessment in imaged),
        toxicities=tuple(
            sorted((toxicity_bar(event, last_contact) for event in with_onset), key=covered)
        ),
        undated_toxicities=tuple(
            f"{event.term} {event.grade}" for event in events if event not in with_onset
        ),
        trends=_trends(results, days, sex),
        died_on=vital.last_on if vital.status == "dead" else None,
    )


def _trends(
    results: Sequence[LabResult], days: Sequence[tuple[int, date]], sex: str | None
) -> dict[str, Trend]:
    by_analyte: dict[str, list[LabResult]] = {}
    for result in results:
        by_analyte.setdefault(result.analyte, []).append(result)
    # Many results share a day: a patient's visits are few.
    since = {day: since_cycle(day, days) for day in {result.taken_on for result in results}}
    return {key: trend(key, found, since, sex) for key, found in by_analyte.items()}


def _span(
    days: Sequence[tuple[int, date]],
    known: Sequence[date],
    results: Sequence[LabResult],
    imaged: Sequence[Assessment],
    bars: Sequence[Bar],
    last_contact: date | None,
) -> Span | None:
    """What is shown at first: from the baseline of the first cycle to the last that is recorded.

    The last contact is taken in where it adds no more than a quarter, so that a long silence
    does not press the course together; without a cycle, all but the earlier therapies is shown.
    """
    ends = [day for bar in bars for day in covered(bar)]
    if not (known or ends):
        return None
    first, last = min(known or ends), max(known or ends)
    if days:
        baseline = days[0][1] - timedelta(days=BASELINE_DAYS)
        sampled = [result.taken_on for result in results]
        sampled += [assessment.assessed_on for assessment in imaged]
        first = min([days[0][1], *(day for day in sampled if day >= baseline)])
    if last_contact and last_contact - last <= (last - first) / 4:
        last = max(last, last_contact)
    margin = max(timedelta(days=7), (last - first) * 0.03)
    last = max(last, first + timedelta(days=42))
    everything = [*known, *ends, *([last_contact] if last_contact else [])]
    return Span(
        first=first - margin,
        last=last + margin,
        whole_first=min(first, *everything) - margin,
        whole_last=max(last, *everything) + margin,
    )

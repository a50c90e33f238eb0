"""The one-page summary of a patient as one value: everything that stands on the page.

`report` reasons over records: values in, value out, no clock. A pseudonymised report is made from
records that hold nothing typed freely, under a code of its own, with days since T0 for dates.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from model.course.course import Course, course
from model.course.grade_bands import GradeBand, grade_bands
from model.dates import PartialDate, shown
from model.documents.summary_records import Records, gather, pseudonymised
from model.grading import proposals
from model.records import without_identity

if TYPE_CHECKING:
    from model.derived.values import Derived
    from model.due.items import DueItem
    from model.grading.proposals import Proposal
    from model.records.assessments import Assessment
    from model.records.profile import Profile

__all__ = ["Calendar", "Records", "Report", "fresh_code", "gather", "report"]

_SIGNS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # none that is taken for another


@dataclass(frozen=True, slots=True)
class Calendar:
    """How a page writes days: as dates, or as days since an origin where dates are withheld."""

    origin: date | None = None
    is_t0: bool = True
    """Whether the origin is T0; otherwise it is the first day of which anything is recorded."""

    @property
    def name(self) -> str:
        """What the days are counted from; empty for dates."""
        if self.origin is None:
            return ""
        return "days since T0" if self.is_t0 else "days since first record"

    @staticmethod
    def written(days: int) -> str:
        """So many days since the origin: `day −35`."""
        return f"day −{-days}" if days < 0 else f"day {days}"

    def text(self, day: date | None) -> str:
        """A day as it is written on the page: `7 Mar 2024`, or `day 412`; empty for None."""
        if day is None:
            return ""
        if self.origin is None:
            return shown(day)
        return self.written((day - self.origin).days)


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """What the page shows. `code` is the study code, or one made for this page alone."""

    code: str
    identified: bool
    synthetic: bool
    casebook: str
    """Which casebook it is from; empty where its name could tell whose the page is."""
    printed_on: date
    calendar: Calendar
    profile: Profile
    age: str | None
    """At T0, in years."""
    course: Course
    bands: Mapping[str, Sequence[GradeBand]]
    """Of the analytes that the course is drawn with, the first foremost."""
    derived: tuple[Derived, ...]
    imaged: tuple[Assessment, ...]
    """Oldest first."""
    to_review: tuple[Proposal, ...]
    """Newest first."""
    due: tuple[DueItem, ...]
    unknown: tuple[str, ...]


def fresh_code() -> str:
    """A code that tells nothing: `P-7QK2`."""
    return "P-" + "".join(secrets.choice(_SIGNS) for _ in range(4))


def report(
    records: Records, today: date, analytes: Sequence[str], *, code: str | None = None
) -> Report:
    """The page of a patient's records; pseudonymised when a code takes the study code's place.

    `analytes` are those that the course is drawn with, by key.
    """
    identified = code is None
    if code is not None:
        records = pseudonymised(records, code)
    known = records.profile
    drawn = _course(records)
    first_on = drawn.first_cycle_on
    version = records.ctcae_version
    for key in analytes:
        # Graded when first asked for: here, where it takes nobody's time, rather than in drawing.
        _ = drawn.trend(key).nadirs
    suggested = proposals.proposals(
        records.results, records.events, records.dismissed, first_on, version
    )
    return Report(
        code=known.patient.code,
        identified=identified,
        synthetic=records.synthetic,
        casebook=records.casebook,
        printed_on=today,
        calendar=Calendar() if identified else _calendar(known, drawn),
        profile=known,
        age=_age(known.age, identified=identified),
        course=drawn,
        bands={key: grade_bands(drawn.trend(key), version, first_on) for key in analytes},
        derived=drawn.derived if identified else tuple(map(_without_reason, drawn.derived)),
        imaged=records.imaged,
        to_review=tuple(suggested),
        due=records.due,
        # How old a result is would tell its date, as the day of printing stands on the page.
        unknown=drawn.unknowns(today if identified else date.min),
    )


def _course(records: Records) -> Course:
    patient = records.profile.patient
    return course(
        patient_id=patient.id or 0,
        sex=patient.sex,
        treatments=records.profile.treatments,
        results=records.results,
        given=records.given,
        events=records.events,
        imaged=records.imaged,
        seen=records.seen,
        born_on=records.born_on,
        age_at_index=records.age_at_index,
        index_on=patient.index_on,
        height_cm=patient.height_cm,
        version=records.ctcae_version,
        system=records.system,
    )


def _age(age: int | None, *, identified: bool) -> str | None:
    if age is None:
        return None
    return f"{age}" if identified else without_identity.age_text(age)


def _without_reason(derived: Derived) -> Derived:
    """A derived value without the sentence that says why there is none: it may tell a date."""
    return replace(derived, why_not="not derived" if derived.why_not else "")


def _calendar(known: Profile, drawn: Course) -> Calendar:
    """Days since T0; without one, since the first day of which anything is recorded."""
    if origin := known.patient.index_on or drawn.first_cycle_on:
        return Calendar(origin)
    starts = [PartialDate.of(trend.points[0].on) for trend in drawn.trends.values() if trend.points]
    starts += [PartialDate.of(image.on) for image in drawn.images[:1]]
    bars = (*drawn.therapies, *drawn.toxicities)
    starts += [day for bar in bars for day in (bar.began, bar.ended) if day]
    first = min((day.earliest for day in starts), default=date.min)
    return Calendar(first, is_t0=False)

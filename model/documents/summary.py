"""Compute everything on the one-page summary of a patient.

A pseudonymised page is computed from records without identity and free text. It has a code of its
own, and days since T0 instead of dates.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from model.course.course import Course, build_course
from model.course.grades import GradeBand, grade_bands
from model.dates import DAYS, Day, PartialDate, date_text, time_since
from model.derived.person import person_of
from model.derived.profile import Profile, profile_of
from model.derived.values import LatestValue
from model.due import items as due
from model.due.items import DueItem
from model.grading.review import AnyProposal, proposals_to_review
from model.language import _
from model.records import without_identity
from model.records.assessments import Assessment
from model.records.biopsies import Metastasis
from model.records.life import Age
from model.records.patient_records import PatientRecords
from model.records.patients import Identity
from model.records.without_identity import nameless
from model.store.settings import SYNTHETIC

_CODE_CHARACTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"  # without characters that look alike


@dataclass(frozen=True, slots=True)
class Calendar:
    """How a page writes days: as dates or, if dates are withheld, as days since an origin."""

    origin: date | None = None
    is_t0: bool = True
    """Whether the origin is T0; otherwise it is the first day with a record."""

    @property
    def name(self) -> str:
        """The label of the days, which states their origin; empty for dates."""
        if self.origin is None:
            return ""
        return _("days since T0") if self.is_t0 else _("days since first record")

    @staticmethod
    def day_number(days: int) -> str:
        """Return a number of days since the origin: `day −35`."""
        return _("day {n}").format(n=f"−{-days}" if days < 0 else f"{days}")

    def text(self, day: Day | None) -> str:
        """Return a day as written on the page: `7 Mar 2024`, or `day 412`; empty for None.

        A partial date is written as `Mar 2024`, or `≈ month 13`.
        """
        if day is None:
            return ""
        if self.origin is None:
            return date_text(day)
        if isinstance(day, date):
            return self.day_number((day - self.origin).days)
        n, unit = time_since(day, self.origin)
        if unit == DAYS:
            return self.day_number(n)
        number = f"−{-n}" if n < 0 else f"{n}"
        return (
            _("≈ month {n}").format(n=number)
            if unit == "months"
            else _("≈ year {n}").format(n=number)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """Everything on the page. `code` is the study code, or one used for this page alone."""

    code: str
    identified: bool
    synthetic: bool
    casebook: str
    """The casebook's name; empty where it could identify the patient."""
    printed_on: date
    calendar: Calendar
    profile: Profile
    age: str
    """The age today or at death, with that at T0; if pseudonymised, only that at T0."""
    course: Course
    bands: Mapping[str, Sequence[GradeBand]]
    """The grade bands of the analytes that the course is drawn with, in their order."""
    derived: tuple[LatestValue, ...]
    imaged: tuple[Assessment, ...]
    """Oldest first."""
    to_review: tuple[AnyProposal, ...]
    """Newest first."""
    due: tuple[DueItem, ...]
    unknown: tuple[str, ...]


def random_code() -> str:
    """Return a random code: `P-7QK2`."""
    return "P-" + "".join(secrets.choice(_CODE_CHARACTERS) for _ in range(4))


def summarise(
    records: PatientRecords,
    today: date,
    analytes: Sequence[str],
    *,
    casebook: str = "",
    code: str | None = None,
) -> Summary:
    """Return the summary of a patient, pseudonymised if `code` replaces the study code.

    `analytes` are the keys of those that the course is drawn with; `casebook` is the casebook's
    name. Raises KnownError if the casebook's due schedule cannot be read.
    """
    identified = code is None
    age = records.age(today)
    # The days until something is due would reveal dates, as the day of printing is on the page.
    due_items = due.of_patient(records, today) if identified else ()
    if code is not None:
        records = pseudonymised(records, code)
    profile = profile_of(records, today)
    if not identified:
        patient = replace(profile.patient, age_at_index=None)
        # Today's age would reveal the year of birth, as the day of printing is on the page.
        profile = replace(profile, identity=None, patient=patient, age=Age())
    patient_course = build_course(records)
    # Nadirs are graded on first access: here, off the GUI thread, rather than while drawing.
    _graded = [patient_course.trend(key).nadirs for key in analytes]
    return Summary(
        code=records.patient.code,
        identified=identified,
        synthetic=records.settings.get(SYNTHETIC) == "yes",
        casebook=casebook if identified else "",
        printed_on=today,
        calendar=Calendar() if identified else _calendar(records, patient_course),
        profile=profile,
        age=age.long_text if identified else _age_at_t0(age),
        course=patient_course,
        bands={
            key: grade_bands(patient_course.trend(key), records.ctcae_version) for key in analytes
        },
        derived=patient_course.derived
        if identified
        else tuple(map(_without_reason, patient_course.derived)),
        imaged=records.assessments,
        to_review=tuple(proposals_to_review(records)),
        due=due_items,
        # The age of the last result would reveal its date, as the day of printing is on the page.
        unknown=patient_course.unknowns(today if identified else date.min),
    )


def pseudonymised(records: PatientRecords, code: str) -> PatientRecords:
    """Return the records under another code, without identity and without any free text.

    The date of birth is kept for the formulas that need an age. If the patient is older than 89, it
    is removed too, as the age could be computed from the results of the formulas.
    """
    is_too_old = _oldest_age(records) > without_identity.OLDEST
    born_on = None if is_too_old else records.life.born_on
    age_at_index = None if is_too_old else records.patient.age_at_index
    patient = replace(nameless(records.patient), code=code, age_at_index=age_at_index)
    sites = dict.fromkeys(nameless(each).site for each in records.metastases)
    return replace(
        records,
        patient=patient,
        identity=Identity(patient_id=records.id, born_on=born_on) if born_on else None,
        treatments=tuple(map(without_identity.treatment, records.treatments)),
        results=tuple(without_identity.results(records.results)),
        toxicities=tuple(map(nameless, records.toxicities)),
        dismissals=tuple(replace(each, reason=None) for each in records.dismissals),
        assessments=tuple(map(nameless, records.assessments)),
        follow_ups=tuple(replace(each, comment=None) for each in records.follow_ups),
        therapies=tuple(map(nameless, records.therapies)),
        biopsies=tuple(map(nameless, records.biopsies)),
        metastases=tuple(Metastasis(patient_id=records.id, site=site) for site in sites),
    )


def _oldest_age(records: PatientRecords) -> int:
    """Return the higher of the ages at the last result and at T0; 0 if neither is known."""
    person = person_of(records)
    ages = [person.age_on(result.taken_on) for result in records.results[-1:]]
    at_t0 = records.age(records.index_on or date.min).at_t0
    return max((age[0] for age in ages if age), default=at_t0 or 0)


def _age_at_t0(age: Age) -> str:
    """Return the age at T0 as text, `90+` above 89."""
    years = without_identity.age_text(age.at_t0)
    return _("{age} y at T0").format(age=years) if years else ""


def _without_reason(derived: LatestValue) -> LatestValue:
    """Return a derived value without the reason why there is none, which may contain a date."""
    return replace(derived, why_not=_("not derived") if derived.why_not else "")


def _calendar(records: PatientRecords, patient_course: Course) -> Calendar:
    """Return a calendar of days since T0 or, without T0, since the first day with a record."""
    if origin := records.index_on:
        return Calendar(origin)
    starts = [
        PartialDate.of(trend.points[0].on)
        for trend in patient_course.trends.values()
        if trend.points
    ]
    starts += [PartialDate.of(image.on) for image in patient_course.images[:1]]
    bars = (*patient_course.therapies, *patient_course.toxicities)
    starts += [day for bar in bars for day in (bar.began, bar.ended) if day]
    first = min((day.earliest for day in starts), default=date.min)
    return Calendar(first, is_t0=False)

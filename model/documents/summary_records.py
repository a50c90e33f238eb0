"""All that is recorded of one patient for the one-page summary, as it is or without identity."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from model.derived.person import Person
from model.due import items as due
from model.grading import proposals
from model.records import (
    assessments,
    cycles,
    dismissals,
    followups,
    labs,
    profile,
    therapies,
    toxicities,
    unit_system,
    without_identity,
)
from model.records.profile import Profile
from model.records.unit_system import UnitSystem
from model.store.settings import SYNTHETIC

if TYPE_CHECKING:
    from model.dates import PartialDate
    from model.due.items import DueItem
    from model.records.assessments import Assessment
    from model.records.dismissals import Dismissal
    from model.records.followups import FollowUp
    from model.records.labs import LabResult
    from model.records.therapies import Therapy
    from model.records.toxicities import Toxicity
    from model.store.casebook import Casebook


@dataclass(frozen=True, slots=True, kw_only=True)
class Records:
    """What one patient's page is made from. `born_on` and `age_at_index` serve formulas alone."""

    profile: Profile
    born_on: PartialDate | None
    age_at_index: int | None
    results: tuple[LabResult, ...]
    given: tuple[Therapy, ...]
    events: tuple[Toxicity, ...]
    imaged: tuple[Assessment, ...]
    seen: tuple[FollowUp, ...]
    dismissed: tuple[Dismissal, ...]
    due: tuple[DueItem, ...]
    ctcae_version: str
    system: UnitSystem
    casebook: str
    synthetic: bool


def gather(casebook: Casebook, patient_id: int, today: date) -> Records | None:
    """What is recorded of a patient, as of one moment; None for one who is not there."""
    with casebook.snapshot():
        found = profile.profile_of(casebook, patient_id)
        if found is None:
            return None
        return Records(
            profile=found,
            born_on=found.identity.born_on if found.identity else None,
            age_at_index=found.patient.age_at_index,
            results=tuple(labs.of_patient(casebook, patient_id)),
            given=tuple(therapies.of_patient(casebook, patient_id)),
            events=tuple(toxicities.of_patient(casebook, patient_id)),
            imaged=tuple(assessments.of_patient(casebook, patient_id)),
            seen=tuple(followups.of_patient(casebook, patient_id)),
            dismissed=tuple(dismissals.of_patient(casebook, patient_id)),
            due=due.of_casebook(casebook, today, [patient_id]),
            ctcae_version=proposals.version_of(casebook, patient_id),
            system=unit_system.of_casebook(casebook),
            casebook=casebook.path.stem,
            synthetic=casebook.setting(SYNTHETIC) == "yes",
        )


def pseudonymised(records: Records, code: str) -> Records:
    """The records under another code, without identity and without anything typed freely.

    What is due goes too: it counts from today, which stands on the page, and so tells a date. Of
    those over 89 no formula is given the age: it could be reckoned back from what comes of it.
    """
    known = records.profile
    is_too_old = _oldest_age(records) > without_identity.OLDEST
    treatments = tuple(map(without_identity.treatment, known.treatments))
    given = [administration for each in treatments for administration in each.administrations]
    return replace(
        records,
        profile=replace(
            known,
            patient=without_identity.patient(known.patient, code),
            identity=None,
            metastases=without_identity.metastases(known.metastases),
            treatments=treatments,
            cumulative=tuple(cycles.cumulative(given)),
            worst=without_identity.toxicity(known.worst) if known.worst else None,
        ),
        born_on=None if is_too_old else records.born_on,
        age_at_index=None if is_too_old else records.age_at_index,
        results=tuple(without_identity.results(records.results)),
        given=tuple(map(without_identity.therapy, records.given)),
        events=tuple(map(without_identity.toxicity, records.events)),
        imaged=tuple(map(without_identity.assessment, records.imaged)),
        seen=tuple(replace(seen, comment=None) for seen in records.seen),
        due=(),
        casebook="",
    )


def _oldest_age(records: Records) -> int:
    """The age on the day of the last result, or at T0; 0 where neither is known."""
    person = Person(
        born_on=records.born_on,
        age_at_index=records.age_at_index,
        index_on=records.profile.patient.index_on or _first_cycle_on(records),
    )
    ages = [person.age_on(result.taken_on) for result in records.results[-1:]]
    return max((age[0] for age in ages if age), default=records.profile.age or 0)


def _first_cycle_on(records: Records) -> date | None:
    return min((each.cycle.given_on for each in records.profile.treatments), default=None)

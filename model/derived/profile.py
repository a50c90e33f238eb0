"""A patient's profile: the facts that prevent mistaking one patient for another."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from model.dates import first_day
from model.records import administrations, biopsies
from model.records.administrations import Cumulative
from model.records.best_response import NOT_ASSESSED, best_response
from model.records.cycles import MODALITIES, Treatment
from model.records.followups import FollowUp
from model.records.kinds import KINDS
from model.records.life import DEATHS, Age, Vital, is_on_treatment
from model.records.patient_records import PatientRecords
from model.records.patients import Identity, Patient
from model.records.toxicities import Toxicity
from model.store.reader import Reader
from model.store.rows import stored_date


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """What the header of a patient's page shows; None or empty where nothing is recorded."""

    patient: Patient
    identity: Identity | None
    age: Age
    """On the day that the profile is shown for, or at death."""
    grade: str | None
    """Current WHO grade: `biopsies.latest_grade`."""
    first_grade: str | None
    """WHO grade at diagnosis, otherwise of the first graded biopsy."""
    is_graded_at_diagnosis: bool
    """Whether `first_grade` is that of the diagnosis."""
    ki67: str | None
    """The current Ki-67 in percent, as it was written."""
    metastases: tuple[str, ...]
    ecog: int | None
    """The latest ECOG status recorded at a cycle or a follow-up."""
    treatments: tuple[Treatment, ...]
    cumulative: tuple[Cumulative, ...]
    best_response: str | None
    """As counted in the cohort, which includes `NOT_ASSESSED`; None without a cycle."""
    worst: Toxicity | None
    """The toxicity with the highest grade; the latest of several."""
    vital: Vital

    @property
    def name(self) -> str:
        """Family and given name, as far as they are recorded."""
        if self.identity is None:
            return ""
        return ", ".join(filter(None, (self.identity.family_name, self.identity.given_name)))

    @property
    def stated_response(self) -> str | None:
        """The best response; None if it was not assessed."""
        return None if self.best_response == NOT_ASSESSED else self.best_response

    @property
    def modalities(self) -> Mapping[str, int]:
        """The number of tandem and of monotherapy cycles, without those of which there are none."""
        modalities = [treatment.modality for treatment in self.treatments]
        return {each: modalities.count(each) for each in reversed(MODALITIES) if each in modalities}


def profile_of(records: PatientRecords, today: date) -> Profile:
    """Return the profile of a patient on a day."""
    treatments = records.treatments
    latest = biopsies.with_latest_ki67(records.biopsies)
    return Profile(
        patient=records.patient,
        identity=records.identity,
        age=records.age(today),
        grade=biopsies.latest_grade(records.biopsies),
        first_grade=biopsies.first_grade(records.biopsies),
        is_graded_at_diagnosis=biopsies.is_graded_at_diagnosis(records.biopsies),
        ki67=latest.ki67_text if latest else None,
        metastases=tuple(metastasis.site for metastasis in records.metastases),
        ecog=_last_ecog(treatments, records.follow_ups),
        treatments=treatments,
        cumulative=tuple(
            administrations.cumulative(
                administration for each in treatments for administration in each.administrations
            )
        ),
        best_response=best_response(
            records.assessments, records.first_cycle_on, has_died=records.vital.status == "dead"
        ),
        worst=max(
            records.toxicities,
            key=lambda each: (each.grade, first_day(each.onset_on or date.min)),
            default=None,
        ),
        vital=records.vital,
    )


def count_records(reader: Reader, patient_id: int) -> dict[str, int]:
    """Return the number of a patient's rows in each table, without those in the bin."""
    rows = reader.rows(_COUNTS, patient_id=patient_id)
    return {row["name"]: row["n"] for row in rows}


_COUNTS = " union all ".join(
    f"select '{kind.table}' as name, count(*) as n from {kind.table}"
    " where patient_id = :patient_id and deleted_at is null"
    for kind in KINDS
    if kind.counted
)


def on_treatment(reader: Reader, today: date) -> frozenset[int]:
    """Return the living patients who are on treatment (`life.is_on_treatment`)."""
    rows = reader.rows(
        f"""
        select cycle.patient_id as id, max(given_on) as last_on,
               (select max(day) from (
                    select assessed_on as day from assessment
                     where assessment.patient_id = cycle.patient_id and deleted_at is null
                       and lower(replace(replace(trim(timepoint), ' ', '_'), '-', '_'))
                         = 'end_of_treatment'
                     union all
                    select ended_on from end_of_treatment
                     where end_of_treatment.patient_id = cycle.patient_id and deleted_at is null
               )) as ended_on
          from cycle
         where deleted_at is null and patient_id not in (select patient_id from ({DEATHS}))
         group by cycle.patient_id
         order by cycle.patient_id
        """
    )
    return frozenset(
        row["id"]
        for row in rows
        if is_on_treatment(
            stored_date(row["last_on"], "last_on"),
            stored_date(row["ended_on"], "ended_on") if row["ended_on"] else None,
            today,
        )
    )


def _last_ecog(treatments: Sequence[Treatment], follow_ups: Sequence[FollowUp]) -> int | None:
    pairs = [(each.cycle.given_on, each.cycle.ecog) for each in treatments]
    pairs += [(follow_up.seen_on, follow_up.ecog) for follow_up in follow_ups]
    recorded = [(day, ecog) for day, ecog in pairs if ecog is not None]
    return max(recorded, key=lambda pair: pair[0])[1] if recorded else None

"""What formulas need of a patient besides laboratory values: sex, age, height, weight."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from model.dates import PartialDate
from model.records import life
from model.records.cycles import Treatment
from model.records.followups import FollowUp
from model.records.patient_records import PatientRecords

WEIGHT_DAYS = 30
"""A weight is used for samples up to so many days before or after it; our own choice."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """What formulas need of a patient besides laboratory values; None where not recorded."""

    sex: str | None = None
    born_on: PartialDate | None = None
    age_at_index: int | None = None
    index_on: date | None = None
    height_cm: float | None = None
    weights: tuple[tuple[date, float], ...] = ()
    """Day and weight in kg, oldest first."""

    def age_on(self, day: date) -> tuple[int, bool] | None:
        """Return the age in whole years on a day, and whether it is approximate."""
        return life.age_then(self.born_on, self.age_at_index, self.index_on, day)

    def weight_on(self, day: date) -> tuple[date, float] | None:
        """Return the weight used for a day, with the day on which it was recorded.

        That is the nearest within 30 days; of two equally near, the earlier. If there is none, it
        is the last before the day, however old.
        """
        near = [weight for weight in self.weights if abs((weight[0] - day).days) <= WEIGHT_DAYS]
        if near:
            return min(near, key=lambda weight: (abs((weight[0] - day).days), weight[0]))
        return next((weight for weight in reversed(self.weights) if weight[0] < day), None)


def person_of(records: PatientRecords) -> Person:
    """Return what formulas need of a patient."""
    return Person(
        sex=records.patient.sex,
        born_on=records.life.born_on,
        age_at_index=records.patient.age_at_index,
        index_on=records.index_on,
        height_cm=records.patient.height_cm,
        weights=weights(records.treatments, records.follow_ups),
    )


def weights(
    treatments: Iterable[Treatment], follow_ups: Iterable[FollowUp]
) -> tuple[tuple[date, float], ...]:
    """Return the weights of cycles and follow-ups, oldest first."""
    recorded = [(each.cycle.given_on, each.cycle.weight_kg) for each in treatments]
    recorded += [(follow_up.seen_on, follow_up.weight_kg) for follow_up in follow_ups]
    return tuple(sorted((day, kg) for day, kg in recorded if kg is not None))

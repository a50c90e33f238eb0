"""What is recorded about one patient on a day, to be compared with the limits of a rule set."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cached_property

from model.derived import formulas
from model.derived import values as derivation
from model.derived.person import person_of
from model.derived.values import DerivedValue
from model.grading.baselines import baselines_of
from model.records.cycles import Cycle, Treatment
from model.records.labs import LabResult, label
from model.records.patient_records import PatientRecords
from model.reference import analytes, nuclides, units

_FORMULAS = {formula.key: formula for formula in (formulas.EGFR, formulas.CLEARANCE)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """One value that a limit is compared with, measured or derived.

    `number` is exact and in the analyte's canonical unit; None if the written unit is unknown.
    `source` is what a derived value was derived from.
    """

    on: date
    number: Fraction | None
    comparator: str | None
    written: str
    """Value and unit as shown: `44 ×10⁹/L`."""
    result: LabResult | None = None
    source: str = ""


@dataclass(frozen=True, kw_only=True)
class Facts:
    """The records of one patient up to a day, with the values derived from them."""

    records: PatientRecords
    """The records up to `today` (`PatientRecords.up_to`)."""
    today: date

    @property
    def next_cycle(self) -> int:
        """The number of the next cycle."""
        return max((number for number, _day in self.records.life.cycles), default=0) + 1

    def last_cycle_of(self, nuclide: str = "") -> tuple[Cycle, date] | None:
        """Return the last cycle in which a nuclide was given, and the day.

        `nuclide` is a nuclide, `alpha` for any alpha emitter, or empty for any cycle.
        """
        days = ((each.cycle, _given_on(each, nuclide)) for each in self.records.treatments)
        pairs = [(cycle, day) for cycle, day in days if day is not None]
        return max(pairs, key=lambda pair: (pair[1], pair[0].number), default=None)

    def cycles_of_unknown_nuclide(self) -> list[Cycle]:
        """Return the cycles with a nuclide that is unknown or not recorded, by number."""
        return [
            each.cycle
            for each in self.records.treatments
            if not each.administrations
            or any(nuclides.find(dose.nuclide) is None for dose in each.administrations)
        ]

    def newest(self, parameter: str, oldest_on: date) -> Sample | None:
        """Return the newest value of an analyte; None if there is none.

        A measured value is preferred to a derived one, unless it is from before `oldest_on` and the
        derived one is newer.
        """
        measured = self.records.results_by_analyte.get(parameter, ())
        derived = self.derived(parameter)
        if not measured:
            return derived_sample(derived[-1]) if derived else None
        last = measured[-1].taken_on
        if last < oldest_on and derived and derived[-1].taken_on > last:
            return derived_sample(derived[-1])
        return measured_sample(measured[-1])

    def doubt(self, parameter: str, sample: Sample) -> str:
        """Return why the newest value is in doubt; empty for no doubt.

        A derived value is in doubt if a newer result of its inputs is implausible.
        """
        if sample.result is not None:
            return sample.result.doubt
        for key, _unit in _FORMULAS[parameter].needs:
            newest = self.records.results_by_analyte[key][-1]
            if newest.is_questioned and newest.taken_on >= sample.on:
                return f"{label(key)}: {newest.doubt}"
        return ""

    def baseline(self, parameter: str, *, of: Sample) -> Sample | None:
        """Return the last value before the first cycle began: measured or derived, as `of` is."""
        first = self.records.first_start
        if first is None:
            return None
        if of.result is not None:
            result = baselines_of(self.records.usable_results, first).get(parameter)
            return measured_sample(result) if result else None
        earlier = [each for each in self.derived(parameter) if first.is_before(each)]
        return derived_sample(earlier[-1]) if earlier else None

    def derived(self, parameter: str) -> list[DerivedValue]:
        """Return the derived values of an analyte, oldest first; none if it is never derived."""
        return self._derived[parameter][0] if parameter in self._derived else []

    def why_not_derived(self, parameter: str) -> str:
        """Return why the last sample gave no derived value; empty if it gave one."""
        return self._derived[parameter][1] if parameter in self._derived else ""

    @cached_property
    def _derived(self) -> dict[str, tuple[list[DerivedValue], str]]:
        person = person_of(self.records)
        return {
            key: derivation.derive_all(formula, self.records.results_by_analyte, person)
            for key, formula in _FORMULAS.items()
        }


def facts_of(records: PatientRecords, today: date) -> Facts:
    """Return the facts of a patient on a day."""
    return Facts(records=records.up_to(today), today=today)


def measured_sample(result: LabResult) -> Sample:
    """Return a laboratory result as a sample."""
    unit = units.parse(result.analyte, result.unit or "")
    return Sample(
        on=result.taken_on,
        number=Fraction(result.value) * unit.factor if unit else None,
        comparator=result.comparator,
        written=" ".join(filter(None, (result.value_text, result.unit_symbol))),
        result=result,
    )


def derived_sample(derived: DerivedValue) -> Sample:
    """Return a derived value as a sample, rounded to twelve significant digits."""
    analyte = analytes.by_key(derived.formula.key)
    unit = analyte.display_unit(derived.formula.unit) if analyte else derived.formula.unit
    return Sample(
        on=derived.taken_on,
        number=Fraction(f"{derived.value:.12g}"),
        comparator=None,
        written=f"{derived.text} {unit}",
        source=derived.derived_from,
    )


def _given_on(treatment: Treatment, nuclide: str) -> date | None:
    """Return the last day on which a nuclide was given in a cycle; None if it was not."""
    cycle_on = treatment.cycle.given_on
    if not nuclide:
        return max([cycle_on, *(each.given_on or cycle_on for each in treatment.administrations)])
    days = [
        each.given_on or cycle_on
        for each in treatment.administrations
        if (given := nuclides.find(each.nuclide)) is not None
        and (given.is_alpha if nuclide == "alpha" else given.name == nuclide)
    ]
    return max(days, default=None)

"""The facts of one patient against which the limits of a rule set are checked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction

from model.derived import formulas
from model.derived import values as derivation
from model.derived.person import person_of, weights
from model.derived.values import DerivedValue
from model.grading.baselines import baselines_of
from model.records.cycles import Cycle, Treatment
from model.records.labs import LabResult
from model.records.patient_records import PatientRecords
from model.records.toxicities import Toxicity
from model.reference import analytes, nuclides, units

_FORMULAS = {formula.key: formula for formula in (formulas.EGFR, formulas.CLEARANCE)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """One value that a limit is compared with, measured or derived.

    `number` is in the analyte's canonical unit, exact; None where the written unit is unknown.
    `source` is what a derived value was derived from.
    """

    on: date
    number: Fraction | None
    comparator: str | None
    written: str
    """Value and unit as shown: `44 ×10⁹/L`."""
    result: LabResult | None = None
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """One patient as of a day: later records are left out, but not a later `died_on`.

    `results` are oldest first; `newest_on` is the day of the newest one.
    `treatments` are by number. `derived` holds the series of derived values
    by key, oldest first, `why_not` for each key why its last sample gave none.
    """

    treatments: tuple[Treatment, ...] = ()
    results: tuple[LabResult, ...] = ()
    newest_on: date | None = None
    events: tuple[Toxicity, ...] = ()
    died_on: date | None = None
    version: str = "5.0"
    derived: Mapping[str, tuple[DerivedValue, ...]] = field(default_factory=dict)
    why_not: Mapping[str, str] = field(default_factory=dict)

    @property
    def first_cycle_on(self) -> date | None:
        """The day of the first cycle."""
        return min((each.cycle.given_on for each in self.treatments), default=None)

    @property
    def next_cycle(self) -> int:
        """The number of the next cycle."""
        return max((each.cycle.number for each in self.treatments), default=0) + 1

    def last_given(self, kind: str = "") -> tuple[Cycle, date] | None:
        """Return the last cycle and its day; of a kind (`alpha` or a nuclide), the last with it."""
        given = [
            (each.cycle, day)
            for each in self.treatments
            if (day := _given_on(each, kind)) is not None
        ]
        return max(given, key=lambda pair: (pair[1], pair[0].number), default=None)

    def unclear(self) -> list[Cycle]:
        """Return the cycles whose nuclides are not recorded or unknown, by number."""
        return [
            each.cycle
            for each in self.treatments
            if not each.administrations
            or any(nuclides.find(given.nuclide) is None for given in each.administrations)
        ]

    def newest(self, parameter: str, oldest_on: date) -> Sample | None:
        """Return the newest value of an analyte, measured where there is one since `oldest_on`.

        A newer derived value replaces a measured one from before that day.
        """
        measured = [result for result in self.results if result.analyte == parameter]
        derived = self.derived.get(parameter, ())
        if not measured:
            return derived_sample(derived[-1]) if derived else None
        last = measured[-1].taken_on
        if last < oldest_on and derived and derived[-1].taken_on > last:
            return derived_sample(derived[-1])
        return measured_sample(measured[-1])

    def baseline(self, parameter: str, *, of: Sample) -> Sample | None:
        """Return the last value up to the day of the first cycle, of the same kind as `of`."""
        if self.first_cycle_on is None:
            return None
        if of.result is not None:
            result = baselines_of(self.results, self.first_cycle_on).get(parameter)
            return measured_sample(result) if result else None
        before = [
            each for each in self.derived.get(parameter, ()) if each.taken_on <= self.first_cycle_on
        ]
        return derived_sample(before[-1]) if before else None


def facts_of(records: PatientRecords, today: date) -> Facts:
    """Return the facts of a patient on a day."""
    treatments = tuple(each for each in records.treatments if each.cycle.given_on <= today)
    results = tuple(each for each in records.results if each.taken_on <= today)
    by_analyte: dict[str, list[LabResult]] = {}
    for result in results:
        by_analyte.setdefault(result.analyte, []).append(result)
    seen = [each for each in records.follow_ups if each.seen_on <= today]
    person = replace(person_of(records), weights=weights(treatments, seen))
    series = {
        key: derivation.series(formula, by_analyte, person) for key, formula in _FORMULAS.items()
    }
    return Facts(
        treatments=treatments,
        results=results,
        newest_on=results[-1].taken_on if results else None,
        events=tuple(
            event
            for event in records.toxicities
            if event.onset_on is None or event.onset_on <= today
        ),
        died_on=records.life.died_on,
        version=records.ctcae_version,
        derived={key: tuple(values) for key, (values, _) in series.items()},
        why_not={key: why for key, (_, why) in series.items()},
    )


def measured_sample(result: LabResult) -> Sample:
    """Return a laboratory result as a sample."""
    unit = units.parse(result.analyte, result.unit or "")
    return Sample(
        on=result.taken_on,
        number=Fraction(result.value) * unit.factor if unit else None,
        comparator=result.comparator,
        written=" ".join(filter(None, (result.value_text, result.shown_unit))),
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


def _given_on(treatment: Treatment, kind: str) -> date | None:
    """Return the last day a kind of nuclide was given in a cycle; None if it was not."""
    if not kind:
        return treatment.cycle.given_on
    days = [
        each.given_on or treatment.cycle.given_on
        for each in treatment.administrations
        if (nuclide := nuclides.find(each.nuclide)) is not None
        and (nuclide.is_alpha if kind == "alpha" else nuclide.name == kind)
    ]
    return max(days, default=None)

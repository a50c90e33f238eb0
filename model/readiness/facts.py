"""What readiness is judged from: all of one patient that the limits of a rule set ask for."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction

from model.derived import kinds as derived_kinds
from model.derived import values as derivation
from model.derived.person import Person, weights
from model.derived.values import Reckoned
from model.grading import proposals
from model.grading.lab_grades import baselines_of
from model.records import cycles, followups, patients, toxicities
from model.records.cycles import Cycle, Treatment
from model.records.labs import LabResult
from model.records.life import life_of
from model.records.toxicities import Toxicity
from model.reference import analytes, nuclides, units
from model.store import rows as records
from model.store.reader import Reader

_KINDS = {kind.key: kind for kind in (derived_kinds.EGFR, derived_kinds.CLEARANCE)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """One value that a limit is held against, measured or derived.

    `number` is in the analyte's canonical unit, exact; None where the written unit is not known.
    `source` says for a derived value what it was derived from.
    """

    on: date
    number: Fraction | None
    comparator: str | None
    written: str
    """Value and unit as they are read: `44 ×10⁹/L`."""
    result: LabResult | None = None
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """One patient as of a day: nothing in it is later than that.

    `results` are oldest first, of the analytes that are asked for; `newest_on` is the day of the
    newest result of any. `treatments` are by number. `derived` holds the series of derived values
    by key, oldest first, `why_not` for each key why its last sample gave none.
    """

    treatments: tuple[Treatment, ...] = ()
    results: tuple[LabResult, ...] = ()
    newest_on: date | None = None
    events: tuple[Toxicity, ...] = ()
    died_on: date | None = None
    version: str = "5.0"
    derived: Mapping[str, tuple[Reckoned, ...]] = field(default_factory=dict)
    why_not: Mapping[str, str] = field(default_factory=dict)

    @property
    def first_cycle_on(self) -> date | None:
        """The day of the first cycle."""
        return min((each.cycle.given_on for each in self.treatments), default=None)

    @property
    def next_cycle(self) -> int:
        """The number of the cycle that would be given next."""
        return max((each.cycle.number for each in self.treatments), default=0) + 1

    def last_given(self, kind: str = "") -> tuple[Cycle, date] | None:
        """The last cycle and its day; of `alpha` or a nuclide, when that was given last."""
        given = [
            (each.cycle, day)
            for each in self.treatments
            if (day := _given_on(each, kind)) is not None
        ]
        return max(given, key=lambda pair: (pair[1], pair[0].number), default=None)

    def unclear(self) -> list[Cycle]:
        """The cycles of which it is not known which nuclides were given, by number."""
        return [
            each.cycle
            for each in self.treatments
            if not each.administrations
            or any(nuclides.find(given.nuclide) is None for given in each.administrations)
        ]

    def newest(self, parameter: str, oldest_on: date) -> Sample | None:
        """The newest value of an analyte, measured where there is one since `oldest_on`.

        A measured value before that day gives way to a derived one that is newer.
        """
        measured = [result for result in self.results if result.analyte == parameter]
        reckoned = self.derived.get(parameter, ())
        if not measured:
            return derived_sample(reckoned[-1]) if reckoned else None
        last = measured[-1].taken_on
        if last < oldest_on and reckoned and reckoned[-1].taken_on > last:
            return derived_sample(reckoned[-1])
        return measured_sample(measured[-1])

    def baseline(self, parameter: str, *, of: Sample) -> Sample | None:
        """The last value up to the day of the first cycle, of the same kind as another sample."""
        if self.first_cycle_on is None:
            return None
        if of.result is not None:
            found = baselines_of(self.results, self.first_cycle_on).get(parameter)
            return measured_sample(found) if found else None
        before = [
            each for each in self.derived.get(parameter, ()) if each.taken_on <= self.first_cycle_on
        ]
        return derived_sample(before[-1]) if before else None


def facts_of(reader: Reader, patient_id: int, today: date, parameters: Iterable[str]) -> Facts:
    """What the casebook knows of a patient as of a day, with the results of these parameters."""
    seen = [each for each in followups.of_patient(reader, patient_id) if each.seen_on <= today]
    treatments = tuple(
        each for each in cycles.of_patient(reader, patient_id) if each.cycle.given_on <= today
    )
    results = _results(reader, patient_id, today, parameters)
    by_analyte: dict[str, list[LabResult]] = {}
    for result in results:
        by_analyte.setdefault(result.analyte, []).append(result)
    patient = patients.find(reader, patient_id)
    life = life_of(reader, patient_id)
    person = Person(
        sex=patient.sex if patient else None,
        born_on=life.born_on,
        age_at_index=patient.age_at_index if patient else None,
        index_on=(patient.index_on if patient else None) or life.first_cycle_on,
        weights=weights(treatments, seen),
    )
    series = {key: derivation.series(kind, by_analyte, person) for key, kind in _KINDS.items()}
    return Facts(
        treatments=treatments,
        results=results,
        newest_on=_newest_on(reader, patient_id, today),
        events=tuple(
            event
            for event in toxicities.of_patient(reader, patient_id)
            if event.onset_on is None or event.onset_on <= today
        ),
        died_on=life.died_on,
        version=proposals.version_of(reader, patient_id),
        derived={key: tuple(made) for key, (made, _) in series.items()},
        why_not={key: why for key, (_, why) in series.items()},
    )


def _results(
    reader: Reader, patient_id: int, today: date, parameters: Iterable[str]
) -> tuple[LabResult, ...]:
    """A patient's results of some analytes, and of those that others derive from, oldest first."""
    needed = {*parameters, *(key for kind in _KINDS.values() for key, _ in kind.needs)}
    rows = reader.rows(
        """
        select * from lab_result
         where patient_id = :patient_id and deleted_at is null and taken_on <= :today
           and analyte in (select value from json_each(:analytes))
         order by taken_on, taken_at, id
        """,
        patient_id=patient_id,
        today=today.isoformat(),
        analytes=json.dumps(sorted(needed)),
    )
    return tuple(records.from_row(LabResult, row) for row in rows)


def _newest_on(reader: Reader, patient_id: int, today: date) -> date | None:
    """The day of a patient's newest result of any analyte, up to a day."""
    rows = reader.rows(
        """
        select max(taken_on) as taken_on from lab_result
         where patient_id = :patient_id and deleted_at is null and taken_on <= :today
        """,
        patient_id=patient_id,
        today=today.isoformat(),
    )
    return date.fromisoformat(rows[0]["taken_on"]) if rows[0]["taken_on"] else None


def measured_sample(result: LabResult) -> Sample:
    """A laboratory result as a sample."""
    unit = units.parse(result.analyte, result.unit or "")
    shown = unit.shown if unit else result.unit
    return Sample(
        on=result.taken_on,
        number=Fraction(result.value) * unit.factor if unit else None,
        comparator=result.comparator,
        written=" ".join(filter(None, (result.value_text, shown))),
        result=result,
    )


def derived_sample(reckoned: Reckoned) -> Sample:
    """A derived value as a sample; its number is good to twelve digits, as its inputs are."""
    analyte = analytes.by_key(reckoned.kind.key)
    unit = analyte.display_unit(reckoned.kind.unit) if analyte else reckoned.kind.unit
    return Sample(
        on=reckoned.taken_on,
        number=Fraction(f"{reckoned.value:.12g}"),
        comparator=None,
        written=f"{reckoned.text} {unit}",
        source=reckoned.derived_from,
    )


def _given_on(treatment: Treatment, kind: str) -> date | None:
    """The last day on which a kind of nuclide was given in a cycle; None where it was not."""
    if not kind:
        return treatment.cycle.given_on
    days = [
        each.given_on or treatment.cycle.given_on
        for each in treatment.administrations
        if (nuclide := nuclides.find(each.nuclide)) is not None
        and (nuclide.is_alpha if kind == "alpha" else nuclide.name == kind)
    ]
    return max(days, default=None)

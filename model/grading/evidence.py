"""What is graded of a patient: usable results, weights of visits, and eGFR from creatinine.

A weight of a cycle or a follow-up counts as a result of that day. eGFR is computed where no
laboratory reports it, and graded as chronic kidney disease only; it has no limits, so that only
grades without a limit follow from it. Nothing of this is stored: `LabResult.source` is the record
that was measured.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, time
from decimal import Decimal

from model.derived import formulas, values
from model.derived.person import person_of
from model.grading.baselines import baselines_of
from model.grading.lab_grades import Graded, grade_results
from model.grading.samples import Samples, samples_of
from model.language import _
from model.records.cycles import Cycle
from model.records.followups import FollowUp
from model.records.labs import LabResult
from model.records.patient_records import PatientRecords

WEIGHT, EGFR = "weight", formulas.EGFR.key
KIDNEY_TERM = "Chronic kidney disease"
_DIGITS = 4
"""Significant digits of a computed eGFR, by which it is shown and graded."""


@dataclass(frozen=True, slots=True)
class Evidence:
    """All that is graded of one patient, oldest first, with what grading needs besides."""

    results: tuple[LabResult, ...]
    baselines: dict[str, LabResult]
    samples: Samples

    def graded(self, version: str) -> list[Graded]:
        """Return everything graded in a version of CTCAE, in the order of the results."""
        return self.grade(self.results, version)

    def grade(self, results: tuple[LabResult, ...], version: str) -> list[Graded]:
        """Return some of the results graded in a version of CTCAE."""
        lines = grade_results(results, self.baselines, version, self.samples)
        return [_explained(line) for line in lines if is_graded_by(line.result, line.term)]


def evidence_of(patient: PatientRecords) -> Evidence:
    """Return what is graded of a patient."""
    results = tuple(
        sorted([*patient.usable_results, *_weights(patient), *_filtration(patient)], key=_moment)
    )
    return Evidence(
        results,
        baselines_of(results, patient.first_start),
        samples_of(results, patient.therapies),
    )


def is_graded_by(result: LabResult, term: str) -> bool:
    """Return whether a result is graded by a term: computed eGFR as kidney disease only."""
    return not (is_computed(result) and term and term != KIDNEY_TERM)


def is_computed(result: LabResult) -> bool:
    """Return whether a result is an eGFR computed from creatinine."""
    return isinstance(result.source, LabResult)


def computed(derived: values.DerivedValue) -> LabResult | None:
    """Return a computed eGFR as a result: that of its creatinine, with another value.

    None for the values of other formulas, which are not graded.
    """
    if derived.formula.key != EGFR:
        return None
    creatinine, value = derived.results[0], rounded(derived.value)
    return replace(
        creatinine,
        analyte=EGFR,
        value=value,
        unit=formulas.EGFR.unit,
        canonical_value=float(value),
        lln=None,
        uln=None,
        laboratory_limits=None,
        source=creatinine,
    )


def rounded(value: float) -> Decimal:
    """Return a computed eGFR with the digits by which it is shown and graded."""
    return Decimal(f"{Decimal(f'{value:.{_DIGITS}g}'):f}")


def _weights(patient: PatientRecords) -> Iterator[LabResult]:
    """Yield the weights of cycles and follow-ups as results."""
    visits: list[tuple[date, Cycle | FollowUp]] = [
        *((each.cycle.given_on, each.cycle) for each in patient.treatments),
        *((each.seen_on, each) for each in patient.follow_ups),
    ]
    for on, visit in visits:
        if visit.weight_kg is not None:
            yield LabResult(
                patient_id=patient.id,
                taken_on=on,
                analyte=WEIGHT,
                value=Decimal(repr(visit.weight_kg)),
                unit="kg",
                canonical_value=visit.weight_kg,
                source=visit,
            )


def _filtration(patient: PatientRecords) -> list[LabResult]:
    """Return eGFR computed from each creatinine; none where a laboratory reports eGFR."""
    usable = patient.usable_results
    if any(result.analyte == EGFR for result in usable):
        return []
    creatinine = [result for result in usable if result.analyte == "crea"]
    series, _why = values.derive_all(formulas.EGFR, {"crea": creatinine}, person_of(patient))
    return [*filter(None, map(computed, series))]


def _moment(result: LabResult) -> tuple[date, bool, time]:
    """Order by time; what has none comes first on its day, as in the casebook."""
    return result.taken_on, result.taken_at is not None, result.taken_at or time.min


def _explained(line: Graded) -> Graded:
    """Return the line of a computed value with what it was computed from in its reason."""
    source = line.result.source
    if not isinstance(source, LabResult):
        return line
    creatinine = f"{source.value_text} {source.shown_unit}"
    text = _("{reason}; computed from creatinine {creatinine}")
    return replace(line, reason=text.format(reason=line.reason, creatinine=creatinine))

"""All results of a patient that are graded: reported ones, weights of visits, and computed eGFR.

The weight at a cycle or follow-up counts as a result of that day. eGFR is computed from creatinine
if no laboratory reports it, and is graded as chronic kidney disease only. It has no limits, so that
only grades that need none follow from it. These results are not stored; their `source` is the
record that was measured.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, time
from decimal import Decimal

from model.derived import formulas, values
from model.derived.person import person_of
from model.grading.baselines import baselines_of
from model.grading.lab_grades import LabGrade, grade_results
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
    """The results of one patient that are graded, oldest first, with what grading needs."""

    results: tuple[LabResult, ...]
    baselines: dict[str, LabResult]
    samples: Samples

    def graded(self, version: str) -> list[LabGrade]:
        """Return the grades of all results in a version of CTCAE, in the order of the results."""
        return self.grade(self.results, version)

    def grade(self, results: tuple[LabResult, ...], version: str) -> list[LabGrade]:
        """Return the grades of some of the results in a version of CTCAE."""
        lines = grade_results(results, self.baselines, version, self.samples)
        return [_with_source(line) for line in lines if is_graded_by(line.result, line.term)]


def evidence_of(patient: PatientRecords) -> Evidence:
    """Return the results of a patient that are graded."""
    results = [*patient.usable_results, *_weights(patient), *_egfr_results(patient)]
    results.sort(key=_time_key)
    return Evidence(
        tuple(results),
        baselines_of(results, patient.first_start),
        samples_of(results, patient.therapies),
    )


def is_graded_by(result: LabResult, term: str) -> bool:
    """Return whether a result is graded by a term; a computed eGFR only by `KIDNEY_TERM`."""
    return not (is_computed(result) and term and term != KIDNEY_TERM)


def is_computed(result: LabResult) -> bool:
    """Return whether a result is an eGFR computed from creatinine."""
    return isinstance(result.source, LabResult)


def egfr_as_result(derived: values.DerivedValue) -> LabResult | None:
    """Return a computed eGFR as a result with the date and laboratory of its creatinine.

    None for the values of other formulas, which are not graded.
    """
    if derived.formula.key != EGFR:
        return None
    creatinine, value = derived.results[0], round_egfr(derived.value)
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


def round_egfr(value: float) -> Decimal:
    """Return a computed eGFR with the digits by which it is shown and graded."""
    return Decimal(f"{Decimal(f'{value:.{_DIGITS}g}'):f}")


def _weights(patient: PatientRecords) -> Iterator[LabResult]:
    """Yield the weights of cycles and follow-ups as results."""
    visits: list[tuple[date, Cycle | FollowUp]] = [
        *((each.cycle.given_on, each.cycle) for each in patient.treatments),
        *((each.seen_on, each) for each in patient.follow_ups),
    ]
    for day, visit in visits:
        if visit.weight_kg is not None:
            yield LabResult(
                patient_id=patient.id,
                taken_on=day,
                analyte=WEIGHT,
                value=Decimal(repr(visit.weight_kg)),
                unit="kg",
                canonical_value=visit.weight_kg,
                source=visit,
            )


def _egfr_results(patient: PatientRecords) -> list[LabResult]:
    """Return eGFR computed from each creatinine; none where a laboratory reports eGFR."""
    usable = patient.usable_results
    if any(result.analyte == EGFR for result in usable):
        return []
    creatinine = [result for result in usable if result.analyte == "crea"]
    derived, _reason = values.derive_all(formulas.EGFR, {"crea": creatinine}, person_of(patient))
    return [*filter(None, map(egfr_as_result, derived))]


def _time_key(result: LabResult) -> tuple[date, bool, time]:
    """Return a key that sorts by time; a result without a time comes first on its day."""
    return result.taken_on, result.taken_at is not None, result.taken_at or time.min


def _with_source(line: LabGrade) -> LabGrade:
    """Return the grade of a computed eGFR with its creatinine in the reason; any other as it is."""
    source = line.result.source
    if not isinstance(source, LabResult):
        return line
    creatinine = f"{source.value_text} {source.unit_symbol}"
    text = _("{reason}; computed from creatinine {creatinine}")
    return replace(line, reason=text.format(reason=line.reason, creatinine=creatinine))

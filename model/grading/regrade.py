"""A patient's results graded in both versions of CTCAE, for comparison only.

Toxicities are never converted from one version to the other. Those that no laboratory result
decides are listed, to be graded by a clinician.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from model.ctcae.terms import VERSIONS
from model.grading.evidence import evidence_of
from model.grading.lab_grades import (
    LabGrade,
    baseline_lines,
    is_worse_than_baseline,
    series_of,
)
from model.language import _
from model.records.patient_records import PatientRecords
from model.records.patients import Patient
from model.records.starts import CycleStart
from model.records.toxicities import Toxicity


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionComparison:
    """The worst grade of one analyte in one direction in each version.

    It is None in a version without a term for them.
    """

    patient: Patient
    analyte: str
    direction: str
    worst: tuple[LabGrade | None, ...]
    """One for each of `VERSIONS`, in their order."""

    @property
    def differs(self) -> bool:
        """Whether the grades differ between the versions, or only one of them gives a grade."""
        return len({line.grade if line else None for line in self.worst}) > 1


@dataclass(frozen=True, slots=True, kw_only=True)
class PatientRegrading:
    """One patient in both versions: what numbers grade, and what a clinician has to."""

    patient: Patient
    by_number: tuple[VersionComparison, ...]
    by_clinician: tuple[Toxicity, ...]
    """Recorded toxicities that no laboratory result decides."""


def regrade(records: PatientRecords) -> PatientRegrading:
    """Return one patient's grades in both versions."""
    lines = compare_versions(records)
    terms = {grade.term for line in lines for grade in line.worst if grade}
    return PatientRegrading(
        patient=records.patient,
        by_number=tuple(lines),
        by_clinician=tuple(event for event in records.toxicities if event.term not in terms),
    )


def compare_versions(records: PatientRecords) -> list[VersionComparison]:
    """Return the worst treatment-emergent grades of one patient's results in each version.

    Results after the first cycle that are worse than baseline count; without a cycle all results
    do. Analytes that are toxic in neither version are left out.
    """
    evidence, first_start = evidence_of(records), records.first_start
    by_version = [_worst(evidence.graded(version), first_start, version) for version in VERSIONS]
    series = dict.fromkeys(key for worst in by_version for key in worst)
    lines = [
        VersionComparison(
            patient=records.patient,
            analyte=analyte,
            direction=direction,
            worst=tuple(worst.get((analyte, direction)) for worst in by_version),
        )
        for analyte, direction in series
    ]
    return [line for line in lines if any(grade and grade.grade for grade in line.worst)]


def _worst(
    graded: Sequence[LabGrade], first_start: CycleStart | None, version: str
) -> dict[tuple[str, str], LabGrade]:
    """Return the first worst grade of each analyte and direction; 0 if none is emergent."""
    worst: dict[tuple[str, str], LabGrade] = {}
    baselines = baseline_lines(graded)
    for line in graded:
        key = (line.result.analyte, line.direction)
        is_treated = first_start is None or not first_start.is_before(line.result)
        if not line.term or line.grade is None or not is_treated:
            continue
        is_emergent = is_worse_than_baseline(line, baselines.get(series_of(line)), version)
        candidate = line if is_emergent else _as_not_toxic(line)
        other = worst.get(key)
        if other is None or (candidate.grade or 0) > (other.grade or 0):
            worst[key] = candidate
    return worst


def _as_not_toxic(line: LabGrade) -> LabGrade:
    """Return grade 0, with its reason, for a result that is no worse than baseline."""
    if line.grade == 0:
        return line
    reason = _("grade {grade}, no worse than at baseline").format(grade=line.grade)
    return replace(line, grade=0, reason=reason, could_raise="")

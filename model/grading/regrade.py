"""A patient's results graded in both versions of CTCAE, side by side, for comparison only.

Toxicities are never converted from one version to the other: those that no laboratory result
decides are listed for a clinician to grade.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from model.ctcae.terms import VERSIONS
from model.grading.evidence import evidence_of
from model.grading.lab_grades import (
    Graded,
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
class SideBySide:
    """The worst grade of one analyte in one direction, in each version; None: it has no term."""

    patient: Patient
    analyte: str
    direction: str
    worst: tuple[Graded | None, ...]
    """One for each of `VERSIONS`, in their order."""

    @property
    def differs(self) -> bool:
        """Whether the versions give different grades, or one of them none."""
        return len({line.grade if line else None for line in self.worst}) > 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Regraded:
    """One patient in both versions: graded by numbers, and left to a clinician."""

    patient: Patient
    by_number: tuple[SideBySide, ...]
    by_clinician: tuple[Toxicity, ...]
    """Recorded toxicities that no laboratory result decides."""


def regrade(records: PatientRecords) -> Regraded:
    """Return one patient graded in both versions."""
    lines = side_by_side(records)
    decided = {line.term for one in lines for line in one.worst if line}
    return Regraded(
        patient=records.patient,
        by_number=tuple(lines),
        by_clinician=tuple(event for event in records.toxicities if event.term not in decided),
    )


def side_by_side(records: PatientRecords) -> list[SideBySide]:
    """Return the worst treatment-emergent grades of one patient's results in each version.

    Counted are results after the first cycle (all of them without a cycle) that are worse than
    baseline; analytes that are toxic in neither version are left out.
    """
    evidence, first_start = evidence_of(records), records.first_start
    by_version = [_worst(evidence.graded(version), first_start, version) for version in VERSIONS]
    series = dict.fromkeys(key for worst in by_version for key in worst)
    lines = [
        SideBySide(
            patient=records.patient,
            analyte=analyte,
            direction=direction,
            worst=tuple(worst.get((analyte, direction)) for worst in by_version),
        )
        for analyte, direction in series
    ]
    return [line for line in lines if any(one and one.grade for one in line.worst)]


def _worst(
    graded: Sequence[Graded], first_start: CycleStart | None, version: str
) -> dict[tuple[str, str], Graded]:
    """The first line of the worst grade per analyte and direction; 0 where none is emergent."""
    worst: dict[tuple[str, str], Graded] = {}
    baselines = baseline_lines(graded)
    for line in graded:
        key = (line.result.analyte, line.direction)
        treated = first_start is None or not first_start.is_before(line.result)
        if not line.term or line.grade is None or not treated:
            continue
        emergent = is_worse_than_baseline(line, baselines.get(series_of(line)), version)
        candidate = line if emergent else _not_emergent(line)
        known = worst.get(key)
        if known is None or (candidate.grade or 0) > (known.grade or 0):
            worst[key] = candidate
    return worst


def _not_emergent(line: Graded) -> Graded:
    """The line as it counts when it is no worse than baseline: not toxic."""
    if line.grade == 0:
        return line
    reason = _("grade {grade}, no worse than at baseline").format(grade=line.grade)
    return replace(line, grade=0, reason=reason, could_raise="")

"""The comparison of both CTCAE versions as text, to be pasted or saved."""

import csv
import io
from collections.abc import Iterable, Sequence

from model.cells import neutralise, tab_separated
from model.ctcae.terms import VERSIONS
from model.grading.lab_grades import LabGrade
from model.grading.regrade import PatientRegrading, VersionComparison
from model.records import labs
from model.records.toxicities import Toxicity

_OF_A_VERSION = ("term", "grade", "value", "unit", "date", "reason")
HEADER = (
    *("patient", "decided_by", "analyte", "direction", "differs"),
    *(f"ctcae_{version}_{name}" for version in VERSIONS for name in _OF_A_VERSION),
)
"""`decided_by`: number, or clinician for a recorded toxicity without a laboratory result."""


def as_csv(regraded: Iterable[PatientRegrading]) -> str:
    """Return the comparison as CSV with a header; a spreadsheet runs no cell as a formula."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(HEADER)
    writer.writerows([[neutralise(cell) for cell in row] for row in _rows(regraded)])
    return out.getvalue()


def as_text(regraded: Iterable[PatientRegrading]) -> str:
    """Return the same with tabs between the cells, to be pasted into spreadsheets and documents."""
    return tab_separated([HEADER, *_rows(regraded)]) + "\n"


def in_order(regraded: Iterable[PatientRegrading]) -> list[VersionComparison]:
    """Return the gradings by number, those first that differ between the versions."""
    lines = [line for one in regraded for line in one.by_number]
    return sorted(lines, key=lambda line: not line.differs)


def _rows(regraded: Iterable[PatientRegrading]) -> list[Sequence[str]]:
    patients = list(regraded)
    return [
        *(_line(line) for line in in_order(patients)),
        *(_event(one.patient.code, event) for one in patients for event in one.by_clinician),
    ]


def _line(line: VersionComparison) -> Sequence[str]:
    return (
        line.patient.code,
        "number",
        labs.label(line.analyte),
        line.direction,
        "yes" if line.differs else "no",
        *(cell for graded in line.worst for cell in _graded(graded)),
    )


def _graded(graded: LabGrade | None) -> Sequence[str]:
    if graded is None:
        return [""] * len(_OF_A_VERSION)
    result = graded.result
    return (
        graded.term,
        "" if graded.grade is None else str(graded.grade),
        result.value_text,
        result.unit or "",
        result.taken_on.isoformat(),
        graded.reason,
    )


def _event(code: str, event: Toxicity) -> Sequence[str]:
    """Return a recorded toxicity in the columns of its own version; the others are empty."""
    own = (
        event.term,
        str(event.grade),
        "",
        "",
        str(event.onset_on or ""),
        "",
    )
    nothing = [""] * len(_OF_A_VERSION)
    each = [own if version == event.ctcae_version else nothing for version in VERSIONS]
    return (code, "clinician", "", "", "", *(cell for cells in each for cell in cells))

"""Turn the codes of the cohort's tables into the labels of rows and columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

from model.cohort import numbers
from model.language import _
from model.records import toxicities

if TYPE_CHECKING:
    from model.cohort.freeze import FrozenNumber
    from model.cohort.lines import TableLine


_LABELS = {
    "ssa": "SSA",
    "prrt": "PRRT",
    "F": _("Female"),
    "M": _("Male"),
    "CR": _("Complete response"),
    "PR": _("Partial response"),
    "SD": _("Stable disease"),
    "PD": _("Progressive disease"),
    "NE": _("Not evaluable"),
    "ORR": _("Objective response rate (ORR)"),
    "DCR": _("Disease control rate (DCR)"),
    "OS": _("Overall survival (OS)"),
    "PFS": _("Progression-free survival (PFS)"),
}
_GRADES = {"1-2": "G1–2", ">=3": "≥ G3", "any": _("Any")}


def label(code: str) -> str:
    """Return the label of a code: `small_bowel` gives `Small bowel`."""
    if code in _LABELS:
        return _LABELS[code]
    plain = code.replace("_", " ")
    return plain[:1].upper() + plain[1:]


def measure_label(line: TableLine | FrozenNumber) -> str:
    """Return the label of what a line measures; for “Other, specify”, what was specified."""
    named: str = getattr(line, "name", "")
    return named or label(toxicities.label(line.measure))


def grade_label(grade: str) -> str:
    """Return the heading of a grade's column: `G3`, `G1–2`, `≥ G3`, `Any`."""
    return _GRADES.get(grade) or f"G{grade}"


def title_of(line: TableLine | FrozenNumber) -> str:
    """Return a title for a number: `Anemia, grade 3`, `Primary site: Small bowel`."""
    if not line.level:
        return measure_label(line)
    if "toxicity" not in line.section:
        return f"{measure_label(line)}: {label(line.level)}"
    measure = _("Any term") if line.measure == "any" else measure_label(line)
    if line.level == "any":
        return _("{term}, any grade").format(term=measure)
    grade = grade_label(line.level).replace("G", "")
    return _("{term}, grade {grade}").format(term=measure, grade=grade)


def count_title(line: TableLine) -> str:
    """Return the title of a number with its count: `Anemia, grade 3: 1 of 20`."""
    if line.n is None:
        return title_of(line)
    return f"{title_of(line)}: {numbers.count_of(line.n, line.of)}"

"""Codes of the cohort's tables as words: what names a row or a column, on screen and on paper."""

from __future__ import annotations

from model.language import _
from model.reference import nuclides

_LABELS = {
    "ssa": "SSA",
    "prrt": "PRRT",
    "F": _("Female"),
    "M": _("Male"),
    "CR": _("Complete response (CR)"),
    "PR": _("Partial response (PR)"),
    "SD": _("Stable disease (SD)"),
    "PD": _("Progressive disease (PD)"),
    "NE": _("Not evaluable (NE)"),
    "ORR": _("Objective response rate (ORR)"),
    "DCR": _("Disease control rate (DCR)"),
    "OS": _("Overall survival (OS)"),
    "PFS": _("Progression-free survival (PFS)"),
}
_GRADES = {"1-2": "G1–2", ">=3": "≥ G3", "any": _("Any")}


def label(code: str) -> str:
    """Return a code as words: `small_bowel` gives `Small bowel`, `225Ac` gives `Ac-225`."""
    if code in _LABELS:
        return _LABELS[code]
    plain = nuclides.spoken(code).replace("_", " ")
    return plain[:1].upper() + plain[1:]


def grade_label(grade: str) -> str:
    """Return the heading of a grade's column: `G3`, `G1–2`, `≥ G3`, `Any`."""
    return _GRADES.get(grade) or f"G{grade}"

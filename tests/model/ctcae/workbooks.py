"""Workbooks of CTCAE with the sheets, titles and blanks of NCI's, and other words."""

from pathlib import Path

from openpyxl import Workbook

from model.ctcae.terms import terms

_GRADES = [f"Grade {grade} \xa0\xa0" for grade in range(1, 6)]
_NUMBERS = {("Thrombocytopenia", 4): "<10,000/mm3; <10.0 x 10^9/L"}
"""Texts that a test looks for."""


def made_up(version: str) -> dict[str, dict[int, str]]:
    """Words for every grade of every term of a version."""
    return {
        term.name: {grade: f"Words for {term.name} {grade}" for grade in term.grades}
        for term in terms(version)
    }


def save_like_nci(path: Path, version: str) -> Path:
    """Save a workbook of a version, its sheets in NCI's order."""
    workbook = Workbook(write_only=True)
    titles = ["MedDRA Code", "MedDRA SOC", "CTCAE Term"]
    if version == "6.0":
        titles = [f"CTCAE v6.0 {title}" for title in ("MedDRA Code", "MedDRA SOC", "MedDRA Term")]
    missing = "-" if version == "6.0" else " -"
    for name in ("Clean Copy", "Tracked Changes") if version == "6.0" else ("Clean Copy",):
        sheet = workbook.create_sheet(f"CTCAE v{version} {name}")
        sheet.append([*titles, *_GRADES, "Definition", "Navigational Note"])
        for term in terms(version):
            texts = [
                _NUMBERS.get(
                    (term.name, grade),
                    f"Our own words for {term.name},\xa0of grade {grade} and no other ",
                )
                if grade in term.grades
                else missing
                for grade in range(1, 6)
            ]
            sheet.append([int(term.meddra_code), term.soc, f"{term.name} ", *texts, "", "-"])
    workbook.create_sheet("Publication Notes").append([None] * 22)
    workbook.save(path)
    return path

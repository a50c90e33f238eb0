"""Pages of patients, read as by a PDF reader."""

from __future__ import annotations

import html
import re
import subprocess
from datetime import date
from typing import Literal

from gui.reports.summary_page import as_pdf
from model.documents import summary as patient_report
from model.records import patients
from model.records.patient_records import load
from model.store.casebook import Casebook

TODAY = date(2025, 6, 1)
FIRST = date(2023, 5, 2)
MARKED = "CANARY-STUDY-CODE-0001"
"""The study code of the patient whose free text is marked."""
ANALYTES = ("hb", "plt", "anc", "wbc", "crea", "egfr")


def page(
    casebook: Casebook, code: str, size: Literal["A4", "Letter"] = "A4", alias: str | None = None
) -> bytes:
    """Return the page of a patient of a casebook."""
    patient = patients.with_code(casebook, code)
    report = patient_report.summarise(
        load(casebook, patient.id), TODAY, ANALYTES, casebook=casebook.path.stem, code=alias
    )
    return as_pdf(report, size)


def text_of(page: bytes) -> str:
    """Return what can be read, searched and copied on a page."""
    return " ".join(_poppler("pdftotext", page, "-", "-").split())


def places_of(page: bytes) -> list[tuple[float, float, float, float, str]]:
    """Return each word with its place in points from the top left: left, top, right, bottom."""
    words = re.findall(
        r'<word xMin="([\d.-]+)" yMin="([\d.-]+)" xMax="([\d.-]+)" yMax="([\d.-]+)">(.*?)</word>',
        _poppler("pdftotext", page, "-bbox", "-", "-"),
    )
    return [
        (float(left), float(top), float(right), float(bottom), html.unescape(word))
        for left, top, right, bottom, word in words
    ]


def facts_of(page: bytes) -> dict[str, str]:
    """Return the properties of a file."""
    lines = _poppler("pdfinfo", page, "-").splitlines()
    return {name: value.strip() for name, _, value in (line.partition(":") for line in lines)}


def _poppler(program: str, page: bytes, *arguments: str) -> str:
    done = subprocess.run([program, *arguments], input=page, capture_output=True, check=True)
    return done.stdout.decode("utf-8")

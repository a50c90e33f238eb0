"""Records of one patient without anything that a person typed freely, for pseudonymised papers.

What has a closed list keeps its value when that is on the list; any other value becomes the list's
word for others. Comments, descriptions, batches and verbatim events are left out.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from model import analytes, nuclides
from model.assessments import CRITERIA, MODALITIES, TIMEPOINTS, Assessment
from model.biopsies import METASTASIS_SITES
from model.cycles import LIGANDS, Administration, Treatment
from model.labs import LabResult
from model.patients import PRIMARY_SITES, Patient
from model.therapies import CATEGORIES, Therapy
from model.toxicities import ATTRIBUTIONS, OUTCOMES, Toxicity

OLDEST = 89
"""Ages over this are told as 90+ (45 CFR 164.514(b)(2), Safe Harbor)."""


def listed(value: str | None, known: Collection[str], other: str) -> str | None:
    """A value of a closed list; the word for others where it is not on it, None for none."""
    return value if value is None or value in known else other


def age_text(age: int | None) -> str | None:
    """An age in years, `90+` for those over 89."""
    return None if age is None else "90+" if age > OLDEST else f"{age}"


def input_age(value: str) -> str:
    """An age as a formula's input says it, `58` or `about 58`; `90+` for those over 89."""
    years = value.removeprefix("about ")
    return "90+" if years.isdecimal() and int(years) > OLDEST else value


def patient(of: Patient, code: str) -> Patient:
    """The patient under another code."""
    return replace(
        of,
        code=code,
        primary_site=listed(of.primary_site, PRIMARY_SITES, "other"),
        functional_syndrome=None,
        age_at_index=None,
        comment=None,
    )


def metastases(sites: Collection[str]) -> tuple[str, ...]:
    """Sites of metastasis, each once."""
    found = (listed(site, METASTASIS_SITES, "other") or "other" for site in sites)
    return tuple(dict.fromkeys(found))


def treatment(given: Treatment) -> Treatment:
    """A cycle without comments and batches."""
    return Treatment(
        replace(given.cycle, comment=None),
        tuple(_administration(each) for each in given.administrations),
    )


def _administration(given: Administration) -> Administration:
    known = nuclides.find(given.nuclide) is not None
    return replace(
        given,
        nuclide=given.nuclide if known else "other nuclide",
        ligand=listed(given.ligand, LIGANDS, "other ligand"),
        route=None,
        batch_number=None,
        comment=None,
    )


def therapy(given: Therapy) -> Therapy:
    """A therapy by its category alone."""
    return replace(
        given,
        category=listed(given.category, CATEGORIES, "other") or "other",
        description=None,
        reason_stopped=None,
        comment=None,
    )


def toxicity(event: Toxicity) -> Toxicity:
    """A toxicity by its CTCAE term alone."""
    return replace(
        event,
        verbatim=None,
        outcome=listed(event.outcome, OUTCOMES, "unknown"),
        attribution=listed(event.attribution, ATTRIBUTIONS, "other"),
        comment=None,
    )


def assessment(read: Assessment) -> Assessment:
    """An assessment without what was typed about it."""
    return replace(
        read,
        timepoint=listed(read.timepoint, TIMEPOINTS, "other"),
        modality=listed(read.modality, MODALITIES, "other imaging"),
        criteria=listed(read.criteria, CRITERIA, "other criteria"),
        netpet=None,
        comment=None,
    )


def results(of: Collection[LabResult]) -> list[LabResult]:
    """Laboratory results of analytes that the program knows, without what was typed beside them."""
    return [
        replace(result, visit=None, comment=None) for result in of if analytes.find(result.analyte)
    ]

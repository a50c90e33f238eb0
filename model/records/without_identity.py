"""Records of one patient without anything that a person typed freely, for pseudonymised papers.

What has a closed list keeps its value when that is on the list; any other value becomes the list's
word for others. Comments, descriptions, batches and verbatim events are left out.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

from model.ctcae import terms
from model.records.administrations import LIGANDS, ROUTES, Administration
from model.records.assessments import CRITERIA, MODALITIES, TIMEPOINTS, Assessment
from model.records.biopsies import DIFFERENTIATIONS, EVENTS, METASTASIS_SITES, Biopsy, Metastasis
from model.records.cycles import Cycle, Treatment
from model.records.followups import CAUSES, FollowUp
from model.records.labs import LabResult
from model.records.notes import QualityOfLife
from model.records.patients import PRIMARY_SITES, Patient
from model.records.therapies import CATEGORIES, Therapy
from model.records.toxicities import ATTRIBUTIONS, OUTCOMES, Toxicity
from model.reference import analytes, nuclides, units

OTHER = "other"
INSTRUMENTS = (
    *("EORTC QLQ-C30", "EORTC QLQ-GI.NET21", "EQ-5D-5L", "FACT-G", "FACIT-Fatigue"),
    "Norfolk QOL-NET",
)
"""Questionnaires of quality of life that are named as they are."""

OLDEST = 89
"""Ages over this are told as 90+ (45 CFR 164.514(b)(2), Safe Harbor)."""


def listed(value: str | None, known: Collection[str], other: str) -> str | None:
    """A value of a closed list; the word for others where it is not on it, None for none."""
    return value if value is None or value in known else other


def age_text(age: int | None) -> str | None:
    """An age in years, `90+` for those over 89."""
    return None if age is None else "90+" if age > OLDEST else f"{age}"


def patient(of: Patient, code: str = "") -> Patient:
    """The patient under another code, or none."""
    return replace(
        of,
        code=code,
        primary_site=listed(of.primary_site, PRIMARY_SITES, "other"),
        functional_syndrome=None,
        age_at_index=None,
        comment=None,
    )


def metastasis(of: Metastasis) -> Metastasis:
    """A metastasis by its site on the list."""
    return replace(of, site=_site(of.site), comment=None)


def metastases(sites: Collection[str]) -> tuple[str, ...]:
    """Sites of metastasis, each once."""
    return tuple(dict.fromkeys(map(_site, sites)))


def _site(site: str) -> str:
    return listed(site, METASTASIS_SITES, OTHER) or OTHER


def treatment(given: Treatment) -> Treatment:
    """A cycle without comments and batches."""
    return Treatment(cycle(given.cycle), tuple(map(administration, given.administrations)))


def cycle(given: Cycle) -> Cycle:
    """A cycle without its comment."""
    return replace(given, comment=None)


def administration(given: Administration) -> Administration:
    """An administration without its comment and batch, of a known agent."""
    known = nuclides.find(given.nuclide) is not None
    return replace(
        given,
        nuclide=given.nuclide if known else "other nuclide",
        ligand=listed(given.ligand, LIGANDS, "other ligand"),
        route=listed(given.route, ROUTES, OTHER),
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
        term=term(event.ctcae_version, event.term),
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
    """Laboratory results of analytes that the program knows, without what was typed beside them.

    A unit that the program does not know was typed freely as well.
    """
    return [
        replace(result, unit=_known_unit(result), visit=None, comment=None)
        for result in of
        if analytes.find(result.analyte)
    ]


def _known_unit(result: LabResult) -> str | None:
    if result.unit is None or units.parse(result.analyte, result.unit):
        return result.unit
    return "other unit"


def biopsy(of: Biopsy) -> Biopsy:
    """A biopsy without where it was taken, which is typed freely."""
    return replace(
        of,
        event=listed(of.event, EVENTS, OTHER),
        differentiation=listed(of.differentiation, DIFFERENTIATIONS, OTHER),
        site=None,
        comment=None,
    )


def term(version: str, name: str) -> str:
    """A CTCAE term as its version spells it; the word for others where there is no such term."""
    known = terms.find_term(version, name)
    return known.name if known else OTHER


def follow_up(seen: FollowUp) -> FollowUp:
    """A follow-up without its comment."""
    return replace(seen, cause=listed(seen.cause, CAUSES, OTHER), comment=None)


def quality_of_life(stated: QualityOfLife) -> QualityOfLife | None:
    """A score without what the patient said; None for a statement without a score."""
    if stated.score is None:
        return None
    instrument = listed(stated.instrument, INSTRUMENTS, OTHER)
    return replace(stated, instrument=instrument, statement=None)

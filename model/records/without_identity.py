"""Records without free text, for pseudonymised exports and summaries.

A value with a closed list is retained if it is on the list; any other becomes the list's word for
others. Comments, descriptions, batches and verbatim events are left out.
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
"""Questionnaires that are named as they are."""

OLDEST = 89
"""Ages above this are given as 90+ (45 CFR 164.514(b)(2), Safe Harbor)."""


def listed(value: str | None, known: Collection[str], other: str) -> str | None:
    """Return a value that is on a list, the word for others if it is not; None for None."""
    return value if value is None or value in known else other


def age_text(age: int | None) -> str | None:
    """Return an age in years, `90+` above 89."""
    return None if age is None else "90+" if age > OLDEST else f"{age}"


def patient(record: Patient, code: str = "") -> Patient:
    """Return a patient under another code, or none."""
    return replace(
        record,
        code=code,
        primary_site=listed(record.primary_site, PRIMARY_SITES, "other"),
        functional_syndrome=None,
        age_at_index=None,
        comment=None,
    )


def metastasis(record: Metastasis) -> Metastasis:
    """Return a metastasis with a listed site."""
    return replace(record, site=_site(record.site), comment=None)


def metastases(sites: Collection[str]) -> tuple[str, ...]:
    """Return listed sites of metastasis, each once."""
    return tuple(dict.fromkeys(map(_site, sites)))


def _site(site: str) -> str:
    return listed(site, METASTASIS_SITES, OTHER) or OTHER


def treatment(whole: Treatment) -> Treatment:
    """Return a cycle and its administrations without comments and batches."""
    return Treatment(cycle(whole.cycle), tuple(map(administration, whole.administrations)))


def cycle(record: Cycle) -> Cycle:
    """Return a cycle without its comment."""
    return replace(record, comment=None)


def administration(record: Administration) -> Administration:
    """Return an administration with a known agent, without comment and batch."""
    known = nuclides.find(record.nuclide) is not None
    return replace(
        record,
        nuclide=record.nuclide if known else "other nuclide",
        ligand=listed(record.ligand, LIGANDS, "other ligand"),
        route=listed(record.route, ROUTES, OTHER),
        batch_number=None,
        comment=None,
    )


def therapy(record: Therapy) -> Therapy:
    """Return a therapy with its category alone."""
    return replace(
        record,
        category=listed(record.category, CATEGORIES, "other") or "other",
        description=None,
        reason_stopped=None,
        comment=None,
    )


def toxicity(event: Toxicity) -> Toxicity:
    """Return a toxicity with its CTCAE term alone."""
    return replace(
        event,
        verbatim=None,
        term=term(event.ctcae_version, event.term),
        outcome=listed(event.outcome, OUTCOMES, "unknown"),
        attribution=listed(event.attribution, ATTRIBUTIONS, "other"),
        comment=None,
    )


def assessment(record: Assessment) -> Assessment:
    """Return an assessment without free text."""
    return replace(
        record,
        timepoint=listed(record.timepoint, TIMEPOINTS, "other"),
        modality=listed(record.modality, MODALITIES, "other imaging"),
        criteria=listed(record.criteria, CRITERIA, "other criteria"),
        netpet=None,
        comment=None,
    )


def results(records: Collection[LabResult]) -> list[LabResult]:
    """Return the laboratory results of known analytes, without free text.

    An unknown unit is free text as well.
    """
    return [
        replace(result, unit=_known_unit(result), visit=None, comment=None)
        for result in records
        if analytes.find(result.analyte)
    ]


def _known_unit(result: LabResult) -> str | None:
    if result.unit is None or units.parse(result.analyte, result.unit):
        return result.unit
    return "other unit"


def biopsy(record: Biopsy) -> Biopsy:
    """Return a biopsy without its site, which is free text."""
    return replace(
        record,
        event=listed(record.event, EVENTS, OTHER),
        differentiation=listed(record.differentiation, DIFFERENTIATIONS, OTHER),
        site=None,
        comment=None,
    )


def term(version: str, name: str) -> str:
    """Return a CTCAE term as its version spells it; the word for others if there is none."""
    known = terms.find_term(version, name)
    return known.name if known else OTHER


def follow_up(record: FollowUp) -> FollowUp:
    """Return a follow-up without its comment."""
    return replace(record, cause=listed(record.cause, CAUSES, OTHER), comment=None)


def quality_of_life(record: QualityOfLife) -> QualityOfLife | None:
    """Return a score without the statement; None for a statement without a score."""
    if record.score is None:
        return None
    instrument = listed(record.instrument, INSTRUMENTS, OTHER)
    return replace(record, instrument=instrument, statement=None)

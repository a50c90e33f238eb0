"""Records without free text, for pseudonymised exports and summaries.

A value with a closed list is retained if it is on the list; any other becomes the list's word for
others. Free text, such as comments, batches and verbatim events, is dropped.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import replace
from typing import Any

from model.ctcae import terms
from model.records.administrations import ROUTES, Administration
from model.records.assessments import CRITERIA, MODALITIES, TIMEPOINTS, Assessment
from model.records.biopsies import (
    DIFFERENTIATIONS,
    EVENTS,
    METASTASIS_SITES,
    PRIMARY_SITES,
    Biopsy,
    Metastasis,
)
from model.records.cycles import Cycle, Treatment
from model.records.followups import CAUSES, FollowUp
from model.records.labs import LabResult
from model.records.notes import INSTRUMENTS, QualityOfLife
from model.records.outcome.ends_of_treatment import REASONS, EndOfTreatment
from model.records.patients import Patient
from model.records.therapies import CATEGORIES, Therapy
from model.records.toxicities import ATTRIBUTIONS, OUTCOMES, Toxicity
from model.reference import analytes, nuclides, units
from model.reference.agent_names import LIGANDS
from model.store.rows import R, Record, field_types

OTHER = "other"
CONFIRMED = "yes"
"""In place of the reason why an implausible result is right."""
OLDEST = 89
"""Ages above this are given as 90+ (45 CFR 164.514(b)(2), Safe Harbor)."""


def listed(value: str | None, known: Collection[str], other: str) -> str | None:
    """Return a value that is on a list, the word for others if it is not; None for None."""
    return value if value is None or value in known else other


def age_text(age: int | None) -> str | None:
    """Return an age in years, `90+` above 89."""
    return None if age is None else "90+" if age > OLDEST else f"{age}"


Rule = tuple[Collection[str], str] | Callable[[Any], Any] | None
"""For one field: a list with its word for others, a function of the record, or None to drop it."""

_RULES: dict[type[Record], dict[str, Rule]] = {
    Patient: {
        "code": lambda _patient: "",
        "primary_site": (PRIMARY_SITES, OTHER),
        "functional_syndrome": None,
        "age_at_index": None,
        "comment": None,
    },
    Biopsy: {
        "event": (EVENTS, OTHER),
        "differentiation": (DIFFERENTIATIONS, OTHER),
        "ki67_written": lambda biopsy: biopsy.ki67 and biopsy.ki67.written,
        "site": None,
        "comment": None,
    },
    Metastasis: {"site": (METASTASIS_SITES, OTHER), "comment": None},
    Therapy: {
        "category": (CATEGORIES, OTHER),
        "description": None,
        "reason_stopped": None,
        "comment": None,
    },
    Cycle: {"comment": None},
    EndOfTreatment: {"reason": (REASONS, OTHER), "comment": None},
    Administration: {
        "nuclide": lambda given: given.nuclide if nuclides.find(given.nuclide) else "other nuclide",
        "ligand": (LIGANDS, "other ligand"),
        "route": (ROUTES, OTHER),
        "batch_number": None,
        "comment": None,
    },
    LabResult: {
        "unit": lambda result: _known_unit(result),
        "visit": None,
        "comment": None,
        "laboratory": None,
        "confirmed": lambda result: CONFIRMED if result.confirmed else None,
    },
    Toxicity: {
        "verbatim": None,
        "term": lambda event: term(event.ctcae_version, event.term),
        "outcome": (OUTCOMES, "unknown"),
        "attribution": (ATTRIBUTIONS, OTHER),
        "comment": None,
    },
    Assessment: {
        "timepoint": (TIMEPOINTS, OTHER),
        "modality": (MODALITIES, "other imaging"),
        "criteria": (CRITERIA, "other criteria"),
        "netpet": None,
        "comment": None,
    },
    FollowUp: {"cause": (CAUSES, OTHER), "comment": None},
    QualityOfLife: {"instrument": (INSTRUMENTS, OTHER), "statement": None},
}
"""Of a record without rules all texts are dropped."""


def nameless(record: R) -> R:
    """Return a record without anything that identifies the patient; a patient has no code then."""
    texts = dict.fromkeys(name for name, held in field_types(type(record)).items() if held is str)
    changes: dict[str, Any] = {}
    for name, rule in _RULES.get(type(record), texts).items():
        if isinstance(rule, tuple):
            changes[name] = listed(getattr(record, name), *rule)
        else:
            changes[name] = rule and rule(record)
    return replace(record, **changes)


def treatment(whole: Treatment) -> Treatment:
    """Return a cycle and its administrations without comments and batches."""
    return Treatment(nameless(whole.cycle), tuple(map(nameless, whole.administrations)))


def results(found: Collection[LabResult]) -> list[LabResult]:
    """Return the laboratory results of known analytes, without free text."""
    return [nameless(result) for result in found if analytes.find(result.analyte)]


def _known_unit(result: LabResult) -> str | None:
    if result.unit is None or units.parse(result.analyte, result.unit):
        return result.unit
    return "other unit"


def term(version: str, name: str) -> str:
    """Return a CTCAE term as its version spells it; the word for others if there is none."""
    known = terms.find_term(version, name)
    return known.name if known else OTHER

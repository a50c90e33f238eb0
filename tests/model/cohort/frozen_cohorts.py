"""Frozen cohorts for tests."""

from __future__ import annotations

from model.cohort import freeze
from model.cohort.freeze import Frozen
from model.cohort.lines import CohortTable, TableLine
from model.cohort.options import DEFAULT_OPTIONS
from model.cohort.selection import EVERYONE, as_text

AT = "2024-06-01T10:00:00Z"


def line(n: int = 1, *ids: int, measure: str = "Anemia", definition: str = "Patients") -> TableLine:
    return TableLine(
        section="all toxicity",
        measure=measure,
        grade="3",
        n=n,
        of=20,
        unit="patients",
        definition=definition,
        patients=ids,
    )


def table(*lines: TableLine) -> CohortTable:
    return CohortTable(key="all_toxicity", title="Toxicity", lines=lines)


def frozen(*made: CohortTable, name: str = "Paper", version: str = "1.0") -> Frozen:
    return freeze.freeze(
        name,
        made,
        selection=as_text(EVERYONE),
        options=DEFAULT_OPTIONS.as_text(),
        sentence=EVERYONE.sentence(),
        version=version,
        at=AT,
    )

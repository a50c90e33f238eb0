"""Reporting groups: CTCAE terms that a report takes together, such as “liver impairment”.

They stand in `resources/ctcae/reporting_groups.csv`; each term is in one group at most.
"""

from __future__ import annotations

from functools import cache

from model.reference.tables import rows


def group_of(term: str) -> str | None:
    """The reporting group of a term, whichever case it is written in; None where it has none."""
    return _groups().get(term.casefold())


def groups() -> dict[str, tuple[str, ...]]:
    """The terms of each group, in the order of the table."""
    found: dict[str, tuple[str, ...]] = {}
    for row in rows("ctcae/reporting_groups.csv"):
        found[row["group"]] = (*found.get(row["group"], ()), row["term"])
    return found


@cache
def _groups() -> dict[str, str]:
    return {term.casefold(): group for group, terms in groups().items() for term in terms}

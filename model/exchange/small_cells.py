"""The cells of the cohort's tables that count so few patients that they may tell who they are."""

from collections.abc import Iterable
from dataclasses import dataclass

from model.cohort.lines import Table

FEWEST = 5
"""Cells that count fewer patients, but at least one, are named before they leave the casebook."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SmallCell:
    """One number that counts few patients: its table, what it counts, and how many."""

    table: str
    measure: str
    level: str
    n: int

    @property
    def words(self) -> str:
        """What is counted: `primary site, lung`."""
        return ", ".join(filter(None, (self.measure, self.level)))


def small_cells(tables: Iterable[Table]) -> list[SmallCell]:
    """The cells that count from one to four patients, in the order of the tables."""
    return [
        SmallCell(table=table.title, measure=line.measure, level=line.level, n=line.n)
        for table in tables
        for line in table.lines
        if line.unit == "patients" and line.share and line.n is not None and 0 < line.n < FEWEST
    ]

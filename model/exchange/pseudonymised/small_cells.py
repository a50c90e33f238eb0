"""The cells of the cohort's tables that count so few patients that they may identify them."""

from collections.abc import Iterable
from dataclasses import dataclass

from model.cohort.lines import CohortTable, TableLine

FEWEST = 5
"""Cells that count fewer patients, but at least one, are listed before an export is written."""
_BOUNDS = ("minimum", "maximum")
"""These belong to a median of the same patients, which is listed for all three."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SmallCell:
    """One number based on few patients: its table, what is counted, and the number of patients."""

    table: str
    measure: str
    level: str
    n: int

    @property
    def words(self) -> str:
        """What is counted: `primary site, lung`."""
        return ", ".join(filter(None, (self.measure, self.level)))


def small_cells(tables: Iterable[CohortTable]) -> list[SmallCell]:
    """Return the cells based on one to four patients, in the order of the tables.

    Not only counts of patients: a sum of two patients' activities reveals as much about them.
    """
    return [
        SmallCell(table=table.title, measure=line.measure, level=line.level, n=patients)
        for table in tables
        for line in table.lines
        if not line.level.endswith(_BOUNDS) and 0 < (patients := _patients(line)) < FEWEST
    ]


def _patients(line: TableLine) -> int:
    if line.unit == "patients" and line.share and line.n is not None:
        return line.n
    return len(set(line.patients))

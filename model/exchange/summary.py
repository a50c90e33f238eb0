"""`summary.csv`: the numbers of the cohort's tables, one a row."""

from collections.abc import Iterable, Iterator

from model.cohort.lines import TableLine
from model.exchange.summary_layout import SECTIONS, SUMMARY
from model.exchange.tidy import cells as tidy_cells


def by_section(lines: Iterable[TableLine]) -> list[TableLine]:
    """The lines that belong into the summary, section by section; within one as they come."""
    belonging = (line for line in lines if line.section in SECTIONS)
    return sorted(belonging, key=lambda line: SECTIONS.index(line.section))


def rows(lines: Iterable[TableLine]) -> Iterator[list[str]]:
    """The cells of the numbers, one a row."""
    for line in lines:
        yield [tidy_cells.written(column, getattr(line, column.name)) for column in SUMMARY.columns]

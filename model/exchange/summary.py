"""`summary.csv`: the numbers of the cohort's tables, one a row."""

from collections.abc import Iterable, Iterator

from model.asking import Asks
from model.cohort.lines import Line
from model.cohort.options import USUAL, Options
from model.cohort.selection import EVERYONE, Selection
from model.exchange import tidy_cells
from model.exchange.summary_layout import SUMMARY


def summary(asks: Asks, selection: Selection = EVERYONE, options: Options = USUAL) -> list[Line]:
    """All numbers of a casebook's cohort that rest on no laboratory result, table by table."""
    from model.cohort import frames, selecting
    from model.cohort.tables import summary_lines

    return summary_lines(selecting.apply(frames.load(asks), selection), selection, options)


def rows(lines: Iterable[Line]) -> Iterator[list[str]]:
    """The cells of the numbers, one a row."""
    for line in lines:
        yield [tidy_cells.written(column, getattr(line, column.name)) for column in SUMMARY.columns]

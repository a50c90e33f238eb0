"""The lines of a table as a grid of cells: as a list, or with the levels side by side."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import TYPE_CHECKING

from gui.pages.cohort.number_words import level_text, value_text
from gui.words import words
from model.cohort import numbers

if TYPE_CHECKING:
    from model.cohort.lines import TableLine

_RANGE = ("median", "minimum", "maximum")
_OF_THREE = ", "


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One number, and the line that it is of; the patients of that line stand behind it."""

    text: str
    line: TableLine | None = None

    @property
    def opens(self) -> bool:
        """Whether there are patients behind the number."""
        return self.line is not None and bool(self.line.patients)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A row: its words, how far they stand in, and its cells; one without cells is a heading."""

    label: str
    cells: tuple[Cell, ...] = ()
    inside: bool = False
    tip: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """Rows under the titles of their cells; without titles, each has one cell."""

    rows: tuple[Row, ...]
    first_title: str = ""
    titles: tuple[str, ...] = ()

    @property
    def width(self) -> int:
        """How many cells stand beside the words."""
        return len(self.titles) or 1


def listed(lines: Iterable[TableLine]) -> Grid:
    """One number a row; the levels of one measure under its name, a median with its range."""
    rows: list[Row] = []
    for _key, group in groupby(lines, lambda line: (line.section, line.measure)):
        found = _merged(list(group))
        if len(found) == 1:
            rows.append(found[0][1])
        else:
            rows += _levels(found)
    return Grid(rows=tuple(rows))


def crossed(
    lines: Iterable[TableLine],
    first_title: str,
    place: Callable[[str], tuple[str, str]],
    columns: Sequence[str] = (),
    of_title: str = "",
) -> Grid:
    """The measures one below the other, their levels side by side.

    `place` tells the words of the row and of the column where a level stands; rows of a measure
    that have words stand in under its name. `columns` come first in this order, the others as they
    are met. With `of_title`, the last column holds what each row is counted out of.
    """
    known: dict[str, dict[str, dict[str, list[TableLine]]]] = {}
    met = dict.fromkeys(columns, False)
    for line in lines:
        row, column = place(line.level)
        met[column] = True
        known.setdefault(line.measure, {}).setdefault(row, {}).setdefault(column, []).append(line)
    titles = [column for column, is_used in met.items() if is_used]
    rows: list[Row] = []
    for measure, by_row in known.items():
        if any(by_row):
            rows.append(Row(label=words(measure)))
        for row, by_column in by_row.items():
            cells = [_together(by_column.get(column, [])) for column in titles]
            one = next(iter(by_column.values()))[0]
            if of_title:
                cells.append(Cell(text="" if one.of is None else f"{one.of}"))
            rows.append(
                Row(
                    label=row or words(measure),
                    cells=tuple(cells),
                    inside=bool(row),
                    tip=one.definition,
                )
            )
    return Grid(
        rows=tuple(rows),
        first_title=first_title,
        titles=tuple([*titles, of_title] if of_title else titles),
    )


def as_text(grid: Grid) -> str:
    """The grid tab-separated, as a spreadsheet takes it."""
    header = [[grid.first_title, *grid.titles]] if grid.titles else []
    rows = [[row.label, *(cell.text for cell in row.cells)] for row in grid.rows]
    return "\n".join("\t".join(row) for row in header + rows)


def _cell(line: TableLine) -> Cell:
    return Cell(text=value_text(line), line=line)


def _together(lines: Sequence[TableLine]) -> Cell:
    """What stands in one place: a number, or a median with its range."""
    if not lines:
        return Cell(text="")
    if len(lines) == len(_RANGE):
        return _range(lines, is_alone=True).cells[0]
    line = lines[0]
    # A nought says all there is to say: so many of them would hide the others.
    return Cell(text="0", line=line) if line.n == 0 and line.share else _cell(line)


def _merged(lines: Sequence[TableLine]) -> list[tuple[TableLine, Row]]:
    """The rows of one measure: a median, its minimum and its maximum are one."""
    found: list[tuple[TableLine, Row]] = []
    place = 0
    while place < len(lines):
        three = lines[place : place + len(_RANGE)]
        first = lines[place]
        if tuple(_which(line) for line in three) == _RANGE:
            found.append((first, _range(three, len(lines) == len(_RANGE))))
            place += len(_RANGE)
        else:
            found.append((first, _single(first, len(lines) == 1)))
            place += 1
    return found


def _which(line: TableLine) -> str:
    return line.level.rpartition(_OF_THREE)[2]


def _single(line: TableLine, is_alone: bool) -> Row:
    label = level_text(line.level) if line.level else words(line.measure)
    if is_alone and line.level:
        label = f"{words(line.measure)}: {label}"
    return Row(label=label, cells=(_cell(line),), tip=line.definition)


def _levels(found: Sequence[tuple[TableLine, Row]]) -> list[Row]:
    """The levels of a measure under its name; a line without one is the measure's own."""
    first, row = found[0]
    if first.level:
        head = Row(label=words(first.measure), tip=first.definition)
        rest = found
    else:
        head, rest = row, found[1:]
    return [head, *(replace(each, inside=True) for _line, each in rest)]


def _range(lines: Sequence[TableLine], is_alone: bool) -> Row:
    """A median with its range in one row: `61 (38–78) years`."""
    median, least, most = (line.estimate for line in lines)
    first = lines[0]
    text = "–"
    if median is not None and least is not None and most is not None:
        printed = [numbers.estimate(each, first.unit) for each in (median, least, most)]
        text = f"{printed[0]} ({printed[1]}–{printed[2]}) {first.unit}".strip()
    level = first.level.rpartition(_OF_THREE)[0]
    said = [words(first.measure)] if is_alone else []
    label = ": ".join([*said, *([level_text(level)] if level else [])])
    label = f"{label}, median (range)"
    return Row(label=label, cells=(Cell(text=text, line=first),), tip=first.definition)

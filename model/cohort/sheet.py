"""Lay out a table of the cohort in rows and cells, for window, PDF and CSV files alike.

Toxicity has a row for each term and a column for each grade, shift a row for each grade at baseline
and a column for each worst grade, nadirs a row for each cycle. Other tables have one number a row:
the parts of a measure are under its name, and a median is in one cell with its minimum and maximum.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from model.cohort import numbers
from model.cohort.labels import grade_label, label, measure_label
from model.cohort.lines import NO_BASELINE, CohortTable, Statistic, TableLine
from model.cohort.messages import translate
from model.language import _
from model.rounding import group_thousands

_DASH = "–"


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetCell:
    """A number as text, with its lines: one, or a median with its minimum and maximum."""

    text: str
    lines: tuple[TableLine, ...] = ()

    @property
    def line(self) -> TableLine | None:
        """The line with the patients of the cell."""
        return self.lines[0] if self.lines else None

    @property
    def has_patients(self) -> bool:
        """Whether there are patients behind the number."""
        return self.line is not None and bool(self.line.patients)


@dataclass(frozen=True, slots=True, kw_only=True)
class SheetRow:
    """A label and its cells; without cells, it is the heading of the indented rows after it."""

    label: str
    cells: tuple[SheetCell, ...] = ()
    is_indented: bool = False
    tip: str = ""
    """What the numbers of the row mean."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """Rows of cells with column titles; without titles, each row has one cell."""

    rows: tuple[SheetRow, ...]
    key: str = ""
    """The key of the table."""
    title: str = ""
    first_title: str = ""
    titles: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    nothing: str = _("Nothing is recorded.")
    """What is printed if there are no rows."""

    @property
    def width(self) -> int:
        """The number of cells of a row, not counting its label."""
        return len(self.titles) or 1

    def texts(self) -> list[list[str]]:
        """Return the texts of all rows, with the titles as the first row if there are any."""
        header = [[self.first_title, *self.titles]] if self.titles else []
        return header + [[row.label, *(cell.text for cell in row.cells)] for row in self.rows]

    def spread(self) -> Sheet:
        """Return the sheet for paper, with columns for count, %, value and CI in place of one.

        Empty columns are left out; a sheet with titles is returned unchanged.
        """
        if self.titles:
            return self
        spread = [_split_cell(row) for row in self.rows]
        used = [index for index in range(4) if any(texts and texts[index] for texts in spread)]
        titles = (_("n"), "%", _("Value"), _("95 % CI"))
        rows = (
            replace(row, cells=tuple(SheetCell(text=texts[index]) for index in used))
            if texts
            else row
            for row, texts in zip(self.rows, spread, strict=True)
        )
        return replace(self, rows=tuple(rows), titles=tuple(titles[index] for index in used))


def lay_out(table: CohortTable) -> Sheet:
    """Lay out a table."""
    lines = table.lines
    if table.key == "nadirs":
        laid_out = _nadirs(lines)
    elif table.key == "shift":
        laid_out = _shift(lines)
    elif table.key.endswith("toxicity"):
        laid_out = _toxicity(lines)
    else:
        laid_out = Sheet(rows=tuple(_listed(lines)))
    return replace(
        laid_out,
        key=table.key,
        title=translate(table.title),
        notes=tuple(map(translate, table.notes)),
    )


def text_of(lines: Sequence[TableLine], *, in_grid: bool = False) -> str:
    """Write the text of a cell: `15 (75 %)`, `61 (38–78) years`, `22.0 months (95 % CI 13.0–NR)`.

    `in_grid`, zero patients are written as 0 alone, as many longer texts would hide the others.
    """
    line = lines[0]
    if not line.is_count:
        value, interval = _value(lines), _interval(line)
        return f"{value} ({interval})" if interval else value
    if line.n is None or line.of == 0:
        # None out of none is no result: there was no patient who could have been counted.
        return _DASH
    if line.percent is None or (in_grid and not line.n):
        return group_thousands(line.n)
    counted, interval = numbers.share(line.n, line.of), _interval(line)
    return f"{counted.removesuffix(')')}; {interval})" if interval else counted


def _value(lines: Sequence[TableLine]) -> str:
    """Write an estimate with its unit, a median with its range: `60.5 (46–73) years`."""
    line = lines[0]
    if line.estimate is None:
        return _("not reached") if line.is_not_reached else _DASH
    bounds = [each.estimate for each in lines[1:] if each.estimate is not None]
    if not bounds:
        return numbers.estimate_with_unit(line.estimate, line.unit)
    median, low, high = (numbers.estimate(value, line.unit) for value in (line.estimate, *bounds))
    return f"{median} ({low}–{high}) {line.unit}".strip()


def _interval(line: TableLine) -> str:
    bounds = numbers.interval(line.low, line.high, line.interval_unit)
    return f"{_('95 % CI')} {bounds}" if bounds else ""


def _group_into_cells(lines: Iterable[TableLine]) -> list[tuple[TableLine, ...]]:
    """Group the lines into cells, a median together with its minimum and maximum."""
    grouped_lines: list[tuple[TableLine, ...]] = []
    for line in lines:
        if line.statistic in (Statistic.MINIMUM, Statistic.MAXIMUM):
            grouped_lines[-1] += (line,)
        else:
            grouped_lines.append((line,))
    return grouped_lines


def _cell(lines: tuple[TableLine, ...]) -> SheetCell:
    """Return a cell of a grid, with a dash if there is no number for it."""
    text = text_of(lines, in_grid=True) if lines else _DASH
    return SheetCell(text=text, lines=lines)


def _by_grade(
    label: str, lines: Iterable[TableLine], grades: Sequence[str], *, is_indented: bool = False
) -> SheetRow:
    """Return a row with a column for each grade, and the denominator in the last column."""
    by_grade = {line.grade: (line,) for line in lines}
    first = next(iter(by_grade.values()))[0]
    of = SheetCell(text="" if first.of is None else group_thousands(first.of))
    return SheetRow(
        label=label,
        cells=(*(_cell(by_grade.get(grade, ())) for grade in grades), of),
        is_indented=is_indented,
        tip=translate(first.definition),
    )


def _listed(lines: Iterable[TableLine]) -> Iterable[SheetRow]:
    """Yield the rows of a table with one number in each row."""
    for (_section, measure), group in groupby(lines, lambda line: (line.section, line.measure)):
        cells = _group_into_cells(group)
        if len(cells) == 1:
            yield _row(cells[0], measure)
            continue
        # A number for the measure as a whole is in the row with the measure's name.
        if cells[0][0].level:
            yield SheetRow(label=label(measure), tip=translate(cells[0][0].definition))
        else:
            yield _row(cells.pop(0), measure)
        for each in cells:
            yield replace(_row(each), is_indented=True)


def _row(lines: tuple[TableLine, ...], measure: str = "") -> SheetRow:
    line = lines[0]
    is_range = bool(line.common_definition)
    level = line.part if is_range else line.level
    name = ": ".join(label(code) for code in (measure, level) if code)
    return SheetRow(
        label=_("{measure}, median (range)").format(measure=name) if is_range else name,
        cells=(SheetCell(text=text_of(lines), lines=lines),),
        tip=translate(line.definition),
    )


def _toxicity(lines: Sequence[TableLine]) -> Sheet:
    grades = list(dict.fromkeys(line.grade for line in lines))
    rows = tuple(
        _by_grade(_("Any toxicity") if measure == "any" else name, group, grades)
        for (measure, name), group in groupby(
            lines, lambda line: (line.measure, measure_label(line))
        )
    )
    titles = (*map(grade_label, grades), _("of"))
    return Sheet(first_title=_("Term"), titles=titles, rows=rows)


def _shift(lines: Sequence[TableLine]) -> Sheet:
    highest = max((int(line.grade) for line in lines), default=0)
    grades = [f"{grade}" for grade in range(highest + 1)]
    rows = []
    for measure, of_term in groupby(lines, lambda line: line.measure):
        rows.append(SheetRow(label=label(measure)))
        for baseline, group in groupby(of_term, lambda line: line.baseline):
            name = _("Baseline grade {grade}").format(grade=baseline)
            if baseline == NO_BASELINE:
                name = _("No baseline")
            rows.append(_by_grade(name, group, grades, is_indented=True))
    return Sheet(
        first_title=_("Worst grade after baseline"),
        titles=(*map(grade_label, grades), _("of")),
        rows=tuple(rows),
        nothing=_("No result is graded above 0."),
    )


def _nadirs(lines: Sequence[TableLine]) -> Sheet:
    rows = []
    for measure, of_analyte in groupby(lines, lambda line: line.measure):
        rows.append(SheetRow(label=measure))
        for cycle, group in groupby(of_analyte, lambda line: line.cycle):
            extreme, time, recovered, *after = _group_into_cells(group)
            first = recovered[0]
            counted = numbers.share_of(first.n or 0, first.of) if first.of else _DASH
            cells = (
                SheetCell(text=group_thousands(extreme[0].n or 0), lines=extreme),
                _cell(extreme),
                _cell(time),
                SheetCell(text=counted, lines=recovered),
                _cell(after[0] if after else ()),
            )
            name = _("Cycle {number}").format(number=cycle)
            tip = translate(extreme[0].definition)
            rows.append(SheetRow(label=name, cells=cells, is_indented=True, tip=tip))
    return Sheet(
        first_title=_("Analyte and cycle"),
        titles=(
            _("Patients"),
            _("Nadir or peak, median (range)"),
            _("Time to it, median (range)"),
            _("Recovered"),
            _("Time to recovery, median (range)"),
        ),
        rows=tuple(rows),
    )


def _split_cell(row: SheetRow) -> tuple[str, str, str, str] | None:
    """Return count, percentage, value and interval of a row's one cell; None for a heading."""
    if not row.cells:
        return None
    lines = row.cells[0].lines
    line = lines[0]
    return (
        "" if line.n is None else numbers.count_of(line.n, line.of),
        "" if line.percent is None else numbers.estimate(line.percent, "%"),
        "" if line.is_count else _value(lines),
        numbers.interval(line.low, line.high, line.interval_unit),
    )

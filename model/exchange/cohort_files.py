"""The numbers of the cohort as files: `summary.csv`, and one file for each printed table.

`summary.csv` has one number per row. In the files of the tables, such as `baseline_table.csv`, a
row is a row of the printed table: median, minimum and maximum of one variable share a row, as do
all grades of a toxicity. `definitions.csv` has the sentences that define what each table counts.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from model.cells import neutralise
from model.cohort import numbers
from model.cohort.lines import CohortTable, TableLine
from model.cohort.sheet import Sheet
from model.exchange.tidy import cells
from model.exchange.tidy.columns import CODE, ESTIMATE, INTEGER, PERCENT, TEXT, Column, Kind, Table
from model.rounding import group_thousands

SECTIONS = (
    *("cohort", "primary site", "grade", "cycles", "exposure", "acute toxicity"),
    *("long-term toxicity", "all toxicity", "response", "survival"),
)
"""The sections of every summary, in their order."""

_NOT_REACHED = "NR"

_WITH_SUBACUTE = (*SECTIONS[:6], "subacute toxicity", *SECTIONS[6:])
"""Subacute toxicity is counted by option only."""

_GRADES = {
    **{f"{grade}": f"grade_{grade}" for grade in (1, 2, 3, 4, 5)},
    "1-2": "grade_1_2",
    ">=3": "grade_3_5",
    "any": "any",
}


def _column(
    name: str, kind: Kind, meaning: str, unit: str = "", codes: tuple[str, ...] = ()
) -> Column:
    return Column(name, kind, meaning, unit=unit, codes=codes, derived=True)


_SECTION = "Table that the number belongs to"
_N = _column("n", INTEGER, "Count; for an estimate, the number of values that it is based on")
_OF = _column("of", INTEGER, "Denominator of the count")
_PERCENT = _column("percent", PERCENT, "n as a percentage of `of`")
_LOW = _column("low", ESTIMATE, "Lower bound of the 95 % interval, if there is one")
_HIGH = _column("high", ESTIMATE, "Upper bound of the 95 % interval, if there is one")
_UNIT = _column("unit", TEXT, "Unit of the count or estimate")
_DEFINITION = _column("definition", TEXT, "Definition of the number, in words")
_PRINTED = _column(
    "printed",
    TEXT,
    "The number as a paper prints it, rounded half up; NR: not reached, where R has NA",
)

SUMMARY = Table(
    name="summary",
    meaning="One row per number of the cohort",
    columns=(
        _column("section", CODE, _SECTION, codes=_WITH_SUBACUTE),
        _column("measure", TEXT, "What is counted or measured; a CTCAE term for toxicity"),
        _column("level", TEXT, "Category; for toxicity a grade, a range of grades, or any"),
        *(_N, _OF, _PERCENT),
        _column("estimate", ESTIMATE, "Median, minimum, maximum, sum or rate"),
        *(_LOW, _HIGH, _UNIT, _DEFINITION, _PRINTED),
    ),
)

_COLUMNS = (
    _column("section", TEXT, _SECTION),
    _column("measure", TEXT, "What is counted or measured"),
    _column("level", TEXT, "Category"),
    *(_N, _OF, _PERCENT),
    _column("estimate", ESTIMATE, "Estimate, rate or sum; not a median", "see unit"),
    _column("median", ESTIMATE, "Median of the known values", "see unit"),
    _column("minimum", ESTIMATE, "Minimum; ages over 89 as 90 in a pseudonymised export"),
    _column("maximum", ESTIMATE, "Maximum; ages over 89 as 90 in a pseudonymised export"),
    *(_LOW, _HIGH, _UNIT, _DEFINITION, _PRINTED),
)

_TOXICITY_COLUMNS = (
    _column("section", TEXT, "Acute, subacute, long-term or all toxicity"),
    _column("term", TEXT, "CTCAE term or reporting group; any for all together"),
    _OF,
    *(
        column
        for level, name in _GRADES.items()
        for column in (
            _column(
                f"{name}_n",
                INTEGER,
                "Number with any grade" if level == "any" else f"Number with grade {level}",
            ),
            _column(f"{name}_percent", PERCENT, "The same as a percentage of `of`"),
        )
    ),
    _column("unit", TEXT, "What is counted"),
    _column("definition", TEXT, "Definition of the numbers, in words"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class CohortFile:
    """One file, and the keys of the cohort's tables that it combines."""

    table: Table
    keys: tuple[str, ...]
    optional: tuple[str, ...] = ()
    """Keys of tables that only some options have; their rows come last."""

    def of(self, sheets: Mapping[str, Sheet]) -> Iterator[list[str]]:
        """Yield the rows of the sheets, by key, that belong to this file."""
        keys = (*self.keys, *self.optional)
        return self.rows(sheets[key] for key in keys if key in sheets)

    def rows(self, sheets: Iterable[Sheet]) -> Iterator[list[str]]:
        """Yield one list of cells for each row of the sheets of these tables."""
        rows_of = _grades if self.table is _TOXICITY else _numbers
        for sheet in sheets:
            for row in rows_of(sheet):
                yield [cells.written(column, row.get(column.name)) for column in self.table.columns]


def _file(name: str, meaning: str, *keys: str) -> CohortFile:
    return CohortFile(table=Table(name=name, meaning=meaning, columns=_COLUMNS), keys=keys)


_TOXICITY = Table(
    name="toxicity_table",
    meaning="One row per term, with the patients at each grade",
    columns=_TOXICITY_COLUMNS,
)

_TOXICITY_KEYS = ("acute_toxicity", "long_term_toxicity", "all_toxicity")

FILES = (
    _file("baseline_table", "One number per row: patients at baseline", "baseline"),
    _file("exposure_table", "One number per row: treatment", "exposure"),
    CohortFile(table=_TOXICITY, keys=_TOXICITY_KEYS, optional=("subacute_toxicity",)),
    _file("lab_nadirs", "One number per row: nadirs of each analyte", "nadirs"),
    _file("shift_table", "One row per change from a baseline grade to a worst grade", "shift"),
    _file("response_table", "One number per row: response", "response"),
    _file("survival_table", "One number per row: follow-up and survival", "survival"),
)
"""The files of the cohort's tables, in the order of a report."""

DEFINITIONS = Table(
    name="definitions",
    meaning="One row per sentence that defines what a table counts",
    columns=(
        _column("file", TEXT, "Name of the file that the sentence is about, without its extension"),
        _column("table", TEXT, "Title of the table"),
        _column(
            "sentence", TEXT, "What is counted, the denominator, and the start of follow-up time"
        ),
    ),
)


def summary_lines(lines: Iterable[TableLine]) -> list[TableLine]:
    """Return the lines that belong to the summary by section, otherwise in their order."""
    belonging = (line for line in lines if line.section in _WITH_SUBACUTE)
    return sorted(belonging, key=lambda line: _WITH_SUBACUTE.index(line.section))


def summary_rows(lines: Iterable[TableLine]) -> Iterator[list[str]]:
    """Yield the cells of the numbers, one number per row."""
    for line in lines:
        yield [
            cells.written(
                column, _printed([line]) if column is _PRINTED else getattr(line, column.name)
            )
            for column in SUMMARY.columns
        ]


def definition_rows(tables: Iterable[CohortTable]) -> Iterator[list[str]]:
    """Yield the cells of the sentences below the tables."""
    files = {key: each.table.name for each in FILES for key in (*each.keys, *each.optional)}
    for table in tables:
        for note in table.notes:
            yield [*map(neutralise, (files.get(table.key, table.key), table.title, note))]


def _numbers(sheet: Sheet) -> Iterator[dict[str, Any]]:
    """Yield a row per number, with median, minimum and maximum of one variable in one row."""
    for row in sheet.rows:
        # Two cells of a nadir have the same lines: the number of patients, and the nadir itself.
        for lines in dict.fromkeys(cell.lines for cell in row.cells if cell.lines):
            line = lines[0]
            yield {
                "section": line.section,
                "measure": line.measure,
                "level": replace(line, statistic=None).level,
                "n": line.n,
                "of": line.of,
                "percent": line.percent,
                **{each.statistic or "estimate": each.estimate for each in lines},
                "low": line.low,
                "high": line.high,
                "unit": line.unit,
                "definition": line.common_definition or line.definition,
                "printed": _printed(lines),
            }


def _printed(lines: Sequence[TableLine]) -> str:
    """A number as it is printed: `15 (75 %)`, `61 (38–78)`, `22.0 (13.0–NR)`; in English."""
    line = lines[0]
    bounds = numbers.interval(line.low, line.high, line.interval_unit, not_reached=_NOT_REACHED)
    if line.is_count:
        if line.n is None:
            return ""
        if line.percent is None or not bounds:
            return numbers.share(line.n, line.of) if line.share else group_thousands(line.n)
        return f"{numbers.estimate(line.percent, '%')} % ({bounds})"
    if line.is_not_reached:
        return f"{_NOT_REACHED} ({bounds})" if bounds else _NOT_REACHED
    if line.estimate is None:
        return ""
    value, *ends = (
        numbers.estimate(each.estimate, each.unit) for each in lines if each.estimate is not None
    )
    bounds = bounds or "–".join(ends)
    return f"{value} ({bounds})" if bounds else value


def _grades(sheet: Sheet) -> Iterator[dict[str, Any]]:
    """Yield a row per term, with the count at each grade."""
    for row in sheet.rows:
        lines = [cell.line for cell in row.cells if cell.line is not None]
        first = lines[0]
        yield {
            "section": first.section,
            "term": first.measure,
            "of": first.of,
            "unit": first.unit,
            "definition": first.definition,
            **{f"{_GRADES[line.grade]}_n": line.n for line in lines},
            **{f"{_GRADES[line.grade]}_percent": line.percent for line in lines},
        }

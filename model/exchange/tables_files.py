"""The cohort's tables as files: `baseline_table.csv`, `toxicity_table.csv`, and so on.

A row is what a row of the printed table is. Median, minimum and maximum of one thing stand beside
each other; of a toxicity, all grades do. What a table counts, and out of whom, stands in
`definitions.csv`.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from model.cells import neutralised
from model.cohort.lines import CohortTable
from model.cohort.sheet import Sheet
from model.exchange.tidy import cells as tidy_cells
from model.exchange.tidy.columns import Column, Kind, Table

_GRADES = {
    **{f"{grade}": f"grade_{grade}" for grade in (1, 2, 3, 4, 5)},
    "1-2": "grade_1_2",
    ">=3": "grade_3_5",
    "any": "any",
}
_ESTIMATE, _INTEGER, _TEXT = Kind.ESTIMATE, Kind.INTEGER, Kind.TEXT


def _column(name: str, meaning: str, kind: Kind = _TEXT, unit: str = "") -> Column:
    return Column(name=name, kind=kind, meaning=meaning, unit=unit, derived=True)


_COLUMNS = (
    _column("section", "Table that the number belongs to"),
    _column("measure", "What is counted or measured"),
    _column("level", "Which part of it"),
    _column("n", "How many; of an estimate, the values that it rests on", _INTEGER),
    _column("of", "Of how many", _INTEGER),
    _column("percent", "n of 100 of them", Kind.PERCENT),
    _column("estimate", "Estimate, rate or sum; medians stand apart", _ESTIMATE, "as unit says"),
    _column("median", "Median of the known values", _ESTIMATE, "as unit says"),
    _column("minimum", "Smallest of them; ages over 89 as 90 in a pseudonymised export", _ESTIMATE),
    _column("maximum", "Largest of them; ages over 89 as 90 in a pseudonymised export", _ESTIMATE),
    _column("low", "Lower bound of the 95 % interval, where there is one", _ESTIMATE),
    _column("high", "Upper bound of the 95 % interval, where there is one", _ESTIMATE),
    _column("unit", "Unit of what is counted or estimated"),
    _column("definition", "What the number says, in words"),
)

_TOXICITY_COLUMNS = (
    _column("section", "Acute, long-term or all toxicity"),
    _column("term", "CTCAE term or reporting group; any takes all together"),
    _column("of", "Of how many", _INTEGER),
    *(
        column
        for level, name in _GRADES.items()
        for column in (
            _column(f"{name}_n", f"How many had the grade {level}", _INTEGER),
            _column(f"{name}_percent", "n of 100 of them", Kind.PERCENT),
        )
    ),
    _column("unit", "What is counted"),
    _column("definition", "What the numbers say, in words"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class TableFile:
    """One file, and the tables of the cohort, by key, that it takes together."""

    table: Table
    keys: tuple[str, ...]

    def rows(self, sheets: Iterable[Sheet]) -> Iterator[list[str]]:
        """The cells of the sheets of these tables."""
        rows_of = _grades if self.table.name == "toxicity_table" else _numbers
        for sheet in sheets:
            for row in rows_of(sheet):
                yield [
                    tidy_cells.written(column, row.get(column.name))
                    for column in self.table.columns
                ]


def _file(
    name: str, keys: Sequence[str], meaning: str, columns: tuple[Column, ...] = _COLUMNS
) -> TableFile:
    return TableFile(table=Table(name=name, meaning=meaning, columns=columns), keys=tuple(keys))


FILES = (
    _file("baseline_table", ("baseline",), "One row a number of the patients at baseline"),
    _file("exposure_table", ("exposure",), "One row a number of what was given"),
    _file(
        "toxicity_table",
        ("acute_toxicity", "long_term_toxicity", "all_toxicity"),
        "One row a term with the patients at each grade",
        _TOXICITY_COLUMNS,
    ),
    _file("lab_nadirs", ("nadirs",), "One row a number of the nadirs of an analyte"),
    _file("shift_table", ("shift",), "One row a change from a baseline grade to a worst grade"),
    _file("response_table", ("response",), "One row a number of response"),
    _file("survival_table", ("survival",), "One row a number of follow-up and survival"),
)
"""The files of the cohort's tables, in the order of a report."""

DEFINITIONS = Table(
    name="definitions",
    meaning="One row a sentence that says how a table counts",
    columns=(
        _column("file", "Name of the file, without its ending, that the sentence is about"),
        _column("table", "Title of the table"),
        _column("sentence", "What is counted, out of whom, and from which day on"),
    ),
)


def definitions(tables: Iterable[CohortTable]) -> Iterator[list[str]]:
    """The cells of the sentences that stand below the tables."""
    files = {key: each.table.name for each in FILES for key in each.keys}
    for table in tables:
        for note in table.notes:
            row = (files.get(table.key, table.key), table.title, note)
            yield [neutralised(text) for text in row]


def _numbers(sheet: Sheet) -> Iterator[dict[str, Any]]:
    """A row for each number of a sheet; median, minimum and maximum of one thing in one row."""
    for row in sheet.rows:
        # Two cells of a nadir print the same lines: how many patients, and the nadir itself.
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
            }


def _grades(sheet: Sheet) -> Iterator[dict[str, Any]]:
    """A row for each term, with how many had each grade."""
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

"""The cohort's tables as files: `baseline_table.csv`, `toxicity_table.csv`, and so on.

A row is what a row of the printed table is. Median, minimum and maximum of one thing stand beside
each other; of a toxicity, all grades do. What a table counts, and out of whom, stands in
`definitions.csv`.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from model.cells import neutralised
from model.cohort.lines import CohortTable, TableLine
from model.exchange.tidy import cells as tidy_cells
from model.exchange.tidy.columns import Column, Kind, Table

_STATISTICS = ("median", "minimum", "maximum")
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

    def rows(self, lines: Iterable[TableLine]) -> Iterator[list[str]]:
        """The cells of the tables' lines."""
        found = _grades(lines) if self.table.name == "toxicity_table" else _folded(lines)
        for row in found:
            yield [
                tidy_cells.written(column, row.get(column.name)) for column in self.table.columns
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


def _folded(lines: Iterable[TableLine]) -> Iterator[dict[str, Any]]:
    """A row a line; median, minimum and maximum of one thing in one row."""
    rows: dict[tuple[str, str, str, bool], dict[str, Any]] = {}
    for line in lines:
        before, _, last = line.level.rpartition(", ")
        statistic = last if last in _STATISTICS else ""
        level = before if statistic else line.level
        key = (line.section, line.measure, level, bool(statistic))
        row = rows.setdefault(key, _plain(line, level))
        if statistic:
            row[statistic] = line.estimate
            row["definition"] = _without(line.definition, statistic)
        else:
            row["estimate"] = line.estimate
    yield from rows.values()


def _plain(line: TableLine, level: str) -> dict[str, Any]:
    return {
        "section": line.section,
        "measure": line.measure,
        "level": level,
        "n": line.n,
        "of": line.of,
        "percent": line.percent,
        "low": line.low,
        "high": line.high,
        "unit": line.unit,
        "definition": line.definition,
    }


def _without(definition: str, statistic: str) -> str:
    """What is measured, without which of the three numbers of it a line was."""
    return definition.removesuffix(f": {statistic} of the known values")


def _grades(lines: Iterable[TableLine]) -> Iterator[dict[str, Any]]:
    """A row a term, with how many had each grade."""
    rows: dict[tuple[str, str], dict[str, Any]] = {}
    for line in lines:
        row = rows.setdefault(
            (line.section, line.measure),
            {
                "section": line.section,
                "term": line.measure,
                "of": line.of,
                "unit": line.unit,
                "definition": line.definition,
            },
        )
        if name := _GRADES.get(line.level):
            row[f"{name}_n"], row[f"{name}_percent"] = line.n, line.percent
    yield from rows.values()

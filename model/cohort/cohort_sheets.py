"""The cohort's tables as they are printed: columns, rows of texts, and notes.

Toxicity has a row a term and a column a grade, shift a row a grade at baseline and a column a worst
grade, nadirs a row a cycle. Other tables have a row a number. Median, minimum and maximum of one
measure stand together.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from model.cohort import numbers
from model.cohort.lines import CohortTable, TableLine
from model.cohort.paragraph.numbers import NOT_REACHED, interval, is_count

GRADES = ("1", "2", "3", "4", "5", "1-2", ">=3", "any")
"""The levels of a toxicity, in the order of their columns."""

_WORDS = {
    **{"ssa": "SSA", "prrt": "PRRT", "F": "Female", "M": "Male"},
    **{"CR": "Complete response (CR)", "PR": "Partial response (PR)"},
    **{"SD": "Stable disease (SD)", "PD": "Progressive disease (PD)", "NE": "Not evaluable (NE)"},
    **{"ORR": "Objective response rate (ORR)", "DCR": "Disease control rate (DCR)"},
    **{"OS": "Overall survival (OS)", "PFS": "Progression-free survival (PFS)"},
}
_ENDS = ("minimum", "maximum")
_ARROW = " → "
_COLUMNS = ("", "n", "%", "Value", "95 % CI")
_NOTHING = "Nothing is recorded of it."


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """The cells of a row; one that `spans` has a single cell over all columns."""

    cells: tuple[str, ...]
    depth: int = 0
    is_heading: bool = False

    @property
    def spans(self) -> bool:
        """Whether its only cell takes the whole width."""
        return len(self.cells) == 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """A table as texts. The first column names a row; the others hold its numbers."""

    key: str
    """That of the table."""
    title: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]
    notes: tuple[str, ...] = ()
    nothing: str = _NOTHING
    """What is said in place of rows where there are none."""


def sheet(table: CohortTable) -> Sheet:
    """A table as it is printed."""
    if table.lines and all(line.section.endswith("toxicity") for line in table.lines):
        return _toxicity(table)
    if table.key in _WIDE:
        return _WIDE[table.key](table)
    rows: list[Row] = []
    sections = dict.fromkeys(line.section for line in table.lines)
    for section in sections:
        of_section = [line for line in table.lines if line.section == section]
        if len(sections) > 1 and of_section[0].measure != section:
            rows.append(Row(cells=(_words(section),), is_heading=True))
        for measure in dict.fromkeys(line.measure for line in of_section):
            rows += _measure(measure, [line for line in of_section if line.measure == measure])
    used = [
        number
        for number in range(len(_COLUMNS))
        if not number or any(row.cells[number] for row in rows if not row.spans)
    ]
    return Sheet(
        key=table.key,
        title=table.title,
        columns=tuple(_COLUMNS[number] for number in used),
        rows=tuple(
            row
            if row.spans
            else Row(cells=tuple(row.cells[number] for number in used), depth=row.depth)
            for row in rows
        ),
        notes=table.notes,
    )


def _toxicity(table: CohortTable) -> Sheet:
    measures = dict.fromkeys((line.section, line.measure) for line in table.lines)
    by_key = {(line.section, line.measure, line.level): line for line in table.lines}
    rows = []
    for section, measure in measures:
        found = [by_key.get((section, measure, level)) for level in GRADES]
        if not any(line and line.n for line in found):
            continue
        of = next((line.of for line in found if line), None)
        cells = (_count(line) for line in found)
        name = "Any toxicity" if measure == "any" else _words(measure)
        rows.append(Row(cells=(name, *cells, "" if of is None else f"{of}")))
    columns = ("Term", *(_grade(level) for level in GRADES), "of")
    return Sheet(
        key=table.key,
        title=table.title,
        columns=columns,
        rows=tuple(rows),
        notes=table.notes,
        nothing="No such toxicity is recorded.",
    )


def _nadirs(table: CohortTable) -> Sheet:
    rows: list[Row] = []
    for measure in dict.fromkeys(line.measure for line in table.lines):
        cycles: dict[str, dict[str, list[TableLine]]] = {}
        for line in table.lines:
            if line.measure == measure:
                # `cycle 2, time to nadir, median`
                cycle, what, *_ = line.level.split(", ")
                cycles.setdefault(cycle, {}).setdefault(what, []).append(line)
        rows.append(Row(cells=(measure,), is_heading=True))
        rows += [_nadir(cycle, whats) for cycle, whats in cycles.items()]
    columns = (
        *("", "Patients", "Nadir, or peak: median (range)", "Day: median (range)"),
        *("Recovered", "After days: median (range)"),
    )
    return Sheet(
        key=table.key, title=table.title, columns=columns, rows=tuple(rows), notes=table.notes
    )


def _nadir(cycle: str, whats: dict[str, list[TableLine]]) -> Row:
    extreme = whats.get("nadir") or whats.get("peak") or []
    when = whats.get("time to nadir") or whats.get("time to peak") or []
    recovered = whats.get("recovered", [])
    after = whats.get("time to recovery", [])
    return Row(
        cells=(
            _words(cycle),
            f"{extreme[0].n}" if extreme else "",
            _median(extreme),
            _median(when, unit=False),
            f"{recovered[0].n} of {recovered[0].of}" if recovered and recovered[0].of else "–",
            _median(after, unit=False) or "–",
        ),
        depth=1,
    )


def _shift(table: CohortTable) -> Sheet:
    grades = [f"{grade}" for grade in range(6)]
    rows: list[Row] = []
    for measure in dict.fromkeys(line.measure for line in table.lines):
        counted: dict[str, dict[str, TableLine]] = {}
        for line in table.lines:
            if line.measure == measure:
                baseline, worst = line.level.split(_ARROW)
                counted.setdefault(baseline, {})[worst] = line
        rows.append(Row(cells=(_words(measure),), is_heading=True))
        for baseline, of_it in counted.items():
            name = f"Grade {baseline} at baseline" if baseline.isdigit() else _words(baseline)
            of = next(iter(of_it.values())).of
            cells = (_count(of_it.get(grade)) for grade in grades)
            rows.append(Row(cells=(name, *cells, f"{of}"), depth=1))
    return Sheet(
        key=table.key,
        title=table.title,
        columns=("Worst grade", *grades, "of"),
        rows=tuple(rows),
        notes=table.notes,
        nothing="No result is graded above 0.",
    )


_WIDE = {"nadirs": _nadirs, "shift": _shift}


def _measure(measure: str, lines: Sequence[TableLine]) -> list[Row]:
    """The rows of one measure: one, or one for each level under the measure's name."""
    groups: dict[str, list[TableLine]] = {}
    for line in lines:
        groups.setdefault(_without_end(line.level), []).append(line)
    if len(groups) == 1:
        level, of_level = next(iter(groups.items()))
        level = "" if level == measure else level
        name = ": ".join(filter(None, (_words(measure), _level(level))))
        return [_row(name, of_level, 0)]
    return [
        Row(cells=(_words(measure),)),
        *(_row(_words(level) or "All", of_level, 1) for level, of_level in groups.items()),
    ]


def _without_end(level: str) -> str:
    """A level without which of median, minimum and maximum it is: those share a row."""
    parts = [part for part in level.split(", ") if part not in _ENDS]
    ends_it = len(parts) < len(level.split(", "))
    return ", ".join([*parts, "median"] if ends_it else parts)


def _row(name: str, lines: Sequence[TableLine], depth: int) -> Row:
    first = lines[0]
    count = (
        "" if first.n is None else f"{first.n}" if first.of is None else f"{first.n} of {first.of}"
    )
    return Row(
        cells=(
            name,
            count,
            "" if first.percent is None else numbers.estimate(first.percent, "%"),
            _value(lines),
            interval(first) or "",
        ),
        depth=depth,
    )


def _median(lines: Sequence[TableLine], *, unit: bool = True) -> str:
    """`14.2 (11.1–14.2) g/dL`, of lines of one measure; empty where nothing is known."""
    if not lines or lines[0].estimate is None:
        return ""
    value = _value(lines)
    return value if unit else value.removesuffix(f" {lines[0].unit}")


def _value(lines: Sequence[TableLine]) -> str:
    """`60.5 (46–73) years`, the range in brackets; `NR` for what was not reached."""
    line = lines[0]
    if is_count(line):
        return ""
    if line.estimate is None:
        return NOT_REACHED if line.n else ""
    words = numbers.estimate(line.estimate, line.unit)
    ends = {end: one for one in lines for end in _ENDS if one.level.endswith(end)}
    bounds = [ends[end].estimate for end in _ENDS if end in ends]
    if len(bounds) == len(_ENDS):
        low, high = (numbers.estimate(bound, line.unit) for bound in bounds if bound is not None)
        words += f" ({low}–{high})"
    return f"{words} {line.unit}".strip()


def _count(line: TableLine | None) -> str:
    if line is None or not line.n:
        return "–"
    return f"{line.n}" if line.percent is None else numbers.share(line.n, line.of)


def _grade(level: str) -> str:
    return "Any" if level == "any" else f"G{level}".replace("G>=", "≥G").replace("-", "–")


def _level(level: str) -> str:
    return "" if level == "median" else _words(level)


def _words(code: str) -> str:
    plain = _WORDS.get(code, code.replace("_", " "))
    return plain[:1].upper() + plain[1:]

"""The numeric CTCAE criteria of both versions, and a plan for results in a certain unit.

`resources/ctcae/criteria.csv` holds the criteria (source: NCI, CTCAE 5.0 of 2017 and 6.0 of 2025,
numbers only). One row is one set of cut-offs of a term. A term may have several rows: the highest
grade of any of them counts. The columns are:

- `condition`: when the row applies (baseline, fasting, anticoagulation, neutropenia); "if …" is a
  clinical fact that a number cannot show
- `g1` to `g4`: what a value must fulfil, such as ``<LLN``, ``>1.5*ULN`` or ``>ULN and >BASE``
- `refused`: the values for which a number cannot decide the grade, and why
- `raised_by`: the clinical facts that raise a grade
- `remark`: a remark on all grades or one of them

An abnormal baseline, as NCI calls it, is one above ULN. A baseline below LLN counts as normal,
because the terms are about high values; CTCAE 6.0 states this itself.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cache

from model.language import _
from model.reference.analytes import ANALYTES, Analyte
from model.reference.tables import rows
from model.reference.units import Unit

_COMPARISON = re.compile(
    r"(?P<sign><=|>=|<|>)(?:(?P<factor>[\d.]+)\*)?(?P<limit>LLN|ULN|BASE)?\+?(?P<number>[\d.]+)?"
)
SIGNS = {"<": "<", "<=": "≤", ">": ">", ">=": "≥"}
_LIMITS = {"LLN": _("LLN {l}"), "ULN": _("ULN {u}"), "BASE": _("baseline {b}")}
GRADES = (4, 3, 2, 1)
"""The grades that a number can give, highest first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """A comparison of a value with a cut-off: ``value sign (factor × limit + offset)``.

    `limit` is "LLN", "ULN", "BASE" or "" for an absolute cut-off. `number` is the offset as the
    table writes it, in the criterion's own unit; `offset` is the same offset exactly, in the unit
    of the value and the limits.
    """

    sign: str
    factor: Fraction
    limit: str
    offset: Fraction
    number: str

    def text(self, written_unit: str, criterion_unit: str) -> str:
        """Return the comparison as text, with ``{l}``, ``{u}``, ``{b}`` for the limits' values."""
        summands = []
        if self.limit:
            times = "" if self.factor == 1 else f"{float(self.factor):g} × "
            summands.append(f"{times}{_LIMITS[self.limit]} {written_unit}".rstrip())
        if self.number:
            summands.append(f"{self.number} {criterion_unit}".rstrip())
        return f"{SIGNS[self.sign]} {' + '.join(summands)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Criterion:
    """One row of the table: the cut-offs of a term in one unit ("" for any) under one condition.

    Each grade has the comparisons that must all hold. If all of `refused_if` hold, no grade is
    given, and `refusal` is the reason. An empty tuple means that no grade is ever given, None that
    none is refused. `remark` belongs to `remarked_grade`, or to all grades if that is None.
    """

    term: str
    direction: str
    unit: str
    condition: str
    grades: dict[int, tuple[Comparison, ...]]
    refused_if: tuple[Comparison, ...] | None
    refusal: str
    raised_by: dict[int, str]
    remarked_grade: int | None
    remark: str

    @property
    def is_clinical(self) -> bool:
        """Whether the condition is a clinical fact, which no number can show."""
        return self.condition.startswith("if ")


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanRow:
    """A criterion in a plan.

    `grades` has, for each grade, the indices of its comparisons in the plan's `comparisons`.
    """

    criterion: Criterion
    grades: dict[int, tuple[int, ...]]


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Plan:
    """How one term is graded for one analyte written in one unit.

    `comparisons` are all those of its rows, each once, scaled to the written unit. If all those at
    the indices `refused_if` hold, no grade is given, as in `Criterion`. `display_factor` converts a
    value to `criterion_unit` for display; it is None if NCI gives the cut-offs in the written unit.
    """

    term: str
    direction: str
    comparisons: tuple[Comparison, ...]
    rows: tuple[PlanRow, ...]
    refused_if: tuple[int, ...] | None
    refusal: str
    written_unit: str
    criterion_unit: str
    display_factor: float | None


@cache
def terms_of(version: str, analyte_key: str) -> tuple[tuple[str, str], ...]:
    """Return the terms by which an analyte is graded, each with its direction; "L" before "H"."""
    pairs = {(row.term, row.direction): None for row in criteria(version, analyte_key)}
    return tuple(sorted(pairs, key=lambda pair: pair[1] != "L"))


@cache
def criteria(version: str, analyte_key: str) -> tuple[Criterion, ...]:
    """Return the rows of the table for an analyte, in order; none if CTCAE has no term for it."""
    return tuple(
        _criterion(row)
        for row in _table()
        if version in row["version"].split() and analyte_key in row["analyte"].split()
    )


@cache
def is_relative(version: str, analyte_key: str, term: str) -> bool:
    """Return whether a term is graded by multiples of a baseline that was above normal."""
    return any(
        row.term == term and row.condition == "baseline high"
        for row in criteria(version, analyte_key)
    )


@cache
def plans(version: str, analyte_key: str, ucum: str) -> tuple[Plan, ...]:
    """Return the plans for results of an analyte in one of its units, low before high."""
    analyte = next(analyte for analyte in ANALYTES if analyte.key == analyte_key)
    return tuple(
        _plan(
            [
                criterion
                for criterion in criteria(version, analyte_key)
                if (criterion.term, criterion.direction) == pair
            ],
            analyte,
            analyte.units[ucum],
        )
        for pair in terms_of(version, analyte_key)
    )


def _plan(of_term: list[Criterion], analyte: Analyte, written: Unit) -> Plan:
    """Return the plan of one term from all its criteria, for results in the written unit."""
    deciding = _deciding_unit([each.unit for each in of_term if each.unit], analyte, written)
    scale = deciding.factor / written.factor
    comparisons: dict[Comparison, int] = {}

    def indices(of_grade: tuple[Comparison, ...]) -> tuple[int, ...]:
        scaled = (replace(each, offset=each.offset * scale) for each in of_grade)
        return tuple(comparisons.setdefault(each, len(comparisons)) for each in scaled)

    chosen = [each for each in of_term if each.unit in ("", deciding.ucum)]
    plan_rows = tuple(
        PlanRow(
            criterion=each,
            grades={grade: indices(of_grade) for grade, of_grade in each.grades.items()},
        )
        for each in chosen
    )
    refused_if, refusal = next(
        ((each.refused_if, each.refusal) for each in chosen if each.refused_if is not None),
        (None, ""),
    )
    return Plan(
        term=of_term[0].term,
        direction=of_term[0].direction,
        rows=plan_rows,
        refused_if=None if refused_if is None else indices(refused_if),
        refusal=refusal,
        comparisons=tuple(comparisons),
        written_unit=written.symbol,
        criterion_unit=deciding.symbol,
        display_factor=None if deciding == written else float(written.factor / deciding.factor),
    )


def _deciding_unit(ucums: list[str], analyte: Analyte, written: Unit) -> Unit:
    """Return the written unit if NCI gives cut-offs in it, else the best of NCI's units.

    A unit of the same quantity is preferred, because its conversion is exact by definition, then
    the canonical unit.
    """
    if not ucums or written.ucum in ucums:
        return written
    units = [analyte.units[ucum] for ucum in dict.fromkeys(ucums)]
    return min(units, key=lambda unit: (unit.quantity != written.quantity, unit.factor != 1))


def comparisons_from(text: str) -> tuple[Comparison, ...]:
    """Parse a cell of the table, such as ``>ULN and >BASE``; raises ValueError for other text."""
    return tuple(map(_comparison, text.split(" and ")))


def _comparison(text: str) -> Comparison:
    match = _COMPARISON.fullmatch(text)
    if match is None or not (match["limit"] or match["number"]):
        raise ValueError(f"not a criterion: {text!r}")
    return Comparison(
        sign=match["sign"],
        factor=Fraction(match["factor"] or 1) if match["limit"] else Fraction(0),
        limit=match["limit"] or "",
        offset=Fraction(match["number"] or 0),
        number=match["number"] or "",
    )


def _criterion(row: dict[str, str]) -> Criterion:
    refused, _colon, refusal = row["refused"].partition(": ")
    remarked_grade, _colon, remark = row["remark"].rpartition(": ")
    of_one_grade = remarked_grade.isdigit()
    return Criterion(
        term=row["term"],
        direction=row["direction"],
        unit=row["unit"],
        condition=row["condition"],
        grades={grade: comparisons_from(text) for grade in GRADES if (text := row[f"g{grade}"])},
        refused_if=_refused_if(refused),
        refusal=refusal,
        raised_by=dict(_raising_facts(row["raised_by"])),
        remarked_grade=int(remarked_grade) if of_one_grade else None,
        remark=remark if of_one_grade else row["remark"],
    )


def _refused_if(text: str) -> tuple[Comparison, ...] | None:
    if not text:
        return None
    return () if text == "always" else comparisons_from(text)


def _raising_facts(text: str) -> Iterator[tuple[int, str]]:
    for grade_and_fact in filter(None, text.split("|")):
        grade, _colon, fact = grade_and_fact.partition(": ")
        yield int(grade), fact


@cache
def _table() -> tuple[dict[str, str], ...]:
    return tuple(rows("ctcae/criteria.csv"))

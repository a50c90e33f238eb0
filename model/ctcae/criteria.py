"""The numeric CTCAE criteria of both versions: one table, scaled to the unit of a result.

`resources/ctcae/criteria.csv` holds them (source: NCI, CTCAE 5.0 of 2017 and 6.0 of 2025, numbers
only). One row is one set of cut-offs of a term: several rows of a term hold together, and the
highest grade of any of them counts. Columns: `condition` says when a row applies (baseline,
fasting, anticoagulation; "if …" for a clinical fact that a number cannot show); `g1` to `g4` what a
value must fulfil, such as ``<LLN``, ``>1.5*ULN`` or ``>ULN and >BASE``; `refused` where a number
decides nothing; `raised_by` the clinical facts that raise a grade; `remark` a remark on it.

A baseline that NCI calls abnormal is one above ULN, and one below LLN counts as normal: the terms
are about high values, and CTCAE 6.0 says so itself.
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """What a value is compared with: ``value sign (factor × limit + offset)``.

    `limit` is "LLN", "ULN", "BASE" or "" for an absolute cut-off. `number` is the offset as the
    table writes it, in the criterion's own unit; `offset` is the same, exact, in the unit of the
    value and the limits.
    """

    sign: str
    factor: Fraction
    limit: str
    offset: Fraction
    number: str

    def text(self, written_unit: str, criterion_unit: str) -> str:
        """Return the comparison as text, with ``{l}``, ``{u}``, ``{b}`` in place of the limits."""
        parts = []
        if self.limit:
            times = "" if self.factor == 1 else f"{float(self.factor):g} × "
            parts.append(f"{times}{_LIMITS[self.limit]} {written_unit}".rstrip())
        if self.number:
            parts.append(f"{self.number} {criterion_unit}".rstrip())
        return f"{SIGNS[self.sign]} {' + '.join(parts)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Criterion:
    """One row of the table: the cut-offs of a term in one unit ("" for any) under one condition.

    Each grade has the comparisons that must all hold. If all of `refused` hold, no grade is given,
    because of `refusal`: always for an empty tuple, never for None.
    """

    term: str
    direction: str
    unit: str
    condition: str
    grades: dict[int, tuple[Comparison, ...]]
    refused: tuple[Comparison, ...] | None
    refusal: str
    raised_by: dict[int, str]
    remarked_grade: int | None
    remark: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Arm:
    """A criterion of a plan; `grades` has the indices of the comparisons of each grade."""

    criterion: Criterion
    grades: dict[int, tuple[int, ...]]


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Plan:
    """How one term is graded for one analyte written in one unit.

    `comparisons` are all that its arms need, each once, scaled to the written unit. `converted` is
    None if NCI gives the cut-offs in the written unit, else the factor that converts a value to
    `criterion_unit` for display.
    """

    term: str
    direction: str
    comparisons: tuple[Comparison, ...]
    arms: tuple[Arm, ...]
    refused: tuple[int, ...] | None
    refusal: str
    written_unit: str
    criterion_unit: str
    converted: float | None


@cache
def terms_of(version: str, analyte_key: str) -> tuple[tuple[str, str], ...]:
    """Return the terms by which an analyte is graded, with direction: low before high."""
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
    rows = criteria(version, analyte_key)
    return tuple(
        _plan(
            [row for row in rows if (row.term, row.direction) == pair],
            analyte,
            analyte.units[ucum],
        )
        for pair in terms_of(version, analyte_key)
    )


def _plan(rows: list[Criterion], analyte: Analyte, written: Unit) -> Plan:
    """Combine the rows of one term in the deciding unit."""
    deciding = _deciding_unit([row.unit for row in rows if row.unit], analyte, written)
    scale = deciding.factor / written.factor
    comparisons: dict[Comparison, int] = {}

    def indices(parts: tuple[Comparison, ...]) -> tuple[int, ...]:
        return tuple(
            comparisons.setdefault(_scaled(part, scale), len(comparisons)) for part in parts
        )

    chosen = [row for row in rows if row.unit in ("", deciding.ucum)]
    refusing = next((row for row in chosen if row.refused is not None), None)
    arms = tuple(
        Arm(criterion=row, grades={grade: indices(parts) for grade, parts in row.grades.items()})
        for row in chosen
    )
    return Plan(
        term=rows[0].term,
        direction=rows[0].direction,
        arms=arms,
        refused=indices(refusing.refused) if refusing and refusing.refused is not None else None,
        refusal=refusing.refusal if refusing else "",
        comparisons=tuple(comparisons),
        written_unit=written.shown,
        criterion_unit=deciding.shown,
        converted=None if deciding == written else float(written.factor / deciding.factor),
    )


def _deciding_unit(ucums: list[str], analyte: Analyte, written: Unit) -> Unit:
    """Return the written unit if NCI gives cut-offs in it, else the nearest of NCI's units.

    Nearest is one of the same quantity (exact by definition), then the canonical unit.
    """
    if not ucums or written.ucum in ucums:
        return written
    units = [analyte.units[ucum] for ucum in dict.fromkeys(ucums)]
    return min(units, key=lambda unit: (unit.quantity != written.quantity, unit.factor != 1))


def _scaled(part: Comparison, scale: Fraction) -> Comparison:
    return replace(part, offset=part.offset * scale)


def comparisons_from(text: str) -> tuple[Comparison, ...]:
    """Parse a cell of the table, such as ``>ULN and >BASE``; raises ValueError for any other."""
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
    refused, _, refusal = row["refused"].partition(": ")
    graded, _, remark = row["remark"].rpartition(": ")
    of_one_grade = graded.isdigit()
    return Criterion(
        term=row["term"],
        direction=row["direction"],
        unit=row["unit"],
        condition=row["condition"],
        grades={grade: comparisons_from(text) for grade in GRADES if (text := row[f"g{grade}"])},
        refused=None if not refused else () if refused == "always" else comparisons_from(refused),
        refusal=refusal,
        raised_by=dict(_facts(row["raised_by"])),
        remarked_grade=int(graded) if of_one_grade else None,
        remark=remark if of_one_grade else row["remark"],
    )


def _facts(text: str) -> Iterator[tuple[int, str]]:
    for part in filter(None, text.split("|")):
        grade, _, fact = part.partition(": ")
        yield int(grade), fact


@cache
def _table() -> tuple[dict[str, str], ...]:
    return tuple(rows("ctcae/criteria.csv"))

"""The numeric criterion of a grade in one line, without NCI's wording.

From `resources/ctcae/criteria.csv`. A grade extends from its own cut-off to that of the next grade;
if the criterion has several units, one is shown for each quantity (mass, amount, …).
"""

from collections.abc import Iterator, Sequence
from functools import cache

from model.ctcae import criteria
from model.ctcae.criteria import Comparison, Criterion
from model.ctcae.judging import all_of, any_of
from model.language import _
from model.reference.analytes import ANALYTES, Analyte
from model.reference.units import Unit, display_unit

_LIMITS = {"LLN": _("LLN"), "ULN": _("ULN"), "BASE": _("baseline")}
_CONDITIONS = {
    "baseline": "",
    "baseline not high": _("not above ULN at baseline"),
    "baseline high": _("above ULN at baseline"),
    "baseline low": _("below LLN at baseline"),
    "not anticoagulated": _("without anticoagulation"),
    "anticoagulated": _("on anticoagulation"),
    "neutropenic": _("neutrophils below 1 ×10⁹/L"),
}


@cache
def grade_numbers(version: str, term: str, grade: int) -> str | None:
    """Return the criterion of a grade: ``< 75–50 ×10⁹/L``, ``above ULN at baseline: > 2 × …``.

    Clinical facts that would give this grade are added ("or a transfusion is needed"). None if the
    term is not a laboratory term, or the grade has no number.
    """
    by_analyte = {
        analyte: rows
        for analyte in ANALYTES
        if (rows := [row for row in criteria.criteria(version, analyte.key) if row.term == term])
    }
    # An analyte that only substitutes for another, as its remark says, comes after that.
    in_order = sorted(by_analyte, key=lambda analyte: bool(by_analyte[analyte][0].remark))
    names: dict[str, str] = {}
    for analyte in in_order:
        if text := "; ".join(_parts(_shown_rows(by_analyte[analyte], analyte), grade)):
            names.setdefault(text, analyte.name)
    if not names:
        return None
    # Several analytes may have numbers of their own, such as total and ionised calcium.
    texts = [f"{name}: {text}" for text, name in names.items()] if len(names) > 1 else [*names]
    rows = [row for of_analyte in by_analyte.values() for row in of_analyte]
    fact = next((row.raised_by[grade] for row in rows if grade in row.raised_by), "")
    return "; ".join([*texts, _("or {fact}").format(fact=fact)] if fact else texts)


def _shown_rows(rows: Sequence[Criterion], analyte: Analyte) -> list[Criterion]:
    """Return the rows in the units that are shown."""
    units = _shown_units([row.unit for row in rows], analyte)
    return [row for row in rows if row.unit == "" or row.unit in units]


def _shown_units(ucums: Sequence[str], analyte: Analyte) -> list[str]:
    """Return one unit for each quantity: the canonical one, else the first."""
    of_quantity: dict[str, Unit] = {}
    for ucum in filter(None, ucums):
        unit = analyte.units[ucum]
        if unit.quantity not in of_quantity or ucum == analyte.unit:
            of_quantity[unit.quantity] = unit
    return [unit.ucum for unit in of_quantity.values()]


def _parts(rows: Sequence[Criterion], grade: int) -> Iterator[str]:
    """Yield the ranges of each condition after its words; those that always apply come first."""
    by_condition: dict[str, list[str]] = {}
    for row in rows:
        if grade in row.grades:
            words = _CONDITIONS.get(row.condition, row.condition)
            by_condition.setdefault(words, []).append(_range(row, grade))
    plain = by_condition.get("", [])
    for words, ranges in by_condition.items():
        text = any_of(dict.fromkeys(ranges))
        if not words:
            yield text
        elif ranges != plain:
            yield f"{words}: {text}"


def _range(row: Criterion, grade: int) -> str:
    """Return the range from the grade's cut-off to that of the next grade: `< 75–50 ×10⁹/L`."""
    unit = display_unit(row.unit) if row.unit else ""
    parts = row.grades[grade]
    if len(parts) > 1:
        return all_of(f"{criteria.SIGNS[part.sign]} {_amount(part, unit)}" for part in parts)
    start = parts[0]
    sign = criteria.SIGNS[start.sign]
    end = _next(row, grade)
    if end is None:
        return f"{sign} {_amount(start, unit)}"
    if any(part.limit and part.number for part in (start, end)):
        text = _("{sign} {start} to {end}")
        return text.format(sign=sign, start=_amount(start, ""), end=_amount(end, unit))
    if start.limit == end.limit and start.limit and start.factor != 1:
        return f"{sign} {_number(start)}–{_amount(end, unit)}"
    shown_once = not start.limit and not end.limit
    return f"{sign} {_amount(start, '' if shown_once else unit)}–{_amount(end, unit)}"


def _next(row: Criterion, grade: int) -> Comparison | None:
    """Return the cut-off at which the next grade begins, or beyond which no grade is given."""
    for further in range(grade + 1, max(criteria.GRADES) + 1):
        if further in row.grades:
            parts = row.grades[further]
            return parts[0] if len(parts) == 1 else None
    return row.refused[0] if row.refused else None


def _amount(part: Comparison, unit: str) -> str:
    """Return a cut-off as text: `LLN`, `3 × ULN`, `ULN + 2 g/dL`, `75 ×10⁹/L`."""
    if not part.limit:
        return f"{part.number} {unit}".rstrip()
    limit = _LIMITS[part.limit]
    times = limit if part.factor == 1 else f"{_number(part)} × {limit}"
    return f"{times} + {part.number} {unit}".rstrip() if part.number else times


def _number(part: Comparison) -> str:
    return f"{float(part.factor):g}"

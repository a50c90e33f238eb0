"""The numeric criterion of a grade as one line of text, without NCI's wording.

It is made from `resources/ctcae/criteria.csv`. A grade extends from its own cut-off to that of the
next grade. If the criterion has several units, one is shown for each quantity (mass, amount, …).
"""

from collections.abc import Iterator, Sequence
from functools import cache

from model.ctcae import criteria
from model.ctcae.criteria import Comparison, Criterion
from model.ctcae.reasons import all_of, any_of
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
def criterion_text(version: str, term: str, grade: int) -> str | None:
    """Return the criterion of a grade: ``< 75–50 ×10⁹/L``, ``above ULN at baseline: > 2 × …``.

    Clinical facts that would give this grade are added ("or a transfusion is needed"). None if the
    term is not a laboratory term, or the grade has no numeric criterion.
    """
    by_analyte = {
        analyte: rows
        for analyte in ANALYTES
        if (rows := [row for row in criteria.criteria(version, analyte.key) if row.term == term])
    }
    # An analyte that substitutes for another has a remark that says so; it comes after the other.
    in_order = sorted(by_analyte, key=lambda analyte: bool(by_analyte[analyte][0].remark))
    names: dict[str, str] = {}
    for analyte in in_order:
        if text := "; ".join(_conditions_with_ranges(by_analyte[analyte], analyte, grade)):
            names.setdefault(text, analyte.name)
    if not names:
        return None
    # Several analytes may have numbers of their own, such as total and ionised calcium.
    texts = [f"{name}: {text}" for text, name in names.items()] if len(names) > 1 else [*names]
    all_rows = [row for rows in by_analyte.values() for row in rows]
    fact = next((row.raised_by[grade] for row in all_rows if grade in row.raised_by), "")
    return "; ".join([*texts, _("or {fact}").format(fact=fact)] if fact else texts)


def _conditions_with_ranges(
    rows: Sequence[Criterion], analyte: Analyte, grade: int
) -> Iterator[str]:
    """Yield the ranges of each condition behind its name; first those that always apply."""
    units = ["", *_shown_units([row.unit for row in rows], analyte)]
    by_condition: dict[str, list[str]] = {}
    for row in rows:
        if grade in row.grades and row.unit in units:
            condition = _CONDITIONS.get(row.condition, row.condition)
            by_condition.setdefault(condition, []).append(_range_text(row, grade))
    unconditional = by_condition.get("", [])
    for condition, ranges in by_condition.items():
        text = any_of(dict.fromkeys(ranges))
        if not condition:
            yield text
        elif ranges != unconditional:
            yield f"{condition}: {text}"


def _shown_units(ucums: Sequence[str], analyte: Analyte) -> list[str]:
    """Return one unit for each quantity: the canonical one, else the first."""
    of_quantity: dict[str, Unit] = {}
    for ucum in filter(None, ucums):
        unit = analyte.units[ucum]
        if unit.quantity not in of_quantity or ucum == analyte.unit:
            of_quantity[unit.quantity] = unit
    return [unit.ucum for unit in of_quantity.values()]


def _range_text(row: Criterion, grade: int) -> str:
    """Return the range from the grade's cut-off to that of the next grade: `< 75–50 ×10⁹/L`."""
    unit = display_unit(row.unit) if row.unit else ""
    comparisons = row.grades[grade]
    if len(comparisons) > 1:
        return all_of(
            f"{criteria.SIGNS[each.sign]} {_cut_off_text(each, unit)}" for each in comparisons
        )
    start = comparisons[0]
    sign = criteria.SIGNS[start.sign]
    end = _end_of_range(row, grade)
    if end is None:
        return f"{sign} {_cut_off_text(start, unit)}"
    if any(each.limit and each.number for each in (start, end)):
        text = _("{sign} {start} to {end}")
        return text.format(sign=sign, start=_cut_off_text(start, ""), end=_cut_off_text(end, unit))
    if start.limit == end.limit and start.limit and start.factor != 1:
        return f"{sign} {_factor_text(start)}–{_cut_off_text(end, unit)}"
    shares_unit = not start.limit and not end.limit
    start_text = _cut_off_text(start, "" if shares_unit else unit)
    return f"{sign} {start_text}–{_cut_off_text(end, unit)}"


def _end_of_range(row: Criterion, grade: int) -> Comparison | None:
    """Return the cut-off at which the next grade begins, or beyond which no grade is given."""
    for higher in range(grade + 1, max(criteria.GRADES) + 1):
        if higher in row.grades:
            comparisons = row.grades[higher]
            return comparisons[0] if len(comparisons) == 1 else None
    return row.refused_if[0] if row.refused_if else None


def _cut_off_text(comparison: Comparison, unit: str) -> str:
    """Return a cut-off as text: `LLN`, `3 × ULN`, `ULN + 2 g/dL`, `75 ×10⁹/L`."""
    number = f"{comparison.number} {unit}".rstrip()
    if not comparison.limit:
        return number
    limit = _LIMITS[comparison.limit]
    if comparison.factor != 1:
        limit = f"{_factor_text(comparison)} × {limit}"
    return f"{limit} + {number}" if comparison.number else limit


def _factor_text(comparison: Comparison) -> str:
    return f"{float(comparison.factor):g}"

"""Results by column, with all that is known about each: the column form of `grading.facts_about`.

Every rule on a single text or number is that of `results`, applied once to each different one.
"""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from math import prod
from typing import Any

import numpy as np

from model.ctcae.calcium import correct, is_total_calcium
from model.ctcae.criteria import Comparison
from model.ctcae.facts import FASTING, FASTING_UNKNOWN, MISSING, NO_BASELINE, TRUE, Facts
from model.ctcae.number_columns import (
    Bools,
    Column,
    Ints,
    NumberColumn,
    SmallInts,
    TextColumn,
    bool_column,
    compare,
    number_column,
    text_column,
)
from model.ctcae.results import (
    acceptable_values,
    amount_of,
    anticoagulation_state,
    derived_flags,
    doubt_note,
    fasting_state,
    written_flag,
)
from model.reference.analytes import states_fasting
from model.reference.plausibility import each_holds

_VALUE_COUNTS = {
    "flags": 8,
    "flag_unreadable": 2,
    "lln": 3,
    "uln": 3,
    "base": 3,
    "fasting": 3,
    "is_baseline": 2,
    "anticoagulated": 4,
    "neutropenic": 3,
    "limits_crossed": 2,
}
"""How many values each fact can have; a flag is a number of three bits."""
ALL_FACTS = frozenset(_VALUE_COUNTS)
FACT_CODES = prod(_VALUE_COUNTS.values())
"""How many codes `fact_codes` can return."""


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Results:
    """n results by column; `facts` has a column (n,) for each fact in `Facts`.

    A total calcium is replaced by the calcium corrected for albumin. `notes` are texts to add to
    the reason of a row: that a calcium was corrected, and that a value or limit cannot be right in
    its unit.
    """

    analyte: TextColumn
    unit: TextColumn
    value: NumberColumn
    lln: NumberColumn
    uln: NumberColumn
    base: NumberColumn
    facts: Mapping[str, Ints | SmallInts | Bools]
    notes: Mapping[int, str]

    def limit(self, name: str) -> NumberColumn | None:
        """Return the column of "LLN", "ULN" or "BASE"; None for an absolute cut-off."""
        return {"LLN": self.lln, "ULN": self.uln, "BASE": self.base}.get(name)


def read_results(
    analyte: Column,
    value: Column,
    unit: Column,
    lln: Column,
    uln: Column,
    baseline_value: Column,
    baseline_flag: Column,
    fasting: Column,
    is_baseline: Column,
    anticoagulated: Column,
    albumin: Column,
    albumin_unit: Column,
    neutropenic: Column,
    confirmed: Column,
) -> Results:
    """Return columns of length n as results; raises ValueError if one has another length."""
    size = 0 if analyte is None else len(analyte)
    is_baseline_row = bool_column(is_baseline, size)
    lln_column = number_column(text_column(lln, size), "LLN")
    uln_column = number_column(text_column(uln, size), "ULN")
    base = number_column(text_column(baseline_value, size), "BASE")
    # A baseline sample has no baseline before it.
    base.floats[is_baseline_row] = np.nan
    base.status[is_baseline_row] = MISSING
    flags = text_column(baseline_flag, size).map(_flag_code)
    flags[is_baseline_row] = NO_BASELINE
    names, values, in_unit = (text_column(column, size) for column in (analyte, value, unit))
    name_states_fasting = names.map(lambda text: int(states_fasting(text))) == 1
    fasts = text_column(fasting, size).map(fasting_state)
    fasts = np.where((fasts == FASTING_UNKNOWN) & name_states_fasting, FASTING, fasts)
    derived = _derived_flags(base, lln_column, uln_column)
    facts = {
        "flags": np.where(flags == NO_BASELINE, derived, np.maximum(flags, 0)),
        "flag_unreadable": flags < 0,
        "lln": lln_column.status,
        "uln": uln_column.status,
        "base": base.status,
        "fasting": fasts,
        "is_baseline": is_baseline_row,
        "anticoagulated": text_column(anticoagulated, size).map(anticoagulation_state),
        "neutropenic": text_column(neutropenic, size).map(fasting_state),
        "limits_crossed": _compare_with_limit(lln_column, ">", uln_column, "ULN") == TRUE,
    }
    written = (names, values, in_unit, lln_column.written, uln_column.written)
    notes = _doubt_notes(written, bool_column(confirmed, size))
    if albumin is not None:
        albumins = text_column(albumin, size), text_column(albumin_unit, size)
        names, values, corrections = _correct_calcium(names, values, in_unit, *albumins)
        notes |= {row: note + notes.get(row, "") for row, note in corrections.items()}
    return Results(
        analyte=names,
        unit=in_unit,
        value=number_column(values, "value"),
        lln=lln_column,
        uln=uln_column,
        base=base,
        facts=facts,
        notes=notes,
    )


def fact_codes(results: Results, needed: Set[str], rows: Ints) -> Ints:
    """Return the needed facts of some rows, packed into one number below `FACT_CODES` for each."""
    codes = np.zeros(rows.size, dtype=np.int64)
    for name, value_count in _VALUE_COUNTS.items():
        if name in needed:
            codes = codes * value_count + results.facts[name][rows]
    return codes


@lru_cache(maxsize=65536)
def facts_of(code: int, needed: Set[str]) -> Facts:
    """Return the facts packed into a number; those not needed are as if nothing were known."""
    values: dict[str, Any] = {}
    for name in reversed([name for name in _VALUE_COUNTS if name in needed]):
        code, values[name] = divmod(code, _VALUE_COUNTS[name])
    return Facts(**values)


def _doubt_notes(columns: Sequence[TextColumn], is_confirmed: Bools) -> dict[int, str]:
    """Return the notes of `doubt_note` by row; `columns` are its arguments, in their order."""
    analyte, value, unit, lln, uln = columns
    group = np.zeros(is_confirmed.size, dtype=np.int64)
    for column in (analyte, unit, lln, uln):
        # Groups are renumbered to stay small: there are no more of them than rows.
        group = np.unique(group * column.texts.size + column.codes, return_inverse=True)[1]
    _distinct, first_rows = np.unique(group, return_index=True)
    texts = (column.at(first_rows).tolist() for column in (analyte, unit, lln, uln))
    ranges = [acceptable_values(*of_group) for of_group in zip(*texts, strict=True)]
    amounts = np.array([amount_of(text) for text in value.texts], dtype=float)[value.codes]
    is_doubtful = ~each_holds(ranges, group, amounts) & ~np.isnan(amounts) & ~is_confirmed
    rows = np.flatnonzero(is_doubtful)
    written = zip(*(column.at(rows).tolist() for column in columns), strict=True)
    return {row: doubt_note(*of_row) for row, of_row in zip(rows.tolist(), written, strict=True)}


def _correct_calcium(
    analyte: TextColumn,
    value: TextColumn,
    unit: TextColumn,
    albumin: TextColumn,
    albumin_unit: TextColumn,
) -> tuple[TextColumn, TextColumn, dict[int, str]]:
    """Return analytes and values with total calcium corrected for albumin, and notes by row."""
    is_calcium = np.array([is_total_calcium(text) for text in analyte.texts], dtype=bool)
    rows = np.flatnonzero(is_calcium[analyte.codes])
    written = (column.at(rows) for column in (analyte, value, unit, albumin, albumin_unit))
    corrected = {
        row: result
        for row, *texts in zip(rows.tolist(), *written, strict=True)
        if (result := correct(*texts)) is not None
    }
    return (
        analyte.replace({row: result.analyte for row, result in corrected.items()}),
        value.replace({row: result.value for row, result in corrected.items()}),
        {row: result.note for row, result in corrected.items()},
    )


def _derived_flags(base: NumberColumn, lln: NumberColumn, uln: NumberColumn) -> Ints:
    """Return the possible flags of each baseline, as the limits give them."""
    table = np.array(
        [[[derived_flags(s, b, a) for a in range(3)] for b in range(3)] for s in range(3)]
    )
    is_below = _compare_with_limit(base, "<", lln, "LLN")
    is_above = _compare_with_limit(base, ">", uln, "ULN")
    flags: Ints = table[base.status, is_below, is_above]
    return flags


def _compare_with_limit(
    numbers: NumberColumn, sign: str, limits: NumberColumn, limit: str
) -> SmallInts:
    """Return, for each row, whether a number is below or above a limit of normal."""
    comparison = Comparison(
        sign=sign, factor=Fraction(1), limit=limit, offset=Fraction(0), number=""
    )
    return compare(comparison, numbers, limits, np.arange(numbers.floats.size, dtype=np.int64))


def _flag_code(text: str) -> int:
    flag = written_flag(text)
    return -1 if flag is None else flag

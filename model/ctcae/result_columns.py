"""Columns of written results, the column form of `results`: all are compared at once.

Numbers are compared as floats first; if one is so near a cut-off that a float could be wrong, the
comparison is repeated with the exact numbers as written. Every rule on a single text or number is
that of `results`, applied once to each different one.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence, Set, Sized
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from itertools import count, repeat
from math import prod
from typing import Any

import numpy as np
import numpy.typing as npt

from model.ctcae.calcium import correct, is_total_calcium
from model.ctcae.criteria import Comparison
from model.ctcae.judging import (
    FASTING,
    FASTING_UNKNOWN,
    GIVEN,
    MISSING,
    NO_BASELINE,
    TRUE,
    UNKNOWN,
    Facts,
)
from model.ctcae.results import (
    acceptable_values,
    amount_of,
    anticoagulation_state,
    as_text,
    derived_flags,
    doubt_note,
    fasting_state,
    limit_status,
    number,
    truth,
    written_flag,
)
from model.reference.analytes import states_fasting
from model.reference.plausibility import each_holds

Ints = npt.NDArray[np.int64]
Small = npt.NDArray[np.int8]
Flags = npt.NDArray[np.bool_]
Objects = npt.NDArray[np.object_]
Column = Sequence[object] | npt.NDArray[np.generic] | None

# Far wider than any float's error here, and far narrower than the digits laboratories print.
_NEAR = 1e-9
_COMPARE = {"<": np.less, "<=": np.less_equal, ">": np.greater, ">=": np.greater_equal}
# How many values each fact has.
_SIZES = {
    "flags": 8,
    "flag_unreadable": 2,
    "lln": 3,
    "uln": 3,
    "base": 3,
    "fasting": 3,
    "is_baseline": 2,
    "anticoagulated": 4,
    "neutropenic": 3,
    "crossed": 2,
}
FACTS = prod(_SIZES.values())


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Words:
    """A column of n texts without surrounding blanks: the distinct ones, and each row's code."""

    texts: Objects
    codes: Ints

    def at(self, rows: Ints) -> Objects:
        """Return the texts of some rows."""
        texts: Objects = self.texts[self.codes[rows]]
        return texts


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Numbers:
    """A column of n numbers: as written, as floats (NaN if unusable), and their status."""

    words: Words
    floats: npt.NDArray[np.float64]
    status: Small


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Results:
    """n results by column; `facts` are columns too: what is known about each besides its value.

    A total calcium is here as corrected for albumin; `notes` says so, by row, and where a value or
    limit cannot be right in its unit.
    """

    analyte: Words
    unit: Words
    value: Numbers
    lln: Numbers
    uln: Numbers
    base: Numbers
    facts: Mapping[str, Ints | Small | Flags]
    notes: Mapping[int, str]

    def limit(self, name: str) -> Numbers | None:
        """Return the column of "LLN", "ULN" or "BASE"; None for an absolute cut-off."""
        return {"LLN": self.lln, "ULN": self.uln, "BASE": self.base}.get(name)


def read(
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
    first = _truthy(is_baseline, size)
    lows, highs = _numbers(_words(lln, size), "LLN"), _numbers(_words(uln, size), "ULN")
    base = _numbers(_words(baseline_value, size), "BASE")
    # A baseline sample has no baseline before it.
    base.floats[first] = np.nan
    base.status[first] = MISSING
    flags = _by_word(_words(baseline_flag, size), _flag_code)
    flags[first] = NO_BASELINE
    names, values, in_unit = (_words(column, size) for column in (analyte, value, unit))
    by_name = _by_word(names, lambda text: int(states_fasting(text)))
    fasts = _by_word(_words(fasting, size), fasting_state)
    fasts = np.where((fasts == FASTING_UNKNOWN) & (by_name == 1), FASTING, fasts)
    facts = {
        "flags": np.where(flags == NO_BASELINE, _derived(base, lows, highs), np.maximum(flags, 0)),
        "flag_unreadable": flags < 0,
        "lln": lows.status,
        "uln": highs.status,
        "base": base.status,
        "fasting": fasts,
        "is_baseline": first,
        "anticoagulated": _by_word(_words(anticoagulated, size), anticoagulation_state),
        "neutropenic": _by_word(_words(neutropenic, size), fasting_state),
        "crossed": _against(lows, ">", highs, "ULN") == TRUE,
    }
    notes = _doubts((names, values, in_unit, lows.words, highs.words), _truthy(confirmed, size))
    if albumin is not None:
        proteins = _words(albumin, size), _words(albumin_unit, size)
        names, values, corrections = _corrected(names, values, in_unit, *proteins)
        notes |= {row: note + notes.get(row, "") for row, note in corrections.items()}
    return Results(
        analyte=names,
        unit=in_unit,
        value=_numbers(values, "value"),
        lln=lows,
        uln=highs,
        base=base,
        facts=facts,
        notes=notes,
    )


def truths(part: Comparison, left: Numbers, right: Numbers | None, rows: Ints) -> Small:
    """Return, for each row, what `results.truth` returns for the numbers of that row."""
    values = left.floats[rows]
    offset = float(part.offset)
    unknown = np.isnan(values)
    if right is None:
        cuts = np.full(rows.size, offset)
    else:
        limits = right.floats[rows]
        cuts = float(part.factor) * limits + offset
        unknown |= np.isnan(limits)
        if part.limit == "BASE" and part.factor != 1:
            unknown |= limits == 0
    truths: Small = _COMPARE[part.sign](values, cuts).astype(np.int8)
    truths[unknown] = UNKNOWN
    near = np.abs(values - cuts) <= _NEAR * np.maximum(values, np.abs(cuts))
    exact: dict[tuple[str, str], int] = {}
    at = np.flatnonzero(near & ~unknown)
    written_limits = right.words.at(rows[at]) if right else repeat("")
    for i, *written in zip(at.tolist(), left.words.at(rows[at]), written_limits, strict=False):
        value, limit = written
        if (value, limit) not in exact:
            exact[value, limit] = truth(part, number(value) or Fraction(0), number(limit))
        truths[i] = exact[value, limit]
    return truths


def packed(results: Results, needed: Set[str], rows: Ints) -> Ints:
    """Return the needed facts of each row as one number below `FACTS`."""
    code = np.zeros(rows.size, dtype=np.int64)
    for name in _SIZES:
        if name in needed:
            code = code * _SIZES[name] + results.facts[name][rows]
    return code


@lru_cache(maxsize=65536)
def facts_of(code: int, needed: Set[str]) -> Facts:
    """Return the facts packed into a number; those not needed are as if nothing were known."""
    parts: dict[str, Any] = {}
    for name in reversed([name for name in _SIZES if name in needed]):
        code, parts[name] = divmod(code, _SIZES[name])
    return Facts(**parts)


ALL_FACTS = frozenset(_SIZES)


def _doubts(columns: Sequence[Words], is_confirmed: Flags) -> dict[int, str]:
    """Return the notes on what cannot be right, by row, from the columns of `doubt_note`."""
    analyte, value, unit, lln, uln = columns
    code = np.zeros(is_confirmed.size, dtype=np.int64)
    for words in (analyte, unit, lln, uln):
        # Codes are renumbered to stay small: there are no more of them than rows.
        code = np.unique(code * words.texts.size + words.codes, return_inverse=True)[1]
    _distinct, first = np.unique(code, return_index=True)
    texts = (words.at(first).tolist() for words in (analyte, unit, lln, uln))
    ranges = [acceptable_values(*written) for written in zip(*texts, strict=True)]
    amounts = np.array([amount_of(text) for text in value.texts], dtype=float)[value.codes]
    is_doubtful = ~each_holds(ranges, code, amounts) & ~np.isnan(amounts) & ~is_confirmed
    rows = np.flatnonzero(is_doubtful)
    written = zip(*(words.at(rows).tolist() for words in columns), strict=True)
    return {row: doubt_note(*each) for row, each in zip(rows.tolist(), written, strict=True)}


def _corrected(
    analyte: Words, value: Words, unit: Words, albumin: Words, albumin_unit: Words
) -> tuple[Words, Words, dict[int, str]]:
    """Return analytes and values with total calcium as corrected for albumin, and the notes."""
    is_calcium = np.array([is_total_calcium(text) for text in analyte.texts], dtype=bool)
    rows = np.flatnonzero(is_calcium[analyte.codes])
    written = (words.at(rows) for words in (analyte, value, unit, albumin, albumin_unit))
    corrected = {
        row: result
        for row, *texts in zip(rows.tolist(), *written, strict=True)
        if (result := correct(*texts)) is not None
    }
    return (
        _replaced(analyte, {row: result.analyte for row, result in corrected.items()}),
        _replaced(value, {row: result.value for row, result in corrected.items()}),
        {row: result.note for row, result in corrected.items()},
    )


def _replaced(words: Words, texts: Mapping[int, str]) -> Words:
    """Return a column with other texts in some rows."""
    numbers = {text: i for i, text in enumerate(dict.fromkeys(texts.values()), words.texts.size)}
    codes = words.codes.copy()
    codes[[*texts]] = [numbers[text] for text in texts.values()]
    return Words(texts=np.array([*words.texts, *numbers], dtype=object), codes=codes)


def _derived(base: Numbers, lln: Numbers, uln: Numbers) -> Ints:
    """Return the possible flags of each baseline by the limits."""
    by_limits = np.array(
        [[[derived_flags(s, b, a) for a in range(3)] for b in range(3)] for s in range(3)]
    )
    below, above = _against(base, "<", lln, "LLN"), _against(base, ">", uln, "ULN")
    flags: Ints = by_limits[base.status, below, above]
    return flags


def _against(left: Numbers, sign: str, right: Numbers, limit: str) -> Small:
    """Return, for each row, whether `left` is below or above a limit of normal."""
    part = Comparison(sign=sign, factor=Fraction(1), limit=limit, offset=Fraction(0), number="")
    return truths(part, left, right, np.arange(left.floats.size, dtype=np.int64))


def _words(column: Column, size: int) -> Words:
    """Return a column as text, empty if it is absent; raises ValueError for a wrong length."""
    if column is None:
        return Words(texts=np.array([""], dtype=object), codes=np.zeros(size, dtype=np.int64))
    _check_length(column, size)
    distinct: dict[object, int] = defaultdict(count().__next__)
    codes = np.fromiter(map(distinct.__getitem__, column), dtype=np.int64, count=size)
    texts = np.empty(len(distinct), dtype=object)
    texts[:] = [value.strip() if type(value) is str else as_text(value) for value in distinct]
    return Words(texts=texts, codes=codes)


def _numbers(words: Words, kind: str) -> Numbers:
    """Read a column of written numbers; `kind` is value, LLN, ULN or BASE."""
    floats = np.full(words.texts.size, np.nan)
    status = np.full(words.texts.size, GIVEN, dtype=np.int8)
    for code, text in enumerate(words.texts.tolist()):
        status[code] = limit_status(text, kind)
        if status[code] == GIVEN:
            floats[code] = float(text)
    return Numbers(words=words, floats=floats[words.codes], status=status[words.codes])


def _by_word(words: Words, code: Callable[[str], int]) -> Ints:
    """Return one number for each row, computed once for each distinct text."""
    codes: Ints = np.array([code(text) for text in words.texts], dtype=np.int64)[words.codes]
    return codes


def _truthy(column: Column, size: int) -> Flags:
    if column is None:
        return np.zeros(size, dtype=bool)
    _check_length(column, size)
    return np.array([bool(value) for value in column], dtype=bool)


def _check_length(column: Sized, size: int) -> None:
    if len(column) != size:
        raise ValueError(f"A column has {len(column)} values where {size} are expected.")


def _flag_code(text: str) -> int:
    flags = written_flag(text)
    return -1 if flags is None else flags

"""Columns of written texts and numbers, and their comparison: the column form of `results.truth`.

Numbers are compared as floats first. Where one is so near a cut-off that a float could be wrong,
the comparison is repeated with the exact numbers as written.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence, Sized
from dataclasses import dataclass
from fractions import Fraction
from itertools import count, repeat

import numpy as np
import numpy.typing as npt

from model.ctcae.criteria import Comparison
from model.ctcae.facts import UNKNOWN, USABLE
from model.ctcae.results import as_text, limit_status, number, truth

Ints = npt.NDArray[np.int64]
SmallInts = npt.NDArray[np.int8]
Bools = npt.NDArray[np.bool_]
Objects = npt.NDArray[np.object_]
Column = Sequence[object] | npt.NDArray[np.generic] | None

# Far wider than any float's error here, and far narrower than the digits laboratories print.
_NEAR = 1e-9
_COMPARE = {"<": np.less, "<=": np.less_equal, ">": np.greater, ">=": np.greater_equal}


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class TextColumn:
    """A column of n texts without surrounding blanks.

    `texts` has each distinct text once, `codes` (n,) the index of each row's text in it.
    """

    texts: Objects
    codes: Ints

    def at(self, rows: Ints) -> Objects:
        """Return the texts of some rows."""
        texts: Objects = self.texts[self.codes[rows]]
        return texts

    def map(self, number_of: Callable[[str], int]) -> Ints:
        """Return one number for each row (n,), computed once for each distinct text."""
        numbers = np.array([number_of(text) for text in self.texts], dtype=np.int64)
        by_row: Ints = numbers[self.codes]
        return by_row

    def replace(self, new_texts: Mapping[int, str]) -> "TextColumn":
        """Return this column with other texts in some rows."""
        added = dict.fromkeys(new_texts.values())
        code_of = {text: code for code, text in enumerate(added, self.texts.size)}
        codes = self.codes.copy()
        codes[[*new_texts]] = [code_of[text] for text in new_texts.values()]
        return TextColumn(texts=np.array([*self.texts, *added], dtype=object), codes=codes)


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class NumberColumn:
    """A column of n numbers: as written, as floats (NaN if not usable), and their status.

    The status is USABLE, MISSING or UNUSABLE.
    """

    written: TextColumn
    floats: npt.NDArray[np.float64]
    status: SmallInts


def text_column(column: Column, size: int) -> TextColumn:
    """Return a column as texts, all of them empty if it is None.

    Raises ValueError if its length is not `size`.
    """
    if column is None:
        return TextColumn(texts=np.array([""], dtype=object), codes=np.zeros(size, dtype=np.int64))
    _check_length(column, size)
    distinct: dict[object, int] = defaultdict(count().__next__)
    codes = np.fromiter(map(distinct.__getitem__, column), dtype=np.int64, count=size)
    texts = np.empty(len(distinct), dtype=object)
    texts[:] = [value.strip() if type(value) is str else as_text(value) for value in distinct]
    return TextColumn(texts=texts, codes=codes)


def number_column(written: TextColumn, name: str) -> NumberColumn:
    """Read a column of written numbers; `name` is "value", "LLN", "ULN" or "BASE"."""
    floats = np.full(written.texts.size, np.nan)
    status = np.full(written.texts.size, USABLE, dtype=np.int8)
    for code, text in enumerate(written.texts.tolist()):
        status[code] = limit_status(text, name)
        if status[code] == USABLE:
            floats[code] = float(text)
    return NumberColumn(written=written, floats=floats[written.codes], status=status[written.codes])


def bool_column(column: Column, size: int) -> Bools:
    """Return a column as booleans, all of them False if it is None.

    Raises ValueError if its length is not `size`.
    """
    if column is None:
        return np.zeros(size, dtype=bool)
    _check_length(column, size)
    return np.array([bool(value) for value in column], dtype=bool)


def _check_length(column: Sized, size: int) -> None:
    if len(column) != size:
        raise ValueError(f"A column has {len(column)} values where {size} are expected.")


def compare(
    comparison: Comparison, values: NumberColumn, limits: NumberColumn | None, rows: Ints
) -> SmallInts:
    """Return, for each of some rows, what `results.truth` returns for its value and limit.

    `limits` is None for an absolute cut-off.
    """
    floats = values.floats[rows]
    offset = float(comparison.offset)
    is_unknown = np.isnan(floats)
    if limits is None:
        cut_offs = np.full(rows.size, offset)
    else:
        limit_floats = limits.floats[rows]
        cut_offs = float(comparison.factor) * limit_floats + offset
        is_unknown |= np.isnan(limit_floats)
        if comparison.limit == "BASE" and comparison.factor != 1:
            is_unknown |= limit_floats == 0
    truths: SmallInts = _COMPARE[comparison.sign](floats, cut_offs).astype(np.int8)
    truths[is_unknown] = UNKNOWN
    is_near = np.abs(floats - cut_offs) <= _NEAR * np.maximum(floats, np.abs(cut_offs))
    exact: dict[tuple[str, str], int] = {}
    near = np.flatnonzero(is_near & ~is_unknown)
    written_values = values.written.at(rows[near])
    written_limits = limits.written.at(rows[near]) if limits else repeat("")
    for i, value, limit in zip(near.tolist(), written_values, written_limits, strict=False):
        if (value, limit) not in exact:
            exact[value, limit] = truth(comparison, number(value) or Fraction(0), number(limit))
        truths[i] = exact[value, limit]
    return truths

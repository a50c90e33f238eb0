"""Grades of whole columns of laboratory results: the column form of `grading.grade`.

The truths of all comparisons of a result, and the facts about it, are packed into one number. Each
number that occurs is judged once, by the rules for a single result, and the numbers of each result
are inserted into its reason. A property test checks that both forms agree.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count

import numpy as np

from model.ctcae.criteria import Plan
from model.ctcae.facts import (
    ANTICOAGULATED,
    FASTING,
    HIGH,
    LOW,
    NORMAL,
    NOT_ANTICOAGULATED,
    NOT_FASTING,
    NOT_KNOWN,
    Facts,
    needed_facts,
)
from model.ctcae.grading import (
    Grading,
    GradingMethod,
    converted_text,
    grade,
    method_for,
    unusable,
)
from model.ctcae.judging import judge
from model.ctcae.number_columns import Column, Ints, Objects, compare
from model.ctcae.result_columns import (
    ALL_FACTS,
    FACT_CODES,
    Results,
    fact_codes,
    facts_of,
    read_results,
)
from model.ctcae.results import split_comparator, value_fault

CANNOT_GRADE = -1

_PLACEHOLDER = re.compile(r"\{([vclub])\}")
# How a fact is written as an argument of `grade`.
_FLAGS = {LOW: "low", NORMAL: "normal", HIGH: "high"}
_YES_NO = {NOT_FASTING: "no", FASTING: "yes"}
_ANTICOAGULATION = {NOT_ANTICOAGULATED: "no", ANTICOAGULATED: "yes", NOT_KNOWN: "unknown"}


@dataclass(frozen=True, slots=True)
class GradeKind:
    """What gradings share, apart from their result and the numbers in their reason."""

    term: str
    direction: str
    grade: int | None
    could_raise: str
    at_most: int | None


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Gradings:
    """Gradings by column, all of one length m, in the order of their results.

    A result has one grading for each term of its analyte, low before high, and at least one. `row`
    (m,) is the index of the result in the input, `kind` (m,) the index of the grading's kind in
    `kinds`, and `reason` (m,) is text.
    """

    row: Ints
    kind: Ints
    kinds: tuple[GradeKind, ...]
    reason: Objects

    @property
    def term(self) -> Objects:
        """The term of each grading (m,); empty if the analyte is unknown or has no term."""
        return self._each([kind.term for kind in self.kinds])

    @property
    def direction(self) -> Objects:
        """The direction of each grading (m,), "L" or "H"; empty without a term."""
        return self._each([kind.direction for kind in self.kinds])

    @property
    def grade(self) -> Ints:
        """The grade of each grading (m,): 0 for "not toxic", −1 for "cannot be graded"."""
        grades = [CANNOT_GRADE if kind.grade is None else kind.grade for kind in self.kinds]
        each: Ints = np.array(grades, dtype=np.int64)[self.kind]
        return each

    @property
    def could_raise(self) -> Objects:
        """What would raise the grade of each grading (m,); empty for nothing."""
        return self._each([kind.could_raise for kind in self.kinds])

    @property
    def at_most(self) -> list[int | None]:
        """The highest grade that is possible for each grading (m); None where it is not known."""
        return [self.kinds[kind].at_most for kind in self.kind.tolist()]

    def _each(self, texts: list[str]) -> Objects:
        each: Objects = np.array(texts, dtype=object)[self.kind]
        return each


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class _Block:
    """The gradings of some results by one of their terms."""

    rows: Ints
    term_index: int
    kinds: Ints
    reasons: Objects


_Kinds = dict[GradeKind, int]
"""The kinds that have occurred so far, each with its index."""


def grade_frame(
    *,
    version: str,
    analyte: Column,
    value: Column,
    unit: Column,
    lln: Column = None,
    uln: Column = None,
    baseline_value: Column = None,
    baseline_flag: Column = None,
    fasting: Column = None,
    is_baseline: Column = None,
    anticoagulated: Column = None,
    albumin: Column = None,
    albumin_unit: Column = None,
    neutropenic: Column = None,
    confirmed: Column = None,
) -> Gradings:
    """Grade n results by every term of their analytes, with the results of `grading.grade`.

    All columns are sequences or arrays of shape (n,), with the meanings of `grade`'s arguments; a
    column that is None is empty. Numbers should be text if possible: a float counts as the shortest
    decimal number that it prints as. Raises ValueError for a version that is not "5.0" or "6.0",
    and for columns of different lengths.
    """
    results = read_results(
        analyte,
        value,
        unit,
        lln,
        uln,
        baseline_value,
        baseline_flag,
        fasting,
        is_baseline,
        anticoagulated,
        albumin,
        albumin_unit,
        neutropenic,
        confirmed,
    )
    kinds: _Kinds = defaultdict(count().__next__)
    blocks: list[_Block] = []
    for rows in _rows_by_analyte_and_unit(results):
        [name], [unit_text] = results.analyte.at(rows[:1]), results.unit.at(rows[:1])
        method = method_for(version, name, unit_text)
        blocks.extend(
            _block_of_equals(rows, index, grading, kinds)
            for index, grading in enumerate(method.refusals)
        )
        if method.plans:
            is_number = ~np.isnan(results.value.floats[rows])
            if is_number.any():
                blocks.extend(_grade_numbers(method, results, rows[is_number], kinds))
            blocks.extend(_grade_others(version, method, results, rows[~is_number], kinds))
    gradings = _join(blocks, kinds)
    with_note = np.flatnonzero(np.isin(gradings.row, [*results.notes]))
    for i, row in zip(with_note.tolist(), gradings.row[with_note].tolist(), strict=True):
        gradings.reason[i] += results.notes[row]
    return gradings


def _grade_numbers(
    method: GradingMethod, results: Results, rows: Ints, kinds: _Kinds
) -> Iterator[_Block]:
    """Grade results of one analyte and unit whose values are numbers."""
    for term_index, plan in enumerate(method.plans):
        codes = np.zeros(rows.size, dtype=np.int64)
        for comparison in plan.comparisons:
            limits = results.limit(comparison.limit)
            codes = codes * 3 + compare(comparison, results.value, limits, rows)
        needed = needed_facts(plan)
        codes = codes * FACT_CODES + fact_codes(results, needed, rows)
        distinct, inverse = np.unique(codes, return_inverse=True)
        ends = np.cumsum(np.bincount(inverse, minlength=distinct.size))[:-1]
        indices_by_code = np.split(np.argsort(inverse, kind="stable"), ends)
        block = _Block(
            rows=rows,
            term_index=term_index,
            kinds=np.empty(rows.size, dtype=np.int64),
            reasons=np.empty(rows.size, dtype=object),
        )
        for code, indices in zip(distinct.tolist(), indices_by_code, strict=True):
            truth_code, fact_code = divmod(code, FACT_CODES)
            facts = facts_of(fact_code, needed)
            outcome = judge(plan, facts, _unpack_truths(truth_code, len(plan.comparisons)))
            could_raise = outcome.could_raise or ""
            kind = GradeKind(plan.term, plan.direction, outcome.grade, could_raise, outcome.at_most)
            block.kinds[indices] = kinds[kind]
            block.reasons[indices] = _reasons(plan, outcome.reason, results, rows[indices])
        yield block


def _grade_others(
    version: str, method: GradingMethod, results: Results, rows: Ints, kinds: _Kinds
) -> Iterator[_Block]:
    """Grade values that are not plain numbers: missing, unreadable, or with `<` or `>`."""
    gradings: dict[tuple[str | int, ...], tuple[Grading, ...]] = {}
    rows_by_key: dict[tuple[str | int, ...], list[int]] = {}
    columns = (results.value, results.lln, results.uln, results.base)
    written = zip(*(column.written.at(rows) for column in columns), strict=True)
    codes = fact_codes(results, ALL_FACTS, rows).tolist()
    for row, code, texts in zip(rows.tolist(), codes, written, strict=True):
        comparator, _number = split_comparator(texts[0])
        key = (*texts, code) if comparator else texts[:1]
        if key not in gradings:
            gradings[key] = (
                _grade_alone(version, results, row, facts_of(code, ALL_FACTS))
                if comparator
                else unusable(method, value_fault(texts[0]))
            )
        rows_by_key.setdefault(key, []).append(row)
    for key, equal_rows in rows_by_key.items():
        for term_index, grading in enumerate(gradings[key]):
            yield _block_of_equals(np.array(equal_rows, dtype=np.int64), term_index, grading, kinds)


def _grade_alone(version: str, results: Results, row: int, facts: Facts) -> tuple[Grading, ...]:
    """Grade one result with the row form."""
    numbers = (results.value, results.lln, results.uln, results.base)
    columns = (results.analyte, results.unit, *(column.written for column in numbers))
    analyte, unit, value, lln, uln, base = (column.texts[column.codes[row]] for column in columns)
    return grade(
        analyte,
        value,
        unit,
        version=version,
        lln=lln,
        uln=uln,
        baseline_value=base,
        baseline_flag="unreadable" if facts.flag_unreadable else _FLAGS.get(facts.flags, ""),
        fasting=_YES_NO.get(facts.fasting),
        is_baseline=facts.is_baseline,
        anticoagulated=_ANTICOAGULATION.get(facts.anticoagulated),
        neutropenic=_YES_NO.get(facts.neutropenic),
        confirmed=True,  # `results.notes` name what is implausible, for all rows alike
    )


def _unpack_truths(code: int, comparison_count: int) -> tuple[int, ...]:
    """Return the truths of the comparisons, which `_grade_numbers` packs into a number."""
    truths: list[int] = []
    for _index in range(comparison_count):
        code, truth = divmod(code, 3)
        truths.append(truth)
    return tuple(reversed(truths))


def _reasons(plan: Plan, template: str, results: Results, rows: Ints) -> Objects:
    """Return the reason of each of these results, with its numbers as written."""
    columns = {"l": results.lln, "u": results.uln, "b": results.base}
    reasons = np.full(rows.size, "", dtype=object)
    # `split` returns texts and names of placeholders by turns.
    for i, piece in enumerate(_PLACEHOLDER.split(template)):
        if i % 2 == 0:
            reasons += piece
        elif piece == "c":
            written = results.value.written.at(rows)
            factor = plan.display_factor or 1
            reasons += np.array([converted_text(value, factor) for value in written], dtype=object)
        else:
            reasons += columns.get(piece, results.value).written.at(rows)
    return reasons


def _rows_by_analyte_and_unit(results: Results) -> list[Ints]:
    """Return the rows of each analyte and unit, in order."""
    codes = results.analyte.codes * results.unit.texts.size + results.unit.codes
    order = np.argsort(codes, kind="stable")
    starts = np.flatnonzero(np.diff(codes[order])) + 1
    return np.split(order, starts) if order.size else []


def _block_of_equals(rows: Ints, term_index: int, grading: Grading, kinds: _Kinds) -> _Block:
    """Return the block of results that all have the same grading."""
    could_raise = grading.could_raise or ""
    kind = GradeKind(grading.term, grading.direction, grading.grade, could_raise, grading.at_most)
    return _Block(
        rows=rows,
        term_index=term_index,
        kinds=np.full(rows.size, kinds[kind], dtype=np.int64),
        reasons=np.full(rows.size, grading.reason, dtype=object),
    )


def _join(blocks: list[_Block], kinds: _Kinds) -> Gradings:
    """Join all blocks, sorted by result, then in the order of the terms."""
    none = np.empty(0, dtype=np.int64)
    rows = np.concatenate([none, *(block.rows for block in blocks)])
    sizes = [block.rows.size for block in blocks]
    term_indices = np.repeat([block.term_index for block in blocks], sizes)
    order = np.lexsort((term_indices, rows))
    return Gradings(
        row=rows[order],
        kind=np.concatenate([none, *(block.kinds for block in blocks)])[order],
        kinds=tuple(kinds),
        reason=np.concatenate([none.astype(object), *(block.reasons for block in blocks)])[order],
    )

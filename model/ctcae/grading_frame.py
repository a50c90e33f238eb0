"""Grades of whole columns of laboratory results: the column form of `grading.grade`.

The outcomes of all comparisons of a result are packed into one code. Each code that occurs is
judged once, by the rules for a single result, and the numbers of each result are inserted into its
reason. A property test checks that both forms agree.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count

import numpy as np

from model.ctcae.criteria import Plan
from model.ctcae.grading import Grading, Target, converted_text, grade, target_for, unusable
from model.ctcae.judging import (
    ANTICOAGULATED,
    FASTING,
    HIGH,
    LOW,
    NORMAL,
    NOT_ANTICOAGULATED,
    NOT_FASTING,
    NOT_KNOWN,
    Facts,
    judge,
    needed_facts,
)
from model.ctcae.result_columns import (
    ALL_FACTS,
    FACTS,
    Column,
    Ints,
    Objects,
    Results,
    facts_of,
    packed,
    read,
    truths,
)
from model.ctcae.results import bounds, value_fault

CANNOT_GRADE = -1

_FIELD = re.compile(r"\{([vclub])\}")
_FLAGS = {LOW: "low", NORMAL: "normal", HIGH: "high"}
_FASTING = {NOT_FASTING: "no", FASTING: "yes"}
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

    `row` (m,) is the index of the result in the input; `kind` (m,) the index in `kinds` of term,
    direction, grade, what could raise it, and the highest grade that is possible; `reason` (m,) is
    text. A result has one grading for each term of its analyte, low before high, and at least one.
    """

    row: Ints
    kind: Ints
    kinds: tuple[GradeKind, ...]
    reason: Objects

    @property
    def term(self) -> Objects:
        """The term of each (m,); empty if the analyte is unknown or has none."""
        return self._each([kind.term for kind in self.kinds])

    @property
    def direction(self) -> Objects:
        """L or H for each (m,); empty without a term."""
        return self._each([kind.direction for kind in self.kinds])

    @property
    def grade(self) -> Ints:
        """The grade of each (m,): 0 for "not toxic", −1 for "cannot be graded"."""
        grades = [CANNOT_GRADE if kind.grade is None else kind.grade for kind in self.kinds]
        each: Ints = np.array(grades, dtype=np.int64)[self.kind]
        return each

    @property
    def could_raise(self) -> Objects:
        """What would raise each grade (m,); empty for nothing."""
        return self._each([kind.could_raise for kind in self.kinds])

    @property
    def at_most(self) -> list[int | None]:
        """The highest grade that each result (m,) may have; None where that is not known."""
        return [self.kinds[kind].at_most for kind in self.kind.tolist()]

    def _each(self, texts: list[str]) -> Objects:
        each: Objects = np.array(texts, dtype=object)[self.kind]
        return each


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class _Block:
    """The gradings of some results by one of their terms, that at the index `term`."""

    rows: Ints
    term: int
    kinds: Ints
    reasons: Objects


_Kinds = dict[GradeKind, int]
"""The kinds so far, each with its number."""


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
    results = read(
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
    for rows in _grouped(results):
        [name], [unit_text] = results.analyte.at(rows[:1]), results.unit.at(rows[:1])
        target = target_for(version, name, unit_text)
        blocks.extend(
            _same(rows, term, grading, kinds) for term, grading in enumerate(target.refusals)
        )
        if target.plans:
            usable = ~np.isnan(results.value.floats[rows])
            if usable.any():
                blocks.extend(_graded(target, results, rows[usable], kinds))
            blocks.extend(_refused(version, target, results, rows[~usable], kinds))
    gradings = _joined(blocks, kinds)
    noted = np.flatnonzero(np.isin(gradings.row, [*results.notes]))
    for line, row in zip(noted.tolist(), gradings.row[noted].tolist(), strict=True):
        gradings.reason[line] += results.notes[row]
    return gradings


def _graded(target: Target, results: Results, rows: Ints, kinds: _Kinds) -> Iterator[_Block]:
    """Grade results of one analyte and unit whose values are numbers."""
    for term, plan in enumerate(target.plans):
        codes = np.zeros(rows.size, dtype=np.int64)
        for part in plan.comparisons:
            codes = codes * 3 + truths(part, results.value, results.limit(part.limit), rows)
        needed = needed_facts(plan)
        codes = codes * FACTS + packed(results, needed, rows)
        distinct, which = np.unique(codes, return_inverse=True)
        ends = np.cumsum(np.bincount(which, minlength=distinct.size))[:-1]
        members = np.split(np.argsort(which, kind="stable"), ends)
        block = _Block(
            rows=rows,
            term=term,
            kinds=np.empty(rows.size, dtype=np.int64),
            reasons=np.empty(rows.size, dtype=object),
        )
        for code, here in zip(distinct.tolist(), members, strict=True):
            truths_code, facts_code = divmod(code, FACTS)
            facts = facts_of(facts_code, needed)
            outcome = judge(plan, facts, _unpacked(truths_code, len(plan.comparisons)))
            could_raise = outcome.could_raise or ""
            kind = GradeKind(plan.term, plan.direction, outcome.grade, could_raise, outcome.at_most)
            block.kinds[here] = kinds[kind]
            block.reasons[here] = _filled(plan, outcome.reason, results, rows[here])
        yield block


def _refused(
    version: str, target: Target, results: Results, rows: Ints, kinds: _Kinds
) -> Iterator[_Block]:
    """Grade values that are not plain numbers: missing, unreadable, or with `<` or `>`."""
    answers: dict[tuple[str | int, ...], tuple[Grading, ...]] = {}
    members: dict[tuple[str | int, ...], list[int]] = {}
    columns = (results.value, results.lln, results.uln, results.base)
    written = zip(*(column.words.at(rows) for column in columns), strict=True)
    facts = packed(results, ALL_FACTS, rows).tolist()
    for row, code, texts in zip(rows.tolist(), facts, written, strict=True):
        compared = bounds(texts[0]) is not None
        key = (*texts, code) if compared else texts[:1]
        if key not in answers:
            answers[key] = (
                _graded_alone(version, results, row, facts_of(code, ALL_FACTS))
                if compared
                else unusable(target, value_fault(texts[0]))
            )
        members.setdefault(key, []).append(row)
    for key, same in members.items():
        for term, grading in enumerate(answers[key]):
            yield _same(np.array(same, dtype=np.int64), term, grading, kinds)


def _graded_alone(version: str, results: Results, row: int, facts: Facts) -> tuple[Grading, ...]:
    numbers = (results.value, results.lln, results.uln, results.base)
    columns = (results.analyte, results.unit, *(column.words for column in numbers))
    analyte, unit, value, lln, uln, base = (words.texts[words.codes[row]] for words in columns)
    return grade(
        analyte,
        value,
        unit,
        version=version,
        lln=lln,
        uln=uln,
        baseline_value=base,
        baseline_flag="unreadable" if facts.flag_unreadable else _FLAGS.get(facts.flags, ""),
        fasting=_FASTING.get(facts.fasting),
        is_baseline=facts.is_baseline,
        anticoagulated=_ANTICOAGULATION.get(facts.anticoagulated),
        neutropenic=_FASTING.get(facts.neutropenic),
        confirmed=True,  # what is implausible is noted for all rows alike
    )


def _unpacked(code: int, comparisons: int) -> tuple[int, ...]:
    """Return the outcomes of the comparisons, packed by `_graded` into a number."""
    outcomes: list[int] = []
    for _place in range(comparisons):
        code, part = divmod(code, 3)
        outcomes.append(part)
    return tuple(reversed(outcomes))


def _filled(plan: Plan, template: str, results: Results, rows: Ints) -> Objects:
    """Return the reason of each of these results, with its numbers as written."""
    columns = {"l": results.lln, "u": results.uln, "b": results.base}
    reason = np.full(rows.size, "", dtype=object)
    for i, piece in enumerate(_FIELD.split(template)):
        if i % 2 == 0:
            reason += piece
        elif piece == "c":
            written = results.value.words.at(rows)
            times = plan.converted or 1
            reason += np.array([converted_text(value, times) for value in written], dtype=object)
        else:
            reason += columns.get(piece, results.value).words.at(rows)
    return reason


def _grouped(results: Results) -> list[Ints]:
    """Return the rows of each analyte and unit, in order."""
    codes = results.analyte.codes * results.unit.texts.size + results.unit.codes
    order = np.argsort(codes, kind="stable")
    starts = np.flatnonzero(np.diff(codes[order])) + 1
    return np.split(order, starts) if order.size else []


def _same(rows: Ints, term: int, grading: Grading, kinds: _Kinds) -> _Block:
    """Return the same grading for all of these results."""
    could_raise = grading.could_raise or ""
    kind = GradeKind(grading.term, grading.direction, grading.grade, could_raise, grading.at_most)
    return _Block(
        rows=rows,
        term=term,
        kinds=np.full(rows.size, kinds[kind], dtype=np.int64),
        reasons=np.full(rows.size, grading.reason, dtype=object),
    )


def _joined(blocks: list[_Block], kinds: _Kinds) -> Gradings:
    """Join all blocks, sorted by result, then in the order of the terms."""
    none = np.empty(0, dtype=np.int64)
    rows = np.concatenate([none, *(block.rows for block in blocks)])
    terms = np.repeat([block.term for block in blocks], [block.rows.size for block in blocks])
    order = np.lexsort((terms, rows))
    return Gradings(
        row=rows[order],
        kind=np.concatenate([none, *(block.kinds for block in blocks)])[order],
        kinds=tuple(kinds),
        reason=np.concatenate([none.astype(object), *(block.reasons for block in blocks)])[order],
    )

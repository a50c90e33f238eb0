"""The grade of a result from the truth of its comparisons: the rules, without the numbers.

A result is first compared with every cut-off of its plan; each comparison is true, false or, if a
limit is missing, unknown. The rest is logic alone, so that one result and a whole frame are judged
by the same code. The highest grade is tried first. A grade is given if a criterion certainly holds,
and 0 if certainly none does; no grade is given if what is missing could decide.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from model.ctcae import reasons
from model.ctcae.criteria import GRADES, Plan, PlanRow
from model.ctcae.facts import (
    ANTICOAGULATED,
    FALSE,
    NOT_ANTICOAGULATED,
    NOT_KNOWN,
    TRUE,
    UNKNOWN,
    Facts,
    condition_holds,
    depends_on_anticoagulation,
    relevant_comparisons,
)
from model.ctcae.reasons import cannot_grade
from model.language import _


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """The grade (None if the result cannot be graded) and its reason, as a template.

    `at_most` is the highest grade that is possible whatever the missing information would be; None
    if any grade is. In `reason`, ``{v}`` is the value as written, ``{c}`` the value in the
    criterion's unit, ``{l}``, ``{u}``, ``{b}`` are LLN, ULN and baseline. `could_raise` is plain
    text.
    """

    grade: int | None
    reason: str
    could_raise: str | None
    at_most: int | None = None


@lru_cache(maxsize=65536)
def judge(plan: Plan, facts: Facts, truths: tuple[int, ...]) -> Outcome:
    """Return the outcome of a plan; `truths` has one truth per comparison, in their order."""
    if facts.anticoagulated == NOT_KNOWN and depends_on_anticoagulation(plan):
        with_it, without_it = (
            judge(plan, replace(facts, anticoagulated=state), truths)
            for state in (ANTICOAGULATED, NOT_ANTICOAGULATED)
        )
        return _combine_by_anticoagulation(with_it, without_it)
    if plan.refused_if is not None and all(truths[i] == TRUE for i in plan.refused_if):
        refusal = plan.refusal
        if plan.refused_if:
            refusal = f"{reasons.decisive_text(plan, plan.refused_if)}; {refusal}"
        return _outcome(plan, facts, None, cannot_grade(refusal))
    undecided: list[tuple[PlanRow, int]] = []
    for grade in GRADES:
        for row in plan.rows:
            if row.criterion.is_clinical or grade not in row.grades:
                continue
            truth = _truth(plan, facts, truths, row, grade)
            if truth == TRUE:
                indices = relevant_comparisons(plan, facts, row, grade)
                reason = reasons.decisive_text(plan, indices)
                reason += reasons.remarks(plan, facts, row, grade)
                raising = _raising_facts(plan, facts, truths, grade)
                if undecided:
                    missing = reasons.missing_text(plan, facts, undecided)
                    text = _("a higher grade cannot be ruled out: {reason}")
                    raising.insert(0, text.format(reason=missing))
                at_most = undecided[0][1] if undecided else grade
                return _outcome(plan, facts, grade, reason, at_most, "; ".join(raising))
            if truth == UNKNOWN:
                undecided.append((row, grade))
    if undecided:
        reason = cannot_grade(reasons.missing_text(plan, facts, undecided))
        return _outcome(plan, facts, None, reason, undecided[0][1])
    reason = reasons.not_reached_text(plan, facts) + reasons.remarks(plan, facts, None, 0)
    return _outcome(plan, facts, 0, reason, 0)


def highest(grades: Sequence[int | None]) -> int | None:
    """Return the highest of several greatest possible grades; None if one of them is not known."""
    known = [grade for grade in grades if grade is not None]
    return max(known) if len(known) == len(grades) else None


def _combine_by_anticoagulation(with_it: Outcome, without_it: Outcome) -> Outcome:
    """Return the outcome where it is not known whether the patient was on anticoagulation.

    The lower of both grades is certain, and the other one could be right. No grade is given if one
    of them is 0 or cannot be given.
    """
    unknown = _("not known whether on anticoagulation that day")
    at_most = highest([with_it.at_most, without_it.at_most])
    low, high = sorted((with_it, without_it), key=lambda outcome: outcome.grade or 0)
    if low.grade == high.grade:
        return replace(low, reason=f"{low.reason}; {unknown}", at_most=at_most)
    if low.grade:
        text = _("grade {grade} if on anticoagulation")
        if high is without_it:
            text = _("grade {grade} if not on anticoagulation")
        raising = [text.format(grade=high.grade), *filter(None, [low.could_raise])]
        return Outcome(
            grade=low.grade,
            reason=f"{low.reason}; {unknown}",
            could_raise="; ".join(raising),
            at_most=at_most,
        )
    both = _("{unknown} (with it {with_it}, without it {without_it})").format(
        unknown=unknown, with_it=_grade_text(with_it), without_it=_grade_text(without_it)
    )
    return Outcome(grade=None, reason=cannot_grade(both), could_raise=None, at_most=at_most)


def _grade_text(outcome: Outcome) -> str:
    if outcome.grade is None:
        return _("no grade")
    return _("grade {grade}").format(grade=outcome.grade)


def _truth(plan: Plan, facts: Facts, truths: Sequence[int], row: PlanRow, grade: int) -> int:
    """Return whether the criterion of this row holds for this grade, including its condition."""
    applies = condition_holds(row.criterion.condition, facts)
    if applies == FALSE or _compares_with_itself(plan, facts, truths, row, grade):
        return FALSE
    indices = relevant_comparisons(plan, facts, row, grade)
    if any(truths[i] == UNKNOWN and plan.comparisons[i].limit in ("LLN", "ULN") for i in indices):
        # A missing limit never counts as normal, even if another comparison already fails.
        return UNKNOWN
    relevant_truths = [truths[i] for i in indices]
    if FALSE in relevant_truths:
        return FALSE
    return UNKNOWN if applies == UNKNOWN or UNKNOWN in relevant_truths else TRUE


def _compares_with_itself(
    plan: Plan, facts: Facts, truths: Sequence[int], row: PlanRow, grade: int
) -> bool:
    """Return whether only a change from the baseline could decide, and this is the baseline.

    Where its limits are known, the baseline sample is compared with these instead.
    """
    others = [i for i in row.grades[grade] if plan.comparisons[i].limit != "BASE"]
    return (
        facts.is_baseline
        and len(others) < len(row.grades[grade])
        and all(truths[i] == UNKNOWN for i in others)
    )


def _raising_facts(plan: Plan, facts: Facts, truths: Sequence[int], grade: int) -> list[str]:
    """Return the clinical facts that would raise the grade, lowest grade first."""
    raising: dict[tuple[int, str], None] = {}
    for row in plan.rows:
        condition = row.criterion.condition
        if row.criterion.is_clinical:
            higher = next((g for g in GRADES if _holds(plan, facts, truths, row, g)), 0)
            if higher > grade:
                text = _("grade {grade} {condition}").format(grade=higher, condition=condition)
                raising[higher, text] = None
    for row in plan.rows:
        if condition_holds(row.criterion.condition, facts) == TRUE:
            for higher, fact in row.criterion.raised_by.items():
                if higher > grade:
                    text = _("grade {grade} if {fact}").format(grade=higher, fact=fact)
                    raising[higher, text] = None
    return [text for _grade, text in sorted(raising, key=lambda pair: pair[0])]


def _holds(plan: Plan, facts: Facts, truths: Sequence[int], row: PlanRow, grade: int) -> bool:
    return grade in row.grades and _truth(plan, facts, truths, row, grade) == TRUE


def _outcome(
    plan: Plan,
    facts: Facts,
    grade: int | None,
    reason: str,
    at_most: int | None = None,
    could_raise: str = "",
) -> Outcome:
    """Return an outcome whose reason also names limits that are crossed, if they matter."""
    if facts.limits_crossed and any(part.limit in ("LLN", "ULN") for part in plan.comparisons):
        reason += "; " + _("check the limits: LLN {l} is above ULN {u}")
    return Outcome(grade=grade, reason=reason, could_raise=could_raise or None, at_most=at_most)

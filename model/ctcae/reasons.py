"""The reason of a grade in words, as a template for the numbers of the result.

``{v}`` is the value as written, ``{c}`` the value in the criterion's unit, ``{l}``, ``{u}`` and
``{b}`` are LLN, ULN and baseline.
"""

from collections.abc import Iterable, Sequence
from functools import reduce

from model.ctcae.criteria import Comparison, Plan, PlanRow
from model.ctcae.facts import (
    ANTICOAGULATED,
    FALSE,
    FASTING_UNKNOWN,
    FLAGS_THAT_FIT,
    LOW,
    MISSING,
    NEUTROPENIA_UNKNOWN,
    NO_BASELINE,
    NORMAL,
    NOT_FASTING,
    NOT_RECORDED,
    UNKNOWN,
    UNUSABLE,
    USABLE,
    Facts,
    condition_holds,
    depends_on_anticoagulation,
    relevant_comparisons,
)
from model.language import _

_PLACEHOLDERS = {"LLN": "{l}", "ULN": "{u}", "BASE": "{b}"}
_NAMES = {"LLN": _("LLN"), "ULN": _("ULN"), "BASE": _("baseline value")}


def cannot_grade(reason: str) -> str:
    """Return the reason of a result that gets no grade."""
    return _("cannot grade: {reason}").format(reason=reason)


def all_of(texts: Iterable[str]) -> str:
    """Join conditions that hold together."""
    return reduce(lambda a, b: _("{a} and {b}").format(a=a, b=b), texts)


def any_of(texts: Iterable[str]) -> str:
    """Join alternatives."""
    return reduce(lambda a, b: _("{a} or {b}").format(a=a, b=b), texts)


def decisive_text(plan: Plan, indices: Sequence[int]) -> str:
    """Return the comparisons that decided, such as ``{v} < 50 ×10⁹/L``."""
    comparisons = [plan.comparisons[i] for i in indices]
    return f"{_value_text(plan, comparisons)} {_cut_off_text(plan, comparisons)}"


def not_reached_text(plan: Plan, facts: Facts) -> str:
    """Return why the grade is 0: the mildest cut-offs that the value does not reach."""
    mildest = [
        [plan.comparisons[i] for i in relevant_comparisons(plan, facts, row, min(row.grades))]
        for row in plan.rows
        if not row.criterion.is_clinical
        and condition_holds(row.criterion.condition, facts) != FALSE
    ]
    mildest = [
        comparisons
        for comparisons in mildest
        if not facts.is_baseline
        or all(facts.status(comparison.limit) == USABLE for comparison in comparisons)
    ]
    if not mildest and not facts.is_baseline:
        return _("the neutrophils of that day are not below 1 ×10⁹/L")
    if not mildest:
        return _("the baseline sample is not compared with itself")
    # Within the limit of normal, the absolute cut-offs beyond it add nothing.
    by_limit = [
        comparisons
        for comparisons in mildest
        if any(comparison.limit for comparison in comparisons)
    ]
    relevant = by_limit or mildest
    cut_offs = dict.fromkeys(_cut_off_text(plan, comparisons) for comparisons in relevant)
    value = _value_text(plan, [each for comparisons in relevant for each in comparisons])
    return _("{value} is not {cut_offs}").format(value=value, cut_offs=any_of(cut_offs))


def _value_text(plan: Plan, comparisons: Sequence[Comparison]) -> str:
    """Return the value as written, and converted if the cut-off is in another unit."""
    is_converted = plan.display_factor not in (None, 1)
    if not is_converted or not any(comparison.number for comparison in comparisons):
        return "{v}"
    if any(comparison.limit for comparison in comparisons):
        return f"{{v}} {plan.written_unit}"
    return f"{{v}} {plan.written_unit} = {{c}} {plan.criterion_unit}"


def _cut_off_text(plan: Plan, comparisons: Iterable[Comparison]) -> str:
    return all_of(
        comparison.text(plan.written_unit, plan.criterion_unit) for comparison in comparisons
    )


def missing_text(plan: Plan, facts: Facts, undecided: Sequence[tuple[PlanRow, int]]) -> str:
    """Return what is missing to decide these rows and grades, each item once."""
    conditions = {row.criterion.condition for row, _grade in undecided}
    limits = {plan.comparisons[i].limit for row, grade in undecided for i in row.grades[grade]}
    missing = []
    if "fasting" in conditions and facts.fasting == FASTING_UNKNOWN:
        missing.append(_("not known whether fasting (grades 1 and 2 need a fasting value)"))
    if "neutropenic" in conditions and facts.neutropenic == NEUTROPENIA_UNKNOWN:
        missing.append(_("no neutrophils of that day"))
    by_flag = conditions & FLAGS_THAT_FIT.keys()
    if by_flag and facts.flag_unreadable:
        missing.append(_("the baseline flag is not low, normal or high"))
    elif any(condition_holds(condition, facts) == UNKNOWN for condition in by_flag):
        # The flag would be derived from the limits, and one of them is missing.
        limits |= {"LLN"} if facts.flags == LOW | NORMAL else {"ULN", "BASE"}
    for limit in ("LLN", "ULN", "BASE"):
        if limit in limits and facts.status(limit) == MISSING:
            missing.append(_("no {limit}").format(limit=_NAMES[limit]))
        elif limit in limits and facts.status(limit) == UNUSABLE:
            text = _("{limit} '{text}' is not a usable number")
            missing.append(text.format(limit=_NAMES[limit], text=_PLACEHOLDERS[limit]))
    return all_of(missing) if missing else _("the baseline value is 0")


def remarks(plan: Plan, facts: Facts, row: PlanRow | None, grade: int) -> str:
    """Return remarks on a grade, each after a semicolon; `row` decided it, None if it is 0.

    They say how the baseline, fasting and anticoagulation were used, and what the criteria remark.
    """
    conditions = {each.criterion.condition for each in plan.rows}
    condition = row.criterion.condition if row else ""
    texts = [*_baseline_remark(plan, facts, condition)]
    if facts.fasting == NOT_FASTING and "fasting" in conditions:
        texts.append(_("not fasting: grades 1 and 2 need a fasting value"))
    if depends_on_anticoagulation(plan) and facts.anticoagulated == ANTICOAGULATED:
        texts.append(_("on anticoagulation"))
    elif depends_on_anticoagulation(plan) and facts.anticoagulated == NOT_RECORDED:
        texts.append(_("anticoagulation is not recorded: graded as without it"))
    if condition == "neutropenic":
        texts.append(_("neutrophils of that day below 1 ×10⁹/L"))
    texts += [
        each.criterion.remark
        for each in ([row] if row else plan.rows)
        if each.criterion.remark and each.criterion.remarked_grade in (None, grade)
    ]
    return "".join(f"; {text}" for text in dict.fromkeys(texts))


def _baseline_remark(plan: Plan, facts: Facts, condition: str) -> list[str]:
    """Return how the baseline was used; none if it does not matter."""
    depends_on_baseline = any(
        each.criterion.condition.startswith("baseline")
        or (not each.criterion.condition and _refers_to_baseline(plan, each))
        for each in plan.rows
    )
    if depends_on_baseline and facts.is_baseline:
        limits = {comparison.limit for comparison in plan.comparisons} & {"LLN", "ULN"}
        if any(facts.status(limit) == USABLE for limit in limits):
            return [_("baseline sample: graded against its limits")]
    elif depends_on_baseline and facts.flags == NO_BASELINE and facts.base == MISSING:
        limit = _NAMES["LLN" if plan.direction == "L" else "ULN"]
        return [_("no baseline: graded against {limit}").format(limit=limit)]
    elif condition in ("baseline high", "baseline low"):
        return [_("baseline low") if facts.flags == LOW else _("baseline high")]
    return []


def _refers_to_baseline(plan: Plan, row: PlanRow) -> bool:
    return any(
        plan.comparisons[i].limit == "BASE" for indices in row.grades.values() for i in indices
    )

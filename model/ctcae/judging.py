"""The grade of a result from the truth of its comparisons: the rules, without the numbers.

A result is first compared with every cut-off of its plan; each comparison is true, false or, if a
limit is missing, unknown. The rest is logic alone, so that one result and a whole frame are judged
by the same code. Highest grade first: a grade is given if a criterion certainly holds, 0 if
certainly none does, and no grade if what is missing could decide.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache, reduce

from model.ctcae.criteria import GRADES, Arm, Comparison, Plan
from model.language import _

FALSE, TRUE, UNKNOWN = 0, 1, 2

# The flags that a baseline may have, as a set of bits; NO_BASELINE if there is none.
NO_BASELINE, LOW, NORMAL, HIGH = 0, 1, 2, 4
ANY_FLAG = LOW | NORMAL | HIGH

GIVEN, MISSING, UNREADABLE = 0, 1, 2
NOT_FASTING, FASTING, FASTING_UNKNOWN = 0, 1, 2
NOT_NEUTROPENIC, NEUTROPENIC, NEUTROPENIA_UNKNOWN = 0, 1, 2
# Nothing is recorded of anticoagulation; or it is, but whether it was that day is not known.
NOT_ANTICOAGULATED, ANTICOAGULATED, NOT_RECORDED, NOT_KNOWN = 0, 1, 2, 3

_FLAGS_THAT_FIT = {
    "baseline not high": LOW | NORMAL,
    "baseline high": HIGH,
    "baseline low": LOW,
}
_ANTICOAGULATION = frozenset(["anticoagulated", "not anticoagulated"])
_TEXTS = {"LLN": "{l}", "ULN": "{u}", "BASE": "{b}"}
_NAMES = {"LLN": _("LLN"), "ULN": _("ULN"), "BASE": _("baseline value")}


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What is known about a result apart from its numbers.

    `flags` are the possible flags of its baseline (bits); `lln`, `uln` and `base` are GIVEN,
    MISSING or UNREADABLE; `crossed`: LLN is above ULN.
    """

    flags: int = NO_BASELINE
    flag_unreadable: bool = False
    lln: int = MISSING
    uln: int = MISSING
    base: int = MISSING
    fasting: int = FASTING_UNKNOWN
    is_baseline: bool = False
    anticoagulated: int = NOT_RECORDED
    neutropenic: int = NEUTROPENIA_UNKNOWN
    crossed: bool = False

    def status(self, limit: str) -> int:
        """Return whether a limit ("LLN", "ULN", "BASE") is given, missing or unreadable."""
        return {"LLN": self.lln, "ULN": self.uln, "BASE": self.base}.get(limit, GIVEN)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """The grade (None: cannot be graded) and its reason, as a template.

    `at_most` is the highest grade that what is missing could give; None if anything could be. In
    `reason`, ``{v}`` is the value as written, ``{c}`` the value in the criterion's unit,
    ``{l}``, ``{u}``, ``{b}`` are LLN, ULN and baseline. `could_raise` is plain text.
    """

    grade: int | None
    reason: str
    could_raise: str | None
    at_most: int | None = None


@cache
def needed_facts(plan: Plan) -> frozenset[str]:
    """Return the names of the facts that matter to a plan."""
    conditions = {arm.criterion.condition for arm in plan.arms}
    limits = {part.limit for part in plan.comparisons}
    by_flag = bool(conditions & _FLAGS_THAT_FIT.keys())
    is_needed = {
        "lln": by_flag or "LLN" in limits,
        "uln": by_flag or "ULN" in limits,
        "base": "BASE" in limits,
        "flags": "BASE" in limits,
        "flag_unreadable": by_flag,
        "is_baseline": "BASE" in limits,
        "fasting": "fasting" in conditions,
        "anticoagulated": _by_anticoagulation(plan),
        "neutropenic": "neutropenic" in conditions,
        "crossed": bool(limits & {"LLN", "ULN"}),
    }
    return frozenset(name for name, needed in is_needed.items() if needed)


@lru_cache(maxsize=65536)
def judge(plan: Plan, facts: Facts, truths: tuple[int, ...]) -> Outcome:
    """Return the outcome of a plan, from one truth per comparison, in their order."""
    if facts.anticoagulated == NOT_KNOWN and _by_anticoagulation(plan):
        with_it, without_it = (
            judge(plan, replace(facts, anticoagulated=state), truths)
            for state in (ANTICOAGULATED, NOT_ANTICOAGULATED)
        )
        return _whichever(with_it, without_it)
    if plan.refused is not None and all(truths[i] == TRUE for i in plan.refused):
        if not plan.refused:
            return _outcome(plan, facts, None, cannot_grade(plan.refusal))
        held = _decisive_text(plan, plan.refused)
        return _outcome(plan, facts, None, cannot_grade(f"{held}; {plan.refusal}"))
    open_questions: list[tuple[Arm, int]] = []
    for grade in GRADES:
        for arm in plan.arms:
            if arm.criterion.condition.startswith("if ") or grade not in arm.grades:
                continue
            truth = _truth(plan, facts, truths, arm, grade)
            if truth == TRUE:
                decided = _decisive_text(plan, _relevant(plan, facts, arm, grade))
                reason = decided + _note(plan, facts, arm, grade)
                raising = _raising(plan, facts, truths, grade)
                if open_questions:
                    lacking = _lacking(plan, facts, open_questions)
                    text = _("a higher grade cannot be ruled out: {reason}")
                    raising.insert(0, text.format(reason=lacking))
                at_most = open_questions[0][1] if open_questions else grade
                return _outcome(plan, facts, grade, reason, at_most, "; ".join(raising))
            if truth == UNKNOWN:
                open_questions.append((arm, grade))
    if open_questions:
        lacking = _lacking(plan, facts, open_questions)
        return _outcome(plan, facts, None, cannot_grade(lacking), open_questions[0][1])
    reason = _not_decisive_text(plan, facts) + _note(plan, facts, None, 0)
    return _outcome(plan, facts, 0, reason, 0)


def cannot_grade(reason: str) -> str:
    """Return the reason of a result that gets no grade."""
    return _("cannot grade: {reason}").format(reason=reason)


def all_of(parts: Iterable[str]) -> str:
    """Join parts that hold together."""
    return reduce(lambda a, b: _("{a} and {b}").format(a=a, b=b), parts)


def any_of(parts: Iterable[str]) -> str:
    """Join alternatives."""
    return reduce(lambda a, b: _("{a} or {b}").format(a=a, b=b), parts)


def holds_for(condition: str, facts: Facts) -> int:
    """Return whether a criterion with this condition applies: true, false or unknown."""
    if condition in _FLAGS_THAT_FIT:
        return _baseline_fits(condition, facts)
    if condition == "baseline":
        if facts.base == GIVEN:
            return TRUE
        return FALSE if facts.base == MISSING else UNKNOWN
    if condition == "fasting":
        return facts.fasting
    if condition == "neutropenic":
        return facts.neutropenic
    if condition in _ANTICOAGULATION:
        is_on_it = facts.anticoagulated == ANTICOAGULATED
        return TRUE if is_on_it == (condition == "anticoagulated") else FALSE
    return TRUE


def _by_anticoagulation(plan: Plan) -> bool:
    return any(arm.criterion.condition in _ANTICOAGULATION for arm in plan.arms)


def _whichever(with_it: Outcome, without_it: Outcome) -> Outcome:
    """Return the outcome where it is not known whether the patient was on anticoagulation.

    The lower of both grades is certain, and the other one could be right; it is no grade at all if
    one of them is 0 or cannot be given.
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
    each = _("{unknown} (with it {with_it}, without it {without_it})").format(
        unknown=unknown, with_it=_grade_text(with_it), without_it=_grade_text(without_it)
    )
    return Outcome(grade=None, reason=cannot_grade(each), could_raise=None, at_most=at_most)


def highest(grades: Sequence[int | None]) -> int | None:
    """Return the highest of several grades that a result may have at most; None if one is open."""
    known = [grade for grade in grades if grade is not None]
    return max(known) if len(known) == len(grades) else None


def _grade_text(outcome: Outcome) -> str:
    if outcome.grade is None:
        return _("no grade")
    return _("grade {grade}").format(grade=outcome.grade)


def _baseline_fits(condition: str, facts: Facts) -> int:
    if facts.flag_unreadable:
        return UNKNOWN
    if facts.flags == NO_BASELINE:
        # The criteria for a baseline that was not high are those that use the limits.
        return TRUE if condition == "baseline not high" else FALSE
    fitting = _FLAGS_THAT_FIT[condition]
    if not facts.flags & fitting:
        return FALSE
    return TRUE if not facts.flags & ~fitting else UNKNOWN


def _truth(plan: Plan, facts: Facts, truths: Sequence[int], arm: Arm, grade: int) -> int:
    """Return whether the criterion of this arm for this grade holds, including its condition."""
    applies = holds_for(arm.criterion.condition, facts)
    if applies == FALSE:
        return FALSE
    indices = _relevant(plan, facts, arm, grade)
    if _compares_with_itself(plan, facts, truths, arm, grade):
        return FALSE
    if any(truths[i] == UNKNOWN and plan.comparisons[i].limit in ("LLN", "ULN") for i in indices):
        # A missing limit never counts as normal, even if another part already fails.
        return UNKNOWN
    held = [truths[i] for i in indices]
    if FALSE in held:
        return FALSE
    return UNKNOWN if applies == UNKNOWN or UNKNOWN in held else TRUE


def _compares_with_itself(
    plan: Plan, facts: Facts, truths: Sequence[int], arm: Arm, grade: int
) -> bool:
    """Return whether only a change from the baseline could decide, and this is the baseline.

    Where its limits are known, the baseline sample is compared with these instead.
    """
    others = [i for i in arm.grades[grade] if plan.comparisons[i].limit != "BASE"]
    return (
        facts.is_baseline
        and len(others) < len(arm.grades[grade])
        and all(truths[i] == UNKNOWN for i in others)
    )


def _relevant(plan: Plan, facts: Facts, arm: Arm, grade: int) -> tuple[int, ...]:
    """Return the indices of the comparisons that count.

    The baseline sample is compared with its limits, not with itself; and a value above ULN is above
    any baseline that was not.
    """
    indices = arm.grades[grade]
    not_high = facts.base == MISSING and facts.flags and not facts.flags & HIGH
    if not (facts.is_baseline or not_high) or len(indices) == 1:
        return indices
    return tuple(i for i in indices if plan.comparisons[i].limit != "BASE")


def _raising(plan: Plan, facts: Facts, truths: Sequence[int], grade: int) -> list[str]:
    """Return the clinical facts that would raise the grade, lowest grade first."""
    raising = {
        (
            higher,
            _("grade {grade} {condition}").format(grade=higher, condition=arm.criterion.condition),
        ): None
        for arm in plan.arms
        if arm.criterion.condition.startswith("if ")
        for higher in [next((g for g in GRADES if _arm_holds(plan, facts, truths, arm, g)), 0)]
        if higher > grade
    }
    for arm in plan.arms:
        if holds_for(arm.criterion.condition, facts) == TRUE:
            for higher, fact in arm.criterion.raised_by.items():
                if higher > grade:
                    text = _("grade {grade} if {fact}").format(grade=higher, fact=fact)
                    raising[(higher, text)] = None
    return [text for _grade, text in sorted(raising, key=lambda pair: pair[0])]


def _arm_holds(plan: Plan, facts: Facts, truths: Sequence[int], arm: Arm, grade: int) -> bool:
    return grade in arm.grades and _truth(plan, facts, truths, arm, grade) == TRUE


def _decisive_text(plan: Plan, indices: Sequence[int]) -> str:
    """Return the comparisons that decided, such as ``{v} < 50 ×10⁹/L``."""
    parts = [plan.comparisons[i] for i in indices]
    return f"{_value(plan, parts)} {all_of(_text(plan, part) for part in parts)}"


def _not_decisive_text(plan: Plan, facts: Facts) -> str:
    """Return why the grade is 0: the mildest cut-offs that the value does not reach."""
    mildest = [
        [plan.comparisons[i] for i in _relevant(plan, facts, arm, min(arm.grades))]
        for arm in plan.arms
        if not arm.criterion.condition.startswith("if ")
        and holds_for(arm.criterion.condition, facts) != FALSE
    ]
    mildest = [
        parts
        for parts in mildest
        if not facts.is_baseline or all(facts.status(part.limit) == GIVEN for part in parts)
    ]
    if not mildest and not facts.is_baseline:
        return _("the neutrophils of that day are not below 1 ×10⁹/L")
    if not mildest:
        return _("the baseline sample is not compared with itself")
    # Within the limit of normal, the absolute cut-offs beyond it add nothing.
    relevant = [parts for parts in mildest if any(part.limit for part in parts)] or mildest
    texts = dict.fromkeys(all_of(_text(plan, part) for part in parts) for parts in relevant)
    value = _value(plan, [part for parts in relevant for part in parts])
    return _("{value} is not {cut_offs}").format(value=value, cut_offs=any_of(texts))


def _value(plan: Plan, parts: Sequence[Comparison]) -> str:
    """Return the value as written, and converted if the cut-off is in another unit."""
    if plan.converted in (None, 1) or not any(part.number for part in parts):
        return "{v}"
    if any(part.limit for part in parts):
        return f"{{v}} {plan.written_unit}"
    return f"{{v}} {plan.written_unit} = {{c}} {plan.criterion_unit}"


def _text(plan: Plan, part: Comparison) -> str:
    return part.text(plan.written_unit, plan.criterion_unit)


def _lacking(plan: Plan, facts: Facts, questions: Sequence[tuple[Arm, int]]) -> str:
    """Return what is missing to decide these questions, each item once."""
    conditions = {arm.criterion.condition for arm, _ in questions}
    limits = {plan.comparisons[i].limit for arm, grade in questions for i in arm.grades[grade]}
    lacking = []
    if "fasting" in conditions and facts.fasting == FASTING_UNKNOWN:
        lacking.append(_("not known whether fasting (grades 1 and 2 need a fasting value)"))
    if "neutropenic" in conditions and facts.neutropenic == NEUTROPENIA_UNKNOWN:
        lacking.append(_("no neutrophils of that day"))
    by_flag = conditions & _FLAGS_THAT_FIT.keys()
    if by_flag and facts.flag_unreadable:
        lacking.append(_("the baseline flag is not low, normal or high"))
    elif any(holds_for(condition, facts) == UNKNOWN for condition in by_flag):
        # The flag would be derived from the limits, and one of them is missing.
        limits |= {"LLN"} if facts.flags == LOW | NORMAL else {"ULN", "BASE"}
    for limit in ("LLN", "ULN", "BASE"):
        if limit in limits and facts.status(limit) == MISSING:
            lacking.append(_("no {limit}").format(limit=_NAMES[limit]))
        elif limit in limits and facts.status(limit) == UNREADABLE:
            text = _("{limit} '{text}' is not a usable number")
            lacking.append(text.format(limit=_NAMES[limit], text=_TEXTS[limit]))
    return all_of(lacking) if lacking else _("the baseline value is 0")


def _note(plan: Plan, facts: Facts, arm: Arm | None, grade: int) -> str:
    """Return remarks on a grade: how the baseline was used, and the criterion's own remark."""
    notes = []
    by_baseline = any(
        row.criterion.condition.startswith("baseline")
        or (not row.criterion.condition and _refers_to_baseline(plan, row))
        for row in plan.arms
    )
    if by_baseline and facts.is_baseline:
        limits = {part.limit for part in plan.comparisons} & {"LLN", "ULN"}
        if any(facts.status(limit) == GIVEN for limit in limits):
            notes.append(_("baseline sample: graded against its limits"))
    elif by_baseline and facts.flags == NO_BASELINE and facts.base == MISSING:
        limit = _NAMES["LLN" if plan.direction == "L" else "ULN"]
        notes.append(_("no baseline: graded against {limit}").format(limit=limit))
    elif arm and arm.criterion.condition in ("baseline high", "baseline low"):
        notes.append(_("baseline low") if facts.flags == LOW else _("baseline high"))
    if facts.fasting == NOT_FASTING and any(
        row.criterion.condition == "fasting" for row in plan.arms
    ):
        notes.append(_("not fasting: grades 1 and 2 need a fasting value"))
    if _by_anticoagulation(plan) and facts.anticoagulated == ANTICOAGULATED:
        notes.append(_("on anticoagulation"))
    elif _by_anticoagulation(plan) and facts.anticoagulated == NOT_RECORDED:
        notes.append(_("anticoagulation is not recorded: graded as without it"))
    if arm and arm.criterion.condition == "neutropenic":
        notes.append(_("neutrophils of that day below 1 ×10⁹/L"))
    for row in [arm] if arm else plan.arms:
        criterion = row.criterion
        if criterion.remark and criterion.remarked_grade in (None, grade):
            notes.append(criterion.remark)
    return "".join(f"; {note}" for note in dict.fromkeys(notes))


def _refers_to_baseline(plan: Plan, arm: Arm) -> bool:
    return any(plan.comparisons[i].limit == "BASE" for parts in arm.grades.values() for i in parts)


def _outcome(
    plan: Plan,
    facts: Facts,
    grade: int | None,
    reason: str,
    at_most: int | None = None,
    could_raise: str = "",
) -> Outcome:
    if facts.crossed and any(part.limit in ("LLN", "ULN") for part in plan.comparisons):
        reason += "; " + _("check the limits: LLN {l} is above ULN {u}")
    return Outcome(grade=grade, reason=reason, could_raise=could_raise or None, at_most=at_most)

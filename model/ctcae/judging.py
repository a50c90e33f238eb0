"""From what is known of one result to its grade: the rules, apart from the numbers.

A result is first compared with every cut-off of its plan; each comparison is true, false or, where
a limit is missing, unknown. What follows here is logic alone, so that one result and a whole frame
are judged by the same code. Highest grade first; a grade is given when a criterion is known to
hold, 0 when all are known not to, and none when what is missing could decide.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from model.ctcae.criteria import GRADES, Arm, Comparison, Plan

FALSE, TRUE, UNKNOWN = 0, 1, 2

# The flags that a baseline may have, as a set of bits; NO_BASELINE where there is none at all.
NO_BASELINE, LOW, NORMAL, HIGH = 0, 1, 2, 4
ANY_FLAG = LOW | NORMAL | HIGH

GIVEN, MISSING, UNREADABLE = 0, 1, 2
NOT_FASTING, FASTING, FASTING_UNKNOWN = 0, 1, 2

_FLAGS_THAT_FIT = {
    "baseline normal": NORMAL,
    "baseline abnormal": LOW | HIGH,
    "baseline not high": LOW | NORMAL,
    "baseline high": HIGH,
    "baseline low": LOW,
}
_GRADED_WITHOUT_BASELINE = ("baseline normal", "baseline not high")
_TEXTS = {"LLN": "{l}", "ULN": "{u}", "BASE": "{b}"}
_NAMES = {"LLN": "LLN", "ULN": "ULN", "BASE": "baseline value"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What is known of a result besides its numbers.

    `flags` are the flags its baseline may have (bits); `lln`, `uln` and `base` say whether each is
    given, missing or unreadable; `implausible` that the value does not fit its unit, `crossed` that
    LLN is above ULN.
    """

    flags: int = NO_BASELINE
    flag_unreadable: bool = False
    lln: int = MISSING
    uln: int = MISSING
    base: int = MISSING
    fasting: int = FASTING_UNKNOWN
    is_baseline: bool = False
    anticoagulated: bool = False
    implausible: bool = False
    crossed: bool = False

    def status(self, limit: str) -> int:
        """Whether a limit of this name ("LLN", "ULN", "BASE") is given, missing or unreadable."""
        return {"LLN": self.lln, "ULN": self.uln, "BASE": self.base}.get(limit, GIVEN)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """The grade (None: cannot be graded) and why, as a template.

    In `reason`, ``{v}`` stands for the value as written, ``{c}`` for it in the criterion's unit,
    ``{l}``, ``{u}``, ``{b}`` for LLN, ULN and baseline. `could_raise` is plain text.
    """

    grade: int | None
    reason: str
    could_raise: str | None


@cache
def needed_facts(plan: Plan) -> frozenset[str]:
    """The names of the facts that can make a difference to a plan, besides an implausible value."""
    conditions = {arm.criterion.condition for arm in plan.arms}
    limits = {part.limit for part in plan.comparisons}
    by_flag = bool(conditions & _FLAGS_THAT_FIT.keys())
    needed = {
        "lln": by_flag or "LLN" in limits,
        "uln": by_flag or "ULN" in limits,
        "base": "BASE" in limits,
        "flags": "BASE" in limits,
        "flag_unreadable": by_flag,
        "is_baseline": "BASE" in limits,
        "fasting": "fasting" in conditions,
        "anticoagulated": bool(conditions & {"anticoagulated", "not anticoagulated"}),
        "crossed": bool(limits & {"LLN", "ULN"}),
    }
    return frozenset(name for name, is_needed in needed.items() if is_needed)


@lru_cache(maxsize=65536)
def judge(plan: Plan, facts: Facts, truths: tuple[int, ...]) -> Outcome:
    """The outcome for a plan, given one truth for each of its comparisons, in their order."""
    if plan.refused is not None and all(truths[i] == TRUE for i in plan.refused):
        if not plan.refused:
            return _outcome(plan, facts, None, f"cannot grade: {plan.refusal}")
        held = _held(plan, plan.refused)
        return _outcome(plan, facts, None, f"cannot grade: {held}; {plan.refusal}")
    open_questions: list[tuple[Arm, int]] = []
    for grade in GRADES:
        for arm in plan.arms:
            if arm.criterion.condition.startswith("if ") or grade not in arm.grades:
                continue
            truth = _truth(plan, facts, truths, arm, grade)
            if truth == TRUE:
                decided = _held(plan, _places(plan, facts, arm, grade))
                reason = decided + _note(plan, facts, arm, grade)
                raising = _raising(plan, facts, truths, grade)
                if open_questions:
                    lacking = _lacking(plan, facts, open_questions)
                    raising.insert(0, f"a higher grade cannot be ruled out: {lacking}")
                return _outcome(plan, facts, grade, reason, "; ".join(raising))
            if truth == UNKNOWN:
                open_questions.append((arm, grade))
    if open_questions:
        lacking = _lacking(plan, facts, open_questions)
        return _outcome(plan, facts, None, f"cannot grade: {lacking}")
    return _outcome(plan, facts, 0, _not_held(plan, facts) + _note(plan, facts, None, 0))


def holds_for(condition: str, facts: Facts) -> int:
    """Whether a criterion with this condition applies: true, false or unknown."""
    if condition in _FLAGS_THAT_FIT:
        return _baseline_fits(condition, facts)
    if condition == "baseline":
        if facts.base == GIVEN:
            return TRUE
        return FALSE if facts.base == MISSING else UNKNOWN
    if condition == "fasting":
        return facts.fasting
    if condition in ("anticoagulated", "not anticoagulated"):
        return TRUE if facts.anticoagulated == (condition == "anticoagulated") else FALSE
    return TRUE


def _baseline_fits(condition: str, facts: Facts) -> int:
    if facts.flag_unreadable:
        return UNKNOWN
    if facts.flags == NO_BASELINE:
        # Nobody knows better: the criteria for a normal baseline are those by the limits.
        return TRUE if condition in _GRADED_WITHOUT_BASELINE else FALSE
    flags = facts.flags
    if flags == LOW | NORMAL and condition in ("baseline normal", "baseline abnormal"):
        # Laboratories print no LLN for many enzymes: not above ULN is then taken for normal.
        flags = NORMAL
    fitting = _FLAGS_THAT_FIT[condition]
    if not flags & fitting:
        return FALSE
    return TRUE if not flags & ~fitting else UNKNOWN


def _truth(plan: Plan, facts: Facts, truths: Sequence[int], arm: Arm, grade: int) -> int:
    """Whether the criterion of this arm for this grade holds, its condition included."""
    applies = holds_for(arm.criterion.condition, facts)
    if applies == FALSE:
        return FALSE
    places = _places(plan, facts, arm, grade)
    if any(truths[i] == UNKNOWN and plan.comparisons[i].limit in ("LLN", "ULN") for i in places):
        # A missing limit is never read as normal, even where another part already fails.
        return UNKNOWN
    held = [truths[i] for i in places]
    if FALSE in held:
        return FALSE
    return UNKNOWN if applies == UNKNOWN or UNKNOWN in held else TRUE


def _places(plan: Plan, facts: Facts, arm: Arm, grade: int) -> tuple[int, ...]:
    """The comparisons that count.

    The baseline sample is held against its limits, not itself; and what is above ULN is above a
    baseline that was not, whatever its value.
    """
    places = arm.grades[grade]
    not_high = facts.base == MISSING and facts.flags and not facts.flags & HIGH
    if not (facts.is_baseline or not_high) or len(places) == 1:
        return places
    return tuple(i for i in places if plan.comparisons[i].limit != "BASE")


def _raising(plan: Plan, facts: Facts, truths: Sequence[int], grade: int) -> list[str]:
    """What clinical facts would make the grade higher, lowest grade first."""
    found = {
        (higher, f"grade {higher} {arm.criterion.condition}"): None
        for arm in plan.arms
        if arm.criterion.condition.startswith("if ")
        for higher in [next((g for g in GRADES if _arm_holds(plan, facts, truths, arm, g)), 0)]
        if higher > grade
    }
    for arm in plan.arms:
        if holds_for(arm.criterion.condition, facts) == TRUE:
            for higher, fact in arm.criterion.raised_by.items():
                if higher > grade:
                    found[(higher, f"grade {higher} if {fact}")] = None
    return [text for _, text in sorted(found, key=lambda pair: pair[0])]


def _arm_holds(plan: Plan, facts: Facts, truths: Sequence[int], arm: Arm, grade: int) -> bool:
    return grade in arm.grades and _truth(plan, facts, truths, arm, grade) == TRUE


def _held(plan: Plan, places: Sequence[int]) -> str:
    """The comparisons that decided, such as ``{v} < 50 ×10⁹/L``."""
    parts = [plan.comparisons[i] for i in places]
    return f"{_value(plan, parts)} {' and '.join(_text(plan, part) for part in parts)}"


def _not_held(plan: Plan, facts: Facts) -> str:
    """Why the grade is 0: the mildest cut-offs that the value does not reach."""
    mildest = [
        [plan.comparisons[i] for i in _places(plan, facts, arm, min(arm.grades))]
        for arm in plan.arms
        if not arm.criterion.condition.startswith("if ")
        and holds_for(arm.criterion.condition, facts) != FALSE
    ]
    # Where the limit of normal is not passed, the absolute cut-offs beyond it say nothing more.
    telling = [parts for parts in mildest if any(part.limit for part in parts)] or mildest
    texts = dict.fromkeys(" and ".join(_text(plan, part) for part in parts) for parts in telling)
    value = _value(plan, [part for parts in telling for part in parts])
    return f"{value} is not {' or '.join(texts)}"


def _value(plan: Plan, parts: Sequence[Comparison]) -> str:
    """The value as written, and as converted where the cut-off is in another unit."""
    if plan.converted in (None, 1) or not any(part.number for part in parts):
        return "{v}"
    if any(part.limit for part in parts):
        return f"{{v}} {plan.written_unit}"
    return f"{{v}} {plan.written_unit} = {{c}} {plan.criterion_unit}"


def _text(plan: Plan, part: Comparison) -> str:
    return part.text(plan.written_unit, plan.criterion_unit)


def _lacking(plan: Plan, facts: Facts, questions: Sequence[tuple[Arm, int]]) -> str:
    """What would have to be known to answer these questions, each thing once."""
    conditions = {arm.criterion.condition for arm, _ in questions}
    limits = {plan.comparisons[i].limit for arm, grade in questions for i in arm.grades[grade]}
    lacking = []
    if "fasting" in conditions and facts.fasting == FASTING_UNKNOWN:
        lacking.append("not known whether fasting (grades 1 and 2 need a fasting value)")
    by_flag = conditions & _FLAGS_THAT_FIT.keys()
    if by_flag and facts.flag_unreadable:
        lacking.append("the baseline flag is not low, normal or high")
    elif any(holds_for(condition, facts) == UNKNOWN for condition in by_flag):
        # The flag was to be derived from the limits, and one of them is not there.
        limits |= {"LLN"} if facts.flags == LOW | NORMAL else {"ULN", "BASE"}
    for limit in ("LLN", "ULN", "BASE"):
        if limit in limits and facts.status(limit) == MISSING:
            lacking.append(f"no {_NAMES[limit]}")
        elif limit in limits and facts.status(limit) == UNREADABLE:
            lacking.append(f"{_NAMES[limit]} '{_TEXTS[limit]}' is not a usable number")
    return " and ".join(lacking) or "the baseline value is 0"


def _note(plan: Plan, facts: Facts, arm: Arm | None, grade: int) -> str:
    """What to say beside a grade: how the baseline was read, and the criterion's own remark."""
    notes = []
    by_baseline = any(
        row.criterion.condition.startswith("baseline")
        or (not row.criterion.condition and _refers_to_baseline(plan, row))
        for row in plan.arms
    )
    if by_baseline and facts.is_baseline:
        notes.append("baseline sample: graded against its limits")
    elif by_baseline and facts.flags == NO_BASELINE and facts.base == MISSING:
        notes.append(f"no baseline: graded against {'LLN' if plan.direction == 'L' else 'ULN'}")
    elif arm and arm.criterion.condition in ("baseline abnormal", "baseline high", "baseline low"):
        notes.append("baseline low" if facts.flags == LOW else "baseline high")
    if facts.fasting == NOT_FASTING and any(
        row.criterion.condition == "fasting" for row in plan.arms
    ):
        notes.append("not fasting: grades 1 and 2 need a fasting value")
    for row in [arm] if arm else plan.arms:
        criterion = row.criterion
        if criterion.remark and criterion.remarked_grade in (None, grade):
            notes.append(criterion.remark)
    return "".join(f"; {note}" for note in dict.fromkeys(notes))


def _refers_to_baseline(plan: Plan, arm: Arm) -> bool:
    return any(plan.comparisons[i].limit == "BASE" for parts in arm.grades.values() for i in parts)


def _outcome(
    plan: Plan, facts: Facts, grade: int | None, reason: str, could_raise: str = ""
) -> Outcome:
    if facts.implausible:
        reason += f"; check the unit: {{v}} {plan.written_unit}".rstrip() + " is implausible"
    if facts.crossed and any(part.limit in ("LLN", "ULN") for part in plan.comparisons):
        reason += "; check the limits: LLN {l} is above ULN {u}"
    return Outcome(grade=grade, reason=reason, could_raise=could_raise or None)

"""What is known about a result apart from its numbers, and which criteria apply then.

The states are small integers, so that the facts of a whole column can be packed into one number
for each result (`model.ctcae.result_columns`).
"""

from dataclasses import dataclass
from functools import cache

from model.ctcae.criteria import Plan, PlanRow

FALSE, TRUE, UNKNOWN = 0, 1, 2

# The flags that a baseline may have, as a set of bits; NO_BASELINE if there is none.
NO_BASELINE, LOW, NORMAL, HIGH = 0, 1, 2, 4
ANY_FLAG = LOW | NORMAL | HIGH

USABLE, MISSING, UNUSABLE = 0, 1, 2
NOT_FASTING, FASTING, FASTING_UNKNOWN = 0, 1, 2
NOT_NEUTROPENIC, NEUTROPENIC, NEUTROPENIA_UNKNOWN = 0, 1, 2
# NOT_RECORDED: the patient has no record of anticoagulation at all. NOT_KNOWN: there is one, but
# it does not tell whether the patient was on it that day.
NOT_ANTICOAGULATED, ANTICOAGULATED, NOT_RECORDED, NOT_KNOWN = 0, 1, 2, 3

FLAGS_THAT_FIT = {
    "baseline not high": LOW | NORMAL,
    "baseline high": HIGH,
    "baseline low": LOW,
}
"""The flags of a baseline for which a condition on it holds."""
_ANTICOAGULATION = frozenset(["anticoagulated", "not anticoagulated"])


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What is known about a result apart from its numbers.

    `flags` are the possible flags of its baseline (bits). `lln`, `uln` and `base` are USABLE,
    MISSING or UNUSABLE. `limits_crossed` states that LLN is above ULN.
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
    limits_crossed: bool = False

    def status(self, limit: str) -> int:
        """Return whether a limit ("LLN", "ULN", "BASE") is usable, missing or unusable."""
        return {"LLN": self.lln, "ULN": self.uln, "BASE": self.base}.get(limit, USABLE)


@cache
def needed_facts(plan: Plan) -> frozenset[str]:
    """Return the names of the facts that matter to a plan."""
    conditions = {row.criterion.condition for row in plan.rows}
    limits = {comparison.limit for comparison in plan.comparisons}
    by_flag = bool(conditions & FLAGS_THAT_FIT.keys())
    is_needed = {
        "lln": by_flag or "LLN" in limits,
        "uln": by_flag or "ULN" in limits,
        "base": "BASE" in limits,
        "flags": "BASE" in limits,
        "flag_unreadable": by_flag,
        "is_baseline": "BASE" in limits,
        "fasting": "fasting" in conditions,
        "anticoagulated": depends_on_anticoagulation(plan),
        "neutropenic": "neutropenic" in conditions,
        "limits_crossed": bool(limits & {"LLN", "ULN"}),
    }
    return frozenset(name for name, needed in is_needed.items() if needed)


def depends_on_anticoagulation(plan: Plan) -> bool:
    """Return whether a plan has criteria for patients on anticoagulation, or without it."""
    return any(row.criterion.condition in _ANTICOAGULATION for row in plan.rows)


def condition_holds(condition: str, facts: Facts) -> int:
    """Return whether a criterion with this condition applies: TRUE, FALSE or UNKNOWN."""
    if condition in FLAGS_THAT_FIT:
        return _baseline_fits(condition, facts)
    if condition == "baseline":
        if facts.base == USABLE:
            return TRUE
        return FALSE if facts.base == MISSING else UNKNOWN
    if condition == "fasting":
        return facts.fasting
    if condition == "neutropenic":
        return facts.neutropenic
    if condition in _ANTICOAGULATION:
        is_anticoagulated = facts.anticoagulated == ANTICOAGULATED
        return TRUE if is_anticoagulated == (condition == "anticoagulated") else FALSE
    return TRUE


def _baseline_fits(condition: str, facts: Facts) -> int:
    if facts.flag_unreadable:
        return UNKNOWN
    if facts.flags == NO_BASELINE:
        # The criteria for a baseline that was not high are those that use the limits.
        return TRUE if condition == "baseline not high" else FALSE
    fitting = FLAGS_THAT_FIT[condition]
    if not facts.flags & fitting:
        return FALSE
    return TRUE if not facts.flags & ~fitting else UNKNOWN


def relevant_comparisons(plan: Plan, facts: Facts, row: PlanRow, grade: int) -> tuple[int, ...]:
    """Return the indices of the comparisons that count for a grade.

    The baseline sample is compared with its limits, not with itself. A value above ULN is above any
    baseline that was not above ULN, so that a missing baseline need not be compared with then.
    """
    indices = row.grades[grade]
    not_high = facts.base == MISSING and facts.flags and not facts.flags & HIGH
    if not (facts.is_baseline or not_high) or len(indices) == 1:
        return indices
    return tuple(i for i in indices if plan.comparisons[i].limit != "BASE")

"""The CTCAE 5.0 or 6.0 grade of a laboratory result, with its reason.

`grade` grades one result; `grade_frame` in `model.ctcae.grading_frame` grades whole columns, with
equal results. Both depend on their arguments alone: the limits are those of the laboratory on that
day, and are never assumed.

A result is graded by the cut-off in its own written unit if NCI gives one, and is converted only
where NCI gives none. LLN, ULN and baseline are in the written unit of the value. A grade is a
proposal: what a number cannot show (symptoms, treatment) is assumed absent, and listed in
`could_raise`.
"""

from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cache

from model.ctcae import criteria
from model.ctcae.calcium import correct
from model.ctcae.criteria import Comparison, Plan
from model.ctcae.facts import FASTING, FASTING_UNKNOWN, UNKNOWN, USABLE, Facts
from model.ctcae.judging import Outcome, highest, judge
from model.ctcae.reasons import cannot_grade
from model.ctcae.results import (
    Bound,
    Number,
    ValueRange,
    anticoagulation_state,
    as_text,
    derived_flags,
    doubt_note,
    fasting_state,
    limit_status,
    number,
    truth,
    value_fault,
    value_range,
    written_flag,
)
from model.ctcae.terms import VERSIONS
from model.language import _
from model.reference import analytes, units
from model.rounding import figures


@dataclass(frozen=True, slots=True, kw_only=True)
class Grading:
    """The grade of one result by one term: 0 is "not toxic", None "cannot be graded".

    `term` is empty if the analyte is unknown or has no term; `direction` is "L" or "H", empty
    without a term. `could_raise` names what a number cannot show and what would raise the grade.
    `at_most` is the highest grade that is possible where numbers are missing; None where that is
    not known.
    """

    term: str
    direction: str
    grade: int | None
    reason: str
    could_raise: str | None = None
    at_most: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenResult:
    """The numbers and the baseline flag of one result as written, without blanks around them.

    What is missing is an empty text.
    """

    value: str
    lln: str
    uln: str
    base: str
    flag: str

    def limit(self, name: str) -> str:
        """Return the limit "LLN", "ULN" or "BASE"."""
        return {"LLN": self.lln, "ULN": self.uln, "BASE": self.base}[name]


@dataclass(frozen=True, slots=True, kw_only=True)
class GradingMethod:
    """How results of one written analyte and unit are graded.

    They are graded by `plans`. Where analyte or unit is unknown, or the analyte has no term, there
    are none, and `refusals` are the gradings of every such result.
    """

    plans: tuple[Plan, ...] = ()
    refusals: tuple[Grading, ...] = ()


def grade(
    analyte: str,
    value: Number,
    unit: str,
    *,
    version: str,
    lln: Number = None,
    uln: Number = None,
    baseline_value: Number = None,
    baseline_flag: str = "",
    fasting: str | bool | None = None,
    is_baseline: bool = False,
    anticoagulated: str | bool | None = None,
    albumin: Number = None,
    albumin_unit: str = "",
    neutropenic: str | bool | None = None,
    confirmed: bool = False,
) -> tuple[Grading, ...]:
    """Grade one result by every term of its analyte, low before high; never empty.

    Args:
        analyte: key, name, synonym or LOINC code.
        value: the result as written; `<5` and `>1000` are graded if their grade is certain.
        unit: as written, in UCUM or as laboratories print it.
        version: "5.0" or "6.0"; `ValueError` for any other.
        lln: lower limit of normal in the same unit; without it no grade is given that needs it.
        uln: upper limit of normal in the same unit.
        baseline_value: the patient's baseline in the same unit.
        baseline_flag: low, normal or high; if empty, it is derived from baseline and limits.
        fasting: Y or N, yes or no, True or False; anything else is unknown, unless the name or
            code of the analyte states it (`Fasting glucose`, `1558-6`).
        is_baseline: whether this is the baseline sample itself, which is graded against its limits.
        anticoagulated: whether the patient was on anticoagulation that day (INR is then graded by
            its baseline), written like `fasting`; nothing counts as not recorded, any other text
            as not known.
        albumin: the albumin of the same sample as written, by which total calcium is corrected.
        albumin_unit: the unit of the albumin.
        neutropenic: whether the neutrophils of the same day were below 1 ×10⁹/L, so that a raised
            body temperature is febrile neutropenia; written like `fasting`.
        confirmed: whether somebody has confirmed that value and limits are right; otherwise the
            reason names those that cannot be right in their unit.
    """
    note = "" if confirmed else doubt_note(*map(as_text, (analyte, value, unit, lln, uln)))
    corrected = correct(*map(as_text, (analyte, value, unit, albumin, albumin_unit)))
    if corrected is not None:
        analyte, value, note = corrected.analyte, corrected.value, corrected.note + note
    method = method_for(version, as_text(analyte), as_text(unit))
    if method.refusals:
        return _with_note(method.refusals, note)
    written = WrittenResult(
        value=as_text(value),
        lln=as_text(lln),
        uln=as_text(uln),
        base="" if is_baseline else as_text(baseline_value),
        flag="" if is_baseline else as_text(baseline_flag),
    )
    facts = facts_about(
        written,
        fasting_of(analyte, fasting),
        is_baseline,
        anticoagulation_state(anticoagulated),
        fasting_state(neutropenic),
    )
    return _with_note(_gradings(method, facts, written), note)


def _with_note(gradings: tuple[Grading, ...], note: str) -> tuple[Grading, ...]:
    """Return gradings with a note at the end of each reason."""
    return tuple(replace(grading, reason=f"{grading.reason}{note}") for grading in gradings)


@cache
def method_for(version: str, analyte_text: str, unit_text: str) -> GradingMethod:
    """Return how results of this written analyte and unit are graded.

    Raises ValueError for a version that does not exist.
    """
    if version not in VERSIONS:
        raise ValueError(f"There is no CTCAE version {version!r}.")
    analyte = analytes.find(analyte_text)
    if analyte is None:
        reason = (
            _("unknown analyte '{text}'").format(text=analyte_text)
            if analyte_text
            else _("no analyte")
        )
        return GradingMethod(refusals=(_refusal(reason),))
    terms = criteria.terms_of(version, analyte.key)
    if not terms:
        reason = _("CTCAE {version} has no term for a single result of {analyte}").format(
            version=version, analyte=analyte.name
        )
        return GradingMethod(refusals=(_refusal(reason),))
    unit = units.parse(analyte.key, unit_text)
    if unit is None:
        text = _("unknown unit '{unit}' for {analyte}") if unit_text else _("no unit")
        reason = cannot_grade(text.format(unit=unit_text, analyte=analyte.name))
        return GradingMethod(
            refusals=tuple(_refusal(reason, term, direction) for term, direction in terms)
        )
    return GradingMethod(plans=criteria.plans(version, analyte.key, unit.ucum))


def fasting_of(analyte_text: str, fasting: object) -> int:
    """Return whether a sample was taken fasting: as stated, or as the analyte's name says."""
    state = fasting_state(fasting)
    if state == FASTING_UNKNOWN and analytes.states_fasting(as_text(analyte_text)):
        return FASTING
    return state


def _gradings(method: GradingMethod, facts: Facts, written: WrittenResult) -> tuple[Grading, ...]:
    """Grade a value that is a number, has a comparator, or cannot be used."""
    if possible := value_range(written.value):
        return tuple(_grade_range(plan, facts, written, possible) for plan in method.plans)
    if fault := value_fault(written.value):
        return unusable(method, fault)
    bound = Bound(number(written.value) or Fraction(0), 0)
    return tuple(
        _grading(plan, _outcome(plan, facts, written, bound), written) for plan in method.plans
    )


def unusable(method: GradingMethod, fault: str) -> tuple[Grading, ...]:
    """Return the gradings of a value that cannot be used: one for every term, without a grade."""
    return tuple(_refusal(cannot_grade(fault), plan.term, plan.direction) for plan in method.plans)


def converted_text(value: str, factor: float) -> str:
    """Convert a written value to the criterion's unit, for display only, never for grading."""
    return figures(float(value) * factor, 6)


def _refusal(reason: str, term: str = "", direction: str = "") -> Grading:
    return Grading(term=term, direction=direction, grade=None, reason=reason)


def facts_about(
    written: WrittenResult, fasting: int, is_baseline: bool, anticoagulated: int, neutropenic: int
) -> Facts:
    """Return what is known about a result apart from its numbers, computed exactly."""
    texts = {name: written.limit(name) for name in ("LLN", "ULN", "BASE")}
    status = {name: limit_status(text, name) for name, text in texts.items()}
    low, high, base = (
        number(text) if status[name] == USABLE else None for name, text in texts.items()
    )
    flags = written_flag(written.flag)
    if not written.flag:
        below = UNKNOWN if base is None or low is None else int(base < low)
        above = UNKNOWN if base is None or high is None else int(base > high)
        flags = derived_flags(status["BASE"], below, above)
    return Facts(
        flags=flags or 0,
        flag_unreadable=flags is None,
        lln=status["LLN"],
        uln=status["ULN"],
        base=status["BASE"],
        fasting=fasting,
        is_baseline=is_baseline,
        anticoagulated=anticoagulated,
        neutropenic=neutropenic,
        limits_crossed=low is not None and high is not None and low > high,
    )


def _outcome(plan: Plan, facts: Facts, written: WrittenResult, bound: Bound) -> Outcome:
    """Return the outcome for a value at a bound."""
    truths = (
        truth(comparison, bound.number, limit_of(comparison, facts, written), bound.side)
        for comparison in plan.comparisons
    )
    return judge(plan, facts, tuple(truths))


def limit_of(comparison: Comparison, facts: Facts, written: WrittenResult) -> Fraction | None:
    """Return the limit that a comparison refers to; None for none, or if it is not usable."""
    if not comparison.limit or facts.status(comparison.limit) != USABLE:
        return None
    return number(written.limit(comparison.limit))


def _grade_range(plan: Plan, facts: Facts, written: WrittenResult, possible: ValueRange) -> Grading:
    """Grade `<5` or `>1000`: a grade is given only if all possible values have the same one."""
    if fault := value_fault(possible.written_number):
        return _refusal(cannot_grade(fault), plan.term, plan.direction)
    # Grades rise or fall from one end of the range to the other, so that its ends are enough.
    outcomes = [_outcome(plan, facts, written, bound) for bound in (possible.near, possible.far)]
    grades = [outcome.grade for outcome in outcomes]
    at_most = highest([outcome.at_most for outcome in outcomes])
    if None not in grades and grades[0] != grades[1]:
        low, high = sorted(grade for grade in grades if grade is not None)
        reason = _("{value} may be anything from grade {low} to {high}").format(
            value=written.value, low=low, high=high
        )
        return replace(_refusal(cannot_grade(reason), plan.term, plan.direction), at_most=at_most)
    # If both ends have the grade, the reason is that of the number as written.
    outcome = next((each for each in outcomes if each.grade is None), outcomes[0])
    return _grading(plan, replace(outcome, at_most=at_most), written)


def _grading(plan: Plan, outcome: Outcome, written: WrittenResult) -> Grading:
    """Return an outcome with the numbers of a result inserted into its reason."""
    has_comparator = value_range(written.value) is not None
    value = f"({written.value})" if has_comparator else written.value
    converted = ""
    if plan.display_factor is not None and not has_comparator:
        converted = converted_text(written.value, plan.display_factor)
    return Grading(
        term=plan.term,
        direction=plan.direction,
        grade=outcome.grade,
        reason=outcome.reason.format(
            v=value, c=converted, l=written.lln, u=written.uln, b=written.base
        ),
        could_raise=outcome.could_raise,
        at_most=outcome.at_most,
    )

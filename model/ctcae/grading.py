"""Grades of laboratory results by CTCAE 5.0 or 6.0, each with its reason.

`grade` grades one result, `grade_frame` (in `model.ctcae.grading_frame`) whole columns with equal
results, `cut_offs` returns the bands of grades on a plot's axis. All are pure: the limits are those
of the laboratory on that day, and are never assumed.

A result is graded by the cut-off in its own written unit if NCI gives one, and only otherwise
converted. LLN, ULN and baseline are in the written unit of the value. A grade is a proposal: what a
number cannot show (symptoms, treatment) is assumed absent, and listed in `could_raise`.
"""

from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cache

from model.ctcae import criteria
from model.ctcae.calcium import correct
from model.ctcae.criteria import Comparison, Plan
from model.ctcae.judging import (
    FASTING,
    FASTING_UNKNOWN,
    GIVEN,
    NEUTROPENIA_UNKNOWN,
    TRUE,
    UNKNOWN,
    Facts,
    Outcome,
    cannot_grade,
    highest,
    holds_for,
    judge,
)
from model.ctcae.results import (
    Number,
    anticoagulation_state,
    as_text,
    bounds,
    derived_flags,
    doubt_note,
    fasting_state,
    limit_status,
    number,
    truth,
    value_fault,
    written_flag,
)
from model.ctcae.terms import VERSIONS
from model.language import _
from model.reference import analytes, units
from model.rounding import figures


@dataclass(frozen=True, slots=True, kw_only=True)
class Grading:
    """One result by one term: grade 0 is "graded and not toxic", None "cannot be graded".

    `direction` is L or H. An unknown analyte, or one without a term, has an empty term.
    `could_raise` is what a number cannot show and would raise the grade; `at_most` the highest
    grade that the numbers allow if some are missing, None where that is not known.
    """

    term: str
    direction: str
    grade: int | None
    reason: str
    could_raise: str | None = None
    at_most: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """The numbers of one result as written, without blanks; empty for none."""

    value: str
    lln: str
    uln: str
    base: str
    flag: str

    def limit(self, name: str) -> str:
        """Return the limit "LLN", "ULN" or "BASE"."""
        return {"LLN": self.lln, "ULN": self.uln, "BASE": self.base}[name]


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """How results of one written analyte and unit are graded.

    Either by `plans`, or not at all: then `refusals` are the gradings of every such result, as the
    analyte, term or unit is unknown.
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
        value: the result as written; `<5` and `>1000` are graded where that is certain.
        unit: as written, in UCUM or as laboratories print it.
        version: "5.0" or "6.0"; `ValueError` for any other.
        lln: lower limit of normal in the same unit; without it, no grade that needs it.
        uln: upper limit of normal in the same unit.
        baseline_value: the patient's baseline in the same unit.
        baseline_flag: low, normal or high; derived from value and limits when empty.
        fasting: Y or N, yes or no, True or False; anything else is unknown, unless the analyte
            is written so that it says it (`Fasting glucose`, `1558-6`).
        is_baseline: this is the baseline sample itself, graded against its limits.
        anticoagulated: the patient was on anticoagulation that day (INR is then graded by
            baseline): as `fasting`; nothing counts as not recorded, any other text as not known.
        albumin: the albumin of the same sample as written, by which total calcium is corrected.
        albumin_unit: the unit of the albumin.
        neutropenic: the neutrophils of the same day were below 1 ×10⁹/L, with which a raised body
            temperature is febrile neutropenia: as `fasting`.
        confirmed: somebody has confirmed that value and limits are right; otherwise the reason
            names those that cannot be right in their unit.
    """
    note = "" if confirmed else doubt_note(*map(as_text, (analyte, value, unit, lln, uln)))
    corrected = correct(*map(as_text, (analyte, value, unit, albumin, albumin_unit)))
    if corrected is not None:
        analyte, value, note = corrected.analyte, corrected.value, corrected.note + note
    target = target_for(version, as_text(analyte), as_text(unit))
    if target.refusals:
        return _noted(target.refusals, note)
    written = Written(
        value=as_text(value),
        lln=as_text(lln),
        uln=as_text(uln),
        base="" if is_baseline else as_text(baseline_value),
        flag="" if is_baseline else as_text(baseline_flag),
    )
    facts = _facts(
        written,
        fasting_of(analyte, fasting),
        is_baseline,
        anticoagulation_state(anticoagulated),
        fasting_state(neutropenic),
    )
    return _noted(_gradings(target, facts, written), note)


def _noted(gradings: tuple[Grading, ...], note: str) -> tuple[Grading, ...]:
    """Return gradings with a note at the end of each reason."""
    return tuple(replace(line, reason=f"{line.reason}{note}") for line in gradings)


def cut_offs(
    analyte_key: str,
    unit: str,
    version: str,
    direction: str,
    lln: Number = None,
    uln: Number = None,
    baseline: Number = None,
    anticoagulated: str | bool | None = None,
) -> list[tuple[int, float | None, float | None]]:
    """Return the bands of the grades of one direction ("L" or "H"), in the written unit.

    Mildest first, each a grade with its low and high edge; None for an open side. A grade without
    its limit is left out, as are all if analyte or unit are unknown. Glucose counts as fasting. For
    shading a plot: which band an edge belongs to is decided by `grade` alone. Of several terms the
    highest grade counts.
    """
    target = target_for(version, analyte_key, unit)
    written = Written(value="", lln=as_text(lln), uln=as_text(uln), base=as_text(baseline), flag="")
    state = anticoagulation_state(anticoagulated)
    facts = _facts(written, FASTING, False, state, NEUTROPENIA_UNKNOWN)
    sign = -1 if direction == "L" else 1
    starts: dict[int, float] = {}
    refused: list[float | None] = []
    for plan in target.plans:
        if plan.direction != direction:
            continue
        refused.append(float(plan.comparisons[plan.refused[0]].offset) if plan.refused else None)
        for level in criteria.GRADES:
            start = _start(plan, facts, written, level)
            # Of several terms, the one that begins nearest to normal.
            if start is not None and (level not in starts or (start - starts[level]) * sign < 0):
                starts[level] = start
    bands: list[tuple[int, float | None, float | None]] = []
    edge = None if None in refused else next(iter(refused), None)
    for level in criteria.GRADES:
        start = starts.get(level)
        if start is None or (edge is not None and (edge - start) * sign <= 0):
            continue
        bands.append((level, start, edge) if sign > 0 else (level, edge, start))
        edge = start
    return bands[::-1]


@cache
def target_for(version: str, analyte_text: str, unit_text: str) -> Target:
    """Return how results of this written analyte and unit are graded; ValueError for no version."""
    if version not in VERSIONS:
        raise ValueError(f"There is no CTCAE version {version!r}.")
    analyte = analytes.find(analyte_text)
    if analyte is None:
        reason = (
            _("unknown analyte '{text}'").format(text=analyte_text)
            if analyte_text
            else _("no analyte")
        )
        return Target(refusals=(_refusal(reason),))
    terms = criteria.terms_of(version, analyte.key)
    if not terms:
        reason = _("CTCAE {version} has no term for a single result of {analyte}").format(
            version=version, analyte=analyte.name
        )
        return Target(refusals=(_refusal(reason),))
    unit = units.parse(analyte.key, unit_text)
    if unit is None:
        text = _("unknown unit '{unit}' for {analyte}") if unit_text else _("no unit")
        reason = cannot_grade(text.format(unit=unit_text, analyte=analyte.name))
        return Target(
            refusals=tuple(_refusal(reason, term, direction) for term, direction in terms)
        )
    return Target(plans=criteria.plans(version, analyte.key, unit.ucum))


def fasting_of(analyte_text: str, fasting: object) -> int:
    """Return whether a sample was taken fasting: as stated, or as the analyte's name says."""
    state = fasting_state(fasting)
    if state == FASTING_UNKNOWN and analytes.states_fasting(as_text(analyte_text)):
        return FASTING
    return state


def _gradings(target: Target, facts: Facts, written: Written) -> tuple[Grading, ...]:
    """Grade a value that is a number, has a comparator, or cannot be used."""
    if reach := bounds(written.value):
        return tuple(_grade_reach(plan, facts, written, reach) for plan in target.plans)
    if fault := value_fault(written.value):
        return unusable(target, fault)
    amount = number(written.value) or Fraction(0)
    return tuple(
        _filled(plan, _judged(plan, facts, written, (amount, 0)), written) for plan in target.plans
    )


def unusable(target: Target, fault: str) -> tuple[Grading, ...]:
    """Return the gradings of a value that cannot be used: every term, no grade."""
    return tuple(_refusal(cannot_grade(fault), plan.term, plan.direction) for plan in target.plans)


def converted_text(value: str, times: float) -> str:
    """Convert a written value to the criterion's unit, for display only, never for grading."""
    return figures(float(value) * times, 6)


def _refusal(reason: str, term: str = "", direction: str = "") -> Grading:
    return Grading(term=term, direction=direction, grade=None, reason=reason)


def _facts(
    written: Written, fasting: int, is_baseline: bool, anticoagulated: int, neutropenic: int
) -> Facts:
    """Return what is known about a result apart from its numbers, computed exactly."""
    texts = {name: written.limit(name) for name in ("LLN", "ULN", "BASE")}
    status = {name: limit_status(text, name) for name, text in texts.items()}
    low, high, base = (
        number(text) if status[name] == GIVEN else None for name, text in texts.items()
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
        crossed=low is not None and high is not None and low > high,
    )


def _judged(plan: Plan, facts: Facts, written: Written, at: tuple[Fraction, int]) -> Outcome:
    """Return the outcome for a value at a number, or just next to it."""
    amount, side = at
    return judge(
        plan,
        facts,
        tuple(
            truth(part, amount, limit_of(part, facts, written), side) for part in plan.comparisons
        ),
    )


def limit_of(part: Comparison, facts: Facts, written: Written) -> Fraction | None:
    """Return the limit that a comparison refers to; None if it is missing or unreadable."""
    if not part.limit or facts.status(part.limit) != GIVEN:
        return None
    return number(written.limit(part.limit))


def _grade_reach(
    plan: Plan,
    facts: Facts,
    written: Written,
    reach: tuple[str, tuple[Fraction, int], tuple[Fraction, int]],
) -> Grading:
    """Grade `<5` or `>1000`: only if all values that it may be have the same grade."""
    amount_text, near, far = reach
    if fault := value_fault(amount_text):
        return _refusal(cannot_grade(fault), plan.term, plan.direction)
    outcomes = [_judged(plan, facts, written, at) for at in (near, far)]
    grades = [outcome.grade for outcome in outcomes]
    at_most = highest([outcome.at_most for outcome in outcomes])
    if None not in grades and grades[0] != grades[1]:
        low, high = sorted(grade for grade in grades if grade is not None)
        reason = _("{value} may be anything from grade {low} to {high}").format(
            value=written.value, low=low, high=high
        )
        return replace(_refusal(cannot_grade(reason), plan.term, plan.direction), at_most=at_most)
    # The bound at the number is the one nearest to a milder grade.
    outcome = next((o for o in outcomes if o.grade is None), outcomes[0])
    return _filled(plan, replace(outcome, at_most=at_most), written)


def _filled(plan: Plan, outcome: Outcome, written: Written) -> Grading:
    """Return an outcome with the numbers of a result inserted into its reason."""
    value = f"({written.value})" if bounds(written.value) else written.value
    converted = ""
    if plan.converted is not None and value == written.value:
        converted = converted_text(written.value, plan.converted)
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


def _start(plan: Plan, facts: Facts, written: Written, level: int) -> float | None:
    """Return where a grade begins, from normal: the nearest cut-off of all arms that apply."""
    outermost = max if plan.direction == "L" else min
    innermost = min if plan.direction == "L" else max
    starts = []
    for arm in plan.arms:
        condition = arm.criterion.condition
        if level not in arm.grades or condition.startswith("if "):
            continue
        parts = [plan.comparisons[i] for i in arm.grades[level]]
        limits = [limit_of(part, facts, written) for part in parts]
        has_limits = all(
            limit is not None or not part.limit for part, limit in zip(parts, limits, strict=True)
        )
        if has_limits and holds_for(condition, facts) == TRUE:
            starts.append(
                innermost(
                    float(part.factor * (limit or Fraction(0)) + part.offset)
                    for part, limit in zip(parts, limits, strict=True)
                )
            )
    return outermost(starts) if starts else None

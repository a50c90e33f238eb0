"""Limits that are CTCAE grades: of a laboratory result, or of recorded toxicities."""

from __future__ import annotations

from collections.abc import Iterable
from fractions import Fraction

from model.ctcae import criteria
from model.ctcae.terms import VERSIONS
from model.dates import date_text, is_before
from model.grading.lab_grades import LabGrade, grade_result
from model.grading.samples import Samples, samples_of
from model.language import _
from model.readiness.facts import Facts, measured_sample
from model.readiness.limits import Finding, Verdict, age_problem, blocks, not_assessable
from model.readiness.rule_sets import Limit
from model.records.labs import LabResult
from model.records.toxicities import Toxicity
from model.reference import analytes

_BLOOD = "Blood and lymphatic system disorders"
_BLOOD_COUNTS = ("hb", "wbc", "anc", "alc", "plt", "eos", "cd4")
_HYPERSENSITIVITY = ("Allergic reaction", "Anaphylaxis")
_NONE_RECORDED = {
    "non_haematological": _(
        "No non-haematological toxicity recorded, which does not mean that there was none."
    ),
    "hypersensitivity": _(
        "No allergic reaction or anaphylaxis recorded, which does not mean that there was none."
    ),
}


def check_grade(limit: Limit, facts: Facts, max_age_days: int | None) -> Finding:
    """Compare a grade with its limit; recorded toxicities decide if no result does.

    Without records the limit cannot be assessed: what is not recorded may still be present.
    """
    if analytes.by_key(limit.parameter) is None:
        return _check_events(limit, facts)
    by_result = _check_result(limit, facts, max_age_days)
    if by_result.verdict is not Verdict.NOT_ASSESSABLE:
        return by_result
    terms = _terms(limit.parameter, "L")
    worst = _worst(
        event for event in facts.records.toxicities if event.term in terms and event.is_ongoing
    )
    if worst is None or not _blocks(limit, worst.grade):
        return by_result
    return Finding(
        verdict=Verdict.FAIL,
        recorded=_("grade {grade}").format(grade=worst.grade),
        on=worst.onset_on,
        reason=f"{_event_text(worst, is_open=True)} {by_result.reason}",
    )


def _check_result(limit: Limit, facts: Facts, max_age_days: int | None) -> Finding:
    """Compare the grade of the newest result, in the patient's CTCAE version, with its limit."""
    results = facts.records.results_by_analyte.get(limit.parameter)
    if not results:
        return not_assessable(_("No result recorded."))
    result, version = results[-1], facts.records.ctcae_version
    sample = measured_sample(result)
    if problem := age_problem(sample, facts, max_age_days):
        return not_assessable(problem, sample)
    if result.is_questioned:
        return not_assessable(result.doubt, sample)
    samples = samples_of(facts.records.usable_results, facts.records.therapies)
    low = _grade_low(result, version, samples)
    if low.grade is None:
        # Without an LLN it may be grade 1 or none, but no higher.
        at_most = low.at_most if result.lower_limit is None else None
        if at_most is None or _blocks(limit, at_most):
            return not_assessable(_sentence(low.reason), sample)
        text = _("CTCAE {version}: at most grade {grade}, no LLN recorded.")
        sentence = text.format(version=version, grade=at_most)
        recorded, verdict = sample.written, Verdict.PASS
    else:
        sentence = f"CTCAE {version}: {low.reason}."
        sentence += _other_version_text(limit, low, version, samples)
        recorded = _("{value}, grade {grade}").format(value=sample.written, grade=low.grade)
        verdict = Verdict.FAIL if _blocks(limit, low.grade) else Verdict.PASS
    return Finding(verdict=verdict, recorded=recorded, on=sample.on, reason=sentence)


def _grade_low(result: LabResult, version: str, samples: Samples) -> LabGrade:
    """Return the grade of a result by a term for low values."""
    lines = grade_result(result, None, version, samples)
    return next((line for line in lines if line.direction == "L"), lines[0])


def _other_version_text(limit: Limit, graded: LabGrade, version: str, samples: Samples) -> str:
    """Return the grade in the other version after a space; empty if it is the same."""
    other_version = next(each for each in VERSIONS if each != version)
    other_grade = _grade_low(graded.result, other_version, samples).grade
    if other_grade is None or graded.grade is None or other_grade == graded.grade:
        return ""
    if _blocks(limit, other_grade) == _blocks(limit, graded.grade):
        text = _("CTCAE {version}: grade {grade}.")
    elif _blocks(limit, other_grade):
        text = _("CTCAE {version}: grade {grade}, which fails.")
    else:
        text = _("CTCAE {version}: grade {grade}, which passes.")
    return " " + text.format(version=other_version, grade=other_grade)


def _check_events(limit: Limit, facts: Facts) -> Finding:
    """Compare the worst ongoing toxicity with its limit; a hypersensitivity counts for ever."""
    counts_for_ever = limit.parameter == "hypersensitivity"
    first_on = facts.records.first_cycle_on
    events = [
        event
        for event in facts.records.toxicities
        if (event.term in _HYPERSENSITIVITY if counts_for_ever else not _is_haematological(event))
        and event.attribution != "unrelated"
        and event.treatment_emergent is not False
        and not (is_before(event.onset_on, first_on) or is_before(event.resolved_on, first_on))
    ]
    if not events:
        return not_assessable(_NONE_RECORDED[limit.parameter])
    worst = _worst(event for event in events if counts_for_ever or event.is_ongoing)
    if worst is None:
        return Finding(
            verdict=Verdict.PASS, recorded=_("none ongoing"), reason=_("All have ended.")
        )
    return Finding(
        verdict=Verdict.FAIL if _blocks(limit, worst.grade) else Verdict.PASS,
        recorded=_("grade {grade}").format(grade=worst.grade),
        on=worst.onset_on,
        reason=_event_text(worst, is_open=not counts_for_ever and not worst.resolved_on),
    )


def _worst(events: Iterable[Toxicity]) -> Toxicity | None:
    return max(events, key=lambda event: event.grade, default=None)


def _event_text(event: Toxicity, *, is_open: bool) -> str:
    """Return a toxicity as a sentence: `Nausea, grade 3, since 3 Mar 2025.`."""
    if event.onset_on and is_open:
        text = _("{term}, grade {grade}, since {date}, no end recorded.")
    elif event.onset_on:
        text = _("{term}, grade {grade}, since {date}.")
    elif is_open:
        text = _("{term}, grade {grade}, no end recorded.")
    else:
        text = _("{term}, grade {grade}.")
    return text.format(term=event.label, grade=event.grade, date=date_text(event.onset_on))


def _blocks(limit: Limit, grade: int) -> bool:
    return bool(blocks(limit.operator, Fraction(grade), Fraction(limit.value or 0), None))


def _is_haematological(event: Toxicity) -> bool:
    return event.soc == _BLOOD or any(event.term in _terms(key, "LH") for key in _BLOOD_COUNTS)


def _terms(analyte: str, directions: str) -> set[str]:
    """Return the terms by which an analyte is graded in these directions, in either version."""
    pairs = (pair for version in VERSIONS for pair in criteria.terms_of(version, analyte))
    return {term for term, direction in pairs if direction in directions}


def _sentence(reason: str) -> str:
    return f"{reason[:1].upper()}{reason[1:]}."

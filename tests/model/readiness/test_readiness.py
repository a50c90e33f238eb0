"""Never green with a gap; what is missing, ended or does not apply is said."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest

from model.readiness import own_rule_sets, readiness
from model.readiness.outcomes import ALL_MET, NO_SET
from model.readiness.rule_sets import GENERIC, with_generic
from model.records import cycles, labs, toxicities, whole_patient
from model.records.administrations import Administration
from model.records.assessments import Assessment
from model.records.cycles import Cycle, Treatment
from model.records.followups import FollowUp
from model.records.outcome.ends_of_treatment import EndOfTreatment
from model.records.patient_records import load
from tests.model.readiness.cases import (
    ALPHA,
    FAIL,
    FIRST,
    NAMED,
    NONE,
    OPEN,
    PASS,
    TODAY,
    US,
    alpha,
    cycle,
    event,
    facts,
    outcome,
    result,
)


def test_nothing_recorded_is_not_assessable():
    found = readiness.readiness(NAMED[US], facts())
    by_key = {each.rule.key: each for each in found.outcomes}
    counted = {"delay", "interval", "cycles", "recurrence"}
    assert {key for key, each in by_key.items() if each.verdict is not OPEN} == counted
    assert by_key["platelets"].finding.reason == "No result recorded."
    assert found.summary == ("10 not assessable",)


def complete(**more):
    """All that the default of alpha-PRRT asks for, every limit met."""
    values = {"hb": "11", "plt": "200", "wbc": "5", "anc": "3", "crcl": "80", "bili": "0.7"}
    results = [result(key, value, uln="1.2") for key, value in values.items()]
    return facts(*results, **({"treatments": (alpha(),)} | more))


def of_alpha(known):
    return readiness.readiness(with_generic(NAMED[ALPHA], NAMED[GENERIC]), known)


def with_results(known, results):
    return replace(known, records=replace(known.records, results=tuple(results)))


def test_recent_results_alone_are_no_green_light():
    rules = with_generic(NAMED["RLT_PRACTICE_2023"], NAMED[GENERIC])
    found = readiness.readiness(rules, facts(result("crp", "3", unit="mg/L")))
    assert [each.rule.key for each in found.outcomes if each.verdict is PASS] == ["lab_age"]
    assert found.summary == ("only the limit on the age of labs applies",)
    assert found.summary != (ALL_MET,)


def test_planned_cycles_and_recent_results_are_no_green_light():
    planned = changed(GENERIC, "planned_cycles")
    planned = replace(planned, limits=(replace(planned.limits[0], value=Decimal(4)),))
    rules = replace(NAMED[ALPHA], rules=(planned, changed(GENERIC, "lab_age")))
    known = facts(result("crp", "3", unit="mg/L"))
    assert readiness.readiness(rules, known).summary == ("no limit on a value applies",)


def test_all_limits_are_met_only_when_every_one_was_passed():
    known = complete()
    found = of_alpha(known)
    assert found.question == "Ready for cycle 2?"
    assert found.summary == ("all limits met",)
    assert found.summary == (ALL_MET,)
    for missing in known.records.results:
        left = [each for each in known.records.results if each is not missing]
        without = of_alpha(with_results(known, left))
        assert without.summary == ("1 not assessable",)
        assert without.summary != (ALL_MET,)


def test_fails_and_gaps_are_both_said():
    known = complete()
    worse = [*known.records.results[2:], result("plt", "44"), result("hb", "7")]
    left = [each for each in worse if each.analyte != "anc"]
    assert of_alpha(with_results(known, left)).summary == ("2 fail", "1 not assessable")


def test_what_does_not_apply_counts_for_nothing_and_stands_last():
    found = readiness.readiness(NAMED["RLT_PRACTICE_2023"], complete())
    assert found.summary == ("no limit applies",)
    assert found.summary != (ALL_MET,)
    found = of_alpha(complete(treatments=(cycle(),)))
    assert found.outcomes[-1].rule.key == "interval"


def test_the_dead_are_not_judged():
    found = of_alpha(complete(died_on=date(2025, 5, 1)))
    assert (found.why_no_outcomes, found.outcomes, found.summary) == (
        "The patient died on 1 May 2025.",
        (),
        (),
    )


def test_without_a_rule_set_it_says_so():
    found = readiness.readiness(None, complete())
    assert (found.why_no_outcomes, found.summary) == (NO_SET, ())
    assert found.question == "Ready for cycle 2?"


def test_a_text_to_be_read_out_holds_everything():
    known = complete()
    text = next(each.text for each in of_alpha(known).outcomes if each.rule.key == "platelets")
    for part in (
        "Platelets ≥ 75 ×10⁹/L. 200 ×10⁹/L: passes",
        "17 May 2025, 3 days old",
        "platelets < 75 10*9/L",
        "What the source then asks for: not ready",
        "Source: no published consensus",
    ):
        assert part in text


def test_no_text_of_ours_advises_or_names_an_activity():
    for rules in NAMED.values():
        for each in readiness.readiness(rules, complete()).outcomes:
            said = f"{each.limit} {each.finding.reason} {each.finding.left}".casefold()
            for word in ("gbq", "mbq", "withhold", "reduce", "should", "recommend", "safe"):
                assert word not in said


def changed(set_key, rule_key, **changes):
    """One rule of a set with changes."""
    return replace(next(one for one in NAMED[set_key].rules if one.key == rule_key), **changes)


def test_a_limit_on_the_age_of_results_counts_only_where_it_applies():
    age = changed(GENERIC, "lab_age")
    strict = replace(age.limits[0], value=Decimal(2))
    early = replace(age, limits=(strict,), applies_to="first_cycle")
    rules = replace(NAMED[ALPHA], rules=(*NAMED[ALPHA].rules, early, age))
    by_key = {each.rule.key: each for each in readiness.readiness(rules, complete()).outcomes}
    assert by_key["platelets"].verdict is PASS
    untreated = {
        each.rule.key: each for each in readiness.readiness(rules, complete(treatments=())).outcomes
    }
    assert untreated["platelets"].finding.reason == "Over 2 days old."


def test_an_interval_after_an_administration_is_counted_from_any_cycle():
    rule = changed(ALPHA, "interval", applies_to="after_administration")
    found = readiness.readiness(
        replace(NAMED[ALPHA], rules=(rule,)), facts(today=FIRST + timedelta(days=10))
    )
    assert found.outcomes[0].verdict is FAIL
    assert found.earliest == FIRST + timedelta(days=56)


@pytest.mark.parametrize(("joined", "weeks"), [("or", 12), ("and", 8)])
def test_of_several_intervals_the_one_that_decides_gives_the_earliest_day(joined, weeks):
    rule = changed(ALPHA, "interval", joined=joined)
    (eight,) = rule.limits
    both = replace(rule, limits=(eight, replace(eight, value=Decimal(12))))
    rules = replace(NAMED[ALPHA], rules=(both,))
    known = facts(treatments=(alpha(),), today=FIRST + timedelta(days=10))
    assert readiness.readiness(rules, known).earliest == FIRST + timedelta(weeks=weeks)


# Treatment that is finished


def four_of(nuclide="177Lu", count=4, weeks=8):
    return tuple(
        cycle(number, FIRST + timedelta(weeks=weeks * (number - 1)), (nuclide,))
        for number in range(1, count + 1)
    )


def checked(set_key, known):
    return readiness.readiness(with_generic(NAMED[set_key], NAMED[GENERIC]), known)


@pytest.mark.parametrize("set_key", [US, "IMPERIAL_UK"])
def test_ten_days_after_a_cycle_nobody_is_ready_for_the_next(set_key):
    known = facts(result("plt", "200", lln="150"), today=FIRST + timedelta(days=10))
    found = checked(set_key, known)
    assert found.question == "Ready for cycle 2?"
    by_key = {each.rule.key: each for each in found.outcomes}
    assert by_key["interval"].verdict is FAIL
    assert by_key["cycles"].finding.recorded == "1 of 4 planned cycles given"
    assert found.earliest == FIRST + timedelta(weeks=7 if set_key == US else 12)
    assert ALL_MET not in found.summary


@pytest.mark.parametrize(("days", "expected"), [(48, FAIL), (49, PASS), (56, PASS)])
def test_the_label_allows_a_week_less_than_eight(days, expected):
    known = facts(today=FIRST + timedelta(days=days))
    assert outcome(US, "interval", known).verdict is expected


@pytest.mark.parametrize("set_key", [US, "IMPERIAL_UK"])
def test_after_four_of_four_cycles_there_is_no_readiness(set_key):
    later = FIRST + timedelta(weeks=60)
    three = checked(set_key, facts(treatments=four_of(count=3), today=later))
    assert (three.why_no_outcomes, three.question) == ("", "Ready for cycle 4?")
    found = checked(set_key, facts(treatments=four_of(), today=later))
    assert found.why_no_outcomes == "4 of 4 planned cycles given."
    assert (found.question, found.outcomes, found.summary) == ("Readiness", (), ())


def test_cycles_of_another_nuclide_are_not_among_the_planned():
    known = facts(treatments=four_of("225Ac"), today=FIRST + timedelta(weeks=60))
    assert checked(US, known).why_no_outcomes == ""
    unclear = (*four_of(count=3), cycle(4, FIRST + timedelta(weeks=24), ()))
    known = facts(treatments=unclear, today=FIRST + timedelta(weeks=60))
    found = outcome(US, "cycles", known)
    assert found.verdict is OPEN
    assert found.finding.recorded == "3 of 4 planned cycles given"
    assert found.finding.reason == "What was given in cycle 4 is not recorded."


def ended(on, reason="progression"):
    return EndOfTreatment(patient_id=1, ended_on=on, reason=reason)


def test_whose_treatment_ended_is_out_of_readiness_until_a_cycle_is_given_again():
    known = facts(ends=(ended(FIRST + timedelta(days=30)),))
    assert checked(ALPHA, known).why_no_outcomes == "Treatment ended on 9 Apr 2025: progression."
    assert checked(ALPHA, facts(ends=(ended(FIRST, None),))).why_no_outcomes == (
        "Treatment ended on 10 Mar 2025."
    )
    assert readiness.readiness(None, known).why_no_outcomes.startswith("Treatment ended")
    again = (*four_of(), cycle(5, FIRST + timedelta(weeks=52)))
    ends = (ended(FIRST + timedelta(weeks=30), "completed"),)
    known = facts(treatments=again, ends=ends, today=FIRST + timedelta(weeks=60))
    found = checked(US, known)
    assert found.question == "Ready for cycle 6?"
    by_key = {each.rule.key: each for each in found.outcomes}
    assert by_key["cycles"].finding.recorded == "1 of 4 planned cycles given"


def test_an_end_that_is_still_to_come_ends_nothing_yet():
    assert checked(ALPHA, facts(ends=(ended(TODAY + timedelta(days=1)),))).why_no_outcomes == ""


def test_an_assessment_at_the_end_of_treatment_ends_it_too():
    seen = Assessment(patient_id=1, assessed_on=TODAY, timepoint="end_of_treatment")
    assert checked(ALPHA, facts(assessments=(seen,))).why_no_outcomes == (
        "Treatment ended: it was assessed at its end on 20 May 2025."
    )


def test_a_set_that_is_not_about_the_next_cycle_is_for_whom_treatment_is_finished():
    known = facts(
        treatments=four_of(), ends=(ended(FIRST + timedelta(weeks=30)),), today=date(2025, 12, 1)
    )
    found = checked("HEPAR_PLUS", known)
    assert (found.question, found.why_no_outcomes) == ("Ready for SIRT after PRRT?", "")
    assert "planned_cycles" not in {each.rule.key for each in found.outcomes}


def test_a_centre_may_plan_cycles_for_every_set():
    generic = changed(GENERIC, "planned_cycles")
    planned = replace(generic, limits=(replace(generic.limits[0], value=Decimal(2)),))
    rules = with_generic(NAMED[ALPHA], replace(NAMED[GENERIC], rules=(planned,)))
    one = readiness.readiness(rules, facts())
    assert {each.rule.key: each.verdict for each in one.outcomes}["planned_cycles"] is PASS
    two = readiness.readiness(rules, facts(treatments=(cycle(), cycle(2, TODAY))))
    assert two.why_no_outcomes == "2 of 2 planned cycles given."


@pytest.mark.parametrize(
    ("key", "analyte", "met", "exceeded"),
    [
        ("bilirubin", "bili", "1.8", "1.81"),
        ("alp", "alp", "525", "526"),
        ("alt", "alt", "200", "201"),
        ("ast", "ast", "200", "201"),
    ],
)
def test_hepar_plus_has_the_liver_limits_of_its_source(key, analyte, met, exceeded):
    unit = {"bili": "mg/dL"}.get(analyte, "U/L")
    uln = {"bili": "1.2", "alp": "105"}.get(analyte, "40")
    for value, expected in ((met, PASS), (exceeded, FAIL)):
        found = outcome("HEPAR_PLUS", key, facts(result(analyte, value, unit=unit, uln=uln)))
        assert found.verdict is expected


def test_the_performance_status_is_the_last_one_recorded():
    def seen(score, days):
        return FollowUp(
            patient_id=1, seen_on=TODAY - timedelta(days=days), status="alive", ecog=score
        )

    known = facts(follow_ups=(seen(2, 10), seen(1, 3)))
    assert outcome("IMPERIAL_UK", "ecog", known).verdict is PASS
    assert outcome("IMPERIAL_UK", "ecog", facts(follow_ups=(seen(2, 3),))).verdict is FAIL
    assert outcome("IMPERIAL_UK", "ecog", facts(follow_ups=(seen(1, 15),))).verdict is OPEN
    assert outcome("IMPERIAL_UK", "ecog", facts()).verdict is OPEN
    assert outcome("HEPAR_PLUS", "ecog", facts(follow_ups=(seen(2, 3),))).verdict is PASS


# Recurrence after a reduced activity

SECOND = FIRST + timedelta(weeks=10)


def reduced(mbq=3700.0):
    given = Administration(number=1, nuclide="177Lu", administered_mbq=mbq)
    return Treatment(Cycle(patient_id=1, number=2, given_on=SECOND), (given,))


def platelets(*values, today, treatments=None):
    results = [
        result("plt", value, lln="150", on=FIRST + timedelta(days=days)) for days, value in values
    ]
    return facts(*results, treatments=treatments or (cycle(), reduced()), today=today)


LATER = SECOND + timedelta(days=60)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        # Grade 2 or more is below 75.
        (((30, "60"), (60, "120"), (100, "70"), (125, "200")), FAIL),
        (((30, "60"), (60, "120"), (100, "80"), (125, "200")), PASS),
        (((30, "90"), (60, "120"), (100, "70"), (125, "200")), NONE),
        (((30, "60"), (60, "120")), OPEN),
    ],
)
def test_a_recurrence_after_a_reduced_activity_stays_a_recurrence(values, expected):
    found = outcome(US, "recurrence", platelets(*values, today=LATER))
    assert found.verdict is expected
    if expected is FAIL:
        assert found.finding.recorded == "Platelets"
        assert found.finding.on == FIRST + timedelta(days=100)
        assert found.rule.action == "permanently discontinue"


def test_without_a_reduced_activity_nothing_recurs():
    values = ((30, "60"), (60, "120"), (100, "70"))
    full = platelets(*values, today=LATER, treatments=(cycle(), reduced(7400.0)))
    assert outcome(US, "recurrence", full).verdict is NONE
    always = platelets(*values, today=LATER, treatments=(reduced(),))
    assert outcome(US, "recurrence", always).verdict is NONE


# From the casebook


def test_of_patient_derives_the_clearance_and_leaves_out_what_is_later(casebook, patient):
    def work(step):
        own_rule_sets.choose(step, US)
        step.put("patient", {"id": patient.id, "sex": "F", "age_at_index": 58})
        cycles.save(
            step,
            Cycle(patient_id=patient.id, number=1, given_on=FIRST, weight_kg=70.0),
            [Administration(number=1, nuclide="177Lu", administered_mbq=7400.0)],
        )
        for on, value in ((FIRST, "0.9"), (TODAY, "1.5"), (TODAY + timedelta(days=9), "0.9")):
            one = result("crea", value, on=on)
            labs.save(step, replace(one, patient_id=patient.id))

    with casebook.step("Fill") as step:
        work(step)
    found = readiness.of_patient(load(casebook, patient.id), TODAY)
    by_key = {each.rule.key: each for each in found.outcomes}
    # (140 − 58) · 70 / (72 · 1.5) · 0.85; from 0.9 to 1.5 it falls by exactly 40 %.
    assert by_key["clearance"].finding.recorded == "45.2 mL/min"
    assert by_key["clearance"].verdict is PASS
    assert "Derived from Creatinine 1.5" in by_key["clearance"].finding.reason
    assert by_key["clearance_fall"].verdict is FAIL
    assert by_key["creatinine_rise"].verdict is FAIL
    early = readiness.of_patient(load(casebook, patient.id), FIRST - timedelta(days=1))
    assert early.question == "Ready for cycle 1?"
    assert all(each.verdict in (OPEN, NONE) for each in early.outcomes)


def test_of_patient_says_why_a_clearance_cannot_be_derived(casebook, patient):
    with casebook.step("Fill") as step:
        own_rule_sets.choose(step, ALPHA)
        labs.save(step, replace(result("crea", "1.0", on=TODAY), patient_id=patient.id))
    found = readiness.of_patient(load(casebook, patient.id), TODAY)
    (clearance,) = (each for each in found.outcomes if each.rule.key == "clearance")
    assert clearance.verdict is OPEN
    assert "sex" in clearance.finding.reason


def test_of_patient_knows_of_death_and_of_toxicities(casebook, patient):
    with casebook.step("Fill") as step:
        own_rule_sets.choose(step, US)
        cycles.save(step, Cycle(patient_id=patient.id, number=1, given_on=FIRST), [])
        toxicities.save(step, replace(event("Nausea", 3), patient_id=patient.id))
    found = readiness.of_patient(load(casebook, patient.id), TODAY)
    (other,) = (each for each in found.outcomes if each.rule.key == "other_reactions")
    assert other.verdict is FAIL
    with casebook.step("Follow-up") as step:
        died = FollowUp(patient_id=patient.id, seen_on=TODAY, status="dead")
        whole_patient.save_follow_up(step, died)
    assert readiness.of_patient(load(casebook, patient.id), TODAY).why_no_outcomes


def test_whether_a_limit_was_exceeded_again_is_open_where_a_result_is_implausible():
    known = platelets((30, "60"), (60, "120"), today=LATER)
    for value, unit, expected in (
        ("45000", "10*9/L", OPEN),
        ("80", "/uL", OPEN),
        ("80", "10*9/L", PASS),
    ):
        later = result(
            "plt", value, unit=unit, on=FIRST + timedelta(days=100), lln="150", confirmed=None
        )
        with_it = replace(
            known, records=replace(known.records, results=(*known.records.results, later))
        )
        found = outcome(US, "recurrence", with_it)
        assert found.verdict is expected
        assert (expected is PASS) or "implausible" in found.finding.reason

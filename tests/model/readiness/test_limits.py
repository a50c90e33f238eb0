"""Each limit at, just above and just below; what cannot be assessed says why."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.records.laboratory_limits import LaboratoryLimit, with_limits
from tests.model.readiness.cases import (
    ALPHA,
    FAIL,
    FIRST,
    OPEN,
    PASS,
    US,
    cycle,
    facts,
    outcome,
    result,
    verdict,
)

BOUNDARIES = [
    # Set, rule, analyte, unit: the value just over the limit, on it, just under it.
    (ALPHA, "haemoglobin", "hb", "g/dL", "8.1 P", "8.0 P", "7.9 F"),
    (ALPHA, "haemoglobin", "hb", "g/L", "81 P", "80 P", "79 F"),
    (ALPHA, "platelets", "plt", "10*9/L", "75.1 P", "75 P", "74.9 F"),
    (ALPHA, "leukocytes", "wbc", "/uL", "2001 P", "2000 P", "1999 F"),
    (ALPHA, "neutrophils", "anc", "10*9/L", "1.01 P", "1.0 P", "0.99 F"),
    (ALPHA, "clearance", "crcl", "mL/min", "40.1 P", "40 P", "39.9 F"),
    (ALPHA, "clearance", "crcl", "mL/s", "0.67 P", "0.666 F", "0.66 F"),
    (US, "clearance", "crcl", "mL/min", "40.1 P", "40.0 P", "39.9 F"),
    ("IMPERIAL_UK", "haemoglobin", "hb", "g/dL", "8.1 P", "8 P", "7.9 F"),
    ("IMPERIAL_UK", "leukocytes", "wbc", "10*9/L", "2.1 P", "2 P", "1.9 F"),
    ("IMPERIAL_UK", "platelets", "plt", "10*9/L", "76 P", "75 P", "74 F"),
    ("IMPERIAL_UK", "clearance", "egfr", "mL/min/1.73m2", "41 P", "40 P", "39 F"),
    ("HEPAR_PLUS", "leukocytes", "wbc", "10*9/L", "2.1 P", "2.0 P", "1.9 F"),
    ("HEPAR_PLUS", "platelets", "plt", "10*9/L", "51 P", "50 P", "49 F"),
    ("HEPAR_PLUS", "gfr", "egfr", "mL/min/1.73m2", "36 P", "35 P", "34 F"),
    ("LUTIA_TRIAL", "platelets_later", "plt", "10*9/L", "76 P", "75 P", "74 F"),
]
BEFORE_THE_FIRST = [
    ("RLT_PRACTICE_2023", "haemoglobin", "hb", "g/dL", "8.1 P", "8 F", "7.9 F"),
    ("RLT_PRACTICE_2023", "leukocytes", "wbc", "10*9/L", "2.1 P", "2.0 F", "1.9 F"),
    ("RLT_PRACTICE_2023", "platelets", "plt", "10*9/L", "71 P", "70 F", "69 F"),
    ("LUTIA_TRIAL", "albumin", "alb", "g/L", "30.1 P", "30 P", "29.9 F"),
    ("LUTIA_TRIAL", "gfr", "egfr", "mL/min/1.73m2", "51 P", "50 P", "49 F"),
    ("LUTIA_TRIAL", "haemoglobin", "hb", "mmol/L", "5.6 P", "5.5 P", "5.4 F"),
    ("LUTIA_TRIAL", "haemoglobin", "hb", "g/dL", "8.9 P", "8.87 P", "8.86 F"),
    ("LUTIA_TRIAL", "leukocytes", "wbc", "10*9/L", "3.1 P", "3.0 P", "2.9 F"),
    ("LUTIA_TRIAL", "platelets_inclusion", "plt", "10*9/L", "101 P", "100 P", "99 F"),
]


@pytest.mark.parametrize("case", BOUNDARIES + BEFORE_THE_FIRST, ids=lambda case: "-".join(case[:4]))
def test_a_limit_at_above_and_below(case):
    set_key, rule_key, analyte, unit, *values = case
    treatments = () if case in BEFORE_THE_FIRST else (cycle(),)
    for each in values:
        value, wanted = each.split()
        found = verdict(set_key, rule_key, result(analyte, value, unit=unit), treatments=treatments)
        assert found is {"P": PASS, "F": FAIL}[wanted], each


@pytest.mark.parametrize(("key", "times"), [(ALPHA, 3), (US, 3), ("IMPERIAL_UK", 3)])
def test_bilirubin_by_its_upper_limit_of_normal(key, times):
    for value, wanted in (("3.59", PASS), ("3.6", PASS), ("3.61", FAIL)):
        assert verdict(key, "bilirubin", result("bili", value, uln="1.2")) is wanted
    # 0.3 is three times 0.1 although 3 × 0.1 is more in binary numbers.
    assert verdict(key, "bilirubin", result("bili", "0.3", uln="0.1")) is PASS


def test_the_upper_limit_of_the_laboratory_counts_where_none_was_reported():
    limits = LaboratoryLimit(analyte="bili", unit="mg/dL", uln=Decimal("1.2"))
    for value, unit, wanted in (
        *(("3.6", "mg/dL", PASS), ("3.61", "mg/dL", FAIL)),
        *(("61", "umol/L", PASS), ("62", "umol/L", FAIL)),
    ):
        known = facts(result("bili", value, unit=unit))
        with_its_limits = with_limits(known.records.results, [limits], known.records)
        known = replace(known, records=replace(known.records, results=with_its_limits))
        found = outcome(ALPHA, "bilirubin", known).finding
        assert found.verdict is wanted, value
        assert "(limit of the laboratory)" in found.reason
    # A limit reported with the result stays: 3.7 is not more than 3 × 1.3.
    known = facts(result("bili", "3.7", uln="1.3"))
    (own,) = with_limits(known.records.results, [limits], known.records)
    assert own.upper_limit == Decimal("1.3")


def test_bilirubin_of_a_trial_and_transaminases():
    for value, wanted in (("1.2", PASS), ("1.21", FAIL)):
        found = verdict("LUTIA_TRIAL", "bilirubin", result("bili", value, uln="1.2"), treatments=())
        assert found is wanted
    for value, wanted in (("120", PASS), ("121", FAIL)):
        for key in ("alt", "ast"):
            one = result(key, value, unit="U/L", uln="40")
            assert verdict("IMPERIAL_UK", key, one) is wanted


@pytest.mark.parametrize(
    ("baseline", "value", "wanted"),
    [
        ("1.1", "1.5", PASS),
        ("1.1", "1.53", PASS),
        ("1.1", "1.5399", PASS),
        ("1.1", "1.54", FAIL),
        ("1.1", "1.55", FAIL),
        ("0.7", "0.98", FAIL),
        ("0.55", "0.77", FAIL),
        ("1.1", "0.4", PASS),
    ],
)
def test_a_rise_of_creatinine_by_40_per_cent(baseline, value, wanted):
    base = result("crea", baseline, on=FIRST - timedelta(days=3))
    assert verdict(US, "creatinine_rise", base, result("crea", value)) is wanted


def test_a_rise_is_told_across_units_and_with_the_baseline():
    base = result("crea", "1", on=FIRST)
    for value, wanted in (("123.7", PASS), ("123.76", FAIL)):
        found = outcome(US, "creatinine_rise", facts(base, result("crea", value, unit="umol/L")))
        assert found.verdict is wanted
        assert "Baseline 1 mg/dL of 10 Mar 2025" in found.finding.reason
    assert (
        "+39.9 %"
        in outcome(US, "creatinine_rise", facts(base, result("crea", "1.3999"))).finding.reason
    )


def test_the_newest_result_up_to_the_first_cycle_is_the_baseline():
    early = result("crea", "0.5", on=FIRST - timedelta(days=30))
    base = result("crea", "1.1", on=FIRST)
    assert verdict(US, "creatinine_rise", early, base, result("crea", "1.5")) is PASS


@pytest.mark.parametrize(("value", "wanted"), [("61", PASS), ("60", FAIL), ("59", FAIL)])
def test_a_fall_of_the_clearance_by_40_per_cent(value, wanted):
    base = result("crcl", "100", on=FIRST)
    assert verdict(US, "clearance_fall", base, result("crcl", value)) is wanted


@pytest.mark.parametrize(
    ("set_key", "rule", "results", "reason"),
    [
        (ALPHA, "platelets", [], "No result recorded."),
        (ALPHA, "platelets", [("plt", "90", {"days": 15})], "Over 14 days old."),
        (ALPHA, "platelets", [("plt", "90", {"unit": None})], "No unit is recorded."),
        (ALPHA, "platelets", [("plt", "90", {"unit": "per cup"})], "Unknown unit “per cup”."),
        (ALPHA, "platelets", [("plt", "<90", {})], "may be on either side of 75 ×10⁹/L"),
        (ALPHA, "platelets", [("plt", ">70", {})], "may be on either side of 75 ×10⁹/L"),
        (ALPHA, "bilirubin", [("bili", "1", {})], "ULN is not recorded"),
        (ALPHA, "bilirubin", [("bili", "1", {"uln": "0"})], "cannot be right"),
        (ALPHA, "bilirubin", [("bili", "<5", {"uln": "1"})], "either side of 3 × ULN 1"),
        (US, "creatinine_rise", [("crea", "1", {})], "No baseline"),
        (US, "creatinine_rise", [("crea", "1", {"on": FIRST})], "Over 14 days old."),
        (US, "albumin_inr", [("alb", "29", {})], "INR: No result recorded."),
        ("IMPERIAL_UK", "albumin_prothrombin", [("alb", "29", {})], "is not recorded in Theralog"),
        (US, "other_reactions", [], "does not mean that there was none"),
        (US, "hypersensitivity", [], "does not mean that there was none"),
        (US, "anemia", [("hb", "9", {"unit": "stones"})], "unknown unit"),
        (ALPHA, "lab_age", [], "No result recorded."),
        (ALPHA, "lab_age", [("plt", "90", {"days": 15})], "Over 14 days old."),
    ],
)
def test_each_reason_why_a_limit_cannot_be_assessed(set_key, rule, results, reason):
    made = [result(analyte, value, **more) for analyte, value, more in results]
    found = outcome(set_key, rule, facts(*made))
    assert found.verdict is OPEN
    assert reason in found.finding.reason


def test_a_result_on_the_last_day_that_counts_does():
    assert verdict(ALPHA, "platelets", result("plt", "90", days=14)) is PASS
    assert verdict(ALPHA, "lab_age", result("plt", "90", days=14)) is PASS


def test_an_early_baseline_is_no_baseline_to_itself():
    known = facts(result("crea", "1", on=FIRST), treatments=(cycle(),))
    found = outcome(US, "creatinine_rise", known, today=FIRST + timedelta(days=3))
    assert (found.verdict, found.finding.reason) == (OPEN, "No result since the baseline.")


@pytest.mark.parametrize("baseline", ["<0.3", "0"])
def test_a_baseline_that_is_no_number_to_compare_with(baseline):
    base = result("crea", baseline, on=FIRST)
    found = outcome(US, "creatinine_rise", facts(base, result("crea", "1")))
    assert found.verdict is OPEN
    assert "not a number to compare with" in found.finding.reason


@pytest.mark.parametrize(
    ("value", "wanted"), [("<75", FAIL), ("<74", FAIL), (">75", PASS), (">80", PASS)]
)
def test_a_value_that_only_says_below_or_above_decides_where_it_can(value, wanted):
    assert verdict(ALPHA, "platelets", result("plt", value)) is wanted


def test_low_albumin_blocks_only_together_with_a_raised_inr():
    low, good = result("alb", "29"), result("alb", "3.0", unit="g/dL")
    for albumin, inr, wanted in (
        (low, "1.6", FAIL),
        (low, "1.5", PASS),
        (good, "1.6", PASS),
        (good, None, PASS),
    ):
        known = [albumin] + ([] if inr is None else [result("inr", inr, unit="{INR}")])
        assert verdict(US, "albumin_inr", *known) is wanted


def test_of_several_ways_to_measure_one_is_enough_and_the_worse_counts():
    eg = {"unit": "mL/min/1.73m2"}
    assert verdict("IMPERIAL_UK", "clearance", result("egfr", "45", **eg)) is PASS
    both = result("egfr", "45", **eg), result("crcl", "38")
    found = outcome("IMPERIAL_UK", "clearance", facts(*both))
    assert found.verdict is FAIL
    assert found.finding.recorded == "Creatinine clearance 38 mL/min"


numbers = st.decimals(min_value=0, max_value=500, places=2, allow_nan=False)


@given(st.sampled_from(["hb", "plt", "wbc", "anc", "crcl"]), numbers, numbers)
def test_a_lower_count_never_turns_a_fail_into_a_pass(analyte, one, other):
    low, high = sorted((one, other))
    rule = {
        "hb": "haemoglobin",
        "plt": "platelets",
        "wbc": "leukocytes",
        "anc": "neutrophils",
        "crcl": "clearance",
    }[analyte]
    if verdict(ALPHA, rule, result(analyte, str(high))) is FAIL:
        assert verdict(ALPHA, rule, result(analyte, str(low))) is FAIL


@given(st.decimals(min_value="0.01", max_value=20, places=2), numbers, numbers)
def test_a_higher_creatinine_never_turns_a_fail_into_a_pass(base, one, other):
    low, high = sorted((one, other))
    baseline = result("crea", str(base), on=FIRST)
    if verdict(US, "creatinine_rise", baseline, result("crea", str(low))) is FAIL:
        assert verdict(US, "creatinine_rise", baseline, result("crea", str(high))) is FAIL


@given(st.sampled_from("<>"), numbers, numbers)
def test_an_open_value_never_says_other_than_all_that_it_may_stand_for(comparator, bound, value):
    found = verdict(ALPHA, "platelets", result("plt", f"{comparator}{bound}"))
    is_meant = value < bound if comparator == "<" else value > bound
    if is_meant and found is not OPEN:
        assert verdict(ALPHA, "platelets", result("plt", str(value))) is found

"""Limits that are CTCAE grades, of results and of recorded toxicities."""

from datetime import date
from decimal import Decimal

import pytest

from model.dates import PartialDate
from model.readiness.grade_limits import check_grade
from model.readiness.rule_sets import Against, Limit
from tests.model.readiness.cases import FAIL, OPEN, PASS, US, event, facts, outcome, result, verdict


@pytest.mark.parametrize(
    ("analyte", "values"),
    [("plt", "75 P 74 F"), ("hb", "8.0 P 7.9 F"), ("anc", "1.0 P 0.99 F")],
)
def test_grades_of_counts_by_the_version_of_the_patient(analyte, values):
    rule = {"plt": "platelets", "hb": "anemia", "anc": "neutropenia"}[analyte]
    value, _, worse, _ = values.split()
    known = result(analyte, value, lln="200"), result(analyte, worse, lln="200")
    assert verdict(US, rule, known[0]) is PASS
    assert verdict(US, rule, known[1]) is FAIL


def test_where_the_versions_differ_both_are_shown():
    one = result("anc", "0.8", lln="1.5")
    old = outcome(US, "neutropenia", facts(one, version="5.0"))
    new = outcome(US, "neutropenia", facts(one, version="6.0"))
    assert (old.verdict, new.verdict) == (FAIL, PASS)
    assert old.finding.recorded == "0.8 ×10⁹/L, grade 3"
    assert "CTCAE 6.0: grade 2, which passes." in old.finding.reason
    assert "CTCAE 5.0: grade 3, which fails." in new.finding.reason


def test_a_limit_of_calcium_takes_it_as_corrected_for_albumin():
    limit = Limit(
        name="Calcium",
        parameter="ca",
        operator=">=",
        value=Decimal(2),
        unit="",
        against=Against.GRADE,
    )
    calcium = result("ca", "7.8", unit="mg/dL", lln="8.6")
    low, high = (result("alb", value, unit="g/dL") for value in ("2.4", "4.0"))
    corrected = check_grade(limit, facts(calcium, low), None)
    assert corrected.verdict is PASS
    assert "corrected for albumin 2.4 g/dL" in corrected.reason
    assert check_grade(limit, facts(calcium, high), None).verdict is FAIL
    assert check_grade(limit, facts(calcium), None).verdict is FAIL
    # Without an LLN it is at most grade 1.
    bare = result("ca", "7.8", unit="mg/dL")
    assert check_grade(limit, facts(bare, low), None).verdict is PASS


def test_without_lln_a_count_that_is_high_enough_passes_and_says_so():
    found = outcome(US, "anemia", facts(result("hb", "11.0")))
    assert found.verdict is PASS
    assert "at most grade 1, no LLN recorded" in found.finding.reason


@pytest.mark.parametrize(
    ("events", "wanted"),
    [
        ([event("Nausea", 2)], PASS),
        ([event("Nausea", 3)], FAIL),
        ([event("Nausea", 3, resolved_on=date(2025, 4, 9))], PASS),
        ([event("Nausea", 3, outcome="recovered")], PASS),
        ([event("Nausea", 3, attribution="unrelated")], OPEN),
        ([event("Nausea", 3, onset_on=PartialDate(2025, 3, 9))], OPEN),
        ([event("Nausea", 3, onset_on=PartialDate(2025, 2))], OPEN),
        ([event("Nausea", 3, onset_on=PartialDate(2025, 3))], FAIL),
        ([event("Nausea", 3, onset_on=None, resolved_on=date(2025, 3, 9))], OPEN),
        ([event("Platelet count decreased", 4)], OPEN),
        ([event("Anemia", 4)], OPEN),
        ([event("Nausea", 1), event("Diarrhea", 3)], FAIL),
    ],
)
def test_other_toxicities_that_go_on(events, wanted):
    assert verdict(US, "other_reactions", events=tuple(events)) is wanted


def test_a_hypersensitivity_counts_for_ever():
    ended = event("Anaphylaxis", 3, resolved_on=date(2025, 4, 2))
    assert verdict(US, "hypersensitivity", events=(ended,)) is FAIL
    assert verdict(US, "hypersensitivity", events=(event("Allergic reaction", 2),)) is PASS


def test_a_recorded_toxicity_decides_where_no_result_does():
    low = event("Platelet count decreased", 2)
    found = outcome(US, "platelets", facts(events=(low,)))
    assert (found.verdict, found.finding.recorded) == (FAIL, "grade 2")
    assert "No result recorded." in found.finding.reason
    good = result("plt", "160", lln="150")
    assert verdict(US, "platelets", good, events=(low,)) is PASS


def test_a_toxicity_since_a_month_has_no_age_in_days():
    known = facts(events=(event("Nausea", 3, onset_on=PartialDate(2025, 4)),))
    found = outcome(US, "other_reactions", known)
    assert (found.when, found.age_days) == ("Apr 2025", None)
    assert "since Apr 2025" in found.finding.reason

"""Intervals, delays and deviations, to the day."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from model.dates import PartialDate
from model.records.administrations import Administration, percent_text
from model.records.cycles import Treatment
from tests.model.readiness.cases import (
    ALPHA,
    FAIL,
    FIRST,
    NONE,
    OPEN,
    PASS,
    US,
    alpha,
    cycle,
    event,
    facts,
    outcome,
    verdict,
)


@pytest.mark.parametrize(("days", "wanted"), [(55, FAIL), (56, PASS), (57, PASS)])
def test_the_interval_since_an_alpha_cycle(days, wanted):
    known = facts(treatments=(alpha(),))
    found = outcome(ALPHA, "interval", known, today=FIRST + timedelta(days=days))
    assert found.verdict is wanted
    assert found.finding.earliest == date(2025, 5, 5)
    assert found.finding.recorded.startswith("8 weeks" if days > 55 else "7 weeks 6 days")


def test_the_interval_is_counted_by_nuclide():
    later = cycle(2, date(2025, 5, 1), ("177Lu",))
    assert verdict(ALPHA, "interval", treatments=(alpha(), later)) is PASS
    assert verdict(ALPHA, "interval", treatments=(later,)) is NONE
    assert verdict(ALPHA, "interval", treatments=()) is NONE


def test_an_interval_is_open_where_it_is_not_known_what_was_given():
    nothing = cycle(2, date(2025, 5, 1), ())
    strange = cycle(2, date(2025, 5, 1), ("299Xx",))
    for unclear in (nothing, strange):
        assert verdict(ALPHA, "interval", treatments=(unclear,)) is OPEN
        found = outcome(ALPHA, "interval", facts(treatments=(alpha(), unclear)))
        assert found.verdict is OPEN
        assert "What was given in cycle 2 is not recorded." in found.finding.reason


def test_the_day_on_which_it_was_given_counts_where_it_is_not_that_of_the_cycle():
    given = replace(alpha().administrations[0], given_on=FIRST + timedelta(days=2))
    treatment = Treatment(alpha().cycle, (given,))
    found = outcome(ALPHA, "interval", facts(treatments=(treatment,)))
    assert found.finding.earliest == date(2025, 5, 7)


@pytest.mark.parametrize(
    ("days", "left", "wanted"),
    [
        (75, "5 weeks 2 days left", PASS),
        (111, "1 day left", PASS),
        (112, "0 days left", PASS),
        (113, "over by 1 day", OPEN),
    ],
)
def test_the_time_left_to_a_stop_rule(days, left, wanted):
    found = outcome(US, "delay", facts(), today=FIRST + timedelta(days=days))
    assert (found.verdict, found.finding.left) == (wanted, left)


def test_past_the_stop_rule_a_toxicity_of_that_time_makes_it_fail():
    today = FIRST + timedelta(days=120)
    low = event("Platelet count decreased", 2)
    found = outcome(US, "delay", facts(events=(low,)), today=today)
    assert found.verdict is FAIL
    assert "Platelet count decreased 2" in found.finding.reason
    before = event("Nausea", 2, onset_on=PartialDate(2025, 2, 1), resolved_on=date(2025, 2, 3))
    assert outcome(US, "delay", facts(events=(before,)), today=today).verdict is OPEN


@pytest.mark.parametrize(
    ("given", "prescribed", "wanted"),
    [
        (8140.0, 7400.0, PASS),
        (8141.0, 7400.0, FAIL),
        (6660.0, 7400.0, PASS),
        (6659.0, 7400.0, FAIL),
        (1.1, 1.0, PASS),
        (0.33, 0.3, PASS),
        (7400.0, None, OPEN),
        (None, 7400.0, OPEN),
    ],
)
def test_the_deviation_from_the_prescribed_activity(given, prescribed, wanted):
    one = Administration(
        number=1, nuclide="177Lu", administered_mbq=given, prescribed_mbq=prescribed
    )
    known = facts(treatments=(Treatment(cycle().cycle, (one,)),))
    found = outcome(ALPHA, "deviation", known)
    assert found.verdict is wanted
    assert not found.concerns_next_cycle
    assert "not counted for the next cycle" in found.text


def test_a_deviation_is_rounded_as_on_the_cycles_tab():
    def recorded(administered, prescribed):
        one = Administration(
            number=1, nuclide="177Lu", administered_mbq=administered, prescribed_mbq=prescribed
        )
        known = facts(treatments=(Treatment(cycle().cycle, (one,)),))
        return outcome(ALPHA, "deviation", known).finding.recorded

    assert recorded(7367.4, 7400.0) == "0 %"
    assert recorded(7200.0, 7400.0) == "−3 %"
    assert recorded(8150.0, 7400.0) == "+10.2 %"
    assert percent_text(0.052, 0.05) == "+5.2 %"
    assert percent_text(0.0748, 0.07) == "+7.5 %"
    assert percent_text(0.0251, 0.0255) == "+2.5 %" != percent_text(0.026, 0.0255)

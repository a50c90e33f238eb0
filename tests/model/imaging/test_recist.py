"""RECIST 1.1: the boundaries as the paper has them, and what must hold for any sums."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.imaging import recist
from model.imaging.recist import ResponseRules, best_overall_response, evaluate, response_of
from model.records.assessments import Assessment

FIRST = date(2024, 1, 10)
CONFIRM = ResponseRules(confirm=True)


def sums(*pairs, coded=()):
    """Assessments of so many days after the first cycle with their sums."""
    made = []
    for place, (day, mm) in enumerate(pairs):
        made.append(
            Assessment(
                id=place + 1,
                patient_id=1,
                assessed_on=FIRST + timedelta(days=day),
                sum_of_diameters_mm=mm,
                response=coded[place] if place < len(coded) else None,
            )
        )
    return made


@pytest.mark.parametrize(
    ("sum_mm", "baseline", "nadir", "wanted"),
    [
        ("70", "100", "100", "PR"),
        ("70.1", "100", "100", "SD"),
        ("60", "100", "50", "PD"),
        ("59.9", "100", "50", "PR"),
        ("24", "20", "20", "SD"),
        ("25", "20", "20", "PD"),
        ("24.9", "20", "20", "SD"),
        ("24", "100", "20", "PR"),
        ("0", "100", "100", "CR"),
        ("0", "100", "0", "CR"),
        ("4.9", "100", "0", "PD"),
        ("5", "100", "0", "PD"),
        ("119.9", "100", "100", "SD"),
        ("120", "100", "100", "PD"),
        ("0.7", "1", "1", "PR"),
        ("30.1", "43", "43", "PR"),
    ],
)
def test_the_response_of_the_target_lesions(sum_mm, baseline, nadir, wanted):
    assert response_of(Decimal(sum_mm), Decimal(baseline), Decimal(nadir)) == wanted


def test_the_boundary_is_exact_where_floats_are_not():
    # 0.7 * 0.3 is 0.21 in decimals and 0.209… in floats.
    found = evaluate(sums((0, 0.3), (60, 0.21)), FIRST)
    assert found.readings[1].response == "PR"
    assert found.readings[1].from_baseline == -30


def test_changes_from_baseline_and_from_nadir():
    found = evaluate(sums((-40, 90.0), (-3, 100.0), (60, 50.0), (120, 60.0)), FIRST)
    assert [each.is_baseline for each in found.readings] == [False, True, False, False]
    assert [each.from_baseline for each in found.readings] == [None, None, -50, -40]
    assert [each.from_nadir for each in found.readings] == [None, None, -50, 20]
    assert [each.response for each in found.readings] == [None, None, "PR", "PD"]
    assert found.baseline.sum_mm == 100
    assert found.nadir.sum_mm == 50
    assert found.best == "PR"


def test_what_was_read_is_kept_beside_it_and_a_disagreement_is_known():
    found = evaluate(sums((0, 100.0), (60, 90.0), (90, 95.0), coded=(None, "PR", "SD")), FIRST)
    assert [each.disagrees for each in found.readings] == [False, True, False]
    assert [each.as_read for each in found.readings] == [None, "PR", "SD"]


def test_why_nothing_was_computed():
    assert "No sum" in evaluate([], FIRST).why_not
    assert "No cycle" in evaluate(sums((0, 10.0)), None).why_not
    assert "No baseline" in evaluate(sums((9, 10.0)), FIRST).why_not
    nothing = evaluate(sums((0, 0.0), (60, 10.0)), FIRST)
    assert "0 mm" in nothing.why_not
    assert nothing.readings[1].response is None


def test_what_a_sum_cannot_tell_is_said():
    found = evaluate(sums((0, 50.0), (60, 0.0), (120, 3.0)), FIRST)
    assert found.readings[1].remarks == (recist.NODES_WARNING,)
    assert found.readings[2].remarks == (recist.AFTER_COMPLETE_WARNING,)


def test_sums_of_one_day_are_not_held_against_one_another():
    found = evaluate(sums((0, 50.0), (60, 30.0), (60, 40.0), (120, 31.0)), FIRST)
    assert [each.response for each in found.readings] == [None, "PR", "SD", "PR"]
    assert [each.nadir_mm for each in found.readings] == [None, 50, 50, 30]
    assert recist.SAME_DAY_WARNING in found.readings[1].remarks
    assert recist.SAME_DAY_WARNING in found.readings[2].remarks
    assert found.readings[3].remarks == ()
    assert found.best == "PR"


def test_of_two_baselines_of_one_day_the_last_counts_and_this_is_said():
    found = evaluate(sums((-3, 50.0), (-3, 40.0), (60, 30.0)), FIRST)
    assert found.baseline.sum_mm == 40
    assert found.baseline.remarks == (recist.SAME_DAY_WARNING,)
    assert evaluate(sums((-9, 50.0), (-3, 40.0)), FIRST).baseline.remarks == ()


def test_whatever_comes_after_complete_response_is_progression():
    found = evaluate(sums((0, 100.0), (60, 0.0), (120, 3.0), (180, 0.0)), FIRST)
    assert [each.response for each in found.readings] == [None, "CR", "PD", "CR"]
    assert found.best == "CR"
    confirmed = evaluate(sums((0, 100.0), (60, 0.0), (120, 3.0)), FIRST, CONFIRM)
    assert confirmed.best == "SD"


def test_progression_as_read_ends_what_counts_for_the_best_response():
    known = sums((0, 100.0), (60, 90.0), (120, 60.0), (180, 50.0))
    new_lesion = replace(known[1], id=9, sum_of_diameters_mm=None, response="PD")
    assert evaluate(known, FIRST).best == "PR"
    found = evaluate([*known, new_lesion], FIRST)
    assert (found.best, found.progressed_on) == ("PD", new_lesion.assessed_on)
    later = replace(new_lesion, assessed_on=known[3].assessed_on)
    assert evaluate([*known, later], FIRST).best == "PR"


def test_progression_before_treatment_ends_nothing():
    known = sums((-30, 100.0), (60, 60.0))
    before = replace(known[0], id=9, sum_of_diameters_mm=None, response="PD")
    found = evaluate([*known, replace(before, assessed_on=FIRST - timedelta(days=10))], FIRST)
    assert (found.best, found.progressed_on) == ("PR", None)


def test_an_assessment_without_a_sum_is_passed_over():
    known = sums((0, 50.0), (60, 30.0))
    clinical = replace(known[0], id=9, sum_of_diameters_mm=None, response="PD")
    assert evaluate([*known, clinical], FIRST) == evaluate(known, FIRST)


def timed(text, every=30):
    return [
        (FIRST + timedelta(days=every * (place + 1)), response)
        for place, response in enumerate(text.split())
    ]


@pytest.mark.parametrize(
    ("responses", "wanted"),
    [
        ("", None),
        ("NE", "NE"),
        ("SD PR SD PD CR", "PR"),
        ("PD PR", "PD"),
        ("SD SD", "SD"),
        ("CR PR", "CR"),
    ],
)
def test_the_best_response_without_confirmation(responses, wanted):
    assert best_overall_response(timed(responses), FIRST) == wanted


# Table 3 of Eisenhauer 2009, with the least duration of stable disease met and not met.
TABLE_3 = [
    ("CR CR", "CR", "CR"),
    ("CR PR", "SD", "PD"),
    ("CR SD", "SD", "PD"),
    ("CR PD", "SD", "PD"),
    ("CR NE", "SD", "NE"),
    ("PR CR", "PR", "PR"),
    ("PR PR", "PR", "PR"),
    ("PR PD", "SD", "PD"),
    ("PR NE", "SD", "NE"),
    ("NE NE", "NE", "NE"),
    ("PR NE PR", "PR", "PR"),
    ("SD PD", "SD", "PD"),
    ("SD", "SD", "NE"),
]


@pytest.mark.parametrize(("responses", "met", "unmet"), TABLE_3)
def test_the_best_response_with_confirmation(responses, met, unmet):
    assert best_overall_response(timed(responses), FIRST, CONFIRM) == met
    early = ResponseRules(confirm=True, stable_days=200)
    assert best_overall_response(timed(responses), FIRST, early) == unmet


def test_a_partial_response_that_goes_back_to_stable_is_stable():
    assert (
        best_overall_response(timed("PR SD"), FIRST, ResponseRules(confirm=True, stable_days=42))
        == "SD"
    )


@pytest.mark.parametrize(("every", "wanted"), [(27, "SD"), (28, "PR")])
def test_a_response_is_confirmed_after_four_weeks(every, wanted):
    assert best_overall_response(timed("PR PR", every), FIRST, CONFIRM) == wanted


SUM = st.decimals(0, 300, places=1)


@given(st.lists(SUM, min_size=1, max_size=8))
def test_any_sums_are_ordered_and_never_contradict_themselves(found):
    pairs = [(30 * place, float(mm)) for place, mm in enumerate(found)]
    reckoned = evaluate(sums(*pairs), FIRST)
    assert [each.sum_mm for each in reckoned.readings] == found
    assert reckoned.nadir.sum_mm == min(found)
    for place, each in enumerate(reckoned.readings[1:], start=1):
        assert each.nadir_mm == min(found[:place])
        if each.response == "PR":
            assert each.from_baseline <= -30
        if each.response == "PD":
            assert each.sum_mm - each.nadir_mm >= 5 or each.nadir_mm == 0
            assert each.from_nadir is None or each.from_nadir >= 20


@given(st.lists(st.sampled_from(["CR", "PR", "SD", "PD", "NE"]), max_size=6), st.booleans())
def test_confirmation_never_makes_a_response_better(found, stable):
    order = ["CR", "PR", "SD", "PD", "NE", None]
    responses = timed(" ".join(found))
    days = 45 if stable else 0
    plain = best_overall_response(responses, FIRST, ResponseRules(stable_days=days))
    confirmed = best_overall_response(
        responses, FIRST, ResponseRules(confirm=True, stable_days=days)
    )
    assert order.index(confirmed) >= order.index(plain)


@given(SUM, st.decimals("0.1", 300, places=1), SUM)
def test_the_response_of_lengths_does_not_hang_on_how_they_were_written(now, base, nadir):
    whole = response_of(now, base, nadir)
    assert response_of(now.quantize(Decimal("1.000")), base, nadir) == whole


def test_the_rules_are_kept_in_the_casebook(casebook):
    assert recist.load_rules(casebook) == ResponseRules()
    with casebook.step("Rules") as step:
        recist.save_rules(step, ResponseRules(confirm=True, stable_days=42))
    assert recist.load_rules(casebook) == ResponseRules(confirm=True, stable_days=42)
    with casebook.step("Rules") as step:
        step.put(
            "setting",
            {"id": step.rows("select id from setting")[0]["id"], "value": "[1]"},
        )
    assert recist.load_rules(casebook) == ResponseRules()

"""The named sets say what their sources say, row for row."""

import csv
from decimal import Decimal
from pathlib import Path

import pytest

from model.readiness.rule_sets import (
    GENERIC,
    Against,
    as_lines,
    from_lines,
    shipped_sets,
    with_generic,
)
from model.reference import analytes, units

REFERENCE = Path(__file__).parents[2] / "files" / "readiness_thresholds.csv"
SETS = {one.key: one for one in shipped_sets()}
RULES = [(one.key, rule) for one in shipped_sets() for rule in one.rules]


def stated():
    """Each row of the reference as one sentence, with its `same` written out."""
    before = {}
    for row in csv.DictReader(REFERENCE.read_text("utf-8").splitlines()):
        if before.get("rule_set") != row["rule_set"]:
            before = {"rule_set": row["rule_set"]}
        for column in ("applies_to", "action", "source"):
            text = row[column]
            rest = text.removeprefix("same as above").removeprefix("same")
            if text.startswith(("same as above", "same +")) or text == "same":
                row[column] = before[column] + rest
            else:
                before[column] = text
        parts = [row["parameter"], row["operator_blocks_when"], row["value"], row["unit"]]
        words = " ".join(part for part in parts if part not in ("", "grade", "{INR}"))
        yield row["rule_set"], f"{words} ({row['applies_to']})", row["action"], row["source"]


def test_every_row_of_the_reference_is_a_rule_and_nothing_else_is():
    kept = [(key, rule.stated, rule.action, rule.source) for key, rule in RULES]
    # Two rows on several enzymes, and one on platelets before and after the first cycle.
    assert sorted(dict.fromkeys(kept)) == sorted(stated())
    assert len(kept) == len(list(stated())) + 4


FIGURES = {
    ("LUTATHERA_US_2024", "creatinine_rise"): [("crea", ">=", "40", Against.RISE)],
    ("LUTATHERA_US_2024", "clearance_fall"): [("crcl", ">=", "40", Against.FALL)],
    ("LUTATHERA_US_2024", "albumin_inr"): [
        ("alb", "<", "30", Against.ABSOLUTE),
        ("inr", ">", "1.5", Against.ABSOLUTE),
    ],
    ("LUTATHERA_US_2024", "delay"): [("delay", ">", "16", Against.WEEKS)],
    ("RLT_PRACTICE_2023", "haemoglobin"): [("hb", "<=", "8", Against.ABSOLUTE)],
    ("IMPERIAL_UK", "alt"): [("alt", ">", "3", Against.ULN)],
    ("IMPERIAL_UK", "ast"): [("ast", ">", "3", Against.ULN)],
    ("LUTIA_TRIAL", "haemoglobin"): [("hb", "<", "5.5", Against.ABSOLUTE)],
    ("LUTIA_TRIAL", "platelets_inclusion"): [("plt", "<", "100", Against.ABSOLUTE)],
    ("LUTIA_TRIAL", "platelets_later"): [("plt", "<", "75", Against.ABSOLUTE)],
    ("ALPHA_PRRT_DEFAULT", "interval"): [("interval", "<", "8", Against.WEEKS)],
    (GENERIC, "lab_age"): [("lab_age", ">", "14", Against.DAYS)],
}


@pytest.mark.parametrize("key", FIGURES, ids="-".join)
def test_figures_that_the_reference_gives_in_words(key):
    (rule,) = (rule for name, rule in RULES if (name, rule.key) == key)
    found = [(x.parameter, x.operator, str(x.value), x.against) for x in rule.limits]
    assert found == FIGURES[key]


@pytest.mark.parametrize(("key", "rule"), RULES, ids=lambda each: getattr(each, "key", each))
def test_value_and_operator_stand_in_the_words_of_the_source(key, rule):
    for limit in rule.limits:
        if limit.parameter != "prothrombin_time" and limit.value is not None:
            assert f"{limit.value}" in rule.stated
        if limit.against is Against.ABSOLUTE:
            assert limit.unit in units.units_of(limit.parameter)
            assert analytes.by_key(limit.parameter)


def test_each_rule_has_a_source_and_a_key_of_its_own():
    for one in shipped_sets():
        assert len({rule.key for rule in one.rules}) == len(one.rules)
        assert all(rule.source and rule.action and rule.stated for rule in one.rules)


def test_only_what_a_centre_has_to_set_is_edited_where_it_stands():
    assert [one.key for one in shipped_sets() if one.editable] == ["ALPHA_PRRT_DEFAULT", GENERIC]
    assert [one.key for one in shipped_sets() if not one.choosable] == [GENERIC]


@pytest.mark.parametrize(
    ("key", "rule", "words"),
    [
        ("ALPHA_PRRT_DEFAULT", "platelets", "Platelets ≥ 75 ×10⁹/L"),
        ("ALPHA_PRRT_DEFAULT", "bilirubin", "Bilirubin ≤ 3 × ULN"),
        ("ALPHA_PRRT_DEFAULT", "interval", "Interval ≥ 8 weeks"),
        ("RLT_PRACTICE_2023", "platelets", "Platelets > 70 ×10⁹/L"),
        ("LUTIA_TRIAL", "bilirubin", "Bilirubin ≤ 1 × ULN"),
        ("LUTATHERA_US_2024", "platelets", "Platelets: grade ≤ 1"),
        ("LUTATHERA_US_2024", "creatinine_rise", "Creatinine: rise < 40 %"),
        ("LUTATHERA_US_2024", "albumin_inr", "Not both: Albumin < 30 g/L and INR > 1.5"),
        ("IMPERIAL_UK", "clearance", "Creatinine clearance, 24 h clearance or eGFR ≥ 40 mL/min"),
        (GENERIC, "lab_age", "Labs ≤ 14 days old"),
        (GENERIC, "deviation", "Deviation of the last cycle ≤ 10 %"),
    ],
)
def test_a_limit_is_shown_as_what_lets_pass(key, rule, words):
    (found,) = (each for each in SETS[key].rules if each.key == rule)
    assert found.passing.startswith(words)


def test_generic_limits_are_added_but_never_beside_one_of_the_set_itself():
    alpha, generic = SETS["ALPHA_PRRT_DEFAULT"], SETS[GENERIC]
    assert with_generic(alpha, generic).rules == (*alpha.rules, *generic.rules)
    assert with_generic(generic, generic).rules == generic.rules


@pytest.mark.parametrize("one", shipped_sets(), ids=lambda one: one.key)
def test_rules_written_as_lines_are_read_back_equal(one):
    assert from_lines(as_lines(one.rules)) == one.rules


@pytest.mark.parametrize(
    ("column", "text"), [("operator", "="), ("value", "NaN"), ("relative_to", "moon")]
)
def test_lines_that_make_no_limit_are_refused(column, text):
    (line, *_) = as_lines(SETS[GENERIC].rules)
    with pytest.raises(ValueError, match=text):
        from_lines([{**line, column: text}])


def test_a_rule_without_its_value_is_not_used():
    (_planned, line, *_) = as_lines(SETS[GENERIC].rules)
    (rule,) = from_lines([{**line, "value": ""}])
    assert rule.limits[0].value is None
    assert not rule.used
    planned, age, _deviation = SETS[GENERIC].rules
    assert (planned.used, age.used, age.limits[0].value) == (False, True, Decimal(14))


def test_a_set_is_as_published_only_with_every_criterion_of_its_source():
    assert {one.key for one in shipped_sets() if not one.left_out and not one.editable} == set()
    assert "cardiac" in SETS["IMPERIAL_UK"].left_out
    assert "pregnancy" in SETS["LUTATHERA_US_2024"].left_out


def test_a_set_says_how_many_cycles_it_plans():
    planned = {key: one.planned for key, one in SETS.items()}
    assert planned.pop("LUTATHERA_US_2024") == (4, "177Lu")
    assert planned.pop("IMPERIAL_UK") == (4, "177Lu")
    assert set(planned.values()) == {None}

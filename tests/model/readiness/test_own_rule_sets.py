"""A casebook chooses a rule set, copies and edits it; all of that is undone and goes with it."""

from dataclasses import replace
from decimal import Decimal

import pytest

from model.errors import InvalidRecord, KnownError
from model.exchange.export import export
from model.exchange.new_casebook import new_casebook
from model.readiness import own_rule_sets
from model.readiness.own_rule_sets import OWN_SETS, all_sets, chosen_set
from model.readiness.rule_sets import GENERIC, shipped_sets
from model.store.casebook import Casebook
from model.store.settings import save_setting

NAMED = {one.key: one for one in shipped_sets()}


def take(casebook, work):
    with casebook.step("Change rule sets") as step:
        return work(step)


def with_value(one, key, value, place=0):
    """The set with another value of one limit."""
    rules = []
    for rule in one.rules:
        if rule.key == key:
            limits = list(rule.limits)
            limits[place] = replace(limits[place], value=value)
            rule = replace(rule, limits=tuple(limits))
        rules.append(rule)
    return replace(one, rules=tuple(rules))


def values(one):
    return {rule.key: rule.limits[0].value for rule in one.rules}


def test_a_new_casebook_has_no_rule_set(casebook):
    assert chosen_set(casebook) is None
    assert all_sets(casebook) == list(shipped_sets())


def test_the_chosen_set_has_the_generic_limits_and_undo_takes_it_back(casebook):
    take(casebook, lambda step: own_rule_sets.choose(step, "IMPERIAL_UK"))
    found = chosen_set(casebook)
    assert found.key == "IMPERIAL_UK"
    assert [rule.key for rule in found.rules[-2:]] == ["lab_age", "deviation"]
    casebook.undo()
    assert chosen_set(casebook) is None
    casebook.redo()
    assert chosen_set(casebook).key == "IMPERIAL_UK"


@pytest.mark.parametrize("key", [GENERIC, "NOBODY"])
def test_what_is_no_set_of_its_own_cannot_be_chosen(casebook, key):
    with pytest.raises(InvalidRecord):
        take(casebook, lambda step: own_rule_sets.choose(step, key))
    assert own_rule_sets.chosen_key(casebook) == ""


def test_a_copy_is_edited_and_its_original_stays(casebook):
    original = NAMED["LUTATHERA_US_2024"]
    copied = take(casebook, lambda step: own_rule_sets.copy(step, original, " Our limits "))
    assert (copied.name, copied.editable, copied.shipped) == ("Our limits", True, False)
    assert copied.rules == original.rules
    edited = with_value(copied, "clearance", Decimal("50"))
    take(casebook, lambda step: own_rule_sets.save(step, edited))
    take(casebook, lambda step: own_rule_sets.choose(step, copied.key))
    assert values(chosen_set(casebook))["clearance"] == 50
    assert values(NAMED["LUTATHERA_US_2024"])["clearance"] == 40
    assert all_sets(casebook)[: len(NAMED)] == list(shipped_sets())
    casebook.undo()
    casebook.undo()
    assert values(all_sets(casebook)[-1])["clearance"] == 40


def test_every_copy_has_a_key_of_its_own_also_after_one_was_deleted(casebook):
    one, other = (
        take(casebook, lambda step, name=name: own_rule_sets.copy(step, NAMED["IMPERIAL_UK"], name))
        for name in ("A", "B")
    )
    take(casebook, lambda step: own_rule_sets.remove(step, one))
    third = take(casebook, lambda step: own_rule_sets.copy(step, NAMED["IMPERIAL_UK"], "C"))
    assert len({other.key, third.key}) == 2
    assert [each.name for each in own_rule_sets.own_sets(casebook)] == ["B", "C"]


def test_the_default_of_alpha_prrt_is_edited_where_it_stands_and_brought_back(casebook):
    edited = with_value(NAMED["ALPHA_PRRT_DEFAULT"], "haemoglobin", Decimal("9.0"))
    take(casebook, lambda step: own_rule_sets.save(step, edited))
    take(casebook, lambda step: own_rule_sets.choose(step, "ALPHA_PRRT_DEFAULT"))
    assert values(chosen_set(casebook))["haemoglobin"] == 9
    assert len(all_sets(casebook)) == len(NAMED)
    take(casebook, lambda step: own_rule_sets.remove(step, edited))
    assert values(chosen_set(casebook))["haemoglobin"] == 8
    assert chosen_set(casebook).shipped


def test_the_generic_age_of_results_is_edited_for_all_sets(casebook):
    edited = with_value(NAMED[GENERIC], "lab_age", Decimal(7))
    take(casebook, lambda step: own_rule_sets.save(step, edited))
    take(casebook, lambda step: own_rule_sets.choose(step, "IMPERIAL_UK"))
    assert values(chosen_set(casebook))["lab_age"] == 7


def test_a_named_set_is_not_edited(casebook):
    edited = with_value(NAMED["IMPERIAL_UK"], "platelets", Decimal(10))
    with pytest.raises(InvalidRecord, match="Make a copy"):
        take(casebook, lambda step: own_rule_sets.save(step, edited))
    assert all_sets(casebook) == list(shipped_sets())


def test_deleting_the_chosen_copy_leaves_none_chosen(casebook):
    copied = take(casebook, lambda step: own_rule_sets.copy(step, NAMED["IMPERIAL_UK"], "Ours"))
    take(casebook, lambda step: own_rule_sets.choose(step, copied.key))
    take(casebook, lambda step: own_rule_sets.remove(step, copied))
    assert chosen_set(casebook) is None
    casebook.undo()
    assert chosen_set(casebook).name == "Ours"


@pytest.mark.parametrize(
    ("key", "place", "value", "problem"),
    [
        ("platelets", 0, Decimal(-1), "not negative"),
        ("platelets", 0, Decimal(6), "between 1 and 5"),
        ("platelets", 0, Decimal("1.5"), "between 1 and 5"),
        ("clearance_fall", 0, Decimal(101), "more than 100"),
        ("albumin_inr", 1, None, "or neither"),
        ("delay", 0, Decimal(521), "larger than any"),
        ("creatinine_rise", 0, Decimal("1E+999999"), "larger than any"),
    ],
)
def test_a_limit_that_cannot_be_is_refused_at_its_field(casebook, key, place, value, problem):
    copied = replace(NAMED["LUTATHERA_US_2024"], key="OWN_1", name="Ours", editable=True)
    edited = with_value(copied, key, value, place)
    with pytest.raises(InvalidRecord) as raised:
        take(casebook, lambda step: own_rule_sets.save(step, edited))
    assert problem in raised.value.problems[f"{key}.{place}"]


@pytest.mark.parametrize("name", ["", "  ", "imperial, uk"])
def test_a_copy_needs_a_name_of_its_own(casebook, name):
    with pytest.raises(InvalidRecord) as raised:
        take(casebook, lambda step: own_rule_sets.copy(step, NAMED["IMPERIAL_UK"], name))
    assert "name" in raised.value.problems


@pytest.mark.parametrize("text", ["{", "3", '["x"]', '[{"key": "A"}]', "[null]", '{"key": 1}'])
def test_settings_that_cannot_be_read_are_a_known_error(casebook, text):
    take(casebook, lambda step: save_setting(step, OWN_SETS, text))
    assert own_rule_sets.problem_of_setting(OWN_SETS, text)
    with pytest.raises(KnownError, match="cannot be read"):
        all_sets(casebook)
    take(casebook, own_rule_sets.discard)
    assert all_sets(casebook) == list(shipped_sets())


def test_a_limit_that_cannot_be_makes_its_set_unreadable(casebook):
    copied = take(casebook, lambda step: own_rule_sets.copy(step, NAMED["LUTATHERA_US_2024"], "O"))
    kept = casebook.setting(OWN_SETS)
    assert own_rule_sets.problem_of_setting(OWN_SETS, kept) is None
    for value in ("1E+999999", "-1", "NaN"):
        broken = kept.replace('"value": "16"', f'"value": "{value}"')
        assert broken != kept
        assert own_rule_sets.problem_of_setting(OWN_SETS, broken)
    assert copied.key == "OWN_1"


def test_a_chosen_set_that_is_not_there_is_a_known_error(casebook):
    take(casebook, lambda step: save_setting(step, own_rule_sets.CHOSEN, "OWN_9"))
    with pytest.raises(KnownError, match="no longer exists"):
        chosen_set(casebook)


def test_own_sets_and_the_choice_come_back_from_an_exported_folder(casebook, tmp_path):
    copied = take(casebook, lambda step: own_rule_sets.copy(step, NAMED["LUTIA_TRIAL"], "Ours, µ"))
    take(casebook, lambda step: own_rule_sets.choose(step, copied.key))
    export(casebook, tmp_path / "folder")
    new_casebook(tmp_path / "other.theralog", folder=tmp_path / "folder")
    with Casebook.open(tmp_path / "other.theralog") as other:
        assert own_rule_sets.own_sets(other) == [copied]
        assert chosen_set(other) == chosen_set(casebook)


@pytest.mark.parametrize("value", [Decimal(0), Decimal("2.5"), Decimal(100)])
def test_planned_cycles_are_a_whole_number(casebook, value):
    copied = replace(NAMED["LUTATHERA_US_2024"], key="OWN_1", name="Ours", editable=True)
    with pytest.raises(InvalidRecord) as raised:
        take(casebook, lambda step: own_rule_sets.save(step, with_value(copied, "cycles", value)))
    assert "whole" in raised.value.problems["cycles.0"]


def test_the_planned_cycles_are_those_of_the_chosen_set(casebook):
    assert own_rule_sets.planned_cycles(casebook) is None
    take(casebook, lambda step: own_rule_sets.choose(step, "LUTATHERA_US_2024"))
    assert own_rule_sets.planned_cycles(casebook) == (4, "177Lu")
    copied = take(casebook, lambda step: own_rule_sets.copy(step, NAMED["IMPERIAL_UK"], "Ours"))
    take(casebook, lambda step: own_rule_sets.save(step, with_value(copied, "cycles", Decimal(6))))
    take(casebook, lambda step: own_rule_sets.choose(step, copied.key))
    assert own_rule_sets.planned_cycles(casebook) == (6, "177Lu")
    assert all_sets(casebook)[-1].left_out == NAMED["IMPERIAL_UK"].left_out
    # Sets of an earlier version have no list of what is left out.
    older = casebook.setting(OWN_SETS).replace('"left_out"', '"unknown"')
    take(casebook, lambda step: save_setting(step, OWN_SETS, older))
    assert all_sets(casebook)[-1].left_out == ""
    take(casebook, lambda step: save_setting(step, OWN_SETS, "{"))
    assert own_rule_sets.planned_cycles(casebook) is None


def test_planned_cycles_of_every_set_are_those_of_a_set_without_its_own(casebook):
    edited = with_value(NAMED[GENERIC], "planned_cycles", Decimal(3))
    take(casebook, lambda step: own_rule_sets.save(step, edited))
    take(casebook, lambda step: own_rule_sets.choose(step, "ALPHA_PRRT_DEFAULT"))
    assert own_rule_sets.planned_cycles(casebook) == (3, "")
    take(casebook, lambda step: own_rule_sets.choose(step, "HEPAR_PLUS"))
    assert own_rule_sets.planned_cycles(casebook) is None

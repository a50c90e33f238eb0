from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from model.due import schedule as due_schedule
from model.due.schedule import (
    DUE_SCHEDULE,
    AppliesTo,
    CountedFrom,
    DueKind,
    DueRule,
    default_schedule,
)
from model.errors import InvalidRecord, KnownError
from model.exchange.tidy import writing as tidy_writing
from model.records import contents
from model.reference import analytes
from model.store.settings import save_setting

CYCLE = default_schedule()[3]


def test_the_customary_schedule_keeps_its_own_rules_and_says_that_it_is_no_guideline():
    assert {rule.what for rule in default_schedule()} == {
        *("CBC", "Creatinine, LFT", "Imaging", "Next cycle", "Follow-up call")
    }
    for rule in default_schedule():
        assert rule.problems() == {}
        assert rule.remark.startswith("A customary schedule, to be set by the centre")
        if rule.kind is DueKind.LABS:
            keys = [key for group in rule.alternatives for key in group]
            assert [key for key in keys if analytes.find(key).key != key] == []


def test_a_new_casebook_goes_by_the_customary_schedule(casebook):
    assert due_schedule.of_casebook(casebook) == default_schedule()


def test_a_schedule_of_its_own_is_kept_undone_and_written_with_the_settings(casebook, tmp_path):
    own = (replace(default_schedule()[0], what="Blutbild “klein”", day=10, until=None),)
    with casebook.step("Change schedule") as step:
        due_schedule.save(step, own)
    assert due_schedule.of_casebook(casebook) == own
    recorded = contents.load(casebook)
    assert due_schedule.from_json(recorded.settings[DUE_SCHEDULE]) == own
    tidy_writing.write(tmp_path, recorded)
    assert "Blutbild" in (tmp_path / "settings.csv").read_text(encoding="utf-8")
    casebook.undo()
    assert due_schedule.of_casebook(casebook) == default_schedule()
    casebook.redo()
    assert due_schedule.of_casebook(casebook) == own


@pytest.mark.parametrize(
    "text",
    [
        *("", "{}", '""', "null", "5", "[1]", '[{"what": "x"}]', "[" * 5000),
        *(
            '[{"what": "x", "kind": "labs", "needs": "hb", "after": "cycle", "applies": "alive",'
            f' "day": {day}, "every": {every}, "early": {early}}}]'
            for day, every, early in (("1e999", 7, 0), ("NaN", 7, 0), (5, 10**12, 0))
        ),
        '[{"what": "x", "kind": "labs", "needs": "hb", "after": "next cycle", "applies": "alive",'
        ' "day": -5, "early": 1000000000000}]',
    ],
)
def test_nonsense_is_no_schedule(text):
    assert due_schedule.problem_of_setting(DUE_SCHEDULE, text)
    with pytest.raises(KnownError, match="cannot be read"):
        due_schedule.from_json(text)
    assert due_schedule.problem_of_setting("another", text) is None


def test_a_schedule_may_be_empty(casebook):
    with casebook.step("Change schedule") as step:
        due_schedule.save(step, [])
    assert due_schedule.of_casebook(casebook) == ()


@pytest.mark.parametrize(
    "text",
    ["", "{", "7", '["CBC"]', '[{"what": "CBC"}]', '[{"what": "", "kind": "labs"}]', "null"],
)
def test_a_setting_that_is_no_schedule_is_told_not_guessed_at(casebook, text):
    with casebook.step("Spoil") as step:
        save_setting(step, DUE_SCHEDULE, text)
    with pytest.raises(KnownError, match="Set it again in the settings"):
        due_schedule.of_casebook(casebook)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"what": " "}, "what"),
        ({"needs": " "}, "needs"),
        ({"day": 0}, "day"),
        ({"day": 4000, "until": None, "every": None}, "day"),
        ({"after": CountedFrom.NEXT_CYCLE, "day": 7, "every": None, "until": None}, "day"),
        ({"every": 0}, "every"),
        ({"every": 4}, "every"),
        ({"until": 13}, "until"),
        ({"every": None}, "until"),
        ({"early": 14, "every": None, "until": None}, "early"),
        ({"early": -1}, "early"),
        ({"late": -1}, "late"),
        (
            {"kind": DueKind.CYCLE, "every": None, "until": None, "after": CountedFrom.CONTACT},
            "after",
        ),
        ({"kind": DueKind.CYCLE}, "every"),
    ],
)
def test_a_rule_that_makes_no_sense_is_refused(casebook, changes, field):
    rule = replace(default_schedule()[0], **changes)
    assert set(rule.problems()) == {field}
    with pytest.raises(InvalidRecord), casebook.step("Change schedule") as step:
        due_schedule.save(step, [CYCLE, rule])
    assert due_schedule.of_casebook(casebook) == default_schedule()


RULES = st.builds(
    DueRule,
    what=st.text(min_size=1).filter(str.strip),
    kind=st.sampled_from([DueKind.IMAGING, DueKind.FOLLOW_UP]),
    needs=st.text(),
    after=st.sampled_from([CountedFrom.CYCLE, CountedFrom.CONTACT, CountedFrom.ALPHA_CYCLE]),
    day=st.integers(100, 3650),
    every=st.one_of(st.none(), st.integers(100, 500)),
    early=st.integers(0, 99),
    late=st.integers(0, 99),
    applies=st.sampled_from(AppliesTo),
    remark=st.text(),
)


@given(st.lists(RULES))
def test_every_schedule_comes_back_as_it_was(schedule):
    assert due_schedule.from_json(due_schedule.to_json(schedule)) == tuple(schedule)

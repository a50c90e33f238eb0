"""Rule sets are chosen, copied, edited and deleted in the settings, each step undone at will."""

from __future__ import annotations

from decimal import Decimal

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication

from gui.forms.rule_set import RuleSetForm
from gui.pages.settings.rule_sets_card import RuleSetsCard
from gui.widgets.messages import NoticeBar
from model.readiness import own_rule_sets
from model.readiness.rule_sets import GENERIC, shipped_sets
from model.store.settings import save_setting

NAMED = {one.key: one for one in shipped_sets()}
ALPHA = "ALPHA_PRRT_DEFAULT"


@pytest.fixture
def card(session, shown):
    return shown(RuleSetsCard(session))


def in_form(act):
    """Does something in the form that opens next."""

    def look():
        form = QApplication.activeModalWidget()
        if isinstance(form, RuleSetForm):
            act(form)
        else:
            QTimer.singleShot(20, look)

    QTimer.singleShot(20, look)


def copy(card, name, act=lambda form: None):
    def fill(form):
        form.name.set_value(name)
        act(form)
        form.accept()
        if form.isVisible():
            form.remember()
            form.reject()

    in_form(fill)
    card.copy_button.click()


def test_all_sets_stand_there_with_their_limits_and_sources(card):
    assert [one.key for one in card.sets.records()] == list(NAMED)
    for key, one in NAMED.items():
        card.sets.choose(key)
        assert card.rules.records() == list(one.rules)
        card.rules.choose(one.rules[0].key)
        assert one.rules[0].source in card.source.text()
        assert one.rules[0].stated in card.source.text()


def test_a_set_is_used_and_no_longer_used(card, session):
    card.sets.choose("IMPERIAL_UK")
    card.use_button.click()
    assert own_rule_sets.chosen_key(session.casebook) == "IMPERIAL_UK"
    assert card.use_button.text() == "Stop &using it"
    card.use_button.click()
    assert own_rule_sets.chosen_key(session.casebook) == ""
    session.undo()
    session.undo()
    assert own_rule_sets.chosen_key(session.casebook) == ""
    assert card.use_button.text() == "&Use this set"


def test_what_cannot_be_done_with_a_set_is_not_offered(card):
    card.sets.choose("LUTATHERA_US_2024")
    assert not card.edit_button.isEnabled()
    assert card.copy_button.isEnabled()
    assert card.remove_button.isHidden()
    card.sets.choose(GENERIC)
    assert card.edit_button.isEnabled()
    assert not card.use_button.isEnabled()
    assert not card.copy_button.isEnabled()


def test_a_copy_is_made_with_other_limits_and_deleted(card, session):
    card.sets.choose("LUTATHERA_US_2024")
    copy(card, "Ours", lambda form: form.limits["clearance.0"].set_value(Decimal("50")))
    (own,) = own_rule_sets.own_sets(session.casebook)
    assert own.name == "Ours"
    assert card.sets.chosen() == own
    assert "Creatinine clearance ≥ 50 mL/min" in [rule.passing for rule in own.rules]
    assert card.remove_button.text() == "Dele&te"
    card.remove_button.click()
    assert own_rule_sets.own_sets(session.casebook) == []
    card.findChild(NoticeBar).action_button().click()
    assert own_rule_sets.own_sets(session.casebook) == [own]


def test_a_copy_without_a_name_of_its_own_is_refused(card, session):
    said = []
    card.sets.choose("IMPERIAL_UK")

    def look(form):
        form.name.set_value("Imperial, UK")
        form.accept()
        said.append(form.name.problem())
        form.remember()
        form.reject()

    in_form(look)
    card.copy_button.click()
    assert said == ["A rule set with this name already exists."]
    assert own_rule_sets.own_sets(session.casebook) == []


def test_the_default_is_edited_by_keyboard_and_restored(card, session, qtbot):
    card.sets.choose(ALPHA)

    def edit(form):
        assert not form.name.isEnabled()
        form.limits["haemoglobin.0"].set_value(Decimal("9.0"))
        form.limits["interval.0"].set_value(None)
        form.accept()

    in_form(edit)
    card.sets.setFocus()
    qtbot.keyClick(card.sets.view, Qt.Key.Key_F2)
    edited = card.sets.chosen()
    assert edited.rules[0].passing == "Haemoglobin ≥ 9.0 g/dL"
    assert [rule.key for rule in edited.rules if not rule.used] == ["interval"]
    assert card.sets.model.index(0, 2).data() == "edited"
    card.remove_button.click()
    assert card.sets.chosen() == NAMED[ALPHA]


def test_a_limit_that_cannot_be_keeps_the_form_open(card, session):
    said = []

    def act(form):
        form.name.set_value("Ours")
        form.limits["platelets.0"].set_value(Decimal(9))
        form.limits["albumin_inr.1"].set_value(None)
        form.accept()
        said.extend(form.limits[name].problem() for name in ("platelets.0", "albumin_inr.1"))
        form.remember()
        form.reject()

    card.sets.choose("LUTATHERA_US_2024")
    in_form(act)
    card.copy_button.click()
    assert said == [
        "A CTCAE grade is between 1 and 5.",
        "Both limits of this rule are needed, or neither.",
    ]
    assert own_rule_sets.own_sets(session.casebook) == []


def test_opening_a_form_and_saving_it_untouched_makes_no_step(card, session):
    card.sets.choose(ALPHA)
    label = session.casebook.undo_label
    in_form(lambda form: form.accept())
    card.edit_button.click()
    assert session.casebook.undo_label == label


def test_what_cannot_be_read_is_said_and_discarded(card, session):
    session.do("Break", lambda step: save_setting(step, own_rule_sets.OWN_SETS, "{"))
    assert "cannot be read" in card.problem.text()
    assert not card.use_button.isEnabled()
    card.discard_button.click()
    assert card.problem.isHidden()
    assert own_rule_sets.all_sets(session.casebook) == list(shipped_sets())

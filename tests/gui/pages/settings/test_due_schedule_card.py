from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication

from gui.forms.due_rule import DueRuleForm, analytes_read, analytes_written
from gui.pages.settings.due_schedule_card import DueScheduleCard, when_text
from model.due import schedule as due_schedule
from model.due.schedule import DUE_SCHEDULE, CountedFrom, DueKind, default_schedule
from model.store.settings import save_setting


@pytest.fixture
def card(session, shown):
    return shown(DueScheduleCard(session))


@pytest.fixture
def in_form(qtbot):
    """Does something in the form that comes up next, and closes it."""

    def act_in(act) -> None:
        def run() -> None:
            form = QApplication.activeModalWidget()
            if not isinstance(form, DueRuleForm):
                QTimer.singleShot(20, run)
                return
            try:
                form.activateWindow()
                qtbot.waitUntil(form.isActiveWindow)
                act(form)
            finally:
                if form.isVisible():
                    form.remember()
                    form.reject()

        QTimer.singleShot(20, run)

    return act_in


def kept(session):
    return due_schedule.of_casebook(session.casebook)


def retype(qtbot, field, text: str) -> None:
    field.input().setFocus()
    qtbot.keyClick(field.input(), Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClick(field.input(), Qt.Key.Key_Delete)
    qtbot.keyClicks(field.input(), text)


def test_the_rules_stand_in_words(card):
    assert [when_text(placed.rule) for placed in card.table.records()[:4]] == [
        "14 d after a cycle, then every 14 d until day 56",
        "28 d after a cycle, then every 28 d until day 56",
        "7 d before the next cycle",
        "56 d after an alpha cycle",
    ]
    assert not card.default_button.isVisible()


def test_a_rule_is_edited_by_keys_and_the_change_can_be_undone(card, session, in_form, qtbot):
    def act(form):
        retype(qtbot, form.day, "10")
        qtbot.keyClick(form, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)

    in_form(act)
    card.table.view.selectRow(0)
    card.table.view.setFocus()
    qtbot.keyClick(card.table.view, Qt.Key.Key_F2)
    assert kept(session) == (replace(default_schedule()[0], day=10), *default_schedule()[1:])
    assert card.table.chosen().rule.day == 10
    assert card.default_button.isVisible()
    session.undo()
    assert kept(session) == default_schedule()
    assert not card.default_button.isVisible()


def test_a_rule_left_as_it_was_takes_no_step(card, session, in_form, qtbot):
    in_form(lambda form: form.accept())
    card.table.view.selectRow(5)
    before = session.casebook.undo_label
    card.edit(card.table.chosen())
    assert session.casebook.undo_label == before


def test_every_default_rule_comes_back_from_its_form_as_it_was(session, qtbot):
    for place, rule in enumerate(default_schedule()):
        form = DueRuleForm(None, session, default_schedule(), place)
        qtbot.addWidget(form, before_close_func=DueRuleForm.remember)
        assert form._rule() == rule


def test_a_rule_that_makes_no_sense_keeps_the_form_open(card, session, in_form, qtbot):
    said = []

    def act(form):
        retype(qtbot, form.every, "2")
        form.accept()
        said.append((form.isVisible(), form.every.problem()))

    in_form(act)
    card.edit(card.table.records()[0])
    assert said == [(True, "A record for one day would also fulfil the next: repeat later.")]
    assert kept(session) == default_schedule()


def test_a_new_rule_comes_last(card, session, in_form, qtbot):
    def act(form):
        retype(qtbot, form.what, "Chromogranin A")
        retype(qtbot, form.needs, "CgA or NSE, made up")
        assert form.needs.hint() == "Unknown, taken as written: made up"
        retype(qtbot, form.day, "84")
        form.accept()

    in_form(act)
    qtbot.mouseClick(card.add_button, Qt.MouseButton.LeftButton)
    *_, last = kept(session)
    assert (last.what, last.needs, last.day) == ("Chromogranin A", "cga|nse, made up", 84)
    assert card.table.chosen().rule == last


def test_the_fields_follow_what_fulfils_the_rule(session, qtbot):
    form = DueRuleForm(None, session, default_schedule(), 0)
    qtbot.addWidget(form, before_close_func=DueRuleForm.remember)
    form.show()
    assert form.needs.isVisible()
    assert not form.modality.isVisible()
    form.kind.set_value(DueKind.IMAGING)
    assert not form.needs.isVisible()
    assert form.modality.isVisible()
    form.after.set_value(CountedFrom.NEXT_CYCLE)
    assert "-7" in form.day.hint()


def test_delete_removes_a_rule_and_the_default_ones_come_back(card, session, qtbot):
    card.table.view.selectRow(1)
    card.table.view.setFocus()
    qtbot.keyClick(card.table.view, Qt.Key.Key_Delete)
    assert kept(session) == (default_schedule()[0], *default_schedule()[2:])
    qtbot.mouseClick(card.default_button, Qt.MouseButton.LeftButton)
    assert kept(session) == default_schedule()


def test_a_schedule_that_cannot_be_read_is_told_and_can_be_set_anew(card, session, qtbot):
    session.do("Spoil", lambda step: save_setting(step, DUE_SCHEDULE, "{"))
    assert "cannot be read" in card.problem.text()
    qtbot.mouseClick(card.default_button, Qt.MouseButton.LeftButton)
    assert kept(session) == default_schedule()
    assert not card.problem.isVisible()


def test_analytes_are_typed_as_they_are_spoken_of():
    assert analytes_read("Hb,  platelets, ANC or WBC") == "hb, plt, anc|wbc"
    assert analytes_written(default_schedule()[0]) == "HB, PLT, ANC or WBC"
    assert analytes_read(analytes_written(default_schedule()[0])) == default_schedule()[0].needs

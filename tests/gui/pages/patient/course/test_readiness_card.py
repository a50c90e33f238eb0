"""The readiness card: the outcome of each limit, and when it is computed again."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QFont, QGuiApplication

from gui.pages.patient.course.readiness_card import ReadinessCard
from gui.widgets.limit_delegate import MARKS, OPEN, _lines
from model.readiness import own_rule_sets
from model.readiness.limits import Verdict
from model.records import labs
from model.records.labs import LabResult
from model.records.outcome import ends_of_treatment
from model.records.outcome.ends_of_treatment import EndOfTreatment
from model.store.settings import save_setting
from tests.gui.pages.showing import hand_on
from tests.model.readiness.cases import cycle, facts, outcome, result

TODAY = date(2025, 4, 10)
ALPHA = "ALPHA_PRRT_DEFAULT"


@pytest.fixture
def card(session, patient, shown):
    session.clock = lambda: TODAY
    card = ReadinessCard(session)
    hand_on(patient, card)
    shown(card)
    card.setFixedWidth(260)
    return card


@pytest.fixture
def alpha(session):
    session.do("Choose rule set", lambda step: own_rule_sets.choose(step, ALPHA))


def add(session, patient, analyte, value, **more):
    result = LabResult(
        patient_id=patient.id,
        taken_on=TODAY - timedelta(days=3),
        analyte=analyte,
        value=Decimal(value),
        unit="10*9/L",
    )
    return session.do("Add labs", lambda step: labs.save(step, replace(result, **more)))


def chips(card):
    return [chip.text() for chip in card.chips]


def row(card, key):
    keys = [each.rule.key for each in card.limits.limits.outcomes]
    return card.limits.limits.index(keys.index(key))


def spoken(card, key):
    return row(card, key).data(Qt.ItemDataRole.AccessibleTextRole)


def test_without_a_rule_set_the_card_offers_to_choose_one(patient, card, session, ann):
    patient.show_patient(ann.id)
    assert card.message.text().startswith("No rule set is chosen for this casebook.")
    assert card.limits.isHidden()
    assert chips(card) == []
    names = [action.text() for action in card.choose_button.menu().actions()]
    assert "Lutathera, US label 2024" in names
    assert "In every set" not in names
    (action,) = (a for a in card.choose_button.menu().actions() if a.text().startswith("Alpha"))
    action.trigger()
    assert own_rule_sets.chosen_key(session.casebook) == ALPHA
    assert card.limits.isVisible()
    assert card.choose_button.isHidden()
    session.undo()
    assert card.choose_button.isVisible()


def test_each_limit_has_its_value_day_and_verdict_in_words(patient, card, session, ann, alpha):
    add(session, ann, "plt", "44")
    patient.show_patient(ann.id)
    assert card.heading.text() == "Ready for cycle 2?"
    assert chips(card) == ["2 fail", "5 not assessable"]
    text = spoken(card, "platelets")
    assert text.startswith("Platelets ≥ 75 ×10⁹/L. 44 ×10⁹/L: fails. 7 Apr 2025, 3 days old")
    assert "customary range, to be set by the centre" in text
    assert "not assessable" in spoken(card, "haemoglobin")
    assert "No result recorded" in spoken(card, "haemoglobin")
    assert "Earliest date by interval: 5 May 2025, in 25 days" in card.earliest.text()
    assert "no advice" in card.footer.text()


def test_a_derived_value_is_visibly_marked_as_derived(qapp):
    weighed = cycle()
    weighed = replace(weighed, cycle=replace(weighed.cycle, weight_kg=70.0))
    derived = facts(result("crea", "1.0"), treatments=(weighed,), sex="F", age_at_index=58)
    for value, is_derived in ((derived, True), (facts(result("crcl", "67.8")), False)):
        lines = _lines(outcome(ALPHA, "clearance", value), False, 260, QFont())
        assert any("derived" in line.text for line in lines) is is_derived


def test_ages_grow_at_midnight(patient, session, shown, ann, alpha):
    today = [TODAY]
    session.clock = lambda: today[0]
    card = ReadinessCard(session)
    hand_on(patient, card)
    shown(card)
    add(session, ann, "plt", "120")
    patient.show_patient(ann.id)
    before = [spoken(card, word) for word in ("platelets",)]
    today[0] += timedelta(days=1)
    card._days.look()
    assert card.readiness is not None
    assert [spoken(card, word) for word in ("platelets",)] != before


def test_no_verdict_is_shown_by_colour_alone():
    marks = [mark for mark, _tone in MARKS.values()]
    assert set(MARKS) == set(Verdict)
    assert len(set(marks)) == len(marks)


def test_readiness_is_computed_again_only_after_changes_of_the_patient(
    patient, card, session, ann, bob, alpha, monkeypatch
):
    patient.show_patient(ann.id)
    before = card.readiness
    add(session, ann, "plt", "80")
    assert card.readiness != before
    assert "80 ×10⁹/L: passes" in spoken(card, "platelets")
    session.undo()
    assert card.readiness == before
    asked = []
    monkeypatch.setattr(card, "_refresh", lambda: asked.append(1))
    add(session, bob, "plt", "80", taken_on=date(2025, 4, 1))
    assert asked == []


def test_a_rule_set_concerns_every_patient_whoever_else_is_changed(
    patient, card, session, ann, bob
):
    patient.show_patient(ann.id)

    def work(step):
        step.put("patient", {"id": bob.id, "primary_site": "lung"})
        own_rule_sets.choose(step, ALPHA)

    session.do("Both", work)
    assert card.limits.isVisible()


def test_a_hidden_card_computes_nothing_until_shown(patient, card, session, ann, alpha):
    card.hide()
    patient.show_patient(ann.id)
    assert card.readiness is None
    card.show()
    assert card.heading.text() == "Ready for cycle 2?"


def test_no_limit_is_checked_for_the_dead(patient, session, bob, alpha, shown):
    session.clock = lambda: date(2025, 5, 1)
    card = shown(ReadinessCard(session))
    hand_on(patient, card)
    patient.show_patient(bob.id)
    assert card.message.text() == "The patient died on 1 May 2025."
    assert card.limits.isHidden()
    assert chips(card) == []


def test_no_patient_leaves_nothing_of_the_last_one(patient, card, ann, alpha):
    patient.show_patient(ann.id)
    patient.show_patient(None)
    assert card.limits.limits.outcomes == []
    assert card.message.text() == "Choose a patient to see the limits."
    assert card.heading.text() == "Readiness"


def test_unreadable_rule_sets_are_reported(patient, card, session, ann):
    broken = own_rule_sets.OWN_SETS
    session.do("Choose", lambda step: own_rule_sets.choose(step, ALPHA))
    session.do("Break", lambda step: save_setting(step, broken, "{"))
    patient.show_patient(ann.id)
    assert "cannot be read" in card.message.text()
    assert card.choose_button.isHidden()


def test_a_missing_rule_set_is_reported_and_others_are_offered(patient, card, session, ann):
    session.do("Break", lambda step: save_setting(step, own_rule_sets.CHOSEN, "OWN_7"))
    patient.show_patient(ann.id)
    assert "no longer exists" in card.message.text()
    assert card.choose_button.isVisible()


def test_the_keyboard_goes_through_the_limits_and_opens_one(patient, card, ann, alpha, qtbot):
    patient.show_patient(ann.id)
    card.limits.setFocus()
    qtbot.waitUntil(card.limits.hasFocus)
    assert card.limits.chosen().rule.key == card.limits.limits.outcomes[0].rule.key
    qtbot.keyClick(card.limits, Qt.Key.Key_Down)
    assert card.limits.chosen() is card.limits.limits.outcomes[1]
    height, all_of_it = card.limits.height(), card.height()
    qtbot.keyClick(card.limits, Qt.Key.Key_Return)
    assert card.limits.currentIndex().data(OPEN)
    assert card.limits.height() > height
    qtbot.waitUntil(lambda: card.height() > all_of_it)
    qtbot.keyClick(card.limits, Qt.Key.Key_Space)
    assert card.limits.height() == height
    qtbot.waitUntil(lambda: card.height() == all_of_it)
    qtbot.keyClick(card.limits, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == card.limits.chosen().text


def test_a_click_opens_a_row_and_it_stays_open_when_records_change(
    patient, card, session, ann, alpha, qtbot
):
    patient.show_patient(ann.id)
    place = card.limits.visualRect(row(card, "leukocytes")).center()
    qtbot.mouseClick(card.limits.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert row(card, "leukocytes").data(OPEN)
    add(session, ann, "wbc", "5.0")
    assert row(card, "leukocytes").data(OPEN)
    assert card.limits.chosen().rule.key == "leukocytes"


@pytest.mark.parametrize("width", [230, 260, 420])
def test_every_row_is_visible_at_every_width(patient, card, session, ann, width, qtbot):
    session.do("Choose", lambda step: own_rule_sets.choose(step, "LUTATHERA_US_2024"))
    patient.show_patient(ann.id)
    card.setFixedWidth(width)
    qtbot.waitUntil(lambda: card.limits.width() <= width)
    last = card.limits.limits.index(card.limits.limits.rowCount() - 1)
    qtbot.waitUntil(
        lambda: card.limits.visualRect(last).bottom() + 1 == card.limits.viewport().height()
    )
    for label in (card.earliest, card.footer):
        if label.isVisible():
            assert label.height() >= label.heightForWidth(label.width())
            assert card.rect().contains(label.geometry())


def test_a_finished_treatment_is_out_of_readiness(patient, card, session, ann, alpha):
    patient.show_patient(ann.id)
    end = EndOfTreatment(patient_id=ann.id, ended_on=TODAY, reason="progression")
    session.do("Add end of treatment", lambda step: ends_of_treatment.save(step, end))
    assert card.message.text() == "Treatment ended on 10 Apr 2025: progression."
    assert card.heading.text() == "Readiness"
    assert card.limits.isHidden()
    assert chips(card) == []


def test_criteria_that_a_set_leaves_out_are_named(patient, card, session, ann, alpha):
    patient.show_patient(ann.id)
    assert "not checked" not in card.footer.text()
    session.do("Choose", lambda step: own_rule_sets.choose(step, "IMPERIAL_UK"))
    assert "Of its source not checked: severe cardiac impairment" in card.footer.text()

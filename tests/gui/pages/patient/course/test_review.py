"""Proposals are decided by three keys or the mouse, and every decision can be undone."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QPushButton

from gui.forms.proposal import DismissForm, ProposedToxicityForm, RecoveryForm
from gui.pages.patient.course.page import SIDE_COLUMN_MIN_WIDTH, CoursePage
from gui.widgets.messages import NoticeBar
from model.grading.recovery import RecoveryProposal
from model.records import kinds, labs
from model.records.labs import LabResult
from model.records.toxicities import Dismissal, Toxicity
from tests.gui.pages.modal import in_form
from tests.gui.pages.showing import hand_on


def result(patient, analyte, value, lln, day):
    return LabResult(
        patient_id=patient.id,
        taken_on=day,
        analyte=analyte,
        value=Decimal(value),
        unit="10*9/L",
        lln=Decimal(lln),
    )


@pytest.fixture
def page(session, ann, patient, background, shown, qtbot):
    """The course of a woman with proposals for neutrophils and leukocytes."""

    def work(step):
        # Platelets below 5 would be one more proposal.
        labs.remove(step, kinds.of_patient(step, LabResult, ann.id)[-1])
        for analyte, value, lln in (("anc", "0.8", "1.5"), ("wbc", "2.5", "4")):
            labs.save(step, result(ann, analyte, value, lln, date(2025, 3, 31)))

    session.do("Add labs", work)
    page = CoursePage(session, patient, background)
    hand_on(patient, page)
    shown(page)
    page.resize(SIDE_COLUMN_MIN_WIDTH + 200, 700)
    patient.show_patient(ann.id)
    qtbot.waitUntil(lambda: len(page.review.cards()) == 2)
    return page


def terms(page):
    return [card.proposal.term for card in page.review.cards()]


def press(page, key, qtbot):
    page.activateWindow()
    page.review.focus_first()
    first = page.review.cards()[0]
    qtbot.waitUntil(first.hasFocus)
    qtbot.keyClick(first, key)


def recorded(session, ann):
    return [
        (each.term, each.grade) for each in kinds.of_patient(session.casebook, Toxicity, ann.id)
    ]


NEUTROPHILS, LEUKOCYTES = "Neutrophil count decreased", "White blood cell decreased"


def test_the_worst_grade_is_first_with_its_reason_and_the_other_version(page):
    assert terms(page) == [NEUTROPHILS, LEUKOCYTES]
    card = page.review.cards()[0]
    words = [label.text() for label in card.findChildren(QLabel) if label.text()]
    assert "Neutrophils, absolute 0.8 ×10⁹/L" in words[0]
    assert words[1:6] == ["Grade 3", "CTCAE 5.0", NEUTROPHILS, "0.8 < 1 ×10⁹/L", "6.0: grade 2"]
    assert page.review.count.text() == "2"
    assert "grade 3" in card.accessibleName()


def test_a_accepts_and_undo_restores_the_proposal(page, session, ann, qtbot):
    press(page, Qt.Key.Key_A, qtbot)
    assert (NEUTROPHILS, 3) in recorded(session, ann)
    assert terms(page) == [LEUKOCYTES]
    assert page.review.cards()[0].hasFocus()
    bar = page.findChild(NoticeBar)
    assert bar.text() == "Recorded: Neutrophil count decreased, grade 3."
    bar.action_button().click()
    assert (NEUTROPHILS, 3) not in recorded(session, ann)
    qtbot.waitUntil(lambda: terms(page) == [NEUTROPHILS, LEUKOCYTES])


def test_a_stray_letter_after_entering_the_course_decides_nothing(page, session, ann, qtbot):
    before = recorded(session, ann)
    page.tools.table.setFocus()
    page.setFocus(Qt.FocusReason.OtherFocusReason)
    assert page.plot.isAncestorOf(QApplication.focusWidget())
    qtbot.keyClick(QApplication.focusWidget(), Qt.Key.Key_A)
    assert recorded(session, ann) == before
    assert terms(page) == [NEUTROPHILS, LEUKOCYTES]


def test_review_goes_to_the_first_card_and_entering_again_to_the_course(page):
    page.start_review()
    assert page.review.cards()[0].hasFocus()
    page.setFocus(Qt.FocusReason.OtherFocusReason)
    assert page.plot.isAncestorOf(QApplication.focusWidget())


def test_review_without_proposals_goes_to_the_course(page, session, ann, qtbot):

    def work(step):
        for each in kinds.of_patient(step, LabResult, ann.id):
            if each.analyte in ("anc", "wbc"):
                labs.remove(step, each)

    session.do("Delete results", work)
    qtbot.waitUntil(lambda: not page.review.cards())
    page.start_review()
    assert page.plot.isAncestorOf(QApplication.focusWidget())


def test_keys_go_from_card_to_card(page, qtbot):
    first, second = page.review.cards()
    page.review.focus_first()
    assert first.hasFocus()
    qtbot.keyClick(first, Qt.Key.Key_Down)
    assert second.hasFocus()
    qtbot.keyClick(second, Qt.Key.Key_Down)
    assert second.hasFocus()
    qtbot.keyClick(second, Qt.Key.Key_Up)
    assert first.hasFocus()


def test_a_shortcut_of_the_window_is_no_decision(page, session, ann, qtbot):
    page.review.focus_first()
    focused = QApplication.focusWidget()
    qtbot.keyClick(focused, Qt.Key.Key_A, Qt.KeyboardModifier.ControlModifier)
    assert terms(page) == [NEUTROPHILS, LEUKOCYTES]


def test_e_edits_and_saving_accepts_in_one_step(page, session, ann, qtbot):
    def act(form):
        assert form.term.value() == NEUTROPHILS
        form.grade.set_value(2)
        form.accept()

    labels = []
    session.changed.connect(lambda change: labels.append(change.label))
    in_form(ProposedToxicityForm, act)
    press(page, Qt.Key.Key_E, qtbot)
    assert labels == ["Accept grade"]
    assert (NEUTROPHILS, 2) in recorded(session, ann)
    qtbot.waitUntil(lambda: terms(page) == [LEUKOCYTES])


def test_a_cancelled_edit_changes_nothing(page, session, ann, qtbot):
    in_form(ProposedToxicityForm, lambda form: form.reject())
    press(page, Qt.Key.Key_E, qtbot)
    assert terms(page) == [NEUTROPHILS, LEUKOCYTES]
    assert len(recorded(session, ann)) == 1


def test_d_dismisses_with_a_reason_and_it_can_be_restored(page, session, ann, qtbot):
    def act(form):
        form.accept()
        assert form.reason.problem() == "Reason is needed."
        form.reason.set_value("Pre-existing")
        form.words.set_value("since 2021")
        form.accept()

    in_form(DismissForm, act)
    press(page, Qt.Key.Key_D, qtbot)
    [kept] = kinds.of_patient(session.casebook, Dismissal, ann.id)
    assert kept.reason == "Pre-existing: since 2021"
    assert page.findChild(NoticeBar).text().startswith("Dismissed: Neutrophils, absolute 0.8")
    qtbot.waitUntil(lambda: not page.review.dismissed.is_empty())
    assert page.review.dismissed.toggle.text() == "1 dismissed ▸"
    page.review.dismissed.toggle.click()
    restore = next(
        button
        for button in page.review.dismissed.findChildren(QPushButton)
        if button.text() == "Restore"
    )
    qtbot.mouseClick(restore, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: terms(page) == [NEUTROPHILS, LEUKOCYTES])
    assert page.review.dismissed.is_empty()


def test_the_other_reason_must_be_typed(page, qtbot):
    def act(form):
        form.reason.set_value("Other")
        form.accept()
        assert form.words.problem() == "Enter the other reason."
        form.words.set_value("Asked for by the board")
        form.accept()

    in_form(DismissForm, act)
    assert DismissForm.ask(page, "Platelets") == "Asked for by the board"


def test_the_mouse_decides_as_the_keys_do(page, session, ann, qtbot):
    card = page.review.cards()[1]
    qtbot.mouseClick(card.accept_button, Qt.MouseButton.LeftButton)
    assert (LEUKOCYTES, 2) in recorded(session, ann)
    assert terms(page) == [NEUTROPHILS]


def test_an_outdated_proposal_is_refused_with_a_sentence(page, session, ann, qtbot, monkeypatch):
    told = []
    monkeypatch.setattr(
        "gui.widgets.messages.error", lambda _parent, error: told.append(str(error))
    )
    card = page.review.cards()[0]
    session.do("Delete", lambda step: labs.remove(step, card.proposal.result))
    card.accept_button.click()
    assert "is out of date" in told[0]
    assert len(recorded(session, ann)) == 1


def test_without_proposals_the_pane_is_hidden_and_dismissed_ones_can_be_opened(page, qtbot):
    for _ in range(2):
        in_form(DismissForm, lambda form: (form.reason.set_value("Pre-existing"), form.accept()))
        press(page, Qt.Key.Key_D, qtbot)
    qtbot.waitUntil(lambda: page.tools.dismissed.isVisible())
    assert page.review.isHidden()
    assert page.tools.dismissed.text() == "2 dismissed"
    page.tools.dismissed.click()
    assert page.review.isVisible()
    assert page.review.dismissed.toggle.isChecked()


def test_after_the_last_decision_the_keyboard_is_in_the_course(page, qtbot):
    press(page, Qt.Key.Key_A, qtbot)
    press(page, Qt.Key.Key_A, qtbot)
    assert page.plot.view.hasFocus()


def test_in_a_narrow_page_the_cards_are_hidden_until_opened(page, qtbot):
    assert page.side_column.isVisible()
    page.resize(SIDE_COLUMN_MIN_WIDTH - 100, 600)
    assert not page.side_column.isVisible()
    qtbot.waitUntil(lambda: page.card.width() > page.width() - 40)
    whole, wide = page.width(), page.card.width()
    assert page.tools.side_button.text().replace("&", "") == "To review 2"
    qtbot.mouseClick(page.tools.side_button, Qt.MouseButton.LeftButton)
    assert page.review.isVisible()
    qtbot.waitUntil(lambda: page.card.width() < wide)
    assert page.width() == whole
    page.resize(SIDE_COLUMN_MIN_WIDTH + 200, 600)
    assert page.side_column.isVisible()
    assert not page.tools.side_button.isVisible()


def test_to_review_shows_the_cards_next_to_a_narrow_course(page, qtbot):
    page.resize(SIDE_COLUMN_MIN_WIDTH - 100, 600)
    page.start_review()
    assert page.review.cards()[0].hasFocus()


def test_proposals_do_not_push_the_other_cards_out_of_view(page):
    page.resize(SIDE_COLUMN_MIN_WIDTH + 200, 420)
    assert page.review.height() <= 230
    page.side_column.ensureWidgetVisible(page.due)
    assert not page.due.visibleRegion().isEmpty()


def test_every_button_names_its_result(page):
    for card in page.review.cards():
        for button in card.findChildren(QPushButton):
            assert "×10⁹/L" in button.accessibleName()


@pytest.fixture
def recovered(page, session, ann, qtbot):
    """Her platelets are back in the normal range: the first card proposes to close the toxicity."""
    later = result(ann, "plt", "200", "150", date(2025, 5, 5))
    session.do("Add labs", lambda step: labs.save(step, later))
    qtbot.waitUntil(lambda: len(page.review.cards()) == 3)
    card = page.review.cards()[0]
    assert isinstance(card.proposal, RecoveryProposal)
    return card


def platelets(session, ann):
    events = kinds.of_patient(session.casebook, Toxicity, ann.id)
    [event] = [each for each in events if each.term == "Platelet count decreased"]
    return event


def test_a_closes_a_toxicity_that_has_recovered_and_undo_opens_it(
    page, session, ann, recovered, qtbot
):
    words = [label.text() for label in recovered.findChildren(QLabel) if label.text()]
    assert "Platelets 200 ×10⁹/L" in words[0]
    assert "Back at grade 0 on 5 May 2025: close it?" in words
    assert "Back at grade 0" in recovered.accessibleName()
    assert platelets(session, ann).is_ongoing
    press(page, Qt.Key.Key_A, qtbot)
    closed = platelets(session, ann)
    assert (closed.resolved_on, closed.outcome) == (date(2025, 5, 5), "recovered")
    bar = page.findChild(NoticeBar)
    assert bar.text() == "Closed on 5 May 2025: Platelet count decreased, grade 3."
    assert page.review.cards()[0].hasFocus()
    bar.action_button().click()
    assert platelets(session, ann).is_ongoing
    qtbot.waitUntil(lambda: len(page.review.cards()) == 3)


def test_e_closes_it_as_edited(page, session, ann, recovered, qtbot):
    def act(form):
        assert form.fields["resolved_on"].value() == date(2025, 5, 5)
        assert form.fields["outcome"].value() == "recovered"
        form.fields["outcome"].set_value("recovered_with_sequelae")
        form.accept()

    labels = []
    session.changed.connect(lambda change: labels.append(change.label))
    in_form(RecoveryForm, act)
    press(page, Qt.Key.Key_E, qtbot)
    assert labels == ["Close toxicity"]
    assert platelets(session, ann).outcome == "recovered_with_sequelae"


def test_d_keeps_it_open_with_a_reason_and_that_can_be_restored(
    page, session, ann, recovered, qtbot
):
    def act(form):
        form.reason.set_value("After a transfusion or growth factor")
        form.accept()

    in_form(DismissForm, act)
    press(page, Qt.Key.Key_D, qtbot)
    [kept] = kinds.of_patient(session.casebook, Dismissal, ann.id)
    assert kept.toxicity_id == platelets(session, ann).id
    assert platelets(session, ann).is_ongoing
    qtbot.waitUntil(lambda: not page.review.dismissed.is_empty())
    page.review.dismissed.toggle.click()
    texts = [label.text() for label in page.review.dismissed.findChildren(QLabel)]
    assert "Recovery of Platelet count decreased, grade 3, CTCAE 5.0" in texts[0]
    [restore] = [
        button
        for button in page.review.dismissed.findChildren(QPushButton)
        if button.text() == "Restore"
    ]
    restore.click()
    qtbot.waitUntil(lambda: len(page.review.cards()) == 3)


def test_cards_fit_their_text_and_one_is_always_fully_visible(page, recovered, qtbot):
    page.resize(SIDE_COLUMN_MIN_WIDTH + 200, 420)
    for card in page.review.cards():
        page.review.focus_first()
        qtbot.wait(1)
        assert card.height() >= card.height_in(card.width()) - 1
        assert page.review.area.viewport().height() >= card.height()
        for label in card.findChildren(QLabel):
            assert label.height() >= label.heightForWidth(label.width())

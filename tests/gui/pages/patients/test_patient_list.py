from __future__ import annotations

from datetime import date

import pytest
from PySide6.QtCore import Qt

from gui.pages.patients.patient_list import ALL, DECEASED, DUE, SEVERE, TREATED, PatientList
from gui.pages.patients.patient_rows import facts_text, status_text
from model.due import items as due
from model.records import patients

TODAY = date(2030, 6, 1)


@pytest.fixture
def listed(session, shown):
    page = shown(PatientList())
    page.show_overviews(patients.overviews(session.casebook, TODAY), frozenset())
    return page


def codes(listed):
    return [overview.code for overview in listed.rows.overviews]


def test_a_row_shows_the_patient_and_the_state_of_treatment(session):
    ann, bob = patients.overviews(session.casebook, TODAY)
    assert facts_text(ann) == "F 63 · Pancreas · NET G2→G3"
    assert (status_text(ann), status_text(bob)) == ("C1 done", "deceased")


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("p-002", ["P-002"]),
        ("doe", ["P-001"]),
        ("small bow", ["P-002"]),
        ("ann pancr", ["P-001"]),
        ("nobody", []),
    ],
)
def test_typing_finds_by_code_name_and_site(listed, qtbot, typed, found):
    listed.start_search()
    qtbot.keyClicks(listed.search, typed)
    assert codes(listed) == found
    assert listed.view.isVisible() == bool(found)


def test_down_in_the_search_line_moves_in_the_list_and_enter_enters(listed, ann, bob, qtbot):
    listed.start_search()
    qtbot.keyClick(listed.search, Qt.Key.Key_Down)
    assert listed.chosen_id() == bob.id
    qtbot.keyClick(listed.search, Qt.Key.Key_Up)
    assert listed.chosen_id() == ann.id
    with qtbot.waitSignal(listed.entered):
        qtbot.keyClick(listed.search, Qt.Key.Key_Return)


def test_escape_shows_all_patients_again(listed, qtbot):
    listed.start_search()
    qtbot.keyClicks(listed.search, "bowel")
    qtbot.keyClick(listed.search, Qt.Key.Key_Escape)
    assert codes(listed) == ["P-001", "P-002"]


def test_letters_typed_in_the_list_search(listed, qtbot):
    listed.view.setFocus()
    qtbot.keyClicks(listed.view, "b")
    assert listed.search.text() == "b"
    assert listed.search.hasFocus()


def test_chips_filter_and_count_the_patients(listed, session, ann, qtbot):
    listed.show_overviews(patients.overviews(session.casebook, TODAY), {ann.id})
    assert [chip.text() for chip in listed.chips.values()] == [
        "All 2",
        "On treatment 1",
        "Due 0",
        "≥ G3 1",
        "Deceased 1",
    ]
    for kind, found in (
        (DECEASED, ["P-002"]),
        (SEVERE, ["P-001"]),
        (TREATED, ["P-001"]),
        (ALL, ["P-001", "P-002"]),
    ):
        qtbot.mouseClick(listed.chips[kind], Qt.MouseButton.LeftButton)
        assert codes(listed) == found


def test_due_items_are_counted_and_shown_in_the_row(listed, session, ann, qtbot):
    today = date(2025, 3, 30)
    listed.show_due(due.most_pressing(due.of_casebook(session.casebook, today)), today)
    assert listed.chips[DUE].text() == "Due 1"
    assert listed.rows.status_of(listed.rows.overviews[0]) == "labs overdue"
    assert listed.rows.status_of(listed.rows.overviews[1]) == "deceased"
    spoken = listed.rows.index(0).data(Qt.ItemDataRole.AccessibleTextRole)
    assert "labs overdue" in spoken
    qtbot.mouseClick(listed.chips[DUE], Qt.MouseButton.LeftButton)
    assert codes(listed) == ["P-001"]
    listed.show_due({}, today)
    assert codes(listed) == []
    qtbot.mouseClick(listed.chips[ALL], Qt.MouseButton.LeftButton)
    assert listed.rows.status_of(listed.rows.overviews[0]) == "C1 done"


def test_items_due_in_weeks_are_shown_but_not_counted(listed, session):
    today = date(2025, 3, 15)
    listed.show_due(due.most_pressing(due.of_casebook(session.casebook, today)), today)
    assert listed.chips[DUE].text() == "Due 0"
    assert listed.rows.status_of(listed.rows.overviews[0]) == "labs due 24 Mar"


def test_the_chosen_patient_stays_chosen_when_the_list_is_shown_again(listed, session, bob):
    listed.choose(bob.id)
    listed.show_overviews(patients.overviews(session.casebook, TODAY), frozenset())
    assert listed.chosen_id() == bob.id


def test_choosing_a_hidden_patient_clears_search_and_filter(listed, ann, qtbot):
    qtbot.keyClicks(listed.search, "bowel")
    listed.choose(ann.id)
    assert listed.chosen_id() == ann.id
    assert listed.search.text() == ""


def test_delete_asks_for_the_deletion_of_the_chosen_patient(listed, ann, qtbot):
    listed.view.setFocus()
    with qtbot.waitSignal(listed.delete_requested) as asked:
        qtbot.keyClick(listed.view, Qt.Key.Key_Delete)
    assert asked.args == [ann.id]


def test_an_empty_casebook_explains_how_to_begin(listed):
    listed.show_overviews([], frozenset())
    assert "Ctrl+N" in listed._empty.text()

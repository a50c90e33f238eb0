from __future__ import annotations

import csv
import threading
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog

from gui.pages.due.due_columns import due_html
from gui.pages.due.filters import ALL, BY_PATIENT, MONTH, OVERDUE, WEEK
from gui.pages.due.page import DuePage
from gui.reports import printing
from model.due import items as due
from model.due import schedule as due_schedule
from model.due.schedule import DUE_SCHEDULE, default_schedule
from model.records import cycles, labs, patients, whole_patient
from model.records.administrations import Administration
from model.records.cycles import Cycle
from model.records.labs import LabResult
from model.records.patients import Patient
from model.store.settings import save_setting

CYCLE = date(2025, 3, 10)  # Ann's, of conftest


def day(number: int) -> date:
    return CYCLE + timedelta(days=number)


@pytest.fixture
def today() -> list[date]:
    """The date that the page uses as today."""
    return [day(20)]


@pytest.fixture
def zoe(session) -> Patient:
    """A woman who was treated three weeks after Ann, whose code is sorted before Ann's."""

    def work(step):
        zoe = patients.save(step, Patient(code="P-000"))
        given = [Administration(number=1, nuclide="225Ac")]
        cycles.save(step, Cycle(patient_id=zoe.id, number=1, given_on=day(7)), given)
        return zoe

    return session.do("Add Zoe", work)


@pytest.fixture
def page(session, background, shown, qtbot, today, zoe):
    session.clock = lambda: today[0]
    page = shown(DuePage(session, background))
    settle(page, background, qtbot)
    return page


def settle(page, background, qtbot) -> None:
    qtbot.waitUntil(lambda: not background.busy(), timeout=10_000)


def seen(page) -> list[tuple[str, str, str]]:
    return [(item.code, item.title, item.time_text) for item in page.table.records()]


def click(qtbot, chip) -> None:
    qtbot.mouseClick(chip, Qt.MouseButton.LeftButton)


def measure(session, patient: Patient, on: date) -> None:
    def work(step):
        labs.save_all(
            step,
            [
                LabResult(patient_id=patient.id, taken_on=on, analyte=key, value=Decimal(5))
                for key in ("hb", "plt", "anc")
            ],
        )

    session.do("Enter results", work)


def test_items_due_this_week_are_shown_by_date(page):
    assert seen(page) == [
        ("P-001", "CBC", "6 d overdue"),
        ("P-000", "CBC", "in 1 d"),
    ]
    assert page.state.text() == "· 1 overdue, 1 due this week"


def test_chips_count_and_filter_the_items(page, qtbot):
    chips = page.filters.period_chips
    assert [chips[kind].text() for kind in (OVERDUE, WEEK, MONTH, ALL)] == [
        *("Overdue 1", "This week 2", "Next 4 weeks 4", "All 10")
    ]
    click(qtbot, chips[OVERDUE])
    assert seen(page) == [("P-001", "CBC", "6 d overdue")]
    click(qtbot, chips[ALL])
    assert len(seen(page)) == 10


def test_items_can_be_grouped_by_patient(page, qtbot):
    click(qtbot, page.filters.period_chips[MONTH])
    click(qtbot, page.filters.order_chips[BY_PATIENT])
    assert [code for code, *_ in seen(page)] == ["P-000", "P-000", "P-001", "P-001"]
    assert page.table.model.columns[0].title == "Patient"


def test_a_code_is_searched_and_enter_opens_the_patient(page, zoe, qtbot):
    opened = []
    page.patient_requested.connect(opened.append)
    page.filters.search.setFocus()
    qtbot.keyClicks(page.filters.search, "000")
    assert {code for code, *_ in seen(page)} == {"P-000"}
    qtbot.keyClick(page.filters.search, Qt.Key.Key_Return)
    assert opened == [zoe.id]
    qtbot.keyClick(page.filters.search, Qt.Key.Key_Escape)
    assert len(seen(page)) == 2
    qtbot.keyClicks(page.filters.search, "nobody")
    assert "“nobody”" in page.table._empty.text()
    assert not page.print_button.isEnabled()


def test_enter_in_the_table_opens_the_patient_of_the_row(page, ann, zoe, qtbot):
    opened = []
    page.patient_requested.connect(opened.append)
    page.setFocus()
    qtbot.keyClick(page.table.view, Qt.Key.Key_Down)
    page.table.view.selectRow(1)
    qtbot.keyClick(page.table.view, Qt.Key.Key_Return)
    page.table.view.selectRow(0)
    qtbot.keyClick(page.table.view, Qt.Key.Key_Return)
    assert opened == [zoe.id, ann.id]


def test_down_in_the_search_line_moves_in_the_list(page, qtbot):
    page.table.view.selectRow(0)
    qtbot.keyClick(page.filters.search, Qt.Key.Key_Down)
    assert page.table.chosen().code == "P-000"


def test_a_result_removes_the_item_that_it_fulfils(page, session, ann, background, qtbot):
    measure(session, ann, day(14))
    settle(page, background, qtbot)
    assert [code for code, *_ in seen(page)] == ["P-000"]
    session.undo()
    settle(page, background, qtbot)
    assert [code for code, *_ in seen(page)] == ["P-001", "P-000"]


def test_an_outdated_slow_result_is_dropped(
    page, session, ann, zoe, background, qtbot, monkeypatch
):
    go_on, asked, ask = threading.Event(), [], due.of_casebook

    def slow_at_first(*about):
        asked.append(about)
        is_first = len(asked) == 1
        items = ask(*about)
        if is_first:
            go_on.wait(10)
        return items

    monkeypatch.setattr(due, "of_casebook", slow_at_first)
    measure(session, ann, day(14))
    qtbot.waitUntil(lambda: len(asked) == 1)
    measure(session, zoe, day(20))
    qtbot.waitUntil(lambda: seen(page) == [], timeout=10_000)
    go_on.set()
    settle(page, background, qtbot)
    assert seen(page) == []
    assert page.table._empty.text() == "Nothing is due this week."


def test_a_change_while_hidden_is_shown_with_the_page(page, session, ann, background, qtbot):
    page.hide()
    measure(session, ann, day(14))
    assert not background.busy()
    page.show()
    settle(page, background, qtbot)
    assert [code for code, *_ in seen(page)] == ["P-000"]


def test_a_new_day_updates_the_list(page, today, background, qtbot):
    today[0] = day(21)
    page._days.look()
    settle(page, background, qtbot)
    assert seen(page)[1] == ("P-000", "CBC", "today")


def test_a_changed_schedule_is_applied_at_once(page, session, background, qtbot):
    own = [replace(default_schedule()[0], what="Blood")]
    session.do("Change due schedule", lambda step: due_schedule.save(step, own))
    settle(page, background, qtbot)
    assert {what for _, what, _ in seen(page)} == {"Blood"}


def test_a_schedule_that_cannot_be_read_is_told(page, session, background, qtbot):
    session.do("Spoil", lambda step: save_setting(step, DUE_SCHEDULE, "{"))
    settle(page, background, qtbot)
    assert "cannot be read" in page.table._empty.text()


def test_without_patients_the_list_explains_how_to_begin(session, background, shown, qtbot):
    for patient in patients.all_patients(session.casebook):
        session.do(
            "Delete", lambda step, patient=patient: whole_patient.remove_patient(step, patient)
        )
    session.clock = lambda: CYCLE
    page = shown(DuePage(session, background))
    settle(page, background, qtbot)
    assert "Ctrl+N" in page.table._empty.text()


def test_the_visible_list_is_saved_and_logged(page, session, tmp_path, qtbot, monkeypatch):
    path = tmp_path / "due.csv"
    monkeypatch.setattr(QFileDialog, "getSaveFileName", lambda *_: (str(path), ""))
    click(qtbot, page.csv_button)
    lines = list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))
    assert [(line["patient_id"], line["days"]) for line in lines] == [
        ("P-001", "-6"),
        ("P-000", "1"),
    ]
    noted = session.casebook.rows("select action from journal order by seq desc limit 1")
    assert noted == [{"action": "Export due list"}]


def test_the_visible_list_is_printed(page, qtbot, monkeypatch):
    printed = []
    monkeypatch.setattr(printing, "print_document", lambda *about: printed.append(about))
    click(qtbot, page.print_button)
    ((parent, document, furniture),) = printed
    assert parent is page
    assert (furniture.title, furniture.printed_on) == ("Due this week", day(20))
    text = document.toPlainText()
    assert "P-001" in text
    assert "6 d overdue" in text


def test_markup_typed_by_users_is_printed_as_text(page):
    (item, *_) = page.table.records()
    html = due_html([replace(item, code="<b>P</b>", what="A & B")], by_patient=True)
    assert "&lt;b&gt;P&lt;/b&gt;" in html
    assert "A &amp; B" in html


@pytest.mark.parametrize("by_patient", [True, False])
def test_every_line_on_paper_names_its_patient(page, by_patient):
    (item, *_) = page.table.records()
    both = [item, replace(item, what="Imaging")]
    assert due_html(both, by_patient=by_patient).count("P-001") == 2

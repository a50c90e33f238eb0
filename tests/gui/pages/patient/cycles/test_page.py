from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication

from gui.pages.patient.cycles.page import CyclesPage
from gui.widgets.messages import MessageBox, NoticeBar
from model.records import cycles
from model.records.administrations import Administration
from model.records.cycles import Cycle, Treatment
from model.store import rows
from model.store.casebook import Access
from model.store.step import Change
from tests.gui.pages.showing import show

LU = Administration(
    number=1,
    nuclide="177Lu",
    ligand="DOTATATE",
    prescribed_mbq=7400.0,
    calibrated_mbq=8000.0,
    calibrated_at=datetime(2025, 5, 4, 12, 0),
    measured_mbq=6500.0,
    measured_at=datetime(2025, 5, 5, 9, 0),
    residual_mbq=50.0,
    residual_at=datetime(2025, 5, 5, 11, 0),
    started_at=datetime(2025, 5, 5, 10, 0),
    ended_at=datetime(2025, 5, 5, 10, 30),
    route="intravenous",
    batch_number="B 17",
)


@pytest.fixture
def second(session, ann) -> Treatment:
    """A cycle with all fields recorded, given far below the prescribed activity."""
    cycle = Cycle(
        patient_id=ann.id, number=2, given_on=date(2025, 5, 5), weight_kg=70.5, comment="slow"
    )
    return session.do("x", lambda step: cycles.save(step, cycle, [LU]))


@pytest.fixture
def page(session, ann, second, shown):
    session.clock = lambda: date(2025, 6, 1)
    made = shown(CyclesPage(session))
    show(made, ann.id)
    return made


def texts(page, row):
    model = page.cards[0].table.model
    record = page.cards[0].table.records()[row]
    return {column.title: column.text(record) for column in model.columns if column.text(record)}


def test_a_row_shows_activities_interval_and_cumulative_activity(page):
    assert texts(page, 0) == {
        "Cycle": "C1",
        "Date": "10 Mar 2025",
        "Given": "6.1 MBq 225Ac + 4 GBq 177Lu",
        "Cumulative": "6.1 MBq 225Ac, 4 GBq 177Lu",
        "ECOG": "1",
    }
    assert texts(page, 1) == {
        "Cycle": "C2",
        "Date": "5 May 2025",
        "Since last": "56 d (8 wk)",
        "Given": "6.42 GBq 177Lu-DOTATATE",
        "Deviation": "−13 %",
        "Prescribed": "7.4 GBq",
        "Cumulative": "6.1 MBq 225Ac, 10.4 GBq 177Lu",
        "Weight, kg": "70.5",
    }


def test_a_sum_with_an_unknown_part_is_at_least(session, ann, page):
    cycle = Cycle(patient_id=ann.id, number=3, given_on=date(2025, 7, 1))
    unknown = Administration(number=1, nuclide="177Lu")
    session.do("x", lambda step: cycles.save(step, cycle, [unknown]))
    show(page, ann.id)
    assert texts(page, 2)["Cumulative"] == "6.1 MBq 225Ac, at least 10.4 GBq 177Lu"


def test_the_last_cycle_is_chosen_and_shown_in_full(page):
    assert page.details.heading.text() == "Cycle 2 · 5 May 2025"
    assert page.details.texts() == [
        *("177Lu-DOTATATE", "13 % under the prescribed activity"),
        *("Prescribed", "7.4 GBq"),
        *("Calibrated", "8 GBq at 4 May 2025 12:00"),
        *("Measured", "6.5 GBq at 09:00"),
        *("Residual", "0.05 GBq at 11:00"),
        *("Started", "10:00", "Ended", "10:30"),
        "Administered",
        "6.422 GBq = (6.50 − 0.05) decayed to 10:00, T½ 177Lu 6.647 d (ICRP 107)",
        *("Route", "intravenous", "Batch", "B 17"),
        *("Cumulative", "6.1 MBq 225Ac, 10.4 GBq 177Lu"),
        *("Weight", "70.5 kg", "Comment", "slow"),
    ]


def test_another_cycle_is_shown_as_the_keys_go_to_it(page, qtbot):
    view = page.cards[0].table.view
    view.setFocus()
    qtbot.keyClick(view, Qt.Key.Key_Up)
    assert page.details.heading.text() == "Cycle 1 · 10 Mar 2025"


def test_the_chosen_cycle_stays_after_a_change_elsewhere(session, page, ann, second, qtbot):
    page.cards[0].table.view.selectRow(0)
    edited = replace(second.cycle, comment="slower")
    session.do("x", lambda step: cycles.save(step, edited, second.administrations))
    show(page, ann.id)
    assert page.details.heading.text() == "Cycle 1 · 10 Mar 2025"


def test_without_cycles_only_the_first_can_be_added(page, bob):
    show(page, bob.id)
    assert page.cards[0].add_button.isVisible()
    hidden = (page.again_button, page.edit_button, page.print_button, page.details)
    assert [widget.isVisible() for widget in hidden] == [False] * 4
    page.print_worksheet()
    said = "There is no cycle yet to print a worksheet for."
    assert page.window().findChild(NoticeBar).text() == said


def test_buttons_open_the_form_and_the_worksheet_of_the_chosen_cycle(
    page, ann, second, qtbot, monkeypatch
):
    asked = []
    monkeypatch.setattr(
        "gui.forms.cycle.CycleForm.ask", lambda *about, **how: asked.append((*about[2:], how))
    )
    monkeypatch.setattr(
        "gui.forms.worksheet.WorksheetDialog.ask", lambda *about: asked.append(about[2:])
    )
    for each in (
        *(page.cards[0].add_button, page.again_button, page.edit_button, page.print_button),
    ):
        qtbot.mouseClick(each, Qt.MouseButton.LeftButton)
    assert asked == [
        (ann.id, None, {}),
        (ann.id, {"like_last": True}),
        (ann.id, second, {}),
        (second,),
    ]


def test_a_flagged_deviation_is_a_chip_even_in_the_chosen_row(page, light):
    from gui.style import theme

    view = page.cards[0].table.view
    index = page.cards[0].table.model.index(1, 4)
    picture = view.viewport().grab(view.visualRect(index)).toImage()
    colours = {
        picture.pixelColor(x, y).name().upper()
        for x in range(picture.width())
        for y in range(picture.height())
    }
    assert theme.current().alert_fill in colours
    other = view.viewport().grab(view.visualRect(index.siblingAtRow(0))).toImage()
    plain = {
        other.pixelColor(x, y).name().upper()
        for x in range(other.width())
        for y in range(other.height())
    }
    assert theme.current().alert_fill not in plain


def test_a_cycle_with_an_administration_changed_meanwhile_is_deleted_only_after_a_yes(
    page, session, ann, second, qtbot
):
    with session.casebook.new_connection(Access.BESIDE) as other, other.step("x") as step:
        rows.put(step, replace(second.administrations[0], batch_number="B 18"))
    asked: list[str] = []

    def press(key: Qt.Key) -> None:
        box = QApplication.activeModalWidget()
        if not isinstance(box, MessageBox):
            QTimer.singleShot(20, lambda: press(key))
            return
        asked.append(box.accessibleDescription())
        qtbot.keyClick(box, key)

    QTimer.singleShot(20, lambda: press(Qt.Key.Key_Escape))
    qtbot.keyClick(page._card.table.view, Qt.Key.Key_Delete)
    assert "Batch number: B 17 → B 18" in asked[0]
    assert len(cycles.of_patient(session.casebook, ann.id)) == 2


def test_a_cycle_given_another_administration_meanwhile_is_shown_before_it_is_deleted(
    page, session, ann, second, qtbot
):
    with session.casebook.new_connection(Access.BESIDE) as other, other.step("x") as step:
        tandem = replace(LU, nuclide="225Ac", number=2, calibrated_mbq=None)
        rows.put(step, replace(tandem, cycle_id=second.cycle.id))
    asked: list[str] = []

    def press() -> None:
        box = QApplication.activeModalWidget()
        if not isinstance(box, MessageBox):
            QTimer.singleShot(20, press)
            return
        asked.append(box.accessibleName())
        qtbot.keyClick(box, Qt.Key.Key_Escape)

    QTimer.singleShot(20, press)
    announced: list[Change] = []
    session.changed.connect(announced.append)
    qtbot.keyClick(page._card.table.view, Qt.Key.Key_Delete)
    assert asked == ["This record was changed while you edited it."]
    assert len(cycles.of_patient(session.casebook, ann.id)) == 2
    assert announced[0].concerns(ann.id)

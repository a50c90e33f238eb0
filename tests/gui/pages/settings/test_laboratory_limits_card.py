"""Laboratories' limits are entered by keyboard, read from CSV, deleted and undone."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication

from gui.forms.laboratory_limit import LaboratoryLimitForm
from gui.pages.settings.laboratory_limits_card import (
    LaboratoryLimitsCard,
    for_text,
    limits_text,
    valid_text,
)
from model.records import laboratory_limits
from model.records.laboratory_limits import LaboratoryLimit


@pytest.fixture
def card(session, shown):
    return shown(LaboratoryLimitsCard(session))


@pytest.fixture
def in_form(qtbot):
    """Does something in the form that comes up next, and closes it."""

    def act_in(act) -> None:
        def run() -> None:
            form = QApplication.activeModalWidget()
            if not isinstance(form, LaboratoryLimitForm):
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


def saved(session) -> list[LaboratoryLimit]:
    return laboratory_limits.all_limits(session.casebook)


def type_in(qtbot, field, text: str) -> None:
    field.input().setFocus()
    qtbot.keyClicks(field.input(), text)


def save(qtbot, form) -> None:
    qtbot.keyClick(form, Qt.Key.Key_Return, Qt.KeyboardModifier.ControlModifier)


def test_limits_are_entered_edited_and_deleted_by_keys_as_undoable_steps(
    card, session, in_form, qtbot
):
    def enter(form):
        type_in(qtbot, form.laboratory, "North")
        form.laboratory.keep()
        form.analyte.set_value("plt")
        assert form.unit.value() == "10*9/L"
        type_in(qtbot, form.lln, "150")
        type_in(qtbot, form.age_from, "18")
        save(qtbot, form)

    in_form(enter)
    card.add_button.click()
    [limit] = saved(session)
    assert (limit.laboratory, limit.analyte, limit.unit) == ("North", "plt", "10*9/L")
    assert (limit.lln, limit.uln, limit.age_from, limit.sex) == (Decimal(150), None, 18, None)
    assert card.table.chosen() == limit

    def change(form):
        type_in(qtbot, form.uln, "400")
        save(qtbot, form)

    in_form(change)
    card.table.view.setFocus()
    qtbot.keyClick(card.table.view, Qt.Key.Key_F2)
    assert saved(session)[0].uln == 400
    session.undo()
    assert saved(session) == [limit]
    qtbot.keyClick(card.table.view, Qt.Key.Key_Delete)
    assert saved(session) == []
    session.undo()
    assert card.table.records() == [limit]


def test_impossible_limits_keep_the_form_open_and_say_why(card, session, in_form, qtbot):
    def enter(form):
        form.analyte.set_value("hb")
        type_in(qtbot, form.lln, "120")
        save(qtbot, form)
        assert form.isVisible()
        assert "implausible in g/dL" in form.uln.problem()

    in_form(enter)
    card.add_button.click()
    assert saved(session) == []


def test_limits_are_read_from_csv_in_one_step_or_not_at_all(card, session, tmp_path):
    path = tmp_path / "limits.csv"
    path.write_text("analyte,unit,sex,lln,uln\nHB,g/dL,F,12,15.5\nHB,g/dL,M,13.5,17.5\n")
    card.read(path)
    assert [one.sex for one in card.table.records()] == ["F", "M"]
    session.undo()
    assert saved(session) == []
    path.write_text("analyte,unit,sex,lln,uln\nHB,g/dL,F,12,15.5\nHB,g/l,M,13.5,17.5\n,,,,\n")
    card.read(path)
    assert saved(session) == []
    assert card.problem.text() == (
        "limits.csv, line 3, column uln: These limits are implausible in g/L: check the unit."
    )
    path.write_text("analyte,unit,lln\n" + "zonulin,g/L,1\n" * 12)
    card.read(path)
    assert card.problem.text().splitlines()[-1] == "Nothing was read: 12 faults in all."
    path.write_text("analyte,unit,lln\nALT,U/L,10\n")
    card.read(path)
    assert not card.problem.isVisible()


def test_the_columns_say_whom_and_when_limits_are_for():
    def about(**given):
        return LaboratoryLimit(analyte="plt", unit="/uL", lln=Decimal(150000), **given)

    day = date(2024, 3, 4)
    assert limits_text(about()) == "≥ 150000 /µL"
    assert limits_text(about(uln=Decimal(400000))) == "150000–400000 /µL"
    assert for_text(about()) == "all"
    assert for_text(about(sex="F", age_from=18, age_to=64)) == "F, 18–64 y"
    assert for_text(about(age_from=65)) == "from 65 y"
    assert for_text(about(age_to=17)) == "up to 17 y"
    assert valid_text(about()) == ""
    assert valid_text(about(valid_from=day)) == "from 4 Mar 2024"
    assert valid_text(about(valid_to=day)) == "until 4 Mar 2024"
    assert valid_text(about(valid_from=day, valid_to=day)) == "4 Mar 2024 – 4 Mar 2024"


def test_a_lower_limit_of_zero_is_kept_when_other_values_are_edited(session, qtbot):
    limit = LaboratoryLimit(
        analyte="crp", unit="mg/L", age_from=0, lln=Decimal(0), uln=Decimal(5), laboratory="Central"
    )
    old = session.do("x", lambda step: laboratory_limits.save(step, limit))
    form = LaboratoryLimitForm(None, session, old)
    qtbot.addWidget(form)
    form.show()
    form.comment.set_value("since May")
    form.accept()
    saved = form.saved()
    assert (saved.lln, saved.uln, saved.age_from) == (Decimal(0), Decimal(5), 0)

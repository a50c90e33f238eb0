"""SI or conventional for the whole window: chosen by key, shown everywhere, nothing rewritten."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QPushButton

from gui.actions import ACTIONS, Actions, Needs
from gui.forms.labs.day import LabsForm
from gui.pages.patient.labs.page import LabsPage
from gui.pages.patients.header import RECORD_ACTIONS, PatientHeader
from gui.pages.patients.patient_page import PatientPage
from gui.pages.settings.page import SettingsPage
from gui.window.status_line import StatusLine
from model.records import labs, unit_system
from model.records.labs import LabResult
from model.records.unit_system import UnitSystem
from tests.gui.pages.showing import show

DAY = date(2025, 3, 31)
WRITTEN = (
    ("hb", "12.8", "g/dL", None),
    ("crea", "0.95", "mg/dL", None),
    ("bili", "0.2", "mg/dL", "<"),
    ("ca", "9.4", "stones", None),
    ("alt", "35", "U/L", None),
    ("Neurokinin", "3", "pmol/L", None),
)


@pytest.fixture
def measured(session, ann):
    """Results in conventional units; of one the unit is not known, of one the analyte."""

    def work(step):
        for analyte, value, unit, comparator in WRITTEN:
            labs.save(
                step,
                LabResult(
                    patient_id=ann.id,
                    taken_on=DAY,
                    analyte=analyte,
                    value=Decimal(value),
                    unit=unit,
                    comparator=comparator,
                    uln=Decimal("16.0") if analyte == "hb" else None,
                    lln=Decimal("13.0") if analyte == "hb" else None,
                ),
            )

    session.do("Add labs", work)
    return ann


@pytest.fixture
def settings(session, background, shown):
    return shown(SettingsPage(session, background))


def use(session, system):
    session.do("Change units", lambda step: unit_system.save(step, system))


def cells(page):
    """Heading and value of each analyte on the day, without the arrows of the limits."""
    model = page.model
    row = [each.taken_on for each in model.samplings].index(DAY)
    return {
        key: (
            model.headerData(1 + column, Qt.Orientation.Horizontal).partition("\n")[2].strip(),
            (model.index(row, 1 + column).data() or "").rstrip(" ↓↑"),
        )
        for column, key in enumerate(model.analytes)
    }


def test_units_are_chosen_by_key_and_undone(settings, session, qtbot):
    box = settings.units.input()
    box.setFocus()
    qtbot.keyClicks(box, "SI")
    qtbot.keyClick(box, Qt.Key.Key_Return)
    assert unit_system.of_casebook(session.casebook) is UnitSystem.SI
    assert session.casebook.undo_label == "Change units"
    session.undo()
    assert unit_system.of_casebook(session.casebook) is UnitSystem.AS_RECORDED
    assert settings.units.value() is UnitSystem.AS_RECORDED


def test_the_blank_entry_is_no_choice(settings, session, qtbot):
    use(session, UnitSystem.SI)
    box = settings.units.input()
    box.setFocus()
    qtbot.keyClick(box, Qt.Key.Key_Home)
    assert settings.units.value() is UnitSystem.SI
    assert unit_system.of_casebook(session.casebook) is UnitSystem.SI


def test_no_two_mnemonics_of_the_settings_are_equal(settings):
    found = [each.text() for each in settings.findChildren(QLabel) if each.buddy()]
    found += [each.text() for each in settings.findChildren(QPushButton)]
    letters = [text[text.index("&") + 1].lower() for text in found if "&" in text]
    assert sorted(set(letters)) == sorted(letters)


@pytest.mark.parametrize(
    ("system", "words"),
    [
        (UnitSystem.AS_RECORDED, "CTCAE 5.0 · units as recorded"),
        (UnitSystem.SI, "CTCAE 5.0 · SI units"),
        (UnitSystem.CONVENTIONAL, "CTCAE 5.0 · conventional units"),
    ],
)
def test_the_status_line_says_which_units_are_shown(session, shown, system, words):
    use(session, system)
    line = shown(StatusLine())
    line.show_casebook(session.casebook)
    assert line._version_and_units.text() == words


def test_the_grid_shows_the_units_of_the_casebook(session, measured, shown):
    page = shown(LabsPage(session))
    show(page, measured.id)
    assert cells(page)["hb"] == ("g/dL", "12.8")
    use(session, UnitSystem.SI)
    show(page, measured.id)
    found = cells(page)
    assert found["hb"] == ("g/L", "128")
    assert found["crea"] == ("µmol/L", "84.0")
    assert found["bili"] == ("µmol/L", "<4")
    assert found["plt"] == ("×10⁹/L", "44")


def test_what_cannot_be_converted_is_shown_as_written_with_its_unit(session, measured, shown):
    more = LabResult(
        patient_id=measured.id,
        taken_on=date(2025, 3, 7),
        analyte="ca",
        value=Decimal("9.2"),
        unit="mg/dL",
    )
    session.do("Add lab", lambda step: labs.save(step, more))
    use(session, UnitSystem.SI)
    page = shown(LabsPage(session))
    show(page, measured.id)
    found = cells(page)
    assert found["ca"] == ("", "9.4 stones")
    assert found["alt"] == ("U/L", "35")
    assert found["Neurokinin"] == ("pmol/L", "3")


def test_the_tool_tip_keeps_what_was_written(session, measured, shown):
    use(session, UnitSystem.SI)
    page = shown(LabsPage(session))
    show(page, measured.id)
    column = 1 + page.model.analytes.index("hb")
    row = [each.taken_on for each in page.model.samplings].index(DAY)
    lines = page.model.index(row, column).data(Qt.ItemDataRole.ToolTipRole).split("\n")
    assert lines[:2] == ["Haemoglobin 128 g/L", "Written as 12.8 g/dL"]
    assert "Limits of normal 13.0 to 16.0 g/dL" in lines
    assert "Below the lower limit of 13.0 g/dL." in lines
    platelets = page.model.index(row, 1 + page.model.analytes.index("plt"))
    assert "Written as" not in platelets.data(Qt.ItemDataRole.ToolTipRole)


def test_the_form_holds_what_was_written(session, measured, shown, qtbot):
    use(session, UnitSystem.SI)
    form = LabsForm(None, session, measured.id, DAY)
    qtbot.addWidget(form, before_close_func=LabsForm.remember)
    row = next(row for row in form.grid.rows if row.line.key == "hb")
    assert row.texts()[0] == "12.8"


def test_an_open_labs_tab_follows_the_choice(session, background, measured, shown):
    page = PatientPage(session, Actions(shown(LabsPage(session))), background)
    page.tabs.setCurrentIndex(2)
    shown(page).show_patient(measured.id)
    use(session, UnitSystem.SI)
    assert cells(page.tab(2))["hb"] == ("g/L", "128")
    session.undo()
    assert cells(page.tab(2))["hb"] == ("g/dL", "12.8")


def test_the_record_menu_offers_same_as_last_worksheet_and_summary(session, shown, qtbot):
    window = shown(LabsPage(session))
    actions = Actions(window)
    header = PatientHeader(actions)
    qtbot.addWidget(header)
    offered = [each.objectName() for each in header.record_button.menu().actions() if each.text()]
    assert {"cycle.again", "cycle.worksheet", "patient.summary"} <= set(offered)
    assert offered == [each for each in RECORD_ACTIONS if each]
    assert set(offered) <= {line.id for line in ACTIONS}
    # None of them can be used once the casebook is closed.
    needs = {line.id: line.needs for line in ACTIONS}
    assert all(needs[each] is not Needs.NOTHING for each in offered)

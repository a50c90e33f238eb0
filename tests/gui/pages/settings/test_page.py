"""The settings of the casebook: what is chosen applies at once, and can be undone."""

from __future__ import annotations

from datetime import date

import pytest
from PySide6.QtCore import Qt

from gui.pages.settings.page import SettingsPage
from model.store.settings import data_cut_off


@pytest.fixture
def page(session, background, shown) -> SettingsPage:
    return shown(SettingsPage(session, background))


def test_the_data_cut_off_is_saved_when_it_has_been_typed(page, session, qtbot):
    field = page.cut_off
    field.edit.setFocus()
    qtbot.keyClicks(field.edit, "15 Jan 2026")
    assert data_cut_off(session.casebook) is None
    qtbot.keyClick(field.edit, Qt.Key.Key_Return)
    assert data_cut_off(session.casebook) == date(2026, 1, 15)
    session.undo()
    assert data_cut_off(session.casebook) is None
    assert field.edit.text() == ""


def test_what_is_no_date_is_not_saved(page, session, qtbot):
    qtbot.keyClicks(page.cut_off.edit, "soon")
    qtbot.keyClick(page.cut_off.edit, Qt.Key.Key_Return)
    assert data_cut_off(session.casebook) is None
    assert page.cut_off.edit.text() == "soon"

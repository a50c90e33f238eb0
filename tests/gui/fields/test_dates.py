from datetime import date

import pytest
from PySide6.QtCore import QDate, Qt
from PySide6.QtWidgets import QApplication, QCalendarWidget, QToolButton, QVBoxLayout, QWidget

from gui.fields.dates import DateField, PartialDateField
from model.dates import PartialDate
from model.errors import KnownError

TODAY = date(2024, 7, 20)


@pytest.fixture
def window(light, qtbot):
    window = QWidget()
    QVBoxLayout(window)
    qtbot.addWidget(window)
    window.resize(500, 300)
    return window


@pytest.fixture
def field(window, qtbot):
    field = DateField(today=TODAY, cycle_dates=[date(2024, 3, 7), date(2024, 5, 2)])
    window.layout().addWidget(field)
    window.show()
    qtbot.waitExposed(window)
    window.activateWindow()
    field.setFocus()
    qtbot.waitUntil(field.edit.hasFocus)
    return field


def test_the_day_that_was_understood_is_shown_while_typing(field, qtbot):
    said = []
    for key in "3/7":
        qtbot.keyClicks(field.edit, key)
        said.append(field.hint())
    assert said == ["", "", "Wed 3 July 2024"]
    assert field.value() == date(2024, 7, 3)


def test_days_are_counted_from_cycles_and_today(field):
    field.edit.setText("c2+21")
    assert field.hint() == "Thu 23 May 2024"
    field.edit.setText("-14d")
    assert field.value() == date(2024, 7, 6)


def test_a_wrong_date_is_told_once_the_field_is_left(field, qtbot):
    qtbot.keyClicks(field.edit, "31.2.2024")
    assert field.problem() == ""
    qtbot.keyClick(field.edit, Qt.Key.Key_Return)
    assert field.problem() == "Feb 2024 has no day 31."
    with pytest.raises(KnownError):
        field.value()


def test_a_date_that_is_set_is_shown_as_it_is_stored(field):
    field.set_value(date(2024, 3, 7))
    assert field.edit.text() == "2024-03-07"
    field.set_value(None)
    assert (field.value(), field.hint(), field.fault()) == (None, "", "")


def test_a_day_can_be_taken_from_the_calendar(field, qtbot):
    field.edit.setText("3/7")
    field.open_calendar()
    popup = QApplication.activePopupWidget()
    calendar = popup.findChild(QCalendarWidget)
    assert calendar.selectedDate() == QDate(2024, 7, 3)
    calendar.clicked.emit(QDate(2024, 7, 9))
    assert field.edit.text() == "2024-07-09"
    assert QApplication.activePopupWidget() is None


def test_the_calendar_opens_on_today_while_nothing_can_be_read(field, qtbot):
    field.edit.setText("nonsense")
    qtbot.mouseClick(field.findChild(QToolButton), Qt.MouseButton.LeftButton)
    popup = QApplication.activePopupWidget()
    assert popup.findChild(QCalendarWidget).selectedDate() == QDate(2024, 7, 20)
    qtbot.keyClick(popup, Qt.Key.Key_Escape)
    assert field.edit.text() == "nonsense"


def test_a_partial_date_is_read_shown_and_kept(window, qtbot):
    field = PartialDateField(today=TODAY)
    window.layout().addWidget(field)
    window.show()
    qtbot.keyClicks(field.edit, "3/2021")
    assert field.hint() == "Mar 2021"
    assert field.value() == PartialDate(2021, 3)
    field.set_value(PartialDate(2021, 3, 5))
    assert (field.edit.text(), field.hint()) == ("2021-03-05", "Fri 5 March 2021")
    field.edit.setText("long ago")
    assert "is not a date" in field.fault()
    field.set_value(None)
    assert field.value() is None


def test_a_partial_date_is_chosen_from_a_calendar_as_a_whole_one(window, qtbot):
    field = PartialDateField(today=TODAY, calendar=True)
    window.layout().addWidget(field)
    window.show()
    field.set_value(PartialDate(2021, 3))
    qtbot.mouseClick(field.findChild(QToolButton), Qt.MouseButton.LeftButton)
    popup = QApplication.activePopupWidget()
    calendar = popup.findChild(QCalendarWidget)
    assert calendar.selectedDate() == QDate(2021, 3, 1)
    calendar.clicked.emit(QDate(2021, 3, 9))
    assert field.value() == PartialDate(2021, 3, 9)

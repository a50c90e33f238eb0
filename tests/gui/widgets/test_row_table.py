from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

import pytest
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QHelpEvent, QKeySequence, QShortcut
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QApplication, QMainWindow, QStyleOptionViewItem, QToolTip

from gui.style import theme
from gui.widgets.chip_delegate import MARGIN, PADDING
from gui.widgets.row_model import RIGHT, Column, RowModel
from gui.widgets.row_table import RowTable


@dataclass(frozen=True)
class Visit:
    id: int
    number: int
    given_on: date | None
    activity: Decimal
    grade: int | None = None
    note: str = ""


COLUMNS = [
    Column("Cycle", lambda visit: f"C{visit.number}", sort_by=lambda visit: visit.number),
    Column("Date", lambda visit: str(visit.given_on or "–"), sort_by=lambda visit: visit.given_on),
    Column("MBq", lambda visit: f"{visit.activity}", align=RIGHT, tone=lambda visit: "soft"),
    Column("Worst", lambda visit: f"G{visit.grade}", grade=lambda visit: visit.grade),
    Column("Note", lambda visit: visit.note, stretch=True),
]
VISITS = [
    Visit(11, 10, date(2024, 5, 2), Decimal("6.2"), 3),
    Visit(12, 9, None, Decimal("6.0")),
    Visit(13, 2, date(2024, 3, 7), Decimal("5.9"), 1, "A long note " * 20),
]


@pytest.fixture
def table(light, qtbot):
    table = RowTable(COLUMNS, name="Cycles", empty="No cycles yet. Add the first with Ctrl+N.")
    qtbot.addWidget(table)
    table.resize(700, 300)
    table.show()
    qtbot.waitExposed(table)
    return table


def shown(table):
    return [table.model.index(row, 0).data() for row in range(table.model.rowCount())]


def test_the_model_keeps_the_rules_of_models(light):
    model = RowModel(COLUMNS)
    tester = QAbstractItemModelTester(model, QAbstractItemModelTester.FailureReportingMode.Fatal)
    model.show(VISITS)
    model.sort(0)
    model.show(VISITS[:1])
    model.show([])
    assert tester.model() is model


def test_an_empty_table_says_what_to_do_first(table):
    table.show_records([])
    assert table._empty.isVisible()
    assert table._empty.text() == "No cycles yet. Add the first with Ctrl+N."
    table.show_records(VISITS)
    assert not table._empty.isVisible()


def test_rows_come_in_the_order_given_until_a_column_is_chosen(table):
    table.show_records(VISITS)
    assert shown(table) == ["C10", "C9", "C2"]
    table.view.sortByColumn(0, Qt.SortOrder.AscendingOrder)
    assert shown(table) == ["C2", "C9", "C10"]
    table.view.sortByColumn(-1, Qt.SortOrder.AscendingOrder)
    assert shown(table) == ["C10", "C9", "C2"]


def test_the_title_says_the_order_and_a_click_on_it_changes_it(table, qtbot):
    table.show_records(VISITS)
    header = table.view.horizontalHeader()
    widths = [header.sectionSize(number) for number in range(5)]
    seen = []
    for number in (0, 0, 0, 2):
        place = QPoint(header.sectionViewportPosition(number) + 12, header.height() // 2)
        qtbot.mouseClick(header.viewport(), Qt.MouseButton.LeftButton, pos=place)
        seen.append(table.model.headerData(number, Qt.Orientation.Horizontal))
    assert seen == ["Cycle ↑", "Cycle ↓", "Cycle", "↑ MBq"]
    assert shown(table) == ["C2", "C9", "C10"]
    assert [header.sectionSize(number) for number in range(5)] == widths


@pytest.mark.parametrize("order", list(Qt.SortOrder))
def test_what_is_not_known_stands_last_both_ways(table, order):
    table.show_records(VISITS)
    table.view.sortByColumn(1, order)
    assert shown(table)[-1] == "C9"


def test_the_order_outlives_a_refresh(table):
    table.show_records(VISITS)
    table.view.sortByColumn(0, Qt.SortOrder.DescendingOrder)
    table.show_records([*VISITS, Visit(14, 30, None, Decimal(1))])
    assert shown(table) == ["C30", "C10", "C9", "C2"]


def test_the_choice_follows_its_record_through_sorting_and_refreshing(table):
    told = []
    table.show_records(VISITS)
    assert table.choose(13)
    table.view.sortByColumn(0, Qt.SortOrder.AscendingOrder)
    assert table.chosen().id == 13
    table.selection_changed.connect(told.append)
    table.show_records([VISITS[0], replace(VISITS[2], number=3)])
    assert table.chosen().number == 3
    assert [visit.number for visit in told] == [3]


def test_when_the_chosen_record_is_gone_its_neighbour_is_chosen(table):
    table.show_records(VISITS)
    table.choose(13)
    table.show_records(VISITS[:2])
    assert table.chosen().id == 12
    table.show_records([])
    assert table.chosen() is None


def test_nothing_is_chosen_before_somebody_does(table):
    table.show_records(VISITS)
    assert table.chosen() is None
    assert not table.choose(99)


@pytest.mark.parametrize(
    ("key", "signal"),
    [
        (Qt.Key.Key_Return, "activated"),
        (Qt.Key.Key_Enter, "activated"),
        (Qt.Key.Key_F2, "edit_requested"),
        (Qt.Key.Key_Delete, "delete_requested"),
    ],
)
def test_keys_act_on_the_chosen_record(table, qtbot, key, signal):
    table.show_records(VISITS)
    table.choose(12)
    with qtbot.waitSignal(getattr(table, signal)) as heard:
        qtbot.keyClick(table.view, key)
    assert heard.args == [VISITS[1]]


def test_keys_do_nothing_while_nothing_is_chosen(table, qtbot):
    table.show_records(VISITS)
    with qtbot.assertNotEmitted(table.delete_requested):
        qtbot.keyClick(table.view, Qt.Key.Key_Delete)


def test_a_double_click_opens_the_record(table, qtbot):
    table.show_records(VISITS)
    place = table.view.visualRect(table.model.index(2, 1)).center()
    with qtbot.waitSignal(table.activated) as heard:
        qtbot.mouseClick(table.view.viewport(), Qt.MouseButton.LeftButton, pos=place)
        qtbot.mouseDClick(table.view.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert heard.args == [VISITS[2]]


def test_the_table_takes_its_keys_before_the_window_does(light, qtbot):
    window = QMainWindow()
    qtbot.addWidget(window)
    table = RowTable(COLUMNS, name="Cycles")
    window.setCentralWidget(table)
    taken = []
    QShortcut(QKeySequence("Del"), window).activated.connect(lambda: taken.append("window"))
    table.delete_requested.connect(lambda _record: taken.append("table"))
    table.show_records(VISITS)
    table.choose(11)
    window.show()
    window.activateWindow()
    table.setFocus()
    qtbot.waitUntil(table.view.hasFocus)
    qtbot.keyClick(table.view, Qt.Key.Key_Delete)
    assert taken == ["table"]


def test_the_chosen_row_can_be_copied_to_a_spreadsheet(table, qtbot):
    table.show_records(VISITS)
    table.choose(11)
    qtbot.keyClick(table.view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QApplication.clipboard().text() == "C10\t2024-05-02\t6.2\tG3\t"


def test_numbers_stand_right_and_colours_have_a_meaning(table):
    table.show_records(VISITS)
    cell = table.model.index(0, 2)
    assert cell.data(Qt.ItemDataRole.TextAlignmentRole) & Qt.AlignmentFlag.AlignRight
    assert cell.data(Qt.ItemDataRole.ForegroundRole) == QColor(theme.current().ink_soft)
    assert cell.data(Qt.ItemDataRole.AccessibleTextRole) == "MBq: 6.2"
    assert table.view.accessibleName() == "Cycles"


def test_a_grade_is_drawn_as_a_chip(table):
    table.show_records(VISITS)
    place = table.view.visualRect(table.model.index(0, 3))
    picture = table.view.viewport().grab(place).toImage()
    fill = QColor(theme.current().grade(3)[0])
    assert picture.pixelColor(14, picture.height() // 2 - 6) == fill


def test_text_that_does_not_fit_can_be_read_in_its_tool_tip(table, qtbot):
    table.show_records(VISITS)
    long, short = table.model.index(2, 4), table.model.index(0, 0)
    for index, text in ((short, ""), (long, VISITS[2].note)):
        place = table.view.visualRect(index).center()
        event = QHelpEvent(
            QEvent.Type.ToolTip, place, table.view.viewport().mapToGlobal(QPoint(place))
        )
        QApplication.sendEvent(table.view.viewport(), event)
        assert QToolTip.text() == text
    QToolTip.hideText()
    qtbot.waitUntil(lambda: not QToolTip.isVisible())


def test_a_chip_that_is_cut_shows_its_text_as_a_tool_tip(table, qtbot):
    table.show_records([replace(VISITS[0], number=10_000)])
    delegate = table.view.itemDelegate()
    index, view = table.model.index(0, 3), table.view
    text, font = index.data(), theme.sized(view.font(), 11, QFont.Weight.DemiBold)
    needed = QFontMetrics(font).horizontalAdvance(text) + PADDING + 2 * MARGIN

    def tip(width: int) -> str:
        view.horizontalHeader().setMinimumSectionSize(10)
        view.setColumnWidth(3, width)
        where = QPoint(0, 0)
        event = QHelpEvent(QEvent.Type.ToolTip, where, view.mapToGlobal(where))
        delegate.helpEvent(event, view, QStyleOptionViewItem(), index)
        return QToolTip.text()

    assert tip(needed) == ""
    # The text itself still fits into the cell, but not into a chip with its margins.
    assert tip(needed - 2) == text
    QToolTip.hideText()
    qtbot.waitUntil(lambda: not QToolTip.isVisible())


def test_one_column_takes_the_space_left_over(table):
    table.show_records(VISITS)
    header = table.view.horizontalHeader()
    assert header.length() == table.view.viewport().width()
    assert header.sectionSize(4) > header.sectionSize(0)

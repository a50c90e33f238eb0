"""A table of numbers: the labels of its rows."""

from __future__ import annotations

import pytest

from gui.pages.cohort.grid_model import INDENT
from gui.pages.cohort.number_table import ROW_HEIGHT, SHORT_ROWS, NumberTable, TableCard
from model.cohort.sheet import Sheet, SheetCell, SheetRow

LONG = "Clinical progression or death before imaging"


@pytest.fixture
def table(light, qtbot) -> NumberTable:
    table = NumberTable("Best response")
    qtbot.addWidget(table)
    cells = (SheetCell(text="1 (5 %)"),)
    rows = (
        SheetRow(label="CCC", cells=cells),
        SheetRow(label="CCC", cells=cells, is_indented=True),
    )
    table.show_sheet(Sheet(rows=(*rows, SheetRow(label=LONG, cells=cells, is_indented=True))))
    table.resize(220, table.height())
    table.show()
    return table


def ink(table: NumberTable, row: int) -> tuple[int, int, int]:
    """The first pixel from the left that the label of a row touches; their first and last line."""
    picture = table.viewport().grab().toImage()
    cell = table.visualRect(table.model().index(row, 0)).adjusted(0, 2, 0, -2)
    ground = picture.pixelColor(cell.left() + 1, cell.top())
    inked = [
        (x, y)
        for x in range(cell.left(), cell.right())
        for y in range(cell.top(), cell.bottom())
        if picture.pixelColor(x, y) != ground
    ]
    across, down = zip(*inked, strict=True)
    return min(across), min(down) - cell.top(), cell.bottom() - max(down)


def test_all_lines_of_a_long_label_are_indented_like_a_short_label(table):
    outside, inside, long = (ink(table, row)[0] for row in range(3))
    assert inside == pytest.approx(outside + INDENT, abs=1)
    assert long == pytest.approx(inside, abs=1)


def test_a_row_is_as_high_as_its_label(table):
    assert table.rowHeight(1) == ROW_HEIGHT
    assert table.rowHeight(2) > 2 * ROW_HEIGHT
    _left, above, below = ink(table, 2)
    assert min(above, below) >= 2
    assert table.height() == sum(table.rowHeight(row) for row in range(3))


def test_only_a_long_table_can_be_shown_whole_or_in_part(light, qtbot):
    def sheet(count: int) -> Sheet:
        cells = (SheetCell(text="1"),)
        return Sheet(rows=tuple(SheetRow(label=f"R{n}", cells=cells) for n in range(count)))

    card = TableCard("Toxicity")
    qtbot.addWidget(card)
    card.show()
    card.show_sheet(sheet(40))
    assert card.table.grid_model.rowCount() == SHORT_ROWS
    card.more_button.click()
    assert card.table.grid_model.rowCount() == 40
    assert card.more_button.text() == "Show fewer rows"
    card.show_sheet(sheet(5))
    assert not card.more_button.isVisible()
    card.show_sheet(sheet(40))
    assert card.more_button.isVisible()
    assert card.table.grid_model.rowCount() == 40

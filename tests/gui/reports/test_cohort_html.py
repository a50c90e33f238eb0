"""HTML cut into items of a line or a row each, no wider than the paper."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QBuffer
from PySide6.QtGui import QPainter

from gui.reports import printing
from gui.reports.cohort_html import BlockBuilder
from model.cohort.sheet import Sheet, SheetCell, SheetRow
from tests.gui.reports.pages import places_of, text_of

WIDTH = 2000.0
ROWS = (
    SheetRow(label="Haemoglobin"),
    SheetRow(label="Cycle 1", cells=(SheetCell(text="20"),), is_indented=True),
    SheetRow(label="Cycle 2", cells=(SheetCell(text="13"),), is_indented=True),
)


@pytest.fixture
def paper(light):
    buffer = QBuffer()
    writer = printing.pdf_writer(buffer, "Test", "A4")
    return buffer, writer


@pytest.fixture
def builder(paper):
    return BlockBuilder(paper[1], WIDTH)


def sheet(rows=ROWS) -> Sheet:
    return Sheet(key="nadirs", title="Nadirs", titles=("Patients",), rows=rows)


def test_a_table_becomes_a_head_and_an_item_for_each_row(builder):
    block = builder.table_block(sheet())
    assert len(block.head) == 1
    assert [item.holds_next for item in block.rows] == [True, False, False]
    assert all(item.height > 0 for item in (*block.head, *block.rows))


def test_a_long_text_becomes_an_item_for_each_line(builder):
    short, long = (builder.text_block("Summary", "word " * count).rows for count in (3, 300))
    assert len(short) == 1
    assert len(long) > 10
    assert max(item.height for item in long) < 2 * short[0].height


def test_each_row_is_drawn_alone_and_in_its_place(paper, builder):
    buffer, writer = paper
    block = builder.table_block(sheet())
    painter = QPainter(writer)
    block.rows[2].draw(painter, 1000)
    block.rows[1].draw(painter, 3000)
    painter.end()
    pdf = buffer.data().data()
    words = [(word, top) for _left, top, _right, _bottom, word in places_of(pdf)]
    assert [word for word, _top in words] == ["Cycle", "2", "13", "Cycle", "1", "20"]
    margin = 15 / 25.4 * 72
    assert words[0][1] == pytest.approx(margin + 1000 * 72 / 600, abs=3)
    assert words[3][1] == pytest.approx(margin + 3000 * 72 / 600, abs=3)


def test_the_rows_below_a_heading_are_indented(paper, builder):
    buffer, writer = paper
    painter = QPainter(writer)
    for number, item in enumerate(builder.table_block(sheet()).rows):
        item.draw(painter, 1000 * number)
    painter.end()
    lefts = {word: left for left, _top, _right, _bottom, word in places_of(buffer.data().data())}
    assert lefts["Cycle"] > lefts["Haemoglobin"] + 5


def test_typed_markup_is_printed_as_text(paper, builder):
    buffer, writer = paper
    block = builder.text_block("<b>A</b> & B", "1 < 2 & <i>x</i>", ("<u>",))
    painter = QPainter(writer)
    for number, item in enumerate((*block.title, *block.rows, *block.end)):
        item.draw(painter, 500 * number)
    painter.end()
    assert text_of(buffer.data().data()) == "<b>A</b> & B 1 < 2 & <i>x</i> <u>"

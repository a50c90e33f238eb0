"""The History tab: the sentence on the biopsies, and the timeline of therapies."""

from __future__ import annotations

from datetime import date

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtWidgets import QApplication, QScrollArea

from gui.pages.patient.history.page import HistoryPage
from gui.pages.patient.history.parts import MANY_COLUMNS_WIDTH
from gui.plots import pictures
from gui.session.session import Session
from gui.style import theme
from model.dates import PartialDate
from model.records import biopsies, therapies
from model.records.biopsies import Biopsy
from model.records.therapies import Therapy
from tests.gui.pages.showing import show


def add_therapies(session: Session, patient_id: int, count: int) -> None:
    """Therapies in successive years; the last continues during the cycles."""

    def work(step):
        for number in range(1, count + 1):
            is_last = number == count
            therapies.save(
                step,
                Therapy(
                    patient_id=patient_id,
                    number=number,
                    category="targeted",
                    description=f"Drug {number} with a name that is much too long for its row",
                    started_on=PartialDate(2010 + number, 2),
                    ended_on=None if is_last else PartialDate(2010 + number, 9, 1),
                    ongoing=is_last,
                    concomitant=is_last,
                    best_response="PD",
                    reason_stopped=None if is_last else "progression",
                ),
            )

    session.do("Add therapies", work)


@pytest.fixture
def page(session, ann, shown):
    page = shown(HistoryPage(session))
    show(page, ann.id)
    return page


def test_the_change_of_grade_is_stated_above_the_table(page):
    assert page.grade_story.sentence.text() == (
        "NET G2 (Ki-67 12 %), 2019; NET G3 (Ki-67 34 %), Jun 2023:"
        " upgraded from G2 to G3 after about 4 years, before the first cycle."
    )
    assert not page.grade_story.remarks.isVisible()


def test_remarks_below_the_sentence_name_what_is_uncertain(page, session, ann):
    odd = Biopsy(patient_id=ann.id, taken_on=PartialDate(2024), who_grade="NET G2", ki67_percent=34)
    session.do("Add biopsy", lambda step: biopsies.save(step, odd))
    show(page, ann.id)
    assert "downgraded to G2" in page.grade_story.sentence.text()
    assert page.grade_story.remarks.isVisible()
    assert "Ki-67 34 % does not fit G2" in page.grade_story.remarks.text()


def test_without_records_there_is_neither_sentence_nor_plot(page, bob):
    show(page, bob.id)
    assert not page.grade_story.isVisible()
    assert not page.ki67.isVisible()
    assert not page.timeline.isVisible()
    show(page, None)
    assert page.ki67.points == []


def test_a_biopsy_deleted_by_key_leaves_sentence_and_plot(page, session, ann, qtbot):
    session.changed.connect(lambda _change: show(page, ann.id))
    table = page.biopsies.table
    table.view.setFocus()
    table.view.selectRow(1)
    qtbot.keyClick(table.view, Qt.Key.Key_Delete)
    assert page.grade_story.sentence.text() == "NET G2 (Ki-67 12 %), 2019: one biopsy only."
    assert [point.label for point in page.ki67.points] == ["G2 · 12 % · about 2019"]
    session.undo()
    assert [point.ki67 for point in page.ki67.points] == [12, 34]


def test_the_plot_counts_what_is_not_drawn(page, session, ann):
    bare = Biopsy(patient_id=ann.id, who_grade="NET G3")
    session.do("Add biopsy", lambda step: biopsies.save(step, bare))
    show(page, ann.id)
    assert page.ki67.missing_text == "Not drawn: 1 biopsy without a date or Ki-67"
    assert "NET G3 (Ki-67 34 %" in page.ki67.accessibleDescription()


def test_plots_are_next_to_their_tables_or_below_them(page, session, ann, qtbot):
    add_therapies(session, ann.id, 2)
    show(page, ann.id)

    def is_beside(plot, card) -> bool:
        offset = plot.mapTo(page, QPoint()) - card.table.mapTo(page, QPoint())
        assert (offset.x() > 0) != (offset.y() > 0)
        return offset.x() > 0

    for width, beside in (
        (MANY_COLUMNS_WIDTH + 100, (True, True)),
        (1100, (True, False)),
        (760, (False,) * 2),
    ):
        page.resize(width, 700)
        qtbot.waitUntil(
            lambda beside=beside: (
                (
                    is_beside(page.ki67, page.biopsies),
                    is_beside(page.timeline, page.therapies),
                )
                == beside
            )
        )


def test_the_therapies_need_no_scrolling_sideways_at_the_usual_size(page, session, ann, qtbot):
    add_therapies(session, ann.id, 6)
    page.resize(1040, 800)
    show(page, ann.id)
    bar = page.therapies.table.view.horizontalScrollBar()
    qtbot.waitUntil(lambda: page.therapies.table.width() > 900)
    qtbot.waitUntil(lambda: bar.maximum() == 0)


def test_twelve_lines_scroll_and_nothing_is_wider_than_the_page(page, session, ann, qtbot):
    add_therapies(session, ann.id, 12)
    page.resize(760, 560)
    show(page, ann.id)
    qtbot.waitUntil(lambda: page.timeline.area.verticalScrollBar().maximum() > 0)
    area = page.findChild(QScrollArea)
    assert area.horizontalScrollBar().maximum() == 0
    assert area.verticalScrollBar().maximum() > 0


def test_tab_scrolls_lower_tables_into_view(page, session, ann, qtbot):
    add_therapies(session, ann.id, 12)
    page.resize(760, 500)
    show(page, ann.id)
    page.biopsies.table.view.setFocus()
    for _ in range(12):
        qtbot.keyClick(page.window().focusWidget(), Qt.Key.Key_Tab)
        if page.follow_ups.table.view.hasFocus():
            break
    assert page.follow_ups.table.view.hasFocus()
    top = page.follow_ups.table.view.mapTo(page, QPoint()).y()
    assert 0 <= top < page.height()


def test_the_timeline_describes_the_content_of_its_table(page, session, ann):
    add_therapies(session, ann.id, 2)
    show(page, ann.id)
    said = page.timeline.accessibleDescription()
    assert "best response PD, stopped: progression" in said
    assert "ongoing" in said
    assert "concomitant" in said
    # What goes on reaches to the last thing recorded.
    assert page.timeline.timeline.span[1] == date(2025, 4, 14)


@pytest.mark.parametrize("place", [0, 1])
def test_both_plots_are_copied_as_pictures_with_text(page, session, ann, place):
    add_therapies(session, ann.id, 12)
    show(page, ann.id)
    made = page.picture_buttons[place]
    assert made.isVisible()
    plot = (page.ki67, page.timeline)[place]
    made.menu().actions()[0].trigger()
    data = QApplication.clipboard().mimeData()
    assert data.hasImage()
    told = bytes(data.data("image/svg+xml").data()).decode()
    for words in (("G2", "first cycle"), ("Drug 1 ", "Drug 12"))[place]:
        assert words in told
    assert "P-001" in told
    whole = pictures.size(plot)
    parts = (plot.view, plot.axis) if place == 0 else plot.painted_parts()
    assert whole.height() >= sum(part.height() for part in parts)
    # Also what the scroll area hides.
    assert place == 0 or whole.height() > page.timeline.area.height()


def test_a_picture_is_drawn_in_the_colours_of_paper_and_not_empty(page, session, ann, light):
    theme.apply(light, theme.Scheme.DARK)
    try:
        for plot in (page.ki67, page.timeline):
            drawn = pictures.image(plot, 96)
            assert drawn.pixelColor(2, 2).name().upper() == theme.LIGHT.card
            seen = {
                drawn.pixelColor(x, y).name()
                for x in range(0, drawn.width(), 3)
                for y in range(0, drawn.height(), 3)
            }
            assert len(seen) > 5
            assert theme.DARK.card.lower() not in seen
    finally:
        theme.apply(light, theme.Scheme.LIGHT)


def test_without_a_plot_there_is_no_picture_of_it(page, bob):
    show(page, bob.id)
    assert [made.isVisible() for made in page.picture_buttons] == [False, False]

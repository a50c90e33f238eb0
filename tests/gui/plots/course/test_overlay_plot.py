import itertools
from collections.abc import Callable, Iterator
from datetime import timedelta

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from gui.plots.course.background_lines import BackgroundLines
from gui.plots.course.nadir_list import nadir_rows
from gui.plots.course.overlay_legend import cycle_colour
from gui.plots.course.overlay_plot import OverlayPlot
from gui.plots.time_scale import DaysSinceScale
from gui.style import theme
from model.course.course import Course
from tests.gui.plots.conftest import C1, lab

C2 = C1 + timedelta(days=56)


@pytest.fixture
def aligned(light: QApplication, make_course: Callable[..., Course]) -> Iterator[OverlayPlot]:
    """Two cycles of platelets, the second deeper, over one another in a window."""
    plot = OverlayPlot()
    plot.resize(900, 500)
    plot.show_course(with_two_cycles(make_course), ("plt", "hb"))
    plot.show()
    light.processEvents()
    yield plot
    plot.close()
    plot.deleteLater()


def with_two_cycles(make_course: Callable[..., Course], patient_id: int = 1) -> Course:
    days = ((-3, "230"), (14, "120"), (42, "68"), (56, "200"), (70, "99"), (90, "<31"))
    results = [
        lab(
            C1 + timedelta(days=day),
            "plt",
            value.lstrip("<"),
            "10*9/L",
            "<" if "<" in value else None,
        )
        for day, value in days
    ]
    return make_course(patient_id, results=results)


def pixel(plot: OverlayPlot, day: float, y: float = 120) -> QPoint:
    """Where a day since infusion is in the plot."""
    return QPointF(plot.panels[0].scale.x(day), y).toPoint()


def hover(plot: OverlayPlot, where: QPoint) -> None:
    QTest.mouseMove(plot.view.viewport(), where)
    QApplication.processEvents()


def test_the_deeper_cycle_can_be_seen_at_a_glance(aligned: OverlayPlot) -> None:
    assert aligned.panels[0].nadirs.texts() == ["C1 68 · day 42", "C2 <31 · day 34"]
    overlay = aligned.panels[0].overlay
    assert overlay is not None
    assert overlay.extreme is overlay.lines[1]


def test_with_little_room_the_list_keeps_the_deepest_and_the_latest(
    aligned: OverlayPlot,
) -> None:
    overlay = aligned.panels[0].overlay
    assert overlay is not None
    assert [line.cycle for line, _ in nadir_rows(overlay, 2)] == [1, 2]
    assert [line.cycle for line, _ in nadir_rows(overlay, 1)] == [2]


def test_each_line_bears_its_number_and_the_baseline_its_value(aligned: OverlayPlot) -> None:
    texts = aligned.panels[0].lines.texts()
    assert {"C1", "C2", "68", "<31", "baseline 230"} <= set(texts)
    assert [word[:16] for word in aligned.legend.texts()] == [
        "C1 · 31 Jul 2023",
        "C2 · 25 Sep 2023",
    ]


def test_later_cycles_are_stronger_in_light_and_in_dark(light: QApplication) -> None:
    for scheme, is_stronger in (
        (theme.Scheme.LIGHT, lambda before, after: after < before),
        (theme.Scheme.DARK, lambda before, after: after > before),
    ):
        theme.apply(light, scheme)
        lightness = [cycle_colour(place, 4).lightnessF() for place in range(4)]
        assert all(is_stronger(a, b) for a, b in itertools.pairwise(lightness))
    theme.apply(light, theme.Scheme.LIGHT)


def test_hovering_reads_out_what_each_cycle_has_near_that_day(aligned: OverlayPlot) -> None:
    hover(aligned, pixel(aligned, 14))
    assert aligned.axis.cursor_text() == "Day 14"
    assert aligned.view.accessibleDescription() == "Day 14; Platelets C1 120, C2 99 ×10⁹/L"
    assert aligned.panels[0].tag_text() == "C1 120 · C2 99"


def test_a_result_of_another_day_is_read_with_its_day(aligned: OverlayPlot) -> None:
    aligned.set_cursor(-1)
    assert aligned.view.accessibleDescription() == (
        "Day −1; Platelets C1 230 on day −3, C2 200 on day 0 ×10⁹/L"
    )


def test_the_cursor_goes_when_the_mouse_leaves_the_plot(aligned: OverlayPlot) -> None:
    hover(aligned, pixel(aligned, 14))
    hover(aligned, QPoint(20, 120))
    assert aligned.view.accessibleDescription() == ""
    assert aligned.panels[0].tag_text() == ""


def test_keys_go_from_result_to_result_zoom_and_reset(aligned: OverlayPlot) -> None:
    read = []
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Left):
        QTest.keyClick(aligned.view, key)
        read.append(aligned.axis.cursor_text())
    assert read == ["Day −14", "Day −3", "Day −14"]
    home = aligned.shown_days()
    QTest.keyClick(aligned.view, Qt.Key.Key_Plus)
    near = aligned.shown_days()
    assert near[1] - near[0] == pytest.approx((home[1] - home[0]) / 1.25)
    QTest.keyClick(aligned.view, Qt.Key.Key_Home)
    assert aligned.shown_days() == home


def test_dragging_pans_within_what_may_be_drawn(aligned: OverlayPlot) -> None:
    viewport = aligned.view.viewport()
    aligned.show_days(0, 28)
    QTest.mousePress(viewport, Qt.MouseButton.LeftButton, pos=QPoint(400, 120))
    QTest.mouseMove(viewport, QPoint(300, 120))
    QTest.mouseRelease(viewport, Qt.MouseButton.LeftButton, pos=QPoint(300, 120))
    assert aligned.shown_days()[0] > 0
    aligned.show_days(-500, 500)
    assert aligned.shown_days() == (-14, 92)
    QTest.mouseDClick(viewport, Qt.MouseButton.LeftButton, pos=QPoint(400, 120))
    assert aligned.shown_days()[1] < 92


def test_without_a_cycle_a_sentence_explains_it(
    aligned: OverlayPlot, make_course: Callable[..., Course]
) -> None:
    aligned.show_course(make_course(2, treatments=[]), ("plt",))
    assert aligned.empty_label.isVisible()
    assert aligned.empty_label.text() == "No cycle yet: nothing to align."
    aligned.show_course(with_two_cycles(make_course, 3), ("plt",))
    assert not aligned.empty_label.isVisible()


def test_another_patient_loses_the_lines_behind_and_the_zoom(
    aligned: OverlayPlot, make_course: Callable[..., Course]
) -> None:
    behind = BackgroundLines(
        days=np.array([0.0, 7.0]), values=np.array([50.0, 60.0]), caption="1 other patient"
    )
    home = aligned.shown_days()
    aligned.show_background({"plt": behind})
    aligned.show_days(0, 20)
    aligned.show_course(with_two_cycles(make_course), ("plt",))
    assert aligned.panels[0].background.lines is behind
    assert aligned.shown_days() == (0, 20)
    aligned.show_course(with_two_cycles(make_course, 2), ("plt",))
    assert aligned.panels[0].background.lines is None
    assert aligned.shown_days() == home


def test_ticks_are_whole_weeks_from_day_zero() -> None:
    labels = [tick.label for tick in DaysSinceScale(-14, 58, 0, 500).ticks()]
    assert labels == ["−14", "−7", "0", "7", "14", "21", "28", "35", "42", "49", "56"]
    assert [tick.label for tick in DaysSinceScale(-14, 89, 0, 240).ticks()] == [
        *("−28", "0", "28", "56", "84")[1:]
    ]


def test_colours_follow_the_theme(aligned: OverlayPlot, light: QApplication) -> None:
    theme.apply(light, theme.Scheme.DARK)
    assert aligned.view.backgroundBrush().color().name() == theme.DARK.card.lower()
    theme.apply(light, theme.Scheme.LIGHT)
    assert aligned.view.backgroundBrush().color().name() == theme.LIGHT.card.lower()


def test_moving_the_days_draws_the_same_as_a_new_layout(
    aligned: OverlayPlot, make_course: Callable[..., Course]
) -> None:
    aligned.show_days(-14, 40)
    for _ in range(3):
        aligned._pan(-23)
    QApplication.processEvents()
    moved = aligned.view.grab().toImage()
    shown = aligned.shown_days()
    assert shown[0] > -14
    other = OverlayPlot()
    other.resize(aligned.size())
    other.show_course(with_two_cycles(make_course), ("plt", "hb"))
    other.show()
    QApplication.processEvents()
    other.show_days(*shown)
    QApplication.processEvents()
    assert different(moved, other.view.grab().toImage()) < 0.01
    other.close()
    other.deleteLater()


def different(one: QImage, other: QImage) -> float:
    """The share of pixels that plainly differ."""
    assert one.size() == other.size()
    pairs = [
        (one.pixelColor(x, y).lightness(), other.pixelColor(x, y).lightness())
        for x in range(0, one.width(), 2)
        for y in range(0, one.height(), 2)
    ]
    return sum(abs(a - b) > 60 for a, b in pairs) / len(pairs)


def test_zero_has_a_mark_at_the_foot_of_a_logarithmic_panel(
    light: QApplication, make_course: Callable[..., Course]
) -> None:
    results = [
        lab(C1 + timedelta(days=day), "anc", value, "10*9/L")
        for day, value in ((-3, "4"), (7, "0"), (14, "0"), (28, "2"))
    ]
    plot = OverlayPlot()
    plot.set_log(True)
    plot.show_course(make_course(results=results), ("anc",))
    lines = plot.panels[0].lines
    (line,) = [drawn for drawn in lines._drawings if drawn.line.cycle == 1]
    heights = plot.panels[0].heights
    foot = line.marks.boundingRect().bottom()
    assert heights.log
    assert heights.foot < foot <= heights.bottom
    plot.deleteLater()

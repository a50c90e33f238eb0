from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QToolTip

from gui.plots import pictures
from gui.plots.course.course_plot import CoursePlot
from gui.plots.course.panels_plot import MIN_PANEL_HEIGHT
from gui.style import theme
from model.course.course import Course
from model.dates import PartialDate
from model.records.assessments import Assessment
from model.records.cycles import Cycle, Treatment
from model.records.labs import LabResult
from model.records.therapies import Therapy
from tests.gui.plots.conftest import lab
from tests.gui.plots.svg import words

C1 = date(2023, 7, 31)


def pixel(plot: CoursePlot, day: date, y: float = 200) -> QPoint:
    """Where a day is in the plot."""
    return QPointF(plot.panels[0].scale.x(day.toordinal()), y).toPoint()


def hover(plot: CoursePlot, where: QPoint) -> None:
    QTest.mouseMove(plot.view.viewport(), where)
    QApplication.processEvents()


def turn_wheel(plot: CoursePlot, where: QPoint, steps: int) -> bool:
    viewport = plot.view.viewport()
    event = QWheelEvent(
        QPointF(where),
        QPointF(viewport.mapToGlobal(where)),
        QPoint(),
        QPoint(0, 120 * steps),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(viewport, event)
    return event.isAccepted()


def test_hovering_a_visit_reads_out_date_values_units_and_days(plot: CoursePlot) -> None:
    hover(plot, pixel(plot, date(2023, 8, 14)) - QPoint(6, 0))
    assert plot.axis.cursor_text() == "14 Aug 2023 · 14 days since C1"
    assert plot.view.accessibleDescription() == (
        "14 Aug 2023 · 14 days since C1; Haemoglobin 11.5 g/dL; Platelets 182 ×10⁹/L"
    )


def test_between_visits_the_cursor_shows_its_own_day(plot: CoursePlot) -> None:
    hover(plot, pixel(plot, date(2023, 9, 28)) + QPoint(3, 0))
    assert plot.axis.cursor_text() == "28 Sep 2023 · 3 days since C2"


def test_a_result_below_its_value_is_read_with_its_sign(plot: CoursePlot) -> None:
    hover(plot, pixel(plot, date(2023, 9, 11)))
    assert "Platelets <20 ×10⁹/L" in plot.view.accessibleDescription()


def test_the_cursor_goes_when_the_mouse_leaves_the_plot(plot: CoursePlot) -> None:
    hover(plot, pixel(plot, date(2023, 8, 14)))
    hover(plot, QPoint(20, 200))
    assert plot.axis.cursor_text() == ""
    assert plot.view.accessibleDescription() == ""


def test_arrow_keys_go_from_visit_to_visit_and_stop_at_the_ends(plot: CoursePlot) -> None:
    read = []
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Left, Qt.Key.Key_Left):
        QTest.keyClick(plot.view, key)
        read.append(plot.axis.cursor_text())
    assert read == [
        "28 Jul 2023 · 3 days before C1",
        "14 Aug 2023 · 14 days since C1",
        "28 Jul 2023 · 3 days before C1",
        "28 Jul 2023 · 3 days before C1",
    ]


def test_a_visit_out_of_sight_is_brought_into_sight(plot: CoursePlot) -> None:
    first = date(2023, 7, 28).toordinal()
    plot.show_days(first - 5, first + 12)
    QTest.keyClick(plot.view, Qt.Key.Key_Right)
    for _ in range(4):
        QTest.keyClick(plot.view, Qt.Key.Key_Right)
    assert plot.axis.cursor_text() == "9 Oct 2023 · 14 days since C2"
    shown = plot.shown_days()
    assert shown[0] < date(2023, 10, 9).toordinal() < shown[1]


def test_plus_and_minus_zoom_and_home_shows_all(plot: CoursePlot) -> None:
    home = plot.shown_days()
    QTest.keyClick(plot.view, Qt.Key.Key_Plus)
    near = plot.shown_days()
    assert near[1] - near[0] == pytest.approx((home[1] - home[0]) / 1.25)
    QTest.keyClick(plot.view, Qt.Key.Key_Minus)
    QTest.keyClick(plot.view, Qt.Key.Key_Minus)
    assert plot.shown_days()[1] - plot.shown_days()[0] > home[1] - home[0]
    QTest.keyClick(plot.view, Qt.Key.Key_Home)
    first, last = plot.shown_days()
    assert first < date(2019, 1, 1).toordinal()
    assert last > date(2023, 10, 9).toordinal()


def test_the_wheel_zooms_around_the_mouse(plot: CoursePlot) -> None:
    where = pixel(plot, date(2023, 8, 14))
    assert turn_wheel(plot, where, 2)
    assert abs(pixel(plot, date(2023, 8, 14)).x() - where.x()) <= 1


def test_over_the_names_the_wheel_is_left_to_the_page(plot: CoursePlot) -> None:
    home = plot.shown_days()
    turn_wheel(plot, QPoint(20, 200), 2)
    assert plot.shown_days() == home


def test_dragging_pans_and_a_double_click_shows_all(plot: CoursePlot) -> None:
    viewport = plot.view.viewport()
    turn_wheel(plot, QPoint(500, 200), 4)
    near = plot.shown_days()
    QTest.mousePress(viewport, Qt.MouseButton.LeftButton, pos=QPoint(500, 200))
    QTest.mouseMove(viewport, QPoint(440, 230))
    QTest.mouseRelease(viewport, Qt.MouseButton.LeftButton, pos=QPoint(440, 230))
    panned = plot.shown_days()
    assert panned[0] > near[0]
    assert panned[1] - panned[0] == pytest.approx(near[1] - near[0])
    QTest.mouseDClick(viewport, Qt.MouseButton.LeftButton, pos=QPoint(500, 200))
    assert plot.shown_days()[0] < date(2019, 1, 1).toordinal()


def test_the_axis_ends_where_records_end(plot: CoursePlot) -> None:
    for _ in range(40):
        QTest.keyClick(plot.view, Qt.Key.Key_Minus)
    first, last = plot.shown_days()
    plot.show_all()
    assert plot.shown_days() == pytest.approx((first, last))
    assert first < date(2019, 1, 2).toordinal()


def make_course_treatments() -> Iterator[Treatment]:
    for number in (1, 2):
        day = C1 + timedelta(days=56 * (number - 1))
        yield Treatment(Cycle(patient_id=7, number=number, given_on=day), ())


def numbers(plot: CoursePlot) -> list[str]:
    """The numbers of records out of sight, in words, as they are painted; sorted."""
    return sorted(
        word for word in words(pictures.svg(plot)) if "earlier" in word or "later" in word
    )


def test_earlier_therapies_are_counted_and_a_click_shows_them(plot: CoursePlot) -> None:
    assert numbers(plot) == ["‹ 1 earlier"]
    (earlier,) = plot.lanes.outside_counts
    where = earlier.rect.center().toPoint()
    hover(plot, where)
    assert QToolTip.text() == "CAPTEM: 2019 – 2020"
    assert plot.view.viewport().cursor().shape() is Qt.CursorShape.PointingHandCursor
    QToolTip.hideText()
    QTest.mouseClick(plot.view.viewport(), Qt.MouseButton.LeftButton, pos=where)
    assert plot.shown_days()[0] < date(2019, 1, 1).toordinal()
    assert numbers(plot) == []


def test_each_lane_and_each_panel_counts_what_is_later(
    plot: CoursePlot, make_course: Callable[..., Course]
) -> None:
    days = [C1, *(C1 + timedelta(days=400 + 30 * number) for number in range(3))]
    images = [Assessment(patient_id=1, assessed_on=day) for day in days[1:3]]
    course = make_course(
        therapies=[],
        results=[lab(day, "hb", "12.5", "g/dL") for day in days],
        assessments=images,
    )
    plot.show_course(course, ("hb", "plt"))
    assert numbers(plot) == ["2 later ›", "3 later ›"]
    (later,) = plot.panels[0].outside_counts
    assert later.tip() == "3 results, 3 Sep 2024 to 2 Nov 2024"
    assert plot.panels[1].outside_counts == []
    QTest.mouseClick(
        plot.view.viewport(), Qt.MouseButton.LeftButton, pos=later.rect.center().toPoint()
    )
    assert numbers(plot) == []
    plot.show_days(days[1].toordinal() - 3, days[-1].toordinal())
    assert "‹ 1 earlier" in numbers(plot)


def test_marks_of_the_lanes_explain_themselves(plot: CoursePlot) -> None:
    y = next(y for y in range(200) if plot.lanes.tip_at(QPointF(pixel(plot, C1, y)))[:2] == "C1")
    hover(plot, pixel(plot, C1, y + 4))
    assert QToolTip.text() == "C1 · 6 MBq + 177Lu unknown\n31 Jul 2023\n225Ac + 177Lu"
    QToolTip.hideText()


def test_days_that_were_chosen_stay_for_the_same_patient_and_not_for_another(
    plot: CoursePlot, make_course: Callable[..., Course]
) -> None:
    QTest.keyClick(plot.view, Qt.Key.Key_Plus)
    near = plot.shown_days()
    plot.show_course(make_course(1), ("hb",))
    assert plot.shown_days() == near
    plot.show_course(make_course(2), ("hb",))
    assert plot.shown_days() != near


def test_a_patient_entered_from_start_to_end_stays_in_sight(
    plot: CoursePlot, make_course: Callable[..., Course]
) -> None:
    """Each record is in sight when it is saved, until the user chooses other days."""
    treatments = list(make_course_treatments())
    results: list[LabResult] = []
    therapies: list[Therapy] = []
    plot.show_course(
        make_course(7, treatments=[], results=[], therapies=[], toxicities=[]), ("hb",)
    )

    def show(treated: int) -> None:
        records: dict[str, Any] = {
            "treatments": treatments[:treated],
            "results": results,
            "therapies": therapies,
            "toxicities": [],
        }
        plot.show_course(make_course(7, **records), ("hb",))

    def sees(day: date) -> bool:
        first, last = plot.shown_days()
        return first <= day.toordinal() <= last

    show(0)
    therapies.append(
        Therapy(
            patient_id=7,
            number=1,
            category="ssa",
            started_on=PartialDate(2019),
            ended_on=PartialDate(2020),
        )
    )
    show(0)
    assert sees(date(2019, 1, 1))
    assert sees(date(2020, 12, 31))
    results.append(lab(C1 - timedelta(days=3), "hb", "12.5", "g/dL"))
    show(0)
    assert sees(date(2019, 1, 1))
    assert sees(C1 - timedelta(days=3))
    show(1)
    assert sees(C1)
    for day in (14, 42, 100, 180, 230):
        results.append(lab(C1 + timedelta(days=day), "hb", "11.5", "g/dL"))
        show(2 if day > 56 else 1)
        assert sees(C1 + timedelta(days=day))
    results.append(lab(C1 + timedelta(days=500), "hb", "11.5", "g/dL"))
    show(2)
    assert numbers(plot) == ["1 later ›", "‹ 1 earlier"]
    plot.show_all()
    assert numbers(plot) == []
    results.append(lab(C1 + timedelta(days=900), "hb", "11.5", "g/dL"))
    show(2)
    assert sees(C1 + timedelta(days=900))


def test_panels_are_used_again_for_another_patient(
    plot: CoursePlot, make_course: Callable[..., Course]
) -> None:
    before = list(plot.panels)
    plot.show_course(make_course(2, results=[]), ("hb", "plt", "crea"))
    assert plot.panels[:2] == before
    assert all(panel.point_at(C1.toordinal()) is None for panel in plot.panels)


def test_panels_have_one_height_and_scroll_rather_than_shrink(
    plot: CoursePlot, make_course: Callable[..., Course]
) -> None:
    plot.show_course(make_course(), ("hb", "plt", "crea", "wbc", "anc", "alt", "ast"))
    heights = {round(panel.heights.height) for panel in plot.panels}
    assert len(heights) == 1
    assert heights.pop() >= MIN_PANEL_HEIGHT
    assert plot.view.height() > plot.height()


def test_panels_and_lanes_share_one_axis(plot: CoursePlot) -> None:
    QTest.keyClick(plot.view, Qt.Key.Key_Plus)
    ranges = {(panel.scale.first, panel.scale.last) for panel in plot.panels}
    assert ranges == {plot.shown_days()}


def test_colours_follow_the_theme(plot: CoursePlot, light: QApplication) -> None:
    theme.apply(light, theme.Scheme.DARK)
    light.processEvents()
    assert plot.view.backgroundBrush().color().name() == theme.DARK.card.lower()
    theme.apply(light, theme.Scheme.LIGHT)
    assert plot.view.backgroundBrush().color().name() == theme.LIGHT.card.lower()


def test_the_plot_has_a_name(plot: CoursePlot) -> None:
    assert plot.view.accessibleName()


def test_shift_and_arrows_move_the_days_as_dragging_does(plot: CoursePlot) -> None:
    QTest.keyClick(plot.view, Qt.Key.Key_Plus)
    QTest.keyClick(plot.view, Qt.Key.Key_Plus)
    near = plot.shown_days()
    QTest.keyClick(plot.view, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    later = plot.shown_days()
    assert later[0] > near[0]
    assert later[1] - later[0] == pytest.approx(near[1] - near[0])
    QTest.keyClick(plot.view, Qt.Key.Key_Left, Qt.KeyboardModifier.ShiftModifier)
    assert plot.shown_days() == pytest.approx(near)


def test_zooming_in_to_the_end_stays_at_the_mouse(plot: CoursePlot) -> None:
    where = pixel(plot, date(2023, 8, 14))
    day = plot.panels[0].scale.day(where.x())
    for _ in range(20):
        turn_wheel(plot, where, 2)
    assert plot.panels[0].scale.day(where.x()) == pytest.approx(day)
    assert plot.shown_days()[1] - plot.shown_days()[0] == pytest.approx(14)


def test_pauses_are_left_out_and_come_back(plot: CoursePlot) -> None:
    plot.show_all()
    whole = plot.shown_days()
    before = pixel(plot, date(2023, 7, 28)).x()
    plot.set_axes(is_log=False, is_broken=True)
    assert plot.shown_days() == pytest.approx(whole)
    scale = plot.panels[0].scale
    assert len(scale.break_xs()) == 1
    # The years between the therapy and the first visit no longer press the course together.
    assert pixel(plot, date(2023, 7, 28)).x() < before
    hover(plot, pixel(plot, date(2023, 8, 14)))
    assert plot.axis.cursor_text().startswith("14 Aug 2023")
    plot.set_axes(is_log=False, is_broken=False)
    assert pixel(plot, date(2023, 7, 28)).x() == before

"""Nadirs, comparators and lines behind, in panels of the whole plot."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import numpy as np
import pytest
from PySide6.QtCore import QPointF
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication

from gui.plots.course.background_lines import BackgroundLines, join_curves
from gui.plots.course.course_plot import CoursePlot
from gui.plots.course.trend_curve import RADIUS
from gui.plots.course.trend_panel import TrendPanel
from gui.style import theme
from model.course.course import Course
from tests.gui.plots.conftest import VISITS, lab

PLATELETS = ("182", "44", "120", "160", "60")


@pytest.fixture
def course(make_course: Callable[..., Course]) -> Course:
    """Platelets that fall after both cycles, and recover from the first only."""
    return make_course(
        results=[
            replace(lab(on, "plt", value, "10*9/L"), lln=Decimal(150), uln=Decimal(400))
            for on, value in zip(VISITS, PLATELETS, strict=True)
        ]
    )


@pytest.fixture
def panel(plot: CoursePlot, course: Course) -> TrendPanel:
    """The panel of platelets, with the grades that the cursor reads."""
    plot.show_course(course, ("plt",))
    QApplication.processEvents()
    return plot.panels[0]


def test_each_cycle_has_its_nadir_with_its_value(panel: TrendPanel) -> None:
    labels = panel.nadirs.labels()
    assert [label.text for label in labels] == ["nadir 44", "nadir 60"]
    assert all(panel.nadirs.is_written(label) for label in labels)
    assert all(panel.frame.boundingRect().contains(label.rect) for label in labels)
    assert not labels[0].rect.intersects(labels[1].rect)


def test_the_cursor_reads_value_grade_days_and_recovery_of_a_nadir(
    plot: CoursePlot, panel: TrendPanel
) -> None:
    plot.set_cursor(VISITS[1].toordinal())
    assert panel.tag_text() == (
        "44 ×10⁹/L, grade 3 · nadir day 14 after C1, recovered after 14 days"
    )
    assert plot.read_out.text() == (
        "14 Aug 2023 · 14 days since C1; Platelets 44 ×10⁹/L, grade 3"
        " · nadir day 14 after C1, recovered after 14 days"
    )
    plot.set_cursor(VISITS[4].toordinal())
    assert "nadir day 14 after C2, there is no later result" in panel.tag_text()


def test_without_a_cursor_the_line_shows_the_gestures(plot: CoursePlot) -> None:
    plot.set_cursor(VISITS[1].toordinal())
    plot.clear_cursor()
    assert "zoom" in plot.read_out.text()


@pytest.mark.parametrize("visit", VISITS)
def test_the_tag_of_the_cursor_never_lies_on_the_text_of_a_nadir(
    plot: CoursePlot, panel: TrendPanel, visit: date
) -> None:
    plot.set_cursor(visit.toordinal())
    tag = panel._tag.sceneBoundingRect()
    written = [label for label in panel.nadirs.labels() if panel.nadirs.is_written(label)]
    assert not any(label.rect.intersects(tag) for label in written)
    assert tag.left() >= 150
    assert tag.right() <= plot.view.width()
    plot.clear_cursor()
    assert len([x for x in panel.nadirs.labels() if panel.nadirs.is_written(x)]) == 2


def test_a_tag_too_long_for_its_panel_has_only_the_value(
    plot: CoursePlot, panel: TrendPanel
) -> None:
    plot.resize(500, 400)
    QApplication.processEvents()
    plot.set_cursor(VISITS[1].toordinal())
    assert panel.tag_text() == "44 ×10⁹/L, grade 3"


def test_results_that_only_say_on_which_side_point_there_on_both_kinds_of_scale(
    plot: CoursePlot, make_course: Callable[..., Course]
) -> None:
    course = make_course(
        results=[
            lab(VISITS[0], "crp", "5", "mg/L", "<"),
            lab(VISITS[2], "crp", "40", "mg/L"),
            lab(VISITS[4], "crp", "400", "mg/L", ">"),
        ]
    )
    for is_log in (False, True):
        plot.set_axes(is_log=is_log, is_broken=False)
        plot.show_course(course, ("crp",))
        QApplication.processEvents()
        panel = plot.panels[0]
        assert panel.heights.log is is_log
        (xs, ys) = panel.curve.mark_pixels()
        for n, tip, other in ((0, 3.5, -3.5), (2, -3.5, 3.5)):
            # At its tip a triangle is narrow, at its base it is wide.
            assert not is_ink(plot, QPointF(xs[n] + 3.2, ys[n] + tip))
            assert is_ink(plot, QPointF(xs[n] + 3.2, ys[n] + other))


def is_ink(plot: CoursePlot, where: QPointF) -> bool:
    """Whether a pixel of the plot is as dark as a line."""
    picture = plot.view.grab().toImage()
    colour = picture.pixelColor(where.toPoint())
    return colour.lightness() < (QColor(theme.current().card).lightness() + 60) // 2


def test_a_result_of_zero_is_at_the_foot_of_a_logarithmic_panel(
    plot: CoursePlot, make_course: Callable[..., Course]
) -> None:
    values = ("0", "2.5", "4", "3", "0")
    results = [lab(on, "anc", v, "10*9/L") for on, v in zip(VISITS, values, strict=True)]
    plot.set_axes(is_log=True, is_broken=False)
    plot.show_course(make_course(results=results), ("anc",))
    panel = plot.panels[0]
    assert panel.trend is not None
    assert panel.frame._axis_note(panel.trend) == "log, 2 of 0 at foot"
    plot.set_cursor(VISITS[0].toordinal())
    assert panel.tag_text().startswith("0 ×10⁹/L")
    _, ys = panel.curve.mark_pixels()
    assert panel.heights.bottom - 8 < ys[0] < panel.heights.bottom - RADIUS


def test_bands_and_limits_keep_their_values_on_a_logarithmic_scale(
    plot: CoursePlot, panel: TrendPanel, course: Course
) -> None:
    plot.set_axes(is_log=True, is_broken=False)
    heights = plot.panels[0].heights
    assert heights.log
    assert heights.y(38) - heights.y(76) == pytest.approx(heights.y(76) - heights.y(152))


def test_lines_behind_are_drawn_named_and_gone_with_the_next_patient(
    plot: CoursePlot, panel: TrendPanel, make_course: Callable[..., Course]
) -> None:
    day = float(VISITS[0].toordinal())
    lines = [(np.array([day, day + 30]), np.array([100.0, 90.0])) for _ in range(3)]
    days, values = join_curves(lines)
    assert np.isnan(days).sum() == 3
    plot.show_background({"plt": BackgroundLines(days, values, "with 3 other patients")})
    assert panel.background.lines is not None
    assert not panel.background._line.path.isEmpty()
    plot.show_course(make_course(2), ("plt",))
    assert plot.panels[0].background.lines is None


def test_another_unit_has_heights_of_its_own(plot: CoursePlot, panel: TrendPanel) -> None:
    day = float(VISITS[0].toordinal())
    made = BackgroundLines(np.array([day, day + 30]), np.array([1.1, 0.8]), "with Creatinine", True)
    plot.show_background({"plt": made})
    drawn = panel.background._line.path.boundingRect()
    assert drawn.height() > panel.heights.height / 2
    assert panel.background.boundingRect().contains(drawn)


def test_a_nadir_is_named_clear_of_the_line_to_results_out_of_sight(
    plot: CoursePlot, make_course: Callable[..., Course]
) -> None:
    results = [lab(on, "plt", "200", "10*9/L") for on in VISITS]
    plot.show_course(make_course(results=results), ("plt",))
    nadir = VISITS[1].toordinal()
    plot.show_days(nadir - 7, nadir + 7)
    panel = plot.panels[0]
    (label,) = panel.nadirs.labels()
    _, ys = panel.curve.mark_pixels()
    assert ys.size == 1
    # A flat line runs through the whole panel.
    assert not label.rect.top() < ys[0] < label.rect.bottom()


def test_marks_get_smaller_before_they_merge_and_triangles_stay(
    plot: CoursePlot, make_course: Callable[..., Course]
) -> None:
    def shown(every: int, comparator: str | None = None) -> TrendPanel:
        days = [VISITS[0] + timedelta(days=number) for number in range(0, 300, every)]
        results = [lab(day, "crp", "5", "mg/L", comparator) for day in days]
        plot.show_course(make_course(results=results), ("crp",))
        QApplication.processEvents()
        return plot.panels[0]

    assert shown(14).curve.radius() == RADIUS
    assert 0 < shown(3).curve.radius() < RADIUS
    panel = shown(1)
    assert panel.curve.radius() == 0
    # Only the line is left: no ring around the first result.
    xs, ys = panel.curve.mark_pixels()
    assert not is_ink(plot, QPointF(xs[0] - 4, ys[0]))
    panel = shown(1, "<")
    xs, ys = panel.curve.mark_pixels()
    assert is_ink(plot, QPointF(xs[0] - 2.5, ys[0] - 2))

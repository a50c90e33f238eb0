"""Kaplan-Meier curves: numbers at risk under their months at every size, words that fit."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import pairwise

import pytest
from PySide6.QtWidgets import QApplication

from gui.plots import pictures
from gui.plots.cohort.figure import Figure
from gui.plots.cohort.survival_drawing import SurvivalDrawing
from gui.plots.cohort.survival_figure import SurvivalFigure
from gui.plots.cohort.survival_text import curve_text, curve_texts
from model.cohort.kaplan_meier import Curve, estimate_curve
from tests.gui.plots.cohort.conftest import BIG, EVENTS, MONTHS
from tests.gui.plots.svg import words

Make = Callable[..., Figure]
GROUPS: Mapping[str, Curve] = {
    "225Ac alone": estimate_curve(MONTHS, EVENTS),
    "Tandem with 177Lu, first cycle": estimate_curve([1, 30, 60, 61], [False, False, True, False]),
    "Other": estimate_curve([4], [False]),
}


@pytest.fixture
def figure(make: Make) -> SurvivalFigure:
    made = make(SurvivalFigure)
    assert isinstance(made, SurvivalFigure)
    return made


def drawing(figure: SurvivalFigure) -> SurvivalDrawing:
    assert isinstance(figure.drawing, SurvivalDrawing)
    return figure.drawing


@pytest.mark.parametrize("width", range(240, 1700, 130))
@pytest.mark.parametrize("groups", [1, 3])
def test_each_number_at_risk_is_below_its_month_and_clear_of_the_others(
    figure: SurvivalFigure, width: int, groups: int
) -> None:
    figure.show_curves(dict(list(GROUPS.items())[:groups]))
    figure.resize(width, 320)
    QApplication.processEvents()
    drawn = drawing(figure)
    assert len(drawn.at_risk) == len(drawn.ticks) * groups
    for place, number in enumerate(drawn.at_risk):
        tick = drawn.ticks[place % len(drawn.ticks)]
        assert number.x == drawn.months.x(tick)
        name = list(GROUPS)[place // len(drawn.ticks)]
        assert number.text == f"{GROUPS[name].still_at_risk(tick)}"
        assert 0 < number.x <= figure.view.width()
        assert number.top + 16 <= drawn.rect.height()
    for one, other in pairwise(drawn.at_risk[: len(drawn.ticks)]):
        assert other.x - one.x >= drawn.metrics.horizontalAdvance("8888")


def test_months_and_numbers_at_risk_of_a_picture_have_the_same_place(
    figure: SurvivalFigure,
) -> None:
    texts = words(pictures.svg(figure))
    assert {"At risk", "Months", "100 %", "0", "6"} <= set(texts)


@pytest.mark.parametrize("width", [240, 300, 420, 1200])
def test_what_a_curve_comes_to_fits_into_its_line(figure: SurvivalFigure, width: int) -> None:
    figure.resize(width, 300)
    QApplication.processEvents()
    drawn = drawing(figure)
    texts = [text for text in words(pictures.svg(figure)) if "CI" in text or "median" in text]
    assert texts
    assert drawn.metrics.horizontalAdvance(texts[0]) <= width


def test_groups_differ_by_dash_and_name_not_by_colour_alone(
    figure: SurvivalFigure,
) -> None:
    figure.resize(900, 400)
    figure.show_curves(GROUPS)
    QApplication.processEvents()
    svg = pictures.svg(figure)
    assert b"stroke-dasharray" in svg
    assert any(text.startswith("Tandem with 177Lu, first cycle: ") for text in words(svg))


def test_a_median_that_is_not_reached_is_nr() -> None:
    assert curve_text(estimate_curve([3, 4], [False, False])) == "0 events · median NR"
    assert curve_text(estimate_curve([3, 4], [True, True])).startswith(
        "2 events · median 3.5 months ("
    )
    assert all("NR" in text for text in curve_texts(estimate_curve([3, 4], [False, False])))


def test_a_step_opens_those_who_had_the_event_then_and_a_tick_the_censored(
    figure: SurvivalFigure,
) -> None:
    marks = {mark.tip.partition("\n")[0]: mark for mark in figure.drawing.marks}
    assert marks["5.0 months, 1 event"].patients == (BIG + 1,)
    assert marks["5.0 months, 1 censored"].patients == (BIG + 2,)
    assert "6 at risk before" in marks["2.0 months, 1 event"].tip


def test_curves_keep_a_height_that_can_be_read(figure: SurvivalFigure) -> None:
    figure.show_curves(GROUPS)
    figure.resize(300, 170)
    QApplication.processEvents()
    assert drawing(figure).frame.height() >= 80

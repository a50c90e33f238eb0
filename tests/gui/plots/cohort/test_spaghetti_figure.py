"""The spaghetti plot: days are zoomed and moved, results pointed at, courses walked along."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPointF, Qt
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from gui.plots import pictures
from gui.plots.cohort.figure import Figure
from gui.plots.cohort.spaghetti_drawing import SpaghettiDrawing
from gui.plots.cohort.spaghetti_figure import SpaghettiFigure
from model.cohort.figures.spaghetti import Strand
from tests.gui.plots.cohort.conftest import BIG

Make = Callable[..., Figure]


@pytest.fixture
def figure(make: Make) -> SpaghettiFigure:
    made = make(SpaghettiFigure)
    assert isinstance(made, SpaghettiFigure)
    return made


def place(figure: SpaghettiFigure, day: float, value: float) -> QPointF:
    drawn = figure.drawing
    assert isinstance(drawn, SpaghettiDrawing)
    return drawn.position_of(day, value)


def test_days_are_zoomed_moved_and_shown_whole_again(figure: SpaghettiFigure) -> None:
    whole = figure.shown_days()
    QTest.keyClick(figure.view, Qt.Key.Key_Plus)
    first, last = figure.shown_days()
    assert whole[0] < first < last < whole[1]
    QTest.keyClick(figure.view, Qt.Key.Key_Right, Qt.KeyboardModifier.ShiftModifier)
    assert figure.shown_days()[0] > first
    QTest.keyClick(figure.view, Qt.Key.Key_Home)
    assert figure.shown_days() == whole


def test_days_cannot_be_moved_beyond_what_a_course_may_have(figure: SpaghettiFigure) -> None:
    figure.show_days(500, 520)
    first, last = figure.shown_days()
    assert last <= 90
    assert last - first == pytest.approx(20)
    figure.show_days(0, 1)
    first, last = figure.shown_days()
    assert last - first == pytest.approx(14)


def test_the_nearest_result_is_read_out_as_it_was_written(figure: SpaghettiFigure) -> None:
    mark = figure.drawing.mark_at(place(figure, 42, 20) + QPointF(3, -3))
    assert mark is not None
    assert mark.patients == (BIG + 1,)
    assert mark.tip == "P-1, cycle 1\nPlatelets <20 ×10⁹/L, day 42"
    assert figure.drawing.mark_at(place(figure, 21, 400)) is None


def test_keys_go_along_a_course_and_from_course_to_course(figure: SpaghettiFigure) -> None:
    keys = (Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Up)
    read = []
    for key in keys:
        QTest.keyClick(figure.view, key)
        assert figure.chosen_mark is not None
        read.append(figure.chosen_mark.tip.rpartition(" ")[2] + figure.chosen_mark.tip[:3])
    assert read[:3] == ["−3P-0", "14P-0", "28P-0"]
    for _ in range(3):
        QTest.keyClick(figure.view, Qt.Key.Key_Right)
    assert figure.chosen_mark.tip.endswith("day 28")
    QTest.keyClick(figure.view, Qt.Key.Key_Left)
    QTest.keyClick(figure.view, Qt.Key.Key_Up)
    assert figure.chosen_mark.tip == "P-1, cycle 1\nPlatelets 250 ×10⁹/L, day 14"


def test_very_many_courses_are_an_svg_that_any_program_reads(figure: SpaghettiFigure) -> None:
    drawing: Any = figure.drawing
    read = drawing.courses
    days = np.tile([-3.0, 14, 28, np.nan], 12_000)[:-1]
    values = np.tile([200.0, 120, 90, np.nan], 12_000)[:-1]
    strands = tuple(Strand(n, f"P-{n}", 1, 4 * n, 4 * n + 3) for n in range(12_000))
    many = replace(read, days=days, values=values, comparators=("",) * days.size, strands=strands)
    figure.show_data(many)
    QApplication.processEvents()
    svg = pictures.svg(figure)
    assert b"nan" not in svg
    # A path that is too long for Qt's reader is a warning, which fails.
    assert QSvgRenderer(svg).isValid()
    assert svg.count(b"L") > 24_000


def test_a_drag_moves_the_days_and_opens_nobody(figure: SpaghettiFigure) -> None:
    opened: list[object] = []
    figure.patient_clicked.connect(opened.append)
    figure.zoom(0.5)
    before = figure.shown_days()
    start = place(figure, sum(before) / 2, 200).toPoint()
    viewport = figure.view.viewport()
    QTest.mousePress(viewport, Qt.MouseButton.LeftButton, pos=start)
    QTest.mouseMove(viewport, start - QPointF(60, 0).toPoint())
    QTest.mouseRelease(viewport, Qt.MouseButton.LeftButton, pos=start - QPointF(60, 0).toPoint())
    QApplication.processEvents()
    assert figure.shown_days()[0] > before[0]
    assert opened == []

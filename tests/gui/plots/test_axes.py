"""The axes of pyqtgraph have our round values and the colours of the theme."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pyqtgraph as pg
import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication

from gui.plots.axes import Axis, DateAxis, DayAxis, ValueAxis
from gui.plots.tall_view import make_plot_view
from gui.style import theme

START = date(2023, 7, 1).toordinal()


@pytest.fixture
def box(light: QApplication) -> pg.ViewBox:
    return pg.ViewBox(enableMenu=False, enableMouse=False)


@pytest.fixture
def dark(light: QApplication) -> Iterator[QApplication]:
    theme.apply(light, theme.Scheme.DARK)
    yield light
    theme.apply(light, theme.Scheme.LIGHT)


def labels(axis: Axis, first: float, last: float, size: float) -> list[str]:
    ((spacing, values),) = axis.tickValues(first, last, size)
    return axis.tickStrings(values, 1.0, spacing)


def test_values_are_round_and_apart(box: pg.ViewBox) -> None:
    assert labels(ValueAxis("left", box), 0, 430, 86) == ["0", "200", "400"]


def test_dates_are_labelled_by_month_or_day(box: pg.ViewBox) -> None:
    axis = DateAxis("bottom", box)
    assert labels(axis, START, START + 365, 600)[:2] == ["Jul 2023", "Sep 2023"]
    assert labels(axis, START, START + 42, 600)[:2] == ["3 Jul 2023", "10 Jul"]


def test_days_leave_the_end_free_for_a_title(box: pg.ViewBox) -> None:
    axis = DayAxis("bottom", box)
    assert labels(axis, -14, 42, 400) == ["−14", "−7", "0", "7", "14", "21", "28", "35", "42"]
    axis.free = 60
    assert labels(axis, -14, 42, 400)[-1] == "28"


def test_an_axis_takes_the_colours_of_the_theme(box: pg.ViewBox, light: QApplication) -> None:
    axis = Axis("left", box)
    assert axis.textPen().color().name() == theme.LIGHT.ink_soft.lower()
    theme.apply(light, theme.Scheme.DARK)
    axis.recolour()
    assert axis.textPen().color().name() == theme.DARK.ink_soft.lower()
    theme.apply(light, theme.Scheme.LIGHT)


def test_an_axis_without_a_grid_draws_labels_and_no_dots_at_its_ticks(
    box: pg.ViewBox, dark: QApplication
) -> None:
    view = make_plot_view()
    view.resize(100, 100)
    axis = Axis("right", box)
    for item in (box, axis):
        view.addItem(item)
    box.setGeometry(QRectF(0, 0, 50, 100))
    box.setYRange(0, 10, padding=0)
    axis.setGeometry(QRectF(50, 0, 50, 100))
    axis.setTicks([[(5.0, "")]])
    view.show()
    dark.processEvents()
    picture = view.grab().toImage()
    assert {picture.pixel(x, y) for x in range(40, 60) for y in range(100)} == {
        QColor(theme.DARK.card).rgb()
    }
    view.close()

"""How many frames a second the courses of 1,000 patients are moved at, beside bare pyqtgraph."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

import numpy as np
import pyqtgraph as pg
import pytest
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from gui.plots.cohort.spaghetti_figure import SpaghettiFigure
from model.cohort.figures.spaghetti import Spaghetti, Strand

pytestmark = pytest.mark.slow

PATIENTS, CYCLES, RESULTS = 1000, 4, 12


def courses() -> Spaghetti:
    """A result a week, of each patient after each cycle."""
    random = np.random.default_rng(7)
    count = PATIENTS * CYCLES
    days = np.tile(np.arange(-7.0, 7 * RESULTS - 7, 7), (count, 1)) + random.integers(
        0, 4, (count, RESULTS)
    )
    values = 210 - 60 * np.exp(-(((days - 28) / 18) ** 2)) + random.normal(0, 25, days.shape)
    joined = [np.column_stack([each, np.full(count, np.nan)]).ravel() for each in (days, values)]
    strands = tuple(
        Strand(place // CYCLES, f"P-{place // CYCLES}", place % CYCLES + 1, start, start + RESULTS)
        for place, start in enumerate(range(0, count * (RESULTS + 1), RESULTS + 1))
    )
    return Spaghetti(
        analyte="plt",
        name="Platelets",
        unit="10*9/L",
        days=joined[0],
        values=joined[1],
        comparators=("",) * joined[0].size,
        strands=strands,
        median_days=np.arange(-3.0, 77, 7),
        median_values=np.median(values, axis=0),
        low=150.0,
        high=400.0,
    )


@pytest.fixture
def window(light: QApplication) -> Iterator[QWidget]:
    window = QWidget()
    QVBoxLayout(window)
    window.resize(900, 420)
    yield window
    window.close()
    window.deleteLater()


def frame(window: QWidget, show: Callable[[float, float], None]) -> float:
    """The median seconds of a frame while the days are moved a little to and fro."""
    taken = []
    for step in (*range(20), *range(20, -1, -1)):
        started = time.perf_counter()
        show(-10.0 + step / 4, 60.0 + step / 4)
        QApplication.processEvents()
        window.repaint()
        taken.append(time.perf_counter() - started)
    return float(np.median(taken))


def test_the_courses_of_a_thousand_patients_are_moved_smoothly(window: QWidget) -> None:
    data = courses()
    figure = SpaghettiFigure()
    window.layout().addWidget(figure)
    window.show()
    figure.show_data(data)
    ours = frame(window, figure.show_days)
    assert figure.shown_days() == pytest.approx((-10.0, 60.0))
    window.layout().removeWidget(figure)
    figure.deleteLater()
    bare = pg.GraphicsLayoutWidget()
    view = bare.addViewBox(row=0, col=1, enableMenu=False)
    bare.addItem(pg.AxisItem("left", linkView=view), row=0, col=0)
    bare.addItem(pg.AxisItem("bottom", linkView=view), row=1, col=1)
    curve = pg.PlotDataItem(pen="k", connect="finite")
    view.addItem(curve)
    curve.setData(data.days, data.values)
    window.layout().addWidget(bare)
    theirs = frame(window, lambda first, last: view.setXRange(first, last, padding=0))
    print(f"{1 / ours:.0f} frames a second, bare {1 / theirs:.0f}")
    assert ours <= 1.5 * theirs

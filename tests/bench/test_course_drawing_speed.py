"""How fast a course is drawn, beside bare pyqtgraph with the same arrays, and how it is panned."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from functools import partial

import numpy as np
import pyqtgraph as pg
import pytest
from PySide6.QtWidgets import QApplication, QScrollArea, QVBoxLayout, QWidget

from gui.plots.course.course_plot import CoursePlot
from gui.plots.course.overlay_plot import OverlayPlot
from model.course import course
from model.course.course import Course
from model.course.points import Points
from model.records.administrations import Administration
from model.records.cycles import Cycle, Treatment
from model.records.labs import LabResult, with_canonical
from model.reference import analytes
from model.reference.analytes import Analyte
from tests.patient_records import make_records

pytestmark = pytest.mark.slow

VISITS, ANALYTES = 40, 25
FIRST = date(2023, 1, 9)
KEYS = [analyte.key for analyte in analytes.ANALYTES[:ANALYTES]]
MILLION = 1_000_000


def at(analyte: Analyte, percent: int) -> Decimal:
    """A value at so many percent between the default limits of an analyte."""
    limits = analyte.default_limits_in(analyte.unit, "F")
    low = (limits and limits.low) or (limits and limits.high and limits.high / 3) or Decimal(1)
    high = (limits and limits.high) or low * 2
    return round(low + (high - low) * percent / 100, 3)


def course_of(patient_id: int) -> Course:
    records = make_records(
        patient_id,
        sex="F",
        treatments=[treatment(patient_id, number) for number in range(1, 5)],
        results=[
            with_canonical(
                LabResult(
                    id=number * ANALYTES + place,
                    patient_id=patient_id,
                    taken_on=FIRST + timedelta(days=number * 9),
                    analyte=analyte.key,
                    value=at(analyte, 50 + (number * 7 + place + patient_id) % 40),
                    unit=analyte.unit,
                    lln=at(analyte, 20),
                    uln=at(analyte, 95),
                )
            )
            for number in range(VISITS)
            for place, analyte in enumerate(analytes.ANALYTES[:ANALYTES])
        ],
    )
    return course.build_course(records)


def treatment(patient_id: int, number: int) -> Treatment:
    day = FIRST + timedelta(days=56 * number)
    return Treatment(
        Cycle(patient_id=patient_id, number=number, given_on=day),
        (Administration(number=1, nuclide="225Ac", unit="MBq", administered_mbq=6.0),),
    )


class Measured(Points):
    """Points of which only the arrays are there: a million records would be another test."""

    def __init__(self, days: np.ndarray, values: np.ndarray) -> None:
        super().__init__((), {}, {})
        self.__dict__.update(days=days, values=values)

    def __len__(self) -> int:
        return MILLION


@pytest.fixture
def window(light: QApplication) -> Iterator[QWidget]:
    window = QWidget()
    QVBoxLayout(window)
    window.resize(1090, 760)
    yield window
    window.close()
    window.deleteLater()


def milliseconds(window: QWidget, show: Callable[[], object]) -> float:
    """How long it takes until what `show` shows is painted, in time of the processor.

    What else the machine does at the time does not count.
    """
    started = time.process_time()
    show()
    QApplication.processEvents()
    window.repaint()
    return (time.process_time() - started) * 1000


def bare_curves(window: QWidget, height: int) -> list[pg.PlotDataItem]:
    """As many panels as pyqtgraph makes them: a view, its axis and a curve with marks each."""
    bare = pg.GraphicsLayoutWidget()
    bare.setMinimumHeight(height)
    scroll = QScrollArea()
    scroll.setWidget(bare)
    scroll.setWidgetResizable(True)
    curves = []
    for row in range(ANALYTES):
        view = bare.addViewBox(row=row, col=1, enableMenu=False)
        bare.addItem(pg.AxisItem("left", linkView=view), row=row, col=0)
        curve = pg.PlotDataItem(pen="k", symbol="o", symbolBrush="w", antialias=True)
        view.addItem(curve)
        curves.append(curve)
    window.layout().addWidget(scroll)
    return curves


def test_a_patient_is_drawn_within_the_time_of_bare_pyqtgraph(window: QWidget) -> None:
    plot = CoursePlot()
    window.layout().addWidget(plot)
    window.show()
    # Each is drawn for the first time, as when a patient is opened: nothing of it is known yet.
    courses = [course_of(number) for number in range(12)]
    milliseconds(window, lambda: plot.show_course(courses[11], KEYS))
    ours = sorted(
        milliseconds(window, partial(plot.show_course, shown, KEYS)) for shown in courses[:10]
    )
    window.layout().removeWidget(plot)
    curves = bare_curves(window, plot.view.minimumHeight())
    plot.deleteLater()

    def show(shown: Course) -> None:
        for curve, key in zip(curves, KEYS, strict=True):
            curve.setData(shown.trend(key).days, shown.trend(key).values)

    milliseconds(window, lambda: show(courses[11]))
    bare = sorted(milliseconds(window, partial(show, shown)) for shown in courses[:10])
    print(f"Course {ours[0]:.1f} ms (middle {ours[5]:.1f}), bare {bare[0]:.1f} ms")
    assert ours[0] <= 1.5 * bare[0]


def test_a_million_results_are_panned_as_fast_as_bare_pyqtgraph_can(window: QWidget) -> None:
    some = course_of(1)
    days = np.linspace(FIRST.toordinal(), FIRST.toordinal() + 360, MILLION)
    values = 200 + 40 * np.sin(days / 9) + np.random.default_rng(7).normal(0, 15, MILLION)
    trend = replace(some.trend("plt"), points=Measured(days, values), cycles=())
    plot = CoursePlot()
    window.layout().addWidget(plot)
    window.show()
    plot.show_course(replace(some, trends={"plt": trend}), ["plt"])
    first, last = (day + room for day, room in zip(plot.shown_days(), (60, -60), strict=True))
    ours = milliseconds_a_frame(window, plot.show_days, first, last)
    assert plot.shown_days() == pytest.approx((first, last))
    window.layout().removeWidget(plot)
    plot.deleteLater()
    bare = pg.GraphicsLayoutWidget()
    view = bare.addViewBox(row=0, col=1, enableMenu=False)
    bare.addItem(pg.AxisItem("left", linkView=view), row=0, col=0)
    curve = pg.PlotDataItem(pen="k")
    view.addItem(curve)
    curve.setClipToView(True)
    curve.setDownsampling(auto=True, method="peak")
    curve.setData(days, values)
    window.layout().addWidget(bare)
    theirs = milliseconds_a_frame(
        window, lambda start, end: view.setXRange(start, end, padding=0), first, last
    )
    print(f"{1000 / ours:.0f} frames a second, bare {1000 / theirs:.0f}")
    assert ours <= 1.5 * theirs


def test_six_cycles_of_forty_results_are_panned_as_fast_as_bare_pyqtgraph_can(
    window: QWidget,
) -> None:
    keys = KEYS[:5]
    treatments = [treatment(1, number) for number in range(1, 7)]
    results = [
        LabResult(
            patient_id=1,
            taken_on=each.cycle.given_on + timedelta(days=number * 7 // 5),
            analyte=key,
            value=at(analytes.ANALYTES[place], 50 + (number * 7 + place) % 40),
            unit=analytes.ANALYTES[place].unit,
        )
        for each in treatments
        for number in range(40)
        for place, key in enumerate(keys)
    ]
    plot = OverlayPlot()
    window.layout().addWidget(plot)
    window.show()
    records = make_records(sex="F", treatments=treatments, results=results)
    plot.show_course(course.build_course(records), keys)
    ours = milliseconds_a_frame(window, plot.show_days, -5, 45)
    lines = [line for panel in plot.panels if panel.overlay for line in panel.overlay.lines]
    assert len(lines) == 30
    window.layout().removeWidget(plot)
    plot.deleteLater()
    bare = pg.GraphicsLayoutWidget()
    views = [bare.addViewBox(row=row, col=0, enableMenu=False) for row in range(5)]
    for number, line in enumerate(lines):
        pen = pg.mkPen("k", width=2)
        curve = pg.PlotDataItem(pen=pen, symbol="o", symbolBrush="k", antialias=True)
        views[number // 6].addItem(curve)
        curve.setData(line.days, line.values)
    window.layout().addWidget(bare)

    def show(first: float, last: float) -> None:
        for view in views:
            view.setXRange(first, last, padding=0)

    theirs = milliseconds_a_frame(window, show, -5, 45)
    print(f"Overlay {1000 / ours:.0f} frames a second, bare {1000 / theirs:.0f}")
    assert ours <= theirs


def milliseconds_a_frame(
    window: QWidget, show: Callable[[float, float], None], first: float, last: float
) -> float:
    """How long a frame takes while days are moved a little to and fro, in the middle of many."""
    taken = [
        milliseconds(window, partial(show, first + step, last + step))
        for step in (*range(20), *range(20, -1, -1))
    ]
    return float(np.median(taken))

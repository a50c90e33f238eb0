"""How long a patient takes until all is drawn, beside bare pyqtgraph drawing the same arrays."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from decimal import Decimal

import pytest
from PySide6.QtWidgets import QApplication, QScrollArea, QVBoxLayout, QWidget

from model import analytes, course
from model.cycles import Administration, Cycle, Treatment
from model.labs import LabResult, with_canonical

pytestmark = pytest.mark.slow

VISITS, ANALYTES = 40, 25
FIRST = date(2023, 1, 9)


def results(patient_id: int, visits: int, count: int) -> list[LabResult]:
    known = analytes.ANALYTES[:count]
    return [
        with_canonical(
            LabResult(
                id=number * count + place,
                patient_id=patient_id,
                taken_on=FIRST + timedelta(days=number * 9),
                analyte=analyte.key,
                value=Decimal(50 + (number * 7 + place + patient_id) % 40),
                unit=analyte.unit,
                lln=Decimal(20),
                uln=Decimal(95),
            )
        )
        for number in range(visits)
        for place, analyte in enumerate(known)
    ]


def course_of(patient_id: int, visits: int = VISITS, count: int = ANALYTES) -> course.Course:
    return course.course(
        patient_id=patient_id,
        sex="F",
        treatments=treatments(patient_id),
        results=results(patient_id, visits, count),
        given=(),
        events=(),
        imaged=(),
        seen=(),
    )


def treatments(patient_id: int) -> list[Treatment]:
    return [
        Treatment(
            Cycle(
                patient_id=patient_id, number=number, given_on=FIRST + timedelta(days=56 * number)
            ),
            (Administration(number=1, nuclide="225Ac", unit="MBq", administered_mbq=6.0),),
        )
        for number in range(1, 5)
    ]


@pytest.fixture
def window(qapp: QApplication) -> Iterator[QWidget]:
    from gui import theme

    theme.apply(qapp, theme.Scheme.LIGHT)
    window = QWidget()
    QVBoxLayout(window)
    window.resize(1090, 760)
    yield window
    window.close()
    window.deleteLater()


def drawn(qapp: QApplication, window: QWidget, show: Callable[[], None]) -> float:
    """Milliseconds until what `show` shows is painted."""
    started = time.perf_counter()
    show()
    qapp.processEvents()
    window.repaint()
    return (time.perf_counter() - started) * 1000


def test_opening_a_patient_is_drawn_within_the_time_of_bare_pyqtgraph(
    qapp: QApplication, window: QWidget, record_property: Callable[[str, object], None]
) -> None:
    import numpy as np
    import pyqtgraph as pg

    from gui.plots.course_plot import CoursePlot

    keys = [analyte.key for analyte in analytes.ANALYTES[:ANALYTES]]
    plot = CoursePlot()
    window.layout().addWidget(plot)
    window.show()
    courses = [course_of(number) for number in range(7)]
    plot.show_course(courses[5], keys)
    drawn(qapp, window, lambda: plot.show_course(courses[6], keys))
    ours = min(
        drawn(qapp, window, lambda n=n: plot.show_course(courses[n], keys)) for n in range(5)
    )
    window.layout().removeWidget(plot)
    plot.deleteLater()
    bare = pg.GraphicsLayoutWidget()
    bare.setMinimumHeight(plot.view.minimumHeight())
    scroll = QScrollArea()
    scroll.setWidget(bare)
    scroll.setWidgetResizable(True)
    curves = []
    for row in range(ANALYTES):
        # A view with its axis, as `addPlot` makes it, less the menus that it leaves behind.
        view = bare.addViewBox(row=row, col=1, enableMenu=False)
        axis = pg.AxisItem("left", linkView=view)
        bare.addItem(axis, row=row, col=0)
        curve = pg.PlotDataItem(pen="k", symbol="o", symbolBrush="w", antialias=True)
        view.addItem(curve)
        curves.append(curve)
    window.layout().addWidget(scroll)

    def show_bare(course_shown: course.Course) -> None:
        for curve, key in zip(curves, keys, strict=True):
            points = course_shown.trend(key).points
            curve.setData(
                np.array([point.day for point in points]),
                np.array([point.value for point in points]),
            )

    drawn(qapp, window, lambda: show_bare(courses[6]))
    theirs = min(drawn(qapp, window, lambda n=n: show_bare(courses[n])) for n in range(5))
    record_property("ours_ms", ours)
    record_property("bare_ms", theirs)
    print(f"Course {ours:.1f} ms, bare pyqtgraph {theirs:.1f} ms")  # noqa: T201
    assert ours <= 1.5 * theirs


def test_a_course_of_five_thousand_results_is_computed_in_the_time_of_a_few_copies() -> None:
    found = results(1, 200, 25)
    treated = treatments(1)

    def compute() -> None:
        course.course(
            patient_id=1,
            sex="F",
            treatments=treated,
            results=found,
            given=(),
            events=(),
            imaged=(),
            seen=(),
        )

    def sweep() -> None:
        for _ in range(10):
            [(result.value, result.unit, result.taken_on) for result in found]

    ours, measure = (min(timed(work) for _ in range(5)) for work in (compute, sweep))
    print(f"Course {ours:.1f} ms, ten sweeps {measure:.1f} ms")  # noqa: T201
    assert ours <= 4 * measure


def timed(work: Callable[[], None]) -> float:
    started = time.perf_counter()
    work()
    return (time.perf_counter() - started) * 1000

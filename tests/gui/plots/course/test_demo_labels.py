"""No label of the demo lies over another, nor over a result or a limit, at the usual sizes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtWidgets import QApplication

from gui.plots import pictures
from gui.plots.course.course_plot import CoursePlot
from gui.plots.course.overlay_plot import OverlayPlot
from gui.plots.course.trend_panel import TrendPanel
from gui.session.preferences import USUAL_ANALYTES
from gui.style import theme
from model.course.course import Course, build_course
from model.course.grades import grade_bands
from model.exchange.demo import make_demo
from model.records import patients
from model.records.patient_records import load
from model.store.casebook import Casebook
from tests.gui.plots.svg import overlapping, written

SIZES = {"1440 × 900": (697, 627), "1100 × 700": (697, 420), "960 × 540": (420, 300)}
"""The sizes of the plot in windows of these sizes."""


@pytest.fixture(scope="module")
def courses(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Course]:
    """The courses of all patients of the demo, by code."""
    path = make_demo(tmp_path_factory.mktemp("demo"))
    with Casebook.open(path) as casebook:
        return {
            patient.code: build_course(load(casebook, patient.id or 0))
            for patient in patients.all_patients(casebook)
        }


def plots(kind: Any, courses: dict[str, Course], size: tuple[int, int]) -> Iterator[Any]:
    """A plot with each course in turn, with the code of its patient."""
    plot = kind()
    plot.resize(*size)
    plot.show()
    for code, one in courses.items():
        bands = {key: grade_bands(one.trend(key), one.version) for key in USUAL_ANALYTES}
        plot.show_course(one, USUAL_ANALYTES, bands)
        QApplication.processEvents()
        yield code, plot
    plot.close()
    plot.deleteLater()


@pytest.mark.parametrize("scheme", [theme.Scheme.LIGHT, theme.Scheme.DARK])
@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
def test_no_text_of_a_course_lies_over_another(
    light: QApplication, courses: dict[str, Course], size: tuple[int, int], scheme: theme.Scheme
) -> None:
    theme.apply(light, scheme)
    faults = []
    for code, plot in plots(CoursePlot, courses, size):
        for show in (plot.show_first, plot.show_all):
            show()
            pairs = overlapping(written(pictures.svg(plot)))
            faults += [(code, show.__name__, *pair) for pair in pairs]
    theme.apply(light, theme.Scheme.LIGHT)
    assert faults == []


@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
def test_no_text_of_cycles_over_one_another_lies_over_another(
    light: QApplication, courses: dict[str, Course], size: tuple[int, int]
) -> None:
    faults = []
    for code, plot in plots(OverlayPlot, courses, size):
        if plot._stack.is_empty:
            continue
        faults += [(code, *pair) for pair in overlapping(written(pictures.svg(plot)))]
    assert faults == []


@pytest.mark.parametrize("size", SIZES.values(), ids=SIZES)
def test_no_label_of_a_nadir_lies_on_a_result_or_a_limit(
    light: QApplication, courses: dict[str, Course], size: tuple[int, int]
) -> None:
    faults, count, named = [], 0, 0
    for code, plot in plots(CoursePlot, courses, size):
        for panel in plot.panels:
            for label in panel.nadirs.labels():
                count += 1
                named += panel.nadirs.is_written(label)
                if panel.nadirs.is_written(label) and is_covered(panel, label.rect):
                    faults.append((code, panel.analyte, label.text))
    assert faults == []
    # Most have room: without any, nothing could overlap.
    assert named >= 0.85 * count > 100


def is_covered(panel: TrendPanel, place: QRectF) -> bool:
    """Whether a place lies on a result or a limit of a panel."""
    assert panel.trend is not None
    limits = [limit for step in panel.trend.limits for limit in step[1:] if limit is not None]
    if any(place.top() < panel.heights.y(limit) < place.bottom() for limit in limits):
        return True
    around = place.adjusted(-3, -3, 3, 3)
    xs, ys = panel.curve.mark_pixels()
    return any(around.contains(QPointF(x, y)) for x, y in zip(xs, ys, strict=True))

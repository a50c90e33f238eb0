"""The areas of grades behind a trend, in the colours of the theme."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QPoint
from PySide6.QtWidgets import QApplication

from gui.plots.course.course_plot import CoursePlot
from gui.style import theme
from model.course.course import Course
from model.course.grades import GradeBand

BANDS = {"hb": (GradeBand(2, 8, 10), GradeBand(3, None, 8), GradeBand(1, 16, None))}


def colour(plot: CoursePlot, value: float) -> str:
    """The colour of the first panel at a value, a little right of its left edge."""
    QApplication.processEvents()
    rect = plot.panels[0].frame.boundingRect()
    y = plot.panels[0].heights.y(value)
    assert rect.top() < y < rect.bottom()
    picture = plot.view.grab().toImage()
    place = QPoint(int(plot.panels[0].scale.left) + 3, int(y))
    return picture.pixelColor(place * picture.devicePixelRatio()).name().upper()


def test_each_grade_has_its_colour_also_after_the_colours_changed(
    light: QApplication, plot: CoursePlot, make_course: Callable[..., Course]
) -> None:
    plot.show_course(make_course(), ("hb", "plt"), BANDS)
    assert colour(plot, 9.3) == theme.LIGHT.bands[1]
    assert colour(plot, 10.6) == theme.LIGHT.card
    theme.apply(light, theme.Scheme.DARK)
    assert colour(plot, 9.3) == theme.DARK.bands[1]
    theme.apply(light, theme.Scheme.LIGHT)


def test_other_bands_replace_the_former_ones(
    plot: CoursePlot, make_course: Callable[..., Course]
) -> None:
    course = make_course()
    plot.show_course(course, ("hb", "plt"), BANDS)
    plot.show_course(course, ("hb", "plt"), {"hb": (GradeBand(4, None, 10),)})
    assert colour(plot, 9.3) == theme.LIGHT.bands[3]
    plot.show_course(course, ("hb", "plt"))
    assert colour(plot, 9.3) == theme.LIGHT.card

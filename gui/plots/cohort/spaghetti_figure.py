"""The spaghetti plot: an analyte of all patients by day since cycle, to be zoomed and moved."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from gui.plots.cohort.figure import Figure
from gui.plots.cohort.spaghetti_drawing import SpaghettiDrawing
from gui.words import grouped, lower_words
from model.cohort.figure_table import FigureTable
from model.cohort.spaghetti import Spaghetti
from model.course.overlay import AFTER, BEFORE
from model.language import _, ngettext

_SHORTEST = 14.0  # days
_ROOM = 4.0


class SpaghettiFigure(Figure):
    """All courses at once; wheel, drag, + and − change the days, Home shows all of them."""

    def __init__(self, parent: QWidget | None = None) -> None:
        self._courses = SpaghettiDrawing()
        super().__init__(self._courses, parent)
        self.name_it(_("Results of all patients by day since cycle"))
        self.gestures.sides = 0.0
        self.gestures.zoomed.connect(self.zoom)
        self.gestures.panned.connect(self.pan)
        self.gestures.shifted.connect(self._shift)
        self.gestures.reset.connect(self.show_home)

    def show_data(self, data: Spaghetti) -> None:
        """Draw these courses, over all their days."""
        self._courses.show_courses(data)
        empty = ""
        if not data.strands:
            empty = _("No result of %s around a cycle.") % lower_words(data.name)
        self.tell(empty=empty)

    def shown_days(self) -> tuple[float, float]:
        """The first and the last day since cycle that are shown."""
        return self._courses.across.first, self._courses.across.last

    def show_days(self, first: float, last: float) -> None:
        """Show the days from `first` to `last`, within those of a course, at least two weeks."""
        low, high = -BEFORE - _ROOM, AFTER + _ROOM
        length = min(max(last - first, _SHORTEST), high - low)
        start = min(max((first + last - length) / 2, low), high - length)
        self.clear_cursor()
        self._courses.show_days(start, start + length)
        self.axis.update()

    def show_home(self) -> None:
        """Show all days that have a result."""
        self.show_days(*self._courses.home())

    def zoom(self, factor: float, x: float = -1.0) -> None:
        """Show `factor` times as many days around a pixel, or around the middle."""
        scale = self._courses.across
        at = scale.day(x) if x >= 0 else (scale.first + scale.last) / 2
        factor = max(factor, _SHORTEST / (scale.last - scale.first))
        self.show_days(at - (at - scale.first) * factor, at + (scale.last - at) * factor)

    def pan(self, pixels: float) -> None:
        """Move the courses so many pixels to the right."""
        scale = self._courses.across
        by = pixels * (scale.last - scale.first) / scale.width
        self.show_days(scale.first - by, scale.last - by)

    def numbers(self) -> FigureTable:
        """One row a result."""
        told = self._courses.told
        return told.numbers() if told else FigureTable((), [])

    def headline(self) -> str:
        """The analyte, and of how many patients there are results."""
        told = self._courses.told
        if told is None:
            return ""
        patients = len({strand.patient_id for strand in told.strands})
        counted = ngettext("{n} patient", "{n} patients", patients)
        return f"{told.name} · {counted.format(n=grouped(patients))}"

    def _shift(self, parts: float) -> None:
        self.pan(-parts * self._courses.across.width)

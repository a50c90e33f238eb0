"""The spaghetti plot: the results of all patients by day since cycle; it zooms and moves."""

from __future__ import annotations

from PySide6.QtCore import QPointF
from PySide6.QtWidgets import QWidget

from gui.plots.cohort.figure import Figure
from gui.plots.cohort.spaghetti_drawing import MIN_DAYS, SpaghettiDrawing
from gui.words import lower_words
from model.cohort.figures.spaghetti import Spaghetti
from model.cohort.figures.table import FigureTable
from model.language import _, ngettext
from model.rounding import group_thousands


class SpaghettiFigure(Figure):
    """All courses at once; wheel, drag, + and − change the days in sight, Home shows all days."""

    def __init__(self, parent: QWidget | None = None) -> None:
        self._drawing = SpaghettiDrawing()
        self._box = self._drawing.box
        super().__init__(self._drawing, _("Results of all patients by day since cycle"), parent)
        self._box.sigXRangeChanged.connect(self.clear_cursor)
        self.gestures.plot_left = 0.0
        self.gestures.zoomed.connect(self.zoom)
        self.gestures.panned.connect(self.pan)
        self.gestures.shifted.connect(self._shift)
        self.gestures.reset.connect(self._drawing.show_home)

    def show_data(self, data: Spaghetti) -> None:
        """Draw these courses, with all their days in sight."""
        self._drawing.show_courses(data)
        empty = ""
        if not data.strands:
            empty = _("No result of {analyte} around a cycle.").format(
                analyte=lower_words(data.name)
            )
        self.refresh(empty=empty)

    def shown_days(self) -> tuple[float, float]:
        """Return the first and the last day since cycle in sight."""
        first, last = self._box.viewRange()[0]
        return first, last

    def show_days(self, first: float, last: float) -> None:
        """Show the days from `first` to `last`, within those of a course and at least two weeks."""
        self._box.setXRange(first, last, padding=0)

    def zoom(self, factor: float, x: float = -1.0) -> None:
        """Show `factor` times as many days around the pixel `x`, or the middle if it is −1."""
        first, last = self.shown_days()
        centre = (first + last) / 2
        if x >= 0:
            centre = self._box.mapFromItemToView(self._drawing, QPointF(x, 0)).x()
        factor = max(factor, MIN_DAYS / (last - first))
        self._box.scaleBy(x=factor, center=(centre, 0))

    def pan(self, pixels: float) -> None:
        """Move the courses so many pixels to the right."""
        self._box.translateBy(x=-pixels * self._box.viewPixelSize()[0])

    def numbers(self) -> FigureTable:
        """Return one row per result."""
        data = self._drawing.courses
        return data.numbers() if data else FigureTable((), [])

    def headline(self) -> str:
        """Return the analyte, and the number of patients who have results."""
        data = self._drawing.courses
        if data is None:
            return ""
        n = len({strand.patient_id for strand in data.strands})
        patients = ngettext("{n} patient", "{n} patients", n).format(n=group_thousands(n))
        return f"{data.name} · {patients}"

    def _shift(self, parts: float) -> None:
        self.pan(-parts * self._box.width())

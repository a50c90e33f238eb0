"""The spaghetti plot: an analyte of all patients by day since cycle, to be zoomed and moved."""

from __future__ import annotations

from PySide6.QtCore import QPointF
from PySide6.QtWidgets import QWidget

from gui.plots.cohort.figure import Figure
from gui.plots.cohort.spaghetti_drawing import SHORTEST, SpaghettiDrawing
from gui.words import lower_words
from model.cohort.figures.spaghetti import Spaghetti
from model.cohort.figures.table import FigureTable
from model.language import _, ngettext
from model.rounding import group_thousands


class SpaghettiFigure(Figure):
    """All courses at once; wheel, drag, + and − change the days, Home shows all of them."""

    def __init__(self, parent: QWidget | None = None) -> None:
        self._drawn = SpaghettiDrawing()
        self._box = self._drawn.box
        super().__init__(self._drawn, _("Results of all patients by day since cycle"), parent)
        self._box.sigXRangeChanged.connect(self.clear_cursor)
        self.gestures.plot_left = 0.0
        self.gestures.zoomed.connect(self.zoom)
        self.gestures.panned.connect(self.pan)
        self.gestures.shifted.connect(self._shift)
        self.gestures.reset.connect(self._drawn.show_home)

    def show_data(self, data: Spaghetti) -> None:
        """Draw these courses, over all their days."""
        self._drawn.show_courses(data)
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
        """Show the days from `first` to `last`, within those of a course, at least two weeks."""
        self._box.setXRange(first, last, padding=0)

    def zoom(self, factor: float, x: float = -1.0) -> None:
        """Show `factor` times as many days around a pixel, or around the middle."""
        first, last = self.shown_days()
        at = self._box.mapFromItemToView(self._drawn, QPointF(x, 0)).x() if x >= 0 else None
        middle = (first + last) / 2 if at is None else at
        factor = max(factor, SHORTEST / (last - first))
        self._box.scaleBy(x=factor, center=(middle, 0))

    def pan(self, pixels: float) -> None:
        """Move the courses so many pixels to the right."""
        self._box.translateBy(x=-pixels * self._box.viewPixelSize()[0])

    def numbers(self) -> FigureTable:
        """One row a result."""
        data = self._drawn.courses
        return data.numbers() if data else FigureTable((), [])

    def headline(self) -> str:
        """The analyte, and of how many patients there are results."""
        data = self._drawn.courses
        if data is None:
            return ""
        n = len({strand.patient_id for strand in data.strands})
        patients = ngettext("{n} patient", "{n} patients", n).format(n=group_thousands(n))
        return f"{data.name} · {patients}"

    def _shift(self, parts: float) -> None:
        self.pan(-parts * self._box.width())

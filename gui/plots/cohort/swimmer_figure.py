"""The swimmer plot: the course of each patient from T0."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from gui.plots.cohort.figure import Figure
from gui.plots.cohort.swimmer_drawing import SwimmerDrawing
from model.cohort.figures.swimmer import Swimmer
from model.cohort.figures.table import FigureTable
from model.language import _, ngettext
from model.rounding import group_thousands


class SwimmerFigure(Figure):
    """One lane per patient; the lanes scroll above the axis if they need more room."""

    def __init__(self, parent: QWidget | None = None) -> None:
        self._drawing = SwimmerDrawing()
        super().__init__(
            self._drawing, _("Swimmer plot: the course of each patient from T0"), parent
        )

    def show_data(self, data: Swimmer) -> None:
        """Draw these lanes."""
        self._drawing.show_lanes(data)
        empty = "" if data.lanes else _("No patient with a known T0: no course to draw.")
        self.refresh(empty=empty)

    def numbers(self) -> FigureTable:
        """Return one row for each mark."""
        return self._drawing.swimmer.numbers()

    def headline(self) -> str:
        """Return the numbers of patients and of deaths."""
        lanes = self._drawing.swimmer.lanes
        died = sum(lane.status == "dead" for lane in lanes)
        n = len(lanes)
        patients = ngettext("{n} patient · {died} died", "{n} patients · {died} died", n)
        return patients.format(n=group_thousands(n), died=died)

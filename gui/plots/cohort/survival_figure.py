"""The figure of survival: Kaplan-Meier curves above the numbers at risk."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtWidgets import QWidget

from gui.plots.cohort.figure import Figure
from gui.plots.cohort.survival_drawing import SurvivalDrawing
from gui.plots.cohort.survival_text import curve_text
from model.cohort.figures.table import Cell, FigureTable
from model.cohort.kaplan_meier import Curve
from model.cohort.lines import Reason
from model.cohort.survival import ObservedPatient
from model.language import _


class SurvivalFigure(Figure):
    """Curves by group, which differ in colour, dashes and label."""

    def __init__(self, parent: QWidget | None = None) -> None:
        self._drawing = SurvivalDrawing()
        super().__init__(self._drawing, _("Survival by Kaplan and Meier"), parent)

    def show_curves(
        self,
        curves: Mapping[str, Curve],
        patients: Sequence[ObservedPatient] = (),
        note: str = "",
        why: Reason | None = None,
    ) -> None:
        """Draw these curves, in months, by the name of their group; a single one needs no name.

        `patients` are all observed patients, whom steps and ticks open. `note` is a line below the
        figure, such as the result of the log-rank test. `why` returns what a patient contributes.
        """
        self._drawing.show_curves(curves, patients, note, why)
        has_patients = any(curve.n for curve in curves.values())
        empty = "" if has_patients else _("Nobody is observed yet: no curve to draw.")
        self.refresh(empty=empty)

    def numbers(self) -> FigureTable:
        """Return one row per step of each curve."""
        header = (
            *("group", "months", "at_risk", "events", "censored"),
            *("survival", "low_95", "high_95"),
        )
        rows: list[tuple[Cell, ...]] = []
        for name, curve in self._drawing.curves.items():
            columns = (curve.at_risk, curve.events, curve.censored)
            shares = (curve.survival, curve.low, curve.high)
            lists = [column.tolist() for column in (curve.times, *columns, *shares)]
            rows += [(name, *row) for row in zip(*lists, strict=True)]
        return FigureTable(header, rows)

    def headline(self) -> str:
        """Return the events and the median of each group."""
        texts = [
            f"{name}: {curve_text(curve)}" if name else curve_text(curve)
            for name, curve in self._drawing.curves.items()
        ]
        return "; ".join(texts)

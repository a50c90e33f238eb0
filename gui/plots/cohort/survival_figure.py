"""Kaplan-Meier curves with their intervals, over the numbers at risk on the same axis."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtWidgets import QWidget

from gui.plots.cohort.figure import Figure
from gui.plots.cohort.survival_drawing import SurvivalDrawing
from gui.plots.cohort.survival_words import curve_text
from model.cohort.figures.table import Cell, FigureTable
from model.cohort.kaplan_meier import Curve
from model.cohort.lines import Reason
from model.cohort.survival import ObservedPatient
from model.language import _


class SurvivalFigure(Figure):
    """Curves by group, which differ in dash, label and colour."""

    def __init__(self, parent: QWidget | None = None) -> None:
        self._curves = SurvivalDrawing()
        super().__init__(self._curves, _("Survival by Kaplan and Meier"), parent)

    def show_curves(
        self,
        curves: Mapping[str, Curve],
        people: Sequence[ObservedPatient] = (),
        note: str = "",
        why: Reason | None = None,
    ) -> None:
        """Draw these curves, in months, by the name of their group; one alone needs no name.

        `people` are those observed, whom a step or a tick opens; `note` is a line below the
        figure, such as the log-rank test or what counts as an event; `why` describes what one of
        them contributes.
        """
        self._curves.show_curves(curves, people, note, why)
        observed = any(curve.n for curve in curves.values())
        empty = "" if observed else _("Nobody is observed yet: no curve to draw.")
        self.refresh(empty=empty)

    def numbers(self) -> FigureTable:
        """Return one row per step of each curve."""
        header = (
            *("group", "months", "at_risk", "events", "censored"),
            *("survival", "low_95", "high_95"),
        )
        rows: list[tuple[Cell, ...]] = []
        for name, curve in self._curves.curves.items():
            columns = (curve.at_risk, curve.events, curve.censored)
            shares = (curve.survival, curve.low, curve.high)
            lists = [column.tolist() for column in (curve.times, *columns, *shares)]
            rows += [(name, *row) for row in zip(*lists, strict=True)]
        return FigureTable(header, rows)

    def headline(self) -> str:
        """Return events and median of each group."""
        texts = [
            f"{name}: {curve_text(curve)}" if name else curve_text(curve)
            for name, curve in self._curves.curves.items()
        ]
        return "; ".join(texts)

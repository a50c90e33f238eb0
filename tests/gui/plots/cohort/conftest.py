"""Figures of the cohort in a window, each with something to draw."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest
from PySide6.QtWidgets import QApplication

from gui.plots.cohort.figure import Figure
from gui.plots.cohort.ki67_figure import Ki67Figure
from gui.plots.cohort.spaghetti_figure import SpaghettiFigure
from gui.plots.cohort.survival_figure import SurvivalFigure
from gui.plots.cohort.swimmer_figure import SwimmerFigure
from gui.plots.cohort.toxicity_figure import ToxicityFigure
from gui.plots.cohort.waterfall_figure import WaterfallFigure
from model.cohort.figures.ki67 import BiopsyResult, Ki67, Pair
from model.cohort.figures.spaghetti import Spaghetti, Strand
from model.cohort.figures.swimmer import Lane, LaneCycle, LaneResponse, Swimmer
from model.cohort.figures.toxicity_bars import TermBar, ToxicityBars
from model.cohort.figures.waterfall import PatientWithoutBar, Waterfall, WaterfallBar
from model.cohort.kaplan_meier import estimate_curve
from model.cohort.survival import ObservedPatient

BIG = 1 << 62
"""Ids are of 63 bits, which a C int does not hold."""

MONTHS = (2.0, 5.0, 5.0, 9.0, 18.0, 22.0)
EVENTS = (True, True, False, True, False, True)


def lane(number: int, **fields: Any) -> Lane:
    given: dict[str, Any] = {
        "patient_id": BIG + number,
        "code": f"P-{number}",
        "last_day": 300,
        "status": "alive",
    }
    return Lane(**(given | fields))


def swimmer_of(count: int) -> Swimmer:
    cycles = (LaneCycle(0, 1, ("225Ac", "177Lu")), LaneCycle(56, 2, ("225Ac",)))
    responses = (LaneResponse(120, "PR", "post cycle, CT"),)
    lanes = [lane(n, cycles=cycles, responses=responses) for n in range(count - 1)]
    return Swimmer(lanes=(*lanes, lane(count - 1, status="dead")), without=((1, "P-late"),))


def show_swimmer(figure: Figure) -> None:
    assert isinstance(figure, SwimmerFigure)
    figure.show_data(swimmer_of(8))


def show_waterfall(figure: Figure) -> None:
    assert isinstance(figure, WaterfallFigure)
    falls = [
        WaterfallBar(
            patient_id=BIG + n,
            code=f"P-{n}",
            change=change,
            baseline_mm=100,
            smallest_mm=100 + change,
            day=60,
            best=best,
        )
        for n, (change, best) in enumerate(((35, "PD"), (-5, "SD"), (-40, "PR"), (-100, "CR")))
    ]
    without = PatientWithoutBar(patient_id=9, code="P-9", why="No sum of diameters is recorded.")
    figure.show_data(Waterfall(bars=tuple(falls), without=(without,)))


def show_toxicity(figure: Figure) -> None:
    assert isinstance(figure, ToxicityFigure)
    ids = tuple(BIG + n for n in range(8))
    by_grade = (ids[:4], ids[4:6], (), ids[6:7], (), ids[7:])
    anemia = TermBar(
        term="Anemia", name="Anemia", patients=by_grade, reason=lambda patient: f"Why {patient}"
    )
    nausea = TermBar(term="Nausea", name="Nausea", patients=(ids[:1], ids[1:], (), (), (), ()))
    codes = {one: f"P-{n}" for n, one in enumerate(ids)}
    figure.show_data(ToxicityBars(bars=(anemia, nausea), phase="acute", of=8, codes=codes))


def show_ki67(figure: Figure) -> None:
    assert isinstance(figure, Ki67Figure)
    pairs = []
    for number, (then, now) in enumerate(((12.0, 30.0), (12.0, 30.0), (40.0, 40.0))):
        first = BiopsyResult(ki67=then, grade="NET G2" if then < 20 else "NET G3", taken_on="2019")
        last = first if then == now else BiopsyResult(ki67=now, grade="NET G3", taken_on="2023-05")
        pairs.append(
            Pair(
                patient_id=BIG + number,
                code=f"P-{number}",
                first=first,
                last=last,
                is_one=first is last,
            )
        )
    figure.show_data(Ki67(pairs=tuple(pairs), without=((5, "P-5"),)))


def show_spaghetti(figure: Figure) -> None:
    assert isinstance(figure, SpaghettiFigure)
    figure.show_data(
        Spaghetti(
            analyte="plt",
            name="Platelets",
            unit="×10⁹/L",
            days=np.array([-3.0, 14, 28, np.nan, -3, 14, 42]),
            values=np.array([200.0, 120, 90, np.nan, 300, 250, 20]),
            comparators=("", "", "", "", "", "", "<"),
            strands=(Strand(BIG, "P-0", 1, 0, 3), Strand(BIG + 1, "P-1", 1, 4, 7)),
            median_days=np.array([-3.0, 11]),
            median_values=np.array([250.0, 185]),
            low=150.0,
            high=400.0,
        )
    )


def show_survival(figure: Figure) -> None:
    assert isinstance(figure, SurvivalFigure)
    people = [
        ObservedPatient("", BIG + n, f"P-{n}", months, event)
        for n, (months, event) in enumerate(zip(MONTHS, EVENTS, strict=True))
    ]
    figure.show_curves({"": estimate_curve(MONTHS, EVENTS)}, people, "T0: first cycle.")


FIGURES: dict[type[Figure], Callable[[Figure], None]] = {
    SurvivalFigure: show_survival,
    SwimmerFigure: show_swimmer,
    WaterfallFigure: show_waterfall,
    ToxicityFigure: show_toxicity,
    SpaghettiFigure: show_spaghetti,
    Ki67Figure: show_ki67,
}


@pytest.fixture
def make(light: QApplication) -> Iterator[Callable[..., Figure]]:
    """Makes a figure in a window; `kind` alone shows what belongs to it."""
    made: list[Figure] = []

    def make(kind: Any, *, size: tuple[int, int] = (560, 340)) -> Figure:
        figure = kind()
        made.append(figure)
        FIGURES[kind](figure)
        figure.resize(*size)
        figure.show()
        light.processEvents()
        return figure

    yield make
    for figure in made:
        figure.close()
        figure.deleteLater()

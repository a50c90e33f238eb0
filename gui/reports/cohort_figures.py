"""The figures of the cohort report: those of the window, as vectors in the colours of paper."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import TypeVar

from PySide6.QtCore import QPointF, QRect, QRectF, QSizeF
from PySide6.QtGui import QFont, QFontMetricsF, QPainter

from gui.plots import pictures
from gui.plots.cohort.figure import Figure
from gui.plots.cohort.ki67_figure import Ki67Figure
from gui.plots.cohort.spaghetti_figure import SpaghettiFigure
from gui.plots.cohort.survival_figure import SurvivalFigure
from gui.plots.cohort.swimmer_figure import SwimmerFigure
from gui.plots.cohort.toxicity_figure import ToxicityFigure
from gui.plots.cohort.waterfall_figure import WaterfallFigure
from gui.reports.cohort_flow import Block, Slip
from gui.reports.cohort_html import Press
from model.cohort.figures.swimmer import Swimmer
from model.cohort.kaplan_meier import OS_DEFINITION, PFS_DEFINITION
from model.cohort.messages import translate
from model.cohort.report import CohortReport
from model.cohort.survival import EVERYONE, Survival
from model.language import _, ngettext

_SCALE = 0.7
"""Points to a pixel of the window: what is 11 pixels high there is 7.7 points high on paper."""

_LANES = 60  # of a swimmer plot on a page

F = TypeVar("F", bound=Figure)
V = TypeVar("V")

Make = Callable[[Press], Block]
"""Makes a block; takes some tens of milliseconds."""


def figures(report: CohortReport) -> dict[str, list[Make]]:
    """Return what makes the figures that belong below each table, by the table's key."""
    by_phase = {
        "acute": _("Acute toxicity, by worst grade"),
        "subacute": _("Subacute toxicity, by worst grade"),
        "long_term": _("Long-term toxicity, by worst grade"),
    }
    survival = {
        _("Overall survival"): report.overall,
        _("Progression-free survival"): report.progression_free,
    }
    show_toxicity, show_results = ToxicityFigure.show_data, SpaghettiFigure.show_data
    all_toxicity = _("All toxicity, by worst grade")
    return {
        "baseline": [
            _make(_("Ki-67 and grade"), Ki67Figure, Ki67Figure.show_data, report.ki67, 280)
        ],
        "toxicity": [
            _make(by_phase.get(bars.phase, all_toxicity), ToxicityFigure, show_toxicity, bars)
            for bars in report.toxicity
            if bars.bars
        ],
        "nadirs": [
            _make(_("Results after each cycle"), SpaghettiFigure, show_results, strands, 185)
            for strands in report.spaghetti
        ],
        "response": [
            _make(
                _("Best change of tumour size"),
                WaterfallFigure,
                WaterfallFigure.show_data,
                report.waterfall,
                260,
            ),
            *(
                # The headline of all lanes is not that of a part of them.
                _make(
                    name,
                    SwimmerFigure,
                    SwimmerFigure.show_data,
                    part,
                    has_headline=part is report.swimmer,
                )
                for name, part in _parts(report.swimmer)
            ),
        ],
        "survival": [
            # The curves are labelled with what a headline would repeat.
            _make(name, SurvivalFigure, _show_survival, data, 300, False, _left_out(data))
            for name, data in survival.items()
        ],
    }


def _parts(swimmer: Swimmer) -> Iterator[tuple[str, Swimmer]]:
    """Divide a swimmer plot into parts that fit on a page; the last names who has no lane."""
    lanes = swimmer.lanes
    if len(lanes) <= _LANES:
        yield _("Course by patient"), swimmer
        return
    for start in range(0, len(lanes), _LANES):
        part = lanes[start : start + _LANES]
        without = swimmer.without if part[-1] is lanes[-1] else ()
        name = _("Course by patient, {first}–{last} of {all}").format(
            first=start + 1, last=start + len(part), all=len(lanes)
        )
        yield name, replace(swimmer, lanes=part, without=without)


def _make(
    name: str,
    kind: Callable[[], F],
    show: Callable[[F, V], None],
    data: V,
    room: int = 1,
    has_headline: bool = True,
    notes: Sequence[str] = (),
) -> Make:
    """Return what makes the block of one figure, of a height in pixels or higher if it needs."""

    def make(press: Press) -> Block:
        figure = kind()
        _make_readable(figure)
        show(figure, data)
        if figure.is_empty:
            text = figure.nothing.text()
            figure.deleteLater()
            return press.words(name, text, style="soft")
        return Block(
            title=press.title(name, figure.headline() if has_headline else ""),
            rows=(_slip(press, figure, room),),
            end=press.notes(notes),
        )

    return make


def _show_survival(figure: SurvivalFigure, data: Survival) -> None:
    definition = OS_DEFINITION if data.kind == "OS" else PFS_DEFINITION
    curves = {"" if name == EVERYONE else name: curve for name, curve in data.curves.items()}
    figure.show_curves(curves, note=translate(definition))


def _left_out(data: Survival) -> tuple[str, ...]:
    """State how many patients a curve leaves out."""
    n = len(data.left_out)
    if not n:
        return ()
    text = ngettext(
        "{n} patient without known follow-up from T0 is left out.",
        "{n} patients without known follow-up from T0 are left out.",
        n,
    )
    return (text.format(n=n),)


def _make_readable(figure: Figure) -> None:
    """Turn off the glyphs that a PDF maps to no character, as `print_font` does."""
    drawing = figure.drawing
    for font in (drawing.font, drawing.bold):
        for feature in ("calt", "tnum"):
            font.setFeature(QFont.Tag(feature), 0)
    drawing.metrics = QFontMetricsF(drawing.font)


def _slip(press: Press, figure: Figure, room: int) -> Slip:
    """Lay a figure out as a window would, without one; it is deleted when it has been drawn."""
    scale = press.point * _SCALE
    width = round(press.width / scale)
    # Qt lays out what has no window when it is first drawn; then the strip below has its height.
    figure.resize(width, room)
    figure.grab(QRect(0, 0, 1, 1))
    figure.resize(width, room + figure.axis.height())
    figure.grab(QRect(0, 0, 1, 1))
    # With the margin that a picture has on its own.
    size = QSizeF(pictures.size(figure)) * scale

    def draw(painter: QPainter, top: float) -> None:
        left = (press.width - size.width()) / 2
        pictures.draw(painter, QRectF(QPointF(left, top), size), figure)
        figure.deleteLater()

    return Slip(size.height(), draw)

"""The cohort's figures on paper: the drawings of the window, as vectors in light colours."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from PySide6.QtCore import QRectF, QSizeF
from PySide6.QtGui import QFont, QFontMetricsF

from gui.plots.cohort.drawing import Drawing
from gui.plots.cohort.figure import Figure
from gui.plots.cohort.ki67_figure import Ki67Figure
from gui.plots.cohort.spaghetti_figure import SpaghettiFigure
from gui.plots.cohort.survival_figure import SurvivalFigure
from gui.plots.cohort.swimmer_figure import SwimmerFigure
from gui.plots.cohort.toxicity_figure import ToxicityFigure
from gui.plots.cohort.waterfall_figure import WaterfallFigure
from gui.reports import cohort_words
from gui.reports.cohort_flow import Block, Slip
from gui.reports.ink import Ink
from gui.style.theme import LIGHT
from model.cohort.cohort_report import CohortReport
from model.cohort.survival import EVERYONE, OS_DEFINITION, PFS_DEFINITION, Survival
from model.cohort.swimmer import Swimmer
from model.cohort.toxicity_bars import ToxicityBars

SCALE = 0.7
"""Points to a pixel of the window: what is 11 pixels high there is 7.7 points high on paper."""

_LANES = 60  # of a swimmer plot on a page
_ROOM = {"survival": 300.0, "waterfall": 260.0, "ki67": 280.0, "spaghetti": 185.0}
_PHASES = {"acute": "Acute toxicity", "long_term": "Long-term toxicity"}

Make = Callable[[Ink, float], Block]
"""Makes a block of a width; takes some tens of milliseconds."""


def figures(report: CohortReport) -> dict[str, list[Make]]:
    """What makes the figures that belong under each table, by the table's key."""
    return {
        "baseline": [_maker("Ki-67 and grade", Ki67Figure, report.ki67, "ki67")],
        "toxicity": [
            _maker(f"{_toxicity_title(bars)}, by worst grade", ToxicityFigure, bars)
            for bars in report.toxicity
            if bars.bars
        ],
        "nadirs": [
            _maker("Results after each cycle", SpaghettiFigure, one, "spaghetti")
            for one in report.spaghetti
        ],
        "response": [
            _maker("Best change of tumour size", WaterfallFigure, report.waterfall, "waterfall"),
            *(
                # What a part of the lanes comes to is not what all of them do.
                _maker(name, SwimmerFigure, part, has_headline=part is report.swimmer)
                for name, part in _parts(report.swimmer)
            ),
        ],
        "survival": [
            # Curves say for themselves what they come to.
            _maker(name, SurvivalFigure, data, "survival", has_headline=False)
            for name, data in (
                ("Overall survival", report.overall),
                ("Progression-free survival", report.progression_free),
            )
        ],
    }


def _toxicity_title(bars: ToxicityBars) -> str:
    return _PHASES.get(bars.phase, "All toxicity")


def _parts(swimmer: Swimmer) -> Iterator[tuple[str, Swimmer]]:
    """A swimmer plot in parts that have room on a page; the last says who has no lane."""
    lanes, name = swimmer.lanes, "Course by patient"
    if len(lanes) <= _LANES:
        yield name, swimmer
        return
    for start in range(0, len(lanes), _LANES):
        part = lanes[start : start + _LANES]
        without = swimmer.without if part[-1] is lanes[-1] else ()
        which = f"{start + 1}–{start + len(part)} of {len(lanes)}"
        yield f"{name}, {which}", replace(swimmer, lanes=part, without=without)


def _maker(
    name: str,
    kind: Callable[[], Figure],
    data: object,
    room: str = "",
    *,
    has_headline: bool = True,
) -> Make:
    """What makes the block of one figure, as high as `_ROOM` has it, or else as it needs."""

    def make(ink: Ink, width: float) -> Block:
        figure = kind()
        if isinstance(figure, SurvivalFigure) and isinstance(data, Survival):
            _show_survival(figure, data)
        else:
            figure.show_data(data)  # type: ignore[attr-defined]
        if figure.is_empty:
            said = figure.nothing.text()
            figure.deleteLater()
            return Block(
                title=(cohort_words.title(ink, name),),
                rows=cohort_words.lines(ink, said, width, colour=LIGHT.ink_soft),
            )
        soft = figure.headline() if has_headline else ""
        return Block(
            title=(cohort_words.title(ink, name, soft=soft),),
            rows=(_slip(ink, figure, width, _ROOM.get(room, 1.0)),),
            end=cohort_words.notes(ink, _left_out(data), width),
        )

    return make


def _show_survival(figure: SurvivalFigure, data: Survival) -> None:
    definition = OS_DEFINITION if data.kind == "OS" else PFS_DEFINITION
    curves = {"" if name == EVERYONE else name: curve for name, curve in data.curves.items()}
    figure.show_curves(curves, note=definition)


def _left_out(data: object) -> tuple[str, ...]:
    """How many a curve leaves out."""
    count = len(data.left_out) if isinstance(data, Survival) else 0
    return (f"Left out, as nothing is known of them from T0 on: {count}.",) if count else ()


def _make_readable(drawing: Drawing) -> None:
    """Take away the glyphs that a PDF has no letters for, as `print_font` does: figures too."""
    for font in (drawing.font, drawing.bold):
        for feature in ("calt", "tnum"):
            font.setFeature(QFont.Tag(feature), 0)
    drawing.metrics = QFontMetricsF(drawing.font)
    drawing.bold_metrics = QFontMetricsF(drawing.bold)


def _slip(ink: Ink, figure: Figure, width: float, room: float) -> Slip:
    drawing = figure.drawing
    _make_readable(drawing)
    wide = width / SCALE
    high = drawing.needed(QSizeF(wide, room))
    foot = drawing.foot_height(wide)

    def draw(place: QRectF) -> None:
        painter = ink.painter
        drawing.recolour()
        drawing.place(QSizeF(wide, high))
        painter.save()
        painter.translate(place.left(), place.top() + 4)
        painter.scale(SCALE, SCALE)
        painter.setFont(drawing.font)
        drawing.draw(painter)
        painter.translate(0, high)
        painter.setFont(drawing.font)
        drawing.draw_foot(painter, wide)
        painter.restore()
        figure.deleteLater()

    return Slip((high + foot) * SCALE + 8, draw)

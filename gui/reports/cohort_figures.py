"""The figures of the cohort report: those of the window, as vector graphics in print colours."""

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
from gui.reports.cohort_flow import Block, FlowItem
from gui.reports.cohort_html import BlockBuilder
from model.cohort.figures.swimmer import Swimmer
from model.cohort.kaplan_meier import OS_DEFINITION, PFS_DEFINITION
from model.cohort.messages import translate
from model.cohort.report import CohortReport
from model.cohort.survival import EVERYONE, Survival
from model.language import _, ngettext

_SCALE = 0.7
"""Points per pixel of the window: a text of 11 pixels has 7.7 points on paper."""

_MAX_LANES = 60  # of a swimmer plot on one page

F = TypeVar("F", bound=Figure)
V = TypeVar("V")

MakeBlock = Callable[[BlockBuilder], Block]
"""Makes one block of the report, which takes some tens of milliseconds."""


def figure_makers(report: CohortReport) -> dict[str, list[MakeBlock]]:
    """Return functions that make the figures below each table, by the key of the table."""
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
            _figure_maker(_("Ki-67 and grade"), Ki67Figure, Ki67Figure.show_data, report.ki67, 280)
        ],
        "toxicity": [
            _figure_maker(
                by_phase.get(bars.phase, all_toxicity), ToxicityFigure, show_toxicity, bars
            )
            for bars in report.toxicity
            if bars.bars
        ],
        "nadirs": [
            _figure_maker(
                _("Results after each cycle"), SpaghettiFigure, show_results, strands, 185
            )
            for strands in report.spaghetti
        ],
        "response": [
            _figure_maker(
                _("Best change of tumour size"),
                WaterfallFigure,
                WaterfallFigure.show_data,
                report.waterfall,
                260,
            ),
            *(
                # The headline is about all lanes, so a part of them has none.
                _figure_maker(
                    name,
                    SwimmerFigure,
                    SwimmerFigure.show_data,
                    part,
                    has_headline=part is report.swimmer,
                )
                for name, part in _swimmer_parts(report.swimmer)
            ),
        ],
        "survival": [
            # No headline, because it would repeat the labels of the curves.
            _figure_maker(
                name, SurvivalFigure, _show_survival, data, 300, False, _left_out_note(data)
            )
            for name, data in survival.items()
        ],
    }


def _swimmer_parts(swimmer: Swimmer) -> Iterator[tuple[str, Swimmer]]:
    """Divide a swimmer plot by pages; the last part lists the patients without a lane."""
    lanes = swimmer.lanes
    if len(lanes) <= _MAX_LANES:
        yield _("Course by patient"), swimmer
        return
    for start in range(0, len(lanes), _MAX_LANES):
        part = lanes[start : start + _MAX_LANES]
        without = swimmer.without if part[-1] is lanes[-1] else ()
        name = _("Course by patient, {first}–{last} of {all}").format(
            first=start + 1, last=start + len(part), all=len(lanes)
        )
        yield name, replace(swimmer, lanes=part, without=without)


def _figure_maker(
    name: str,
    create: Callable[[], F],
    show: Callable[[F, V], None],
    data: V,
    height: int = 1,
    has_headline: bool = True,
    notes: Sequence[str] = (),
) -> MakeBlock:
    """Return a function that makes the block of a figure of at least `height` pixels."""

    def make(builder: BlockBuilder) -> Block:
        figure = create()
        _make_readable(figure)
        show(figure, data)
        if figure.is_empty:
            text = figure.empty_label.text()
            figure.deleteLater()
            return builder.text_block(name, text, style="soft")
        return Block(
            title=builder.title_items(name, figure.headline() if has_headline else ""),
            rows=(_figure_item(builder, figure, height),),
            end=builder.note_items(notes),
        )

    return make


def _show_survival(figure: SurvivalFigure, data: Survival) -> None:
    definition = OS_DEFINITION if data.kind == "OS" else PFS_DEFINITION
    curves = {"" if name == EVERYONE else name: curve for name, curve in data.curves.items()}
    figure.show_curves(curves, note=translate(definition))


def _left_out_note(data: Survival) -> tuple[str, ...]:
    """Return a note on how many patients a curve leaves out, if any."""
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
    """Turn off glyphs that a PDF maps to no character, as `print_font` does."""
    drawing = figure.drawing
    for font in (drawing.font, drawing.bold):
        for feature in ("calt", "tnum"):
            font.setFeature(QFont.Tag(feature), 0)
    drawing.metrics = QFontMetricsF(drawing.font)


def _figure_item(builder: BlockBuilder, figure: Figure, height: int) -> FlowItem:
    """Lay out a figure that is in no window; it is deleted once it has been drawn."""
    scale = builder.point * _SCALE
    width = round(builder.width / scale)
    # Qt lays out a widget without a window when it is first drawn. Then the axis has its height.
    figure.resize(width, height)
    figure.grab(QRect(0, 0, 1, 1))
    figure.resize(width, height + figure.axis.height())
    figure.grab(QRect(0, 0, 1, 1))
    # This size includes the margin of a picture.
    size = QSizeF(pictures.size(figure)) * scale

    def draw(painter: QPainter, top: float) -> None:
        left = (builder.width - size.width()) / 2
        pictures.draw(painter, QRectF(QPointF(left, top), size), figure)
        figure.deleteLater()

    return FlowItem(size.height(), draw)

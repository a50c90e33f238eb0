"""The figures of the page: how each is made, what it draws, and what can be chosen of it.

What reasons and what draws is imported when it is used: it takes pandas and pyqtgraph.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from gui.pages.cohort.counted import Counted
from gui.pages.cohort.figure_card import Choice, Chosen, FigureKind
from gui.words import words
from model.cohort import numbers
from model.cohort.options import Phase
from model.language import _
from model.records.labs import label

if TYPE_CHECKING:
    from gui.plots.cohort.figure import Figure


def kinds() -> tuple[FigureKind, ...]:
    """All figures, those that are seen first first."""
    return (_toxicity(), _survival(), _swimmer(), _waterfall(), _spaghetti(), _ki67())


def _toxicity() -> FigureKind:
    def make() -> Figure:
        from gui.plots.cohort.toxicity_figure import ToxicityFigure

        return ToxicityFigure()

    def value(counted: Counted, chosen: Chosen) -> Any:
        from model.cohort.toxicity_bars import toxicity_bars

        return toxicity_bars(counted.frames, Phase(chosen["phase"]).recorded, counted.options)

    phases = [(each.value, words(each.value)) for each in (Phase.LONG_TERM, Phase.ACUTE, Phase.ALL)]
    return FigureKind(
        key="toxicity",
        title=_("Toxicity"),
        make=make,
        value=value,
        show=lambda figure, value: figure.show_data(value),
        height=lambda value: min(max(100 + 31 * len(value.bars), 180), 480),
        choices=(Choice("phase", "", lambda _counted: phases),),
    )


def _survival() -> FigureKind:
    def make() -> Figure:
        from gui.plots.cohort.survival_figure import SurvivalFigure

        return SurvivalFigure()

    def value(counted: Counted, chosen: Chosen) -> Any:
        from model.cohort.grouping import Group
        from model.cohort.survival import EVERYONE, survival_of

        group = chosen["group"]
        known = survival_of(counted.frames, chosen["kind"], Group(group) if group else None)
        curves = {"" if name == EVERYONE else name: one for name, one in known.curves.items()}
        return known, curves, known.people(counted.codes)

    def show(figure: Any, value: Any) -> None:
        known, curves, people = value
        p = "" if known.p is None else _("Log-rank test: p = %s") % numbers.p_value(known.p)
        figure.show_curves(curves, people, p, known.why)

    def notes(counted: Counted, chosen: Chosen, value: Any) -> Sequence[str]:
        from model.cohort.survival import OS_DEFINITION, PFS_DEFINITION

        definition = OS_DEFINITION if chosen["kind"] == "OS" else PFS_DEFINITION
        left_out = len(value[0].left_out)
        without = _("%d without known follow-up from T0 are left out.") % left_out
        t0 = f"{counted.selection.t0_words}."
        return (definition, t0, *([without] if left_out else []))

    several = [("OS", _("Overall")), ("PFS", _("Progression-free"))]
    not_grouped = _("not grouped")

    def groups(_counted: Counted) -> Sequence[tuple[str, str]]:
        from model.cohort.grouping import Group

        return [("", not_grouped), *((each.value, each.value) for each in Group)]

    return FigureKind(
        key="survival_figure",
        title=_("Survival"),
        make=make,
        value=value,
        show=show,
        # It draws the line of each group itself.
        has_headline=False,
        height=lambda _value: 330,
        notes=notes,
        choices=(
            Choice("kind", "", lambda _counted: several),
            Choice("group", _("By"), groups),
        ),
    )


def _spaghetti() -> FigureKind:
    def make() -> Figure:
        from gui.plots.cohort.spaghetti_figure import SpaghettiFigure

        return SpaghettiFigure()

    def value(counted: Counted, chosen: Chosen) -> Any:
        from model.cohort.spaghetti import spaghetti

        cycle = int(chosen["cycle"]) if chosen["cycle"] else None
        return spaghetti(counted.frames, chosen["analyte"], cycle)

    def analytes(counted: Counted) -> Sequence[tuple[str, str]]:
        return [(key, label(key)) for key in counted.analytes] or [("plt", label("plt"))]

    all_cycles = _("all")

    def cycles(counted: Counted) -> Sequence[tuple[str, str]]:
        most = int(counted.frames.patients["cycles"].max()) if counted.patients else 0
        several = [(f"{number}", f"{number}") for number in range(1, most + 1)]
        return [("", all_cycles), *several]

    return FigureKind(
        key="spaghetti",
        title=_("Results after each cycle"),
        make=make,
        value=value,
        show=lambda figure, value: figure.show_data(value),
        # Its name stands on the button beside it.
        has_headline=False,
        height=lambda _value: 320,
        notes=lambda _counted, _chosen, _value: (
            _("Each line is one patient after one cycle; the thick one the median by week."),
        ),
        choices=(Choice("analyte", "", analytes), Choice("cycle", _("Cycle"), cycles)),
    )


def _swimmer() -> FigureKind:
    def make() -> Figure:
        from gui.plots.cohort.swimmer_figure import SwimmerFigure

        return SwimmerFigure()

    def value(counted: Counted, chosen: Chosen) -> Any:
        from model.cohort.swimmer import Order, swimmer

        return swimmer(counted.frames, Order(chosen["order"]))

    orders = [(name, name) for name in ("follow-up", "number of cycles", "best response", "code")]
    return FigureKind(
        key="swimmer",
        title=_("Course by patient"),
        make=make,
        value=value,
        show=lambda figure, value: figure.show_data(value),
        height=lambda value: min(max(96 + 15 * len(value.lanes), 200), 480),
        notes=lambda counted, _chosen, _value: (_t0_words(counted),),
        choices=(Choice("order", _("Sort"), lambda _counted: orders),),
    )


def _waterfall() -> FigureKind:
    def make() -> Figure:
        from gui.plots.cohort.waterfall_figure import WaterfallFigure

        return WaterfallFigure()

    def value(counted: Counted, _chosen: Chosen) -> Any:
        from model.cohort.waterfall import waterfall

        return waterfall(counted.frames)

    return FigureKind(
        key="waterfall",
        title=_("Best change of tumour size"),
        make=make,
        value=value,
        show=lambda figure, value: figure.show_data(value),
    )


def _ki67() -> FigureKind:
    def make() -> Figure:
        from gui.plots.cohort.ki67_figure import Ki67Figure

        return Ki67Figure()

    def value(counted: Counted, _chosen: Chosen) -> Any:
        from model.cohort.ki67 import ki67

        return ki67(counted.frames)

    return FigureKind(
        key="ki67",
        title=_("Ki-67 and grade"),
        make=make,
        value=value,
        show=lambda figure, value: figure.show_data(value),
    )


def _t0_words(counted: Counted) -> str:
    return _("In months from T0. %s.") % counted.selection.t0_words

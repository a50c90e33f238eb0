"""The figures of the page: how each is made, what it draws, and what the user can choose.

Counting needs pandas and drawing needs pyqtgraph; both are imported when a figure is first needed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from gui.pages.cohort.cohort_counts import CohortCounts
from gui.words import words
from model.cohort import numbers
from model.cohort.messages import translate
from model.cohort.options import Phase
from model.language import _, ngettext
from model.records.labs import label

if TYPE_CHECKING:
    from gui.plots.cohort.figure import Figure

ChosenKeys = Mapping[str, str]
"""The key that is chosen with each button of a figure, by the name of the button."""

ChoiceItems = Sequence[tuple[str, str]]
"""The keys that can be chosen with a button, each with its label."""


@dataclass(frozen=True, slots=True)
class FigureChoice:
    """A choice that a figure offers with a button; `items` returns what can be chosen."""

    name: str
    label: str
    items: Callable[[CohortCounts], ChoiceItems]


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureContent:
    """The counted data of a figure; `show` puts them into the figure, on the GUI thread."""

    show: Callable[[Any], None]
    height: int = 300
    notes: Sequence[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class PreparedFigure:
    """The content of a figure for the chosen keys, or the error that prevented it."""

    chosen_keys: ChosenKeys
    content: FigureContent | None = None
    error: Exception | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureKind:
    """One of the figures: `count` runs off the GUI thread, `make` on it."""

    key: str
    title: str
    count: Callable[[CohortCounts, ChosenKeys], FigureContent]
    choices: tuple[FigureChoice, ...] = ()
    has_headline: bool = True

    def make(self) -> Figure:
        """Return a new figure."""
        from gui.plots.cohort.ki67_figure import Ki67Figure
        from gui.plots.cohort.spaghetti_figure import SpaghettiFigure
        from gui.plots.cohort.survival_figure import SurvivalFigure
        from gui.plots.cohort.swimmer_figure import SwimmerFigure
        from gui.plots.cohort.toxicity_figure import ToxicityFigure
        from gui.plots.cohort.waterfall_figure import WaterfallFigure

        classes: dict[str, Callable[[], Figure]] = {
            "toxicity": ToxicityFigure,
            "survival_figure": SurvivalFigure,
            "swimmer": SwimmerFigure,
            "waterfall": WaterfallFigure,
            "spaghetti": SpaghettiFigure,
            "ki67": Ki67Figure,
        }
        return classes[self.key]()

    def caption(self, counts: CohortCounts) -> str:
        """Return a sentence on what the figure shows and of which patients."""
        return f"{self.title}. {translate(counts.selection.sentence())}"

    def prepare(self, counts: CohortCounts, previous_keys: ChosenKeys) -> PreparedFigure:
        """Count the content of the figure.

        A key that was chosen before is kept if it can still be chosen; otherwise the first key of
        the choice is taken.
        """
        chosen_keys = {}
        for choice in self.choices:
            keys = [key for key, _label in choice.items(counts)]
            previous = previous_keys.get(choice.name, "")
            chosen_keys[choice.name] = previous if previous in keys else keys[0] if keys else ""
        try:
            return PreparedFigure(chosen_keys=chosen_keys, content=self.count(counts, chosen_keys))
        except Exception as error:  # its card raises it, so that the other figures are shown
            return PreparedFigure(chosen_keys=chosen_keys, error=error)


def figure_kinds() -> tuple[FigureKind, ...]:
    """Return all figures, those at the top of the page first."""
    return (
        FigureKind(
            key="toxicity",
            title=_("Toxicity"),
            count=_toxicity,
            choices=(FigureChoice("phase", "", _phases),),
        ),
        FigureKind(
            key="survival_figure",
            title=_("Survival"),
            count=_survival,
            choices=(
                FigureChoice("kind", "", _survival_kinds),
                FigureChoice("group", _("By"), _groups),
            ),
            has_headline=False,  # each curve has a label
        ),
        FigureKind(
            key="swimmer",
            title=_("Course by patient"),
            count=_swimmer,
            choices=(FigureChoice("order", _("Sort"), _orders),),
        ),
        FigureKind(
            key="waterfall",
            title=_("Best change of tumour size"),
            count=_waterfall,
        ),
        FigureKind(
            key="spaghetti",
            title=_("Results after each cycle"),
            count=_spaghetti,
            choices=(
                FigureChoice("analyte", "", _analytes),
                FigureChoice("cycle", _("Cycle"), _cycles),
            ),
            has_headline=False,  # the button next to the title names the analyte
        ),
        FigureKind(key="ki67", title=_("Ki-67 and grade"), count=_ki67),
    )


def _toxicity(counts: CohortCounts, chosen_keys: ChosenKeys) -> FigureContent:
    from model.cohort.figures.toxicity_bars import toxicity_bars

    bars = toxicity_bars(counts.frames, Phase(chosen_keys["phase"]).recorded, counts.options)
    height = min(max(100 + 31 * len(bars.bars), 180), 480)
    return FigureContent(show=lambda figure: figure.show_data(bars), height=height)


def _phases(counts: CohortCounts) -> ChoiceItems:
    phases = (Phase.LONG_TERM, Phase.SUBACUTE, Phase.ACUTE, Phase.ALL)
    return [(phase.value, words(phase.value)) for phase in phases if counts.options.has(phase)]


def _survival(counts: CohortCounts, chosen_keys: ChosenKeys) -> FigureContent:
    from model.cohort.groups import Group
    from model.cohort.kaplan_meier import OS_DEFINITION, PFS_DEFINITION
    from model.cohort.survival import EVERYONE, estimate_survival

    group = Group(chosen_keys["group"]) if chosen_keys["group"] else None
    survival = estimate_survival(counts.frames, chosen_keys["kind"], group)
    curves = {"" if name == EVERYONE else name: curve for name, curve in survival.curves.items()}
    patients = survival.people(counts.codes)
    test = ""
    if survival.p is not None:
        test = _("Log-rank test: p = {p}").format(p=numbers.p_value(survival.p))
    definition = OS_DEFINITION if chosen_keys["kind"] == "OS" else PFS_DEFINITION
    notes = [translate(definition), f"{translate(counts.selection.t0_words)}."]
    if n := len(survival.left_out):
        left_out = ngettext(
            "{n} patient without known follow-up from T0 is left out.",
            "{n} patients without known follow-up from T0 are left out.",
            n,
        )
        notes.append(left_out.format(n=n))
    return FigureContent(
        show=lambda figure: figure.show_curves(curves, patients, test, survival.why),
        height=330,
        notes=notes,
    )


def _survival_kinds(_counted: CohortCounts) -> ChoiceItems:
    return [("OS", _("Overall")), ("PFS", _("Progression-free"))]


def _groups(_counted: CohortCounts) -> ChoiceItems:
    from model.cohort.groups import Group

    return [("", _("not grouped")), *((group.value, str(group)) for group in Group)]


def _swimmer(counts: CohortCounts, chosen_keys: ChosenKeys) -> FigureContent:
    from model.cohort.figures.swimmer import Order, swimmer

    data = swimmer(counts.frames, Order(chosen_keys["order"]))
    return FigureContent(
        show=lambda figure: figure.show_data(data),
        height=min(max(96 + 15 * len(data.lanes), 200), 480),
        notes=(_("Months from T0 ({t0}).").format(t0=translate(counts.selection.t0_name)),),
    )


def _orders(_counted: CohortCounts) -> ChoiceItems:
    from model.cohort.figures.swimmer import Order

    return [(order.value, _(order.value)) for order in Order]


def _waterfall(counts: CohortCounts, _chosen_keys: ChosenKeys) -> FigureContent:
    from model.cohort.figures.waterfall import waterfall

    data = waterfall(counts.frames)
    return FigureContent(show=lambda figure: figure.show_data(data))


def _spaghetti(counts: CohortCounts, chosen_keys: ChosenKeys) -> FigureContent:
    from model.cohort.figures.spaghetti import spaghetti

    cycle = int(chosen_keys["cycle"]) if chosen_keys["cycle"] else None
    data = spaghetti(counts.frames, chosen_keys["analyte"], cycle)
    note = _("Each line is one patient after one cycle; the thick line is the weekly median.")
    return FigureContent(show=lambda figure: figure.show_data(data), height=320, notes=(note,))


def _analytes(counts: CohortCounts) -> ChoiceItems:
    return [(key, label(key)) for key in counts.analytes or ("plt",)]


def _cycles(counts: CohortCounts) -> ChoiceItems:
    last = int(counts.frames.patients["cycles"].max()) if counts.patients else 0
    return [("", _("all")), *((f"{number}", f"{number}") for number in range(1, last + 1))]


def _ki67(counts: CohortCounts, _chosen_keys: ChosenKeys) -> FigureContent:
    from model.cohort.figures.ki67 import ki67

    data = ki67(counts.frames)
    return FigureContent(show=lambda figure: figure.show_data(data))

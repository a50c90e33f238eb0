"""The figures of the page: how each is made, what it draws, and what can be chosen of it.

Counting and drawing need pandas and pyqtgraph: both are imported when a figure is first needed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from gui.pages.cohort.counted import Counted
from gui.words import words
from model.cohort import numbers
from model.cohort.messages import translate
from model.cohort.options import Phase
from model.language import _, ngettext
from model.records.labs import label

if TYPE_CHECKING:
    from gui.plots.cohort.figure import Figure

Chosen = Mapping[str, str]
"""What is chosen of a figure: the key of the choice, by the name of its button."""

Offers = Sequence[tuple[str, str]]
"""The keys that can be chosen, with their labels."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing that can be chosen of a figure: its name, its label, and what it offers."""

    name: str
    label: str
    offers: Callable[[Counted], Offers]


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What a figure shows, counted: `show` puts it into the figure, on the GUI thread."""

    show: Callable[[Any], None]
    height: int = 300
    notes: Sequence[str] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Ready:
    """The content for what was chosen, or why it could not be counted."""

    chosen: Chosen
    content: Content | None = None
    error: Exception | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureKind:
    """What a card draws: `count` runs off the GUI thread, `make()` on it."""

    key: str
    title: str
    count: Callable[[Counted, Chosen], Content]
    choices: tuple[Choice, ...] = ()
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

    def caption(self, counted: Counted) -> str:
        """Return what the figure shows, and of whom."""
        return f"{self.title}. {translate(counted.selection.sentence())}"

    def ready(self, counted: Counted, wanted: Chosen) -> Ready:
        """Count what the figure shows, by what is wanted as far as it is offered."""
        chosen = {}
        for choice in self.choices:
            keys = [key for key, _words in choice.offers(counted)]
            before = wanted.get(choice.name, "")
            chosen[choice.name] = before if before in keys else keys[0] if keys else ""
        try:
            return Ready(chosen=chosen, content=self.count(counted, chosen))
        except Exception as error:  # raised by its card; the other figures are shown
            return Ready(chosen=chosen, error=error)


def kinds() -> tuple[FigureKind, ...]:
    """Return all figures, those at the top of the page first."""
    return (
        FigureKind(
            key="toxicity",
            title=_("Toxicity"),
            count=_toxicity,
            choices=(Choice("phase", "", _phases),),
        ),
        FigureKind(
            key="survival_figure",
            title=_("Survival"),
            count=_survival,
            choices=(Choice("kind", "", _survival_kinds), Choice("group", _("By"), _groups)),
            has_headline=False,  # each curve has a label
        ),
        FigureKind(
            key="swimmer",
            title=_("Course by patient"),
            count=_swimmer,
            choices=(Choice("order", _("Sort"), _orders),),
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
            choices=(Choice("analyte", "", _analytes), Choice("cycle", _("Cycle"), _cycles)),
            has_headline=False,  # the button next to the title names the analyte
        ),
        FigureKind(key="ki67", title=_("Ki-67 and grade"), count=_ki67),
    )


def _toxicity(counted: Counted, chosen: Chosen) -> Content:
    from model.cohort.figures.toxicity_bars import toxicity_bars

    bars = toxicity_bars(counted.frames, Phase(chosen["phase"]).recorded, counted.options)
    height = min(max(100 + 31 * len(bars.bars), 180), 480)
    return Content(show=lambda figure: figure.show_data(bars), height=height)


def _phases(counted: Counted) -> Offers:
    phases = (Phase.LONG_TERM, Phase.SUBACUTE, Phase.ACUTE, Phase.ALL)
    return [(each.value, words(each.value)) for each in phases if counted.options.has(each)]


def _survival(counted: Counted, chosen: Chosen) -> Content:
    from model.cohort.groups import Group
    from model.cohort.kaplan_meier import OS_DEFINITION, PFS_DEFINITION
    from model.cohort.survival import EVERYONE, estimate_survival

    group = Group(chosen["group"]) if chosen["group"] else None
    survival = estimate_survival(counted.frames, chosen["kind"], group)
    curves = {"" if name == EVERYONE else name: one for name, one in survival.curves.items()}
    people = survival.people(counted.codes)
    test = ""
    if survival.p is not None:
        test = _("Log-rank test: p = {p}").format(p=numbers.p_value(survival.p))
    definition = OS_DEFINITION if chosen["kind"] == "OS" else PFS_DEFINITION
    notes = [translate(definition), f"{translate(counted.selection.t0_words)}."]
    if n := len(survival.left_out):
        left_out = ngettext(
            "{n} patient without known follow-up from T0 is left out.",
            "{n} patients without known follow-up from T0 are left out.",
            n,
        )
        notes.append(left_out.format(n=n))
    return Content(
        show=lambda figure: figure.show_curves(curves, people, test, survival.why),
        height=330,
        notes=notes,
    )


def _survival_kinds(_counted: Counted) -> Offers:
    return [("OS", _("Overall")), ("PFS", _("Progression-free"))]


def _groups(_counted: Counted) -> Offers:
    from model.cohort.groups import Group

    return [("", _("not grouped")), *((each.value, str(each)) for each in Group)]


def _swimmer(counted: Counted, chosen: Chosen) -> Content:
    from model.cohort.figures.swimmer import Order, swimmer

    data = swimmer(counted.frames, Order(chosen["order"]))
    return Content(
        show=lambda figure: figure.show_data(data),
        height=min(max(96 + 15 * len(data.lanes), 200), 480),
        notes=(_("Months from T0 ({t0}).").format(t0=translate(counted.selection.t0_name)),),
    )


def _orders(_counted: Counted) -> Offers:
    from model.cohort.figures.swimmer import Order

    return [(each.value, _(each.value)) for each in Order]


def _waterfall(counted: Counted, _chosen: Chosen) -> Content:
    from model.cohort.figures.waterfall import waterfall

    data = waterfall(counted.frames)
    return Content(show=lambda figure: figure.show_data(data))


def _spaghetti(counted: Counted, chosen: Chosen) -> Content:
    from model.cohort.figures.spaghetti import spaghetti

    cycle = int(chosen["cycle"]) if chosen["cycle"] else None
    data = spaghetti(counted.frames, chosen["analyte"], cycle)
    note = _("Each line is one patient after one cycle; the thick line is the weekly median.")
    return Content(show=lambda figure: figure.show_data(data), height=320, notes=(note,))


def _analytes(counted: Counted) -> Offers:
    return [(key, label(key)) for key in counted.analytes or ("plt",)]


def _cycles(counted: Counted) -> Offers:
    most = int(counted.frames.patients["cycles"].max()) if counted.patients else 0
    return [("", _("all")), *((f"{number}", f"{number}") for number in range(1, most + 1))]


def _ki67(counted: Counted, _chosen: Chosen) -> Content:
    from model.cohort.figures.ki67 import ki67

    data = ki67(counted.frames)
    return Content(show=lambda figure: figure.show_data(data))

"""All cards of the page, in columns, and what fills each of them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from gui.pages.cohort import figures
from gui.pages.cohort.columns import Columns
from gui.pages.cohort.counted import Counted
from gui.pages.cohort.figure_card import FigureCard
from gui.pages.cohort.figures import Chosen, Ready
from gui.pages.cohort.frozen import FrozenCard
from gui.pages.cohort.number_table import TableCard
from gui.pages.cohort.paragraph_card import ParagraphCard
from gui.session.background import Background
from gui.session.turns import Turns
from model.cohort.sheet import sheet
from model.language import _

_GRADES = ("long_term_toxicity", "acute_toxicity", "all_toxicity")
_WIDE = ("frozen", *_GRADES, "nadirs", "shift")
_PLACES = {
    # Each card's column where there are two, and where there are three.
    "baseline": (0, 0),
    "toxicity": (1, 1),
    "survival_figure": (1, 2),
    "response": (0, 0),
    "swimmer": (1, 1),
    "paragraph": (1, 2),
    "exposure": (0, 0),
    "survival": (0, 2),
    "spaghetti": (1, 1),
    "waterfall": (1, 1),
    "ki67": (0, 1),
}


class Cards(Columns):
    """`fillers` gives one small piece of work a card.

    `opened` tells the line whose patients are asked for, `patient_requested` whose page, and
    `patients_requested` the ids of several patients, what they are, and why (see `Mark`).
    """

    opened = Signal(object)
    patient_requested = Signal(object)
    patients_requested = Signal(object, str, object)

    def __init__(self, background: Background, turns: Turns, parent: QWidget | None = None) -> None:
        """No cards as yet but those of the paragraph and of what is frozen."""
        super().__init__(parent)
        self._background = background
        self._turns = turns
        self.paragraph = ParagraphCard(self)
        self.frozen = FrozenCard(self)
        self.paragraph.hide()
        self.frozen.hide()
        self.tables: dict[str, TableCard] = {}
        self.figures: dict[str, FigureCard] = {}
        self.kinds = {kind.key: kind for kind in figures.kinds()}
        self._added: set[str] = set()
        self.paragraph.opened.connect(self.opened)

    @property
    def chosen(self) -> dict[str, Chosen]:
        """What is chosen of each figure that is there already."""
        return {key: figure.chosen for key, figure in self.figures.items()}

    def fillers(self, counted: Counted, ready: Mapping[str, Ready]) -> Sequence[Callable[[], None]]:
        """What is to be done to show another cohort, a card at a time, from the top down."""
        pieces: list[Callable[[], None]] = []
        for key in (*_PLACES, *_WIDE):
            if key == "paragraph":
                # The longest text of all: its card has its font before the words come.
                pieces.append(partial(self._put_once, key, self.paragraph))
            if key in self.kinds and key not in self.figures:
                pieces.append(partial(self._prepare, key))
            pieces.append(partial(self._fill, key, counted, ready.get(key)))
        return pieces

    def _prepare(self, key: str) -> None:
        """Make the card of a figure, not in sight as yet."""
        if key not in self.figures:
            self._make(key)
            self.figures[key].make()

    def _fill(self, key: str, counted: Counted, ready: Ready | None) -> None:
        """Show what a card is about; it is made when that is first known."""
        made = None if key in self._added else self.figures.get(key) or self._make(key)
        if ready is not None:
            self.figures[key].show_counted(counted, ready)
        elif key == "paragraph":
            self._fill_paragraph(counted)
        elif key in self.tables:
            self._fill_table(key, counted)
        # Put among the others once it is as high as it will be: they are laid out once.
        if made is not None:
            self._put_once(key, made)
        if key in self.tables:
            self.tables[key].setVisible(key in counted.tables)

    def _make(self, key: str) -> QWidget:
        if key in self.kinds:
            figure = FigureCard(self.kinds[key], self._background, self._turns, self)
            figure.patient_requested.connect(self.patient_requested)
            figure.patients_requested.connect(self.patients_requested)
            self.figures[key] = figure
            return figure
        if key in ("paragraph", "frozen"):
            return self.paragraph if key == "paragraph" else self.frozen
        table = TableCard(_title(key), self)
        table.opened.connect(self.opened)
        self.tables[key] = table
        return table

    def _put_once(self, key: str, card: QWidget) -> None:
        if key in self._added:
            return
        self._added.add(key)
        if key in _PLACES:
            of_two, of_three = _PLACES[key]
            self.add(card, of_two=of_two, of_three=of_three)
        else:
            self.add_wide(card)

    def _fill_table(self, key: str, counted: Counted) -> None:
        table = counted.tables.get(key)
        if table is not None:
            self.tables[key].show_sheet(sheet(table))

    def _fill_paragraph(self, counted: Counted) -> None:
        if counted.paragraph is not None:
            self.paragraph.show_paragraph(counted.paragraph)
        else:
            self.paragraph.show_problem(counted.problem)


def _title(key: str) -> str:
    return {
        "baseline": _("Baseline"),
        "exposure": _("Exposure"),
        "response": _("Best response"),
        "survival": _("Survival"),
        "acute_toxicity": _("Acute toxicity by grade"),
        "long_term_toxicity": _("Long-term toxicity by grade"),
        "all_toxicity": _("All toxicity by grade"),
        "nadirs": _("Nadirs"),
        "shift": _("Shift from baseline"),
    }[key]

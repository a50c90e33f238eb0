"""All cards of the page, in columns, and the functions that fill them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from gui.pages.cohort import figures
from gui.pages.cohort.cohort_counts import CohortCounts
from gui.pages.cohort.columns import Columns
from gui.pages.cohort.figure_card import FigureCard
from gui.pages.cohort.figures import ChosenKeys, PreparedFigure
from gui.pages.cohort.frozen import FrozenCard
from gui.pages.cohort.number_table import TableCard
from gui.pages.cohort.paragraph_card import ParagraphCard
from gui.session.background import Background
from gui.session.turns import Turns
from model.cohort.lines import CohortTable
from model.cohort.sheet import lay_out
from model.language import _

_OPTIONAL = "subacute_toxicity"
_GRADES = ("long_term_toxicity", _OPTIONAL, "acute_toxicity", "all_toxicity")
_WIDE = ("frozen", *_GRADES, "nadirs", "shift")
_COLUMNS = {
    # The column of each card if there are two columns, and if there are three.
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
    """The cards of the page, filled one at a time.

    `opened` carries the table line whose patients are to be listed, and `patient_requested` the id
    of the patient whose page is to be opened. `patients_requested` carries the ids of several
    patients, what they have in common, and a function that gives each patient's reason (see
    `Mark.why`).
    """

    opened = Signal(object)
    patient_requested = Signal(object)
    patients_requested = Signal(object, str, object)

    def __init__(self, background: Background, turns: Turns) -> None:
        """Make the cards of the paragraph and of the frozen cohorts; others follow when filled."""
        super().__init__()
        self._background = background
        self._turns = turns
        self.paragraph = ParagraphCard(self)
        self.frozen = FrozenCard(self)
        self.paragraph.hide()
        self.frozen.hide()
        self.tables: dict[str, TableCard] = {}
        self._hidden_tables: dict[str, TableCard] = {}
        self.figures: dict[str, FigureCard] = {}
        self.figure_kinds = {kind.key: kind for kind in figures.figure_kinds()}
        self._added: set[str] = set()
        self.paragraph.opened.connect(self.opened)

    @property
    def chosen_keys(self) -> dict[str, ChosenKeys]:
        """What is chosen of each figure that has been made, by the key of the figure."""
        return {key: figure.chosen_keys for key, figure in self.figures.items()}

    def fillers(
        self, counts: CohortCounts, prepared: Mapping[str, PreparedFigure]
    ) -> Sequence[Callable[[], None]]:
        """Return functions that each fill one card with a cohort's numbers, from the top down.

        Each one is short, so that the window can respond between them.
        """
        fillers: list[Callable[[], None]] = []
        for key in (*_COLUMNS, *_WIDE):
            if key == "paragraph":
                # Its text is the longest: the card gets its font before the text is laid out.
                fillers.append(partial(self._put_once, key, self.paragraph))
                fillers.append(partial(self._fill_paragraph, counts))
            elif key == "frozen":
                fillers.append(partial(self._put_once, key, self.frozen))
            elif key in self.figure_kinds:
                if key not in self.figures:
                    fillers.append(partial(self._make_figure, key))
                fillers.append(partial(self._fill_figure, key, counts, prepared.get(key)))
            else:
                fillers.append(partial(self._fill_table, key, counts.tables.get(key)))
        return fillers

    def _make_figure(self, key: str) -> None:
        if key in self.figures:
            return
        figure = self.figures[key] = FigureCard(
            self.figure_kinds[key], self._background, self._turns, self
        )
        figure.patient_requested.connect(self.patient_requested)
        figure.patients_requested.connect(self.patients_requested)
        figure.make()

    def _fill_figure(self, key: str, counts: CohortCounts, prepared: PreparedFigure | None) -> None:
        try:
            if prepared is not None:
                self.figures[key].show_counts(counts, prepared)
        finally:
            self._put_once(key, self.figures[key])

    def _fill_table(self, key: str, table: CohortTable | None) -> None:
        card = self.tables.get(key) or self._hidden_tables.pop(key, None)
        if card is None and (table is not None or key == _OPTIONAL):
            title = table.title if table else _("Subacute toxicity")
            card = TableCard(title, self)
            card.opened.connect(self.opened)
        if card is None:
            return
        if table is not None:
            self.tables[key] = card
            card.show_sheet(lay_out(table))
        elif key not in self.tables:
            # Only some options have this table: its hidden card keeps its position for them.
            self._hidden_tables[key] = card
        self._put_once(key, card)
        card.setVisible(table is not None)

    def _fill_paragraph(self, counts: CohortCounts) -> None:
        if counts.paragraph is not None:
            self.paragraph.show_paragraph(counts.paragraph)
        else:
            self.paragraph.show_problem(counts.problem)

    def _put_once(self, key: str, card: QWidget) -> None:
        """Add a card that is not added yet.

        It is called when the card has its final height, so that the others are laid out only once.
        """
        if key in self._added:
            return
        self._added.add(key)
        if key in _COLUMNS:
            of_two, of_three = _COLUMNS[key]
            self.add(card, of_two=of_two, of_three=of_three)
        else:
            self.add_wide(card)

"""What a page needs, got ready before its first visit: a piece a turn, too small to be noticed."""

from __future__ import annotations

from functools import partial
from importlib import import_module

from PySide6.QtCore import QObject, QTimer

from gui.session.turns import Piece, Turns

RESTS = 1_500
"""Milliseconds after which the first page is thought to be there."""

MODULES = (
    # In the order in which they need each other.
    *("model.cohort.paragraph.names", "gui.forms.abstract_template", "gui.reports.printing"),
    *("gui.forms.pdf_place", "gui.forms.cohort_report", "gui.pages.cohort.report_action"),
    *("model.cohort.freeze", "gui.plots.picture_menu", "gui.pages.cohort.figure_card"),
    *("gui.pages.cohort.figures", "gui.pages.cohort.number_table", "gui.forms.filter"),
    *("gui.forms.selection_options", "gui.pages.cohort.selection_bar", "gui.pages.cohort.cards"),
    *("gui.pages.cohort.comparison", "model.version", "gui.pages.cohort.freezing"),
    "gui.pages.cohort.page",
    *("model.exchange.tidy.layout", "model.exchange.due_list", "gui.pages.due.page"),
    "gui.pages.settings.page",
)


class Ahead(QObject):
    """Imports the pages of an open casebook once its first page is there, then does `more`."""

    def __init__(self, parent: QObject, *more: Piece) -> None:
        super().__init__(parent)
        self._more = more
        self._turns = Turns(self)
        QTimer.singleShot(RESTS, self, self.begin)

    def begin(self) -> None:
        """Import all of them, one a turn."""
        self._turns.replace(partial(import_module, name) for name in MODULES)
        self._turns.add(*self._more)

"""Imports what other pages need before their first visit, one step per turn of the event loop."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QObject, QTimer

from gui.session.turns import Piece, Turns

DELAY = 1_500
"""The delay in milliseconds, after which the first page should be visible."""


class Preloader(QObject):
    """Imports the pages of an open casebook after a delay, then runs the work in `more`."""

    def __init__(self, parent: QObject, *more: Piece) -> None:
        super().__init__(parent)
        self._more = more
        self._imports = imports()
        self._turns = Turns(self)
        QTimer.singleShot(DELAY, self, self.begin)

    def begin(self) -> None:
        """Import everything, one step per turn."""
        self._turns.replace([self._import_next])

    def _import_next(self) -> None:
        for _step in self._imports:
            self._turns.add(self._import_next)
            return
        self._turns.add(*self._more)


def imports() -> Iterator[None]:
    """Import modules in steps of some 10 ms, those needed by others first."""
    import model.cohort.paragraph.names

    yield
    import gui.forms.abstract_template
    import gui.forms.pdf
    import gui.reports.printing

    yield
    import gui.pages.cohort.report
    import gui.plots.picture_menu
    import model.cohort.freeze

    yield
    import gui.pages.cohort.figure_card

    yield
    import gui.pages.cohort.figures
    import gui.pages.cohort.number_table

    yield
    import gui.forms.filter
    import gui.forms.selection
    import gui.pages.cohort.selection_bar

    yield
    import gui.pages.cohort.cards
    import gui.pages.cohort.dialogs

    yield
    import model.version

    yield
    import gui.pages.cohort.frozen
    import gui.pages.cohort.page

    yield
    import model.exchange.tidy.layout

    yield
    import model.exchange.due_list

    yield
    import gui.pages.due.page
    import gui.pages.settings.page

    yield

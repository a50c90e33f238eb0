"""Freezing what the page shows, and comparing what was frozen with the numbers of today."""

from __future__ import annotations

from datetime import UTC, datetime

from PySide6.QtCore import QObject

from gui.forms.selection import NameForm
from gui.pages.cohort import counted as counting
from gui.pages.cohort.comparison import ComparisonDialog
from gui.pages.cohort.counted import Counted
from gui.pages.cohort.frozen_card import FrozenCard
from gui.pages.cohort.selection_bar import SelectionBar
from gui.session.background import Background, Job
from gui.session.session import Session
from gui.widgets import messages
from gui.widgets.undo_notice import notice_with_undo
from model.cohort import freeze, options_text
from model.cohort.freeze import Comparison, Frozen
from model.cohort.selection import from_text
from model.errors import KnownError
from model.language import _
from model.version import version

FREEZE, REMOVE = "Freeze cohort", "Remove frozen cohort"


class Freezing(QObject):
    """Does what the card of frozen cohorts asks for, in steps that can be undone."""

    def __init__(
        self, session: Session, background: Background, card: FrozenCard, bar: SelectionBar
    ) -> None:
        super().__init__(card)
        self._session = session
        self._background = background
        self._card = card
        self._bar = bar
        self._counted: Counted | None = None
        self._frozen: tuple[Frozen, ...] = ()
        self.states: dict[int, Comparison | str] = {}
        card.freeze_requested.connect(self.ask_freeze)
        card.open_requested.connect(self.open)
        card.remove_requested.connect(self.remove)

    def show_counted(self, counted: Counted) -> None:
        """Compare the frozen cohorts with what is there now."""
        is_other = self._counted is None or self._counted.loaded is not counted.loaded
        self._counted = counted
        if is_other:
            self.states.clear()
            self._frozen = counted.loaded.frozen
            self._show(counted.loaded.problem)
            self._compare()

    def follow(self) -> None:
        """Read anew what is frozen: one was added or removed."""
        problem = ""
        try:
            self._frozen = tuple(freeze.saved(self._session.casebook))
        except KnownError as error:
            problem = str(error)
        self._show(problem)
        self._compare()

    def ask_freeze(self) -> None:
        """Ask for a name and freeze what the page shows under it."""
        counted = self._counted
        if counted is None:
            return

        def keep(name: str) -> None:
            at = datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
            made = counting.frozen_now(counted, name, version(), at)
            self._session.do(FREEZE, lambda step: freeze.save(step, made))

        card = self._card
        name = NameForm.ask(
            card.window(),
            _("Freeze"),
            keep,
            counted.selection.name,
            _("%s. With all its numbers and the patients behind them.")
            % counted.selection.sentence(),
            _("&Freeze"),
        )
        if name is not None:
            messages.notice(card, _("“%s” was frozen.") % name)

    def open(self, one: Frozen) -> None:
        """Show what has changed since it was frozen."""
        state = self.states.get(one.id or 0)
        if isinstance(state, str):
            messages.error(self._card, KnownError(state))
        elif (
            state is not None
            and self._counted is not None
            and ComparisonDialog.ask(self._card.window(), state, self._counted.codes)
        ):
            self._bar.use(from_text(one.selection), options_text.from_text(one.options))

    def remove(self, one: Frozen) -> None:
        """Put it in the bin, and offer to take that back."""
        try:
            self._session.do(REMOVE, lambda step: freeze.remove(step, one))
        except KnownError as error:
            messages.error(self._card, error)
            return
        said = _("“%s” was removed.") % one.name
        notice_with_undo(self._card, self._session, said)

    def _compare(self) -> None:
        """Count again by each selection of which that is not known yet, off the GUI thread."""
        counted = self._counted
        asked = [one for one in self._frozen if one.id not in self.states]
        if counted is None or not asked:
            return
        known, now = counted.loaded, version()

        def work(job: Job) -> dict[int, Comparison | str]:
            found: dict[int, Comparison | str] = {}
            for one in asked:
                job.check()
                try:
                    found[one.id or 0] = counting.compared(known, one, now)
                except KnownError as error:
                    found[one.id or 0] = str(error)
            return found

        self._background.run(self, work, self._answer, replaces="compare")

    def _answer(self, found: dict[int, Comparison | str]) -> None:
        self.states |= found
        self._show()

    def _show(self, problem: str = "") -> None:
        self._card.show_frozen(self._frozen, self.states, problem)

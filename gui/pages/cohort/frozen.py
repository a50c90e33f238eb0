"""The frozen cohorts of a casebook: the card that lists them, freezing, and comparing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from gui.forms.selection import NameForm
from gui.pages.cohort import counted as counting
from gui.pages.cohort.counted import Counted
from gui.pages.cohort.dialogs import ComparisonDialog
from gui.pages.cohort.selection_bar import SelectionBar
from gui.session.background import Background, Job
from gui.session.session import Session
from gui.widgets import messages
from gui.widgets.card import Card, button
from gui.widgets.layout import label
from gui.widgets.row_model import Column
from gui.widgets.row_table import ROW_HEIGHT, RowTable
from gui.widgets.undo_notice import notice_with_undo
from model.cohort import freeze
from model.cohort.comparison import Comparison
from model.cohort.freeze import Frozen
from model.cohort.messages import translate
from model.cohort.options import Options
from model.errors import KnownError
from model.language import N_, _, ngettext
from model.version import version

ROWS = 5

States = Mapping[int, Comparison | str]
"""How each frozen cohort compares with today's numbers, by id, or why it cannot be compared."""


class FrozenCard(Card):
    """One row a frozen cohort; Enter opens what has changed, Delete removes it.

    `open_requested` and `remove_requested` carry the frozen cohort.
    """

    freeze_requested = Signal()
    open_requested = Signal(object)
    remove_requested = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", parent)
        self.heading.setText(_("Frozen"))
        self.heading.show()
        self._states: States = {}
        self.freeze_button = button(_("Free&ze…"), "link", on=self.freeze_requested)
        self.freeze_button.setToolTip(
            _("Save this selection with its numbers under a name, with date and hash")
        )
        self.freeze_button.setEnabled(False)
        self.add_action(self.freeze_button)
        self.problem = label("", "problem", wrap=True)
        nothing = _(
            "No frozen cohorts. Freeze the numbers that you publish: this card will show"
            " whether they still hold, and what has changed."
        )
        self.words = label(nothing, "hint", wrap=True)
        self.words.setContentsMargins(13, 0, 13, 4)
        self.table: RowTable[Frozen] = RowTable(
            (
                Column(_("Name"), lambda one: one.name, tip=_tip, stretch=True),
                Column(_("Frozen"), lambda one: one.frozen_at[:10], tone=lambda _one: "soft"),
                Column(_("Numbers"), self._state_text, tone=self._tone, tip=self._state_tip),
            ),
            name=_("Frozen cohorts"),
        )
        self.table.activated.connect(self.open_requested)
        self.table.delete_requested.connect(self.remove_requested)
        self.body.setContentsMargins(1, 2, 1, 8)
        self.add(self.problem)
        self.add(self.words)
        self.add(self.table)
        self.show_frozen((), {})

    def show_frozen(self, frozen: Sequence[Frozen], states: States, problem: str = "") -> None:
        """Show the frozen cohorts, or the problem that keeps them from being read."""
        self._states = states
        self.problem.setText(problem)
        self.problem.setVisible(bool(problem))
        self.words.setVisible(not frozen and not problem)
        self.table.setVisible(bool(frozen))
        self.table.show_records(list(frozen))
        header = self.table.view.horizontalHeader().sizeHint().height()
        self.table.setFixedHeight(header + ROW_HEIGHT * min(len(frozen), ROWS) + 2)

    def _state(self, one: Frozen) -> Comparison | str | None:
        return self._states.get(one.id or 0)

    def _state_text(self, one: Frozen) -> str:
        state = self._state(one)
        if state is None:
            return _("comparing…")
        if isinstance(state, str):
            return _("cannot be counted")
        if not state.frozen.is_intact:
            return _("altered")
        changed = len(state.differences)
        if not changed:
            return _("still hold")
        return ngettext("{n} changed", "{n} changed", changed).format(n=changed)

    def _state_tip(self, one: Frozen) -> str:
        state = self._state(one)
        return state.sentence() if isinstance(state, Comparison) else state or ""

    def _tone(self, one: Frozen) -> str:
        state = self._state(one)
        if state is None:
            return "soft"
        return "good" if isinstance(state, Comparison) and state.is_unchanged else "warn"


def _tip(one: Frozen) -> str:
    return f"{one.name}\n{one.sentence}\nSHA-256 {one.sha256}"


class Freezing(QObject):
    """Freezes, compares and removes what the card lists, in steps that can be undone."""

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
        """Compare the frozen cohorts with the records that were loaded."""
        is_other = self._counted is None or self._counted.loaded is not counted.loaded
        self._counted = counted
        if is_other:
            self.states.clear()
            self._frozen = counted.loaded.frozen
            self._show(counted.loaded.problem)
            self._compare()

    def follow(self) -> None:
        """Read the frozen cohorts again: one was added or removed."""
        problem = ""
        try:
            self._frozen = tuple(freeze.load_frozen(self._session.casebook))
        except KnownError as error:
            problem = str(error)
        self._show(problem)
        self._compare()

    def ask_freeze(self) -> None:
        """Ask for a name and freeze what the page shows under it."""
        counted = self._counted
        if counted is None:
            return

        def save(name: str) -> None:
            at = datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
            frozen = counting.frozen_now(counted, name, version(), at)
            self._session.do(N_("Freeze cohort"), lambda step: freeze.save(step, frozen))

        about = _("{cohort}. All its numbers are saved with the patients behind them.").format(
            cohort=translate(counted.selection.sentence())
        )
        card = self._card
        name = NameForm.ask(
            card.window(), _("Freeze"), save, counted.selection.name, about, _("&Freeze")
        )
        if name is not None:
            messages.notice(card, _("“{name}” was frozen.").format(name=name))

    def open(self, one: Frozen) -> None:
        """Show what has changed since it was frozen."""
        state = self.states.get(one.id or 0)
        if isinstance(state, str):
            messages.error(self._card, KnownError(state))
        elif (
            state is not None
            and self._counted is not None
            and ComparisonDialog(self._card.window(), state, self._counted.codes).ask()
        ):
            self._bar.use(one.chosen, Options.from_text(one.options))

    def remove(self, one: Frozen) -> None:
        """Remove it, and offer to undo that."""
        try:
            self._session.do(N_("Remove frozen cohort"), lambda step: freeze.remove(step, one))
        except KnownError as error:
            messages.error(self._card, error)
            return
        removed = _("“{name}” was removed.").format(name=one.name)
        notice_with_undo(self._card, self._session, removed)

    def _compare(self) -> None:
        """Count the frozen cohorts that are not compared yet again, off the GUI thread."""
        counted = self._counted
        missing = [one for one in self._frozen if one.id not in self.states]
        if counted is None or not missing:
            return
        loaded, now = counted.loaded, version()

        def work(job: Job) -> dict[int, Comparison | str]:
            states: dict[int, Comparison | str] = {}
            for one in missing:
                job.check()
                try:
                    states[one.id or 0] = counting.compared(loaded, one, now)
                except KnownError as error:
                    states[one.id or 0] = str(error)
            return states

        self._background.run(self, work, self._show_states, replaces="compare")

    def _show_states(self, states: dict[int, Comparison | str]) -> None:
        self.states |= states
        self._show()

    def _show(self, problem: str = "") -> None:
        self._card.show_frozen(self._frozen, self.states, problem)

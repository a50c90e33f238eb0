"""The frozen cohorts of a casebook: the card that lists them, and what can be done with them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from gui.forms.selection import NameForm
from gui.pages.cohort import cohort_counts
from gui.pages.cohort.cohort_counts import CohortCounts
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

MAX_ROWS = 5
"""Rows of the table that are in sight without scrolling."""

States = Mapping[int, Comparison | str]
"""The comparison of each frozen cohort with today's numbers, or why there is none, by id."""


class FrozenCard(Card):
    """A table with one row per frozen cohort.

    Enter opens the comparison of a frozen cohort with today's numbers; Delete removes it.
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
        hint = _(
            "No frozen cohorts. Freeze the numbers that you publish: this card will show"
            " whether they still hold, and what has changed."
        )
        self.hint = label(hint, "hint", wrap=True)
        self.hint.setContentsMargins(13, 0, 13, 4)
        self.table: RowTable[Frozen] = RowTable(
            (
                Column(_("Name"), lambda frozen: frozen.name, tip=_tip, stretch=True),
                Column(_("Frozen"), lambda frozen: frozen.frozen_at[:10], tone=lambda _: "soft"),
                Column(_("Numbers"), self._state_text, tone=self._tone, tip=self._state_tip),
            ),
            name=_("Frozen cohorts"),
        )
        self.table.activated.connect(self.open_requested)
        self.table.delete_requested.connect(self.remove_requested)
        self.body.setContentsMargins(1, 2, 1, 8)
        self.add(self.problem)
        self.add(self.hint)
        self.add(self.table)
        self.show_frozen((), {})

    def show_frozen(self, frozen: Sequence[Frozen], states: States, problem: str = "") -> None:
        """Show the frozen cohorts, or why they cannot be read."""
        self._states = states
        self.problem.setText(problem)
        self.problem.setVisible(bool(problem))
        self.hint.setVisible(not frozen and not problem)
        self.table.setVisible(bool(frozen))
        self.table.show_records(list(frozen))
        header = self.table.view.horizontalHeader().sizeHint().height()
        self.table.setFixedHeight(header + ROW_HEIGHT * min(len(frozen), MAX_ROWS) + 2)

    def _state(self, frozen: Frozen) -> Comparison | str | None:
        return self._states.get(frozen.id or 0)

    def _state_text(self, frozen: Frozen) -> str:
        state = self._state(frozen)
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

    def _state_tip(self, frozen: Frozen) -> str:
        state = self._state(frozen)
        return state.sentence() if isinstance(state, Comparison) else state or ""

    def _tone(self, frozen: Frozen) -> str:
        state = self._state(frozen)
        if state is None:
            return "soft"
        return "good" if isinstance(state, Comparison) and state.is_unchanged else "warn"


def _tip(frozen: Frozen) -> str:
    return f"{frozen.name}\n{frozen.sentence}\nSHA-256 {frozen.sha256}"


class FrozenCohorts(QObject):
    """Freezes, compares and removes the cohorts of the card, in steps that can be undone."""

    def __init__(
        self, session: Session, background: Background, card: FrozenCard, bar: SelectionBar
    ) -> None:
        super().__init__(card)
        self._session = session
        self._background = background
        self._card = card
        self._bar = bar
        self._counts: CohortCounts | None = None
        self._frozen: tuple[Frozen, ...] = ()
        self.states: dict[int, Comparison | str] = {}
        card.freeze_requested.connect(self.ask_freeze)
        card.open_requested.connect(self.open)
        card.remove_requested.connect(self.remove)

    def show_counts(self, counts: CohortCounts) -> None:
        """Compare the frozen cohorts with the records of these counts, unless that is done."""
        has_new_records = self._counts is None or self._counts.records is not counts.records
        self._counts = counts
        if has_new_records:
            self.states.clear()
            self._frozen = counts.records.frozen
            self._show(counts.records.problem)
            self._compare()

    def reload(self) -> None:
        """Read the frozen cohorts again after one was added or removed."""
        problem = ""
        try:
            self._frozen = tuple(freeze.load_frozen(self._session.casebook))
        except KnownError as error:
            problem = str(error)
        self._show(problem)
        self._compare()

    def ask_freeze(self) -> None:
        """Ask for a name and freeze the numbers that the page shows under it."""
        counts = self._counts
        if counts is None:
            return

        def save(name: str) -> None:
            at = datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
            frozen = cohort_counts.freeze_counts(counts, name, version(), at)
            self._session.do(N_("Freeze cohort"), lambda step: freeze.save(step, frozen))

        about = _("{cohort}. All its numbers are saved with the patients behind them.").format(
            cohort=translate(counts.selection.sentence())
        )
        card = self._card
        name = NameForm.ask(
            card.window(), _("Freeze"), save, counts.selection.name, about, _("&Freeze")
        )
        if name is not None:
            messages.notice(card, _("“{name}” was frozen.").format(name=name))

    def open(self, frozen: Frozen) -> None:
        """Show what has changed since a cohort was frozen."""
        state = self.states.get(frozen.id or 0)
        if isinstance(state, str):
            messages.error(self._card, KnownError(state))
        elif (
            state is not None
            and self._counts is not None
            and ComparisonDialog(self._card.window(), state, self._counts.codes).ask()
        ):
            self._bar.use(frozen.chosen, Options.from_text(frozen.options))

    def remove(self, frozen: Frozen) -> None:
        """Remove a frozen cohort, and offer to undo that."""
        try:
            self._session.do(N_("Remove frozen cohort"), lambda step: freeze.remove(step, frozen))
        except KnownError as error:
            messages.error(self._card, error)
            return
        notice = _("“{name}” was removed.").format(name=frozen.name)
        notice_with_undo(self._card, self._session, notice)

    def _compare(self) -> None:
        """Compare the frozen cohorts that have no state yet, off the GUI thread."""
        counts = self._counts
        missing = [frozen for frozen in self._frozen if frozen.id not in self.states]
        if counts is None or not missing:
            return
        records, current_version = counts.records, version()

        def work(job: Job) -> dict[int, Comparison | str]:
            states: dict[int, Comparison | str] = {}
            for frozen in missing:
                job.check()
                try:
                    state = cohort_counts.compare_with_today(records, frozen, current_version)
                except KnownError as error:
                    states[frozen.id or 0] = str(error)
                else:
                    states[frozen.id or 0] = state
            return states

        self._background.run(self, work, self._show_states, replaces="compare")

    def _show_states(self, states: dict[int, Comparison | str]) -> None:
        self.states |= states
        self._show()

    def _show(self, problem: str = "") -> None:
        self._card.show_frozen(self._frozen, self.states, problem)

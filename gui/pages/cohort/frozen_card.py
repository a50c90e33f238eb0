"""The frozen cohorts of a casebook, and whether their numbers still hold."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLabel, QWidget

from gui.style import theme
from gui.widgets.card import Card, button
from gui.widgets.row_table import ROW_HEIGHT, Column, RowTable
from model.cohort.freeze import Comparison, Frozen
from model.language import _

ROWS = 5


class FrozenCard(Card):
    """One row a frozen cohort; Enter opens what has changed, Delete removes it.

    `freeze_requested`, `open_requested` and `remove_requested` leave the doing to the page; the
    latter two tell the frozen cohort.
    """

    freeze_requested = Signal()
    open_requested = Signal(object)
    remove_requested = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("", parent)
        self.heading.setText(_("Frozen"))
        self.heading.show()
        self._states: Mapping[int, Comparison | str] = {}
        self.freeze_button = button(_("Free&ze…"), "link")
        self.freeze_button.setToolTip(
            _("Keep this selection with its numbers under a name, with date and hash")
        )
        self.freeze_button.setEnabled(False)
        self.freeze_button.clicked.connect(self.freeze_requested)
        self.add_action(self.freeze_button)
        self.problem = QLabel()
        self.problem.setWordWrap(True)
        self.problem.hide()
        theme.set_kind(self.problem, "problem")
        self.words = QLabel(
            _(
                "Nothing is frozen. Freeze the numbers that you publish: later this card says"
                " whether they still hold, and what has changed."
            )
        )
        self.words.setWordWrap(True)
        self.words.setContentsMargins(13, 0, 13, 4)
        theme.set_kind(self.words, "hint")
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

    def show_frozen(
        self,
        frozen: Sequence[Frozen],
        states: Mapping[int, Comparison | str],
        problem: str = "",
    ) -> None:
        """Show the frozen cohorts; `states` are what is known of their numbers, by id."""
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
        return _("%d changed") % changed if changed else _("still hold")

    def _state_tip(self, one: Frozen) -> str:
        state = self._state(one)
        return state.sentence() if isinstance(state, Comparison) else state or ""

    def _tone(self, one: Frozen) -> str:
        state = self._state(one)
        if state is None:
            return "soft"
        return "good" if isinstance(state, Comparison) and state.holds else "warn"


def _tip(one: Frozen) -> str:
    return f"{one.name}\n{one.sentence}\nSHA-256 {one.sha256}"

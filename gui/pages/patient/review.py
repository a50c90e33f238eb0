"""To review: what results suggest, beside the course, with what was dismissed before."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QBoxLayout, QScrollArea, QSizePolicy, QWidget

from gui import messages, theme
from gui.card import Card, Chip, button
from gui.forms.dismiss import DismissForm
from gui.forms.proposed_toxicity import ProposedToxicityForm
from gui.pages.patient.dismissed_list import DismissedList, dismissal_text
from gui.pages.patient.proposal_card import ProposalCard, proposal_text
from gui.review import Review
from gui.session import Session
from model import proposals, records
from model.dismissals import Dismissal
from model.errors import KnownError
from model.proposals import Proposal
from model.step import Step

WIDE = 260
"""Pixels of the column beside the course."""

CARD = 238
"""Pixels of a card in the row over the course."""

_SCROLL_BAR = 12
_ANY = 16777215  # Qt's own QWIDGETSIZE_MAX


class ReviewPane(Card):
    """The proposals as cards, and the dismissed ones to be restored; hidden without either.

    `lay_out` makes it a column, or a row that can be closed to its heading. Every decision is one
    step that can be undone. `asked_to_leave` follows when there is nothing more to decide.
    """

    asked_to_leave = Signal()

    def __init__(self, session: Session, review: Review, parent: QWidget) -> None:
        super().__init__(parent=parent)
        self._session = session
        self._review = review
        self._narrow = False
        self._for_dismissed = False
        self._cards: list[ProposalCard] = []
        self.heading.setText(self.tr("To review"))
        self.heading.show()
        self.count = Chip("", lambda colours: (colours.warn_fill, colours.warn))
        self.head.insertWidget(1, self.count)
        self.toggle = button("", "link")
        self.toggle.setCheckable(True)
        self.toggle.toggled.connect(self._show_parts)
        self.dismissed = DismissedList(self)
        self.dismissed.restore_requested.connect(self._restore)
        self.dismissed.toggle.toggled.connect(self._show_parts)
        self.add_action(self.dismissed.toggle)
        self.add_action(self.toggle)
        self._list = QWidget()
        theme.set_kind(self._list, "plain")
        self._list_layout = QBoxLayout(QBoxLayout.Direction.TopToBottom, self._list)
        self._list_layout.setContentsMargins(0, 0, 0, 0)
        self._list_layout.setSpacing(8)
        self._list_layout.addStretch(1)
        self.area = QScrollArea()
        self.area.setWidget(self._list)
        self.area.setWidgetResizable(True)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.body.setContentsMargins(10, 4, 10, 10)
        self.add(self.dismissed)
        self.add(self.area, 1)
        self.body.addStretch()
        review.changed.connect(self.refresh)
        self.lay_out(narrow=False)
        self.refresh()

    def lay_out(self, *, narrow: bool) -> None:
        """Stand beside the course, or, where that is too narrow, as a row over it."""
        self._narrow = narrow
        direction = QBoxLayout.Direction
        self._list_layout.setDirection(direction.LeftToRight if narrow else direction.TopToBottom)
        needed, never = Qt.ScrollBarPolicy.ScrollBarAsNeeded, Qt.ScrollBarPolicy.ScrollBarAlwaysOff
        self.area.setHorizontalScrollBarPolicy(needed if narrow else never)
        self.area.setVerticalScrollBarPolicy(never if narrow else needed)
        for card in self._cards:
            self._fit(card)
        if narrow:
            self.setMinimumWidth(0)
            self.setMaximumWidth(_ANY)
        else:
            self.setFixedWidth(WIDE)
        policy = QSizePolicy.Policy.Fixed if narrow else QSizePolicy.Policy.Preferred
        self.setSizePolicy(QSizePolicy.Policy.Preferred, policy)
        self._show_parts()

    def refresh(self) -> None:
        """Show what is to be decided now; cards that stay are kept, and so is the keyboard."""
        focused = next((n for n, card in enumerate(self._cards) if card.hasFocus()), None)
        before = {card.proposal.key: card for card in self._cards}
        kept: list[ProposalCard] = []
        for proposal in self._review.proposals:
            card = before.pop(proposal.key, None)
            if card is not None and card.proposal == proposal:
                kept.append(card)
                continue
            if card is not None:
                self._drop(card)
            kept.append(self._made(proposal))
        for card in before.values():
            self._drop(card)
        self._cards = kept
        for place, card in enumerate(kept):
            self._list_layout.insertWidget(place, card)
        known = self._review.known
        self.dismissed.show_dismissed(self._review.dismissed, known.results if known else ())
        self.count.setText(str(len(kept)))
        self._show_parts()
        if focused is not None:
            self._focus(focused)

    def cards(self) -> list[ProposalCard]:
        """The cards, top to bottom."""
        return list(self._cards)

    def start(self) -> bool:
        """Bring the keyboard to the first proposal; whether there is one."""
        if not self._cards:
            return False
        self.toggle.setChecked(True)
        self._focus(0)
        return True

    def close_row(self) -> None:
        """Leave the room to the course, where the pane is a row over it."""
        self.toggle.setChecked(False)

    def show_dismissed(self, wanted: bool) -> None:
        """Whether the pane is there for what was dismissed, when there is nothing to review."""
        self._for_dismissed = wanted
        self.dismissed.toggle.setChecked(wanted)
        self._show_parts()

    def _show_parts(self) -> None:
        """Hide without anything to show; close or open the row, while a column is always open."""
        for_dismissed = self._for_dismissed and not self.dismissed.is_empty()
        self.setVisible(bool(self._cards) or for_dismissed)
        is_open = self.toggle.isChecked() or not self._narrow or not self._cards
        self.toggle.setVisible(self._narrow and bool(self._cards))
        self.toggle.setText(self.tr("Close") if self.toggle.isChecked() else self.tr("Show"))
        self.count.setVisible(bool(self._cards))
        lists_dismissed = self.dismissed.toggle.isChecked() and not self.dismissed.is_empty()
        self.dismissed.setVisible(is_open and lists_dismissed)
        self.dismissed.toggle.setVisible(is_open and not self.dismissed.is_empty())
        # A row has no room for both.
        has_room = not (self._narrow and lists_dismissed)
        self.area.setVisible(is_open and has_room and bool(self._cards))
        self._fit_row()
        self.body.setContentsMargins(10, 4, 10, 10 if is_open else 0)

    def _made(self, proposal: Proposal) -> ProposalCard:
        card = ProposalCard(proposal)
        card.accepted.connect(self._accept)
        card.edit_requested.connect(self._edit)
        card.dismissed.connect(self._dismiss)
        card.stepped.connect(self._step)
        self._fit(card)
        return card

    def _fit(self, card: ProposalCard) -> None:
        if self._narrow:
            card.setFixedWidth(CARD)
        else:
            card.setMinimumWidth(0)
            card.setMaximumWidth(_ANY)

    def _fit_row(self) -> None:
        """Make the row as high as its highest card, with room for a scroll bar under it."""
        if self._narrow:
            heights = [card.height_in(CARD) for card in self._cards]
            self.area.setFixedHeight(max(heights, default=0) + _SCROLL_BAR)
        else:
            self.area.setMinimumHeight(0)
            self.area.setMaximumHeight(_ANY)

    def _drop(self, card: ProposalCard) -> None:
        self._list_layout.removeWidget(card)
        card.hide()
        card.deleteLater()

    def _step(self, by: int) -> None:
        focused = next((n for n, card in enumerate(self._cards) if card.hasFocus()), 0)
        self._focus(focused + by)

    def _focus(self, place: int) -> None:
        if not self._cards:
            self.asked_to_leave.emit()
            return
        card = self._cards[min(max(place, 0), len(self._cards) - 1)]
        card.setFocus(Qt.FocusReason.OtherFocusReason)
        self.area.ensureWidgetVisible(card)

    # Deciding

    def _accept(self, proposal: Proposal) -> None:
        label = self.tr("Accept grade")
        if self._do(label, lambda step: proposals.accept(step, proposal)):
            said = self.tr("Recorded: %s, grade %s.") % (proposal.term, proposal.grade)
            self._decided(proposal, said)

    def _edit(self, proposal: Proposal) -> None:
        saved = ProposedToxicityForm.ask(self, self._session, proposal)
        if saved is not None:
            said = self.tr("Recorded: %s, grade %s.") % (saved.term, saved.grade)
            self._decided(proposal, said)

    def _dismiss(self, proposal: Proposal) -> None:
        reason = DismissForm.ask(self, proposal_text(proposal))
        if reason is None:
            return
        label = self.tr("Dismiss grade")
        if self._do(label, lambda step: proposals.dismiss(step, proposal, reason)):
            self._decided(proposal, self.tr("Dismissed: %s.") % proposal_text(proposal))

    def _restore(self, dismissal: Dismissal) -> None:
        label = self.tr("Restore proposed grade")
        if self._do(label, lambda step: records.remove(step, dismissal)):
            said = self.tr("Restored: %s.") % dismissal_text(dismissal)
            messages.notice(self, said, self.tr("Undo"), self._undo)

    def _do(self, label: str, work: Callable[[Step], object]) -> bool:
        """Take a step; whether it was taken."""
        try:
            self._session.do(label, work)
        except KnownError as error:
            messages.error(self, error)
            return False
        return True

    def _decided(self, proposal: Proposal, said: str) -> None:
        """Take the card away at once, so that nobody decides twice, and offer to undo."""
        place = next(
            (n for n, card in enumerate(self._cards) if card.proposal.key == proposal.key), None
        )
        messages.notice(self, said, self.tr("Undo"), self._undo)
        if place is None:
            return
        self._drop(self._cards.pop(place))
        self.count.setText(str(len(self._cards)))
        self._focus(place)
        self._show_parts()

    def _undo(self) -> None:
        try:
            self._session.undo()
        except KnownError as error:
            messages.error(self, error)

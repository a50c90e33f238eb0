"""The pane To review, next to the course: proposed grades and closings, and dismissed ones."""

from __future__ import annotations

import itertools

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QScrollArea, QWidget

from gui.forms.proposal import DismissForm, ProposedToxicityForm, RecoveryForm
from gui.pages.patient.course.dismissed_list import DismissedList, dismissal_text
from gui.pages.patient.course.proposal_card import ProposalCard, proposal_text
from gui.session.open_patient import OpenPatient
from gui.session.session import Session
from gui.style import theme
from gui.widgets.card import Card, Chip
from gui.widgets.layout import column
from gui.widgets.undo_notice import notice_with_undo, take_step
from model.dates import date_text
from model.grading import review
from model.grading.recovery import RecoveryProposal
from model.grading.review import AnyProposal
from model.language import N_, _
from model.records.toxicities import Dismissal, Toxicity
from model.store import rows
from model.store.step import Step

CARD_WIDTH = 260
"""The width in pixels of the cards in the side column."""


class ReviewPane(Card):
    """A card for each proposal, and a list of the dismissed ones. Hidden if there are neither.

    Every decision is one step that can be undone. `finished` is emitted when nothing is left to
    decide.
    """

    finished = Signal()
    resized = Signal()
    """Emitted when the pane may need another height."""

    def __init__(self, session: Session, patient: OpenPatient, parent: QWidget) -> None:
        super().__init__(parent=parent)
        self._session = session
        self._patient = patient
        self._shows_dismissed = False
        self._cards: list[ProposalCard] = []
        self.heading.setText(_("To review"))
        self.heading.show()
        self.count = Chip("", lambda colours: (colours.warn_fill, colours.warn))
        self.head.insertWidget(1, self.count)
        self.dismissed = DismissedList(self)
        self.dismissed.restore_requested.connect(self._restore)
        self.dismissed.toggle.toggled.connect(self._show_parts)
        self.add_action(self.dismissed.toggle)
        self._list = QWidget()
        theme.set_kind(self._list, "plain")
        self._list_layout = column(1, of=self._list)
        # Text wraps in cards rather than making them wider than the column.
        self._list.setMinimumWidth(1)
        self.area = QScrollArea()
        self.area.setWidget(self._list)
        self.area.setWidgetResizable(True)
        self.area.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.area.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.body.setContentsMargins(10, 4, 10, 10)
        self.add(self.dismissed)
        self.add(self.area, 1)
        self.body.addStretch()
        patient.reviewed.connect(self.refresh)
        self.setFixedWidth(CARD_WIDTH)
        self.refresh()

    def refresh(self) -> None:
        """Show the current proposals; unchanged cards and the position of the keyboard are kept."""
        focused = next((n for n, card in enumerate(self._cards) if card.hasFocus()), None)
        old_cards = {card.proposal.key: card for card in self._cards}
        cards: list[ProposalCard] = []
        for proposal in self._patient.proposals:
            card = old_cards.pop(proposal.key, None)
            if card is not None and card.proposal == proposal:
                cards.append(card)
                continue
            if card is not None:
                self._remove_card(card)
            cards.append(self._new_card(proposal))
        for card in old_cards.values():
            self._remove_card(card)
        self._cards = cards
        for index, card in enumerate(cards):
            self._list_layout.insertWidget(index, card)
        graded = self._patient.graded
        self.dismissed.show_dismissed(self._patient.dismissed, graded.results if graded else ())
        self.count.setText(str(len(cards)))
        self._show_parts()
        if focused is not None:
            self._focus(focused)

    def cards(self) -> list[ProposalCard]:
        """Return the cards from top to bottom."""
        return list(self._cards)

    def fit(self, max_height: int) -> None:
        """Set the height to that of the cards, or of as many whole cards as fit into `max_height`.

        At least the highest card is visible whole; the others scroll. Heights are in pixels.
        """
        margins, gap = self.body.contentsMargins(), self._list_layout.spacing()
        height = self.head.sizeHint().height() + margins.top() + margins.bottom()
        if not self.dismissed.isHidden():
            height += self.dismissed.sizeHint().height()
        width = CARD_WIDTH - margins.left() - margins.right() - 2
        heights = [card.height_in(width) for card in self._cards]
        if height + sum(heights) + gap * len(heights) > max_height:
            width -= self.area.verticalScrollBar().sizeHint().width()
            heights = [card.height_in(width) for card in self._cards]
        # A scroll area ignores the height that wrapped text needs, so it is set here.
        for card, each in zip(self._cards, heights, strict=True):
            card.setFixedHeight(each)
        visible = max(heights, default=0) + gap
        for total in itertools.accumulate(each + gap for each in heights):
            if height + total <= max_height:
                visible = max(visible, total)
        self.setFixedHeight(height + (visible if heights else 0))

    def focus_first(self) -> bool:
        """Move the keyboard to the first proposal; return whether there is one."""
        if not self._cards:
            return False
        self._focus(0)
        return True

    def show_dismissed(self, visible: bool) -> None:
        """Show or hide the dismissed proposals, also if there is nothing to review."""
        self._shows_dismissed = visible
        self.dismissed.toggle.setChecked(visible)
        self._show_parts()

    def _show_parts(self) -> None:
        """Show the parts that have content, and hide the others."""
        for_dismissed = self._shows_dismissed and not self.dismissed.is_empty()
        self.setVisible(bool(self._cards) or for_dismissed)
        self.count.setVisible(bool(self._cards))
        lists_dismissed = self.dismissed.toggle.isChecked() and not self.dismissed.is_empty()
        self.dismissed.setVisible(lists_dismissed)
        self.dismissed.toggle.setVisible(not self.dismissed.is_empty())
        self.area.setVisible(bool(self._cards))
        self.resized.emit()

    def _new_card(self, proposal: AnyProposal) -> ProposalCard:
        card = ProposalCard(proposal)
        card.accepted.connect(self._accept)
        card.edit_requested.connect(self._edit)
        card.dismissed.connect(self._dismiss)
        card.stepped.connect(self._move_focus)
        return card

    def _remove_card(self, card: ProposalCard) -> None:
        self._list_layout.removeWidget(card)
        card.hide()
        card.deleteLater()

    def _move_focus(self, by: int) -> None:
        focused = next((n for n, card in enumerate(self._cards) if card.hasFocus()), 0)
        self._focus(focused + by)

    def _focus(self, index: int) -> None:
        if not self._cards:
            self.finished.emit()
            return
        card = self._cards[min(max(index, 0), len(self._cards) - 1)]
        card.setFocus(Qt.FocusReason.OtherFocusReason)
        self.area.ensureWidgetVisible(card)

    # Deciding

    def _accept(self, proposal: AnyProposal) -> None:
        closes = isinstance(proposal, RecoveryProposal)
        label = N_("Close toxicity") if closes else N_("Accept grade")
        saved: list[Toxicity] = []

        def work(step: Step) -> None:
            saved.append(review.accept(step, proposal))

        if take_step(self, self._session, label, work):
            self._finish_decision(proposal, _saved_text(saved[0]))

    def _edit(self, proposal: AnyProposal) -> None:
        if isinstance(proposal, RecoveryProposal):
            saved = RecoveryForm.ask(self, self._session, proposal)
        else:
            saved = ProposedToxicityForm.ask(self, self._session, proposal)
        if saved is not None:
            self._finish_decision(proposal, _saved_text(saved))

    def _dismiss(self, proposal: AnyProposal) -> None:
        closes = isinstance(proposal, RecoveryProposal)
        reason = DismissForm.ask(self, proposal_text(proposal), closes)
        if reason is None:
            return

        def work(step: Step) -> None:
            review.dismiss(step, proposal, reason)

        label = N_("Dismiss recovery") if closes else N_("Dismiss grade")
        if take_step(self, self._session, label, work):
            text = _("Dismissed: {proposal}.").format(proposal=proposal_text(proposal))
            self._finish_decision(proposal, text)

    def _restore(self, dismissal: Dismissal) -> None:
        take_step(
            self,
            self._session,
            N_("Restore proposed recovery")
            if dismissal.toxicity_id
            else N_("Restore proposed grade"),
            lambda step: rows.remove(step, dismissal),
            _("Restored: {proposal}.").format(proposal=dismissal_text(dismissal)),
            opened=(dismissal,),
        )

    def _finish_decision(self, proposal: AnyProposal, text: str) -> None:
        """Remove the card at once, so that nothing is decided twice, and offer to undo."""
        index = next(
            (n for n, card in enumerate(self._cards) if card.proposal.key == proposal.key), None
        )
        notice_with_undo(self, self._session, text)
        if index is None:
            return
        self._remove_card(self._cards.pop(index))
        self.count.setText(str(len(self._cards)))
        self._focus(index)
        self._show_parts()


def _saved_text(saved: Toxicity) -> str:
    if saved.resolved_on:
        text = _("Closed on {date}: {term}, grade {grade}.")
        return text.format(date=date_text(saved.resolved_on), term=saved.label, grade=saved.grade)
    return _("Recorded: {term}, grade {grade}.").format(term=saved.label, grade=saved.grade)

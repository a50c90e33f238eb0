"""How many proposals there are to review: as text, and as a line with a Review button."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QWidget

from gui.style import theme
from gui.widgets.card import button
from gui.widgets.layout import label, row
from model.grading.recovery import RecoveryProposal
from model.grading.review import AnyProposal
from model.language import _, ngettext


class ToReview(QFrame):
    """The line `2 proposed grades to review` with a button; hidden if there are none."""

    review_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        theme.set_kind(self, "card")
        self.text = label("", "strong")
        self.button = button(_("Revie&w"), "link")
        self.button.clicked.connect(self.review_requested)
        row(self.text, self.button, 1, spacing=6, margins=(14, 6, 10, 6), of=self)
        self.hide()

    def show_proposals(self, proposals: Sequence[AnyProposal]) -> None:
        """Show how many proposals there are, or hide the line."""
        text = review_text(proposals)
        self.text.setText(text)
        self.button.setAccessibleName(_("Review: {proposals}").format(proposals=text))
        self.setVisible(bool(text))


def review_text(proposals: Sequence[AnyProposal]) -> str:
    """Return how many proposals there are to review, without a full stop; empty for none."""
    n = len(proposals)
    recoveries = sum(isinstance(each, RecoveryProposal) for each in proposals)
    if not n:
        return ""
    if not recoveries:
        text = ngettext("{n} proposed grade to review", "{n} proposed grades to review", n)
    elif recoveries == n:
        text = ngettext("{n} toxicity to close", "{n} toxicities to close", n)
    else:
        text = ngettext("{n} proposal to review", "{n} proposals to review", n)
    return text.format(n=n)

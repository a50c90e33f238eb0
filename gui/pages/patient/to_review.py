"""How much there is to review, in words and as a line with the way to it."""

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
    """A line above a table: `2 proposed grades to review`, and a button; hidden for none."""

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
        """Show how many there are."""
        text = review_text(proposals)
        self.text.setText(text)
        self.button.setAccessibleName(_("Review: {what}").format(what=text))
        self.setVisible(bool(text))


def review_text(proposals: Sequence[AnyProposal]) -> str:
    """Return how much there is to review, without a full stop; empty for nothing."""
    n = len(proposals)
    closing = sum(isinstance(one, RecoveryProposal) for one in proposals)
    if not n:
        return ""
    if not closing:
        text = ngettext("{n} proposed grade to review", "{n} proposed grades to review", n)
    elif closing == n:
        text = ngettext("{n} toxicity to close", "{n} toxicities to close", n)
    else:
        text = ngettext("{n} proposal to review", "{n} proposals to review", n)
    return text.format(n=n)

"""The question before implausible results are saved: are they right, and why?"""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QLineEdit, QWidget

from gui.widgets.layout import label
from gui.widgets.messages import MessageBox
from model.language import _, ngettext

DOUBTED = ("value", "lln", "uln")
"""The fields of a result that may be implausible."""


class DoubtBox(MessageBox):
    """Asks about implausible results; `reason` is the field for why they are right."""

    def __init__(self, parent: QWidget | None, doubts: Sequence[str]) -> None:
        """A box with one sentence for each result."""
        heading = ngettext(
            "Is this value right?", "Are these {n} values right?", len(doubts)
        ).format(n=len(doubts))
        detail = _(
            "Saved without a reason, they are kept and marked, but not graded, drawn or counted."
        )
        super().__init__(parent, heading, "\n".join(doubts))
        self.reason = QLineEdit()
        self.reason.setPlaceholderText(_("Measured twice, confirmed by the laboratory …"))
        self.reason.textChanged.connect(self._follow_reason)
        words = label(_("&Right because"))
        words.setBuddy(self.reason)
        for widget in (words, self.reason, label(detail, "hint", wrap=True, plain=True)):
            self.add(widget)
        self._confirm = self.add_button(_("Save as confirmed"), "primary", answer=True)
        self._save = self.add_button(_("Save unconfirmed"), answer=True)
        self.add_button(_("Change"), answer=False).setFocus()
        self._follow_reason()

    def ask_reason(self) -> str | None:
        """Show the box and wait; return the reason, empty to save unconfirmed, None to change."""
        return self.reason.text().strip() if self.ask() else None

    def _follow_reason(self) -> None:
        has_reason = bool(self.reason.text().strip())
        self._confirm.setEnabled(has_reason)
        self._save.setEnabled(not has_reason)

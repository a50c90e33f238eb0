"""Why a proposed grade is turned down."""

from __future__ import annotations

from PySide6.QtWidgets import QLabel, QWidget

from gui.fields.choice import ChoiceField
from gui.fields.text import TextField
from gui.forms.form import Form
from gui.style import theme
from model.errors import InvalidRecord
from model.language import _

OTHER = "Other"
REASONS = (
    "Pre-existing",
    "Sampling or laboratory error",
    "Not clinically relevant",
    "Has another cause",
    "Recorded under another term",
    OTHER,
)
"""Kept in the casebook as they stand here."""


class DismissForm(Form[str]):
    """Asks for a usual reason, with more words if wanted; gives them as one text."""

    def __init__(self, parent: QWidget | None, what: str) -> None:
        """A form about the proposal that is called `what`."""
        super().__init__(parent, _("Dismiss the proposed grade"), save_text=_("&Dismiss"))
        self.add_section()
        words = QLabel(what)
        words.setWordWrap(True)
        theme.set_kind(words, "strong")
        self.add_wide(words)
        reasons = [(reason, reason) for reason in REASONS]
        self.reason = self.add_row(_("&Reason"), ChoiceField(reasons, required=True))
        self.words = self.add_row(
            _("&In words"), TextField(placeholder=_("If there is more to say")), "words"
        )
        kept = QLabel(
            _("It is not proposed again for this result. It can be restored at any time.")
        )
        kept.setWordWrap(True)
        theme.set_kind(kept, "hint")
        self.add_wide(kept)

    def save(self) -> str:
        """The reason and the words; nothing is written here."""
        reason, words = self.reason.value(), self.words.value()
        if reason == OTHER:
            if not words:
                raise InvalidRecord({"words": _("Say which other reason it is.")})
            return words
        return f"{reason}: {words}" if words else reason or ""

"""Forms for a proposed grade: accept it as edited, or dismiss it with a reason."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from PySide6.QtWidgets import QLabel, QWidget

from gui.fields.choice import ChoiceField
from gui.fields.text import TextField
from gui.forms.form import Form
from gui.forms.toxicity import ToxicityForm
from gui.session.session import Session
from gui.style import theme
from model.errors import InvalidRecord
from model.grading import proposals
from model.grading.proposals import Proposal
from model.language import _
from model.records.life import life_of
from model.records.toxicities import Toxicity
from model.store.step import Step


class ProposedToxicityForm(ToxicityForm):
    """Filled with what is proposed: `ProposedToxicityForm.ask(parent, session, proposal)`.

    Saving accepts the proposal as it was edited, in one step: what it replaces is closed, and the
    toxicity is tied to its result.
    """

    TITLES = (_("Edit the proposed grade"), _("Edit the proposed grade"))
    STEPS = ("Accept grade", "Accept grade")

    def __init__(self, parent: QWidget | None, session: Session, proposal: Proposal) -> None:
        reader, patient_id = session.casebook, proposal.result.patient_id
        life = life_of(reader, patient_id)
        cycle_id = proposals.cycle_id_of(reader, proposal, life)
        self._proposal = proposal
        self._begun = proposals.as_toxicity(proposal, life, cycle_id)
        super().__init__(parent, session, patient_id, begun=self._begun)

    def record(self) -> Toxicity:
        """What is entered, with what ties it to its result."""
        entered: dict[str, Any] = self.entered()
        return replace(self._begun, **entered)

    def keep(self, step: Step, record: Toxicity) -> Toxicity:
        """Accept the proposal as this record."""
        return proposals.accept(step, self._proposal, record)


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

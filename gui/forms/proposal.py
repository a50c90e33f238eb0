"""Forms for a proposal: accept it as edited, or dismiss it with a reason."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtWidgets import QWidget

from gui.fields.choice import ChoiceField
from gui.fields.text import TextField
from gui.forms.form import Form
from gui.forms.toxicity import ToxicityForm
from gui.session.session import Session
from model.errors import InvalidRecord
from model.grading import proposals, recovery
from model.grading.proposals import Proposal
from model.grading.recovery import RecoveryProposal
from model.language import N_, _
from model.records.life import life_of
from model.records.toxicities import Toxicity


class ProposedToxicityForm(ToxicityForm):
    """Starts from the proposal: `ProposedToxicityForm.ask(parent, session, proposal)`.

    Saving accepts the proposal as edited, in one step: the toxicity that it replaces is closed,
    and the new one is linked to its result.
    """

    TITLES = (_("Edit the proposed grade"), _("Edit the proposed grade"))
    STEPS = (N_("Accept grade"), N_("Accept grade"))

    def __init__(self, parent: QWidget | None, session: Session, proposal: Proposal) -> None:
        reader, patient_id = session.casebook, proposal.result.patient_id
        life = life_of(reader, patient_id)
        cycle_id = proposals.cycle_id_of(reader, proposal, life)
        self._proposal = proposal
        self._begun = proposals.as_toxicity(proposal, life, cycle_id)
        super().__init__(parent, session, patient_id, begun=self._begun)

    def record(self) -> Toxicity:
        """Return the record as entered, linked to its result."""
        return replace(self._begun, **self.entered())

    def save(self) -> Toxicity:
        """Accept the proposal as entered, in one step."""
        record = self.record()
        return self.take_step(
            self.STEPS[0], lambda step: proposals.accept(step, self._proposal, record)
        )


class RecoveryForm(ToxicityForm):
    """Shows the toxicity as closed: `RecoveryForm.ask(parent, session, proposal)`."""

    TITLES = (_("Close the toxicity"), _("Close the toxicity"))
    STEPS = (N_("Close toxicity"), N_("Close toxicity"))

    def __init__(
        self, parent: QWidget | None, session: Session, proposal: RecoveryProposal
    ) -> None:
        self._proposal = proposal
        closed = recovery.as_closed(proposal)
        super().__init__(parent, session, closed.patient_id, closed)
        self.opened = proposal.toxicity

    def save(self) -> Toxicity:
        """Save the toxicity as entered, in one step."""
        record = self.record()
        self.confirm(self._questions(record))
        return self.take_step(
            self.STEPS[0], lambda step: recovery.accept(step, self._proposal, record)
        )


OTHER = N_("Other")
REASONS = (
    N_("Pre-existing"),
    N_("Sampling or laboratory error"),
    N_("Not clinically relevant"),
    N_("Has another cause"),
    N_("Recorded under another term"),
    OTHER,
)
RECOVERY_REASONS = (
    N_("After a transfusion or growth factor"),
    N_("Treatment still needed"),
    N_("Sampling or laboratory error"),
    N_("Not recovered by clinical judgement"),
    OTHER,
)
"""Stored in the casebook in English, as `REASONS`."""


class DismissForm(Form[str]):
    """Asks for a common reason and a comment; returns them as one text."""

    def __init__(self, parent: QWidget | None, what: str, of_recovery: bool = False) -> None:
        title = _("Dismiss the recovery") if of_recovery else _("Dismiss the proposed grade")
        super().__init__(parent, title, save_text=_("&Dismiss"))
        self.add_section()
        self.add_text(what, "strong")
        listed = RECOVERY_REASONS if of_recovery else REASONS
        reasons = [(reason, _(reason)) for reason in listed]
        self.reason = self.add_row("reason", _("&Reason"), ChoiceField(reasons, required=True))
        self.words = self.add_row(
            "words", _("&In words"), TextField(placeholder=_("If there is more to say"))
        )
        self.add_text(
            _("It is not proposed again for this result. It can be restored at any time.")
        )

    def save(self) -> str:
        """Return the reason with the comment; nothing is stored here."""
        reason, words = self.reason.value(), self.words.value()
        if reason == OTHER:
            if not words:
                raise InvalidRecord({"words": _("Enter the other reason.")})
            return words
        return f"{reason}: {words}" if words else reason or ""

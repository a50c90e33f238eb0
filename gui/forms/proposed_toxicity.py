"""The form of a proposed grade: a toxicity that a clinician makes out of a proposal."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from PySide6.QtWidgets import QWidget

from gui.forms.toxicity import ToxicityForm
from gui.session.session import Session
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

"""What waits for a clinician's decision: grades that results suggest, and toxicities to close."""

from __future__ import annotations

from model.grading import proposals, recovery
from model.grading.proposals import Proposal
from model.grading.recovery import RecoveryProposal
from model.records.patient_records import PatientRecords
from model.records.toxicities import Dismissal, Toxicity
from model.store.step import Step

AnyProposal = Proposal | RecoveryProposal


def to_review(patient: PatientRecords) -> list[AnyProposal]:
    """Return all proposals of a patient, newest first: tens of milliseconds, on any thread.

    A toxicity that a proposed grade would close is not also proposed as recovered.
    """
    grades = proposals.proposals(patient)
    replaced = {one.replaces.id for one in grades if one.replaces}
    closing = [one for one in recovery.recoveries(patient) if one.toxicity.id not in replaced]
    return sorted([*grades, *closing], key=lambda one: one.result.taken_on, reverse=True)


def accept(step: Step, proposal: AnyProposal) -> Toxicity:
    """Record a proposed grade, or close the toxicity that has recovered.

    Raises Conflict when the proposal is out of date or was decided on, InvalidRecord when a rule is
    broken.
    """
    if isinstance(proposal, RecoveryProposal):
        return recovery.accept(step, proposal)
    return proposals.accept(step, proposal)


def dismiss(step: Step, proposal: AnyProposal, reason: str | None = None) -> Dismissal:
    """Dismiss a proposal; it is not made again for this result. Raises Conflict as `accept`."""
    if isinstance(proposal, RecoveryProposal):
        return recovery.dismiss(step, proposal, reason)
    return proposals.dismiss(step, proposal, reason)

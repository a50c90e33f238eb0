"""All proposals that wait for a clinician's decision: grades, and toxicities to be closed."""

from __future__ import annotations

from model.grading import proposals, recovery
from model.grading.proposals import Proposal
from model.grading.recovery import RecoveryProposal
from model.records.patient_records import PatientRecords
from model.records.toxicities import Dismissal, Toxicity
from model.store.step import Step

AnyProposal = Proposal | RecoveryProposal


def proposals_to_review(patient: PatientRecords) -> list[AnyProposal]:
    """Return all proposals of a patient, newest first.

    A toxicity that a proposed grade would close is not also proposed as recovered. This takes tens
    of milliseconds, and may be called on any thread.
    """
    grades = proposals.propose_grades(patient)
    replaced_ids = {proposal.replaces.id for proposal in grades if proposal.replaces}
    recoveries = [
        proposal
        for proposal in recovery.propose_recoveries(patient)
        if proposal.toxicity.id not in replaced_ids
    ]
    both: list[AnyProposal] = [*grades, *recoveries]
    return sorted(both, key=lambda proposal: proposal.result.taken_on, reverse=True)


def accept(step: Step, proposal: AnyProposal) -> Toxicity:
    """Record a proposed grade, or close the toxicity that has recovered.

    Raises Conflict when the proposal is out of date or was decided on, InvalidRecord when a rule is
    broken.
    """
    if isinstance(proposal, RecoveryProposal):
        return recovery.accept(step, proposal)
    return proposals.accept(step, proposal)


def dismiss(step: Step, proposal: AnyProposal, reason: str | None = None) -> Dismissal:
    """Dismiss a proposal; it is not made again for this result.

    Raises Conflict when the proposal is out of date or was decided on.
    """
    if isinstance(proposal, RecoveryProposal):
        return recovery.dismiss(step, proposal, reason)
    return proposals.dismiss(step, proposal, reason)

"""The patient whose page is open: all records in one snapshot, and what is to review."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Signal

from gui.session.background import Background, Job
from gui.session.session import Session
from model.grading.review import AnyProposal, proposals_to_review
from model.records import patient_records
from model.records.patient_records import PatientRecords
from model.records.toxicities import Dismissal
from model.store.step import Change

_GRADED_FROM = frozenset(
    (
        *("lab_result", "laboratory_limit", "toxicity", "cycle", "administration", "therapy"),
        *("dismissal", "setting", "patient", "identity", "follow_up", "batch"),
    )
)
_RESULTS = frozenset(("lab_result", "batch", "laboratory_limit"))


class OpenPatient(QObject):
    """Loads a patient once, and once more after each change that concerns them.

    `loaded` is then emitted with the `Change`, or None if another patient was chosen. Proposals are
    computed off the GUI thread: `reviewed` is emitted when `proposals` or `dismissed` may differ,
    and `appeared` when changed results led to new proposals, with how many there are now.
    """

    loaded = Signal(object)
    reviewed = Signal()
    appeared = Signal(int)

    def __init__(
        self, session: Session, background: Background, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._background = background
        self._results_changed = False
        self.records: PatientRecords | None = None
        self.proposals: tuple[AnyProposal, ...] = ()
        self.graded: PatientRecords | None = None
        """The records that `proposals` were made from."""
        # Proposals can wait until the page has been painted, and one run covers many changes.
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(0)
        self._soon.timeout.connect(self._propose)
        session.changed.connect(self._follow)

    @property
    def id(self) -> int | None:
        """The patient's id; None without a patient."""
        return self.records.id if self.records else None

    @property
    def dismissed(self) -> tuple[Dismissal, ...]:
        """The proposals that were dismissed, oldest first."""
        return self.graded.dismissals if self.graded else ()

    def show_patient(self, patient_id: int | None) -> None:
        """Load another patient, or none; proposals of the previous patient are dropped."""
        if patient_id != self.id:
            self._forget_proposals()
        self._load(patient_id)
        self._soon.start()
        self.loaded.emit(None)

    def leave(self) -> None:
        """Stop following the casebook, which is about to be closed."""
        self._soon.stop()
        self._session.changed.disconnect(self._follow)
        self._background.cancel(self)

    def _follow(self, change: Change) -> None:
        if not change.concerns(self.id):
            return
        if change.concerns(self.id, _GRADED_FROM):
            self._results_changed |= change.concerns(self.id, _RESULTS)
            self._soon.start()
        self._load(self.id)
        if self.records is None:
            self._forget_proposals()
        self.loaded.emit(change)

    def _load(self, patient_id: int | None) -> None:
        # If the patient cannot be loaded, none is open, rather than the previous one.
        self.records = None
        if patient_id is not None:
            self.records = patient_records.load(self._session.casebook, patient_id)

    def _forget_proposals(self) -> None:
        self._background.cancel(self)
        self._results_changed = False
        self.graded = None
        self.proposals = ()
        self.reviewed.emit()

    def _propose(self) -> None:
        if (records := self.records) is None:
            return

        def work(_job: Job) -> list[AnyProposal]:
            return proposals_to_review(records)

        self._background.run(
            self, work, lambda found: self._take(records, found), replaces="proposals"
        )

    def _take(self, records: PatientRecords, found: list[AnyProposal]) -> None:
        before = {proposal.key for proposal in self.proposals}
        self.graded, self.proposals = records, tuple(found)
        self.reviewed.emit()
        if self._results_changed and any(proposal.key not in before for proposal in found):
            self.appeared.emit(len(found))
        self._results_changed = False

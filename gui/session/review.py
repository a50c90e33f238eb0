"""What waits for a clinician's decision on the patient who is shown, always as of now."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Signal

from gui.session.background import Background, Job
from gui.session.session import Session
from model.grading.proposals import Proposal, proposals
from model.records.dismissals import Dismissal
from model.records.patient_records import PatientRecords, load
from model.store.step import Change

_RESTS_ON = frozenset(
    ("lab_result", "toxicity", "cycle", "dismissal", "setting", "patient", "batch")
)
_RESULTS = frozenset(("lab_result", "batch"))


class Review(QObject):
    """The proposals of one patient, made anew off the GUI thread when their records change.

    `changed` follows whenever `proposals` or `dismissed` are others. `appeared` follows when a
    change of results has made proposals that were not there before, with how many there are now.
    """

    changed = Signal()
    appeared = Signal(int)

    def __init__(
        self, session: Session, background: Background, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._background = background
        self._patient_id: int | None = None
        self._results_changed = False
        self._records: PatientRecords | None = None
        self.proposals: tuple[Proposal, ...] = ()
        # What stands before the page has been painted can wait, and one reading does for many.
        self._soon = QTimer(self)
        self._soon.setSingleShot(True)
        self._soon.setInterval(0)
        self._soon.timeout.connect(self._ask)
        session.changed.connect(self._follow)

    @property
    def dismissed(self) -> tuple[Dismissal, ...]:
        """What was turned down for this patient, oldest first."""
        return self._records.dismissals if self._records else ()

    @property
    def records(self) -> PatientRecords | None:
        """The patient's records that the proposals were made from."""
        return self._records

    def show_patient(self, patient_id: int | None) -> None:
        """Go over to another patient, or none; nothing is shown of the one before."""
        if patient_id != self._patient_id:
            self._background.cancel(self)
            self._patient_id = patient_id
            self._results_changed = False
            self._records = None
            self.proposals = ()
            self.changed.emit()
        self._soon.start()

    def leave(self) -> None:
        """Ask nothing any more: the casebook is about to be closed."""
        self._soon.stop()
        self._session.changed.disconnect(self._follow)
        self._background.cancel(self)

    def _follow(self, change: Change) -> None:
        if change.concerns(self._patient_id, _RESTS_ON):
            self._results_changed |= change.concerns(self._patient_id, _RESULTS)
            self._soon.start()

    def _ask(self) -> None:
        if self._patient_id is None:
            return
        records = load(self._session.casebook, self._patient_id)
        if records is None:
            return

        def work(_job: Job) -> tuple[PatientRecords, list[Proposal]]:
            return records, proposals(records)

        self._background.run(self, work, self._take, replaces="proposals")

    def _take(self, made: tuple[PatientRecords, list[Proposal]]) -> None:
        before = {proposal.key for proposal in self.proposals}
        self._records, found = made
        self.proposals = tuple(found)
        self.changed.emit()
        are_new = any(proposal.key not in before for proposal in found)
        if self._results_changed and are_new:
            self.appeared.emit(len(found))
        self._results_changed = False

"""What the actions for the chosen patient do: record, edit, delete, review, print."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtWidgets import QWidget

from gui.pages.patient.record_forms import ask_labs, ask_like_last, ask_record
from gui.pages.patients.patient_page import PatientTab
from gui.pages.patients.patients_page import PatientsPage
from gui.session.background import Background
from gui.session.session import Session
from model.records import patients
from model.records.assessments import Assessment
from model.records.biopsies import Biopsy, Metastasis
from model.records.cycles import Treatment
from model.records.followups import FollowUp
from model.records.notes import Note, QualityOfLife
from model.records.outcome.ends_of_treatment import EndOfTreatment
from model.records.therapies import Therapy
from model.records.toxicities import Toxicity

AskNew = Callable[[QWidget, Session, int], object]

RECORDS: tuple[tuple[str, PatientTab, AskNew], ...] = (
    ("cycle.new", PatientTab.CYCLES, partial(ask_record, Treatment)),
    ("cycle.again", PatientTab.CYCLES, ask_like_last),
    ("labs.new", PatientTab.LABS, ask_labs),
    ("toxicity.new", PatientTab.TOXICITIES, partial(ask_record, Toxicity)),
    ("assessment.new", PatientTab.IMAGING, partial(ask_record, Assessment)),
    ("biopsy.new", PatientTab.HISTORY, partial(ask_record, Biopsy)),
    ("therapy.new", PatientTab.HISTORY, partial(ask_record, Therapy)),
    ("metastasis.new", PatientTab.HISTORY, partial(ask_record, Metastasis)),
    ("end.new", PatientTab.HISTORY, partial(ask_record, EndOfTreatment)),
    ("followup.new", PatientTab.HISTORY, partial(ask_record, FollowUp)),
    ("note.new", PatientTab.NOTES, partial(ask_record, Note)),
    ("quality.new", PatientTab.NOTES, partial(ask_record, QualityOfLife)),
)
"""The action of each kind of record, the tab that shows it, and what opens its form."""


class PatientActions:
    """The functions that the actions for patients run."""

    def __init__(
        self,
        window: QWidget,
        session: Session,
        background: Background,
        place: PatientsPage,
        show_place: Callable[[], None],
    ) -> None:
        """Act on the chosen patient of `place`; `window` is the parent of dialogs."""
        self._window = window
        self._session = session
        self._background = background
        self._place = place
        self._show_place = show_place

    def bindings(self) -> dict[str, Callable[[], object]]:
        """Return the function that each action runs, by the id of the action."""
        return {
            "patient.new": self._add_patient,
            "patient.edit": self._edit_patient,
            "patient.delete": self._delete_patient,
            "patient.erase": self._erase_patient,
            "patient.summary": self._save_summary,
            "cycle.worksheet": self._print_worksheet,
            "review.start": self._review_grades,
            "patient.regrade": self._regrade,
            **{action_id: partial(self._add_record, tab, ask) for action_id, tab, ask in RECORDS},
            **{f"tab.{tab + 1}": partial(self._open_tab, tab) for tab in PatientTab},
        }

    def _add_record(self, tab: PatientTab, ask: AskNew) -> None:
        """Open the form for a new record, and then the tab that shows it."""
        self._show_place()
        patient_id = self._place.patient_id()
        if patient_id is None:
            return
        saved = ask(self._window, self._session, patient_id)
        if saved:
            self._place.page.show_saved(tab, saved)
        else:
            self._place.page.enter()

    def _open_tab(self, tab: PatientTab) -> None:
        self._show_place()
        if self._place.patient_id() is not None:
            self._place.page.open_tab(tab)

    def _add_patient(self) -> None:
        from gui.forms.patient import PatientForm

        self._show_place()
        saved = PatientForm.ask(self._window, self._session)
        if saved is not None and saved.id is not None:
            self._place.open_patient(saved.id)
        self._place.focus_list()

    def _edit_patient(self) -> None:
        from gui.forms.patient import PatientForm

        patient_id = self._place.patient_id()
        patient = None
        if patient_id is not None:
            patient = patients.find(self._session.casebook, patient_id)
        if patient is not None:
            PatientForm.ask(self._window, self._session, patient)

    def _delete_patient(self) -> None:
        patient_id = self._place.patient_id()
        if patient_id is not None:
            self._place.ask_delete(patient_id)

    def _erase_patient(self) -> None:
        """Ask for the code and a reason, then erase the patient off the GUI thread."""
        from gui.pages.dialogs.erase import EraseForm, show_report

        patient_id = self._place.patient_id()
        patient = patients.find(self._session.casebook, patient_id) if patient_id else None
        if patient is None or patient_id is None:
            return
        reason = EraseForm.ask(self._window, patient.code)
        if reason is None:
            return
        self._session.erase(
            self._background,
            self._place,
            patient_id,
            reason,
            lambda erased: show_report(self._window, erased),
        )

    def _print_worksheet(self) -> None:
        from gui.pages.patient.cycles.page import CyclesPage

        self._open_tab(PatientTab.CYCLES)
        if self._place.patient_id() is not None:
            page = self._place.page.tab(PatientTab.CYCLES)
            if isinstance(page, CyclesPage):
                page.print_worksheet()

    def _save_summary(self) -> None:
        from gui.pages.patient.summary_action import save_summary

        patient_id = self._place.patient_id()
        if patient_id is not None:
            save_summary(self._window, self._session, self._background, patient_id)

    def _review_grades(self) -> None:
        self._show_place()
        if self._place.patient_id() is not None:
            self._place.page.review_grades()

    def _regrade(self) -> None:
        from gui.pages.dialogs.regrade import RegradeDialog

        patient_id = self._place.patient_id()
        if patient_id is not None:
            RegradeDialog.ask(self._window, self._session, self._background, patient_id)

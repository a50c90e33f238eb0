"""Open the form for each kind of record. A form is imported when it is first opened."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from PySide6.QtWidgets import QWidget

from gui.session.session import Session
from model.records.assessments import Assessment
from model.records.biopsies import Biopsy, Metastasis
from model.records.cycles import Treatment
from model.records.followups import FollowUp
from model.records.labs import LabResult
from model.records.notes import Note, QualityOfLife
from model.records.outcome.ends_of_treatment import EndOfTreatment
from model.records.therapies import Therapy
from model.records.toxicities import Toxicity

if TYPE_CHECKING:
    from datetime import date

    from gui.forms.form import Form

R = TypeVar("R")


def ask_record(
    kind: type[R], parent: QWidget, session: Session, patient_id: int, record: R | None = None
) -> R | None:
    """Open the form for a record, or for a new one; return the saved record, if any."""
    saved: R | None = _form_of(kind).ask(parent, session, patient_id, record)
    return saved


def ask_like_last(parent: QWidget, session: Session, patient_id: int) -> Treatment | None:
    """Open the form for a new cycle, filled in as planned for the patient's last cycle."""
    return _form_of(Treatment).ask(parent, session, patient_id, like_last=True)


def ask_labs(
    parent: QWidget, session: Session, patient_id: int, taken_on: date | None = None
) -> object:
    """Open the form for all results of a day, or of a new day if none is given."""
    from gui.forms.labs.day import LabsForm

    return LabsForm.ask(parent, session, patient_id, taken_on)


def _form_of(kind: type) -> type[Form[Any]]:
    if kind is Treatment:
        from gui.forms.cycle import CycleForm

        return CycleForm
    if kind is LabResult:
        from gui.forms.labs.result import LabResultForm

        return LabResultForm
    if kind is Toxicity:
        from gui.forms.toxicity import ToxicityForm

        return ToxicityForm
    if kind is Assessment:
        from gui.forms.assessment import AssessmentForm

        return AssessmentForm
    if kind is Biopsy:
        from gui.forms.biopsy import BiopsyForm

        return BiopsyForm
    if kind is Metastasis:
        from gui.forms.biopsy import MetastasisForm

        return MetastasisForm
    if kind is Therapy:
        from gui.forms.therapy import TherapyForm

        return TherapyForm
    if kind is FollowUp:
        from gui.forms.follow_up import FollowUpForm

        return FollowUpForm
    if kind is EndOfTreatment:
        from gui.forms.follow_up import EndOfTreatmentForm

        return EndOfTreatmentForm
    if kind is Note:
        from gui.forms.note import NoteForm

        return NoteForm
    if kind is QualityOfLife:
        from gui.forms.note import QualityOfLifeForm

        return QualityOfLifeForm
    raise TypeError(f"{kind.__name__} has no form.")

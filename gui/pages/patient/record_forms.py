"""Open the form of each kind of record; the form is imported when it is first opened."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol, TypeVar

from PySide6.QtWidgets import QWidget

from gui.session.session import Session

if TYPE_CHECKING:
    from datetime import date

    from gui.forms.form import Form
    from model.records.assessments import Assessment
    from model.records.biopsies import Biopsy, Metastasis
    from model.records.cycles import Treatment
    from model.records.followups import FollowUp
    from model.records.labs import LabResult
    from model.records.notes import Note, QualityOfLife
    from model.records.therapies import Therapy
    from model.records.toxicities import Toxicity

R = TypeVar("R")


class AskForm(Protocol[R]):
    """Opens a form in front of `parent` and returns what was saved, or None."""

    def __call__(
        self, parent: QWidget, session: Session, patient_id: int, record: R | None = None
    ) -> R | None:
        """Edit a record of the patient, or enter a new one."""
        ...


def _opening(form: Callable[[], type[Form[R]]]) -> AskForm[R]:
    """Turn a function that imports a form into one that opens it."""

    def ask(
        parent: QWidget, session: Session, patient_id: int, record: R | None = None
    ) -> R | None:
        return form().ask(parent, session, patient_id, record)

    return ask


@_opening
def ask_cycle() -> type[Form[Treatment]]:
    """Open the form of a cycle; a new one is empty."""
    from gui.forms.cycle import CycleForm

    return CycleForm


@_opening
def ask_toxicity() -> type[Form[Toxicity]]:
    """Open the form of a toxicity."""
    from gui.forms.toxicity import ToxicityForm

    return ToxicityForm


@_opening
def ask_assessment() -> type[Form[Assessment]]:
    """Open the form of an assessment."""
    from gui.forms.assessment import AssessmentForm

    return AssessmentForm


@_opening
def ask_biopsy() -> type[Form[Biopsy]]:
    """Open the form of a biopsy."""
    from gui.forms.biopsy import BiopsyForm

    return BiopsyForm


@_opening
def ask_therapy() -> type[Form[Therapy]]:
    """Open the form of a therapy."""
    from gui.forms.therapy import TherapyForm

    return TherapyForm


@_opening
def ask_metastasis() -> type[Form[Metastasis]]:
    """Open the form of a metastasis."""
    from gui.forms.biopsy import MetastasisForm

    return MetastasisForm


@_opening
def ask_follow_up() -> type[Form[FollowUp]]:
    """Open the form of a follow-up."""
    from gui.forms.follow_up import FollowUpForm

    return FollowUpForm


@_opening
def ask_note() -> type[Form[Note]]:
    """Open the form of a note."""
    from gui.forms.note import NoteForm

    return NoteForm


@_opening
def ask_quality_of_life() -> type[Form[QualityOfLife]]:
    """Open the form of a quality-of-life entry."""
    from gui.forms.note import QualityOfLifeForm

    return QualityOfLifeForm


@_opening
def ask_lab_result() -> type[Form[LabResult]]:
    """Open the form of one laboratory result."""
    from gui.forms.labs.result import LabResultForm

    return LabResultForm


def ask_like_last(parent: QWidget, session: Session, patient_id: int) -> Treatment | None:
    """Open the form of a new cycle that is planned like the patient's last."""
    from gui.forms.cycle import CycleForm

    return CycleForm.ask(parent, session, patient_id, like_last=True)


def ask_labs(
    parent: QWidget, session: Session, patient_id: int, taken_on: date | None = None
) -> object:
    """Open the form of the results of a day; of a new day without one."""
    from gui.forms.labs.day import LabsForm

    return LabsForm.ask(parent, session, patient_id, taken_on)

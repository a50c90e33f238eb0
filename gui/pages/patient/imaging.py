"""The Imaging tab: what imaging showed, and the response it was read as."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtWidgets import QWidget

from gui.pages.patient.record_card import Kind
from gui.pages.patient.tab import Tab
from gui.row_table import RIGHT, Column
from gui.session import Session
from gui.words import number_text, words
from model import assessments, records
from model.assessments import Assessment
from model.dates import shown

_TONES = {"CR": "good", "PR": "good", "SD": "", "PD": "alert", "NE": "soft"}


class ImagingPage(Tab):
    """A patient's assessments, oldest first."""

    def __init__(self, session: Session, parent: QWidget | None = None) -> None:
        super().__init__(session, parent)
        kind: Kind[Assessment] = Kind(
            title=self.tr("Imaging"),
            add_text=self.tr("New assessment…"),
            empty=self.tr("No imaging yet. Add the first assessment with Ctrl+Shift+A."),
            delete_label=self.tr("Delete assessment"),
            columns=self._columns(),
            of_patient=assessments.of_patient,
            ask_form=ask_assessment,
            remove=records.remove,
            told=lambda each: self.tr("The assessment of %s") % shown(each.assessed_on),
        )
        self.fill((self.card(kind), 1))

    def _columns(self) -> Sequence[Column[Assessment]]:
        return (
            Column(
                self.tr("Date"),
                lambda each: shown(each.assessed_on),
                lambda each: each.assessed_on,
            ),
            Column(
                self.tr("Response"),
                lambda each: each.response or "–",
                tone=lambda each: _TONES.get(each.response or "", "soft"),
            ),
            Column(self.tr("Timepoint"), lambda each: words(each.timepoint)),
            Column(self.tr("Modality"), lambda each: words(each.modality)),
            Column(self.tr("Criteria"), lambda each: each.criteria or "", optional=True),
            Column(
                self.tr("After cycle"),
                self._after_cycle,
                lambda each: each.after_cycle,
                optional=True,
            ),
            Column(
                self.tr("Sum, mm"),
                lambda each: number_text(each.sum_of_diameters_mm),
                lambda each: each.sum_of_diameters_mm,
                align=RIGHT,
                optional=True,
            ),
            Column(
                "SUVmax",
                lambda each: number_text(each.suvmax),
                lambda each: each.suvmax,
                align=RIGHT,
                optional=True,
            ),
            Column(
                "Krenning",
                lambda each: number_text(each.krenning),
                lambda each: each.krenning,
                align=RIGHT,
                optional=True,
            ),
            Column("NETPET", lambda each: each.netpet or "", optional=True),
            Column(
                self.tr("Comment"),
                lambda each: each.comment or "",
                tone=lambda _each: "soft",
                stretch=True,
            ),
        )

    def _after_cycle(self, assessment: Assessment) -> str:
        if assessment.after_cycle is None:
            return ""
        return f"C{assessment.after_cycle}" if assessment.after_cycle else self.tr("before C1")


def ask_assessment(
    parent: QWidget, session: Session, patient_id: int, assessment: Assessment | None
) -> object:
    """Open the form of an assessment."""
    from gui.forms.assessment import AssessmentForm

    return AssessmentForm.ask(parent, session, patient_id, assessment)

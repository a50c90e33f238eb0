"""The form of a site of metastasis."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from gui.fields.choice import OpenChoiceField
from gui.fields.dates import PartialDateField
from gui.fields.text import MultilineField
from gui.forms.record_form import RecordForm, choices
from gui.session.session import Session
from model.language import _
from model.records import biopsies
from model.records.biopsies import METASTASIS_SITES, Metastasis
from model.store.step import Step


class MetastasisForm(RecordForm[Metastasis]):
    """One site: `MetastasisForm.ask(parent, session, patient_id, metastasis)` gives it saved."""

    KIND = Metastasis
    TITLES = (_("New metastasis"), _("Edit metastasis"))
    STEPS = ("Add metastasis", "Edit metastasis")

    def __init__(
        self,
        parent: QWidget | None,
        session: Session,
        patient_id: int,
        metastasis: Metastasis | None = None,
    ) -> None:
        super().__init__(parent, session, patient_id, metastasis)
        there = {known.site for known in biopsies.metastases_of(session.casebook, patient_id)}
        if metastasis is not None:
            there.discard(metastasis.site)
        offered = choices([site for site in METASTASIS_SITES if site not in there])
        self.add_section()
        self.add_row(_("S&ite"), OpenChoiceField(offered, required=True), "site")
        self.add_row(_("&Found"), PartialDateField(today=self.today), "found_on")
        self.add_row(_("&Comment"), MultilineField(lines=2), "comment")
        self.fill(metastasis)

    def keep(self, step: Step, record: Metastasis) -> Metastasis:
        """Save the metastasis."""
        return biopsies.save_metastasis(step, record)

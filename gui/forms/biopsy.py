"""Forms of a biopsy and of a site of metastasis."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from gui.fields.choice import ChoiceField, OpenChoiceField
from gui.fields.dates import PartialDateField
from gui.fields.number import NumberField
from gui.fields.text import MultilineField
from gui.forms.record_form import RecordForm, choices
from gui.session.session import Session
from model.language import _
from model.records import biopsies
from model.records.biopsies import (
    DIFFERENTIATIONS,
    EVENTS,
    METASTASIS_SITES,
    WHO_GRADES,
    Biopsy,
    Metastasis,
)
from model.records.patients import PRIMARY_SITES
from model.store.step import Step


class BiopsyForm(RecordForm[Biopsy]):
    """One histology: `BiopsyForm.ask(parent, session, patient_id, biopsy)` gives it as saved."""

    KIND = Biopsy
    TITLES = (_("New biopsy"), _("Edit biopsy"))
    STEPS = ("Add biopsy", "Edit biopsy")

    def __init__(
        self,
        parent: QWidget | None,
        session: Session,
        patient_id: int,
        biopsy: Biopsy | None = None,
    ) -> None:
        super().__init__(parent, session, patient_id, biopsy)
        self.add_section()
        self.add_row(_("&Date"), PartialDateField(today=self.today), "taken_on")
        self.add_row(_("&Event"), OpenChoiceField(choices(EVENTS)), "event")
        sites = dict.fromkeys((*PRIMARY_SITES, *METASTASIS_SITES))
        sites.pop("other")
        self.add_row(_("S&ite"), OpenChoiceField(choices(tuple(sites))), "site")
        self.add_section(_("Histology"))
        grades = [(grade, grade) for grade in WHO_GRADES]
        self.add_row(_("&WHO grade"), ChoiceField(grades), "who_grade")
        kinds = choices(DIFFERENTIATIONS)
        self.add_row(_("Di&fferentiation"), OpenChoiceField(kinds), "differentiation")
        percent = NumberField(unit="%", minimum=0, maximum=100)
        self.add_row(_("&Ki-67"), percent, "ki67_percent")
        mitoses = NumberField(unit=_("per 2 mm²"), minimum=0)
        self.add_row(_("&Mitoses"), mitoses, "mitoses_per_2mm2")
        self.add_row(_("&Comment"), MultilineField(lines=2), "comment")
        first = not biopsies.of_patient(session.casebook, patient_id)
        self.fill(biopsy, event="diagnosis" if first else "rebiopsy")

    def keep(self, step: Step, record: Biopsy) -> Biopsy:
        """Save the biopsy."""
        return biopsies.save(step, record)


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

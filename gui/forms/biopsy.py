"""Forms of a biopsy and of a site of metastasis."""

from __future__ import annotations

from typing import Any

from gui.fields.choice import ChoiceField
from gui.fields.dates import PartialDateField
from gui.fields.ki67 import Ki67Field
from gui.fields.number import NumberField
from gui.fields.text import MultilineField
from gui.forms.record_form import RecordForm
from model.language import N_, _
from model.records import biopsies, kinds
from model.records.biopsies import (
    DIFFERENTIATIONS,
    EVENTS,
    METASTASIS_SITES,
    PRIMARY_SITES,
    WHO_GRADES,
    Biopsy,
    Metastasis,
)
from model.reference.proliferation import Ki67


class BiopsyForm(RecordForm[Biopsy]):
    """One biopsy; the first of a patient is that of diagnosis unless another event is chosen."""

    KIND = Biopsy
    TITLES = (_("New biopsy"), _("Edit biopsy"))
    STEPS = (N_("Add biopsy"), N_("Edit biopsy"))
    SAVE = staticmethod(biopsies.save)

    def add_rows(self) -> None:
        """Add date and site, then the histology."""
        sites = dict.fromkeys((*PRIMARY_SITES, *METASTASIS_SITES))
        sites.pop("other")
        self.add_section()
        self.add_row("taken_on", _("&Date"), PartialDateField(today=self.today))
        self.add_row("event", _("&Event"), self.open_field("event", EVENTS))
        self.add_row("site", _("S&ite"), self.open_field("site", tuple(sites)))
        self.add_section(_("Histology"))
        grades = [(grade, grade) for grade in WHO_GRADES]
        self.add_row("who_grade", _("&WHO grade"), ChoiceField(grades))
        kinds = self.open_field("differentiation", DIFFERENTIATIONS)
        self.add_row("differentiation", _("Di&fferentiation"), kinds)
        self.add_row("ki67", _("&Ki-67"), Ki67Field())
        mitoses = NumberField(unit=_("per 2 mm²"), minimum=0)
        self.add_row("mitoses_per_2mm2", _("&Mitoses"), mitoses)
        self.add_row("comment", _("&Comment"), MultilineField(lines=2))

    def first_values(self) -> dict[str, Any]:
        """Return the event that the biopsy is most likely taken at."""
        is_first = not kinds.of_patient(self.session.casebook, Biopsy, self.patient_id)
        return {"event": "diagnosis" if is_first else "rebiopsy"}

    def entered(self) -> dict[str, Any]:
        """Return the values of the fields, with Ki-67 as it was written and as a figure."""
        entered = super().entered()
        ki67: Ki67 | None = entered.pop("ki67")
        return entered | {
            "ki67_written": ki67.written if ki67 else None,
            "ki67_percent": ki67.figure if ki67 else None,
        }


class MetastasisForm(RecordForm[Metastasis]):
    """One site; the other sites of the patient are not offered again."""

    KIND = Metastasis
    TITLES = (_("New metastasis"), _("Edit metastasis"))
    STEPS = (N_("Add metastasis"), N_("Edit metastasis"))
    SAVE = staticmethod(biopsies.save_metastasis)

    def add_rows(self) -> None:
        """Add the site and when it was found."""
        others = {
            each.site
            for each in kinds.of_patient(self.session.casebook, Metastasis, self.patient_id)
            if self.old is None or each.site != self.old.site
        }
        sites = self.open_field("site", METASTASIS_SITES, required=True, without=others)
        self.add_section()
        self.add_row("site", _("S&ite"), sites)
        self.add_row("found_on", _("&Found"), PartialDateField(today=self.today))
        self.add_row("comment", _("&Comment"), MultilineField(lines=2))

"""Summary as PDF…: asks on which paper, with the name or without, and where to."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QLabel, QWidget

from gui.fields.choice import CheckField, ChoiceField
from gui.fields.text import TextField
from gui.forms.form import Form
from gui.forms.pdf_place import PAPERS, SUFFIX, PdfPlace, folder_beside, plain_name
from gui.reports.printing import Page
from gui.reports.summary_file import SummaryOptions
from gui.style import theme
from model.documents.summary import fresh_code
from model.language import _
from model.records.patients import Patient


class SummaryForm(Form[SummaryOptions]):
    """`SummaryForm.ask(parent, patient, casebook_path)` gives what is wanted; it writes no file."""

    def __init__(self, parent: QWidget | None, patient: Patient, casebook: Path) -> None:
        super().__init__(parent, _("Summary of %s as PDF") % patient.code, save_text=_("&Save PDF"))
        self._patient = patient
        self._code = fresh_code()
        self._folder = folder_beside(casebook)
        self.add_section()
        self.pseudonymised = self.add_row(
            _("Patient"),
            CheckField(_("&Pseudonymise: no names, no dates, no free text")),
            "pseudonymised",
        )
        self.page: ChoiceField[Page] = self.add_row(
            _("P&aper"), ChoiceField(PAPERS, required=True), "page"
        )
        self.page.set_value("A4")
        self.place = PdfPlace(
            self.add_row(_("&File"), TextField(required=True), "path"),
            self._suggested(patient.code),
            _("Choose where the summary is kept"),
            _("Save summary"),
            self,
        )
        self._words = QLabel()
        self._words.setWordWrap(True)
        theme.set_kind(self._words, "soft")
        self.add_wide(self._words)
        self.pseudonymised.changed.connect(self._follow)
        self._follow()

    def save(self) -> SummaryOptions:
        """What is wanted; says what is wrong with the place while that can be put right."""
        return SummaryOptions(
            patient_id=self._patient.id or 0,
            path=self.place.path(),
            page=self.page.value() or "A4",
            code=self._code if self.pseudonymised.value() else None,
        )

    @Slot()
    def _follow(self) -> None:
        """Say what the page will hold, and keep the study code out of a suggested name."""
        hidden = bool(self.pseudonymised.value())
        names = (self._suggested(self._patient.code), self._suggested(self._code))
        if self.place.field.value() == str(names[not hidden]):
            self.place.field.set_value(str(names[hidden]))
        self._words.setText(
            _(
                "The page calls the patient %s and counts days since T0. The casebook's journal"
                " keeps whose code that is. Look at it before you give it away: who knows the"
                " course may know the patient."
            )
            % self._code
            if hidden
            else _(
                "The page shows name, record number and date of birth, as far as they are"
                " recorded: keep it as safe as the casebook."
            )
        )

    def _suggested(self, code: str) -> Path:
        """A file named by a code, without what file systems do not take."""
        return self._folder / f"{plain_name(code)} summary{SUFFIX}"

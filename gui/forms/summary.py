"""Summary as PDF…: asks on which paper, with the name or without, and where to."""

from __future__ import annotations

import os
from pathlib import Path

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QFileDialog, QLabel, QWidget

from gui import icons, theme
from gui.card import button
from gui.field import CheckField, ChoiceField, TextField
from gui.form import Form
from gui.opening import demo_folder
from gui.printing import Page
from gui.report.making import Wish
from model.errors import InvalidRecord
from model.patient_report import fresh_code
from model.patients import Patient

_SUFFIX = ".pdf"
_PAGES: tuple[tuple[Page, str], ...] = (("A4", "A4"), ("Letter", "Letter"))


class SummaryForm(Form[Wish]):
    """`SummaryForm.ask(parent, patient, casebook_path)` gives what is wanted; it writes no file."""

    def __init__(self, parent: QWidget | None, patient: Patient, casebook: Path) -> None:
        super().__init__(
            parent, self.tr("Summary of %s as PDF") % patient.code, save_text=self.tr("&Save PDF")
        )
        self._patient = patient
        self._code = fresh_code()
        self._confirmed: Path | None = None  # the file that may be replaced: asked when browsing
        place = casebook.absolute().parent
        self._folder = Path.home() if place == demo_folder() else place
        self.add_section()
        self.pseudonymised = self.add_row(
            self.tr("Patient"),
            CheckField(self.tr("&Pseudonymise: no names, no dates, no free text")),
            "pseudonymised",
        )
        self.page: ChoiceField[Page] = self.add_row(
            self.tr("P&aper"), ChoiceField(_PAGES, required=True), "page"
        )
        self.page.set_value("A4")
        self.place = self.add_row(self.tr("&File"), TextField(required=True), "path")
        self.place.set_value(str(self._suggested(patient.code)))
        browse = button(self.tr("&Browse…"))
        icons.keep(browse, "open")
        browse.setAccessibleName(self.tr("Choose where the summary is kept"))
        browse.clicked.connect(self._browse)
        self.place.put_beside(browse)
        self._words = QLabel()
        self._words.setWordWrap(True)
        theme.set_kind(self._words, "soft")
        self.add_wide(self._words)
        self.pseudonymised.changed.connect(self._follow)
        self._follow()

    def save(self) -> Wish:
        """What is wanted; says what is wrong with the place while that can be put right."""
        path = Path(self.place.value() or "").expanduser()
        path = path if path.is_absolute() else self._folder / path
        if path.suffix.lower() != _SUFFIX:
            path = path.with_name(path.name + _SUFFIX)
        if not path.parent.is_dir():
            raise InvalidRecord({"path": self.tr("There is no folder “%s”.") % path.parent})
        if path.exists() and path != self._confirmed:
            said = self.tr("There is a file of this name already. Choose another, or browse to it.")
            raise InvalidRecord({"path": said})
        if not os.access(path.parent, os.W_OK):
            said = self.tr("You may not write in this folder. Choose another.")
            raise InvalidRecord({"path": said})
        return Wish(
            patient_id=self._patient.id or 0,
            path=path,
            page=self.page.value() or "A4",
            code=self._code if self.pseudonymised.value() else None,
        )

    @Slot()
    def _follow(self) -> None:
        """Say what the page will hold, and keep the study code out of a suggested name."""
        hidden = bool(self.pseudonymised.value())
        names = (self._suggested(self._patient.code), self._suggested(self._code))
        if self.place.value() == str(names[not hidden]):
            self.place.set_value(str(names[hidden]))
        self._words.setText(
            self.tr(
                "The page calls the patient %s and counts days since T0. The casebook's journal"
                " keeps whose code that is. Look at it before you give it away: who knows the"
                " course may know the patient."
            )
            % self._code
            if hidden
            else self.tr(
                "The page shows name, record number and date of birth, as far as they are"
                " recorded: keep it as safe as the casebook."
            )
        )

    @Slot()
    def _browse(self) -> None:
        chosen, _kind = QFileDialog.getSaveFileName(
            self,
            self.tr("Save summary"),
            self.place.value() or str(self._folder),
            self.tr("PDF files (*%s)") % _SUFFIX,
        )
        if chosen:
            self._confirmed = Path(chosen)
            self.place.set_value(chosen)

    def _suggested(self, code: str) -> Path:
        """A file named by a code, without what file systems do not take."""
        plain = "".join(sign if sign.isalnum() or sign in "-_ " else "-" for sign in code)
        return self._folder / f"{plain} summary{_SUFFIX}"

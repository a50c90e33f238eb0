"""The forms that ask how a PDF file is wanted: a patient's summary, the cohort report."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QFileDialog, QLabel, QWidget

from gui.fields.choice import CheckField, ChoiceField
from gui.fields.text import TextField
from gui.forms.form import Form
from gui.reports.printing import Page
from gui.reports.summary_file import SummaryOptions
from gui.style import icons, theme
from gui.widgets.card import button
from model.cohort.messages import translated
from model.cohort.selection import Selection
from model.documents.summary import fresh_code
from model.errors import InvalidRecord
from model.language import _
from model.records.patients import Patient
from model.user_folder import user_folder

SUFFIX = ".pdf"
PAPERS: tuple[tuple[Page, str], ...] = (("A4", "A4"), ("Letter", "Letter"))


def folder_beside(casebook: Path) -> Path:
    """The folder that is suggested: that of the casebook, the user's own for the demo."""
    place = casebook.absolute().parent
    return Path.home() if place == user_folder() else place


def plain_name(text: str) -> str:
    """A text without what file systems do not take in a name."""
    return "".join(sign if sign.isalnum() or sign in "-_ " else "-" for sign in text)


class PdfPlace(QObject):
    """A text field that holds a path; `path()` gives it once it can be written to."""

    def __init__(
        self, field: TextField, suggested: Path, name: str, title: str, parent: QWidget
    ) -> None:
        """`name` is what Browse is called to those who cannot see it, `title` what it opens."""
        super().__init__(parent)
        self.field = field
        self._folder = suggested.parent
        self._title = title
        self._window = parent
        self._confirmed: Path | None = None  # may be replaced: asked when browsing
        field.set_value(str(suggested))
        browse = button(_("&Browse…"))
        icons.keep(browse, "open")
        browse.setAccessibleName(name)
        browse.clicked.connect(self._browse)
        field.add_right(browse)

    def path(self) -> Path:
        """The place; raises InvalidRecord under “path” for one that cannot be written to."""
        text = self.field.value() or ""
        try:
            return self._checked(text, self._folder / Path(text).expanduser())
        except (OSError, RuntimeError) as error:
            why = getattr(error, "strerror", None) or error
            said = _("“%s” cannot be the name of a file: %s.") % (text, why)
            raise InvalidRecord({"path": said}) from error

    def _checked(self, text: str, path: Path) -> Path:
        if text.endswith(("/", os.sep)) or path.is_dir():
            raise InvalidRecord({"path": _("This is a folder. Add the name of the file.")})
        if path.suffix.lower() != SUFFIX:
            path = path.with_name(path.name + SUFFIX)
        if not path.parent.is_dir():
            raise InvalidRecord({"path": _("There is no folder “%s”.") % path.parent})
        if path.exists() and path != self._confirmed:
            said = _("There is a file of this name already. Choose another, or browse to it.")
            raise InvalidRecord({"path": said})
        if not os.access(path.parent, os.W_OK):
            raise InvalidRecord({"path": _("You may not write in this folder. Choose another.")})
        return path

    @Slot()
    def _browse(self) -> None:
        chosen, _kind = QFileDialog.getSaveFileName(
            self._window,
            self._title,
            self.field.value() or str(self._folder),
            _("PDF files (*%s)") % SUFFIX,
        )
        if chosen:
            self._confirmed = Path(chosen)
            self.field.set_value(chosen)


class SummaryForm(Form[SummaryOptions]):
    """`SummaryForm.ask(parent, patient, casebook_path)` gives what is wanted; it writes no file."""

    def __init__(self, parent: QWidget | None, patient: Patient, casebook: Path) -> None:
        super().__init__(parent, _("Summary of %s as PDF") % patient.code, save_text=_("&Save PDF"))
        self._patient = patient
        self._code = fresh_code()
        self._folder = folder_beside(casebook)
        self.add_section()
        self.pseudonymised = self.add_row(
            "pseudonymised",
            _("Patient"),
            CheckField(_("&Pseudonymise: no names, no dates, no free text")),
        )
        self.page: ChoiceField[Page] = self.add_row(
            "page", _("P&aper"), ChoiceField(PAPERS, required=True)
        )
        self.page.set_value("A4")
        self.place = PdfPlace(
            self.add_row("path", _("&File"), TextField(required=True)),
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


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportOptions:
    """Which report is wanted, and where."""

    path: Path
    page: Page = "A4"
    with_codes: bool = True


class CohortReportForm(Form[ReportOptions]):
    """`CohortReportForm.ask(parent, selection, casebook_path)`: what is wanted; writes no file."""

    def __init__(self, parent: QWidget | None, selection: Selection, casebook: Path) -> None:
        super().__init__(parent, _("Cohort report as PDF"), save_text=_("&Save PDF"))
        self.add_section()
        about = QLabel(f"{translated(selection.sentence())}.")
        about.setWordWrap(True)
        self.add_wide(about)
        self.with_codes = self.add_row(
            "with_codes",
            _("Patients"),
            CheckField(_("Show their study &codes in the figures")),
        )
        self.with_codes.set_value(True)
        self.page: ChoiceField[Page] = self.add_row(
            "page", _("P&aper"), ChoiceField(PAPERS, required=True)
        )
        self.page.set_value("A4")
        field = self.add_row("path", _("&File"), TextField(required=True))
        name = f"{plain_name(selection.name).strip() or 'Cohort'} report{SUFFIX}"
        self.place = PdfPlace(
            field,
            folder_beside(casebook) / name,
            _("Choose where the report is kept"),
            _("Save PDF"),
            self,
        )
        self._words = QLabel()
        self._words.setWordWrap(True)
        theme.set_kind(self._words, "soft")
        self.add_wide(self._words)
        self.with_codes.changed.connect(self._follow)
        self._follow()

    def save(self) -> ReportOptions:
        """What is wanted; says what is wrong with the place while that can be put right."""
        return ReportOptions(
            path=self.place.path(),
            page=self.page.value() or "A4",
            with_codes=bool(self.with_codes.value()),
        )

    @Slot()
    def _follow(self) -> None:
        """Say what the pages will tell of single patients."""
        self._words.setText(
            _(
                "The figures name patients by study code and show the months of their course."
                " No names, record numbers or free text are printed."
            )
            if self.with_codes.value()
            else _(
                "The figures number the patients by the length of their follow-up, and the"
                " casebook is not named. Courses of single patients are drawn all the same: who"
                " knows one may know the patient."
            )
        )

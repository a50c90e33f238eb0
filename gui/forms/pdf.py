"""The forms with the options of a PDF file: a patient's summary, the cohort report."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QFileDialog, QWidget

from gui.fields.choice import CheckField, ChoiceField
from gui.fields.text import TextField
from gui.forms.form import Form, T
from gui.reports.printing import Page
from gui.reports.summary_file import SummaryOptions
from gui.style import icons
from gui.widgets.card import button
from model.cohort.messages import translate
from model.cohort.selection import Selection
from model.documents.summary import random_code
from model.errors import InvalidRecord
from model.language import _
from model.records.patients import Patient
from model.user_folder import user_folder

SUFFIX = ".pdf"
PAPERS: tuple[tuple[Page, str], ...] = (("A4", "A4"), ("Letter", "Letter"))


def suggested_folder(casebook: Path) -> Path:
    """Return the folder to suggest: that of the casebook, or the home folder for the demo."""
    folder = casebook.absolute().parent
    return Path.home() if folder == user_folder() else folder


def plain_name(text: str) -> str:
    """Return a text with `-` for what is not allowed in a file name."""
    return "".join(sign if sign.isalnum() or sign in "-_ " else "-" for sign in text)


class PdfPath(QObject):
    """A text field for a path; `path()` returns it once it can be written to."""

    def __init__(
        self, field: TextField, suggested: Path, name: str, title: str, parent: QWidget
    ) -> None:
        """`name` is the accessible name of Browse, `title` that of its dialog."""
        super().__init__(parent)
        self.field = field
        self._folder = suggested.parent
        self._title = title
        self._window = parent
        self._confirmed: Path | None = None  # the file dialog has asked about replacing it
        field.set_value(str(suggested))
        browse = button(_("&Browse…"), on=self._browse)
        icons.keep(browse, "open")
        browse.setAccessibleName(name)
        field.add_right(browse)

    def path(self) -> Path:
        """Return the path; raises InvalidRecord under “path” if it cannot be written to."""
        text = self.field.value() or ""
        try:
            return self._checked(text, self._folder / Path(text).expanduser())
        except (OSError, RuntimeError) as error:
            why = getattr(error, "strerror", None) or error
            invalid = _("“{name}” cannot be the name of a file: {reason}.")
            raise InvalidRecord({"path": invalid.format(name=text, reason=why)}) from error

    def _checked(self, text: str, path: Path) -> Path:
        if text.endswith(("/", os.sep)) or path.is_dir():
            raise InvalidRecord({"path": _("This is a folder. Add the name of the file.")})
        if path.suffix.lower() != SUFFIX:
            path = path.with_name(path.name + SUFFIX)
        if not path.parent.is_dir():
            missing = _("There is no folder “{folder}”.").format(folder=path.parent)
            raise InvalidRecord({"path": missing})
        if path.exists() and path != self._confirmed:
            exists = _("There is already a file of this name. Choose another, or browse to it.")
            raise InvalidRecord({"path": exists})
        if not os.access(path.parent, os.W_OK):
            raise InvalidRecord({"path": _("You cannot write to this folder. Choose another.")})
        return path

    @Slot()
    def _browse(self) -> None:
        chosen, _kind = QFileDialog.getSaveFileName(
            self._window,
            self._title,
            self.field.value() or str(self._folder),
            _("PDF files (*.pdf)"),
        )
        if chosen:
            self._confirmed = Path(chosen)
            self.field.set_value(chosen)


class _PdfForm(Form[T]):
    """A form for a PDF file; a subclass calls `add_file` after its own fields."""

    def add_file(self, suggested: Path, name: str, title: str) -> None:
        """Add paper and path, with the texts of `PdfPath`, and room for an explanation."""
        papers: ChoiceField[Page] = ChoiceField(PAPERS, required=True)
        self.page = self.add_row("page", _("P&aper"), papers)
        self.page.set_value("A4")
        field = self.add_row("path", _("&File"), TextField(required=True))
        self.file = PdfPath(field, suggested, name, title, self)
        self._words = self.add_text(kind="soft")


class SummaryForm(_PdfForm[SummaryOptions]):
    """`SummaryForm.ask(parent, patient, casebook_path)` returns the options; it writes no file."""

    def __init__(self, parent: QWidget | None, patient: Patient, casebook: Path) -> None:
        title = _("Summary of {code} as PDF").format(code=patient.code)
        super().__init__(parent, title, save_text=_("&Save PDF"))
        self._patient = patient
        self._code = random_code()
        self._folder = suggested_folder(casebook)
        self.add_section()
        self.pseudonymised = self.add_row(
            "pseudonymised",
            _("Patient"),
            CheckField(_("&Pseudonymise: no names, no dates, no free text")),
        )
        self.add_file(
            self._suggested(patient.code),
            _("Choose where to save the summary"),
            _("Save summary"),
        )
        self.pseudonymised.changed.connect(self._follow)
        self._follow()

    def save(self) -> SummaryOptions:
        """Return the options; raises InvalidRecord for a path that must be corrected."""
        return SummaryOptions(
            patient_id=self._patient.id or 0,
            path=self.file.path(),
            page=self.page.value() or "A4",
            code=self._code if self.pseudonymised.value() else None,
        )

    @Slot()
    def _follow(self) -> None:
        """Show what the page will contain, and keep the study code out of a suggested name."""
        hidden = bool(self.pseudonymised.value())
        names = (self._suggested(self._patient.code), self._suggested(self._code))
        if self.file.field.value() == str(names[not hidden]):
            self.file.field.set_value(str(names[hidden]))
        self._words.setText(
            _(
                "The page names the patient {code} and counts days since T0. The casebook's journal"
                " records whose code that is. Check the page before you share it: whoever knows"
                " the course may recognise the patient."
            ).format(code=self._code)
            if hidden
            else _(
                "The page shows name, record number and date of birth, if recorded: keep it as"
                " safe as the casebook."
            )
        )

    def _suggested(self, code: str) -> Path:
        return self._folder / f"{plain_name(code)} summary{SUFFIX}"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportOptions:
    """The file, paper and content of a cohort report."""

    path: Path
    page: Page = "A4"
    with_codes: bool = True


class CohortReportForm(_PdfForm[ReportOptions]):
    """`CohortReportForm.ask(parent, selection, casebook_path)` returns the options."""

    def __init__(self, parent: QWidget | None, selection: Selection, casebook: Path) -> None:
        super().__init__(parent, _("Cohort report as PDF"), save_text=_("&Save PDF"))
        self.add_section()
        self.add_text(f"{translate(selection.sentence())}.", "")
        self.with_codes = self.add_row(
            "with_codes",
            _("Patients"),
            CheckField(_("Show their study &codes in the figures")),
        )
        self.with_codes.set_value(True)
        name = f"{plain_name(selection.name).strip() or 'Cohort'} report{SUFFIX}"
        self.add_file(
            suggested_folder(casebook) / name, _("Choose where to save the report"), _("Save PDF")
        )
        self.with_codes.changed.connect(self._follow)
        self._follow()

    def save(self) -> ReportOptions:
        """Return the options; raises InvalidRecord for a path that must be corrected."""
        return ReportOptions(
            path=self.file.path(),
            page=self.page.value() or "A4",
            with_codes=bool(self.with_codes.value()),
        )

    @Slot()
    def _follow(self) -> None:
        """Show what the pages will reveal about single patients."""
        self._words.setText(
            _(
                "The figures name patients by study code and show the months of their course."
                " No names, record numbers or free text are printed."
            )
            if self.with_codes.value()
            else _(
                "The figures number the patients by the length of their follow-up, and the"
                " casebook is not named. Courses of single patients are still drawn: whoever"
                " knows one may recognise the patient."
            )
        )

"""Cohort report as PDF…: asks on which paper, with study codes or without, and where to."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QLabel, QWidget

from gui.fields.choice import CheckField, ChoiceField
from gui.fields.text import TextField
from gui.forms.form import Form
from gui.forms.pdf_place import PAPERS, SUFFIX, PdfPlace, folder_beside, plain_name
from gui.reports.printing import Page
from gui.style import theme
from model.cohort.selection import Selection
from model.language import _


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
        about = QLabel(f"{selection.sentence()}.")
        about.setWordWrap(True)
        self.add_wide(about)
        self.with_codes = self.add_row(
            _("Patients"),
            CheckField(_("Show their study &codes in the figures")),
            "with_codes",
        )
        self.with_codes.set_value(True)
        self.page: ChoiceField[Page] = self.add_row(
            _("P&aper"), ChoiceField(PAPERS, required=True), "page"
        )
        self.page.set_value("A4")
        field = self.add_row(_("&File"), TextField(required=True), "path")
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

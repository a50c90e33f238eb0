"""The dialog that prints the worksheet of a cycle or saves it as PDF."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import cast

from PySide6.QtGui import QTextDocument
from PySide6.QtWidgets import QCheckBox, QDialog, QFileDialog, QWidget

from gui.fields.choice import ChoiceField
from gui.forms.pdf import plain_name, suggested_folder
from gui.reports import printing
from gui.reports.printing import HeadAndFoot, Page
from gui.reports.worksheet_html import worksheet_html, worksheet_title
from gui.session.session import Session
from gui.widgets import messages
from gui.widgets.card import button
from gui.widgets.layout import column, label, row
from model.documents.worksheet import Worksheet, worksheet_of
from model.errors import KnownError
from model.language import _
from model.records.cycles import Treatment
from model.records.patient_records import load

WIDTH = 460


class WorksheetDialog(QDialog):
    """Prints a cycle's worksheet for the bedside, with or without the patient's identity."""

    def __init__(
        self, parent: QWidget | None, session: Session, sheet: Worksheet, printed_on: date
    ) -> None:
        super().__init__(parent)
        self._session = session
        self._sheet = sheet
        self._printed_on = printed_on
        self.setWindowTitle(_("Print worksheet"))
        self.setModal(True)
        title = label(worksheet_title(sheet), "title", wrap=True)
        identity = sheet.profile.identity
        self.named = QCheckBox(_("Show &name, date of birth and record number"))
        self.named.setChecked(identity is not None)
        self.named.setEnabled(identity is not None)
        if identity is None:
            self.named.setToolTip(_("None of these is recorded."))
        self.paper: ChoiceField[str] = ChoiceField([("A4", "A4"), ("Letter", "Letter")])
        self.paper.set_value("A4")
        self.paper.set_label(_("Paper of the PDF"))
        paper_label = label(_("Paper of the &PDF"))
        paper_label.setBuddy(self.paper.input())
        self.save_button = button(_("&Save as PDF…"), on=self.save_pdf)
        self.print_button = button(_("P&rint…"), "primary", on=self.print_sheet)
        self.print_button.setDefault(True)
        self.cancel_button = button(_("Cancel"), on=self.reject)
        paper = row(paper_label, (self.paper, 1), spacing=10)
        buttons = row(1, self.cancel_button, self.save_button, self.print_button, spacing=10)
        column(title, self.named, paper, buttons, spacing=14, margins=(24, 20, 24, 18), of=self)
        self.setFixedWidth(WIDTH)
        self.print_button.setFocus()

    @classmethod
    def ask(cls, parent: QWidget, session: Session, treatment: Treatment) -> None:
        """Open the dialog for a cycle, saved or not."""
        records = load(session.casebook, treatment.cycle.patient_id)
        if records is None:
            return
        sheet = worksheet_of(records, treatment)
        dialog = cls(parent, session, sheet, session.today())
        try:
            dialog.exec()
        finally:
            dialog.deleteLater()

    def document(self) -> QTextDocument:
        """Return the worksheet with the chosen options."""
        return printing.document_of(worksheet_html(self._sheet, named=self.named.isChecked()))

    def head_and_foot(self) -> HeadAndFoot:
        """Return the header and footer of the pages."""
        title = worksheet_title(self._sheet)
        return printing.casebook_head_and_foot(self._session.casebook, title, self._printed_on)

    def print_sheet(self) -> None:
        """Ask for a printer, print and close; stay open if cancelled."""
        try:
            printed = printing.print_document(self, self.document(), self.head_and_foot())
            if printed:
                self._log(None)
        except KnownError as error:
            messages.error(self, error)
            return
        if printed:
            self.accept()

    def save_pdf(self) -> None:
        """Ask for a file, write it and close; stay open if cancelled or on failure."""
        chosen, _kind = QFileDialog.getSaveFileName(
            self, _("Save worksheet"), str(self._suggested()), _("PDF files (*.pdf)")
        )
        if not chosen:
            return
        path = Path(chosen)
        try:
            page = cast("Page", self.paper.value() or "A4")
            printing.write_pdf(path, self.document(), self.head_and_foot(), page)
            self._log(path.name)
        except KnownError as error:
            messages.error(self, error)
            return
        self.accept()
        if isinstance(parent := self.parentWidget(), QWidget):
            messages.notice(
                parent, _("The worksheet was saved as “{file}”.").format(file=path.name)
            )

    def _log(self, file: str | None) -> None:
        """Write to the journal what was printed, or saved in `file`, and whether it had a name."""
        details = {
            "file": file,
            "patient_id": self._sheet.profile.patient.id,
            "cycle": self._sheet.cycle.number,
            "identified": self.named.isChecked(),
        }
        self._session.casebook.log("Worksheet", details)

    def _suggested(self) -> Path:
        code = plain_name(self._sheet.profile.patient.code)
        folder = suggested_folder(self._session.casebook.path)
        return folder / f"worksheet {code} C{self._sheet.cycle.number}.pdf"

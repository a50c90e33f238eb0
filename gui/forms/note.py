"""The form of a note."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from gui.fields.dates import DateField
from gui.fields.text import MultilineField
from gui.forms.record_form import RecordForm
from gui.session.session import Session
from model.language import _
from model.records import notes
from model.records.notes import Note
from model.store.step import Step


class NoteForm(RecordForm[Note]):
    """Free text of a day: `NoteForm.ask(parent, session, patient_id, note)` gives it as saved."""

    KIND = Note
    TITLES = (_("New note"), _("Edit note"))
    STEPS = ("Add note", "Edit note")

    def __init__(
        self,
        parent: QWidget | None,
        session: Session,
        patient_id: int,
        note: Note | None = None,
    ) -> None:
        super().__init__(parent, session, patient_id, note)
        self.add_section()
        day = DateField(today=self.today, cycle_dates=self.cycle_dates, required=True)
        self.add_row(_("&Date"), day, "written_on")
        text = self.add_row(_("&Text"), MultilineField(lines=8, required=True), "text")
        self.fill(note, written_on=self.today)
        text.input().setFocus()

    def keep(self, step: Step, record: Note) -> Note:
        """Save the note."""
        return notes.save(step, record)

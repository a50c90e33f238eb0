"""Forms of a note and of a quality-of-life entry."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from gui.fields.choice import OpenChoiceField
from gui.fields.dates import DateField
from gui.fields.number import NumberField
from gui.fields.text import MultilineField
from gui.forms.record_form import RecordForm
from gui.session.session import Session
from model.language import _
from model.records import notes
from model.records.notes import Note, QualityOfLife
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


_INSTRUMENTS = ("EORTC QLQ-C30", "EORTC QLQ-GINET21", "EQ-5D-5L", "FACT-G")


class QualityOfLifeForm(RecordForm[QualityOfLife]):
    """A statement or a score: `QualityOfLifeForm.ask(parent, session, patient_id, stated)`."""

    KIND = QualityOfLife
    TITLES = (_("New quality of life"), _("Edit quality of life"))
    STEPS = ("Add quality of life", "Edit quality of life")

    def __init__(
        self,
        parent: QWidget | None,
        session: Session,
        patient_id: int,
        stated: QualityOfLife | None = None,
    ) -> None:
        super().__init__(parent, session, patient_id, stated)
        self.add_section()
        day = DateField(today=self.today, cycle_dates=self.cycle_dates, required=True)
        self.add_row(_("&Date"), day, "stated_on")
        words = MultilineField(lines=4, placeholder=_("In the patient's own words"))
        self.add_row(_("S&tatement"), words, "statement")
        self.add_row(_("&Instrument"), OpenChoiceField(list(_INSTRUMENTS)), "instrument")
        self.add_row(_("Sco&re"), NumberField(), "score")
        before = notes.quality_of_life_of(session.casebook, patient_id)
        self.fill(
            stated,
            stated_on=self.today,
            instrument=before[-1].instrument if before else None,
        )

    def keep(self, step: Step, record: QualityOfLife) -> QualityOfLife:
        """Save what the patient said."""
        return notes.save_quality_of_life(step, record)

"""Forms of a note and of a quality-of-life entry."""

from __future__ import annotations

from typing import Any

from gui.fields.number import NumberField
from gui.fields.text import MultilineField
from gui.forms.record_form import RecordForm
from model.language import N_, _
from model.records import kinds, notes
from model.records.notes import INSTRUMENTS, Note, QualityOfLife


class NoteForm(RecordForm[Note]):
    """Free text of a day."""

    KIND = Note
    TITLES = (_("New note"), _("Edit note"))
    STEPS = (N_("Add note"), N_("Edit note"))
    SAVE = staticmethod(notes.save)

    def add_rows(self) -> None:
        """Add date and text; typing starts in the text."""
        self.add_section()
        self.add_row("written_on", _("&Date"), self.date_field(required=True))
        text = self.add_row("text", _("&Text"), MultilineField(lines=8, required=True))
        text.input().setFocus()

    def first_values(self) -> dict[str, Any]:
        """Return today's date."""
        return {"written_on": self.today}


class QualityOfLifeForm(RecordForm[QualityOfLife]):
    """A statement of the patient, a score, or both; the last instrument is offered again."""

    KIND = QualityOfLife
    TITLES = (_("New quality-of-life entry"), _("Edit quality-of-life entry"))
    STEPS = (N_("Add quality of life"), N_("Edit quality of life"))
    SAVE = staticmethod(notes.save)

    def add_rows(self) -> None:
        """Add date, statement and score."""
        self.add_section()
        self.add_row("stated_on", _("&Date"), self.date_field(required=True))
        statement = MultilineField(lines=4, placeholder=_("In the patient's own words"))
        self.add_row("statement", _("S&tatement"), statement)
        self.add_row("instrument", _("&Instrument"), self.open_field("instrument", INSTRUMENTS))
        self.add_row("score", _("Sco&re"), NumberField())

    def first_values(self) -> dict[str, Any]:
        """Return today's date and the last instrument."""
        earlier = kinds.of_patient(self.session.casebook, QualityOfLife, self.patient_id)
        return {
            "stated_on": self.today,
            "instrument": earlier[-1].instrument if earlier else None,
        }

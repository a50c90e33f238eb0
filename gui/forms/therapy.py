"""The form of a therapy before or beside radioligand therapy."""

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from gui.fields.choice import CheckField, ChoiceField, OpenChoiceField
from gui.fields.dates import PartialDateField
from gui.fields.number import NumberField
from gui.fields.text import MultilineField, TextField
from gui.forms.record_form import RecordForm, choices
from gui.session.session import Session
from model.language import _
from model.records import therapies
from model.records.therapies import BEST_RESPONSES, CATEGORIES, Therapy
from model.store.step import Step


class TherapyForm(RecordForm[Therapy]):
    """One line of treatment: `TherapyForm.ask(parent, session, patient_id, therapy)`."""

    KIND = Therapy
    TITLES = (_("New therapy"), _("Edit therapy"))
    STEPS = ("Add therapy", "Edit therapy")

    def __init__(
        self,
        parent: QWidget | None,
        session: Session,
        patient_id: int,
        therapy: Therapy | None = None,
    ) -> None:
        super().__init__(parent, session, patient_id, therapy)
        self.add_section()
        self.add_row(_("&Number"), NumberField(whole=True, minimum=1, required=True), "number")
        kinds = OpenChoiceField(choices(CATEGORIES), required=True)
        self.add_row(_("C&ategory"), kinds, "category")
        what = TextField(placeholder=_("Regimen, substance or operation"))
        self.add_row(_("&Description"), what, "description")
        beside = CheckField(_("Given beside the cycles, not before them"))
        self.add_row(_("Conco&mitant"), beside, "concomitant")
        self.add_section(_("Course"))
        self.add_row(_("Star&ted"), PartialDateField(today=self.today), "started_on")
        self.add_row(_("&Ended"), PartialDateField(today=self.today), "ended_on")
        self.add_row(_("&Ongoing"), CheckField(_("It still goes on")), "ongoing")
        responses = [(response, response) for response in BEST_RESPONSES]
        self.add_row(_("&Best response"), ChoiceField(responses), "best_response")
        self.add_row(_("&Reason stopped"), TextField(), "reason_stopped")
        self.add_row(_("&Comment"), MultilineField(lines=2), "comment")
        self.fill(therapy, number=therapies.next_number(session.casebook, patient_id))

    def keep(self, step: Step, record: Therapy) -> Therapy:
        """Save the therapy."""
        return therapies.save(step, record)

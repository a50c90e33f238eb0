"""The form of a follow-up."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from gui.fields.choice import ChoiceField, OpenChoiceField
from gui.fields.dates import DateField
from gui.fields.number import NumberField
from gui.fields.text import MultilineField
from gui.forms.record_form import RecordForm, choices, ecog_field
from gui.session.session import Session
from model.language import _
from model.records import whole_patient
from model.records.followups import CAUSES, STATUSES, FollowUp
from model.store.step import Step


class FollowUpForm(RecordForm[FollowUp]):
    """Vital status at a date: `FollowUpForm.ask(parent, session, patient_id, follow_up)`."""

    KIND = FollowUp
    TITLES = (_("New follow-up"), _("Edit follow-up"))
    STEPS = ("Add follow-up", "Edit follow-up")

    def __init__(
        self,
        parent: QWidget | None,
        session: Session,
        patient_id: int,
        follow_up: FollowUp | None = None,
    ) -> None:
        super().__init__(parent, session, patient_id, follow_up)
        self.add_section()
        self.add_row(
            _("&Date"),
            DateField(today=self.today, cycle_dates=self.cycle_dates, required=True),
            "seen_on",
        )
        self.status = self.add_row(
            _("&Vital status"), ChoiceField(choices(STATUSES), required=True), "status"
        )
        self.cause = self.add_row(_("Cause &of death"), OpenChoiceField(choices(CAUSES)), "cause")
        self.add_section(_("Seen at this visit"))
        self.add_row(_("&ECOG"), ecog_field(dead=True), "ecog")
        weight = NumberField(unit="kg", minimum=1, maximum=400)
        self.add_row(_("&Weight"), weight, "weight_kg")
        self.add_row(_("&Comment"), MultilineField(lines=2), "comment")
        self.fill(follow_up, seen_on=self.today)
        self.status.changed.connect(self._ask_for_cause)
        self._ask_for_cause()

    def entered(self) -> dict[str, Any]:
        """The fields' values; only a death has a cause."""
        values = super().entered()
        return values if values["status"] == "dead" else {**values, "cause": None}

    def keep(self, step: Step, record: FollowUp) -> FollowUp:
        """Save the follow-up."""
        return whole_patient.save_follow_up(step, record)

    @Slot()
    def _ask_for_cause(self) -> None:
        self.show_row(self.cause, self.status.value() == "dead")

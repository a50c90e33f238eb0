"""Forms of a follow-up and of an end of treatment."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Slot

from gui.fields.number import NumberField
from gui.fields.text import MultilineField
from gui.forms.record_form import RecordForm, ecog_field
from model.language import N_, _
from model.records import whole_patient
from model.records.followups import CAUSES, STATUSES, FollowUp
from model.records.outcome import ends_of_treatment
from model.records.outcome.ends_of_treatment import REASONS, EndOfTreatment


class FollowUpForm(RecordForm[FollowUp]):
    """Vital status on a date, and what was seen at the visit."""

    KIND = FollowUp
    TITLES = (_("New follow-up"), _("Edit follow-up"))
    STEPS = (N_("Add follow-up"), N_("Edit follow-up"))
    SAVE = staticmethod(whole_patient.save_follow_up)
    TOGETHER = (("seen_on", "status", "cause"),)

    def add_rows(self) -> None:
        """Add the vital status, with a cause for a death, then the visit."""
        self.add_section()
        self.add_row("seen_on", _("&Date"), self.date_field(required=True))
        status = self.closed_field(STATUSES, required=True)
        self.status = self.add_row("status", _("&Vital status"), status)
        self.cause = self.add_row("cause", _("Cause &of death"), self.open_field("cause", CAUSES))
        self.add_section(_("Seen at this visit"))
        self.add_row("ecog", _("&ECOG"), ecog_field(dead=True))
        weight = NumberField(unit="kg", minimum=1, maximum=400)
        self.add_row("weight_kg", _("&Weight"), weight)
        self.add_row("comment", _("&Comment"), MultilineField(lines=2))
        self.status.changed.connect(self._show_cause)
        self._show_cause()

    def first_values(self) -> dict[str, Any]:
        """Return today's date."""
        return {"seen_on": self.today}

    def entered(self) -> dict[str, Any]:
        """Return the values of the fields; only a death has a cause."""
        values = super().entered()
        return values if values["status"] == "dead" else {**values, "cause": None}

    @Slot()
    def _show_cause(self) -> None:
        self.show_row(self.cause, self.status.value() == "dead")


class EndOfTreatmentForm(RecordForm[EndOfTreatment]):
    """The day on which treatment ended, and why; no next cycle is due after it."""

    KIND = EndOfTreatment
    TITLES = (_("New end of treatment"), _("Edit end of treatment"))
    STEPS = (N_("Add end of treatment"), N_("Edit end of treatment"))
    SAVE = staticmethod(ends_of_treatment.save)

    def add_rows(self) -> None:
        """Add date and reason."""
        self.add_section()
        self.add_row("ended_on", _("&Date"), self.date_field(required=True))
        self.add_row("reason", _("&Reason"), self.open_field("reason", REASONS))
        self.add_row("comment", _("&Comment"), MultilineField(lines=2))

    def first_values(self) -> dict[str, Any]:
        """Return today's date."""
        return {"ended_on": self.today}

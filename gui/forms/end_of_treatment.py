"""The form of an end of treatment."""

from __future__ import annotations

from typing import Any

from gui.fields.text import MultilineField
from gui.forms.record_form import RecordForm
from model.language import N_, _
from model.records.outcome import ends_of_treatment
from model.records.outcome.ends_of_treatment import REASONS, EndOfTreatment


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

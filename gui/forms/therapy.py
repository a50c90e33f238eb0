"""The form of a therapy other than radioligand therapy."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Slot

from gui.fields.choice import CheckField, ChoiceField
from gui.fields.dates import PartialDateField
from gui.fields.number import NumberField
from gui.fields.text import MultilineField, TextField
from gui.forms.record_form import RecordForm
from model.language import N_, _
from model.records import therapies
from model.records.therapies import BEST_RESPONSES, CATEGORIES, Therapy, is_anticoagulation


class TherapyForm(RecordForm[Therapy]):
    """One line of treatment, by default the next number.

    A new anticoagulation is taken to be given alongside the cycles.
    """

    KIND = Therapy
    TITLES = (_("New therapy"), _("Edit therapy"))
    STEPS = (N_("Add therapy"), N_("Edit therapy"))
    SAVE = staticmethod(therapies.save)

    def add_rows(self) -> None:
        """Add what was given, then its course."""
        self.add_section()
        number = NumberField(whole=True, minimum=1, required=True)
        self.add_row("number", _("&Number"), number)
        self.category = self.open_field("category", CATEGORIES, required=True)
        self.add_row("category", _("C&ategory"), self.category)
        description = TextField(placeholder=_("Regimen, substance or operation"))
        self.add_row("description", _("&Description"), description)
        self.concomitant = CheckField(_("Given alongside the cycles, not before them"))
        self.add_row("concomitant", _("Conco&mitant"), self.concomitant)
        self.add_section(_("Course"))
        self.add_row("started_on", _("Star&ted"), PartialDateField(today=self.today))
        self.add_row("ended_on", _("&Ended"), PartialDateField(today=self.today))
        self.add_row("ongoing", _("&Ongoing"), CheckField(_("Still ongoing")))
        responses = [(response, response) for response in BEST_RESPONSES]
        self.add_row("best_response", _("&Best response"), ChoiceField(responses))
        self.add_row("reason_stopped", _("&Reason stopped"), TextField())
        self.add_row("comment", _("&Comment"), MultilineField(lines=2))

    def fill(self, record: Therapy | None) -> None:
        """Show a therapy, or the first values of a new one, which then follow the category."""
        super().fill(record)
        if record is None:
            self.category.changed.connect(self._follow_category)

    @Slot()
    def _follow_category(self) -> None:
        if is_anticoagulation(self.category.value() or ""):
            self.concomitant.set_value(True)

    def first_values(self) -> dict[str, Any]:
        """Return the next number."""
        return {"number": therapies.next_number(self.session.casebook, self.patient_id)}

"""The form of an imaging response assessment."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from gui.fields.choice import ChoiceField
from gui.fields.number import NumberField
from gui.fields.text import MultilineField
from gui.forms.record_form import RecordForm, Suggestion, cycle_text, plain
from gui.session.session import Session
from gui.words import change_text
from model.imaging import recist
from model.language import N_, _
from model.records import assessments, kinds
from model.records.assessments import CRITERIA, MODALITIES, RESPONSES, TIMEPOINTS, Assessment
from model.records.toxicities import suggested_cycle

_RESPONSE_WORDS = {
    "CR": _("CR · complete response"),
    "PR": _("PR · partial response"),
    "SD": _("SD · stable disease"),
    "PD": _("PD · progressive disease"),
    "NE": _("NE · not evaluable"),
}


class AssessmentForm(RecordForm[Assessment]):
    """One assessment: what imaging showed, and how the response was read.

    A new assessment starts with the modality and criteria of the last one; the cycle that it
    follows is suggested by its date until one is chosen.
    """

    KIND = Assessment
    TITLES = (_("New assessment"), _("Edit assessment"))
    STEPS = (N_("Add assessment"), N_("Edit assessment"))
    SAVE = staticmethod(assessments.save)

    def __init__(
        self,
        parent: QWidget | None,
        session: Session,
        patient_id: int,
        assessment: Assessment | None = None,
    ) -> None:
        self._assessments = kinds.of_patient(session.casebook, Assessment, patient_id)
        super().__init__(parent, session, patient_id, assessment)
        self._suggested = Suggestion(
            self.after_cycle, _("Suggested by the date."), chosen=assessment is not None
        )
        self.assessed_on.changed.connect(self._suggest)
        self._suggest()
        for field in (self.assessed_on, self.diameters, self.response):
            field.changed.connect(self._show_change)
        self._show_change()

    def add_rows(self) -> None:
        """Add date and modality, the response, then what was measured."""
        self.add_section()
        self.assessed_on = self.add_row("assessed_on", _("&Date"), self.date_field(required=True))
        self.add_row("timepoint", _("&Time point"), self.open_field("timepoint", TIMEPOINTS))
        cycles = [(number, cycle_text(number, day)) for number, day in self.life.cycles]
        after = ChoiceField([(0, _("Before the first cycle")), *cycles])
        self.after_cycle = self.add_row("after_cycle", _("&After cycle"), after)
        modality = self.open_field("modality", MODALITIES)
        self.add_row("modality", _("Tracer and &modality"), modality)
        self.add_section(_("Response"))
        self.add_row("criteria", _("&Criteria"), self.open_field("criteria", CRITERIA))
        responses = [(response, _RESPONSE_WORDS[response]) for response in RESPONSES]
        self.response = self.add_row("response", _("&Response"), ChoiceField(responses))
        self.add_section(_("Measures"))
        diameters = NumberField(unit="mm", minimum=0)
        self.diameters = self.add_row("sum_of_diameters_mm", _("Sum &of diameters"), diameters)
        self.add_row("suvmax", _("SU&Vmax"), NumberField(minimum=0))
        scores = [(score, str(score)) for score in range(5)]
        self.add_row("krenning", _("&Krenning score"), ChoiceField(scores))
        netpet = self.open_field("netpet", ("P0", "P1", "P2", "P3", "P4", "P5"))
        self.add_row("netpet", _("&NETPET"), netpet)
        self.add_row("comment", _("F&indings"), MultilineField(lines=2))

    def first_values(self) -> dict[str, Any]:
        """Return today's date, and modality and criteria of the last assessment."""
        first: dict[str, Any] = {"assessed_on": self.today}
        if self._assessments:
            last = self._assessments[-1]
            first |= {"modality": last.modality, "criteria": last.criteria}
        return first

    @Slot()
    def _suggest(self) -> None:
        day = self.assessed_on.readable()
        # Without any cycle, no date is before the first one.
        if day is None or not self.life.cycles:
            self._suggested.show(None)
        else:
            self._suggested.show(suggested_cycle(day, self.life) or 0)

    @Slot()
    def _show_change(self) -> None:
        """Show how the sum of diameters has changed, and whether the response disagrees."""
        self.diameters.show_hint("")
        if any(field.fault() for field in (self.assessed_on, self.diameters, self.response)):
            return
        if self.diameters.value() is None:
            return
        own = Assessment(
            id=self.old.id if self.old else None,
            patient_id=self.patient_id,
            assessed_on=self.assessed_on.value() or self.today,
            sum_of_diameters_mm=plain(self.diameters),
            response=self.response.value(),
        )
        others = [each for each in self._assessments if each.id != own.id]
        sums = recist.evaluate([*others, own], self.life.first_cycle_on)
        reading = next(each for each in sums.readings if each.assessment_id == own.id)
        if reading.response is None:
            self.diameters.show_hint(_("The baseline.") if reading.is_baseline else "")
            return
        hint = (
            _(
                "Computed: {baseline} from baseline, {nadir} from nadir: {response},"
                " while the response is read as {coded}."
            )
            if reading.disagrees
            else _("Computed: {baseline} from baseline, {nadir} from nadir: {response}.")
        )
        self.diameters.show_hint(
            hint.format(
                baseline=change_text(reading.from_baseline),
                nadir=change_text(reading.from_nadir) or "–",
                response=reading.response,
                coded=reading.as_read,
            )
        )

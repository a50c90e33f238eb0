"""The form of an imaging response assessment."""

from __future__ import annotations

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from gui.fields.choice import ChoiceField, OpenChoiceField
from gui.fields.dates import DateField
from gui.fields.number import NumberField
from gui.fields.text import MultilineField
from gui.forms.record_form import RecordForm, Suggestion, choices, plain
from gui.session.session import Session
from gui.words import change_text, words
from model.dates import shown
from model.errors import KnownError
from model.imaging import recist
from model.language import _
from model.records import assessments
from model.records.assessments import CRITERIA, MODALITIES, RESPONSES, TIMEPOINTS, Assessment
from model.records.toxicities import suggested_cycle
from model.store.step import Step

_RESPONSE_WORDS = {
    "CR": "CR · complete response",
    "PR": "PR · partial response",
    "SD": "SD · stable disease",
    "PD": "PD · progressive disease",
    "NE": "NE · not evaluable",
}


class AssessmentForm(RecordForm[Assessment]):
    """What imaging showed: `AssessmentForm.ask(parent, session, patient_id, assessment)`.

    A new one takes modality and criteria over from the patient's last; the cycle that it follows
    is suggested from its date until one is chosen.
    """

    KIND = Assessment
    TITLES = (_("New assessment"), _("Edit assessment"))
    STEPS = ("Add assessment", "Edit assessment")

    def __init__(
        self,
        parent: QWidget | None,
        session: Session,
        patient_id: int,
        assessment: Assessment | None = None,
    ) -> None:
        super().__init__(parent, session, patient_id, assessment)
        self.add_section()
        self.assessed_on = self.add_row(
            _("&Date"),
            DateField(today=self.today, cycle_dates=self.cycle_dates, required=True),
            "assessed_on",
        )
        self.add_row(_("&Time point"), OpenChoiceField(choices(TIMEPOINTS)), "timepoint")
        self.after_cycle = self.add_row(
            _("&After cycle"), ChoiceField(self._cycles()), "after_cycle"
        )
        modalities = [(modality, words(modality)) for modality in MODALITIES]
        self.add_row(_("Tracer and &modality"), OpenChoiceField(modalities), "modality")
        self.add_section(_("Response"))
        self.add_row(_("&Criteria"), OpenChoiceField(list(CRITERIA)), "criteria")
        responses = [(response, _RESPONSE_WORDS[response]) for response in RESPONSES]
        self.response = self.add_row(_("&Response"), ChoiceField(responses), "response")
        self.add_section(_("Measures"))
        diameters = NumberField(unit="mm", minimum=0)
        self.diameters = self.add_row(_("Sum &of diameters"), diameters, "sum_of_diameters_mm")
        self.add_row(_("SU&Vmax"), NumberField(minimum=0), "suvmax")
        scores = [(score, str(score)) for score in range(5)]
        self.add_row(_("&Krenning score"), ChoiceField(scores), "krenning")
        netpet = OpenChoiceField(["P0", "P1", "P2", "P3", "P4", "P5"])
        self.add_row(_("&NETPET"), netpet, "netpet")
        self.add_row(_("F&indings"), MultilineField(lines=2), "comment")
        before = self._known = assessments.of_patient(session.casebook, patient_id)
        last = before[-1] if before else None
        self.fill(
            assessment,
            assessed_on=self.today,
            modality=last.modality if last else None,
            criteria=last.criteria if last else None,
        )
        self._suggested = Suggestion(
            self.after_cycle, _("Suggested by the date."), chosen=assessment is not None
        )
        self.assessed_on.changed.connect(self._suggest)
        self._suggest()
        for field in (self.assessed_on, self.diameters, self.response):
            field.changed.connect(self._reckon)
        self._reckon()

    def keep(self, step: Step, record: Assessment) -> Assessment:
        """Save the assessment."""
        return assessments.save(step, record)

    def _cycles(self) -> list[tuple[int, str]]:
        before = (0, _("Before the first cycle"))
        return [
            before,
            *(
                (number, _("Cycle %s") % f"{number} · {shown(day)}")
                for number, day in self.life.cycles
            ),
        ]

    @Slot()
    def _suggest(self) -> None:
        try:
            day = self.assessed_on.value()
        except KnownError:
            day = None
        # Without any cycle it cannot be said that the date lies before the first.
        known = day is not None and self.life.cycles
        self._suggested.show((suggested_cycle(day, self.life) or 0) if day and known else None)

    @Slot()
    def _reckon(self) -> None:
        """Say what the sum comes to beside the others, and where the response is another."""
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
        others = [each for each in self._known if each.id != own.id]
        sums = recist.reckon([*others, own], self.life.first_cycle_on)
        reading = next(each for each in sums.readings if each.assessment_id == own.id)
        if reading.response is None:
            self.diameters.show_hint(_("The baseline.") if reading.is_baseline else "")
            return
        told = (change_text(reading.from_baseline), change_text(reading.from_nadir) or "–")
        hint = _("Computed: %s from baseline, %s from nadir: ") % told + reading.response
        if reading.disagrees:
            hint += _(", while the response is read as %s") % reading.coded
        self.diameters.show_hint(f"{hint}.")

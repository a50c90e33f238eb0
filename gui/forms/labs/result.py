"""The form of one laboratory result."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from gui.fields.choice import ChoiceField, OpenChoiceField
from gui.fields.number import NumberField
from gui.fields.text import MultilineField, TextField
from gui.fields.time import TimeField
from gui.forms.labs.doubt import DOUBTED, DoubtBox
from gui.forms.labs.value import ValueField, remark_on
from gui.forms.record_form import RecordForm
from gui.session.session import Session
from model.errors import InvalidRecord
from model.language import N_, _
from model.records import kinds, laboratory_limits, labs
from model.records.labs import LabResult
from model.reference import analytes, units
from model.reference.analytes import ANALYTES

_VISITS = ("baseline",)


class LabResultForm(RecordForm[LabResult]):
    """One result of one analyte.

    A new result starts with unit and limits of the patient's previous result of the analyte.
    """

    KIND = LabResult
    TITLES = (_("New lab result"), _("Edit lab result"))
    STEPS = (N_("Add lab result"), N_("Edit lab result"))
    SAVE = staticmethod(labs.save)
    TOGETHER = (("analyte", "value", "unit", "lln", "uln", "confirmed"), ("taken_on", "taken_at"))

    def __init__(
        self,
        parent: QWidget | None,
        session: Session,
        patient_id: int,
        result: LabResult | None = None,
    ) -> None:
        self._shown_analyte = result.analyte if result else ""
        self._has_confirmed = False
        super().__init__(parent, session, patient_id, result)
        self.taken_on.changed.connect(self._follow_day)
        self.analyte.changed.connect(self._follow_analyte)
        for field in (self.value, self.unit, self.lln, self.uln, self.confirmed):
            field.changed.connect(self._remark)
        self._remark()

    def add_rows(self) -> None:
        """Add analyte and time, the result, then the sample."""
        self.add_section()
        names = [(each.key, each.name) for each in ANALYTES]
        analyte = OpenChoiceField(
            names, required=True, accepts=lambda name: analytes.find(name) is not None
        )
        self.analyte = self.add_row("analyte", _("&Analyte"), analyte)
        self.taken_on = self.add_row("taken_on", _("&Date"), self.date_field(required=True))
        self.taken_at = self.add_row("taken_at", _("&Time"), TimeField(today=self.today))
        self.add_section(_("Result"))
        self.value = self.add_row("value", _("&Value"), ValueField(required=True))
        self.unit = self.add_row("unit", _("&Unit"), OpenChoiceField(accepts=self._is_unit))
        self.lln = self.add_row("lln", _("LL&N"), NumberField())
        self.uln = self.add_row("uln", _("U&LN"), NumberField())
        self.confirmed = self.add_row("confirmed", _("&Right because"), TextField())
        self.add_section(_("Sample"))
        answers = [(True, _("Yes")), (False, _("No"))]
        fasting = ChoiceField(answers, blank=_("Not stated"))
        self.add_row("fasting", _("&Fasting"), fasting)
        laboratories = laboratory_limits.laboratories(self.session.casebook)
        self.add_row("laboratory", _("La&boratory"), OpenChoiceField(laboratories))
        self.add_row("visit", _("V&isit"), OpenChoiceField(list(_VISITS)))
        self.add_row("comment", _("&Comment"), MultilineField(lines=2))

    def fill(self, record: LabResult | None) -> None:
        """Show a result, or today's date."""
        day = record.taken_on if record else self.today
        self.taken_at.set_day(day)
        if record is None:
            self.taken_on.set_value(day)
            return
        self._offer_units(record.analyte)
        moment = datetime.combine(day, record.taken_at) if record.taken_at else None
        combined = {"value": (record.comparator, record.value), "taken_at": moment}
        for name, field in self.fields.items():
            field.set_value(combined[name] if name in combined else getattr(record, name))

    def entered(self) -> dict[str, Any]:
        """Return the values of the fields, with comparator and number as two values."""
        values: dict[str, Any] = {name: field.value() for name, field in self.fields.items()}
        analyte = analytes.find(values["analyte"])
        moment = values["taken_at"]
        comparator, number = values["value"]
        return {
            **values,
            "analyte": analyte.key if analyte else values["analyte"],
            "taken_at": moment.time() if moment else None,
            "comparator": comparator,
            "value": number,
        }

    def record(self) -> LabResult:
        """Return the result as entered, without a confirmation of another value."""
        return labs.with_valid_confirmation(
            super().record(), None if self._has_confirmed else self.old
        )

    def confirm(self, questions: dict[str, str]) -> None:
        """Ask what is unlikely, and why an implausible result is right."""
        doubts = {name: text for name, text in questions.items() if name in DOUBTED}
        super().confirm({name: text for name, text in questions.items() if name not in doubts})
        if not doubts:
            return
        reason = DoubtBox(self, [*doubts.values()]).ask_reason()
        if reason is None:
            raise InvalidRecord(doubts)
        self._has_confirmed = True
        self.confirmed.set_value(reason or None)

    def _is_unit(self, text: str) -> bool:
        analyte = analytes.find(self.analyte.value() or "")
        return analyte is not None and units.parse(analyte.key, text) is not None

    def _offer_units(self, key: str) -> None:
        analyte = analytes.find(key)
        of_analyte = analyte.units.values() if analyte else ()
        self.unit.set_suggestions([(unit.ucum, unit.symbol) for unit in of_analyte])

    @Slot()
    def _follow_day(self) -> None:
        self.taken_at.set_day(self.taken_on.readable())

    @Slot()
    def _follow_analyte(self) -> None:
        """Offer the analyte's units, and start with those of its last result."""
        analyte = analytes.find(self.analyte.value() or "")
        key = analyte.key if analyte else self.analyte.value() or ""
        if key == self._shown_analyte:
            return
        self._shown_analyte = key
        self._offer_units(key)
        results = kinds.of_patient(self.session.casebook, LabResult, self.patient_id)
        last = labs.result_to_copy(
            [result for result in results if result.analyte == key], self.taken_on.readable()
        )
        if last is not None:
            self.unit.set_value(last.unit)
            self.lln.set_value(last.lln)
            self.uln.set_value(last.uln)
        elif analyte is not None:
            self.unit.set_value(analyte.unit)
            self.lln.set_value(None)
            self.uln.set_value(None)
        self._remark()

    @Slot()
    def _remark(self) -> None:
        remark = remark_on(
            self.analyte.value() or "",
            self.value.readable(),
            self.unit.value() or "",
            self.lln.readable(),
            self.uln.readable(),
            self.confirmed.readable(),
        )
        self.unit.show_hint(remark)
        is_implausible = bool(remark) and self._is_unit(self.unit.value() or "")
        self.show_row(self.confirmed, is_implausible or bool(self.confirmed.readable()))

"""The form of the limits of normal that a laboratory uses for one analyte."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from decimal import Decimal

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from gui.fields.choice import ChoiceField, OpenChoiceField
from gui.fields.dates import DateField
from gui.fields.number import NumberField
from gui.fields.text import MultilineField
from gui.forms.conflicts.editing_form import EditingForm
from gui.forms.conflicts.versions import Versions, versions_of_fields
from gui.session.session import Session
from model.errors import EditConflict
from model.language import N_, _
from model.records import laboratory_limits
from model.records.laboratory_limits import OLDEST, LaboratoryLimit
from model.reference import analytes, units
from model.reference.analytes import ANALYTES
from model.store.rows import Record, from_row


class LaboratoryLimitForm(EditingForm[LaboratoryLimit]):
    """Adds limits, or edits those in the casebook."""

    TOGETHER = (("analyte", "unit", "lln", "uln"),)

    def __init__(
        self, parent: QWidget | None, session: Session, limit: LaboratoryLimit | None = None
    ) -> None:
        super().__init__(parent, _("Edit limits") if limit else _("New limits"))
        self.session = session
        self._limit = limit
        laboratories = laboratory_limits.laboratories(session.casebook)
        self.add_section()
        self.laboratory = self.add_row(
            "laboratory", _("La&boratory"), OpenChoiceField(laboratories, placeholder=_("any"))
        )
        names = [(analyte.key, analyte.name) for analyte in ANALYTES]
        self.analyte = self.add_row(
            "analyte",
            _("&Analyte"),
            OpenChoiceField(
                names, required=True, accepts=lambda name: analytes.find(name) is not None
            ),
        )
        self.unit = self.add_row("unit", _("&Unit"), OpenChoiceField(accepts=self._is_unit))
        self.lln = self.add_row("lln", _("LL&N"), NumberField(minimum=0))
        self.uln = self.add_row("uln", _("U&LN"), NumberField(minimum=0))
        self.add_section(_("For whom and when"))
        sexes = [("F", _("Female")), ("M", _("Male"))]
        self.sex: ChoiceField[str] = self.add_row(
            "sex", _("S&ex"), ChoiceField(sexes, blank=_("all"))
        )
        self.age_from = self.add_row("age_from", _("A&ge from"), _age())
        self.age_to = self.add_row("age_to", _("Age &to"), _age())
        day = session.today()
        self.valid_from = self.add_row("valid_from", _("&Valid from"), DateField(today=day))
        self.valid_to = self.add_row("valid_to", _("Valid unt&il"), DateField(today=day))
        self.add_section()
        self.comment = self.add_row("comment", _("&Comment"), MultilineField(lines=2))
        self._fill()
        self.analyte.changed.connect(self._offer_units)

    def save(self) -> LaboratoryLimit:
        """Save the limits in one step; untouched ones are returned as they are."""
        if self._limit is not None and not self.is_touched():
            return self._limit
        limit = self._entered()
        label = N_("Edit laboratory limits") if self._limit else N_("Add laboratory limits")
        return self.take_step(label, lambda step: laboratory_limits.save(step, limit))

    def opened_records(self) -> list[Record]:
        """Return the limits that this form was opened on, if it edits any."""
        return [self._limit] if self._limit else []

    def versions(self, conflict: EditConflict) -> list[Versions]:
        """Return the fields in which the saved limits and the typed ones differ."""
        opened = LaboratoryLimitForm(self, self.session, self._limit)
        present = self._present(conflict)
        fields = versions_of_fields(opened.fields, present.fields, self.fields, self.TOGETHER)
        for form in (opened, present):
            form.deleteLater()
        return fields

    def take_over(self, conflict: EditConflict, names: Collection[str]) -> None:
        """Go on from the saved limits."""
        present = self._present(conflict)
        self._limit = present._limit
        for name, field in self.fields.items():
            if name in names:
                field.set_value(present.fields[name].value())
        present.deleteLater()

    def _present(self, conflict: EditConflict) -> LaboratoryLimitForm:
        """Return another form, of the limits that are saved now."""
        return LaboratoryLimitForm(self, self.session, from_row(LaboratoryLimit, conflict.present))

    def _entered(self) -> LaboratoryLimit:
        old = self._limit or LaboratoryLimit(analyte="")
        return replace(
            old,
            laboratory=(self.laboratory.value() or "").strip(),
            analyte=_key(self.analyte.value() or ""),
            unit=self.unit.value(),
            sex=self.sex.value(),
            age_from=_whole(self.age_from.value()),
            age_to=_whole(self.age_to.value()),
            valid_from=self.valid_from.value(),
            valid_to=self.valid_to.value(),
            lln=self.lln.value(),
            uln=self.uln.value(),
            comment=self.comment.value(),
        )

    def _fill(self) -> None:
        if self._limit is None:
            return
        self.analyte.set_value(self._limit.analyte)
        self._offer_units()
        for name, field in self.fields.items():
            value = getattr(self._limit, name)
            is_age = name in ("age_from", "age_to") and value is not None
            # The laboratory is stored as an empty text where it is any; a limit of 0 is a value.
            field.set_value(Decimal(value) if is_age else None if value == "" else value)

    def _is_unit(self, text: str) -> bool:
        analyte = analytes.find(self.analyte.value() or "")
        return analyte is not None and units.parse(analyte.key, text) is not None

    @Slot()
    def _offer_units(self) -> None:
        """Offer the units of the analyte, and start with its usual one."""
        analyte = analytes.find(self.analyte.value() or "")
        of_analyte = analyte.units.values() if analyte else ()
        self.unit.set_suggestions([(unit.ucum, unit.symbol) for unit in of_analyte])
        if analyte is not None and units.parse(analyte.key, self.unit.value() or "") is None:
            self.unit.set_value(analyte.unit)


def _key(written: str) -> str:
    analyte = analytes.find(written)
    return analyte.key if analyte else written


def _whole(number: Decimal | None) -> int | None:
    return None if number is None else int(number)


def _age() -> NumberField:
    return NumberField(unit=_("years"), minimum=0, maximum=OLDEST, whole=True)

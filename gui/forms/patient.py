"""The form of a patient: study data and, apart from them, the identity."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import Any

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QWidget

from gui.fields.choice import ChoiceField
from gui.fields.dates import DateField, PartialDateField
from gui.fields.number import NumberField
from gui.fields.text import MultilineField, TextField
from gui.forms.conflicts.editing_form import EditingForm
from gui.forms.conflicts.versions import Fields, Versions, versions_of_fields
from gui.forms.record_form import counted_dates, new_questions, open_field, plain
from gui.session.session import Session
from model.ctcae.terms import VERSIONS
from model.dates import date_text
from model.errors import EditConflict, KnownError
from model.language import N_, _, ngettext
from model.records import life, patients, whole_patient
from model.records.biopsies import PRIMARY_SITES
from model.records.life import life_of
from model.records.patients import DISEASE_STATUSES, SEXES, SYNDROMES, Identity, Patient
from model.store import rows as records
from model.store.rows import Record, from_row, to_row
from model.store.settings import casebook_version
from model.store.step import Step

_SEXES = {"F": _("Female"), "M": _("Male"), "X": _("Other")}
_STATUSES = {
    "AWD": _("AWD · alive with disease"),
    "NED": _("NED · no evidence of disease"),
    "DOD": _("DOD · dead of disease"),
    "DOC": _("DOC · dead of other causes"),
    "DUC": _("DUC · dead of unknown cause"),
}
_IDENTITY = ("family_name", "given_name", "record_number", "born_on")


class PatientForm(EditingForm[Patient]):
    """A patient and their identity, saved in one step: `PatientForm.ask(parent, session, old)`."""

    def __init__(
        self, parent: QWidget | None, session: Session, patient: Patient | None = None
    ) -> None:
        title = _("Edit patient") if patient else _("New patient")
        super().__init__(parent, f"{title} · {patient.code}" if patient else title)
        self.session = session
        self.old = patient
        reader = session.casebook
        identity = patients.identity_of(reader, patient.id) if patient and patient.id else None
        self.old_identity = identity
        self.life = life_of(reader, patient.id if patient else None)
        self._add_study_rows()
        self._add_disease_rows()
        self._add_identity_rows()
        for name, field in self.fields.items():
            source = identity if name in _IDENTITY else patient
            field.set_value(getattr(source, name) if source else None)
        for field in (self.born_on, self.index_on):
            field.changed.connect(self._show_age)
        self._show_age()

    def save(self) -> Patient:
        """Save patient and identity in one step; an emptied identity goes into the bin."""
        if self.old is not None and not self.is_touched():
            return self.old
        entered = {name: plain(field) for name, field in self.fields.items()}
        of_identity = {name: entered.pop(name) for name in _IDENTITY}
        if of_identity["born_on"] and (entered["index_on"] or self.life.first_cycle_on):
            entered["age_at_index"] = None
        patient = replace(self.old, **entered) if self.old else Patient(**entered)
        asked = new_questions(patient, self.old, self.life, self.session.today())
        if of_identity["born_on"]:
            identity = Identity(patient_id=patient.id or 0, born_on=of_identity["born_on"])
            asked |= new_questions(identity, self.old_identity, self.life, self.session.today())
        self.confirm(asked)
        label = N_("Edit patient") if self.old else N_("Add patient")
        return self.take_step(label, lambda step: self._save(step, patient, of_identity))

    def opened_records(self) -> list[Record]:
        """Return the patient, and the identity if there is one."""
        return [each for each in (self.old, self.old_identity) if each is not None]

    def versions(self, conflict: EditConflict) -> list[Versions]:
        """Return the fields of the patient, or of the identity, that differ."""
        opened = self._fields_with(self.old, self.old_identity)
        present = self._fields_with(*self._present(conflict))
        names = [name for name in self.fields if (name in _IDENTITY) == _is_of_identity(conflict)]
        return versions_of_fields(opened, present, {name: self.fields[name] for name in names})

    def take_over(self, conflict: EditConflict, names: Collection[str]) -> None:
        """Go on from the saved patient or identity."""
        self.old, self.old_identity = self._present(conflict)
        present = self._fields_with(self.old, self.old_identity)
        for name in names:
            self.fields[name].set_value(present[name].value())

    def _present(self, conflict: EditConflict) -> tuple[Patient | None, Identity | None]:
        if _is_of_identity(conflict):
            return self.old, from_row(Identity, conflict.present)
        return from_row(Patient, conflict.present), self.old_identity

    def _fields_with(self, patient: Patient | None, identity: Identity | None) -> Fields:
        """Return the fields of another form that shows a patient and an identity."""
        form = PatientForm(self, self.session, patient)
        form.deleteLater()
        for name in _IDENTITY:
            form.fields[name].set_value(getattr(identity, name) if identity else None)
        return form.fields

    def _save(self, step: Step, patient: Patient, of_identity: dict[str, Any]) -> Patient:
        if patient.id is None:
            patient = patients.save(step, patient)
        old = self.old_identity
        if old is None and patient.id and (added := patients.identity_of(step, patient.id)):
            nothing = Identity(id=added.id, patient_id=added.patient_id)
            raise EditConflict(Identity.TABLE, to_row(nothing), to_row(added), of_identity)
        if any(of_identity.values()):
            identity = Identity(patient_id=patient.id or 0, **of_identity)
            whole_patient.save_identity(step, replace(identity, id=old.id if old else None))
        elif old is not None:
            records.remove(step, old)
        # Again for a new patient: now its dates are checked against the date of birth, too.
        return patients.save(step, patient)

    def _add_study_rows(self) -> None:
        self.add_section(_("Study"))
        code = TextField(required=True, placeholder=_("Study code, such as P-001"))
        self.add_row("code", _("&Code"), code)
        self.add_row("sex", _("Se&x"), ChoiceField(list(_SEXES.items()), synonyms=SEXES.synonyms))
        years = NumberField(unit=_("years"), whole=True, minimum=0, maximum=130)
        self.age = self.add_row("age_at_index", _("&Age at T0"), years)
        height = NumberField(unit="cm", minimum=30, maximum=260)
        self.add_row("height_cm", _("&Height"), height)
        self.index_on = self.add_row(
            "index_on",
            _("&T0"),
            DateField(today=self.session.today(), cycle_dates=counted_dates(self.life)),
        )
        first = self.life.first_cycle_on
        self.index_on.show_hint(
            _("If empty, T0 is the first cycle ({date}).").format(date=date_text(first))
            if first
            else _("If empty, T0 is the first cycle.")
        )
        general = casebook_version(self.session.casebook)
        as_casebook = _("As the casebook ({version})").format(version=general)
        versions = ChoiceField([(version, version) for version in VERSIONS], blank=as_casebook)
        self.add_row("ctcae_version", _("CTCAE &version"), versions)

    def _add_disease_rows(self) -> None:
        self.add_section(_("Disease"))
        sites = open_field(self.session, Patient, "primary_site", PRIMARY_SITES)
        self.add_row("primary_site", _("&Primary site"), sites)
        diagnosed = PartialDateField(today=self.session.today())
        self.add_row("diagnosed_on", _("&Diagnosed"), diagnosed)
        syndromes = open_field(self.session, Patient, "functional_syndrome", SYNDROMES)
        self.add_row("functional_syndrome", _("&Functional syndrome"), syndromes)
        statuses = [(status, _STATUSES[status]) for status in DISEASE_STATUSES]
        self.add_row("disease_status", _("Disease stat&us"), ChoiceField(statuses))
        self.add_row("comment", _("C&omment"), MultilineField(lines=2))

    def _add_identity_rows(self) -> None:
        self.add_section(_("Identity"))
        self.add_text(_("Not included in pseudonymised exports."), "soft")
        self.add_row("family_name", _("Family &name"), TextField())
        self.add_row("given_name", _("&Given name"), TextField())
        self.add_row("record_number", _("&Record number"), TextField())
        born = PartialDateField(today=self.session.today())
        self.born_on = self.add_row("born_on", _("Date of &birth"), born)

    @Slot()
    def _show_age(self) -> None:
        """Show the age if date of birth and T0 are known; otherwise it can be typed."""
        try:
            born_on, index_on = self.born_on.value(), self.index_on.value()
        except KnownError:
            return
        index_on = index_on or self.life.first_cycle_on
        self.age.input().setEnabled(born_on is None or index_on is None)
        if born_on is None:
            self.age.show_hint(_("Or enter the date of birth below."))
        elif index_on is None:
            self.age.show_hint(_("Counted from the date of birth once there is a T0."))
        else:
            years = life.age_on(born_on, index_on)
            hint = ngettext(
                "{n} year, counted from the date of birth.",
                "{n} years, counted from the date of birth.",
                years,
            )
            self.age.show_hint(hint.format(n=years))


def _is_of_identity(conflict: EditConflict) -> bool:
    return conflict.table == Identity.TABLE

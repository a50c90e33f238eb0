"""The rows of one administration in the cycle form, and the administered activity they give."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

from PySide6.QtCore import QObject, Qt, Signal, Slot
from PySide6.QtWidgets import (
    QFrame,
    QPushButton,
    QSizePolicy,
    QWidget,
)

from gui.administered import administered_text, calibrated_text, deviation_text
from gui.fields.activity import ActivityField
from gui.fields.base import Field
from gui.fields.choice import OpenChoiceField
from gui.fields.number import number
from gui.fields.text import TextField
from gui.fields.time import TimeField
from gui.forms.form import Form
from gui.forms.record_form import open_field
from gui.session.session import Session
from gui.widgets.card import button
from gui.widgets.layout import column, label, row
from model.errors import KnownError
from model.language import _
from model.records.administrations import ROUTES, Administration
from model.records.life import Life
from model.records.questions import questions
from model.reference import nuclides
from model.reference.activities import convert, from_mbq
from model.reference.agent_names import LIGANDS
from model.rounding import round_to_figures


class AdministeredLines(QWidget):
    """The administered activity, its deviation, doubts, and the calibrated activity to take over.

    `take_button` is visible until an activity is measured or reported; its mnemonic depends on
    `number`, 1 or 2, of the administration within its cycle.
    """

    def __init__(self, number: int) -> None:
        super().__init__()
        self.administered = label("", "strong", wrap=True)
        self.deviation = label("", "remark", wrap=True)
        self.doubt = label("", "remark", wrap=True)
        self.calibrated = label("", "hint", wrap=True)
        self.take_button = self._take_button(number)
        texts = (self.administered, self.deviation, self.doubt, self.calibrated)
        column(*texts, self.take_button, spacing=2, margins=(0, 2, 0, 4), of=self)

    def show_administration(self, administration: Administration | None) -> None:
        """Show the results of an administration, or nothing for None."""
        offered = calibrated_text(administration) if administration else ""
        self.administered.setText(administered_text(administration) if administration else "")
        self.take_button.setVisible(bool(offered))
        for line, text in (
            (self.deviation, deviation_text(administration) if administration else ""),
            (self.doubt, _doubts(administration) if administration else ""),
            (self.calibrated, offered),
        ):
            line.setText(text)
            line.setVisible(bool(text))

    def _take_button(self, number: int) -> QPushButton:
        words = (_("Take &as administered"), _("Ta&ke as administered"))
        take = button(words[number - 1], "link")
        take.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        take.setToolTip(_("Record the calibrated activity, decayed to the start, as reported"))
        return take


def _doubts(administration: Administration) -> str:
    """Return the doubts about the activities, each sentence once."""
    return " ".join(
        dict.fromkeys((administration.impossible() or administration.questions()).values())
    )


_ACTIVITIES = (
    *("prescribed_mbq", "calibrated_mbq", "measured_mbq", "residual_mbq", "administered_mbq"),
)
_MOMENTS = ("calibrated_at", "measured_at", "residual_at", "started_at", "ended_at")
_USUAL = ("225Ac", "177Lu")
"""The nuclide meant by an element that has several."""


class AdministrationRows(QObject):
    """A section of a form for the first or second radiopharmaceutical of a cycle.

    The names of its fields begin with the number: `1.nuclide`. Activities are typed in the usual
    unit of the nuclide, MBq or GBq, or with a unit of their own, and stored in MBq.
    """

    removed = Signal()

    def __init__(self, form: Form[Any], session: Session, number: int, today: date) -> None:
        super().__init__(form)
        self._form = form
        self._session = session
        self._number = number
        self._today = today
        self._old: Administration | None = None
        self._unit = ""
        self._typed_unit = ""
        self.fields: dict[str, Field[Any]] = {}
        section = form.add_section()
        card = section.parentWidget()
        if not isinstance(card, QFrame):
            raise TypeError("A section has no card.")
        self.card = card
        self.remove_button = button(_("Remove"), "quiet", on=self.removed)
        self.lines = AdministeredLines(number)
        self._add_head()
        self._add_rows()
        for field in self.fields.values():
            field.changed.connect(self._show_administered)
        for name in _ACTIVITIES:
            self.fields[name].changed.connect(self._keep_unit)
        self.nuclide.changed.connect(self._follow_nuclide)
        self.nuclide.edit.editingFinished.connect(self._remark_nuclide)
        self.lines.take_button.clicked.connect(self._take_calibrated)

    def set_day(self, day: date | None) -> None:
        """Set the date of times entered without one."""
        for name in _MOMENTS:
            field = self.fields[name]
            if isinstance(field, TimeField):
                field.set_day(day)

    def show_section(self, visible: bool) -> None:
        """Show or hide the section with its fields."""
        self.card.setVisible(visible)
        for field in self.fields.values():
            # A form skips the checks of hidden fields, but not of those in a hidden parent.
            field.setVisible(visible)

    def is_shown(self) -> bool:
        """Return whether the section is shown."""
        return not self.card.isHidden()

    def is_empty(self) -> bool:
        """Return whether all fields are empty."""
        return not any(field.raw() for field in self.fields.values())

    def fill(self, old: Administration | None, *, pattern: Administration | None = None) -> None:
        """Show an administration, or start a new one like that of the previous cycle."""
        self._old = old
        source = old or (pattern.repeated() if pattern else None)
        unit = source.unit if source else "GBq"
        for name, field in self.fields.items():
            value = getattr(source, name) if source else None
            if name in _ACTIVITIES and value is not None:
                value = from_mbq(value, unit)
            field.set_value(value)
        # Last, because the nuclide sets its own unit: this is the recorded one.
        self._set_unit(unit)
        self._keep_unit()
        self._remark_nuclide()
        self._show_administered()

    def entered(self) -> Administration:
        """Return the administration as entered, its other values kept; raises `KnownError`."""
        values: dict[str, Any] = {name: field.value() for name, field in self.fields.items()}
        for name in _ACTIVITIES:
            if values[name] is not None:
                values[name] = self._in_mbq(name, values[name])
        values["nuclide"] = nuclides.spell(values["nuclide"] or "")
        values["unit"] = self._unit
        if self._old is not None:
            return replace(self._old, **values)
        return Administration(number=self._number, **values)

    def go_on_from(self, present: Administration) -> None:
        """Edit what is saved now, with the input as it is."""
        if self._old is not None:
            self._old = present

    def old_id(self) -> int | None:
        """Return the id of the administration that is edited; None for a new one."""
        return self._old.id if self._old else None

    def names(self) -> tuple[str, ...]:
        """Return the names of the fields within the form."""
        return tuple(f"{self._number}.{name}" for name in self.fields)

    def questions(self, cycle_on: date, today: date) -> dict[str, str]:
        """Return what to ask before this is saved, by field of the form.

        What was already recorded, and therefore confirmed, is not asked again.
        """
        before = questions(self._old, Life(), today, cycle_on=cycle_on) if self._old else {}
        asked = questions(self.entered(), Life(), today, cycle_on=cycle_on)
        return {
            f"{self._number}.{name}": sentence
            for name, sentence in asked.items()
            if before.get(name) != sentence
        }

    def _in_mbq(self, name: str, typed: Decimal) -> float:
        """Return an activity in MBq; an unchanged one keeps its exact recorded value."""
        old = getattr(self._old, name) if self._old else None
        if old is not None and number(from_mbq(old, self._unit)) == typed:
            return float(old)
        return float(convert(typed, self._unit, "MBq"))

    def _add_head(self) -> None:
        self._heading = label(_("Administration &{n}").format(n=self._number), "heading")
        head = QWidget()
        row(self._heading, 1, self.remove_button, of=head)
        remove = _("Remove administration {n}").format(n=self._number)
        self.remove_button.setAccessibleName(remove)
        self._form.add_wide(head)

    def _add_rows(self) -> None:
        names = [nuclide.name for nuclide in nuclides.nuclides().values()]
        self.nuclide = OpenChoiceField(
            names,
            required=True,
            placeholder="225Ac, 177Lu",
            accepts=lambda name: nuclides.find(name) is not None,
        )
        self._heading.setBuddy(self.nuclide.input())
        self._add(_("Nuclide"), self.nuclide, "nuclide")
        self._add(_("Ligand"), self._open_field("ligand", LIGANDS), "ligand")
        self._add(_("Prescribed"), ActivityField(), "prescribed_mbq")
        self._add_with_time(_("Calibrated"), "calibrated")
        self._add_with_time(_("Measured"), "measured")
        self._add_with_time(_("Residual"), "residual")
        started, ended = self._time(), self._time()
        self._add(_("Started"), started, "started_at")
        self._add_beside(started, _("ended"), ended, "ended_at")
        self._add(_("Administered activity (as reported)"), ActivityField(), "administered_mbq")
        self._form.add_wide(self.lines)
        self._add(_("Route"), self._open_field("route", ROUTES), "route")
        self._add(_("Batch number"), TextField(), "batch_number")

    def _open_field(self, column: str, usual: Sequence[str]) -> OpenChoiceField:
        return open_field(self._session, Administration, column, usual)

    def _add_with_time(self, label: str, name: str) -> None:
        activity = ActivityField()
        self._add(label, activity, f"{name}_mbq")
        self._add_beside(activity, _("at"), self._time(), f"{name}_at")

    def _time(self) -> TimeField:
        return TimeField(today=self._today)

    def _add(self, label: str, field: Field[Any], name: str) -> None:
        self.fields[name] = self._form.add_row(f"{self._number}.{name}", label, field)
        self._name(field, label)

    def _add_beside(self, first: Field[Any], label: str, field: Field[Any], name: str) -> None:
        self._form.add_beside(first, f"{self._number}.{name}", label, field)
        self.fields[name] = field
        # A label such as "at" alone would not say for screen readers what the time is of.
        names = {
            "calibrated_at": _("Calibrated at"),
            "measured_at": _("Measured at"),
            "residual_at": _("Residual at"),
        }
        self._name(field, names.get(name, label.capitalize()))

    def _name(self, field: Field[Any], label: str) -> None:
        """Set an accessible name that distinguishes the two administrations."""
        name = _("{field}, administration {n}").format(field=label, n=self._number)
        field.input().setAccessibleName(name)

    def _set_unit(self, unit: str) -> None:
        self._unit = unit
        for name in _ACTIVITIES:
            field = self.fields[name]
            if isinstance(field, ActivityField):
                field.set_unit(unit)

    @Slot()
    def _follow_nuclide(self) -> None:
        typed = self.nuclide.value() or ""
        if typed:
            self._set_unit(nuclides.unit_for(typed))
        if _is_incomplete(typed):
            self.nuclide.show_hint("")
        else:
            self._remark_nuclide()
        self._show_administered()

    @Slot()
    def _keep_unit(self) -> None:
        """Remember the unit that the activities were typed in."""
        self._typed_unit = self._unit

    @Slot()
    def _remark_nuclide(self) -> None:
        """Show that a nuclide is unknown, and that activities are now read in another unit."""
        typed = self.nuclide.value() or ""
        remarks = []
        if typed and not nuclides.find(typed):
            unknown = _("“{name}” is not a nuclide known to Theralog: decay is not corrected.")
            remarks.append(unknown.format(name=typed))
            if usual := _usual_nuclide(typed):
                remarks.append(_("Do you mean {nuclide}?").format(nuclide=usual))
        if self._has_bare_figures() and self._unit != self._typed_unit:
            remarks.append(_("Activities are now read in {unit}.").format(unit=self._unit))
        self.nuclide.show_hint(" ".join(remarks))

    def _has_bare_figures(self) -> bool:
        """Return whether any activity is entered without a unit."""
        return any(
            isinstance(field, ActivityField) and field.raw() and not field.written_unit()
            for field in self.fields.values()
        )

    @Slot()
    def _show_administered(self) -> None:
        """Show the administered activity as far as it can be computed now."""
        try:
            administration = self.entered()
        except KnownError:
            administration = None
        self.lines.show_administration(administration)

    @Slot()
    def _take_calibrated(self) -> None:
        """Enter the calibrated activity at the start, in the figures shown, as administered."""
        at_start = self.entered().calibrated_at_start_mbq
        if at_start is None:
            return
        field = self.fields["administered_mbq"]
        field.set_value(float(round_to_figures(from_mbq(at_start, self._unit), 4)))
        field.input().setFocus(Qt.FocusReason.TabFocusReason)


def take_value(field: Field[Any], source: Field[Any]) -> None:
    """Show in a field the value of another one; an activity with its unit where that differs."""
    if (
        isinstance(field, ActivityField)
        and isinstance(source, ActivityField)
        and source.raw()
        and source.unit() != field.unit()
    ):
        field.edit.setText(f"{source.raw()} {source.unit()}")
    else:
        field.set_value(source.value())


def _is_incomplete(typed: str) -> bool:
    """Return whether the text may still become a known nuclide."""
    is_beginning = any(name.casefold().startswith(typed.casefold()) for name in nuclides.nuclides())
    return is_beginning and not nuclides.find(typed)


def _usual_nuclide(element: str) -> str:
    """Return the nuclide meant by an element alone, or an empty text if that is ambiguous."""
    names = [
        name
        for name in nuclides.nuclides()
        if name.lstrip("0123456789m").casefold() == element.casefold()
    ]
    usual = [name for name in names if name in _USUAL] or names
    return usual[0] if len(usual) == 1 else ""

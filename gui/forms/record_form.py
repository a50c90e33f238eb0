"""The base of the forms of a patient's records: filled from a record, read back into one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar, Generic, TypeVar

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QWidget

from gui.fields.base import Field
from gui.fields.choice import ChoiceField
from gui.fields.number import NumberField
from gui.forms.form import Form
from gui.session.session import Session
from gui.words import words
from model.records import patients
from model.records.life import Life, life_of
from model.store.rows import Record
from model.store.step import Step

R = TypeVar("R", bound=Record)


class RecordForm(Form[R], Generic[R]):
    """A form with one field for each of a record's fields that can be edited, named alike.

    A form adds its rows in `__init__`, gives them their first values with `fill`, and says in
    `keep` how its record is saved. What a record holds beside its fields stays as it is.
    """

    KIND: ClassVar[type[Any]]
    TITLES: ClassVar[tuple[str, str]]
    """The title of a form that makes a record, and of one that edits it."""
    STEPS: ClassVar[tuple[str, str]]
    """The same as the labels of the steps, which the journal keeps."""

    def __init__(
        self, parent: QWidget | None, session: Session, patient_id: int, old: R | None
    ) -> None:
        """The form of a record of this patient, whose code stands in the title."""
        patient = patients.find(session.casebook, patient_id)
        title = self.TITLES[old is not None]
        super().__init__(parent, f"{title} · {patient.code}" if patient else title)
        self.session = session
        self.patient_id = patient_id
        self.patient = patient
        self.old = old
        self.today = date.today()
        self.life = life_of(session.casebook, patient_id)
        self.cycle_dates = counted_dates(self.life)

    def fill(self, record: R | None = None, **otherwise: Any) -> None:
        """Show a record, or else the values that a new one begins with."""
        for name, field in self.fields.items():
            value = otherwise.get(name) if record is None else getattr(record, name)
            field.set_value(number(value) if isinstance(field, NumberField) else value)

    def entered(self) -> dict[str, Any]:
        """What stands in the fields, as the record keeps it."""
        return {name: plain(field) for name, field in self.fields.items()}

    def record(self) -> R:
        """The record as it is entered."""
        if self.old is not None:
            return replace(self.old, **self.entered())
        made: R = self.KIND(patient_id=self.patient_id, **self.entered())
        return made

    def keep(self, step: Step, record: R) -> R:
        """Save the record within a step, by its own rules."""
        raise NotImplementedError

    def save(self) -> R:
        """Save in one step; what was opened and not touched is left as it is, without a step."""
        if self.old is not None and not self.is_touched():
            return self.old
        record = self.record()
        label = self.STEPS[self.old is not None]
        return self.session.do(label, lambda step: self.keep(step, record))


def number(value: float | Decimal | None) -> Decimal | None:
    """A number as a field shows it, without a needless fraction: 60.0 as 60."""
    if isinstance(value, float):
        return Decimal(repr(value)).normalize()
    return None if value is None else Decimal(value)


def plain(field: Any) -> Any:
    """What a field holds, with numbers as records keep them: whole ones int, others float."""
    value = field.value()
    if isinstance(value, Decimal):
        return int(value) if field.whole else float(value)
    return value


def counted_dates(life: Life) -> tuple[date, ...]:
    """The dates of the cycles 1, 2, … for `c2+21`, up to the first number that is missing."""
    found: list[date] = []
    for cycle_number, given_on in sorted(life.cycles):
        if cycle_number != len(found) + 1:
            break
        found.append(given_on)
    return tuple(found)


def choices(codes: Sequence[str]) -> list[tuple[str, str]]:
    """Codes with the words they are shown in."""
    return [(code, words(code)) for code in codes]


def ecog_field(*, dead: bool = False) -> ChoiceField[int]:
    """A choice of ECOG performance status, found by its figure; 5 (dead) only where it can be."""
    levels = (
        "fully active",
        "light work only",
        "up and about over half the day, no work",
        "in bed or chair over half the day",
        "wholly in bed or chair",
        *(("dead",) if dead else ()),
    )
    return ChoiceField([(level, f"{level} · {text}") for level, text in enumerate(levels)])


class Suggestion(QObject):
    """Sets a field as long as nobody else has, and says under it that it did."""

    def __init__(self, field: Field[Any], words: str, *, chosen: bool) -> None:
        """`words` say where the value comes from; `chosen`: the field's value is not ours."""
        super().__init__(field)
        self._field = field
        self._words = words
        self._chosen = chosen
        self._setting = False
        field.changed.connect(self._changed)

    def show(self, value: Any) -> None:
        """Suggest another value, or none; nothing happens once one was chosen."""
        if self._chosen:
            return
        self._setting = True
        self._field.set_value(value)
        self._setting = False
        self._field.show_hint("" if value is None else self._words)

    @Slot()
    def _changed(self) -> None:
        if not self._setting and not self._chosen:
            self._chosen = True
            self._field.show_hint("")

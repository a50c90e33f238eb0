"""The base of the forms of a patient's records: filled from a record, read back into one."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any, ClassVar, Generic, TypeVar

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QWidget

from gui.fields.base import Field
from gui.fields.choice import ChoiceField, OpenChoiceField
from gui.fields.dates import DateField
from gui.forms.conflicts.editing_form import EditingForm
from gui.forms.conflicts.versions import Versions, versions_of_fields
from gui.session.session import Session
from gui.words import words
from model.dates import date_text
from model.errors import EditConflict
from model.language import _
from model.records import patients
from model.records.life import Life, life_of
from model.records.questions import questions
from model.records.rules import OfPatient
from model.reference.vocabulary import Vocabulary
from model.store.rows import Record, from_row, words_used
from model.store.step import Step

R = TypeVar("R", bound=Record)


class RecordForm(EditingForm[R], Generic[R]):
    """A form with one field for each editable field of a record, by the same name.

    `RecordForm.ask(parent, session, patient_id, record)` returns the record as saved. A form adds
    its rows in `add_rows`. The other fields of an edited record keep their values.
    """

    KIND: ClassVar[type[Any]]
    TITLES: ClassVar[tuple[str, str]]
    """The titles for a new record and for an existing one."""
    STEPS: ClassVar[tuple[str, str]]
    """The labels of the two steps in the journal, in English."""
    SAVE: ClassVar[staticmethod[[Step, Any], Any]]
    """Saves the record within a step, by its own rules."""

    def __init__(
        self,
        parent: QWidget | None,
        session: Session,
        patient_id: int,
        old: R | None = None,
        *,
        begun: R | None = None,
    ) -> None:
        """A form for a patient's record `old`, or for a new one, which may start from `begun`."""
        patient = patients.find(session.casebook, patient_id)
        title = self.TITLES[old is not None]
        super().__init__(parent, f"{title} · {patient.code}" if patient else title)
        self.session = session
        self.patient_id = patient_id
        self.patient = patient
        self.old = old
        self.opened = old
        self.today = session.today()
        self.life = life_of(session.casebook, patient_id)
        self.cycle_dates = counted_dates(self.life)
        self.add_rows()
        self.fill(old or begun)

    @abstractmethod
    def add_rows(self) -> None:
        """Add the fields."""

    def first_values(self) -> dict[str, Any]:
        """Return the first values of a new record, by field; the others start empty."""
        return {}

    def fill(self, record: R | None) -> None:
        """Show a record, or the first values of a new one."""
        first = {} if record else self.first_values()
        for name, field in self.fields.items():
            field.set_value(getattr(record, name) if record else first.get(name))

    def date_field(self, *, required: bool = False) -> DateField:
        """Return a date field that counts from today (`-14d`) and from cycles (`c2+21`)."""
        return DateField(today=self.today, cycle_dates=self.cycle_dates, required=required)

    def open_field(
        self,
        column: str,
        codes: Sequence[str],
        *,
        required: bool = False,
        without: Collection[str] = (),
    ) -> OpenChoiceField:
        """Return a field for a column: codes and other words of the casebook, not `without`."""
        return open_field(
            self.session, self.KIND, column, codes, required=required, without=without
        )

    def closed_field(self, codes: Vocabulary, *, required: bool = False) -> ChoiceField[str]:
        """Return a field for one of the words of a vocabulary."""
        return ChoiceField(choices(codes), required=required, synonyms=codes.synonyms)

    def entered(self) -> dict[str, Any]:
        """Return the values of the fields, as the record stores them."""
        return {name: plain(field) for name, field in self.fields.items()}

    def record(self) -> R:
        """Return the record as entered."""
        if self.old is not None:
            return replace(self.old, **self.entered())
        new: R = self.KIND(patient_id=self.patient_id, **self.entered())
        return new

    def save(self) -> R:
        """Save in one step; an untouched record is returned as it is, without a step."""
        if self.old is not None and not self.is_touched():
            return self.old
        self.confirm(self._questions(self.record()))
        record = self.record()
        label = self.STEPS[self.old is not None]
        saved: R = self.take_step(label, lambda step: self.SAVE(step, record))
        return saved

    def opened_records(self) -> Sequence[Record]:
        """Return the record that this form was opened on, if it edits one."""
        return () if self.opened is None else (self.opened,)

    def versions(self, conflict: EditConflict) -> list[Versions]:
        """Return the fields in which the saved record and the typed one differ."""
        opened = self.fields_with(self.opened)
        present = self.fields_with(from_row(self.KIND, conflict.present))
        return versions_of_fields(opened, present, self.fields, self.TOGETHER)

    def take_over(self, conflict: EditConflict, names: Collection[str]) -> None:
        """Go on from the saved record: show its values in the fields of these names."""
        record = from_row(self.KIND, conflict.present)
        present = self.fields_with(record)
        self.old = self.opened = record
        ordered = [name for group in self.TOGETHER for name in group]
        for name in dict.fromkeys((*ordered, *self.fields)):
            if name in names:
                self.fields[name].set_value(present[name].value())

    def fields_with(self, record: R | None) -> dict[str, Field[Any]]:
        """Return the fields of a form that shows a record.

        That form is a child of this one, so that Python does not delete it before its fields are
        read.
        """
        form = self.same_form(record)
        form.deleteLater()
        return form.fields

    def same_form(self, record: R | None) -> RecordForm[R]:
        """Return another form of this kind for a record."""
        return type(self)(self, self.session, self.patient_id, record)

    def _questions(self, record: R) -> dict[str, str]:
        """Return what is unlikely in a valid record, without what was confirmed before."""
        if isinstance(record, OfPatient) and record.problems(self.life):
            return {}  # cannot be saved anyway
        return new_questions(record, self.old, self.life, self.today)


def new_questions(record: Record, old: Record | None, life: Life, today: date) -> dict[str, str]:
    """Return what is unlikely in a record, except what was saved, and so confirmed, before."""
    before = questions(old, life, today) if old else {}
    asked = questions(record, life, today)
    return {name: text for name, text in asked.items() if before.get(name) != text}


def plain(field: Any) -> Any:
    """Return a field's value, with numbers as records store them: whole ones int, others float."""
    value = field.value()
    if isinstance(value, Decimal):
        return int(value) if field.whole else float(value)
    return value


def counted_dates(life: Life) -> tuple[date, ...]:
    """Return the dates of cycles 1, 2, … for `c2+21`, up to the first missing number."""
    dates: list[date] = []
    for cycle_number, given_on in sorted(life.cycles):
        if cycle_number != len(dates) + 1:
            break
        dates.append(given_on)
    return tuple(dates)


def choices(codes: Sequence[str]) -> list[tuple[str, str]]:
    """Return codes, each with the words it is shown in."""
    return [(code, words(code)) for code in codes]


def open_field(
    session: Session,
    kind: type[Record],
    column: str,
    codes: Sequence[str],
    *,
    required: bool = False,
    without: Collection[str] = (),
) -> OpenChoiceField:
    """Return a field for a column of a kind of record.

    It suggests codes, then the other words that the casebook has in that column, but
    none of `without`.
    """
    others = [(word, word) for word in words_used(session.casebook, kind, column)]
    offered = [*choices(codes), *((word, label) for word, label in others if word not in codes)]
    return OpenChoiceField(
        [(word, label) for word, label in offered if word not in without],
        required=required,
        synonyms=codes.synonyms if isinstance(codes, Vocabulary) else None,
    )


def cycle_text(number: int, given_on: date) -> str:
    """Return the name of a cycle with its date."""
    return _("Cycle {number} · {date}").format(number=number, date=date_text(given_on))


def ecog_field(*, dead: bool = False) -> ChoiceField[int]:
    """Return a choice of ECOG performance status, found by its figure; 5 only if `dead`."""
    levels = (
        _("fully active"),
        _("light work only"),
        _("up and about over half the day, no work"),
        _("in bed or chair over half the day"),
        _("wholly in bed or chair"),
        *((_("dead"),) if dead else ()),
    )
    return ChoiceField([(level, f"{level} · {text}") for level, text in enumerate(levels)])


class Suggestion(QObject):
    """Sets a field, with a hint under it, until the user chooses a value."""

    def __init__(self, field: Field[Any], words: str, *, chosen: bool) -> None:
        """`words` is the hint, which names the source; with `chosen` the value is the user's."""
        super().__init__(field)
        self._field = field
        self._words = words
        self._chosen = chosen
        self._setting = False
        field.changed.connect(self._changed)

    def show(self, value: Any) -> None:
        """Suggest another value or none, unless the user has chosen one."""
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

"""The form of one filter of the cohort: its kind, and the values that this kind needs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QAbstractItemView, QListWidget, QListWidgetItem, QWidget

from gui.fields.base import Field
from gui.fields.choice import CheckField, ChoiceField
from gui.fields.dates import DateField
from gui.fields.number import NumberField
from gui.forms.form import Form
from gui.style import theme
from gui.words import words
from model.cohort.selection import FILTER_INPUTS, RECORDS, Bound, Filter, FilterInput, FilterKind
from model.errors import InvalidRecord
from model.language import _

ROWS = 7
LINE = 29


class ValuesField(Field[tuple[str, ...]]):
    """A list of values with their words; Space or a click ticks one; None when none is ticked."""

    def __init__(self) -> None:
        super().__init__()
        self.list = _List()
        self.list.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.list.itemChanged.connect(self.changed)
        theme.set_kind(self.list, "list")
        self._values: list[str] = []
        self._take(self.list, marked=False)

    def offer(self, choices: Sequence[tuple[str, str]]) -> None:
        """Offer other values with their words; ticked ones that are among them stay ticked."""
        ticked = self.value() or ()
        blocked = self.list.blockSignals(True)
        self.list.clear()
        self._values = [value for value, _text in choices]
        for _value, text in choices:
            item = QListWidgetItem(text)
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            item.setCheckState(Qt.CheckState.Unchecked)
            self.list.addItem(item)
        self.list.blockSignals(blocked)
        self.list.setFixedHeight(LINE * min(max(len(choices), 2), ROWS) + 4)
        self.set_value(tuple(value for value in ticked if value in self._values))
        if choices:
            self.list.setCurrentRow(0)

    def value(self) -> tuple[str, ...] | None:
        """Return the ticked values, in the order of the list."""
        ticked = tuple(
            value
            for row, value in enumerate(self._values)
            if self.list.item(row).checkState() is Qt.CheckState.Checked
        )
        return ticked or None

    def set_value(self, value: tuple[str, ...] | None) -> None:
        """Tick these values; those not offered are added, so that none is lost."""
        blocked = self.list.blockSignals(True)
        for one in value or ():
            if one not in self._values:
                self._values.append(one)
                self.list.addItem(one)
        for row, offered in enumerate(self._values):
            state = Qt.CheckState.Checked if offered in (value or ()) else Qt.CheckState.Unchecked
            self.list.item(row).setCheckState(state)
        self.list.blockSignals(blocked)
        self.changed.emit()


class _List(QListWidget):
    """A list in which a click anywhere on a line ticks it, not only one on its box."""

    def __init__(self) -> None:
        super().__init__()
        self.itemClicked.connect(self._toggle)
        self._before: tuple[int, Qt.CheckState] | None = None

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Remember the state of the box before Qt may toggle it."""
        item = self.itemAt(event.position().toPoint())
        self._before = (self.row(item), item.checkState()) if item else None
        super().mousePressEvent(event)

    def _toggle(self, item: QListWidgetItem) -> None:
        """Tick an item clicked outside its box; Qt handles the box itself."""
        if self._before == (self.row(item), item.checkState()):
            is_on = item.checkState() is Qt.CheckState.Checked
            item.setCheckState(Qt.CheckState.Unchecked if is_on else Qt.CheckState.Checked)


_UNITS = {FilterKind.KI67: "%", FilterKind.AGE: _("years")}


class FilterForm(Form[Filter]):
    """`FilterForm.ask(parent, choices, today, old)` edits a filter; without `old`, a new one.

    `choices` are the values in the casebook, by kind. The filter is shown as a sentence.
    """

    def __init__(
        self,
        parent: QWidget | None,
        choices: Mapping[FilterKind, Sequence[str]],
        today: date,
        old: Filter | None = None,
    ) -> None:
        title = _("Filter") if old is None else _("Edit filter")
        super().__init__(parent, title, save_text=_("&Use filter"))
        self._choices = choices
        self.add_section()
        self.kind: ChoiceField[FilterKind] = self.add_row(
            "kind",
            _("&Patients by"),
            ChoiceField([(kind, words(kind)) for kind in FilterKind], required=True),
        )
        self.records: ChoiceField[str] = self.add_row(
            "records",
            _("&Records"),
            ChoiceField([(one, words(one)) for one in RECORDS]),
        )
        self.values = self.add_row("values", _("&One of"), ValuesField())
        self.low = self.add_row("low", _("&At least"), NumberField(minimum=0))
        self.high = self.add_row("high", _("At &most"), NumberField(minimum=0))
        self.since = self.add_row("since", _("From &day"), DateField(today=today))
        self.until = self.add_row("until", _("&Until day"), DateField(today=today))
        self.negated = self.add_row(
            "negated", _("&Exclude"), CheckField(_("Patients for whom this is not true"))
        )
        self.reads = self.add_text(kind="strong")
        self._fill(old)
        for field in self.fields.values():
            field.changed.connect(self._show_sentence)
        self.kind.changed.connect(self._follow_kind)
        self._follow_kind()

    def save(self) -> Filter:
        """Return the filter; raises InvalidRecord for one that cannot be applied."""
        entered = self._filter()
        if problem := entered.problem():
            raise InvalidRecord({self._first_field(entered.kind): problem})
        return entered

    def _filter(self) -> Filter:
        kind = self.kind.value() or FilterKind.AGENT
        takes = FILTER_INPUTS[kind]
        low: Bound = None
        high: Bound = None
        if takes is FilterInput.DATES:
            low, high = self.since.value(), self.until.value()
        elif takes in (FilterInput.NUMBERS, FilterInput.RECORDS):
            low, high = _number(self.low.value()), _number(self.high.value())
        records = self.records.value()
        chosen_records = (records,) if records and takes is FilterInput.RECORDS else ()
        chosen = self.values.value() or ()
        return Filter(
            kind=kind,
            values=chosen if takes is FilterInput.VALUES else chosen_records,
            low=low,
            high=high,
            negated=bool(self.negated.value()),
        )

    def _fill(self, old: Filter | None) -> None:
        self.kind.set_value(old.kind if old else self._first_offered())
        if old is None:
            return
        self._offer(old.kind)
        self.negated.set_value(old.negated)
        match FILTER_INPUTS[old.kind]:
            case FilterInput.VALUES:
                self.values.set_value(old.values)
                return
            case FilterInput.RECORDS:
                self.records.set_value(old.values[0] if old.values else None)
        for number, day, bound in (
            (self.low, self.since, old.low),
            (self.high, self.until, old.high),
        ):
            if isinstance(bound, date):
                day.set_value(bound)
            elif bound is not None:
                number.set_value(Decimal(f"{bound:g}"))

    def _first_offered(self) -> FilterKind:
        return next((kind for kind in FilterKind if self._choices.get(kind)), FilterKind.CYCLES)

    def _first_field(self, kind: FilterKind) -> str:
        return {
            FilterInput.VALUES: "values",
            FilterInput.NUMBERS: "low",
            FilterInput.DATES: "since",
            FilterInput.RECORDS: "records" if self.records.value() is None else "low",
        }[FILTER_INPUTS[kind]]

    @Slot()
    def _follow_kind(self) -> None:
        kind = self.kind.value()
        takes = FILTER_INPUTS[kind] if kind else None
        numbers = takes in (FilterInput.NUMBERS, FilterInput.RECORDS)
        for field, visible in (
            (self.values, takes is FilterInput.VALUES),
            (self.records, takes is FilterInput.RECORDS),
            (self.low, numbers),
            (self.high, numbers),
            (self.since, takes is FilterInput.DATES),
            (self.until, takes is FilterInput.DATES),
        ):
            self.show_row(field, visible)
        if kind is not None:
            self._offer(kind)
        self._show_sentence()

    def _offer(self, kind: FilterKind) -> None:
        for number in (self.low, self.high):
            number.set_unit(_UNITS.get(kind, ""))
        offered = self._choices.get(kind, ())
        self.values.offer([(value, _value_words(kind, value)) for value in offered])
        self.values.show_hint("" if offered else _("The casebook has none yet."))

    @Slot()
    def _show_sentence(self) -> None:
        faults = any(field.fault() for field in self.fields.values() if not field.isHidden())
        entered = None if faults or self.kind.value() is None else self._filter()
        clause = entered.clause if entered is not None and entered.problem() is None else ""
        self.reads.setText(_("Patients {clause}").format(clause=clause) if clause else "")


def _value_words(kind: FilterKind, value: str) -> str:
    is_code = kind in (
        FilterKind.PRIMARY_SITE,
        FilterKind.PRIOR_THERAPY,
        FilterKind.METASTASIS,
        FilterKind.STATUS,
    )
    return words(value) if is_code else value


def _number(value: Decimal | None) -> float | None:
    return None if value is None else float(value)

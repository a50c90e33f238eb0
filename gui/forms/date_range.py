"""The form of a range of dates."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from PySide6.QtWidgets import QWidget

from gui.fields.dates import DateField
from gui.forms.form import Form
from model.errors import InvalidRecord
from model.language import _


class DateRangeForm(Form[tuple[date, date]]):
    """`DateRangeForm.ask(parent, first, last, today)` returns the first and the last date."""

    def __init__(
        self,
        parent: QWidget | None,
        first: date,
        last: date,
        today: date,
        cycle_dates: Sequence[date] = (),
    ) -> None:
        """A form for the range from `first` to `last`; `c2+21` counts from `cycle_dates`."""
        super().__init__(parent, _("Date range"), save_text=_("&Show"))
        self.add_section()

        def date_field(day: date) -> DateField:
            field = DateField(today=today, cycle_dates=cycle_dates, required=True)
            field.set_value(day)
            return field

        self.first = self.add_row("first", _("&From"), date_field(first))
        self.last = self.add_row("last", _("&To"), date_field(last))

    def save(self) -> tuple[date, date]:
        """Return both dates; raises InvalidRecord unless the last is later."""
        first, last = self.first.value(), self.last.value()
        if first is None or last is None or last <= first:
            raise InvalidRecord({"last": _("The last date must be after the first.")})
        return first, last

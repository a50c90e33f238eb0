"""From which day to which: two dates, typed as everywhere."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from PySide6.QtWidgets import QWidget

from gui.fields.dates import DateField
from gui.forms.form import Form
from model.errors import InvalidRecord
from model.language import _


class DateRangeForm(Form[tuple[date, date]]):
    """Asks for the first and the last day; keeps nothing."""

    def __init__(
        self,
        parent: QWidget | None,
        first: date,
        last: date,
        today: date,
        cycle_dates: Sequence[date] = (),
    ) -> None:
        """A form that begins with two days; `c2+21` counts from the second of `cycle_dates`."""
        super().__init__(parent, _("Days that are shown"), save_text=_("&Show"))
        self.add_section()

        def field(day: date) -> DateField:
            made = DateField(today=today, cycle_dates=cycle_dates, required=True)
            made.set_value(day)
            return made

        self.first = self.add_row("first", _("&From"), field(first))
        self.last = self.add_row("last", _("&To"), field(last))

    def save(self) -> tuple[date, date]:
        """The two days, of which the second is later."""
        first, last = self.first.value(), self.last.value()
        if first is None or last is None or last <= first:
            raise InvalidRecord({"last": _("The last day must be after the first.")})
        return first, last

"""An activity, typed in the unit of the field or with a unit of its own."""

from __future__ import annotations

from decimal import Decimal

from PySide6.QtCore import Qt

from gui.fields.number import NumberField
from model.errors import KnownError
from model.language import _
from model.reference.activities import convert, split_unit
from model.reference.written_numbers import parse_number

WIDTH = 104


class ActivityField(NumberField):
    """A number in MBq or GBq; `200 mCi`, `160 uCi` or `7.4 GBq` are converted.

    The converted activity is shown under the field. `value()` is in `unit()`.
    """

    def __init__(self) -> None:
        super().__init__(minimum=0)
        self.edit.setFixedWidth(WIDTH)
        self.edit.setToolTip(_("With another unit: 7.4 GBq, 200 mCi, 160 uCi"))
        # If the time next to it shows a hint, number and unit must stay level with the time.
        top = Qt.AlignmentFlag.AlignTop
        self._row.setAlignment(self.edit, top)
        self._unit.setAlignment(top | Qt.AlignmentFlag.AlignLeft)
        spare = self.edit.sizeHint().height() - self._unit.fontMetrics().height()
        self._unit.setContentsMargins(0, max(spare // 2, 0), 0, 0)

    def value(self) -> Decimal | None:
        """Return the activity in the unit of the field; raises KnownError if it cannot be read."""
        typed, written = split_unit(self.edit.text())
        number = parse_number(typed)
        if number is None:
            if written:
                raise KnownError(_("There is a unit, but no number."))
            return None
        if number < 0:
            raise KnownError(_("This cannot be less than {limit}.").format(limit=0))
        return convert(number, written, self.unit()) if written else number

    def written_unit(self) -> str | None:
        """Return the unit typed with the number; None for that of the field."""
        try:
            return split_unit(self.edit.text())[1]
        except KnownError:
            return None

    def set_unit(self, unit: str) -> None:
        """Change the unit of a number without one, and that of the converted activity."""
        super().set_unit(unit)
        self._show_converted()

    def _typed(self) -> None:
        super()._typed()
        self._show_converted()

    def _show_converted(self) -> None:
        written = self.written_unit()
        if written is None:
            if self.hint().startswith("="):
                self.show_hint("")
            return
        value = self.readable()
        self.show_hint("" if value is None else f"= {value:f} {self.unit()}")

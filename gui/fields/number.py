"""Numbers as typed in clinics, with a decimal point or comma, and a unit after them."""

from __future__ import annotations

from decimal import Decimal

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel

from gui.fields.base import LineField
from gui.style import theme
from model.errors import KnownError
from model.language import _
from model.reference.written_numbers import parse_number, remark_on


def number(value: float | Decimal | None) -> Decimal | None:
    """Return a number as a field shows it, without a trailing fraction: 60.0 as 60."""
    if isinstance(value, float):
        return Decimal(repr(value)).normalize()
    return None if value is None else Decimal(value)


class NumberField(LineField[Decimal]):
    """An exact number with its unit; None when empty."""

    def __init__(
        self,
        *,
        unit: str = "",
        minimum: Decimal | int | None = None,
        maximum: Decimal | int | None = None,
        whole: bool = False,
        required: bool = False,
        placeholder: str = "",
    ) -> None:
        """A number from `minimum` to `maximum`, in `unit`, without decimals if `whole`."""
        super().__init__(placeholder, required=required)
        self.minimum = minimum
        self.maximum = maximum
        self.whole = whole
        self.edit.setInputMethodHints(Qt.InputMethodHint.ImhFormattedNumbersOnly)
        self._unit = QLabel(unit)
        theme.set_kind(self._unit, "soft")
        self._row.addWidget(self._unit, 1)

    def value(self) -> Decimal | None:
        """Return the number; raises KnownError if it cannot be read or is out of bounds."""
        typed = parse_number(self.edit.text())
        if typed is None:
            return None
        if self.whole and typed != typed.to_integral_value():
            raise KnownError(_("This must be a whole number."))
        if self.minimum is not None and typed < self.minimum:
            raise KnownError(_("This cannot be less than {limit}.").format(limit=self.minimum))
        if self.maximum is not None and typed > self.maximum:
            raise KnownError(_("This cannot be more than {limit}.").format(limit=self.maximum))
        return typed

    def set_value(self, value: float | Decimal | None) -> None:
        """Show a number with a decimal point."""
        exact = number(value)
        self.edit.setText("" if exact is None else f"{exact:f}")

    def unit(self) -> str:
        """Return the unit after the number."""
        return self._unit.text()

    def set_unit(self, unit: str) -> None:
        """Change the unit; the number stays."""
        self._unit.setText(unit)

    def _typed(self) -> None:
        text = self.raw()
        self.show_hint(remark_on(text))
        self.changed.emit()

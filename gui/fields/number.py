"""Numbers as typed in clinics, with a decimal point or comma, and a unit after them."""

from __future__ import annotations

import re
from decimal import Decimal

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QWidget

from gui.fields.base import Field
from gui.style import theme
from gui.widgets.layout import label
from model.errors import KnownError
from model.language import _

_NUMBER = re.compile(r"[+-]?(\d+([.,]\d*)?|[.,]\d+)")
_GROUPED = re.compile(r"[+-]?\d{1,3}([\s.,'’]\d{3})+([.,]\d+)?")


def parse_number(text: str) -> Decimal | None:
    """Return the exact number; None for an empty text.

    Decimal point and decimal comma are both read. Raises KnownError for anything else, also for
    digits grouped in thousands: `1,234.5` is ambiguous.
    """
    typed = text.strip().replace("−", "-")
    if not typed:
        return None
    if _NUMBER.fullmatch(typed):
        return Decimal(typed.replace(",", "."))
    if _GROUPED.fullmatch(typed):
        raise KnownError(_("Write the number without marks or spaces between thousands."))
    raise KnownError(_("“{text}” is not a number.").format(text=typed))


class NumberField(Field[Decimal]):
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
        parent: QWidget | None = None,
    ) -> None:
        """A number from `minimum` to `maximum`, in `unit`, without decimals if `whole`."""
        super().__init__(required=required, parent=parent)
        self.minimum = minimum
        self.maximum = maximum
        self.whole = whole
        self.edit = QLineEdit()
        self.edit.setPlaceholderText(placeholder)
        self.edit.setFont(theme.figures(self.edit.font()))
        self.edit.setFixedWidth(132)
        self.edit.setInputMethodHints(Qt.InputMethodHint.ImhFormattedNumbersOnly)
        self.edit.textChanged.connect(self._typed)
        self._take(self.edit)
        self._unit = label(unit, "soft")
        self._row.addWidget(self._unit, 1)

    def value(self) -> Decimal | None:
        """Return the number; raises KnownError if it cannot be read or is out of bounds."""
        number = parse_number(self.edit.text())
        if number is None:
            return None
        if self.whole and number != number.to_integral_value():
            raise KnownError(_("This must be a whole number."))
        if self.minimum is not None and number < self.minimum:
            raise KnownError(_("This cannot be less than {limit}.").format(limit=self.minimum))
        if self.maximum is not None and number > self.maximum:
            raise KnownError(_("This cannot be more than {limit}.").format(limit=self.maximum))
        return number

    def set_value(self, value: Decimal | None) -> None:
        """Show a number with a decimal point."""
        self.edit.setText("" if value is None else f"{value:f}")

    def raw(self) -> object:
        """Return the text as typed."""
        return self.edit.text().strip()

    def unit(self) -> str:
        """Return the unit after the number."""
        return self._unit.text()

    def set_unit(self, unit: str) -> None:
        """Change the unit; the number stays."""
        self._unit.setText(unit)

    def _typed(self) -> None:
        text = self.edit.text().strip()
        # A lone comma before three digits may have been meant to separate thousands.
        is_unclear = re.fullmatch(r"[+-]?[1-9]\d{0,2}[.,]\d{3}", text)
        hint = _("Read as {number}, with three decimals.").format(number=text.replace(",", "."))
        self.show_hint(hint if is_unclear else "")
        self.changed.emit()
